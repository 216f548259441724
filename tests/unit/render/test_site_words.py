"""How pages name customers and plant: each kind of site in its own words."""

import pytest
from changing import changed
from other_sites import (
    measured,
    network,
    pool_and_school,
    school,
    school_by_cold_plates,
    school_by_heat_pump,
)

from exotherm.render.site_words import customer_words, customers_of, parts_of


def as_it_is(pool_site):
    return pool_site


def two_schools(pool_site):
    return changed(school_by_cold_plates(pool_site), buildings=(school(), school(name="Elm House")))


def network_of_buildings(pool_site):
    return changed(network(pool_site), buildings=(school(), school(name="Elm House")))


@pytest.mark.parametrize(
    ("site_of", "who", "whose", "needs"),
    [
        (as_it_is, "the pool", "the pool's", "needs"),
        (school_by_heat_pump, "Hill School", "Hill School's", "needs"),
        (network, "the heat network", "the heat network's", "needs"),
        (network_of_buildings, "the heat network", "the heat network's", "needs"),
        (measured, "Works", "Works'", "needs"),
        (pool_and_school, "the 2 customers", "the 2 customers'", "need"),
        (two_schools, "the 2 customers", "the 2 customers'", "need"),
    ],
)
def test_customers_are_named(pool_site, site_of, who, whose, needs) -> None:
    words = customer_words(site_of(pool_site))
    assert (words.who, words.whose, words.do("needs", "need")) == (who, whose, needs)


@pytest.mark.parametrize(
    ("site_of", "fuel", "own", "the_own", "paid"),
    [
        (as_it_is, "natural gas", "boiler", "the boiler", "fuel"),
        (as_it_is, "wood pellets", "boiler", "the boiler", "fuel"),
        (as_it_is, "electricity", "electric heater", "the electric heater", "electricity"),
        (as_it_is, "district heat", "district heat", "district heat", "district heat"),
        (network, "natural gas", "plant", "its own plant", "fuel"),
    ],
)
def test_their_own_heat_is_named(pool_site, site_of, fuel, own, the_own, paid) -> None:
    words = customer_words(changed(site_of(pool_site), boiler__fuel=fuel))
    assert (words.own, words.the_own, words.fuel) == (own, the_own, paid)


def test_a_plant_is_told_by_its_parts(pool_site) -> None:
    assert parts_of(pool_site) == "servers, exchanger, buffer, customer, boiler and dry cooler"
    assert (
        parts_of(school_by_heat_pump(pool_site))
        == "servers, heat pump, buffer, customer, boiler and dry cooler with a chiller"
    )


def test_buildings_on_a_network_are_one_customer(pool_site) -> None:
    assert customers_of(network_of_buildings(pool_site)) == ("the heat network",)
