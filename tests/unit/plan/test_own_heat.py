"""The customer's own heat, found a second way: a boiler room lived through year by year."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.cash import Operation
from exotherm.plan.course import Course
from exotherm.plan.finance import finance_of
from exotherm.plan.own_heat import Situation, customer_cash, in_situation, own_heat
from exotherm.plan.ownership import ownership_of
from exotherm.plan.study import make_study
from exotherm.site.economics import BoilerRenewal, Economics, Investment, PriceOutlook

OLD_FRAC = 0.72
STEADY = Operation(
    heat_delivered_kwh=100_000.0,
    auxiliary_kwh=0.0,
    cooling_saved_kwh=0.0,
    heat_revenue=7_000.0,
    fuel_saved=9_000.0,
    fuel_alone=15_000.0,
    boiler_efficiency_frac=OLD_FRAC,
)


def economics(renewal: BoilerRenewal | None, **changes) -> Economics:
    own = {
        "term_years": 15,
        "discount_frac": 0.05,
        "electricity_per_kwh": 0.2,
        "fuel_per_kwh": 0.08,
        "upkeep_per_year": 500.0,
        "investment": (Investment(name="plant", amount=20_000.0, life_years=20),),
        "boiler_renewal": renewal,
    }
    return Economics.model_validate(own | changes)


def lived(own: Economics, *, with_service: bool, leaves_after: float = math.inf) -> list[float]:
    """Walk through the term with a boiler in the cellar: its efficiency, its age, what is bought.

    Heat is what the boiler of today makes of its fuel. A boiler is due by the calendar, whether or
    not its predecessor was bought; a service that spares it pays its share while it is there.
    """
    renewal, outlook = own.boiler_renewal, own.outlook
    efficiency, costs = OLD_FRAC, []
    for year in range(own.term_years + 1):
        general = (1 + outlook.inflation_frac) ** year
        fuel = general * (1 + outlook.fuel_frac) ** year
        there = with_service and year - 1 < leaves_after
        share = min(1.0, leaves_after - (year - 1)) if there else 0.0
        fuel_for_old = 15_000.0 - 9_000.0 * share if year else 0.0
        cost = fuel * fuel_for_old * OLD_FRAC / efficiency
        since = -1 if renewal is None else year - renewal.due_in_years
        is_due = renewal is not None and since >= 0 and since % renewal.life_years == 0
        # What is bought at the end of the last year serves nobody in the term.
        if renewal is not None and is_due and year < own.term_years:
            spared = renewal.avoided_frac if with_service and year < leaves_after else 0.0
            cost += general * renewal.amount * (1 - spared)
            if spared < 1.0:
                efficiency = max(OLD_FRAC, renewal.efficiency_frac)
        costs.append(cost)
    return costs


@given(
    due_in_years=st.integers(0, 20),
    life_years=st.integers(1, 20),
    avoided_frac=st.sampled_from([0.0, 0.3, 1.0]),
    efficiency_frac=st.floats(0.5, 1.0),
    leaves_after=st.one_of(st.just(math.inf), st.floats(0.5, 20.0)),
    inflation_frac=st.integers(-2, 6).map(lambda percent: percent / 100),
    fuel_frac=st.integers(-5, 5).map(lambda percent: percent / 100),
)
def test_a_boiler_room_lived_through_costs_what_is_said(
    due_in_years, life_years, avoided_frac, efficiency_frac, leaves_after, inflation_frac, fuel_frac
):
    renewal = BoilerRenewal(
        amount=30_000.0,
        due_in_years=due_in_years,
        life_years=life_years,
        avoided_frac=avoided_frac,
        efficiency_frac=efficiency_frac,
    )
    outlook = PriceOutlook(inflation_frac=inflation_frac, fuel_frac=fuel_frac)
    own = economics(renewal, outlook=outlook)
    course = Course(ends_after_years=leaves_after)
    found = own_heat(own, replace(STEADY, course=course))
    assert list(found.alone) == pytest.approx(lived(own, with_service=False))
    assert list(found.served) == pytest.approx(
        lived(own, with_service=True, leaves_after=leaves_after)
    )


def test_a_boiler_that_is_kept_or_no_better_changes_nothing():
    plain = own_heat(economics(None), STEADY)
    assert plain.saved == (0.0, *[9_000.0] * 15)
    no_better = BoilerRenewal(amount=0.0, due_in_years=4, efficiency_frac=OLD_FRAC)
    assert own_heat(economics(no_better), STEADY).saved == plain.saved
    new = economics(BoilerRenewal(amount=30_000.0, due_in_years=4, efficiency_frac=0.9))
    assert own_heat(in_situation(new, Situation.KEPT), STEADY).saved == plain.saved
    assert own_heat(in_situation(new, Situation.DUE), STEADY).saved[5] == pytest.approx(
        9_000.0 * 0.8
    )
    assert own_heat(in_situation(new, Situation.NOW), STEADY).saved[1] == pytest.approx(
        9_000.0 * 0.8
    )


def test_the_price_up_to_which_the_customer_gains_goes_by_the_new_boiler():
    """By hand: 9,000 a year saved until year 4, 7,200 from year 5 on, over 15 years at 5 %."""
    renewal = BoilerRenewal(amount=30_000.0, due_in_years=4, efficiency_frac=0.9)
    own = economics(renewal)
    service = ownership_of(own, STEADY, finance_of(own, STEADY), currency="EUR").deals[0]
    saved = sum((9_000.0 if year <= 4 else 7_200.0) / 1.05**year for year in range(1, 16))
    annuity = sum(1.05**-year for year in range(1, 16))
    assert service.amount_high == pytest.approx(saved / annuity)
    assert service.customer.npv == pytest.approx(saved - 7_000.0 * annuity)
    assert list(service.customer.cash) == pytest.approx(list(customer_cash(own, STEADY)))
    kept = economics(None)
    assert (
        service.amount_high
        < ownership_of(kept, STEADY, finance_of(kept, STEADY), currency="EUR").deals[0].amount_high
    )


def test_a_study_reckons_a_renewed_boiler_by_its_own_efficiency(
    pool_site, pool_contract, pool_surroundings
):
    """The plant is the same: the operator gains as before, the customer less, by both boilers."""
    kept = make_study(pool_site, pool_contract, pool_surroundings)
    renewal = BoilerRenewal(amount=40_000.0, due_in_years=3, efficiency_frac=0.96)
    changed = pool_site.economics.model_copy(update={"boiler_renewal": renewal})
    site = pool_site.model_copy(update={"economics": changed})
    renewed = make_study(site, pool_contract, pool_surroundings)
    share = pool_site.boiler.efficiency_frac / 0.96
    assert renewed.finance.npv == kept.finance.npv
    assert kept.customer_renewed is None
    assert renewed.customer == kept.customer
    later = renewed.customer_renewed
    assert later is not None
    assert later.fuel_before == pytest.approx(share * kept.customer.fuel_before)
    assert later.fuel_after == pytest.approx(share * kept.customer.fuel_after)
    rate, term = site.economics.discount_frac, site.economics.term_years
    npv = sum(
        (renewed.customer if year <= 3 else later).saving / (1 + rate) ** year
        for year in range(1, term + 1)
    )
    assert renewed.ownership.deals[0].customer.npv == pytest.approx(npv)
    after_term = renewal.model_copy(update={"due_in_years": term})
    changed = changed.model_copy(update={"boiler_renewal": after_term})
    late = pool_site.model_copy(update={"economics": changed})
    assert make_study(late, pool_contract, pool_surroundings).customer_renewed is None
