import csv
from importlib.resources import files

import numpy as np
import pytest

from exotherm.core.units import unit_of
from exotherm.feeds.normals import load_cities, make_weather, nearest_city, read_cities

CITIES = {city.name: city for city in load_cities()}


def test_every_place_has_a_climate_that_can_be():
    assert len(CITIES) == len(load_cities()) == 50
    for city in load_cities():
        assert -90 < city.latitude_deg < 90
        assert abs(city.utc_offset_h - city.longitude_deg / 15) < 2, city.name
        warmest, coldest = max(city.climate.mean_c), min(city.climate.mean_c)
        assert city.climate.mean_c.index(warmest) in {5, 6, 7, 8}, city.name
        assert -10 < coldest < warmest < 35
        assert max(city.climate.swing_k) < 12
        assert 0.5 < min(city.climate.sd_k) <= max(city.climate.sd_k) < 10


def test_computed_figures_have_their_year_and_normals_say_what_they_are():
    for city in load_cities():
        computed = city.confidence == "computed"
        assert computed == (city.degree_days_15_5_kd is not None)
        assert computed == (city.winter_c_design is not None)
        assert computed == (city.spread_from == "")
        assert computed != ("1991-2020" in city.name)
        assert city.spread_from in {"", "estimate", *CITIES}
        assert city.source
    assert CITIES["Madrid 1991-2020"].confidence == "expert medium"


def test_every_figure_names_its_unit():
    text = files("exotherm.feeds.normals").joinpath("cities.csv").read_text(encoding="utf-8")
    names = next(csv.reader(text.splitlines()))
    units = [unit_of(name) for name in names[8:-3]]
    assert {"c", "k"} == {unit.suffix for unit in units if unit is not None}
    assert None not in units


def test_a_normal_and_the_station_beside_it_agree():
    """The two are of different years: within 4 K in every month and 1.6 K in the mean."""
    pairs = [("Berlin", "Berlin 1991-2020"), ("Frankfurt", "Frankfurt 1991-2020")]
    pairs += [("Helsinki", "Helsinki 1991-2020"), ("New York JFK", "New York 1991-2020")]
    for one, two in pairs:
        difference = np.subtract(CITIES[one].climate.mean_c, CITIES[two].climate.mean_c)
        assert np.abs(difference).max() < 4.0, one
        assert abs(difference.mean()) < 1.6, one


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (55.68, 12.57, "Copenhagen 1991-2020"),
        (45.07, 7.69, "Piedmont"),
        (40.71, -74.01, "New York 1991-2020"),
    ],
)
def test_the_nearest_place(latitude, longitude, name):
    city, distance_km = nearest_city(latitude, longitude)
    assert name == city.name
    assert distance_km < 30


def test_distances_are_great_circles():
    """Berlin to Paris is 878 km between the cities' centres by any atlas."""
    city, distance_km = nearest_city(52.52, 13.405, among=[CITIES["Paris 1991-2020"]])
    assert city.name == "Paris 1991-2020"
    assert distance_km == pytest.approx(878, abs=12)


def test_made_weather_says_that_it_is_made():
    weather = make_weather(CITIES["Berlin"], seed=3)
    assert weather.source.startswith("made from monthly figures of Berlin")
    assert "seed 3" in weather.source
    warm = make_weather(CITIES["Berlin"], seed=3, warming_k=(2.0,) * 12)
    assert "warmed" in warm.source
    assert warm.outdoor_c.mean() - weather.outdoor_c.mean() == pytest.approx(2.0)
    assert weather.humidity_frac is not None
    assert weather.humidity_frac.mean() == pytest.approx(0.8, abs=0.05)


def test_a_row_that_is_damaged_is_not_read():
    with pytest.raises(KeyError):
        read_cities("name,country\nNowhere,XX\n")
