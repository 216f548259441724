"""Single faults in the coldest part of the year: what the customer gets while one thing fails.

Each fault is laid on the plant's year where it is coldest, for as long as nine of ten last, and
lived by the real plant; the day after is watched as well, in which it recovers.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from exotherm.contract.outcome import Outcome
from exotherm.contract.series import BoolArray, Judged, Series, is_short, judge_series
from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.plan.blame import Undone, cause_of, with_causes
from exotherm.plan.many_years import Fails, Fault, outages_of
from exotherm.plan.proposal_scenarios import watch_of
from exotherm.plan.proposal_served import SETTLED_H, Served, Watch
from exotherm.plan.rating import measured
from exotherm.plan.year import STEP, STEP_H, Year
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.outages import Outages, no_outages
from exotherm.plant.parts import Plant
from exotherm.plant.simulate import Delivered, simulate
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

AFTER_H = 24.0
"""hours after a fault that are watched as well"""
# A fault that lasts by chance without memory is over by then in nine of ten cases.
_NINE_OF_TEN = math.log(10.0)
_REJECTS_FRAC = 0.01


class Broken(StrEnum):
    """What fails, in the words of the table."""

    HEAT_PUMP = "heat pump out"
    SERVERS = "data centre off"
    MOVED_WORK = "servers idle, work moved away"
    CHARGING = "coolant pump or exchanger out"
    DELIVERY = "delivery pump out"
    COOLER = "outdoor cooler out"
    BOILER = "customer's own heat out"
    GRID = "electricity grid and own heat out"


_FAILS: Mapping[Broken, Fails] = {
    Broken.HEAT_PUMP: Fails.HEAT_PUMP,
    Broken.SERVERS: Fails.SERVERS,
    Broken.MOVED_WORK: Fails.MOVED_WORK,
    Broken.CHARGING: Fails.CHARGING,
    Broken.DELIVERY: Fails.DELIVERY,
    Broken.COOLER: Fails.SERVERS,
    Broken.GRID: Fails.GRID,
}
"""what that is among the faults of many years; a cooler that fails ends in servers that switch
off"""
_LASTS: Mapping[Broken, str] = {
    Broken.HEAT_PUMP: "heat_pump",
    Broken.SERVERS: "servers",
    Broken.MOVED_WORK: "moved_work",
    Broken.CHARGING: "charging",
    Broken.DELIVERY: "delivery",
    # The file has nothing of these; parts of the same trade take as long.
    Broken.COOLER: "charging",
    Broken.BOILER: "charging",
    Broken.GRID: "grid",
}
_BORROWED = (Broken.COOLER, Broken.BOILER)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultTried:
    """A fault, how long it lasts and on what that rests, and what the customer gets."""

    broken: Broken
    starts_at: datetime
    lasts_h: float
    basis: str
    wanted_kwh: float
    """what the customer gets in the same hours when nothing fails"""
    served: Served
    """in the fault and the day after"""
    counted_as: str | None
    """the cause that it is by the contract; None where the service itself does not fail"""
    failed_h: float
    """hours that count against the supplier by the contract"""
    excused_h: float
    """hours that the contract excuses because of it"""
    servers_off_h: float
    """hours in which the servers are off"""

    @property
    def servers_safe(self) -> bool:
        """Whether the servers run on within their limits, or are off for a reason of their own."""
        off_by_heat = self.broken is Broken.COOLER and self.servers_off_h > 0.0
        return self.served.servers_cool and not off_by_heat


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """All single faults that were tried."""

    tried: tuple[FaultTried, ...]
    stated: bool
    """whether the site file says anything of how long faults last"""
    has_own_heat: bool
    """whether the customer has heat of its own to fall back on"""

    @property
    def short(self) -> tuple[FaultTried, ...]:
        """Those in which the customer lacks heat."""
        return tuple(one for one in self.tried if not one.served.is_warm)

    @property
    def unsafe(self) -> tuple[FaultTried, ...]:
        """Those that the servers do not pass within their limits."""
        return tuple(one for one in self.tried if not one.servers_safe)

    @property
    def own_kw_max(self) -> float:
        """The most that the customer's own heat has to give at once."""
        return max(one.served.own_kw_max for one in self.tried)


