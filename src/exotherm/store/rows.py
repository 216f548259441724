"""Rows of the database as values: the one place that knows in which order their columns come."""

import json
from collections.abc import Mapping
from datetime import date

from exotherm.core.findings import Severity
from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.store.values import Event, LastAnswer, StoredDocument, instant_of

Row = tuple[object, ...]
EVENT_COLUMNS = "code, severity, place, message, remedy, data, first_at, last_at, times, cleared_at"


def point_of(row: Row) -> Point:
    """Give the point of a row: name, kind, unit, decimals, digits."""
    name, kind, unit, decimals, digits = row
    assert kind in {"register", "instant"}, kind
    return Point(
        name=str(name),
        kind="register" if kind == "register" else "instant",
        unit=str(unit),
        decimals=_int(decimals),
        digits=_int(digits),
    )


def sample_of(row: Row) -> Sample:
    """Give the sample of a row: point, source_at, received_at, count, quality."""
    name, source_at, received_at, count, quality = row
    return Sample(
        point=str(name),
        source_at=instant_of(_int(source_at)),
        received_at=instant_of(_int(received_at)),
        count=_int(count),
        quality=Quality(str(quality)),
    )


def answer_of(row: Row) -> LastAnswer:
    """Give the answer of a row: meter, access_number, source_at, received_at."""
    meter, access_number, source_at, received_at = row
    return LastAnswer(
        meter=str(meter),
        access_number=None if access_number is None else _int(access_number),
        source_at=instant_of(_int(source_at)),
        received_at=instant_of(_int(received_at)),
    )


def event_of(row: Row) -> Event:
    """Give the event of a row of the columns ``EVENT_COLUMNS``."""
    code, severity, place, message, remedy, data, first_at, last_at, times, cleared_at = row
    facts = json.loads(str(data))
    if not isinstance(facts, Mapping):
        raise ValueError(f"facts of an event are {facts!r}")  # noqa: TRY004 - as of any row
    return Event(
        code=str(code),
        severity=Severity(str(severity)),
        place=str(place),
        message=str(message),
        remedy=str(remedy),
        data=facts,
        first_at=instant_of(_int(first_at)),
        last_at=instant_of(_int(last_at)),
        times=_int(times),
        cleared_at=None if cleared_at is None else instant_of(_int(cleared_at)),
    )


def document_of(row: Row) -> StoredDocument:
    """Give the document of a row: kind, number, issued_on, period, sha256, json, bytes."""
    kind, number, issued_on, period_start, period_end, sha256, text, content = row
    if not isinstance(content, bytes):
        raise ValueError(f"document {number} has no bytes")  # noqa: TRY004 - as of any row
    return StoredDocument(
        kind=str(kind),
        number=str(number),
        issued_on=date.fromisoformat(str(issued_on)),
        period=Period(instant_of(_int(period_start)), instant_of(_int(period_end))),
        sha256=str(sha256),
        json=str(text),
        content=content,
    )


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError(f"{value!r} stands where a whole number should")  # noqa: TRY004 - as of any row
    return value
