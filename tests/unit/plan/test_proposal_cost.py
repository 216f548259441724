"""The customer's cost of the term, found a second way: year by year, and draw by draw."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from certain import CERTAIN

from exotherm.plan.cash import Operation
from exotherm.plan.own_heat import Situation, customer_cash, situations_of
from exotherm.plan.proposal_cost import (
    at_least,
    at_most,
    costs_of,
    lifetime_cost,
    term_years,
)
from exotherm.plan.risk import try_assumptions
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import RiskFactor
from exotherm.plan.study import make_study
from exotherm.site.economics import BoilerRenewal, PriceOutlook


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


def cost_of(site, contract, surroundings, *, draws=20, threads=2):
    desk = RiskDesk(site, contract, surroundings)
    return lifetime_cost(site, contract, desk, draws=draws, threads=threads)


@pytest.fixture(scope="module")
def cost(pool):
    return cost_of(*pool)


def with_economics(site, **values):
    economics = site.economics.model_copy(update=values)
    return site.model_copy(update={"economics": economics})


def with_term(contract, first, last):
    term = contract.term.model_copy(update={"starts_on": first, "ends_on": last})
    return contract.model_copy(update={"term": term})


# --- The term


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 1, 1), date(2040, 12, 31), (15, 0)),
        (date(2026, 1, 1), date(2035, 12, 31), (10, 0)),
        (date(2026, 4, 15), date(2036, 4, 14), (10, 0)),
        (date(2026, 4, 15), date(2036, 4, 13), (9, 11)),
        (date(2026, 1, 1), date(2036, 6, 30), (10, 6)),
        (date(2028, 2, 29), date(2038, 2, 28), (10, 0)),
        (date(2026, 1, 31), date(2031, 1, 30), (5, 0)),
        (date(2026, 1, 1), date(2026, 6, 30), (1, 0)),
    ],
)
def test_whole_years_of_the_term_are_counted_and_the_months_beyond(
    pool_contract, first, last, found
):
    assert term_years(with_term(pool_contract, first, last)) == found


# --- The years of the term


STEADY = Operation(
    heat_delivered_kwh=100_000.0,
    auxiliary_kwh=0.0,
    cooling_saved_kwh=0.0,
    heat_revenue=7_000.0,
    is_indexed=True,
    fuel_saved=9_000.0,
    fuel_alone=15_000.0,
)
FIRST = Operation(
    heat_delivered_kwh=40_000.0,
    auxiliary_kwh=0.0,
    cooling_saved_kwh=0.0,
    heat_revenue=3_000.0,
    is_indexed=True,
    fuel_saved=3_500.0,
    fuel_alone=15_000.0,
)
OPERATION = replace(STEADY, first_years=(FIRST,))


def burning(efficiency_frac):
    """Give the operation with a boiler of today of another efficiency."""
    return replace(OPERATION, boiler_efficiency_frac=efficiency_frac)


@pytest.mark.parametrize("situation", Situation)
def test_every_year_of_the_cost_is_found_by_hand(pool_site, situation):
    renewal = BoilerRenewal(amount=30_000.0, due_in_years=5, life_years=8, avoided_frac=0.25)
    economics = with_economics(
        pool_site,
        term_years=14,
        boiler_renewal=renewal,
        outlook=PriceOutlook(inflation_frac=0.02, fuel_frac=0.03),
    ).economics
    bought = {Situation.KEPT: (), Situation.NOW: (0, 8), Situation.DUE: (5, 13)}[situation]
    costs = costs_of(economics, burning(0.72), situation)
    first_new = {Situation.KEPT: 99, Situation.NOW: 0, Situation.DUE: 5}[situation]
    for year in range(15):
        share = 0.8 if year > first_new else 1.0
        general, fuel = 1.02**year, (1.02 * 1.03) ** year
        new = 30_000.0 * general if year in bought else 0.0
        one = FIRST if year == 1 else STEADY
        burnt_alone = share * fuel * 15_000.0 if year else 0.0
        burnt = share * fuel * (15_000.0 - one.fuel_saved) if year else 0.0
        bill = general * one.heat_revenue if year else 0.0
        assert costs.alone[year] == pytest.approx(burnt_alone + new)
        assert costs.served[year] == pytest.approx(burnt + bill + 0.75 * new)


@pytest.mark.parametrize("efficiency_frac", [0.6, 0.95])
@pytest.mark.parametrize("avoided_frac", [0.0, 0.25, 1.0])
def test_what_is_saved_is_what_the_study_calls_the_customers_cash(
    pool_site, efficiency_frac, avoided_frac
):
    renewal = BoilerRenewal(
        amount=30_000.0, due_in_years=5, life_years=8, avoided_frac=avoided_frac
    )
    economics = with_economics(pool_site, boiler_renewal=renewal).economics
    lived = burning(efficiency_frac)
    costs = costs_of(economics, lived, Situation.DUE)
    saved = [one - two for one, two in zip(costs.alone, costs.served, strict=True)]
    assert saved == pytest.approx(list(customer_cash(economics, lived)))


def test_a_new_boiler_burns_less_and_leaves_less_to_save(pool_site):
    renewal = BoilerRenewal(amount=30_000.0, due_in_years=0, efficiency_frac=0.9)
    economics = with_economics(pool_site, boiler_renewal=renewal).economics
    old, new = (
        costs_of(economics, burning(0.7), situation)
        for situation in (Situation.KEPT, Situation.NOW)
    )
    assert new.alone[3] == pytest.approx(old.alone[3] * 0.7 / 0.9)
    assert new.alone[3] - new.served[3] < old.alone[3] - old.served[3]
    # Where the service spares the new one, the old one stays beside it and burns as it does.
    spared = with_economics(
        pool_site, boiler_renewal=renewal.model_copy(update={"avoided_frac": 1.0})
    ).economics
    beside = costs_of(spared, burning(0.7), Situation.NOW)
    assert beside.alone == new.alone
    assert beside.served[3] == pytest.approx(old.served[3])


@pytest.mark.parametrize(
    ("due", "compared"),
    [
        (None, (Situation.KEPT,)),
        (0, (Situation.KEPT, Situation.NOW)),
        (14, tuple(Situation)),
        (15, (Situation.KEPT, Situation.NOW)),
    ],
)
def test_replacing_is_compared_where_its_price_is_known_and_it_is_due_in_time(
    pool_site, due, compared
):
    renewal = None if due is None else BoilerRenewal(amount=1.0, due_in_years=due)
    economics = with_economics(pool_site, boiler_renewal=renewal).economics
    assert situations_of(economics, 15) == compared


# --- What nine of ten draws keep to


def test_a_tenth_is_one_of_the_values_and_never_rosier():
    rng = np.random.default_rng(7)
    for size in (20, 21, 199, 200):
        values = rng.normal(size=size)
        low, high = at_least(values), at_most(values)
        assert low in values
        assert high in values
        assert (values < low).mean() <= 0.10
        assert (values > high).mean() <= 0.10
        assert low <= np.quantile(values, 0.1)
        assert high >= np.quantile(values, 0.9)


def test_the_saving_is_the_tenth_of_what_risk_finds_draw_by_draw(pool, cost):
    """The pool's contract runs as long as its plan, so `plan risk` values the same years."""
    customers = sorted(one.customer for one in try_assumptions(*pool, draws=20, threads=1).draws)
    assert cost.years == pool[0].economics.term_years
    assert cost.kept.present.saved_min == pytest.approx(customers[1])


