"""What the pages Today and Site show: now, a day of history, and what waits for a person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from exotherm.contract.terms import Contract
from exotherm.core.period import (
    Period,
    local_midnight,
    month_period,
    name_of_month,
    write_instant,
)
from exotherm.core.samples import Point, Quality, Sample
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.store.values import Event
from exotherm.usecases.billing import INVOICE
from exotherm.usecases.meter_ledger import standing_events
from exotherm.usecases.proving import EVIDENCE
from exotherm.usecases.show_papers import invoice_row, pack_row
from exotherm.usecases.show_plant import show_plant
from exotherm.usecases.show_state import good_value, silent_after, state_of
from exotherm.usecases.storekeeping import newest_samples
from exotherm.usecases.workspace import Workspace

Shown = dict[str, object]

_DRAWN = ("power_kw", "heat_kw", "supply_c", "return_c")
"""Quantities whose day is shown."""
_LABELS = {
    "heat_kwh": "Heat register",
    "volume_m3": "Volume register",
    "heat_kw": "Heat now",
    "flow_m3h": "Flow",
    "supply_c": "Supply",
    "return_c": "Return",
    "power_kw": "Power of the servers",
    "it_kwh": "Electricity of the servers",
    "site_kwh": "Electricity of the data centre",
    "auxiliary_kwh": "Electricity to deliver heat",
    "fuel_kwh": "Fuel of the backup boiler",
    "coolant_c": "Coolant",
}


def show_today(workspace: Workspace, store: Store | None, *, now: datetime) -> Shown:
    """Show whether everybody is warm and whether anything waits for a person.

    ``store`` is None where the workspace has no database yet.
    """
    shown = _shown_live(workspace, store, "today", now)
    shown["to_do"] = _to_do(workspace, store, now=now)
    invoices = store.documents(INVOICE) if store else ()
    packs = store.documents(EVIDENCE) if store else ()
    shown["last_invoice"] = invoice_row(invoices[-1], now=now) if invoices else None
    shown["last_evidence"] = pack_row(packs[-1], zone=_zone(workspace)) if packs else None
    return shown


def show_site(
    workspace: Workspace, store: Store | None, *, now: datetime, day: date | None = None
) -> Shown:
    """Show what flows where: the last reading of every point, and a day of history.

    ``day`` is a day by the site's clock; without it the day is that of the last reading.
    """
    shown = _shown_live(workspace, store, "site", now)
    site, last = workspace.site, newest_samples(store, now=now) if store else {}
    shown["plant"] = show_plant(site) if site else []
    shown["points"], shown["history"] = [], None
    if site is None or store is None or not last:
        return shown
    points = points_of(site)
    silent_s = silent_after(site).total_seconds()
    shown["points"] = [
        _point(points[name], last[name], now=now, silent_s=silent_s)
        for name in points
        if name in last
    ]
    newest = max(sample.source_at for sample in last.values())
    # What is read at midnight closes the day before.
    newest_day = (newest - timedelta(seconds=1)).astimezone(site.zone).date()
    shown["history"] = _history(site, store, day or newest_day, now=now)
    return shown


def _shown_live(workspace: Workspace, store: Store | None, page: str, now: datetime) -> Shown:
    site, contract = workspace.site, workspace.contract
    last = newest_samples(store, now=now) if store else {}
    events = standing_events(store) if store else ()
    newest = max((sample.source_at for sample in last.values()), default=None)
    return {
        "page": page,
        "at": write_instant(now),
        "folder": str(workspace.folder),
        "site": _site(site) if site else None,
        "state": state_of(site, contract, last, now=now).to_json(),
        "last_reading_at": write_instant(newest) if newest else None,
        "last_reading_age_s": max(0.0, (now - newest).total_seconds()) if newest else None,
        "now": _flow(_pictured(site), last) if site and last else None,
        "promise": _promise(contract) if contract else None,
        "next": _next(workspace, newest, now),
        "findings": [finding.to_json() for finding in workspace.findings],
        "events": [_event(event, now) for event in events],
    }


def _zone(workspace: Workspace) -> str:
    return workspace.site.site.zone if workspace.site else "UTC"


def _site(site: Site) -> Shown:
    return {
        "name": site.site.name,
        "country": site.site.country,
        "zone": site.site.zone,
        "currency": site.site.currency,
        "has_heat_pump": site.heat_pump is not None,
    }


def _promise(contract: Contract) -> Shown:
    return {
        "supply_c_min": contract.supply_temperature.supply_c_min,
        "tolerance_k": contract.supply_temperature.tolerance_k,
        "available_frac_min": contract.availability.available_frac_min,
        "heat_kw": contract.capacity.heat_kw,
    }


def _pictured(site: Site) -> dict[str, Point]:
    """Give the points of the picture; what goes outdoors is told by the same quantities."""
    outdoors = {meter.name for meter in site.meters if meter.measures == "rejected"}
    return {name: point for name, point in points_of(site).items() if point.meter not in outdoors}


def _flow(points: Mapping[str, Point], last: Mapping[str, Sample]) -> Shown:
    """Give the numbers of the flow picture; what is not known or not to be believed is None.

    What the servers draw and the heat meter does not show is ``unaccounted_kw``: losses, the
    buffer's filling, what is rejected. Negative while the buffer gives more than comes in, and
    by what a heat pump adds of its own electricity.
    """
    by_quantity = {name.partition(".")[2]: good_value(points, last, name) for name in points}
    power, heat = by_quantity.get("power_kw"), by_quantity.get("heat_kw")
    supply, back = by_quantity.get("supply_c"), by_quantity.get("return_c")
    return {
        "power_kw": power,
        "coolant_c": by_quantity.get("coolant_c"),
        "heat_kw": heat,
        "supply_c": supply,
        "return_c": back,
        "lift_k": None if supply is None or back is None else round(supply - back, 2),
        "flow_m3h": by_quantity.get("flow_m3h"),
        "unaccounted_kw": None if power is None or heat is None else round(power - heat, 2),
        "delivered_frac": None if not power or heat is None else round(heat / power, 4),
    }


def _point(point: Point, sample: Sample, *, now: datetime, silent_s: float) -> Shown:
    quantity = point.name.partition(".")[2]
    age_s = max(0.0, (now - sample.source_at).total_seconds())
    return {
        "name": point.name,
        "label": _LABELS.get(quantity, quantity),
        "meter": point.meter,
        "kind": point.kind,
        "unit": point.unit,
        "decimals": point.decimals,
        "value": float(point.value_of(sample.count)),
        "quality": sample.quality.value,
        "source_at": write_instant(sample.source_at),
        "received_at": write_instant(sample.received_at),
        "age_s": age_s,
        "stale": age_s > silent_s,
    }


def _history(site: Site, store: Store, day: date, *, now: datetime) -> Shown:
    """Give a local day in steps of the readings' interval; None where no good reading is."""
    following = day + timedelta(days=1)
    period = Period(local_midnight(day, site.zone), local_midnight(following, site.zone))
    step = timedelta(minutes=site.metering.interval_min)
    steps = tuple(period.split(step))
    points = _pictured(site)
    names = {name.partition(".")[2]: name for name in points}
    drawn = {quantity: names[quantity] for quantity in _DRAWN if quantity in names}
    samples = store.samples([*drawn.values(), *_registers(names)], period)
    past = sum(one.end <= now for one in steps)
    series = {
        quantity: _by_step(points[name], samples[name], period, step)
        for quantity, name in drawn.items()
    }
    return {
        "day": day.isoformat(),
        "day_before": (day - timedelta(days=1)).isoformat(),
        "day_after": following.isoformat() if period.end <= now else None,
        "period": {"start": write_instant(period.start), "end": write_instant(period.end)},
        "step_min": site.metering.interval_min,
        "steps_past": past,
        "steps_missing": sum(value is None for value in series.get("heat_kw", [])[:past]),
        "heat_kwh": _advance(points, samples, names.get("heat_kwh")),
        "at": [write_instant(one.end) for one in steps],
        **series,
    }


