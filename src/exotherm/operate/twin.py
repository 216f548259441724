"""The twin: the same plant as in the plan, lived step by step, with meters that count. Pure.

It steps the one plant model through the same conditions, so a month of the twin is that month of
the plan; what a meter shows of it is exact digits, and a register shows only digits that are full.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from exotherm.core.period import Period, local_midnight
from exotherm.core.samples import Point
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.parts import Flows, Plant, State
from exotherm.plant.simulate import simulate
from exotherm.plant.step import step_plant
from exotherm.site.document import POINTS_OF_PROFILE, Site
from exotherm.site.meters import Measured
from exotherm.site.series import Surroundings

STEP = timedelta(minutes=15)
"""The step of the plan, on the quarter-hours of UTC."""

_SECONDS_PER_HOUR = 3600.0
# A digit that lacks a millionth of a count is full: the sum of many steps is not exact.
_FULL_DECIMALS = 6


class Registers(NamedTuple):
    """What each register has counted, before it is cut to digits."""

    heat_kwh: float = 0.0
    volume_m3: float = 0.0
    it_kwh: float = 0.0
    site_kwh: float = 0.0
    auxiliary_kwh: float = 0.0
    fuel_kwh: float = 0.0
    rejected_kwh: float = 0.0
    rejected_m3: float = 0.0

    def plus(self, plant: Plant, flows: Flows, hours: float) -> "Registers":
        """Count on with the mean flows of some hours."""
        return Registers(
            heat_kwh=self.heat_kwh + flows.delivered_kw * hours,
            volume_m3=self.volume_m3 + _flow_m3h(flows) * hours,
            it_kwh=self.it_kwh + flows.it_kw * hours,
            site_kwh=self.site_kwh + flows.site_kw * hours,
            auxiliary_kwh=self.auxiliary_kwh + flows.auxiliary_kw * hours,
            fuel_kwh=self.fuel_kwh + flows.fuel_kw * hours,
            rejected_kwh=self.rejected_kwh + flows.rejected_kw * hours,
            rejected_m3=self.rejected_m3 + _coolant_m3h(plant, flows) * hours,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A plant at an instant: how warm it is, what flowed last, and what its registers counted.

    ``exposure`` holds the conditions from its period's start on. ``state`` and ``registers`` are
    those of the last whole step, ``edge``; ``at`` may lie within the step after it. ``opening`` are
    the counts that the registers showed when they had counted nothing of this plant.
    """

    plant: Plant
    exposure: Exposure
    at: datetime
    edge: datetime
    state: State
    flows: Flows
    registers: Registers
    opening: Mapping[str, int]

    @property
    def end(self) -> datetime:
        """The instant up to which the conditions are known."""
        return self.exposure.period.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """What all meters of the plant show at an instant: exact counts by quantity.

    ``rejection`` is what a heat meter on the way to the outdoor cooler shows, by the quantities of
    any heat meter.
    """

    at: datetime
    counts: Mapping[str, int]
    rejection: Mapping[str, int]


def start_twin(
    site: Site,
    surroundings: Surroundings,
    *,
    period: Period,
    opening: Mapping[str, int] | None = None,
) -> Twin:
    """Give the twin at the start of a period, warm and counting since the planned year began.

    The plant lives from the new year (by the site's clock) of the planned year, or of the period's
    own year where that is earlier, so that it is at the start as the plan has it there.
    ``opening`` are the counts of its registers at that new year, by quantity; nought if not given.
    The period lies on the quarter-hours of UTC.
    """
    plant, state = build_plant(site), initial_state(build_plant(site))
    lived = expose(site, surroundings, period, step=STEP)
    twin = Twin(
        plant=plant,
        exposure=lived,
        at=period.start,
        edge=period.start,
        state=state,
        flows=step_plant(plant, state, lived.laid, 0, lived.step_h)[1],
        registers=Registers(),
        opening=MappingProxyType(dict(opening or {})),
    )
    first = local_midnight(_first_day(site, period), site.zone)
    if first == period.start:
        return twin
    before = expose(site, surroundings, Period(first, period.start), step=STEP)
    return _warmed(twin, before)


