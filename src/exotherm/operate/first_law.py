"""The first law against the meters: what is not accounted for, and which sensor is likeliest wrong.

What goes in as electricity comes out as heat: delivered, rejected, stored or lost. Where a period
does not close within the declared uncertainties, each known mistake of commissioning is tried: were
it so, would the account close, and would every value be one that the site can have? The one that
explains most is named; where two explain as well, both are. Nothing is corrected. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_quantity
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3

Floats = npt.NDArray[np.float64]
Fault = Literal["none", "sensors swapped", "pulse value", "scale", "exchanger fouled", "unknown"]

CLOSES_SIGMA = 3.0
"""An account closes within so many standard uncertainties."""
_ALIKE = 4.0
_IMPOSSIBLE = 100.0
_OVER_RATING = 1.1
_MAGNITUDES = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)
# Two instruments that count the same water agree this well, or one of them is wrong.
_AGREES_FRAC = 0.15
# The approach of a clean exchanger is known this well: plant model, fouling allowance, sensors.
_WARMER_K = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the meters tell of a period in intervals, all arrays of one length.

    ``driven_kwh`` is other electricity that becomes heat of the same stream (heat pump, fans at the
    racks); ``lost_kwh`` what leaves by surfaces and into the hall, measured or by the plant model.
    The mean temperatures and the volume are those of the heat meter. ``coolant_c_clean`` is what
    the plant model has for the coolant while its exchanger is clean.
    """

    hours: float
    it_kwh: Floats
    driven_kwh: Floats
    delivered_kwh: Floats
    rejected_kwh: Floats
    stored_kwh: Floats
    lost_kwh: Floats
    flow_m3: Floats
    supply_c: Floats
    return_c: Floats
    coolant_c: Floats
    coolant_c_clean: Floats

    @property
    def residual_kwh(self) -> float:
        """What went in and is not accounted for; negative where more came out."""
        going_in = self.it_kwh + self.driven_kwh
        out = self.delivered_kwh + self.rejected_kwh + self.stored_kwh + self.lost_kwh
        return float(np.sum(going_in - out))

    @property
    def carried_kwh(self) -> float:
        """The heat that the water carried by volume and temperatures, beside the meter's register.

        The meter hangs in the return, so the density is that of the return.
        """
        mass_kg = self.flow_m3 * np.array([density_kg_per_m3(one) for one in self.return_c])
        lift_k = self.supply_c - self.return_c
        return float(np.sum(mass_kg * HEAT_CAPACITY_KJ_PER_KGK * lift_k) / KJ_PER_KWH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """The standard uncertainty of each term as a share of it."""

    it_frac: float = 0.01
    delivered_frac: float = 0.02
    rejected_frac: float = 0.05
    lost_frac: float = 0.2

    def kwh_of(self, account: Account) -> float:
        """Give the standard uncertainty of an account's residual; the terms are independent."""
        squares = (
            (self.it_frac * float(np.sum(account.it_kwh + account.driven_kwh))) ** 2,
            (self.delivered_frac * float(np.sum(np.abs(account.delivered_kwh)))) ** 2,
            (self.rejected_frac * float(np.sum(np.abs(account.rejected_kwh)))) ** 2,
            (self.lost_frac * float(np.sum(np.abs(account.lost_kwh)))) ** 2,
            # Stored heat is a difference of temperatures: its own size tells little of its doubt.
            (self.delivered_frac * float(np.sum(np.abs(account.stored_kwh)))) ** 2,
        )
        return float(np.sqrt(sum(squares))) + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What the site can have at most: power of the servers, flow at the heat meter."""

    it_kw: float
    flow_m3h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """What an account shows: the likeliest fault, at which meter, and what else explains as well.

    ``factor`` is by how much the meter tells too much; 1 where that is not the fault.
    """

    fault: Fault
    sensor: str
    factor: float
    residual_kwh: float
    doubt_kwh: float
    explained_kwh: float
    """the residual that is left were it so"""
    also: tuple[str, ...] = ()

    @property
    def closes(self) -> bool:
        """Whether the account closes as it is told."""
        return abs(self.residual_kwh) <= CLOSES_SIGMA * self.doubt_kwh


@dataclass(frozen=True, slots=True)
class _Tried:
    """A fault that was tried: what the account would be, and how badly that fits."""

    fault: Fault
    sensor: str
    factor: float
    account: Account
    misfit: float


def suspect(account: Account, doubt: Doubt, ratings: Ratings) -> Suspicion:
    """Tell whether an account closes, and if it does not, which known fault explains it best."""
    doubt_kwh, residual_kwh = doubt.kwh_of(account), account.residual_kwh
    plain = _Tried("none", "", 1.0, account, _misfit(account, doubt, ratings))
    if plain.misfit <= CLOSES_SIGMA**2 and not _impossible(account, ratings):
        fault: Fault = "exchanger fouled" if _is_fouled(account) else "none"
        return Suspicion(
            fault=fault,
            sensor="exchanger" if fault != "none" else "",
            factor=1.0,
            residual_kwh=residual_kwh,
            doubt_kwh=doubt_kwh,
            explained_kwh=residual_kwh,
        )
    tried = sorted(_try_all(account, doubt, ratings), key=lambda one: one.misfit)
    best = tried[0] if tried else plain
    if best.misfit > CLOSES_SIGMA**2:
        best = replace(plain, fault="unknown")
    also = [one for one in tried[1:] if one.misfit <= best.misfit + _ALIKE]
    return Suspicion(
        fault=best.fault,
        sensor=best.sensor,
        factor=best.factor,
        residual_kwh=residual_kwh,
        doubt_kwh=doubt_kwh,
        explained_kwh=best.account.residual_kwh,
        also=tuple(_words(one.fault, one.sensor, one.factor) for one in also),
    )


def _try_all(account: Account, doubt: Doubt, ratings: Ratings) -> Iterator[_Tried]:
    def tried(fault: Fault, sensor: str, factor: float, were_so: Account) -> _Tried:
        return _Tried(fault, sensor, factor, were_so, _misfit(were_so, doubt, ratings))

    if account.carried_kwh < 0.0:
        swapped = replace(
            account,
            supply_c=account.return_c,
            return_c=account.supply_c,
            # A meter does not count backwards: its register stood still meanwhile.
            delivered_kwh=account.delivered_kwh
            - account.carried_kwh / len(account.delivered_kwh) * np.ones_like(account.supply_c),
        )
        yield tried("sensors swapped", "heat meter, supply and return", 1.0, swapped)
    for factor in _MAGNITUDES:
        pulses = replace(
            account,
            delivered_kwh=account.delivered_kwh / factor,
            flow_m3=account.flow_m3 / factor,
        )
        yield tried("pulse value", "heat meter, flow", factor, pulses)
        scaled = replace(account, it_kwh=account.it_kwh / factor)
        yield tried("scale", "power distribution", factor, scaled)


def _misfit(account: Account, doubt: Doubt, ratings: Ratings) -> float:
    """Give how badly an account fits: its residual in uncertainties, and what cannot be."""
    residual = account.residual_kwh / doubt.kwh_of(account)
    return residual**2 + _IMPOSSIBLE * _impossible(account, ratings)


def _impossible(account: Account, ratings: Ratings) -> int:
    """Count what no sound meter of this site can show."""
    it_kw = float(np.mean(account.it_kwh)) / account.hours
    flow_m3h = float(np.max(account.flow_m3, initial=0.0)) / account.hours
    delivered_kwh = float(np.sum(account.delivered_kwh))
    apart = abs(account.carried_kwh - delivered_kwh)
    larger = max(abs(account.carried_kwh), abs(delivered_kwh))
    return (
        (it_kw > _OVER_RATING * ratings.it_kw)
        + (flow_m3h > _OVER_RATING * ratings.flow_m3h)
        + (apart > _AGREES_FRAC * larger)
    )


def _is_fouled(account: Account) -> bool:
    """Tell whether the coolant is warmer than a clean exchanger would leave it.

    Where a valve holds the coolant at its temperature, fouling does not show here.
    """
    warmer_k = account.coolant_c - account.coolant_c_clean
    return float(np.median(warmer_k)) > _WARMER_K


def _words(fault: Fault, sensor: str, factor: float) -> str:
    if factor == 1.0:
        return f"{fault} ({sensor})"
    much = f"{factor:g} times too much" if factor > 1.0 else f"{1.0 / factor:g} times too little"
    return f"{fault} ({sensor}) tells {much}"


def finding_of(suspicion: Suspicion, *, site: str) -> Finding | None:
    """Say what an account shows, or None where it closes and nothing is fouled."""
    if suspicion.fault == "none":
        return None
    residual = format_quantity("residual_kwh", suspicion.residual_kwh)
    doubt = format_quantity("doubt_kwh", CLOSES_SIGMA * suspicion.doubt_kwh)
    told = f"Of the heat of the servers {residual} are not accounted for, ±{doubt}"
    likeliest = _words(suspicion.fault, suspicion.sensor, suspicion.factor)
    if suspicion.fault == "unknown":
        message = f"{told}; no known fault of a single meter explains it."
    elif suspicion.fault == "exchanger fouled":
        message = f"{told}: it closes, but the coolant is warmer than a clean exchanger leaves it."
    else:
        left = format_quantity("residual_kwh", suspicion.explained_kwh)
        message = f"{told}. Likeliest is: {likeliest}; were it so, {left} would be left."
    if suspicion.also:
        message += f" As likely: {', '.join(suspicion.also)}."
    return Finding(
        code="meter.balance-open",
        severity=Severity.WARNING,
        where=Where(path=site),
        message=message,
        remedy="Prove the suspected meter against a second one before its readings are relied on; "
        "clean the exchanger where that is it.",
        data={
            "fault": suspicion.fault,
            "sensor": suspicion.sensor,
            "factor": suspicion.factor,
            "residual_kwh": round(suspicion.residual_kwh, 3),
            "doubt_kwh": round(suspicion.doubt_kwh, 3),
        },
    )
