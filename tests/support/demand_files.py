"""Measured heat demands as customers have them, made by rule, by any clock and in any step."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
YEAR = 2025
HOUR = timedelta(hours=1)


def heat_kw(instant: datetime) -> float:
    """The heat of the step that begins at an instant: 20 kW and 10 kW more in odd hours of UTC."""
    return 20.0 + 10.0 * (instant.astimezone(UTC).hour % 2)


def instants(*, step: timedelta = HOUR, year: int = YEAR, zone: ZoneInfo = ROME) -> list[datetime]:
    """All beginnings of steps of a local year, in UTC."""
    start = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    return [start + number * step for number in range((end - start) // step)]


def csv_of(lines: list[tuple[str, float]], *, column: str = "heat_kw") -> str:
    body = "\n".join(f"{time},{value:g}" for time, value in lines)
    return f"time,{column}\n{body}\n"


def with_offset(*, step: timedelta = HOUR, zone: ZoneInfo = ROME) -> list[tuple[str, float]]:
    return [(f"{each:%Y-%m-%dT%H:%M}Z", heat_kw(each)) for each in instants(step=step, zone=zone)]


def by_local_clock(*, step: timedelta = HOUR, zone: ZoneInfo = ROME) -> list[tuple[str, float]]:
    return [
        (f"{each.astimezone(zone):%Y-%m-%dT%H:%M}", heat_kw(each))
        for each in instants(step=step, zone=zone)
    ]


def in_winter_time(*, step: timedelta = HOUR, zone: ZoneInfo = ROME) -> list[tuple[str, float]]:
    """Times of a meter whose clock never changes."""
    offset = datetime(YEAR, 1, 1, tzinfo=zone).utcoffset()
    assert offset is not None
    return [
        (f"{each + offset:%Y-%m-%dT%H:%M}", heat_kw(each))
        for each in instants(step=step, zone=zone)
    ]


def without_times(values: list[float], *, column: str = "heat_kw") -> str:
    return "\n".join([column, *(f"{value:g}" for value in values)]) + "\n"