def prolong(twin: Twin, site: Site, surroundings: Surroundings, *, until: datetime) -> Twin:
    """Give the same twin with its conditions known up to a later instant, on a quarter-hour."""
    period = Period(twin.edge, until)
    return replace(twin, exposure=expose(site, surroundings, period, step=STEP))


def advance(twin: Twin, until: datetime) -> Twin:
    """Let the twin live on to an instant that is not before its own nor behind its conditions."""
    assert twin.at <= until <= twin.end, (twin.at, until, twin.end)
    hours = twin.exposure.step_h
    step = timedelta(hours=hours)
    edge, state, flows, registers = twin.edge, twin.state, twin.flows, twin.registers
    index = (edge - twin.exposure.period.start) // step
    while edge + step <= until:
        state, flows = step_plant(twin.plant, state, twin.exposure.laid, index, hours)
        registers = registers.plus(twin.plant, flows, hours)
        edge, index = edge + step, index + 1
    return replace(twin, at=until, edge=edge, state=state, flows=flows, registers=registers)


def image(twin: Twin) -> Image:
    """Give what the meters show at the twin's instant.

    Values of the moment are the means of the step that it lies in, or of the one that just ended.
    Registers show the digits that are full, and begin again at nought behind their last one.
    """
    flows, registers = _now(twin)
    values = {
        "heat_kw": flows.delivered_kw,
        "flow_m3h": _flow_m3h(flows),
        "supply_c": flows.supply_c,
        "return_c": flows.return_c,
        "power_kw": flows.it_kw,
        "coolant_c": flows.coolant_c,
        "heat_kwh": registers.heat_kwh,
        "volume_m3": registers.volume_m3,
        "it_kwh": registers.it_kwh,
        "site_kwh": registers.site_kwh,
        "auxiliary_kwh": registers.auxiliary_kwh,
        "fuel_kwh": registers.fuel_kwh,
    }
    return Image(
        at=twin.at,
        counts=_counts(values, twin.opening),
        rejection=rejection_counts(twin, Fraction(1)),
    )


def rejection_counts(twin: Twin, frac: Fraction) -> Mapping[str, int]:
    """Give what a heat meter shows that a share of what is rejected passes."""
    flows, registers = _now(twin)
    whole = _rejection(twin.plant, flows, registers)
    shown = {
        name: value if name.endswith("_c") else value * float(frac) for name, value in whole.items()
    }
    return _counts(shown, {})


def energy_kwh(twin: Twin, shares: Mapping[Measured, Fraction]) -> Decimal:
    """Give what the register of a meter shows that counts a share of each of some kinds."""
    _, registers = _now(twin)
    return sum(
        (_energy_kwh(registers, twin.opening, kind, frac) for kind, frac in shares.items()),
        start=Decimal(0),
    )


def _energy_kwh(
    registers: Registers, opening: Mapping[str, int], kind: Measured, frac: Fraction
) -> Decimal:
    name = f"{kind}_kwh"
    point = _POINTS["heat_kwh" if kind == "rejected" else name]
    opened = int(opening.get(name, 0) * frac)
    return point.value_of(_register_count(point, getattr(registers, name) * float(frac), opened))


def _rejection(plant: Plant, flows: Flows, registers: Registers) -> dict[str, float]:
    """Give what a heat meter between the coolant and the outdoor cooler shows."""
    return {
        "heat_kw": flows.rejected_kw,
        "flow_m3h": _coolant_m3h(plant, flows),
        "supply_c": flows.coolant_c,
        "return_c": _rejection_return_c(plant, flows),
        "heat_kwh": registers.rejected_kwh,
        "volume_m3": registers.rejected_m3,
    }


