"""The first law against the meters: what is not accounted for, and which sensor is likeliest wrong.

What goes in as electricity comes out as heat: delivered, rejected, stored or lost. Where a period
does not close within the declared uncertainties, each known mistake of commissioning is tried: were
it so, would the account close, and would every value be one that the site can have? The one that
explains most is named; where two explain as well, both are. Nothing is corrected. Pure.
"""

from collections.abc import Callable, Iterator
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
class Water:
    """What passed a heat meter in each interval, and its mean temperatures there."""

    volume_m3: Floats
    supply_c: Floats
    return_c: Floats

    @property
    def carried_kwh(self) -> float:
        """The heat that volume and temperatures make, beside the meter's register.

        The meter hangs in the return, so the density is that of the return.
        """
        mass_kg = self.volume_m3 * np.array([density_kg_per_m3(one) for one in self.return_c])
        lift_k = self.supply_c - self.return_c
        return float(np.sum(mass_kg * HEAT_CAPACITY_KJ_PER_KGK * lift_k) / KJ_PER_KWH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolant:
    """How warm the coolant was, and what the plant model has for it with a clean exchanger."""

    measured_c: Floats
    clean_c: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the meters tell of a period in intervals, all arrays of one length.

    ``driven_kwh`` is other electricity that becomes heat of the same stream (heat pump, fans at the
    racks); ``lost_kwh`` what leaves by surfaces and into the hall, measured or by the plant model.
    Where no meter counts what is rejected it is whatever is left, from nothing up to
    ``rejected_kwh_max``: then too much heat shows, and too little does not.
    """

    hours: float
    it_kwh: Floats
    driven_kwh: Floats
    delivered_kwh: Floats
    rejected_kwh: Floats | None
    rejected_kwh_max: float = 0.0
    stored_kwh: Floats
    lost_kwh: Floats
    water: Water | None = None
    coolant: Coolant | None = None

    @property
    def left_kwh(self) -> float:
        """What went in and was neither delivered, stored nor lost."""
        going_in = self.it_kwh + self.driven_kwh
        return float(np.sum(going_in - self.delivered_kwh - self.stored_kwh - self.lost_kwh))

    @property
    def rejected_kwh_sum(self) -> float:
        """What was rejected, or may have been."""
        if self.rejected_kwh is None:
            return min(max(0.0, self.left_kwh), self.rejected_kwh_max)
        return float(np.sum(self.rejected_kwh))

    @property
    def residual_kwh(self) -> float:
        """What went in and is not accounted for; negative where more came out."""
        return self.left_kwh - self.rejected_kwh_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """The standard uncertainty of each term as a share of it.

    ``lost_frac`` is that of what only the model knows; see `lost_doubt_frac`.
    """

    it_frac: float = 0.01
    delivered_frac: float = 0.02
    rejected_frac: float = 0.05
    lost_frac: float = 0.2

    def parts_of(self, account: Account) -> dict[str, float]:
        """Give the standard uncertainty in kWh that each term brings to an account's residual."""
        return {
            "the electricity": self.it_frac * _size(account.it_kwh + account.driven_kwh),
            "the heat delivered": self.delivered_frac * _size(account.delivered_kwh),
            "the heat rejected": self.rejected_frac * _size(account.rejected_kwh),
            "the modelled losses": self.lost_frac * _size(account.lost_kwh),
            # Stored heat is a difference of temperatures: its own size tells little of its doubt.
            "the heat stored": self.delivered_frac * _size(account.stored_kwh),
        }

    def kwh_of(self, account: Account) -> float:
        """Give the standard uncertainty of an account's residual; the terms are independent."""
        return float(np.sqrt(sum(kwh**2 for kwh in self.parts_of(account).values()))) + 1e-9


def lost_doubt_frac(within: tuple[float, float], usual: float) -> float:
    """Give the standard uncertainty of what is not captured, as a share of it.

    Nobody knows where ``within`` its range a capture lies, so each place is as likely: the standard
    uncertainty is the range over the root of twelve (JCGM 100:2008, 4.3.7). The share is that of
    the loss at the ``usual`` capture; who captures more by good sheets has less to be wrong about.
    """
    low, high = within
    return (high - low) / float(np.sqrt(12.0)) / (1.0 - usual)


def _size(kwh: Floats | None) -> float:
    return 0.0 if kwh is None else float(np.sum(np.abs(kwh)))


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
    impossible: tuple[str, ...] = ()
    """what no sound meter of this site can show, in words"""

    @property
    def closes(self) -> bool:
        """Whether the account closes as it is told, by values that the site can have."""
        return self._within_doubt and not self.impossible

    @property
    def allowed_kwh(self) -> float:
        """By how much the account may be open and still closes."""
        return CLOSES_SIGMA * self.doubt_kwh

    @property
    def _within_doubt(self) -> bool:
        return abs(self.residual_kwh) <= self.allowed_kwh


@dataclass(frozen=True, slots=True)
class _Tried:
    """A fault that was tried: what the account would be, and how badly that fits."""

    fault: Fault
    sensor: str
    factor: float
    account: Account
    misfit: float


def suspect(
    account: Account,
    doubt: Doubt,
    ratings: Ratings,
    *,
    it_scaled: Callable[[float], Account] | None = None,
) -> Suspicion:
    """Tell whether an account closes, and if it does not, which known fault explains it best.

    ``it_scaled`` draws the account anew were the servers' power told so many times too large, for
    accounts whose modelled terms follow that power.
    """
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
    of_it = it_scaled or (lambda factor: replace(account, it_kwh=account.it_kwh / factor))
    tried = sorted(_try_all(account, doubt, ratings, of_it), key=lambda one: one.misfit)
    best = tried[0] if tried else plain
    if best.misfit > CLOSES_SIGMA**2:
        best = replace(plain, fault="unknown")
    explains = best.fault != "unknown"
    also = [one for one in tried[1:] if explains and one.misfit <= best.misfit + _ALIKE]
    return Suspicion(
        fault=best.fault,
        sensor=best.sensor,
        factor=best.factor,
        residual_kwh=residual_kwh,
        doubt_kwh=doubt_kwh,
        explained_kwh=best.account.residual_kwh,
        also=tuple(_words(one.fault, one.sensor, one.factor) for one in also),
        impossible=_impossible(account, ratings),
    )


def _try_all(
    account: Account, doubt: Doubt, ratings: Ratings, it_scaled: Callable[[float], Account]
) -> Iterator[_Tried]:
    def tried(fault: Fault, sensor: str, factor: float, were_so: Account) -> _Tried:
        return _Tried(fault, sensor, factor, were_so, _misfit(were_so, doubt, ratings))

    water = account.water
    if water is not None and (carried_kwh := water.carried_kwh) < 0.0:
        swapped = replace(
            account,
            water=replace(water, supply_c=water.return_c, return_c=water.supply_c),
            # A meter does not count backwards: its register stood still meanwhile.
            delivered_kwh=account.delivered_kwh - carried_kwh / len(account.delivered_kwh),
        )
        yield tried("sensors swapped", "heat meter, supply and return", 1.0, swapped)
    for factor in _MAGNITUDES:
        pulses = replace(
            account,
            delivered_kwh=account.delivered_kwh / factor,
            water=water and replace(water, volume_m3=water.volume_m3 / factor),
        )
        yield tried("pulse value", "heat meter, flow", factor, pulses)
        yield tried("scale", "power distribution", factor, it_scaled(factor))


def _misfit(account: Account, doubt: Doubt, ratings: Ratings) -> float:
    """Give how badly an account fits: its residual in uncertainties, and what cannot be."""
    residual = account.residual_kwh / doubt.kwh_of(account)
    return residual**2 + _IMPOSSIBLE * len(_impossible(account, ratings))


def _impossible(account: Account, ratings: Ratings) -> tuple[str, ...]:
    """Say what no sound meter of this site can show."""
    it_kw = float(np.mean(account.it_kwh)) / account.hours
    told = [] if account.water is None else list(_impossible_water(account.water, account, ratings))
    if it_kw > _OVER_RATING * ratings.it_kw:
        told.append(
            f"the servers drew {format_quantity('it_kw', it_kw)} on average, and are rated at "
            f"{format_quantity('it_kw', ratings.it_kw)}"
        )
    return tuple(told)


def _impossible_water(water: Water, account: Account, ratings: Ratings) -> Iterator[str]:
    flow_m3h = float(np.max(water.volume_m3, initial=0.0)) / account.hours
    delivered_kwh, carried_kwh = float(np.sum(account.delivered_kwh)), water.carried_kwh
    larger = max(abs(carried_kwh), abs(delivered_kwh))
    if flow_m3h > _OVER_RATING * ratings.flow_m3h:
        yield (
            f"the heat meter told {format_quantity('flow_m3h', flow_m3h)}, and the pump gives "
            f"{format_quantity('flow_m3h', ratings.flow_m3h)}"
        )
    if abs(carried_kwh - delivered_kwh) > _AGREES_FRAC * larger:
        yield (
            f"the heat meter counted {format_quantity('heat_kwh', delivered_kwh)}, and its volume "
            f"and temperatures make {format_quantity('heat_kwh', carried_kwh)}"
        )


def _is_fouled(account: Account) -> bool:
    """Tell whether the coolant is warmer than a clean exchanger would leave it.

    Where a valve holds the coolant at its temperature, fouling does not show here.
    """
    if account.coolant is None:
        return False
    warmer_k = account.coolant.measured_c - account.coolant.clean_c
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
    allowed = format_quantity("allowed_kwh", suspicion.allowed_kwh)
    told = f"Of the heat of the servers {residual} are not accounted for, where ±{allowed} may be"
    if suspicion.impossible:
        told += f", and it cannot be that {' or that '.join(suspicion.impossible)}"
    likeliest = _words(suspicion.fault, suspicion.sensor, suspicion.factor)
    if suspicion.fault == "unknown":
        message = f"{told}. No known fault of a single meter explains it."
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
            "allowed_kwh": round(suspicion.allowed_kwh, 3),
        },
    )