def test_bounds_are_found_again_from_each_draw(pool, cost):
    site, contract, surroundings = pool
    desk = RiskDesk(site, contract, surroundings)
    alone, served, heat, bills = [], [], [], []
    rate, years = site.economics.discount_frac, range(1, 16)
    annuity = sum((1 + rate) ** -year for year in years)
    for row in desk.values_of(20).tolist():
        one = desk.operation_at(tuple(row))
        alone.append(annuity * one.fuel_alone)
        served.append(annuity * (one.fuel_alone - one.fuel_saved + one.heat_revenue))
        heat.append(one.heat_delivered_kwh)
        bills.append(one.heat_revenue)
    assert cost.kept.present.alone_min == pytest.approx(sorted(alone)[1])
    assert cost.kept.present.served_max == pytest.approx(sorted(served)[-2])
    assert cost.kept.summed.alone_min == pytest.approx(15 / annuity * sorted(alone)[1])
    assert cost.year.heat_kwh_min == pytest.approx(sorted(heat)[1])
    assert cost.year.bill_max == pytest.approx(sorted(bills)[-2])


def test_threads_change_no_digit(pool, cost):
    assert cost_of(*pool, threads=1) == cost


def test_where_nothing_differs_the_bounds_are_the_study(pool):
    site, contract, surroundings = pool
    site = site.model_copy(update={"risk": CERTAIN})
    cost, study = cost_of(site, contract, surroundings), make_study(*pool)
    customer = study.customer
    assert cost.year.bill_max == pytest.approx(customer.heat_bill)
    # Risk sums what the boiler alone would do in hours, the study in quarters of them.
    assert cost.year.fuel_alone_min == pytest.approx(customer.fuel_before, rel=1e-3)
    assert cost.year.saved_min == pytest.approx(customer.saving, abs=20.0)
    assert cost.year.heat_kwh_min == pytest.approx(study.heat_delivered_kwh)
    assert cost.moves == ()


