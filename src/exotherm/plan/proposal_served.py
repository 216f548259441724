"""What a customer gets in a stretch of a simulated year: heat by its source, warmth, and cooling.

The same for a whole year as for a fault of some hours, so that both stand in like tables.
"""

from dataclasses import dataclass

import numpy as np

from exotherm.contract.outcome import Outcome
from exotherm.contract.series import BoolArray, Intervals, Judged
from exotherm.contract.terms import Contract
from exotherm.physics.computing import FloatArray
from exotherm.plan.rating import judge_year
from exotherm.plant.build import build_plant
from exotherm.plant.simulate import Delivered
from exotherm.site.document import Site

POOL_TOLERANCE_K = 0.05
"""by how much a pool may fall below its set-point before heat counts as short"""
COOLANT_TOLERANCE_K = 0.01
SETTLED_H = 7 * 24.0
"""hours from the beginning of a simulated year, whose store begins cold, that tell no supply"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """The supply that was worst against its promise, in the quarter-hours for which heat is owed.

    ``supply_c`` is None where heat was called for and none came.
    """

    supply_c: float | None
    promised_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a customer gets in a stretch of time, and how the servers fare in it."""

    hours: float
    service_kwh: float
    own_kwh: float
    """from the customer's own boiler or network"""
    short_kwh: float
    """wanted and given by nobody; of a pool what it lacks to its set-point in the end"""
    own_kw_max: float
    own_starts: int
    """how often the customer's own heat sets in"""
    supply: Supply | None
    """None where no heat is owed"""
    pool_c_min: float | None
    coolant_c_max: float | None
    """None where no server runs"""
    coolant_c_limit: float

    @property
    def given_kwh(self) -> float:
        """All heat that the customer gets."""
        return self.service_kwh + self.own_kwh

    @property
    def servers_cool(self) -> bool:
        """Whether the coolant stays within its limit."""
        hottest_c = self.coolant_c_max
        return hottest_c is None or hottest_c <= self.coolant_c_limit + COOLANT_TOLERANCE_K

    @property
    def is_warm(self) -> bool:
        """Whether the customer lacks nothing that is worth telling: a thousandth, or a kWh."""
        return self.short_kwh <= max(1.0, 1e-3 * self.given_kwh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A site's year under its contract, of which any stretch can be read."""

    site: Site
    contract: Contract
    intervals: Intervals
    outdoor_c: FloatArray

    def judge(self, lived: Delivered) -> Judged:
        """Judge every step of a year in which nothing fails."""
        return judge_year(self.contract, lived, self.intervals, outdoor_c=self.outdoor_c)

    def read(self, lived: Delivered, steps: BoolArray, judged: Judged) -> Served:
        """Read what the customer gets in some steps of a simulated year that was judged."""
        flows, step_h = lived.flows, lived.step_h
        own_kw = flows["backup_kw"]
        running = steps & (flows["it_kw"] > 0.0)
        return Served(
            hours=float(steps.sum()) * step_h,
            service_kwh=_sum(flows["delivered_kw"], steps, step_h),
            own_kwh=_sum(own_kw, steps, step_h),
            short_kwh=_sum(flows["unmet_kw"], steps, step_h) + self._pool_lacks_kwh(lived, steps),
            own_kw_max=float(own_kw[steps].max(initial=0.0)),
            own_starts=_starts(own_kw > 0.0, steps),
            supply=self._supply(lived, steps, judged),
            pool_c_min=_least(flows["pool_c"], steps) if self.site.pool is not None else None,
            coolant_c_max=float(flows["coolant_c"][running].max()) if running.any() else None,
            coolant_c_limit=self.site.capture.coolant_c_max,
        )

    def _pool_lacks_kwh(self, lived: Delivered, steps: BoolArray) -> float:
        """Give what would lift a pool from its coldest to its set-point; nought without a pool."""
        pool = self.site.pool
        if pool is None or not steps.any():
            return 0.0
        lacks_k = pool.water_c_set - _least(lived.flows["pool_c"], steps)
        if lacks_k <= POOL_TOLERANCE_K:
            return 0.0
        return lacks_k * build_plant(self.site).pool.kwh_per_k

    def _supply(self, lived: Delivered, steps: BoolArray, judged: Judged) -> Supply | None:
        """Find the quarter-hour that is farthest below its promise, of those that count."""
        flows = lived.flows
        steps = steps.copy()
        steps[: round(SETTLED_H / lived.step_h)] = False
        counts = ~(judged.are(Outcome.EXCUSED) | judged.are(Outcome.NO_OBLIGATION))
        owed = np.flatnonzero(steps & counts & (flows["called"] > 0.0))
        missing = np.flatnonzero(steps & judged.are(Outcome.FAILED))
        missing = missing[flows["delivered_kw"][missing] <= 0.0]
        if missing.size:
            at = int(missing[0])
            return Supply(supply_c=None, promised_c=self._promised_c(at))
        if not owed.size:
            return None
        promised_c = np.array([self._promised_c(int(at)) for at in owed])
        worst = int(np.argmin(flows["supply_c"][owed] - promised_c))
        return Supply(
            supply_c=float(flows["supply_c"][owed[worst]]), promised_c=float(promised_c[worst])
        )

    def _promised_c(self, at: int) -> float:
        return self.contract.supply_temperature.at(float(self.outdoor_c[at]))


def _sum(flow_kw: FloatArray, steps: BoolArray, step_h: float) -> float:
    return float(flow_kw[steps].sum()) * step_h


def _least(values: FloatArray, steps: BoolArray) -> float:
    return float(values[steps].min())


def _starts(runs: BoolArray, steps: BoolArray) -> int:
    """Count how often something sets in within some steps."""
    before = np.concatenate(([False], runs[:-1]))
    return int((runs & ~before & steps).sum())
