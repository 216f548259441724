"""The space heat of a building: how much by the weather, when by its hours of use."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from exotherm.physics.building import (
    CAPACITY_KJ_PER_M2K,
    Room,
    capacity_kwh_per_k,
    degree_heat_kw,
    degree_hours_kh,
    loss_of_year_kw_per_k,
    loss_that_explains_kw_per_k,
    lowered_c,
    simulate_room_round,
)
from exotherm.physics.computing import FloatArray
from exotherm.physics.load_profile import LoadProfile, space_heat_shape
from exotherm.physics.supply_curve import (
    Radiators,
    WaterTemperatures,
    heating_curve,
    load_share,
)
from exotherm.plant.demand.load import Load
from exotherm.plant.demand.year import BoolArray, Year, is_closed, is_open
from exotherm.site.customers import Building
from exotherm.site.profiles import PROFILE_BY_KIND

_SUNDAY = 7
_DESIGN_PERCENT = 0.4
# Where it is never cold a design point this far below the balance point keeps the curve defined.
_DESIGN_SPAN_K_MIN = 1.0
# Radiators stay warmer than the room they are in by at least this.
_EXCESS_K_MIN = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A building as its heating sees it, the same in every year."""

    building: Building
    loss_kw_per_k: float
    outdoor_c_design: float

    @property
    def heat_kw_design(self) -> float:
        """The heat it loses on the coldest day, gains of people and lights left out."""
        return self.loss_kw_per_k * max(
            _DESIGN_SPAN_K_MIN, self.building.set_c - self.outdoor_c_design
        )

    @property
    def heat_kw_max(self) -> float:
        """The most that its emitters give."""
        return self.building.heat_kw_rated or 2.0 * self.heat_kw_design


def body_of(building: Building, reference: Year) -> Body:
    """Work out what a building loses, from its own figure or from its heat in a reference year.

    The reference year is the planned one, in the climate that the year's heat was known in.
    """
    design_c = design_c_of(building.outdoor_c_design, reference)
    if building.loss_w_per_k is not None:
        loss_kw_per_k = building.loss_w_per_k / 1000.0
    else:
        loss_kw_per_k = _explained_loss_kw_per_k(building, reference, design_c)
    return Body(building=building, loss_kw_per_k=loss_kw_per_k, outdoor_c_design=design_c)


def design_c_of(outdoor_c_design: float | None, reference: Year) -> float:
    """Give the coldest outdoor air that is planned for: what 0.4 % of the year stays below."""
    if outdoor_c_design is not None:
        return outdoor_c_design
    return float(np.percentile(reference.outdoor_c, _DESIGN_PERCENT))


def space_heat_of(
    body: Body, year: Year, reference: Year, profiles: Mapping[str, LoadProfile]
) -> Load:
    """Give the space heat of a building in every hour of a year, and its water's temperatures."""
    match body.building.method:
        case "degree hours":
            heat_kw = degree_heat_kw(
                year.felt_c,
                balance_c=_balance_c(body.building, year),
                loss_kw_per_k=body.loss_kw_per_k,
            )
        case "room":
            heat_kw = _room_heat_kw(body, year)
        case "profile":
            heat_kw = _profile_heat_kw(body, year, reference, profiles)
    water = _water(body, year, heat_kw)
    return Load(
        name=f"{body.building.name}: space heat",
        heat_kw=heat_kw,
        supply_c=water.supply_c,
        return_c=water.return_c,
        heat_kw_max=float(heat_kw.max()),
    )


def in_use(building: Building, year: Year) -> BoolArray:
    """Tell for every hour whether people are in a building."""
    return np.asarray(is_open(building.opening, year) & ~is_closed(building.closed, year))


# --- How much


