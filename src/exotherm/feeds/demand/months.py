"""Months as people's files call them, and twelve of them in their order."""

import re
from collections.abc import Sequence

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import MONTH_NAMES
from exotherm.feeds.demand.table import Row

_NAMES = tuple(
    frozenset(names.split())
    for names in (
        "january januar jänner janvier gennaio enero januari",
        "february februar feber février fevrier febbraio febrero februari",
        "march märz maerz mars marzo maart marts",
        "april avril aprile abril",
        "may mai maggio mayo mei maj",
        "june juni juin giugno junio",
        "july juli juillet luglio julio",
        "august août aout agosto augustus augusti",
        "september septembre settembre septiembre",
        "october oktober octobre ottobre octubre",
        "november novembre noviembre",
        "december dezember décembre decembre dicembre diciembre desember",
    )
)
"""each month in English, German, French, Italian, Spanish, Dutch, Swedish, Danish and Norwegian"""
_MONTH = re.compile(
    r"(?:(?P<number>[0-9]{1,2})(?:[./-][0-9]{4})?|(?P<name>[^\W\d_]{3,})\.?(?:[ ./-]*[0-9]{2,4})?)"
)


def month_of(written: str) -> int | None:
    """Read a month: its name, the beginning of it that no other has, or its number.

    A year may stand behind it, as in "Jan. 2026" or "01/2026".
    """
    said = _MONTH.fullmatch(written.strip().lower())
    if said is None:
        return None
    if said["number"]:
        number = int(said["number"])
        return number if 1 <= number <= len(MONTH_NAMES) else None
    text = said["name"]
    found = [
        place
        for place, names in enumerate(_NAMES, start=1)
        if any(name.startswith(text) for name in names)
    ]
    return found[0] if len(found) == 1 else None


def months_misplaced(file: str, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Find the first of twelve months that is not the one of its place, or that nobody can tell.

    Rows that say nothing of their month are in the order of the year.
    """
    if not any(row.time for row in rows):
        return ()
    for place, row in enumerate(rows, start=1):
        month = month_of(row.time)
        if month is None:
            return (_unreadable(file, row),)
        if month != place:
            return (_misplaced(file, row, place),)
    return ()


def alone(file: str, row: Row) -> tuple[Finding, ...]:
    """Find that the only value is a month's, where it would be read as the year's."""
    if month_of(row.time) is None:
        return ()
    return (
        Finding(
            code="demand.bad-length",
            severity=Severity.ERROR,
            where=Where(file=file, line=row.number),
            message=f"The only value is of {row.time}; a year has twelve months.",
            remedy="Give all twelve months, or the sum of the year without the name of a month.",
            data={"values": 1},
        ),
    )


def _unreadable(file: str, row: Row) -> Finding:
    return Finding(
        code="demand.bad-time",
        severity=Severity.ERROR,
        where=Where(file=file, line=row.number),
        message=f"Of twelve values one is of “{row.time}”, which names no month that is known "
        "here, so its place in the year cannot be told.",
        remedy="Write January or 1 to December or 12, or leave the column out where the months "
        "are in the order of the year.",
    )


def _misplaced(file: str, row: Row, place: int) -> Finding:
    return Finding(
        code="demand.time-repeated",
        severity=Severity.ERROR,
        where=Where(file=file, line=row.number),
        message=f"{row.time} stands where {MONTH_NAMES[place - 1]} is to be: twelve months are "
        "read from January to December.",
        remedy="Put the months in the order of one calendar year, each once.",
    )
