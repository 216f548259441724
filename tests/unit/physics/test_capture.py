import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exotherm.physics.capture import (
    Captured,
    active_rear_door,
    cold_plates,
    hall_cooler,
    immersion,
    passive_rear_door,
)
from exotherm.physics.cooling_class import (
    AIR_CLASSES,
    CAPTURE_BANDS,
    LIQUID_CLASSES,
    liquid_classes_accepting,
)

RISE_K = 12.0
SUPPLY_C = 24.0
OIL_C_MAX = 55.0
PLATES_C_MAX = 65.0
TECHNOLOGIES = ("hall", "passive", "active", "plates", "immersion")
SOURCES_C = {
    "hall": SUPPLY_C + RISE_K * 1.05,
    "passive": SUPPLY_C + RISE_K,
    "active": SUPPLY_C + RISE_K * 1.015,
    "plates": PLATES_C_MAX,
    "immersion": OIL_C_MAX,
}
"""the warmest thing the water can meet"""

technologies = st.sampled_from(TECHNOLOGIES)
servers_kw = st.floats(0, 500)
waters_c = st.floats(1, 80)
flows_kgs = st.one_of(st.just(0.0), st.floats(1e-3, 30))
sizes = st.floats(0, 60)
rooms_c = st.floats(5, 35)


def _capture(
    technology: str, it_kw: float, water_c: float, flow_kgs: float, size: float, room_c: float
) -> Captured:
    """``size`` is the UA, and for plates and tank the loss too."""
    match technology:
        case "hall":
            return hall_cooler(it_kw, water_c, flow_kgs, SUPPLY_C, RISE_K, size, 0.05, 0.97)
        case "passive":
            return passive_rear_door(it_kw, water_c, flow_kgs, SUPPLY_C, RISE_K, size)
        case "active":
            return active_rear_door(it_kw, water_c, flow_kgs, SUPPLY_C, RISE_K, size, 0.015)
        case "plates":
            return cold_plates(it_kw, water_c, flow_kgs, room_c, 0.72, size / 1e4, PLATES_C_MAX)
        case _:
            return immersion(it_kw, water_c, flow_kgs, room_c, OIL_C_MAX, size, size / 300)


@settings(max_examples=800, deadline=None)
@given(technologies, servers_kw, waters_c, flows_kgs, sizes, rooms_c)
@example("immersion", 28.0, 40.0, 0.0, 0.0, 22.0)
@example("immersion", 1e-9, 80.0, 1.0, 10.0, 20.0)
@example("plates", 40.0, 70.0, 1.0, 40.0, 25.0)
@example("passive", 0.0, 18.0, 0.5, 2.2, 24.0)
def test_the_split_sums_and_no_part_is_negative(technology, it_kw, water_c, flow_kgs, size, room_c):
    split = _capture(technology, it_kw, water_c, flow_kgs, size, room_c)
    parts_kw = (split.captured_kw, split.to_air_kw, split.unmet_kw)
    assert all(math.isfinite(value) for value in split)
    assert sum(parts_kw) == pytest.approx(it_kw + split.fan_kw, rel=1e-9, abs=1e-9)
    assert min(parts_kw) >= -1e-9 * (1.0 + it_kw)


@settings(max_examples=800, deadline=None)
@given(technologies, servers_kw, waters_c, flows_kgs, sizes, rooms_c)
def test_water_never_leaves_warmer_than_its_source(
    technology, it_kw, water_c, flow_kgs, size, room_c
):
    split = _capture(technology, it_kw, water_c, flow_kgs, size, room_c)
    assert water_c <= split.water_out_c <= max(water_c, SOURCES_C[technology]) + 1e-9
    carried_kw = flow_kgs * 4.18 * (split.water_out_c - water_c)
    assert carried_kw == pytest.approx(split.captured_kw, rel=1e-6, abs=1e-6)


