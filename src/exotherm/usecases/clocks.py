"""Clocks that use cases are given: the world's, a faster one, and one that is moved by hand."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting until it is another."""

    def now(self) -> datetime:
        """Give the present instant in UTC."""

    async def sleep_until(self, instant: datetime) -> None:
        """Wait until an instant; not at all where it is past."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Give the present instant in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, instant: datetime) -> None:
        """Wait until an instant; not at all where it is past."""
        # A machine that was asleep or whose clock was set looks again at least once a minute.
        while (rest_s := (instant - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(min(rest_s, 60.0))


class FastClock:
    """A clock that starts at an instant and runs ``speed`` simulated seconds in a real one."""

    def __init__(self, start: datetime, *, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"a clock runs forward, not at a speed of {speed}")
        self._start = start.astimezone(UTC)
        self._speed = speed
        self._started_s = time.monotonic()

    def now(self) -> datetime:
        """Give the simulated instant in UTC."""
        return self._start + timedelta(seconds=self._speed * (time.monotonic() - self._started_s))

    async def sleep_until(self, instant: datetime) -> None:
        """Wait until a simulated instant; not at all where it is past."""
        await asyncio.sleep(max(0.0, (instant - self.now()).total_seconds() / self._speed))


class HandClock:
    """A clock that stands still until it is moved, and then wakes who waited."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Give the instant to which the clock was last moved, in UTC."""
        return self._now

    def move(self, instant: datetime) -> None:
        """Set the clock forward to an instant."""
        assert instant >= self._now, (instant, self._now)
        self._now = instant.astimezone(UTC)
        while self._sleepers and self._sleepers[0][0] <= instant:
            _, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                sleeper.set_result(None)

    async def sleep_until(self, instant: datetime) -> None:
        """Wait until the clock is moved to an instant; not at all where it is past."""
        if instant <= self._now:
            return
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (instant, next(self._order), sleeper))
        await sleeper
