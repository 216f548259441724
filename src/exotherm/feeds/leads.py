"""Prospects as a sales person lists them: CSV with a header, one line each.

``name`` and ``kind`` are needed; all others may be left out or empty, and are then questions. See
``columns`` for the dialects.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.slips import number_meant, share_meant, thousands_parted
from exotherm.core.units import unit_of
from exotherm.feeds.columns import Columns, read_columns, shown_names
from exotherm.plan.leads import Kind, Lead, Signs, Tariff
from exotherm.site.prices import IN_EUR

NEEDED = ("name", "kind")
CURRENCY = "EUR"
"""the currency of every price in a list, whatever the country"""
_LEADS_MAX = 1_000
_LISTED = 20
_PRICE = "fuel_per_kwh"
_Reader = Callable[[str], Any]


def _number(low: float, high: float, table: Columns) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = table.number_of(text)
        if value is None or not low <= value <= high:
            raise ValueError
        return value

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _some(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _columns(countries: tuple[str, ...], table: Columns) -> Mapping[str, tuple[_Reader, str]]:
    """Give how each column is read, and what it may be."""

    def number(low: float, high: float) -> _Reader:
        return _number(low, high, table)

    kinds, tariffs, signs = get_args(Kind), get_args(Tariff), get_args(Signs)
    return {
        "name": (_some, "a name"),
        "kind": (_one_of(*kinds), " or ".join(kinds)),
        "country": (_one_of(*countries), " or ".join(countries)),
        "heat_kwh": (number(1.0, 1e10), "the heat of a year in kWh, from 1 to 10 000 000 000"),
        "fuel_per_kwh": (number(0.0, 10.0), "a price per kWh from 0 to 10"),
        "energy_frac": (number(0.0, 1.0), "a share from 0 to 1"),
        "boiler_age_years": (number(0.0, 100.0), "years from 0 to 100"),
        "tariff": (_one_of(*tariffs), " or ".join(tariffs)),
        "steadiness_frac": (number(0.0, 10.0), "a share from 0 to 10"),
        "signs": (_one_of(*signs), " or ".join(signs)),
        "has_fallback": (_one_of("yes", "no"), "yes or no"),
    }


def read_leads(
    text: str, *, file: str, countries: tuple[str, ...], country: str
) -> tuple[tuple[Lead, ...], tuple[Finding, ...]]:
    """Read leads; ``country`` is that of those which name none."""
    table = read_columns(text, rows_max=_LEADS_MAX)
    columns = _columns(countries, table)
    lacking = [name for name in NEEDED if name not in table.names]
    unknown = [name for name in table.names if name and name not in columns]
    if lacking or unknown:
        return (), (_bad_header(file, lacking, unknown, tuple(columns)),)
    leads: list[Lead] = []
    findings = [
        *table.too_many_values(file=file),
        *table.too_many_lines(file=file, rows_max=_LEADS_MAX),
    ]
    for line, row in table.rows():
        given = _read_row(row, columns, line, file, findings, table)
        if given is not None:
            leads.append(Lead(**{"country": country, **given}))
            findings.extend(_unlikely_price(file, line, given))
    if not leads and not findings:
        findings.append(_no_lead(file))
    return tuple(leads), tuple(findings[:_LISTED])


def _read_row(
    row: Mapping[str, str],
    columns: Mapping[str, tuple[_Reader, str]],
    line: int,
    file: str,
    findings: list[Finding],
    table: Columns,
) -> dict[str, Any] | None:
    """Read one line; None where a column that is needed cannot be read."""
    given: dict[str, Any] = {}
    for name, (read, allowed) in columns.items():
        written = row.get(name, "")
        if not written and name not in NEEDED:
            continue
        try:
            given[name] = read(written)
        except ValueError:
            findings.append(_bad_value(file, line, name, written, allowed, table))
    return given if set(NEEDED) <= set(given) else None


def _unlikely_price(file: str, line: int, given: Mapping[str, Any]) -> Iterator[Finding]:
    """Find a price of fuel that is in cents or per MWh, where it was probably meant so."""
    price = Decimal(str(given.get(_PRICE, 0)))
    if price == 0 or IN_EUR.low <= price <= IN_EUR.high:
        return
    yield Finding(
        code="leads.price-implausible",
        severity=Severity.WARNING,
        where=Where(file=file, line=line),
        message=f"`{_PRICE}` is {IN_EUR.write(price)}, far from what a kilowatt hour costs.",
        remedy=IN_EUR.remedy(price),
        data={"price_per_kwh": float(price)},
    )


def _bad_header(
    file: str, lacking: list[str], unknown: list[str], known: tuple[str, ...]
) -> Finding:
    said = [f"lacks {', '.join(lacking)}"] if lacking else []
    said += [f"names {shown_names(unknown)}, which nobody reads"] if unknown else []
    meant = [name.strip().lower() for name in unknown if name.strip().lower() in known]
    spelt = f"Write {', '.join(meant)} in small letters. " if meant else ""
    return Finding(
        code="leads.columns-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The first line {' and '.join(said)}.",
        remedy=f"{spelt}Name columns among these, parted by commas or semicolons: "
        f"{', '.join(known)}.",
    )


def _no_lead(file: str) -> Finding:
    return Finding(
        code="leads.value-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message="There is no lead below the header.",
        remedy="Write a line for each, with its name and kind: `Lakeside,pool`.",
        data={"column": "name"},
    )


def _bad_value(
    file: str, line: int, name: str, written: str, allowed: str, table: Columns
) -> Finding:
    said = f"is “{written[:40]}”" if written else "is empty"
    return Finding(
        code="leads.value-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"`{name}` {said}; it is {allowed}.",
        remedy=_meant(name, written, table)
        or "Correct it, or leave it empty where that is not known; a lead needs name and kind.",
        data={"column": name},
    )


def _meant(name: str, written: str, table: Columns) -> str:
    """Say how a share is written that stands in per cent, or a number with its unit."""
    parted = thousands_parted(written)
    if parted and unit_of(name):
        shown = parted.replace(".", ",") if table.decimal_commas else parted
        return f"Nothing parts thousands: write {shown}."
    value = table.number_of(written)
    if value is not None and name == _PRICE:
        return IN_EUR.remedy(Decimal(str(value)))
    if value is not None:
        return share_meant(name, value, lambda share: 0 <= share <= 1)
    return number_meant(name, written) if unit_of(name) else ""