def test_no_median_stands_in_for_a_bound(pool, cost):
    middle = np.median([one.customer for one in try_assumptions(*pool, draws=20, threads=1).draws])
    assert cost.kept.present.saved_min < middle


def test_a_shorter_contract_costs_less_than_the_plan_of_the_operator(pool, cost):
    site, contract, surroundings = pool
    short = with_term(contract, date(2026, 1, 1), date(2030, 12, 31))
    less = cost_of(site, short, surroundings)
    assert (less.years, site.economics.term_years) == (5, 15)
    shares = [sum(1.06**-year for year in range(1, last + 1)) for last in (5, 15)]
    assert less.kept.present.served_max == pytest.approx(
        cost.kept.present.served_max * shares[0] / shares[1]
    )


def test_cheap_fuel_alone_moves_the_saving_by_what_a_study_says(pool, cost):
    site, contract, surroundings = pool
    fuel = next(one for one in cost.moves if one.factor is RiskFactor.FUEL)
    cheap = with_economics(site, fuel_per_kwh=0.7 * site.economics.fuel_per_kwh)
    saving = make_study(cheap, contract, surroundings).customer.saving
    annuity = sum(1.06**-year for year in range(1, 16))
    assert fuel.saved_at_low == pytest.approx(annuity * saving, abs=200.0)
    assert fuel.saved_min == min(fuel.saved_at_low, fuel.saved_at_high)
    assert RiskFactor.INVESTMENT not in [one.factor for one in cost.moves]


def test_a_new_boiler_that_is_no_better_leaves_the_saving(pool, cost):
    site, contract, surroundings = pool
    like_old = BoilerRenewal(
        amount=40_000.0, due_in_years=6, efficiency_frac=site.boiler.efficiency_frac
    )
    renewed = with_economics(site, boiler_renewal=like_old)
    kept, now, due = cost_of(renewed, contract, surroundings).lifetimes
    assert kept == cost.kept
    assert now.present.saved_min == pytest.approx(kept.present.saved_min)
    assert now.present.alone_min == pytest.approx(kept.present.alone_min + 40_000.0)
    assert due.present.served_max == pytest.approx(kept.present.served_max + 40_000.0 * 1.06**-6)
    assert due.summed.alone_min == pytest.approx(kept.summed.alone_min + 40_000.0)
