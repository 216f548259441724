from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.cash import Operation
from exotherm.plan.finance import finance_of
from exotherm.plan.revenue_stack import LATE_YEARS, Layer, stack_of
from exotherm.site.economics import Certificate, Economics, Grant, Hosting, Investment, Tax

OPERATION = Operation(
    heat_delivered_kwh=100_000.0,
    auxiliary_kwh=2_000.0,
    cooling_saved_kwh=3_000.0,
    heat_revenue=7_000.0,
)
HALF = replace(OPERATION, heat_revenue=3_000.0, heat_delivered_kwh=45_000.0)
CREDIT = Certificate(
    name="white certificates",
    amount_per_kwh=0.01,
    years=4,
    condition="metered heat",
    state="contracted",
)


def economics(**changes):
    values = {
        "term_years": 10,
        "discount_frac": 0.05,
        "electricity_per_kwh": 0.20,
        "fuel_per_kwh": 0.08,
        "upkeep_per_year": 900.0,
        "investment": (Investment(name="all", amount=40_000.0, life_years=20),),
        "grants": (Grant(name="town", amount=6_000.0, condition="built", state="granted"),),
        "certificates": (CREDIT,),
    }
    return Economics(**{**values, **changes})


def stack(given_=None, **changes):
    return stack_of(
        given_ or economics(**changes),
        OPERATION,
        half_hosted=HALF,
        power_kw_rated=50.0,
        currency="EUR",
    )


def annuity(first, last, rate=0.05):
    return sum((1 + rate) ** -year for year in range(first, last + 1))


def layer(found, which):
    return next(one for one in found.layers if one.layer is which)


def test_every_layer_by_hand():
    """A second computation: annuity factors instead of flows."""
    found = stack()
    heat, cooling, grant = 7_000 * annuity(1, 10), 600 * annuity(1, 10), 6_000
    credited = 1_000 * annuity(1, 4)
    costs = -40_000 - (400 + 900) * annuity(1, 10)
    assert found.costs == pytest.approx(costs)
    assert found.npv == pytest.approx(heat + cooling + grant + credited + costs)
    worths = {one.layer: one.worth for one in found.layers}
    assert worths == {
        Layer.HOSTING: None,
        Layer.HEAT: pytest.approx(heat),
        Layer.COOLING: pytest.approx(cooling),
        Layer.GRANTS: pytest.approx(grant),
        Layer.CERTIFICATES: pytest.approx(credited),
    }
    # Without the customer nothing is delivered: no certificates, no cooling saved, no pumps.
    stranded = -40_000 + 6_000 - 900 * annuity(1, 10)
    assert layer(found, Layer.HEAT).npv_off == pytest.approx(stranded)
    assert layer(found, Layer.HOSTING).npv_off == pytest.approx(stranded)
    assert layer(found, Layer.HEAT).npv_smaller == pytest.approx(found.npv - heat / 2)
    assert layer(found, Layer.COOLING).npv_off == pytest.approx(found.npv - cooling)
    assert layer(found, Layer.CERTIFICATES).npv_smaller == pytest.approx(found.npv - credited / 2)
    half = finance_of(economics(), HALF).npv
    assert layer(found, Layer.HOSTING).npv_smaller == pytest.approx(half)


def test_what_is_late_by_hand():
    found = stack()
    missed = (7_000 + 600 - 400) * annuity(1, LATE_YEARS) + 1_000 * annuity(1, LATE_YEARS)
    assert layer(found, Layer.HEAT).npv_late == pytest.approx(found.npv - missed)
    later = 6_000 - 6_000 / 1.05**LATE_YEARS
    assert layer(found, Layer.GRANTS).npv_late == pytest.approx(found.npv - later)
    lost = 600 * annuity(1, LATE_YEARS)
    assert layer(found, Layer.COOLING).npv_late == pytest.approx(found.npv - lost)


def test_only_what_is_contracted_counts():
    hoped = CREDIT.model_copy(update={"state": "hoped for"})
    found = stack(certificates=(hoped,))
    assert Layer.CERTIFICATES not in [one.layer for one in found.layers]
    assert found.npv == pytest.approx(stack(certificates=()).npv)


def test_hosting_is_worth_what_its_kilowatts_bring():
    hosting = Hosting(amount_per_kw=8_000.0, margin_per_kw_month=200.0, life_years=5)
    found = stack(hosting=hosting)
    servers = 50 * (2_400 * annuity(1, 10) - 8_000 * (1 + 1.05**-5))
    assert found.hosting_npv == pytest.approx(servers)
    assert layer(found, Layer.HOSTING).worth == pytest.approx(servers)


def test_a_layer_that_carries_is_named():
    """With this grant it is worth something, without it is not."""
    grant = Grant(name="state", amount=30_000.0, condition="first come", state="granted")
    found = stack(
        grants=(grant,),
        certificates=(),
        investment=(Investment(name="all", amount=60_000.0, life_years=20),),
    )
    assert found.npv > 0
    assert Layer.GRANTS in found.carrying
    assert "Without grants the plant is not worth building." in found.text


@given(
    rate=st.integers(0, 40),
    grant=st.integers(0, 50_000),
    credit=st.integers(0, 30),
    years=st.integers(1, 12),
)
def test_layers_and_costs_are_the_whole(rate, grant, credit, years):
    certificate = CREDIT.model_copy(update={"amount_per_kwh": credit / 1000, "years": years})
    given_ = economics(
        grants=(Grant(name="town", amount=float(grant), condition="built", state="granted"),),
        certificates=(certificate,),
        tax=Tax(rate_frac=rate / 100),
    )
    found = stack(given_)
    brought = sum(one.worth for one in found.layers if one.worth is not None)
    assert brought + found.costs + found.tax == pytest.approx(found.npv)
    assert found.npv == pytest.approx(finance_of(given_, OPERATION).npv)
    assert found.tax <= 1e-9
    for one in found.layers:
        assert one.npv_off <= found.npv + 1e-6
        # Tax may bend the order of late and half, never that of nothing and half.
        if one.layer is not Layer.HOSTING:
            assert one.npv_off <= one.npv_smaller + 1e-6
