"""The heat account of a period: by meters where they count, by the plant model where none does.

The model lives the period with the servers' measured power, so that what it adds (losses, storage,
the fans at the racks, the coolant behind a clean exchanger) belongs to the load that there was. Its
weather is that of the typical year. Pure.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from exotherm.core.period import Period, local_midnight
from exotherm.operate.first_law import (
    Account,
    Coolant,
    Doubt,
    Floats,
    Ratings,
    Suspicion,
    Water,
    lost_doubt_frac,
    suspect,
)
from exotherm.physics.water import KJ_PER_KWH
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import expose
from exotherm.plant.parts import State
from exotherm.plant.simulate import simulate
from exotherm.site.document import Site
from exotherm.site.machines import CAPTURE_BY_KIND, CAPTURE_FRAC_RANGE, Capture
from exotherm.site.series import Surroundings

_IMMERSED_FRAC = float(Capture.model_fields["capture_frac"].default)
MODELLED = "plant model"
# A pump's curve and a meter's tolerance let a little more pass than the site file says.
_FLOW_MARGIN = 1.05
# Beyond this the plant serves other temperatures than the model, and coolants do not compare.
_SERVED_ALIKE_K = 2.0
# Water that does not flow carries nothing, however warm.
_STILL_C = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What meters told in each interval of a period, arrays of one length; NaN where they did not.

    None where the site has no meter for it. ``sources`` names what told each, by field.
    """

    period: Period
    step: timedelta
    it_kwh: Floats
    delivered_kwh: Floats
    rejected_kwh: Floats | None
    auxiliary_kwh: Floats | None
    volume_m3: Floats | None
    supply_c: Floats | None
    return_c: Floats | None
    coolant_c: Floats | None
    sources: dict[str, str]

    @property
    def known(self) -> np.ndarray:
        """The intervals in which every register told how far it went."""
        registers = (self.it_kwh, self.delivered_kwh, self.rejected_kwh, self.auxiliary_kwh)
        known = np.ones(self.it_kwh.size, dtype=bool)
        for told in registers:
            if told is not None:
                known &= np.isfinite(told)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A line of the account: what it is, how much, and what tells it."""

    name: str
    heat_kwh: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The account of a period, what it rests on, and what it shows."""

    period: Period
    known_frac: float
    """share of the intervals in which all registers were read; the account holds for these"""
    going_in: tuple[Term, ...]
    coming_out: tuple[Term, ...]
    carried: Term | None
    """the heat meter's own volume and temperatures, beside its register"""
    rejection_is_open: bool
    """whether no meter counts what is rejected"""
    coolant_is_compared: bool
    suspicion: Suspicion
    most_doubtful: str
    """the term that brings most of what the account may be open by, in words"""


def doubt_on(site: Site) -> Doubt:
    """Give how well each term of a site's account is known; most losses are what is not captured.

    A rear door's loss follows from its coil and has no range of its own.
    """
    kind = site.capture.kind
    if kind not in CAPTURE_FRAC_RANGE:
        return Doubt()
    usual = float(CAPTURE_BY_KIND[kind].get("capture_frac", _IMMERSED_FRAC))
    return Doubt(lost_frac=lost_doubt_frac(CAPTURE_FRAC_RANGE[kind], usual))


def balance_of(site: Site, surroundings: Surroundings, readings: Readings) -> Balance | None:
    """Draw up the heat account of a period; None where no interval has all its registers."""
    known = readings.known
    if not known.any():
        return None
    start = _state_at(site, surroundings, readings)
    planned = expose(site, surroundings, readings.period, step=readings.step)

    def drawn(it_factor: float) -> Account:
        """Draw the account were the servers' power told so many times too large."""
        told = replace(readings, it_kwh=readings.it_kwh / it_factor)
        it_kw = _filled(told, planned.conditions.it_kw)
        lived = expose(site, surroundings, told.period, step=told.step, it_kw=it_kw)
        return _account(site, told, simulate(build_plant(site), lived, start).flows, known)

    account, doubt = drawn(1.0), doubt_on(site)
    ratings = Ratings(
        it_kw=site.computing.power_kw_rated,
        flow_m3h=_FLOW_MARGIN * site.delivery.flow_kgs * KJ_PER_KWH / 1000.0,
    )
    return Balance(
        period=readings.period,
        known_frac=float(np.mean(known)),
        going_in=_going_in(site, readings, account),
        coming_out=_coming_out(readings, account),
        carried=_carried(readings, account),
        rejection_is_open=account.rejected_kwh is None,
        coolant_is_compared=account.coolant is not None,
        suspicion=suspect(account, doubt, ratings, it_scaled=drawn),
        most_doubtful=max(doubt.parts_of(account).items(), key=lambda part: part[1])[0],
    )


def _state_at(site: Site, surroundings: Surroundings, readings: Readings) -> State:
    """Give the plant at the start of the readings, having lived the year until then as planned."""
    plant, start = build_plant(site), readings.period.start
    first = local_midnight(date(start.astimezone(site.zone).year, 1, 1), site.zone)
    if first == start:
        return initial_state(plant)
    before = expose(site, surroundings, Period(first, start), step=readings.step)
    return simulate(plant, before, initial_state(plant)).end


