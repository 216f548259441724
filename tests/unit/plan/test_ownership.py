"""Service, sale and lease: the same plant, another share of its money."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.cash import Operation
from exotherm.plan.finance import finance_of
from exotherm.plan.ownership import Arrangement, Ownership, ownership_of
from exotherm.site.economics import Economics

ITEMS = [
    {"name": "pump", "amount": 10_000.0, "life_years": 3},
    {"name": "exchanger", "amount": 50_000.0, "life_years": 20},
]


def economics(**changes) -> Economics:
    own = {
        "term_years": 5,
        "discount_frac": 0.05,
        "electricity_per_kwh": 0.2,
        "fuel_per_kwh": 0.08,
        "upkeep_per_year": 1_500.0,
        "grant_amount": 4_000.0,
        "investment": ITEMS,
    }
    return Economics.model_validate(own | changes)


def operation(**changes) -> Operation:
    own = {
        "heat_delivered_kwh": 300_000.0,
        "auxiliary_kwh": 12_000.0,
        "cooling_saved_kwh": 4_000.0,
        "heat_revenue": 20_000.0,
    }
    return Operation(**(own | changes))


def compared(own: Economics, year: Operation, *, fuel_saved: float = 26_000.0) -> Ownership:
    year = replace(year, fuel_saved=fuel_saved)
    return ownership_of(own, year, finance_of(own, year), currency="EUR")


def deal_of(ownership: Ownership, arrangement: Arrangement):
    return next(one for one in ownership.deals if one.arrangement is arrangement)


def test_the_sale_by_hand():
    """Year 0: sold for 70,000, built for 60,000, grant to the owner. Then 3 % a year of what is."""
    sold = {"amount": 70_000.0, "heat_per_kwh": 0.01}
    deal = deal_of(compared(economics(sale=sold), operation()), Arrangement.SALE)
    assert deal.operator.cash == pytest.approx((10_000.0, *[800.0 + 3_000.0] * 5))
    steady = 26_000.0 - 3_000.0 - 2_400.0 - 1_500.0
    paid = (-70_000.0 + 4_000.0, steady, steady, steady - 10_000.0, steady, steady)
    assert deal.customer.cash == pytest.approx(paid)


def test_the_lease_by_hand():
    rented = {"amount_per_year": 16_000.0}
    deal = deal_of(compared(economics(lease=rented), operation()), Arrangement.LEASE)
    steady = 16_000.0 - 1_500.0 + 800.0
    got = (-56_000.0, steady, steady, steady - 10_000.0, steady, steady)
    assert deal.operator.cash == pytest.approx(got)
    assert deal.customer.cash == pytest.approx((0.0, *[26_000.0 - 16_000.0 - 2_400.0] * 5))


def test_a_lease_left_out_is_cost_and_a_margin():
    deal = deal_of(compared(economics(lease={"margin_frac": 0.0}), operation()), Arrangement.LEASE)
    cooling = 800.0
    worth = sum(cooling / 1.05**year for year in range(1, 6))
    assert deal.operator.npv == pytest.approx(worth)


AMOUNTS = st.integers(0, 1_000_000).map(float)
PER_CENT = st.integers(0, 30).map(lambda one: one / 100)


@given(
    sale=AMOUNTS,
    rent=AMOUNTS,
    heat_per_kwh=PER_CENT,
    fuel_saved=st.floats(-1e4, 1e6),
    revenue=st.floats(-1e4, 1e6),
    term_years=st.integers(1, 30),
    rate=PER_CENT,
)
def test_what_there_is_to_share_is_the_same(
    sale, rent, heat_per_kwh, fuel_saved, revenue, term_years, rate
):
    own = economics(
        term_years=term_years,
        discount_frac=rate,
        sale={"amount": sale, "heat_per_kwh": heat_per_kwh},
        lease={"amount_per_year": rent, "heat_per_kwh": heat_per_kwh},
    )
    ownership = compared(own, operation(heat_revenue=revenue), fuel_saved=fuel_saved)
    sums = [
        [mine + other for mine, other in zip(one.operator.cash, one.customer.cash, strict=True)]
        for one in ownership.deals
    ]
    for one, other in pairwise(sums):
        assert one == pytest.approx(other, abs=1e-6 * (1e6 + sale + rent))
    first = ownership.deals[0].joint_npv
    for deal in ownership.deals:
        assert deal.joint_npv == pytest.approx(first, abs=1e-6 * (1e6 + sale + rent) * term_years)


@given(
    low=st.sampled_from(list(Arrangement)),
    rate=PER_CENT,
    other_rate=PER_CENT,
)
def test_each_side_breaks_even_at_its_end_of_the_range(low, rate, other_rate):
    own = economics(discount_frac=rate, customer_discount_frac=other_rate)
    deal = deal_of(compared(own, operation()), low)
    at_low, at_high = (
        deal_of(_at(own, low, amount), low) for amount in (deal.amount_low, deal.amount_high)
    )
    assert at_low.operator.npv == pytest.approx(0.0, abs=1e-3)
    assert at_high.customer.npv == pytest.approx(0.0, abs=1e-3)


def _at(own: Economics, arrangement: Arrangement, amount: float) -> Ownership:
    match arrangement:
        case Arrangement.SERVICE:
            return compared(own, operation(heat_revenue=amount))
        case Arrangement.SALE:
            sale = own.sale.model_copy(update={"amount": amount})
            return compared(own.model_copy(update={"sale": sale}), operation())
        case Arrangement.LEASE:
            lease = own.lease.model_copy(update={"amount_per_year": amount})
            return compared(own.model_copy(update={"lease": lease}), operation())


def test_a_customer_who_waits_gladly_should_own():
    """Who values later years more gets more of what stays the same."""
    ownership = compared(economics(discount_frac=0.12, customer_discount_frac=0.02), operation())
    assert ownership.best is not None
    assert ownership.best.arrangement is Arrangement.SALE
    assert "sale is worth most to both together" in ownership.text


def test_with_one_rate_who_owns_decides_the_risk_alone():
    ownership = compared(economics(lease={"amount_per_year": 19_000.0}), operation())
    assert all(one.both_gain for one in ownership.deals)
    assert "worth the same together" in ownership.text


def test_heat_that_is_worth_less_than_it_costs_helps_nobody():
    ownership = compared(economics(), operation(), fuel_saved=3_000.0)
    assert ownership.best is None
    assert ownership.text.startswith("In none of them do both sides gain, at any amount")


def test_an_amount_that_one_side_loses_by_is_said():
    dear = economics(sale={"amount": 1e6}, lease={"amount_per_year": 1e6})
    ownership = compared(dear, operation(heat_revenue=1e6))
    assert ownership.best is None
    assert "at another amount both would gain by service or sale or lease" in ownership.text