def try_faults(site: Site, contract: Contract, surroundings: Surroundings, usual: Year) -> Faults:
    """Live every single fault of a site; ``usual`` is its planned year, simulated already."""
    bench = _Bench(site, contract, surroundings, usual)
    kinds = [one for one in Broken if one is not Broken.HEAT_PUMP or site.heat_pump is not None]
    has_own_heat = site.boiler.heat_kw_rated > 0.0
    if not has_own_heat:
        kinds.remove(Broken.BOILER)
    return Faults(
        tried=tuple(bench.try_fault(kind) for kind in kinds),
        stated=bool(site.faults.model_fields_set),
        has_own_heat=has_own_heat,
    )


def lasts_of(site: Site, broken: Broken) -> tuple[float, str]:
    """Give for how many hours a fault lasts that nine of ten are shorter than, and the basis."""
    name = _LASTS[broken]
    path = f"faults.{name}.repair_h"
    found = next(one for one in assumptions_of(site) if one.path == path)
    repair_h = float(getattr(site.faults, name).repair_h)
    return float(math.ceil(_NINE_OF_TEN * repair_h)), _basis_of(found, broken)


def _basis_of(found: Assumption, broken: Broken) -> str:
    words = "stated in the site file" if found.given else f"default: {found.source}"
    return f"taken as for the coolant's pump, {words}" if broken in _BORROWED else words


def coldest_steps(outdoor_c: np.ndarray, length: int) -> tuple[int, int]:
    """Find the stretch of so many steps that is coldest, not before the plant has settled."""
    first = min(round(SETTLED_H / STEP_H), max(0, outdoor_c.size - length))
    summed = np.concatenate(([0.0], np.cumsum(outdoor_c[first:])))
    length = min(length, outdoor_c.size - first)
    start = first + int(np.argmin(summed[length:] - summed[:-length]))
    return start, start + length