def _registers(names: Mapping[str, str]) -> list[str]:
    return [names["heat_kwh"]] if "heat_kwh" in names else []


def _advance(
    points: Mapping[str, Point], samples: Mapping[str, Sequence[Sample]], name: str | None
) -> float | None:
    """Give how far a register came from the first to the last good reading; None if unknown."""
    good = [one for one in samples.get(name or "", ()) if one.quality is Quality.GOOD]
    if name is None or len(good) < 2:
        return None
    count = good[-1].count - good[0].count
    return float(points[name].value_of(count)) if count >= 0 else None


def _by_step(
    point: Point, samples: Sequence[Sample], period: Period, step: timedelta
) -> list[float | None]:
    """Give the reading at the end of each step; the last good one within it counts."""
    number = -(-period.duration // step)
    values: list[float | None] = [None] * number
    for sample in samples:
        slot = -((period.start - sample.source_at) // step) - 1
        if 0 <= slot < number and sample.quality is Quality.GOOD:
            values[slot] = float(point.value_of(sample.count))
    return values


def _event(event: Event, now: datetime) -> Shown:
    return {
        **event.finding.to_json(),
        "first_at": write_instant(event.first_at),
        "last_at": write_instant(event.last_at),
        "times": event.times,
        "age_s": max(0.0, (now - event.first_at).total_seconds()),
    }


def _next(workspace: Workspace, newest: datetime | None, now: datetime) -> Shown | None:
    """Say the one next step where the site does not run yet or is silent."""
    folder = workspace.folder
    if workspace.site is None or workspace.contract is None:
        text = "See every finding with its remedy:"
        return {"text": text, "command": f"exotherm check {folder}"}
    if newest is None:
        text = "Read the meters once, or run the gateway to read them by their interval:"
        return {"text": text, "command": f"exotherm operate poll {folder}"}
    if now - newest > silent_after(workspace.site):
        text = "Read the meters once and see which of them answers:"
        return {"text": text, "command": f"exotherm operate poll {folder}"}
    return None


def _to_do(workspace: Workspace, store: Store | None, *, now: datetime) -> list[Shown]:
    """List what waits for a person: the last full month, if it was read, to bill and to prove."""
    contract = workspace.contract
    if store is None or contract is None:
        return []
    this = now.astimezone(contract.zone)
    before = date(this.year, this.month, 1) - timedelta(days=1)
    month = month_period(before.year, before.month, contract.zone).overlap(contract.term_period)
    if month is None:
        return []
    name = name_of_month(month, contract.zone)
    read = store.samples([contract.delivered_heat.point], month)[contract.delivered_heat.point]
    billed, proved = (
        any(document.period.overlap(month) for document in store.documents(kind))
        for kind in (INVOICE, EVIDENCE)
    )
    option = f"{workspace.folder} --month {name}"
    if read and not billed:
        return [
            {"text": f"{name} is over and not billed.", "command": f"exotherm bill close {option}"}
        ]
    if billed and not proved:
        return [
            {
                "text": f"{name} is billed and has no evidence pack.",
                "command": f"exotherm prove pack {option}",
            }
        ]
    return []
