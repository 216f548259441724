"""Rows of the database as values: the one place that knows in which order their columns come."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache

from exotherm.core.findings import Severity
from exotherm.core.period import Period
from exotherm.core.samples import Origin, Point, Quality, Sample
from exotherm.store.values import Event, LastAnswer, StoredDocument, instant_of

Row = tuple[object, ...]
# By far the most rows are of these words; to look them up is a third of making the value.
_QUALITIES: dict[object, Quality] = {one.value: one for one in Quality}
_ORIGINS: dict[object, Origin] = {one.value: one for one in Origin}
EVENT_COLUMNS = "code, severity, place, message, remedy, data, first_at, last_at, times, cleared_at"


def point_of(row: Row) -> Point:
    """Give the point of a row: name, kind, unit, decimals, digits."""
    name, kind, unit, decimals, digits = row
    assert kind in {"register", "instant"}, kind
    return Point(
        name=str(name),
        kind="register" if kind == "register" else "instant",
        unit=str(unit),
        decimals=int_of(decimals),
        digits=int_of(digits),
    )


def sample_of(row: Row) -> Sample:
    """Give the sample of a row: point, source_at, received_at, count, quality, origin."""
    name, source_at, received_at, count, quality, origin = row
    sample = _new_sample(Sample)
    _set_point(sample, name if type(name) is str else str(name))
    _set_source_at(sample, _instant_of(source_at))
    _set_received_at(sample, _instant_of(received_at))
    _set_count(sample, count if type(count) is int else int_of(count))
    _set_quality(sample, _QUALITIES.get(quality) or Quality(str(quality)))
    _set_origin(sample, _ORIGINS.get(origin) or Origin(str(origin)))
    return sample


# A frozen value is made three times as fast by its slots as by its own constructor, and a screen
# asks for the newest of a thousand points again and again.
_new_sample = object.__new__
_set_point, _set_source_at, _set_received_at, _set_count, _set_quality, _set_origin = (
    getattr(Sample, field.name).__set__ for field in fields(Sample)
)


@lru_cache(maxsize=256)
def _instant_of(second: object) -> datetime:
    """Give an instant; most rows that are read together are of few seconds."""
    return instant_of(int_of(second))


def answer_of(row: Row) -> LastAnswer:
    """Give the answer of a row: meter, access_number, source_at, received_at."""
    meter, access_number, source_at, received_at = row
    return LastAnswer(
        meter=str(meter),
        access_number=None if access_number is None else int_of(access_number),
        source_at=instant_of(int_of(source_at)),
        received_at=instant_of(int_of(received_at)),
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
        first_at=instant_of(int_of(first_at)),
        last_at=instant_of(int_of(last_at)),
        times=int_of(times),
        cleared_at=None if cleared_at is None else instant_of(int_of(cleared_at)),
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
        period=Period(instant_of(int_of(period_start)), instant_of(int_of(period_end))),
        sha256=str(sha256),
        json=str(text),
        content=content,
    )


def int_of(value: object) -> int:
    """Give a whole number of a row. Raises ValueError for anything else."""
    if not isinstance(value, int):
        raise ValueError(f"{value!r} stands where a whole number should")  # noqa: TRY004 - as of any row
    return value


def bytes_of(value: object) -> bytes:
    """Give the bytes of a row. Raises ValueError for anything else."""
    if not isinstance(value, bytes):
        raise ValueError(f"{value!r:.40} stands where bytes should")  # noqa: TRY004 - as of any row
    return value
