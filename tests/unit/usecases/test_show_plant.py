"""What the page Site lists: what a site has, and nothing that it has not."""

import pytest
from changing import changed
from other_sites import (
    OTHER_SITES,
    network,
    pool_and_school,
    school,
    school_by_heat_pump,
)

from exotherm.usecases.show_plant import show_plant


def listed(site):
    return {part["name"]: " ".join(str(part["text"]).split()) for part in show_plant(site)}


def test_a_pool_by_immersion(pool_site):
    assert listed(pool_site) == {
        "Servers": "28.0 kW at full load",
        "Capture": "Immersion, coolant of up to 50.0 °C",
        "Exchanger": "6.00 kW/K from the coolant to the buffer",
        "Buffer": "2.00 m³",
        "Pool": "250 m² of water kept at 28.0 °C",
        "Boiler": "180.0 kW, natural gas, the customer's own, stays as backup",
        "Dry cooler": "32.0 kW outdoors",
    }


def test_a_school_by_heat_pump(pool_site):
    parts = listed(school_by_heat_pump(pool_site))
    assert "Exchanger" not in parts
    assert "Pool" not in parts
    assert parts["Capture"] == "Passive rear door, water held at 18.0 °C"
    assert parts["Heat pump"] == "25.0 kW with R290, water of up to 70.0 °C, runs when it pays"
    assert parts["Hill School"] == "School, 3 000 m² heated"
    assert "Dry cooler with a chiller" in parts


def test_a_network_serves_its_buildings_or_its_year(pool_site):
    site = changed(network(pool_site), boiler__fuel="district heat")
    assert listed(site)["Heat network"] == "serves 500 000 kWh a year, is fed into its return"
    served = changed(site, buildings=(school(),))
    assert listed(served)["Heat network"] == "serves Hill School, is fed into its return"
    many = changed(site, buildings=tuple(school(name=f"School {n}") for n in range(5)))
    assert listed(many)["Heat network"] == "serves 5 buildings, is fed into its return"
    assert "District heat" in listed(site)


@pytest.mark.parametrize("site_of", OTHER_SITES)
def test_every_part_has_its_words(pool_site, site_of):
    parts = show_plant(site_of(pool_site))
    assert all(part["name"] and part["text"] for part in parts)
    assert len({part["name"] for part in parts}) == len(parts)


def test_each_customer_is_listed(pool_site):
    assert {"Pool", "Hill School"} <= set(listed(pool_and_school(pool_site)))