class _Bench:
    """What is alike in all faults: the year without any, and how the contract sees it."""

    def __init__(
        self, site: Site, contract: Contract, surroundings: Surroundings, usual: Year
    ) -> None:
        self.site, self.contract, self.surroundings = site, contract, surroundings
        self.usual, self.plant = usual, build_plant(site)
        self.watch: Watch = watch_of(site, contract, usual)
        without_faults = self._series(usual.with_heat)
        self.undone = Undone(
            without_faults=without_faults, with_busy_servers=self._busy(without_faults)
        )

    def _busy(self, without_faults: Series) -> Series:
        """Give the year as it would be with busy servers; the same where heat is never short."""
        if not is_short(self.contract, without_faults).any():
            return without_faults
        trace = self.surroundings.utilisation
        full = replace(self.surroundings, utilisation=replace(trace, utilisation_frac=np.ones(1)))
        exposure = self._expose(no_outages(self._steps), full)
        return self._series(simulate(self.plant, exposure, initial_state(self.plant)))

    @property
    def _steps(self) -> int:
        return self.usual.period.duration // STEP

    def _series(self, lived: Delivered) -> Series:
        return measured(lived, outdoor_c=self.usual.outdoor_c)

    def _expose(self, outages: Outages, surroundings: Surroundings | None = None) -> Exposure:
        return expose(
            self.site,
            surroundings or self.surroundings,
            self.usual.period,
            step=STEP,
            outages=outages,
        )

    def try_fault(self, broken: Broken) -> FaultTried:
        """Live a fault where it is coldest."""
        lasts_h, basis = lasts_of(self.site, broken)
        first, last = coldest_steps(self.usual.outdoor_c, round(lasts_h / STEP_H))
        faults = tuple(self._faults(broken, first, last))
        outages = outages_of(faults, self._steps)
        lived = self._live(broken, outages, first, last)
        series = with_causes(self.contract, self._series(lived), faults, self.undone)
        judged = judge_series(self.contract, self.watch.intervals, series)
        steps = np.zeros(self._steps, dtype=np.bool_)
        steps[first : last + round(AFTER_H / STEP_H)] = True
        usual = self.watch.read(self.usual.with_heat, steps, self.watch.judge(self.usual.with_heat))
        hit = steps & is_short(self.contract, series)
        return FaultTried(
            broken=broken,
            starts_at=self.usual.period.start + first * STEP,
            lasts_h=(last - first) * STEP_H,
            basis=basis,
            wanted_kwh=usual.given_kwh + usual.short_kwh,
            served=self.watch.read(lived, steps, judged),
            counted_as=cause_of(_FAILS[broken], self.contract) if faults else None,
            failed_h=_hours(hit & _counts_against(judged)),
            excused_h=_hours(hit & judged.are(Outcome.EXCUSED)),
            servers_off_h=_hours(outages.servers[first:last]),
        )

    def _faults(self, broken: Broken, first: int, last: int) -> Iterator[Fault]:
        if broken is Broken.BOILER:
            return
        if broken is Broken.COOLER:
            # What customers do not take has nowhere to go: the servers run until there is some.
            rejected_kw = self.usual.with_heat.flows["rejected_kw"][first:last]
            most_kw = _REJECTS_FRAC * self.site.computing.power_kw_rated
            over = np.flatnonzero(rejected_kw > most_kw)
            if not over.size:
                return
            first += int(over[0])
        yield Fault(what=_FAILS[broken], first=first, last=last)

    def _live(self, broken: Broken, outages: Outages, first: int, last: int) -> Delivered:
        """Simulate the year; where own heat fails too, by parts with another plant in between."""
        exposure = self._expose(outages)
        if broken not in (Broken.BOILER, Broken.GRID):
            return simulate(self.plant, exposure, initial_state(self.plant))
        bare = self.plant._replace(boiler=self.plant.boiler._replace(heat_kw_rated=0.0))
        state, parts = initial_state(self.plant), []
        for plant, begin, end in _stretches(self.plant, bare, first, last, self._steps):
            lived = simulate(plant, part_of(exposure, begin, end), state)
            state = lived.end
            parts.append(lived.flows)
        return Delivered(
            period=exposure.period,
            step_h=exposure.step_h,
            flows={name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        )


def _stretches(
    plant: Plant, bare: Plant, first: int, last: int, steps: int
) -> Iterator[tuple[Plant, int, int]]:
    """Give the plant of each stretch of the year, from step until before step."""
    for own, begin, end in ((plant, 0, first), (bare, first, last), (plant, last, steps)):
        if end > begin:
            yield own, begin, end


def part_of(exposure: Exposure, first: int, last: int) -> Exposure:
    """Give the steps of an exposure from one until before another."""
    conditions = exposure.conditions
    cut = {
        name: values[first:last]
        for name, values in conditions._asdict().items()
        if name not in ("station_kw_per_k", "acceptance")
    }
    step, start = timedelta(hours=exposure.step_h), exposure.period.start
    return Exposure(
        period=replace(exposure.period, start=start + first * step, end=start + last * step),
        step_h=exposure.step_h,
        conditions=conditions._replace(**cut),
        load_names=exposure.load_names,
    )


def _counts_against(judged: Judged) -> BoolArray:
    outcomes = (Outcome.FAILED, Outcome.REDUCED, Outcome.UNPAID)
    against: BoolArray = np.any([judged.are(one) for one in outcomes], axis=0)
    return against


def _hours(holds: BoolArray) -> float:
    return float(holds.sum()) * STEP_H
