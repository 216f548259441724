"""Prospects as a sales person lists them: CSV with a header, one line each.

``name`` and ``kind`` are needed; all others may be left out or empty, and are then questions.
"""

import csv
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, get_args

from exotherm.core.findings import Finding, Severity, Where
from exotherm.plan.leads import Kind, Lead, Signs, Tariff

NEEDED = ("name", "kind")
_LEADS_MAX = 1_000
_LISTED = 20


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text)
        if not low <= value <= high:  # a NaN lies nowhere
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


def _columns(countries: tuple[str, ...]) -> Mapping[str, tuple[Callable[[str], Any], str]]:
    """Give how each column is read, and what it may be."""
    kinds, tariffs, signs = get_args(Kind), get_args(Tariff), get_args(Signs)
    return {
        "name": (_some, "a name"),
        "kind": (_one_of(*kinds), " or ".join(kinds)),
        "country": (_one_of(*countries), " or ".join(countries)),
        "heat_kwh": (_number(0.0, 1e10), "the heat of a year, 0 or more"),
        "fuel_per_kwh": (_number(0.0, 10.0), "a price per kWh from 0 to 10"),
        "energy_frac": (_number(0.0, 1.0), "a share from 0 to 1"),
        "boiler_age_years": (_number(0.0, 100.0), "years from 0 to 100"),
        "tariff": (_one_of(*tariffs), " or ".join(tariffs)),
        "steadiness_frac": (_number(0.0, 10.0), "a share from 0 to 10"),
        "signs": (_one_of(*signs), " or ".join(signs)),
        "has_fallback": (_one_of("yes", "no"), "yes or no"),
    }


def read_leads(
    text: str, *, file: str, countries: tuple[str, ...], country: str
) -> tuple[tuple[Lead, ...], tuple[Finding, ...]]:
    """Read leads; ``country`` is that of those which name none."""
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    columns = _columns(countries)
    names = tuple(rows.fieldnames or ())
    lacking = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in columns]
    if lacking or unknown:
        return (), (_bad_header(file, lacking, unknown, tuple(columns)),)
    leads: list[Lead] = []
    findings: list[Finding] = []
    for row in islice(rows, _LEADS_MAX):
        given = _read_row(row, columns, rows.line_num, file, findings)
        if given is not None:
            leads.append(Lead(**{"country": country, **given}))
    if not leads and not findings:
        findings.append(_bad_value(file, 1, "name", "", "at least one lead below the header"))
    return tuple(leads), tuple(findings[:_LISTED])


def _read_row(
    row: Mapping[str, str | None],
    columns: Mapping[str, tuple[Callable[[str], Any], str]],
    line: int,
    file: str,
    findings: list[Finding],
) -> dict[str, Any] | None:
    """Read one line; None where a column that is needed cannot be read."""
    given: dict[str, Any] = {}
    for name, (read, allowed) in columns.items():
        written = (row.get(name) or "").strip()
        if not written and name not in NEEDED:
            continue
        try:
            given[name] = read(written)
        except ValueError:
            findings.append(_bad_value(file, line, name, written, allowed))
    return given if set(NEEDED) <= set(given) else None


def _bad_header(
    file: str, lacking: list[str], unknown: list[str], known: tuple[str, ...]
) -> Finding:
    said = [f"lacks {', '.join(lacking)}"] if lacking else []
    said += [f"names {', '.join(unknown)}, which nobody reads"] if unknown else []
    return Finding(
        code="leads.columns-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=1),
        message=f"The first line {' and '.join(said)}.",
        remedy=f"Name columns among these, parted by commas: {', '.join(known)}.",
    )


def _bad_value(file: str, line: int, name: str, written: str, allowed: str) -> Finding:
    said = f"is “{written[:40]}”" if written else "is empty"
    return Finding(
        code="leads.value-wrong",
        severity=Severity.ERROR,
        where=Where(file=file, line=line),
        message=f"`{name}` {said}; it is {allowed}.",
        remedy="Correct it, or leave it empty where that is not known; a lead needs name and kind.",
        data={"column": name},
    )
