"""Checks of what was agreed: bounds of presets, VAT by customer, roles, season, dates, names."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from exotherm.contract.case import Case, Check, celsius, percent
from exotherm.contract.measure import outdoor_point_of
from exotherm.contract.presets import Rule, preset_of
from exotherm.contract.presets.bounds import keeps
from exotherm.core.findings import Finding
from exotherm.core.period import write_day


def _presets_are_kept(case: Case) -> Iterator[Finding]:
    """Check the bounds of the presets that the contract follows (X24)."""
    status = case.contract.regulatory_status
    for name in status.packs if status else ():
        preset = preset_of(name)
        for rule in preset.rules:
            if rule.customers and status and status.customer_class not in rule.customers:
                continue
            if not keeps(rule, case.contract.clauses.get(rule.table)):
                yield _bound_broken(case, preset.title, rule)


def _bound_broken(case: Case, title: str, rule: Rule) -> Finding:
    path = (rule.table, *rule.field.split(".")) if rule.field else (rule.table,)
    words = rule.words.rstrip(".")
    second = ", by what others write of it" if rule.confidence == "secondary" else ""
    said = "does not" if rule.op == "present" else "says otherwise"
    return case.source.warning(
        "contract.preset-not-kept",
        *path,
        message=f"{title} wants: {words} ({rule.source}{second}). This one {said}.",
        remedy="Write what it wants, or have a lawyer confirm why it does not hold here.",
        rule=rule.id,
        confidence=rule.confidence,
    )


class _UsualVat(NamedTuple):
    """Rates of VAT on heat that are usual in a country, reduced ones only for some customers."""

    standard_frac: Decimal
    reduced_frac: Decimal | None
    reduced_for: tuple[str, ...]
    source: str


# Read on 26 Nov 2026; secondary sources. Nothing is guessed: a rate that is not usual is a
# question to the tax adviser, with the reason.
_USUAL_VAT = {
    "FR": _UsualVat(
        Decimal("0.20"),
        Decimal("0.055"),
        (),
        "CGI art. 278-0 bis B, BOFiP of 5 Jun 2025: 5.5 % for networks alone, of which half is "
        "recovered or renewable",
    ),
    "GB": _UsualVat(
        Decimal("0.20"),
        Decimal("0.05"),
        ("domestic",),
        "VAT Notice 701/19: 5 % for domestic, residential and charitable use",
    ),
    "DE": _UsualVat(Decimal("0.19"), None, (), "UStG section 12"),
    "SE": _UsualVat(Decimal("0.25"), None, (), "mervärdesskattelagen"),
    "NL": _UsualVat(Decimal("0.21"), None, (), "Wet op de omzetbelasting 1968"),
    "DK": _UsualVat(Decimal("0.25"), None, (), "momsloven"),
    "IT": _UsualVat(
        Decimal("0.22"), Decimal("0.10"), ("domestic",), "DPR 633/1972, tabella A parte III"
    ),
}
_NETWORK_FRAC_MIN = 0.5


def _vat_fits_customer(case: Case) -> Iterator[Finding]:
    """Check that the rate of VAT is one that is usual for this country and customer (X13)."""
    contract = case.contract
    usual = _USUAL_VAT.get(contract.parties.customer.country)
    if usual is None or contract.vat.category != "S" or not contract.vat.vat_frac:
        return
    rate = Decimal(str(contract.vat.vat_frac))
    why = _why_not(case, usual, rate)
    if why:
        yield case.source.warning(
            "contract.vat-unusual",
            "vat",
            "vat_frac",
            message=f"VAT of {percent(float(rate))} is agreed, but {why} ({usual.source}).",
            remedy="Ask your tax adviser and write the reason into `evidence`; nothing is guessed.",
            vat_frac=float(rate),
            country=contract.parties.customer.country,
        )


def _why_not(case: Case, usual: _UsualVat, rate: Decimal) -> str:
    """Say why a rate is not usual; empty where it is."""
    contract, status = case.contract, case.contract.regulatory_status
    if rate == usual.standard_frac:
        return ""
    if rate != usual.reduced_frac:
        return f"heat usually bears {percent(float(usual.standard_frac))} there"
    kind = status.customer_class if status else "unknown"
    if contract.parties.customer.country != "FR":
        return "" if kind in usual.reduced_for else f"this is no rate for a customer “{kind}”"
    if not contract.parties.other_buyers and kind != "heat network":
        return "a single customer is no network"
    green = contract.green_attributes
    if green is None or green.recovered_frac_min < _NETWORK_FRAC_MIN:
        return "less than half of the heat is promised to be recovered (HEAT-8)"
    return ""


def _roles_match_site(case: Case) -> Iterator[Finding]:
    """Check that every asset of the site has its parties, and none that is not there (X22)."""
    roles, site = case.contract.roles, case.site
    if roles is None:
        return
    there = {
        "heat_exchanger": site.exchanger is not None,
        "heat_pump": site.heat_pump is not None,
        "thermal_store": site.buffer.volume_m3 > 0,
        "fallback": case.contract.fallback_plant.heat_kw > 0,
    }
    for asset, is_there in there.items():
        if getattr(roles, asset).is_there == is_there:
            continue
        words = asset.replace("_", " ")
        message = (
            f"The site has a {words}, but nobody owns, runs, maintains and pays it."
            if is_there
            else f"Parties are named for a {words} that the site does not have."
        )
        yield case.source.error(
            "contract.role-differs",
            "roles",
            asset,
            message=message,
            remedy="Name its parties." if is_there else "Write `none` for all four of its parties.",
            asset=asset,
        )


def _season_is_steady(case: Case) -> Iterator[Finding]:
    """Check that a season by weather can neither flutter nor go unmeasured (X9, X4)."""
    rule = case.contract.season.weather
    if rule is None:
        return
    if rule.outdoor_c_end < rule.outdoor_c_start:
        yield case.source.error(
            "contract.season-flutters",
            "season",
            "weather",
            "outdoor_c_end",
            message=f"The season begins below {celsius(rule.outdoor_c_start)} and ends above "
            f"{celsius(rule.outdoor_c_end)}: in between it would do both.",
            remedy="End the season at the temperature at which it begins, or warmer.",
            outdoor_c_start=rule.outdoor_c_start,
            outdoor_c_end=rule.outdoor_c_end,
        )
    yield from _outdoor_is_measured(case, rule.station, ("season", "weather", "station"))


def _weather_is_measured(case: Case) -> Iterator[Finding]:
    """Check that the outdoor temperature of promise and price is a point of the site (X4)."""
    point = outdoor_point_of(case.contract)
    if point is None:
        return
    own = case.contract.supply_temperature.outdoor_point
    table = "supply_temperature" if own else "outdoor_price"
    yield from _outdoor_is_measured(case, point, (table, "outdoor_point"))


def _outdoor_is_measured(case: Case, name: str, path: tuple[str, ...]) -> Iterator[Finding]:
    point = case.points.get(name)
    if point is not None and point.unit == "c":
        return
    yield case.source.warning(
        "contract.outdoor-not-measured",
        *path,
        message=f"No meter of the site tells “{name}”: what follows the outdoor temperature is "
        "then billed by what the contract says of a silent station.",
        remedy="Name a temperature of a meter, as meter.quantity, or add one to the site.",
        station=name,
    )


def _outage_classes_are_known(case: Case) -> Iterator[Finding]:
    """Check that times are agreed for every class of outage and for no other (X23)."""
    classes, times = case.contract.outage_classes, case.contract.restore_times
    if classes is None or times is None:
        return
    named, timed = [one.name for one in classes.classes], [one.name for one in times.times]
    for name in dict.fromkeys((*named, *timed)):
        if (name in named) == (name in timed):
            continue
        yield case.source.error(
            "contract.outage-class-differs",
            "restore_times",
            message=f"“{name}” has times to restore, but is no class of outage (OUT-1)."
            if name in timed
            else f"The class of outage “{name}” has no times to respond and restore (OUT-2).",
            remedy="Use the same names in `[outage_classes]` and `[restore_times]`.",
            name=name,
        )


def _buyers_are_ranked(case: Case) -> Iterator[Finding]:
    """Check that the priority names every buyer and nobody else (X23)."""
    priority, parties = case.contract.buyer_priority, case.contract.parties
    if priority is None:
        return
    buyers = {parties.customer.name, *parties.other_buyers}
    for name in sorted(buyers ^ set(priority.order)):
        yield case.source.error(
            "contract.buyer-differs",
            "buyer_priority",
            "order",
            message=f"“{name}” is a buyer, but has no place in the order."
            if name in buyers
            else f"“{name}” has a place in the order, but is no buyer.",
            remedy="Name this customer and all of `other_buyers` once each, and nobody else.",
            name=name,
        )


def _start_lies_in_term(case: Case) -> Iterator[Finding]:
    """Check that the first bill and the start of the promise lie within the term (X20)."""
    start, term = case.contract.commissioning, case.contract.term
    if start is None:
        return
    for field in ("first_bill_on", "promise_from"):
        day = getattr(start, field)
        if not term.starts_on <= day <= term.ends_on:
            yield case.source.error(
                "contract.start-outside-term",
                "commissioning",
                field,
                message=f"`{field}` is {write_day(day)}; the term runs from "
                f"{write_day(term.starts_on)} to {write_day(term.ends_on)}.",
                remedy="Give a day of the term.",
                day=day.isoformat(),
            )


def _losses_are_billable(case: Case) -> Iterator[Finding]:
    """Check that no loss between meter and boundary is agreed, which no bill counts yet (BND-3)."""
    losses = case.contract.losses_to_boundary
    if losses is not None and losses.counted_as != "nothing":
        yield case.source.error(
            "contract.losses-not-billable",
            "losses_to_boundary",
            "counted_as",
            message="The contract adds or takes off a loss between meter and boundary; invoices "
            "here bill what the register says and nothing else.",
            remedy="Put the meter at the boundary, or agree on `nothing` and a price that has the "
            "loss in it.",
        )


AGREED_CHECKS: tuple[Check, ...] = (
    _presets_are_kept,
    _vat_fits_customer,
    _roles_match_site,
    _season_is_steady,
    _weather_is_measured,
    _outage_classes_are_known,
    _buyers_are_ranked,
    _start_lies_in_term,
    _losses_are_billable,
)
