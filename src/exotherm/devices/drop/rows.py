"""The rows of a dropped file as readings: exact numbers at instants of UTC. Pure."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from exotherm.core.findings import Finding, Severity, Where
from exotherm.devices.line import Raw
from exotherm.devices.profile import CsvProfile

_ROWS_MAX = 2_000_000
_FINDINGS_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The values of one moment, by quantity, and the meter's number where the file has it."""

    source_at: datetime
    values: Mapping[str, Raw]
    serial: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What came of reading a file: its rows in the order of time, each moment once.

    An error among the findings means that the file is to be put aside.
    """

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    repeated: int = 0


class _WrongRow(Exception):  # noqa: N818 - it never leaves this file
    """A row that cannot be read, with what is wrong in words."""


def read_rows(
    content: bytes, profile: CsvProfile, *, file: str, until: datetime | None = None
) -> Rows:
    """Read a dropped file; a row that cannot be read is told and left out, the others count.

    A line that stands in the file twice counts once; two different values of the same moment are an
    error, since nobody knows which is right; in an hour that the clock shows twice, both are. A row
    of a time after ``until`` has not been read by any meter yet, and is told as one that cannot be
    read.
    """
    try:
        text = content.decode("utf-8-sig" if profile.encoding == "utf-8" else profile.encoding)
    except UnicodeDecodeError:
        said = f"it is not text in {profile.encoding.upper()}, as `encoding` of the profile has it"
        return Rows(rows=(), findings=(_unreadable(file, said),))
    try:
        lines = list(csv.reader(text.splitlines(), delimiter=profile.separator, strict=True))
    except csv.Error as error:
        return Rows(rows=(), findings=(_unreadable(file, f"it is no such CSV file ({error})"),))
    if not lines or len(lines) > _ROWS_MAX:
        what = "it is empty" if not lines else f"it has more than {_ROWS_MAX} rows"
        return Rows(rows=(), findings=(_unreadable(file, what),))
    heading = [cell.strip() for cell in lines[0]]
    missing = [name for name in _wanted(profile) if name not in heading]
    if missing:
        named = ", ".join(f"`{name}`" for name in missing)
        return Rows(rows=(), findings=(_unreadable(file, f"its heading has no {named}", line=1),))
    twice = sorted({name for name in _wanted(profile) if heading.count(name) > 1})
    if twice:
        named = ", ".join(f"`{name}`" for name in twice)
        said = f"its heading has {named} more than once"
        return Rows(rows=(), findings=(_unreadable(file, said, line=1),))
    return _collect(lines[1:], heading, profile, file, until)


def _wanted(profile: CsvProfile) -> Iterator[str]:
    yield profile.time_column
    yield from (value.column for value in profile.values)
    if profile.serial_column:
        yield profile.serial_column


def _collect(
    lines: Sequence[Sequence[str]],
    heading: list[str],
    profile: CsvProfile,
    file: str,
    until: datetime | None,
) -> Rows:
    zone = ZoneInfo(profile.zone)
    by_time: dict[datetime, Row] = {}
    findings: list[Finding] = []
    repeated = 0
    previous: datetime | None = None
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _row(cells, heading, profile, zone, previous, until)
        except _WrongRow as wrong:
            findings.append(_row_wrong(file, number, str(wrong)))
            continue
        known = by_time.get(row.source_at)
        second = _second(row.source_at, zone) if known not in (None, row) else None
        if second is not None:
            row = replace(row, source_at=second)
            known = by_time.get(second)
        previous = row.source_at
        by_time.setdefault(row.source_at, row)
        if known == row:
            repeated += 1
        if known in (None, row):
            continue
        said = f"line {number} contradicts an earlier line of the same moment"
        return Rows(rows=(), findings=(_unreadable(file, said, line=number),))
    if findings and not by_time:
        said = f"none of its rows can be read, the first because {findings[0].data['reason']}"
        return Rows(rows=(), findings=(_unreadable(file, said),))
    return Rows(
        rows=tuple(by_time[at] for at in sorted(by_time)),
        findings=tuple(findings[:_FINDINGS_MAX]),
        repeated=repeated,
    )


def _row(
    cells: Sequence[str],
    heading: list[str],
    profile: CsvProfile,
    zone: ZoneInfo,
    previous: datetime | None,
    until: datetime | None,
) -> Row:
    if len(cells) != len(heading):
        raise _WrongRow(f"it has {len(cells)} cells, the heading {len(heading)}")
    by_name = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
    source_at = _instant(by_name[profile.time_column], profile, zone, previous)
    if until is not None and source_at > until:
        raise _WrongRow("its time has not come yet")
    return Row(
        source_at=source_at,
        values={
            value.quantity: Raw(number=None, reason="its cell is empty")
            if not by_name[value.column]
            else Raw(number=value.value_of(_number(by_name[value.column], profile, value.column)))
            for value in profile.values
        },
        serial=by_name[profile.serial_column] if profile.serial_column else None,
    )


def _number(text: str, profile: CsvProfile, column: str) -> Decimal:
    """Read a number by the profile's decimal sign; the other sign is no thousands sign here."""
    sign = re.escape(profile.decimal)
    if not re.fullmatch(rf"[+-]?[0-9]{{1,18}}({sign}[0-9]{{1,12}})?", text):
        raise _WrongRow(f"{text[:30]!r} under `{column}` is no number with `{profile.decimal}`")
    return Decimal(text.replace(",", "."))


def _instant(text: str, profile: CsvProfile, zone: ZoneInfo, previous: datetime | None) -> datetime:
    """Read a time; of an hour that the clock shows twice the second follows the first.

    A time that the clock skips in spring belongs to no instant and is refused.
    """
    try:
        read = datetime.strptime(text, profile.time_format)  # noqa: DTZ007 - the zone comes next
    except ValueError as error:
        raise _WrongRow(f"{text[:30]!r} is no time like {profile.time_format}") from error
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    first = read.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != read:
        raise _WrongRow(f"{text[:30]!r} is skipped by the clock of {profile.zone}")
    second = _second(first, zone)
    # An earlier clock time after a later one: the hour has come round.
    return second if second is not None and previous is not None and previous > first else first


def _second(first: datetime, zone: ZoneInfo) -> datetime | None:
    """Give the second instant at which the clock shows the same time, where it shows it twice."""
    shown = first.astimezone(zone).replace(tzinfo=None)
    second = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return second if second > first else None


def _unreadable(file: str, said: str, *, line: int | None = None) -> Finding:
    return Finding(
        code="drop.file-unreadable",
        severity=Severity.ERROR,
        where=Where(file=file, line=line or 1),
        message=f"This file gives no readings: {said}. It lies in `aside` now.",
        remedy="Compare it with the profile: encoding, separator, decimal sign, headings, time. "
        "Then drop it again.",
        data={"reason": said},
    )


def _row_wrong(file: str, line: int, said: str) -> Finding:
    return Finding(
        code="drop.row-unreadable",
        severity=Severity.WARNING,
        where=Where(file=file, line=line),
        message=f"This row gives no reading: {said}. The others of the file are kept.",
        remedy="Ask who makes the file; drop a corrected one, whose known rows are not kept twice.",
        data={"reason": said},
    )
