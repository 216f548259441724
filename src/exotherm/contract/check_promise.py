"""Checks of what is promised: capacity, temperature, fallback, maintenance, term."""

from collections.abc import Iterator
from datetime import date

from exotherm.contract.case import Case, Check, celsius, kelvin, kw
from exotherm.core.findings import Finding
from exotherm.core.period import write_day
from exotherm.core.units import format_quantity
from exotherm.site.document import OpeningHours
from exotherm.site.heat_path import captured_kw, heat_path_of

# Notice of planned interruptions that customers of heat are used to (Heat Trust; AVB section 5).
_NOTICE_DAYS_USUAL = 5
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _capacity_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that full servers give the capacity and the exchangers pass it (QOS-1)."""
    site, promised_kw = case.site, case.contract.capacity.heat_kw
    servers_kw = captured_kw(site)
    passed_kw = heat_path_of(site).heat_kw(
        coolant_c=site.capture.coolant_c_max, pool_c=site.pool.water_c_set
    )
    if promised_kw > min(servers_kw, passed_kw):
        yield case.source.error(
            "contract.capacity-not-reachable",
            "capacity",
            "heat_kw",
            message=f"{kw(promised_kw)} are promised; full servers give {kw(servers_kw)} and the "
            f"exchangers pass {kw(passed_kw)} at most.",
            remedy="Promise less, or correct servers and exchangers in the site file.",
            promised_kw=promised_kw,
            servers_kw=round(servers_kw, 3),
            passed_kw=round(passed_kw, 3),
        )


def _idle_heat_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that idle servers give the heat that is promised even then (QOS-7)."""
    site, contract = case.site, case.contract
    promised_kw = contract.it_load.heat_kw_min
    idle_kw = captured_kw(site, power_frac=site.computing.idle_frac)
    if promised_kw > idle_kw:
        yield case.source.error(
            "contract.idle-heat-not-reachable",
            "it_load",
            "heat_kw_min",
            message=f"{kw(promised_kw)} are promised with idle servers; they draw "
            f"{format_quantity('idle_frac', site.computing.idle_frac)} of "
            f"{kw(site.computing.power_kw_rated)} and give {kw(idle_kw)}.",
            remedy=f"Promise at most {kw(idle_kw)}, or a dummy load for idle hours.",
            promised_kw=promised_kw,
            idle_kw=round(idle_kw, 3),
        )
    if promised_kw > contract.capacity.heat_kw:
        yield case.source.error(
            "contract.idle-heat-above-capacity",
            "it_load",
            "heat_kw_min",
            message=f"{kw(promised_kw)} are promised with idle servers, but "
            f"{kw(contract.capacity.heat_kw)} at their usual load.",
            remedy="Idle servers give less than busy ones: correct one of the two.",
            promised_kw=promised_kw,
            capacity_kw=contract.capacity.heat_kw,
        )


