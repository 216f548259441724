"""Checks of how the servers' heat gets into the coolant, and of what the servers stand."""

import math
from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.sentences import listed
from exotherm.physics.cooling_class import AIR_CLASSES, LIQUID_CLASSES, liquid_classes_accepting
from exotherm.physics.moist_air import dew_point_c
from exotherm.site.check_words import SiteCheck, celsius, kelvin, kgs, kw, percent
from exotherm.site.document import Site
from exotherm.site.heat_path import capture_at, coolant_rise_k

# A coil that takes less than this of a full rack's heat is the wrong one or in the wrong water.
_COIL_FRAC_MIN = 0.5
# Rooms of servers are held at 40 to 60 % of humidity; nobody writes theirs into the file.
_HUMIDITY_FRAC = 0.5
_ABOVE_DEW_K = 2.0
# Less than this warms a room no more than people and lights do.
_ROOM_KW, _ROOM_FRAC = 5.0, 0.05
_TURNS = 30


def _coolant_carries(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the coolant carries its heat at full load without passing its limit."""
    capture, full = site.capture, capture_at(site)
    heat_kw, room_k = (
        full.captured_kw + full.unmet_kw,
        capture.coolant_c_max - capture.coolant_c_set,
    )
    rise_k = heat_kw / capture.flow_kw_per_k
    if capture.floats or rise_k <= room_k + 1e-9:
        return
    needed_kgs = _flow_needed_kgs(site)
    yield source.error(
        "site.coolant-flow-too-small",
        "capture",
        "flow_kgs",
        message=f"At full load {kgs(capture.flow_kgs)} of coolant take up {kw(heat_kw)} and warm "
        f"by {kelvin(rise_k)} from {celsius(capture.coolant_c_set)}; they may leave with "
        f"{celsius(capture.coolant_c_max)} at most.",
        remedy=f"Raise `flow_kgs` to {kgs(needed_kgs)}, or lower `coolant_c_set`.",
        needed_kgs=needed_kgs,
        heat_kw=round(heat_kw, 3),
        rise_k=round(rise_k, 3),
    )


def _flow_needed_kgs(site: Site) -> float:
    """Give the flow of coolant that leaves at its limit, in full hundredths of kg/s.

    A larger flow stays cooler and takes up more, so heat and flow are found in turns.
    """
    capture = site.capture
    per_kgs_kw = capture.heat_capacity_kj_per_kgk * (capture.coolant_c_max - capture.coolant_c_set)
    flow_kgs = capture.flow_kgs
    for _ in range(_TURNS):
        larger = capture.model_copy(update={"flow_kgs": flow_kgs})
        full = capture_at(site.model_copy(update={"capture": larger}))
        flow_kgs = max(flow_kgs, (full.captured_kw + full.unmet_kw) / per_kgs_kw)
    return math.ceil(100.0 * flow_kgs) / 100.0


def _coil_takes_most(site: Site, source: Source) -> Iterator[Finding]:
    """Check that a rear door or hall cooler takes a good part of what full servers give."""
    capture, full = site.capture, capture_at(site)
    heat_kw = site.computing.power_kw_rated + full.fan_kw
    if not capture.has_coil or full.captured_kw >= _COIL_FRAC_MIN * heat_kw:
        return
    yield source.warning(
        "site.coil-too-small",
        "capture",
        "ua_kw_per_k",
        message=f"From air of {celsius(capture.room_c + capture.air_rise_k)} into water of "
        f"{celsius(capture.coolant_c_set)} the coil takes {kw(full.captured_kw)} of the "
        f"{kw(heat_kw)} that full servers give, {percent(full.captured_kw / heat_kw)}.",
        remedy="Enlarge `ua_kw_per_k` or `flow_kgs`, or lower `coolant_c_set`.",
        captured_kw=round(full.captured_kw, 3),
        heat_kw=round(heat_kw, 3),
    )


def _servers_accept_coolant(site: Site, source: Source) -> Iterator[Finding]:
    """Check the coolant against the class of the servers by the water they accept."""
    capture = site.capture
    known = next((one for one in LIQUID_CLASSES if one.name == capture.liquid_class), None)
    if known is None or known.supply_c_max is None:
        return
    entering_c = capture.coolant_c_set
    if capture.floats:
        entering_c = capture.coolant_c_max - coolant_rise_k(site)
    if entering_c <= known.supply_c_max:
        return
    accepting = [one.name for one in liquid_classes_accepting(entering_c)]
    yield source.error(
        "site.coolant-above-class",
        "capture",
        "liquid_class",
        message=f"The coolant enters the servers with {celsius(entering_c)}; class {known.name} "
        f"accepts {celsius(known.supply_c_max)} at most.",
        remedy=f"Take servers of class {listed(accepting, before_last='or')}, or cooler coolant.",
        entering_c=round(entering_c, 3),
        supply_c_max=known.supply_c_max,
        accepting=accepting,
    )


def _servers_accept_air(site: Site, source: Source) -> Iterator[Finding]:
    """Check the air against the class of the servers by the air they accept."""
    room_c = site.capture.room_c
    known = next((one for one in AIR_CLASSES if one.name == site.capture.air_class), None)
    if known is None or known.allowable_c_min <= room_c <= known.allowable_c_max:
        return
    accepting = [
        one.name for one in AIR_CLASSES if one.allowable_c_min <= room_c <= one.allowable_c_max
    ]
    remedy = "Bring `room_c` to 18 to 27 °C, which every class is made for."
    if accepting:
        remedy = (
            f"Take servers of class {listed(accepting, before_last='or')}, or correct `room_c`."
        )
    yield source.error(
        "site.air-outside-class",
        "capture",
        "air_class",
        message=f"The servers' air has {celsius(room_c)}; class {known.name} accepts "
        f"{celsius(known.allowable_c_min)} to {celsius(known.allowable_c_max)}.",
        remedy=remedy,
        room_c=room_c,
        accepting=accepting,
    )


def _door_stays_dry(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no rear door is so cold that the room's air condenses on it."""
    capture = site.capture
    if capture.kind not in ("passive rear door", "active rear door"):
        return
    dew_c = dew_point_c(capture.room_c, _HUMIDITY_FRAC)
    if capture.coolant_c_set >= dew_c + _ABOVE_DEW_K:
        return
    yield source.warning(
        "site.door-below-dew-point",
        "capture",
        "coolant_c_set",
        message=f"Air of {celsius(capture.room_c)} and an assumed {percent(_HUMIDITY_FRAC)} of "
        f"humidity condenses below {celsius(dew_c)}; the doors' water has "
        f"{celsius(capture.coolant_c_set)}.",
        remedy=f"Hold the water at {celsius(dew_c + _ABOVE_DEW_K)} or above, since doors have no "
        "drain; or keep the room drier and say so beside the value.",
        dew_c=round(dew_c, 3),
        humidity_frac=_HUMIDITY_FRAC,
    )


def _room_is_cooled(site: Site, source: Source) -> Iterator[Finding]:
    """Check that something takes the heat that the coolant leaves in the room."""
    full = capture_at(site)
    frac = full.to_air_kw / (site.computing.power_kw_rated + full.fan_kw)
    if site.air_cooling is not None or full.to_air_kw <= _ROOM_KW or frac <= _ROOM_FRAC:
        return
    yield source.warning(
        "site.room-not-cooled",
        "capture",
        message=f"At full load the coolant leaves {kw(full.to_air_kw)}, {percent(frac)} of the "
        "heat, in the room, and the file has no air conditioning: the room would warm.",
        remedy="Add `[air_cooling]`; its electricity is part of the data centre's.",
        to_air_kw=round(full.to_air_kw, 3),
    )


CAPTURE_CHECKS: tuple[SiteCheck, ...] = (
    _coolant_carries,
    _coil_takes_most,
    _servers_accept_coolant,
    _servers_accept_air,
    _door_stays_dry,
    _room_is_cooled,
)
