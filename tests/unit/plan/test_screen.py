"""Archetypes beside each other: their costs, what decides, and a plant of another size."""

import pytest

from exotherm.feeds.countries import load_countries
from exotherm.feeds.normals import load_cities
from exotherm.plan.screen import Outlook, at_prices, of_size, screen
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