@settings(max_examples=800, deadline=None)
@given(technologies, servers_kw, waters_c, st.floats(0, 40), flows_kgs, sizes, rooms_c)
def test_warmer_water_never_captures_more(
    technology, it_kw, water_c, warmer_k, flow_kgs, size, room_c
):
    cold = _capture(technology, it_kw, water_c, flow_kgs, size, room_c)
    warm = _capture(technology, it_kw, water_c + warmer_k, flow_kgs, size, room_c)
    assert warm.captured_kw <= cold.captured_kw + 1e-9 * (1.0 + it_kw)


@settings(max_examples=800, deadline=None)
@given(technologies, servers_kw, st.floats(0, 100), waters_c, flows_kgs, sizes, rooms_c)
def test_more_servers_never_put_less_into_the_water(
    technology, it_kw, more_kw, water_c, flow_kgs, size, room_c
):
    few = _capture(technology, it_kw, water_c, flow_kgs, size, room_c)
    many = _capture(technology, it_kw + more_kw, water_c, flow_kgs, size, room_c)
    assert many.captured_kw >= few.captured_kw - 1e-9 * (1.0 + it_kw)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(("hall", "passive", "active", "immersion")),
    servers_kw,
    waters_c,
    st.floats(1e-3, 30),
    st.floats(0, 10),
    sizes,
    rooms_c,
)
def test_more_flow_never_captures_less(
    technology, it_kw, water_c, flow_kgs, more_kgs, size, room_c
):
    slow = _capture(technology, it_kw, water_c, flow_kgs, size, room_c)
    fast = _capture(technology, it_kw, water_c, flow_kgs + more_kgs, size, room_c)
    assert fast.captured_kw >= slow.captured_kw - 1e-6 * (1.0 + it_kw)


def test_plates_beyond_their_limit_leave_heat_unmet():
    """60 °C water at 0.5 kg/s may rise by 5 K: 10.45 kW of the 23.8 kW the plates would give."""
    split = cold_plates(40.0, 60.0, 0.5, 25.0, 0.72, 0.0, 65.0)
    assert split.captured_kw == pytest.approx(0.5 * 4.18 * 5.0)
    assert split.water_out_c == pytest.approx(65.0)
    assert split.unmet_kw == pytest.approx(0.72 * 40.0 - 10.45)
    assert split.to_air_kw == pytest.approx(0.28 * 40.0)


def test_oil_beyond_its_limit_leaves_heat_unmet():
    """A tank without water holds 28 kW by its walls alone: 0.04 kW/K times 33 K at 55 °C."""
    split = immersion(28.0, 40.0, 0.0, 22.0, 55.0, 8.0, 0.04)
    assert tuple(split) == pytest.approx((0.0, 40.0, 0.04 * 33.0, 28.0 - 1.32, 0.0))


def test_water_warmer_than_the_oil_is_shut_off():
    """1 kW settles at 40 °C by the walls alone; water of 50 °C is no use to it."""
    split = immersion(1.0, 50.0, 1.0, 20.0, 55.0, 8.0, 0.05)
    assert tuple(split) == pytest.approx((0.0, 50.0, 1.0, 0.0, 0.0))


def test_class_tables_are_in_order_and_name_their_sources():
    limits_c = [one.supply_c_max for one in LIQUID_CLASSES[:-1]]
    assert limits_c == [17.0, 27.0, 32.0, 40.0, 45.0]
    assert LIQUID_CLASSES[-1].supply_c_max is None
    for air in AIR_CLASSES:
        assert air.allowable_c_min <= air.recommended_c_min < air.recommended_c_max
        assert air.recommended_c_max <= air.allowable_c_max
    for band in CAPTURE_BANDS:
        assert 0 < band.captured_frac_min < band.captured_frac_max <= 1
        assert band.water_in_c_min < band.water_out_c_max
        assert band.source


@pytest.mark.parametrize(
    ("supply_c", "names"),
    [(16.0, ["W17", "W27", "W32", "W40", "W45", "W+"]), (45.0, ["W45", "W+"]), (50.0, ["W+"])],
)
def test_classes_that_accept_a_supply(supply_c, names):
    assert [one.name for one in liquid_classes_accepting(supply_c)] == names
