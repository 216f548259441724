"""Whatever a file may say, its checks end with findings: no site makes them fail."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from other_sites import school
from pydantic import ValidationError

from exotherm.contract.check import check_contract
from exotherm.operate.limits import power_kw_max
from exotherm.site.check import check_site
from exotherm.site.document import Site, points_of


def of(low: float, high: float) -> st.SearchStrategy[float]:
    """Any value of a range, its ends more often than by chance."""
    return st.one_of(st.sampled_from((low, high)), st.floats(low, high))


CAPTURES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(
            ("immersion", "cold plates", "passive rear door", "active rear door", "hall cooler")
        ),
        "flow_kgs": of(0.01, 100.0),
        "pump_kw": of(0.0, 5.0),
        "ua_kw_per_k": of(0.01, 100.0),
        "coolant_c_set": of(1.0, 60.0),
        "coolant_c_max": of(2.0, 90.0),
        "capture_frac": of(0.0, 1.0),
        "fall_per_k": of(0.0, 0.1),
        "room_c": of(5.0, 50.0),
    },
    optional={
        "liquid_class": st.sampled_from(("W17", "W40", "W+")),
        "air_class": st.sampled_from(("A1", "A4", "H1")),
    },
)
POINTS = st.fixed_dictionaries(
    {
        "source_in_c": of(-30.0, 90.0),
        "sink_out_c": of(1.0, 99.0),
        "cop": of(1.01, 20.0),
        "heat_kw": of(0.0, 900.0),
    }
)
HEAT_PUMPS = st.fixed_dictionaries(
    {
        "heat_kw_rated": of(0.1, 5000.0),
        "refrigerant": st.sampled_from(("R290", "R744", "R717")),
        "method": st.sampled_from(("size", "map", "points")),
        "points": st.lists(POINTS, max_size=3),
        "source_glide_k": of(0.1, 20.0),
        "sink_c_max": of(1.0, 160.0),
        "mixing_valve": st.booleans(),
        "runs": st.sampled_from(("when it pays", "always")),
        "auxiliary_frac": of(0.0, 0.2),
    },
    optional={"sink_c_set": of(1.0, 99.0), "source_c_max": of(0.0, 90.0)},
)
NETWORKS = st.fixed_dictionaries(
    {
        "feed": st.sampled_from(("supply", "return")),
        "heat_kwh": of(0.0, 1e7),
        "generation": st.sampled_from(("third", "fourth")),
        "return_c": of(1.0, 60.0),
        "slope": of(0.0, 9.0),
    }
)
BUILDINGS = st.fixed_dictionaries(
    {
        "floor_m2": of(1.0, 1e5),
        "space_heat_kwh_per_m2": of(0.0, 900.0),
        "hot_water_l_per_m2_day": of(0.0, 9.0),
        "hot_water_c": of(2.0, 99.0),
        "circulation_return_c": of(1.0, 98.0),
        "mains_c_mean": of(1.0, 39.0),
        "set_c": of(5.0, 30.0),
    }
)
MEASURED = st.fixed_dictionaries(
    {
        "name": st.just("Works"),
        "file": st.just("works.csv"),
        "supply_c_design": of(1.0, 160.0),
        "return_c_design": of(0.5, 99.0),
        "follows_weather": st.booleans(),
    }
)
REJECTIONS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("dry", "adiabatic", "open wet", "closed wet")),
        "heat_kw_rated": of(0.1, 1000.0),
        "fan_kw_rated": of(0.0, 20.0),
        "lift_k_rated": of(0.1, 40.0),
    },
    optional={"chiller_eer": of(0.1, 9.0)},
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """Tables of a site file: any servers, any customers, any machines."""
    made: dict[str, Any] = {"capture": draw(CAPTURES), "rejection": draw(REJECTIONS)}
    if draw(st.booleans()):
        made["heat_pump"] = draw(HEAT_PUMPS)
    if draw(st.booleans()):
        made["exchanger"] = None
    if draw(st.booleans()):
        made["pool"] = None
    if draw(st.booleans()):
        made["network"] = draw(NETWORKS)
    made["measured"] = draw(st.lists(MEASURED, max_size=2))
    made["buildings"] = [
        {"name": "Hall", "kind": "office", **one} for one in draw(st.lists(BUILDINGS, max_size=2))
    ]
    made["buffer"] = {"volume_m3": draw(of(0.001, 100.0)), "layers": draw(st.integers(1, 60))}
    return made


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(tables(), of(-20.0, 60.0))
def test_any_site_that_can_be_read_can_be_checked(pool_site, pool_contract, made, outdoor_c):
    weather = pool_site.weather.model_dump(exclude_unset=True)
    raw = pool_site.model_dump(exclude_unset=True)
    raw = {**raw, "weather": {**weather, "outdoor_c_design": outdoor_c}, **made}
    try:
        site = Site.model_validate(raw)
    except ValidationError:
        assume(False)  # noqa: FBT003 - as hypothesis has it
    found = (*check_site(site), *check_contract(pool_contract, site, points_of(site)))
    said = " ".join(f"{one.message} {one.remedy}" for one in found)
    assert "nan" not in said.lower().split()
    assert "inf" not in said.lower().split()
    assert all(most_kw >= 0.0 for most_kw in power_kw_max(site).values())


@pytest.mark.parametrize("kind", ["school", "care home", "housing block", "small hospital"])
def test_buildings_as_they_usually_are_are_not_unusual(pool_site, kind):
    building = school(kind=kind, floor_m2=1000.0)
    site = pool_site.model_copy(update={"buildings": (building,)})
    assert [one.code for one in check_site(site) if one.code == "site.value-unusual"] == []
