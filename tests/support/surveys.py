"""A survey of the example pool in which all is known and nothing is in the way, to be changed."""

import copy
from datetime import date
from typing import Any

from exotherm.plan.survey.items import Item
from exotherm.plan.survey.result import SurveyResult, survey_result
from exotherm.site.document import Site
from exotherm.site.survey.document import Survey

ROOM: dict[str, Any] = {
    "name": "plant room",
    "at": "customer building",
    "level": "basement",
    "holds": ("servers", "tank", "exchanger", "manifolds"),
    "area_m2": 24.0,
    "height_m": 3.1,
    "door_width_m": 1.2,
    "door_height_m": 2.1,
    "clearance_m": 1.0,
    "floor_kn_per_m2": 50.0,
    "load_kg": 1400.0,
    "load_area_m2": 1.3,
    "access": "ramp",
    "drain": True,
    "air_c_max": 32.0,
    "humidity_frac_max": 0.55,
    "vapour_tight": True,
    "own_compartment": True,
    "people_beside": False,
    "vibration_isolated": True,
}
WAY: dict[str, Any] = {
    "name": "way",
    "length_m": 22.0,
    "priced_length_m": 22.0,
    "walls": 0,
    "fire_walls": 0,
    "shaft": "not needed",
    "road_crossing_m": 0.0,
    "asbestos": False,
    "listed": False,
    "chlorinated_air": False,
    "frost": False,
}
PAPERS = (
    "as-built drawings",
    "asbestos register",
    "boiler service record",
    "electrical diagram",
    "fire strategy",
)
CLEAN: dict[str, Any] = {
    "survey": {
        "surveyed_on": date(2025, 2, 11),
        "surveyed_by": ("heat engineer",),
        "visited": ("hosting site", "customer building"),
        "starts_on": date(2025, 3, 3),
    },
    "building": {"built_in": 2008, "listed": False, "without_heat_days_max": 3.0},
    "places": [ROOM],
    "routes": [WAY],
    "electricity": {
        "connection_kva": 110.0,
        "fuse_a": 160.0,
        "used_kva_max": 61.0,
        "transformer": "has room",
    },
    "noise": {
        "night_limit_db": 45.0,
        "sources": [{"name": "dry cooler", "sound_power_db": 70.0, "window_m": 35.0}],
    },
    "water": {"treated": True, "glycol": "none"},
    "tie_in": {
        "separation": "exchanger",
        "boiler_return_c_min": 0.0,
        "condensing": False,
        "valves_close": True,
        "branches_free": True,
    },
    "controls": {"bms": "open", "boiler_enable": True, "network": True},
    "meter_place": {
        "pipe_m": 0.04,
        "straight_before_m": 0.4,
        "straight_behind_m": 0.2,
        "reachable": True,
    },
    "hot_water": {"served": False},
    "shutdowns": [{"from_on": date(2025, 3, 3), "until_on": date(2026, 12, 31)}],
    "temporary_plant": {"branches": True},
    "papers": [{"kind": kind, "seen": True} for kind in PAPERS],
}


def survey_with(*changes: tuple[str, object]) -> Survey:
    """Give the clean survey with values changed by path, like ``places.0.level``; None drops."""
    raw = copy.deepcopy(CLEAN)
    for path, value in changes:
        *holders, last = path.split(".")
        place: Any = raw
        for part in holders:
            place = place[int(part)] if part.isdigit() else place.setdefault(part, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return Survey.model_validate(raw)


def result_with(site: Site, *changes: tuple[str, object]) -> SurveyResult:
    """Hold the clean survey, changed, against the rules."""
    return survey_result(survey_with(*changes), site)


def items_with(site: Site, *changes: tuple[str, object]) -> list[Item]:
    """Give the items of the clean survey, changed."""
    return list(result_with(site, *changes).items)