def _temperature_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that the plant can be as warm as promised while it gives the capacity (QOS-2)."""
    site, contract = case.site, case.contract
    per_k = heat_path_of(site).exchanger_kw_per_k
    drop_k = contract.capacity.heat_kw / per_k if per_k else site.capture.coolant_c_max
    possible_c = site.capture.coolant_c_max - drop_k
    promised_c = contract.supply_temperature.supply_c_min
    if promised_c > possible_c:
        yield case.source.error(
            "contract.supply-not-reachable",
            "supply_temperature",
            "supply_c_min",
            message=f"{celsius(promised_c)} are promised; with coolant of at most "
            f"{celsius(site.capture.coolant_c_max)} and {kelvin(drop_k)} lost in the exchanger at "
            f"{kw(contract.capacity.heat_kw)} the plant reaches {celsius(possible_c)}.",
            remedy="Promise less, or enlarge the exchanger; this plant has no heat pump.",
            promised_c=promised_c,
            possible_c=round(possible_c, 3),
        )


def _temperature_is_held_when_idle(case: Case) -> Iterator[Finding]:
    """Check that idle servers keep the supply as warm as promised (QOS-2 with QOS-7).

    With the little heat of idle servers the buffer settles just above the pool: as far as the
    delivery exchanger needs to pass that heat on.
    """
    contract, pool = case.contract, case.site.pool
    per_k = heat_path_of(case.site).delivery_kw_per_k
    promise = contract.supply_temperature
    if not per_k or contract.it_load.borne_by == "customer":
        return
    settled_c = pool.water_c_set + contract.it_load.heat_kw_min / per_k
    if settled_c < promise.supply_c_min - promise.tolerance_k:
        yield case.source.warning(
            "contract.supply-cool-when-idle",
            "supply_temperature",
            "supply_c_min",
            message=f"With idle servers and {kw(contract.it_load.heat_kw_min)} the supply settles "
            f"at {celsius(settled_c)} over a pool of {celsius(pool.water_c_set)}; promised are "
            f"{celsius(promise.supply_c_min)}, and the supplier bears the difference.",
            remedy="Promise a lower temperature, or let QOS-7 be borne by the customer.",
            settled_c=round(settled_c, 3),
            promised_c=promise.supply_c_min,
        )


def _temperature_is_of_use(case: Case) -> Iterator[Finding]:
    """Check that the promised supply is warmer than the pool, and measurably so."""
    promise, pool = case.contract.supply_temperature, case.site.pool
    above_k = promise.supply_c_min - pool.water_c_set
    if above_k <= 0:
        yield case.source.error(
            "contract.supply-not-above-pool",
            "supply_temperature",
            "supply_c_min",
            message=f"{celsius(promise.supply_c_min)} are promised to a pool kept at "
            f"{celsius(pool.water_c_set)}: supply as promised would not warm it.",
            remedy="Promise a supply above the pool's temperature.",
            supply_c_min=promise.supply_c_min,
            water_c_set=pool.water_c_set,
        )
    elif above_k <= promise.tolerance_k:
        yield case.source.warning(
            "contract.promise-inside-tolerance",
            "supply_temperature",
            "tolerance_k",
            message=f"The promise lies {kelvin(above_k)} above the pool and the tolerance is "
            f"{kelvin(promise.tolerance_k)}: supply no warmer than the pool counts as kept.",
            remedy="Promise more, or allow a smaller tolerance.",
            above_k=round(above_k, 3),
            tolerance_k=promise.tolerance_k,
        )


def _fallback_suffices(case: Case) -> Iterator[Finding]:
    """Check that the fallback replaces what is promised and is the boiler that is there."""
    fallback, promised_kw = case.contract.fallback_plant, case.contract.capacity.heat_kw
    if fallback.heat_kw < promised_kw:
        yield case.source.error(
            "contract.fallback-too-small",
            "fallback_plant",
            "heat_kw",
            message=f"{kw(promised_kw)} are promised, but the fallback gives "
            f"{kw(fallback.heat_kw)}: when servers stop, the customer gets cold.",
            remedy="Enlarge the fallback or promise less.",
            fallback_kw=fallback.heat_kw,
            promised_kw=promised_kw,
        )
    boiler_kw = case.site.boiler.heat_kw_rated
    if fallback.owner == "customer" and fallback.heat_kw != boiler_kw:
        yield case.source.warning(
            "contract.fallback-differs",
            "fallback_plant",
            "heat_kw",
            message=f"The contract counts on a fallback of {kw(fallback.heat_kw)}; the customer's "
            f"boiler in the site file gives {kw(boiler_kw)}.",
            remedy="Read the boiler's plate and write the same output into both files.",
            fallback_kw=fallback.heat_kw,
            boiler_kw=boiler_kw,
        )


def _maintenance_is_announced(case: Case) -> Iterator[Finding]:
    """Check that planned windows are announced in time."""
    notice_days = case.contract.maintenance.notice_days
    if notice_days < _NOTICE_DAYS_USUAL:
        yield case.source.warning(
            "contract.maintenance-notice-short",
            "maintenance",
            "notice_days",
            message=f"Planned maintenance has {notice_days} of the usual {_NOTICE_DAYS_USUAL} days "
            "of notice.",
            remedy=f"Give {_NOTICE_DAYS_USUAL} days of notice.",
            notice_days=notice_days,
        )


def _maintenance_avoids_bathers(case: Case) -> Iterator[Finding]:
    """Check that the excused window lies outside the customer's opening hours."""
    window = case.contract.maintenance
    for opening in case.site.pool.opening:
        hours = _shared_hours(opening, window.weekday, window.starts_at, window.ends_at)
        if hours:
            yield case.source.warning(
                "contract.maintenance-in-opening-hours",
                "maintenance",
                "starts_at",
                message=f"The window of {_WEEKDAYS[window.weekday - 1]} {window.starts_at} to "
                f"{window.ends_at} o'clock takes {format_quantity('shared_h', hours)} of opening "
                f"hours, {opening.opens_at} to {opening.closes_at}.",
                remedy="Move the window to hours in which the pool is closed.",
                shared_h=hours,
            )