def _rejection_return_c(plant: Plant, flows: Flows) -> float:
    return float(flows.coolant_c - flows.rejected_kw / plant.servers.coolant_kw_per_k)


def _coolant_m3h(plant: Plant, flows: Flows) -> float:
    """Give the flow to the cooler as water that carries what the coolant's flow carries."""
    if flows.rejected_kw <= 0.0:
        return 0.0
    kgs = plant.servers.coolant_kw_per_k / HEAT_CAPACITY_KJ_PER_KGK
    return kgs * _SECONDS_PER_HOUR / density_kg_per_m3(_rejection_return_c(plant, flows))


def _counts(values: Mapping[str, float], opening: Mapping[str, int]) -> Mapping[str, int]:
    """Give what displays show of values: registers their full digits, others what is nearest."""
    return MappingProxyType(
        {
            name: _register_count(point, value, opening.get(name, 0))
            if (point := _POINTS[name]).kind == "register"
            else point.count_of(value)
            for name, value in values.items()
        }
    )


def powers_kw(twin: Twin) -> dict[str, float]:
    """Give what flows at the twin's instant, by what a meter of it measures.

    ``demand`` is the heat that all customers take or miss, whoever gives it.
    """
    flows, _ = _now(twin)
    return {
        "heat": flows.delivered_kw,
        "it": flows.it_kw,
        "site": flows.site_kw,
        "auxiliary": flows.auxiliary_kw,
        "fuel": flows.fuel_kw,
        "rejected": flows.rejected_kw,
        "demand": flows.delivered_kw + flows.backup_kw + flows.unmet_kw,
    }


_POINTS = {point.name: point for points in POINTS_OF_PROFILE.values() for point in points}


def _register_count(point: Point, value: float, opening: int) -> int:
    counted = int(round(value * 10**point.decimals, _FULL_DECIMALS))
    return (opening + counted) % point.register.modulus


def _now(twin: Twin) -> tuple[Flows, Registers]:
    """Give flows and registers at the twin's instant, which may lie within a step."""
    if twin.at == twin.edge:
        return twin.flows, twin.registers
    exposure = twin.exposure
    index = (twin.edge - exposure.period.start) // timedelta(hours=exposure.step_h)
    _, flows = step_plant(twin.plant, twin.state, exposure.laid, index, exposure.step_h)
    hours = (twin.at - twin.edge) / timedelta(hours=1)
    return flows, twin.registers.plus(twin.plant, flows, hours)


def _first_day(site: Site, period: Period) -> date:
    year = min(site.study.year, period.start.astimezone(site.zone).year)
    return date(year, 1, 1)


def _warmed(twin: Twin, before: Exposure) -> Twin:
    """Give the twin as it is after all that it lived through before its period."""
    lived = simulate(twin.plant, before, twin.state)
    steps = [
        Flows(*values)
        for values in zip(*(lived.flows[name].tolist() for name in Flows._fields), strict=True)
    ]
    registers = Registers(
        heat_kwh=lived.energy_kwh("delivered_kw"),
        volume_m3=sum(map(_flow_m3h, steps)) * before.step_h,
        it_kwh=lived.energy_kwh("it_kw"),
        site_kwh=lived.energy_kwh("site_kw"),
        auxiliary_kwh=lived.energy_kwh("auxiliary_kw"),
        fuel_kwh=lived.energy_kwh("fuel_kw"),
        rejected_kwh=lived.energy_kwh("rejected_kw"),
        rejected_m3=sum(_coolant_m3h(twin.plant, one) for one in steps) * before.step_h,
    )
    return replace(twin, state=lived.end, flows=steps[-1], registers=registers)


def _flow_m3h(flows: Flows) -> float:
    """Give the volume flow at the meter, which hangs in the return as most do."""
    return float(flows.flow_kgs * _SECONDS_PER_HOUR / density_kg_per_m3(flows.return_c))
