"""Archetypes beside each other: their costs, what decides, and a plant of another size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.feeds.countries import load_countries
from exotherm.feeds.normals import load_cities
from exotherm.plan.screen import (
    SERVERS_KW_MAX,
    SERVERS_KW_MIN,
    Outlook,
    at_prices,
    of_size,
    of_trial,
    screen,
    try_year,
)
from exotherm.plan.study import make_study
from exotherm.usecases.screen import known_countries, screen_archetypes, screening_json


def test_a_screening_is_the_study_without_a_contract(pool_site, pool_contract, pool_surroundings):
    study = make_study(pool_site, pool_contract, pool_surroundings)
    screened = screen(pool_site, pool_surroundings, archetype="pool")
    assert screened.heat_demand_kwh == study.heat_demand_kwh
    assert screened.heat_delivered_kwh == study.heat_delivered_kwh
    assert screened.displaced_frac == pytest.approx(study.displaced_frac)
    assert screened.used_frac == pytest.approx(study.recoverable_frac)
    assert screened.delivery_cost_per_kwh == pytest.approx(study.delivery_cost_per_kwh)
    assert screened.own_cost_per_kwh == pytest.approx(0.075 / 0.80)
    assert screened.outlook is Outlook.PROMISING


def test_of_its_own_size_a_plant_is_itself(pool_site):
    assert of_size(pool_site, pool_site.computing.power_kw_rated) == pool_site


def test_a_larger_plant_gives_more_to_the_same_customer(pool_site, pool_surroundings):
    small, large = (
        screen(of_size(pool_site, size), pool_surroundings, archetype="pool")
        for size in (14.0, 56.0)
    )
    assert small.heat_demand_kwh == pytest.approx(large.heat_demand_kwh, rel=1e-6)
    assert small.displaced_frac < large.displaced_frac
    assert small.used_frac > large.used_frac
    invested = sum(item.amount for item in of_size(pool_site, 56.0).economics.investment)
    own = sum(item.amount for item in pool_site.economics.investment)
    assert invested == pytest.approx(own * 2.0**0.7)


@pytest.fixture(scope="module")
def trial(pool_site, pool_surroundings):
    return try_year(pool_site, pool_surroundings, archetype="pool")


def test_a_customer_of_the_examples_size_is_the_example(trial, pool_site, pool_surroundings):
    assert of_trial(trial) == screen(pool_site, pool_surroundings, archetype="pool")
    same = of_trial(trial, heat_kwh=trial.heat_demand_kwh)
    assert same.delivery_cost_per_kwh == pytest.approx(of_trial(trial).delivery_cost_per_kwh)


def test_a_customer_of_twice_the_heat_has_the_year_of_a_site_of_twice_the_size(
    trial, pool_site, pool_surroundings
):
    """The second way: everything of the pool and its plant is doubled and its year is run."""
    larger = of_size(pool_site, 2.0 * pool_site.computing.power_kw_rated)
    pool = larger.pool
    assert pool is not None
    doubled = pool.model_copy(
        update={
            name: 2.0 * getattr(pool, name)
            for name in ("area_m2", "bathers_per_day", "backwash_m3_per_week")
        }
    )
    boiler = larger.boiler.model_copy(update={"heat_kw_rated": 2.0 * larger.boiler.heat_kw_rated})
    site = larger.model_copy(update={"pool": doubled, "boiler": boiler})
    lived = screen(site, pool_surroundings, archetype="pool")
    grown = of_trial(trial, heat_kwh=lived.heat_demand_kwh)
    assert lived.heat_demand_kwh == pytest.approx(2.0 * trial.heat_demand_kwh, rel=0.05)
    assert grown.power_kw_rated == pytest.approx(lived.power_kw_rated, rel=0.05)
    assert grown.displaced_frac == pytest.approx(lived.displaced_frac, rel=0.05)
    assert grown.delivery_cost_per_kwh == pytest.approx(lived.delivery_cost_per_kwh, rel=0.05)


@given(first=st.floats(1.0, 1e10), second=st.floats(1.0, 1e10))
def test_more_heat_never_costs_more_a_kilowatt_hour(trial, first, second):
    small, large = (of_trial(trial, heat_kwh=one) for one in sorted((first, second)))
    assert small.delivery_cost_per_kwh is not None
    assert large.delivery_cost_per_kwh is not None
    assert large.delivery_cost_per_kwh <= small.delivery_cost_per_kwh * (1.0 + 1e-9)
    for one in (small, large):
        assert SERVERS_KW_MIN <= one.power_kw_rated * (1.0 + 1e-9)
        assert one.power_kw_rated <= SERVERS_KW_MAX * (1.0 + 1e-9)
        assert one.heat_delivered_kwh <= one.heat_demand_kwh or one.outlook is Outlook.NO


def test_what_is_too_small_for_a_plant_is_no_prospect(trial):
    found = of_trial(trial, heat_kwh=1.0)
    assert found.outlook is Outlook.NO
    assert found.why.startswith("too small: it would keep less than")


def test_one_plant_serves_a_part_of_a_city(trial):
    found = of_trial(trial, heat_kwh=1e9)
    assert found.power_kw_rated == pytest.approx(SERVERS_KW_MAX)
    assert found.heat_delivered_kwh == pytest.approx(
        trial.heat_delivered_kwh * SERVERS_KW_MAX / trial.power_kw_rated
    )
    served = trial.heat_demand_kwh * SERVERS_KW_MAX / trial.power_kw_rated / 1e9
    assert found.displaced_frac == pytest.approx(trial.displaced_frac * served)
    assert "serves a part of it" in found.why


def test_a_plant_gets_no_cheaper_than_is_known(pool_site):
    def invested(scale: float) -> float:
        site = of_size(pool_site, scale * pool_site.computing.power_kw_rated)
        return sum(item.amount for item in site.economics.investment)

    assert invested(10.0) == pytest.approx(invested(1.0) * 10.0**0.7)
    assert invested(40.0) == pytest.approx(4.0 * invested(10.0))
    assert invested(0.01) == pytest.approx(invested(0.1)) == pytest.approx(invested(1.0) / 10**0.7)


def test_dear_electricity_and_cheap_fuel_turn_it_down(pool_site, pool_surroundings):
    def outlook(electricity: float, fuel: float) -> Outlook:
        site = at_prices(
            pool_site, electricity_per_kwh=electricity, fuel_per_kwh=fuel, per_currency=1.0
        )
        return screen(site, pool_surroundings, archetype="pool").outlook

    assert outlook(0.2, 0.08) is Outlook.PROMISING
    assert outlook(0.2, 0.033) is Outlook.MARGINAL
    assert outlook(0.2, 0.02) is Outlook.NO


def test_in_warm_countries_with_cheap_gas_lifted_heat_is_not_worth_it():
    """Iberia: gas at 5.5 cent, electricity at 13; in Sweden gas costs as much as electricity."""
    spain = screen_archetypes(
        "ES", power_kw_rated=None, electricity_per_kwh=None, fuel_per_kwh=None
    )
    sweden = screen_archetypes(
        "SE", power_kw_rated=None, electricity_per_kwh=None, fuel_per_kwh=None
    )
    cost = {
        place: {one.archetype: one for one in screening.screened}
        for place, screening in (("ES", spain), ("SE", sweden))
    }
    for archetype in ("school", "housing-block"):
        assert cost["ES"][archetype].outlook is Outlook.NO
        assert cost["SE"][archetype].outlook is not Outlook.NO
    assert cost["ES"]["pool"].outlook is Outlook.PROMISING


def test_the_best_comes_first_and_each_says_why():
    screening = screen_archetypes(
        "DE", power_kw_rated=None, electricity_per_kwh=0.30, fuel_per_kwh=None
    )
    ratios = [
        one.delivery_cost_per_kwh / one.own_cost_per_kwh
        for one in screening.screened
        if one.delivery_cost_per_kwh is not None
    ]
    assert ratios == sorted(ratios)
    assert len(screening.screened) == 5
    shown = screening_json(screening)
    assert shown["electricity_per_kwh"] == 0.30
    assert all(one.why for one in screening.screened)
    lifted = next(one for one in screening.screened if one.archetype == "housing-block")
    assert "electricity" in lifted.why


@pytest.mark.parametrize("country", ["GB", "FI", "PT"])
def test_a_country_has_weather_and_prices(country):
    only = screen_archetypes(
        country, power_kw_rated=28.0, electricity_per_kwh=None, fuel_per_kwh=None
    )
    assert 0.02 < only.fuel_per_kwh < 0.2
    assert only.screened[0].heat_delivered_kwh > 0.0


def test_every_country_stands_for_a_city_that_is_known():
    cities = {city.name for city in load_cities()}
    assert all(country.city in cities for country in load_countries().values())
    assert known_countries() == tuple(sorted(load_countries()))
