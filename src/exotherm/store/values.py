"""What the store gives beside samples: events, last answers, issued documents. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period
from exotherm.core.samples import Sample

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds_of(instant: datetime) -> int:
    """Give the whole second, rounded down, of an aware instant."""
    return (instant - _EPOCH) // _SECOND


def instant_of(seconds: int) -> datetime:
    """Give the instant in UTC of a whole second."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of keeping samples.

    ``repeated`` were there already with the same count; ``refused`` were there with another one,
    and each of these has an event ``meter.conflicting-sample``.
    """

    stored: int
    repeated: int
    refused: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A run of the same finding at the same place: first and last seen, how often, when gone.

    Message and data are those of the first time. ``place`` is a meter or a point.
    """

    code: str
    severity: Severity
    place: str
    message: str
    remedy: str
    data: Mapping[str, object]
    first_at: datetime
    last_at: datetime
    times: int
    cleared_at: datetime | None

    @property
    def finding(self) -> Finding:
        """The finding that was seen."""
        return Finding(
            code=self.code,
            severity=self.severity,
            where=Where(path=self.place),
            message=self.message,
            remedy=self.remedy,
            data=self.data,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAnswer:
    """The last answer of a meter: its access number where it has one, its time and ours."""

    meter: str
    access_number: int | None
    source_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """An issued document: its number, what it says as JSON text, and its bytes as sent."""

    kind: str
    number: str
    issued_on: date
    period: Period
    sha256: str
    json: str
    content: bytes