def _filled(readings: Readings, planned_kw: Floats) -> Floats:
    """Give the servers' power in each interval as it was measured; what was not is as planned."""
    measured_kw = readings.it_kwh / (readings.step / timedelta(hours=1))
    return np.where(np.isfinite(measured_kw), measured_kw, planned_kw)


def _account(
    site: Site, readings: Readings, flows: dict[str, Floats], known: np.ndarray
) -> Account:
    hours = readings.step / timedelta(hours=1)

    def modelled(*names: str) -> Floats:
        summed = np.sum([flows[name] for name in names], axis=0)
        return np.asarray(summed[known] * hours, dtype=np.float64)

    captured_kwh = float(np.sum(modelled("captured_kw")))
    return Account(
        hours=hours,
        it_kwh=readings.it_kwh[known],
        driven_kwh=_driven(site, readings, flows, known),
        delivered_kwh=readings.delivered_kwh[known],
        rejected_kwh=None if readings.rejected_kwh is None else readings.rejected_kwh[known],
        rejected_kwh_max=captured_kwh,
        stored_kwh=modelled("buffer_stored_kw"),
        lost_kwh=modelled("uncaptured_kw", "buffer_loss_kw", "heat_pump_loss_kw"),
        water=_water(readings, known),
        coolant=_coolant(readings, flows, known),
    )


def _driven(site: Site, readings: Readings, flows: dict[str, Floats], known: np.ndarray) -> Floats:
    """Give the electricity of fans and heat pump: measured with the pumps, less the pumps' own."""
    hours = readings.step / timedelta(hours=1)
    pump_kwh = flows["heat_pump_power_kw"] * hours
    if _heat_pump_is_metered(site, readings):
        assert readings.auxiliary_kwh is not None
        others_kwh = (flows["auxiliary_kw"] - flows["heat_pump_power_kw"]) * hours
        pump_kwh = readings.auxiliary_kwh - others_kwh
    whole = flows["capture_fan_kw"] * hours + pump_kwh
    return np.asarray(whole[known], dtype=np.float64)


def _heat_pump_is_metered(site: Site, readings: Readings) -> bool:
    return site.heat_pump is not None and readings.auxiliary_kwh is not None


def _water(readings: Readings, known: np.ndarray) -> Water | None:
    """Give what passed the heat meter; None where it does not tell it, or not all the time."""
    if readings.volume_m3 is None or readings.supply_c is None or readings.return_c is None:
        return None
    volume_m3 = readings.volume_m3[known]
    still = volume_m3 == 0.0
    supply_c = np.where(still, _STILL_C, readings.supply_c[known])
    return_c = np.where(still, _STILL_C, readings.return_c[known])
    if not np.isfinite(volume_m3 + supply_c + return_c).all():
        return None
    return Water(volume_m3=volume_m3, supply_c=supply_c, return_c=return_c)


def _coolant(readings: Readings, flows: dict[str, Floats], known: np.ndarray) -> Coolant | None:
    """Give the coolant beside the model's, where the plant serves what the model serves."""
    if readings.coolant_c is None or readings.supply_c is None:
        return None
    served_k = readings.supply_c[known] - flows["supply_c"][known]
    told = np.isfinite(readings.coolant_c[known]) & np.isfinite(served_k)
    if not told.any() or abs(float(np.median(served_k[told]))) > _SERVED_ALIKE_K:
        return None
    return Coolant(
        measured_c=readings.coolant_c[known][told], clean_c=flows["coolant_c"][known][told]
    )


# --- The lines that people read


def _going_in(site: Site, readings: Readings, account: Account) -> tuple[Term, ...]:
    driven = MODELLED
    if _heat_pump_is_metered(site, readings):
        driven = f"{readings.sources['auxiliary_kwh']}, less the pumps of the {MODELLED}"
    return (
        _term("servers", account.it_kwh, readings.sources["it_kwh"]),
        _term("heat pump and fans at the racks", account.driven_kwh, driven),
    )


def _coming_out(readings: Readings, account: Account) -> tuple[Term, ...]:
    rejected = Term(
        name="rejected",
        heat_kwh=account.rejected_kwh_sum,
        source=readings.sources.get("rejected_kwh", "no meter: taken as what is left"),
    )
    return (
        _term("delivered", account.delivered_kwh, readings.sources["delivered_kwh"]),
        rejected,
        _term("lost and into the room", account.lost_kwh, MODELLED),
        _term("stored", account.stored_kwh, MODELLED),
    )


def _carried(readings: Readings, account: Account) -> Term | None:
    if account.water is None:
        return None
    return Term(
        name="delivered by volume and temperatures",
        heat_kwh=account.water.carried_kwh,
        source=readings.sources["volume_m3"],
    )


def _term(name: str, kwh: Floats, source: str) -> Term:
    return Term(name=name, heat_kwh=float(np.sum(kwh)), source=source)