def _shared_hours(opening: OpeningHours, weekday: int, starts_at: int, ends_at: int) -> int:
    if weekday not in opening.weekdays:
        return 0
    return max(0, min(ends_at, opening.closes_at) - max(starts_at, opening.opens_at))


def _term_covers_plan(case: Case) -> Iterator[Finding]:
    """Check that the planned year lies inside the term, so that it can be rated."""
    year, term = case.site.study.year, case.contract.term
    if date(year, 1, 1) < term.starts_on or date(year, 12, 31) > term.ends_on:
        yield case.source.warning(
            "contract.year-outside-term",
            "term",
            "starts_on",
            message=f"The planned year {year} does not lie within the term from "
            f"{write_day(term.starts_on)} to {write_day(term.ends_on)}.",
            remedy="Plan a full year of the term: correct `year` in `[study]` or the term.",
            year=year,
            starts_on=term.starts_on.isoformat(),
            ends_on=term.ends_on.isoformat(),
        )


def _notice_is_reachable(case: Case) -> Iterator[Finding]:
    """Check that the day of notice before renewal lies inside the term."""
    term = case.contract.term
    # The term is over on the day after its last; notice is due whole months before that.
    over = date.fromordinal(term.ends_on.toordinal() + 1)
    due = (over.year * 12 + over.month - term.notice_months, over.day)
    if due <= (term.starts_on.year * 12 + term.starts_on.month, term.starts_on.day):
        yield case.source.error(
            "contract.notice-not-reachable",
            "term",
            "notice_months",
            message=f"{term.notice_months} months of notice do not fit into the term from "
            f"{write_day(term.starts_on)} to {write_day(term.ends_on)}: it would renew before "
            "anybody could end it.",
            remedy="Shorten the notice or lengthen the term.",
            notice_months=term.notice_months,
        )


def _zones_agree(case: Case) -> Iterator[Finding]:
    """Check that contract and site live by the same clock."""
    ours, theirs = case.contract.calendar.zone, case.site.site.zone
    if ours != theirs:
        yield case.source.error(
            "contract.zone-differs",
            "calendar",
            "zone",
            message=f"The contract follows the clock of {ours}, the site that of {theirs}: "
            "October would begin at two instants.",
            remedy="Write the zone of the place into both files.",
            contract=ours,
            site=theirs,
        )


PROMISE_CHECKS: tuple[Check, ...] = (
    _zones_agree,
    _capacity_is_reachable,
    _idle_heat_is_reachable,
    _temperature_is_reachable,
    _temperature_is_held_when_idle,
    _temperature_is_of_use,
    _fallback_suffices,
    _maintenance_is_announced,
    _maintenance_avoids_bathers,
    _term_covers_plan,
    _notice_is_reachable,
)