def _explained_loss_kw_per_k(building: Building, reference: Year, design_c: float) -> float:
    """Find the loss per kelvin that explains the heat which the file gives for a year."""
    heat_kwh = building.space_heat_kwh_per_m2 * building.floor_m2
    hours_kh = degree_hours_kh(reference.felt_c, balance_c=_balance_c(building, reference))
    if heat_kwh == 0.0 or hours_kh == 0.0:
        return 0.0
    by_degrees = loss_of_year_kw_per_k(heat_kwh, degree_hours_kh=hours_kh)
    if building.method != "room":
        return by_degrees

    def room_heat_kwh(loss_kw_per_k: float) -> float:
        body = Body(building=building, loss_kw_per_k=loss_kw_per_k, outdoor_c_design=design_c)
        return float(_room_heat_kw(body, reference).sum())

    explained = loss_that_explains_kw_per_k(heat_kwh, room_heat_kwh, guess_kw_per_k=by_degrees)
    # Emitters too small for the year's heat tell nothing about the loss; its degree hours do.
    return by_degrees if explained is None else explained


# --- When


def _set_c(building: Building, year: Year) -> FloatArray:
    lowered = lowered_c(building.set_c, setback_k=building.setback_k)
    return np.where(in_use(building, year), building.set_c, lowered)


def _balance_c(building: Building, year: Year) -> FloatArray:
    return _set_c(building, year) - building.gains_k


def _room_heat_kw(body: Body, year: Year) -> FloatArray:
    return _room(body, year).heat_kw if body.loss_kw_per_k else np.zeros_like(year.outdoor_c)


def _room(body: Body, year: Year) -> Room:
    building = body.building
    return simulate_room_round(
        year.outdoor_c,
        np.full_like(year.outdoor_c, building.gains_k * body.loss_kw_per_k),
        _set_c(building, year),
        loss_kw_per_k=body.loss_kw_per_k,
        capacity_kwh_per_k=capacity_kwh_per_k(
            building.floor_m2, CAPACITY_KJ_PER_M2K[building.mass]
        ),
        heat_kw_max=body.heat_kw_max,
    )


def _profile_heat_kw(
    body: Body, year: Year, reference: Year, profiles: Mapping[str, LoadProfile]
) -> FloatArray:
    """Lay the heat that the loss takes in the reference year on the hours as many customers do."""
    building = body.building
    name = PROFILE_BY_KIND[building.kind]
    assert name in profiles, f"{building.name} asks for the load profile `{name}`"
    heat_kwh = body.loss_kw_per_k * degree_hours_kh(
        reference.felt_c, balance_c=_balance_c(building, reference)
    )
    of_reference = float(_shape(building, reference, profiles[name]).sum())
    value = heat_kwh / of_reference if of_reference else 0.0
    return np.asarray(value * _shape(building, year, profiles[name]), dtype=np.float64)


def _shape(building: Building, year: Year, profile: LoadProfile) -> FloatArray:
    """Give the profile's space heat; it counts holidays as Sundays, as BDEW does."""
    weekday = np.where(is_closed(building.closed, year), _SUNDAY, year.weekday)
    return space_heat_shape(
        year.outdoor_c, profile, day=year.day, hour=year.hour, weekday=weekday - 1
    )


# --- How warm


def _water(body: Body, year: Year, heat_kw: FloatArray) -> WaterTemperatures:
    """Give the water by the weather that the building feels.

    A room that is being warmed up takes more than the weather asks, which its emitters give only
    with warmer water: there the curve is raised, as an optimised start does.
    """
    building = body.building
    balance_c = building.set_c - building.gains_k
    design_c = min(body.outdoor_c_design, balance_c - _DESIGN_SPAN_K_MIN)
    share = load_share(year.felt_c, balance_c=balance_c, design_c=design_c)
    if building.method == "room" and body.loss_kw_per_k:
        share = np.maximum(share, heat_kw / (body.loss_kw_per_k * (balance_c - design_c)))
    emitter = building.emitter
    return heating_curve(
        share,
        radiators_of(
            emitter.supply_c_design,
            emitter.return_c_design,
            room_c=building.set_c,
            exponent=emitter.exponent,
        ),
    )


def radiators_of(
    supply_c_design: float, return_c_design: float, *, room_c: float, exponent: float = 1.3
) -> Radiators:
    """Give radiators by their design point, in a room that they are able to warm."""
    return Radiators(
        supply_c_design=supply_c_design,
        return_c_design=return_c_design,
        room_c=min(room_c, return_c_design - _EXCESS_K_MIN),
        exponent=exponent,
    )
