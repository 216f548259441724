import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from exotherm.usecases.clocks import FastClock, HandClock, SystemClock

START = datetime(2026, 10, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_clock_moved_by_hand_wakes_those_whose_time_has_come_in_order():
    async def story():
        clock, woken = HandClock(START), []

        async def sleep(hours):
            await clock.sleep_until(START + hours * HOUR)
            woken.append(hours)

        async with asyncio.TaskGroup() as group:
            for hours in (3, 1, 2):
                group.create_task(sleep(hours))
            await asyncio.sleep(0)
            clock.move(START + 2 * HOUR)
            await asyncio.sleep(0)
            assert woken == [1, 2]
            clock.move(START + 4 * HOUR)
        return woken, clock.now()

    assert asyncio.run(story()) == ([1, 2, 3], START + 4 * HOUR)


def test_a_clock_moved_by_hand_never_goes_back():
    with pytest.raises(AssertionError):
        HandClock(START).move(START - HOUR)


def test_a_past_instant_is_not_waited_for():
    async def story():
        for clock in (HandClock(START), FastClock(START, speed=1.0), SystemClock()):
            await clock.sleep_until(datetime(2001, 1, 1, tzinfo=UTC))

    asyncio.run(asyncio.wait_for(story(), timeout=1.0))


def test_a_fast_clock_reaches_a_year_in_no_time():
    async def story():
        clock = FastClock(START, speed=1e10)
        await clock.sleep_until(START + 8760 * HOUR)
        return clock.now()

    assert asyncio.run(story()) >= START + 8760 * HOUR


def test_a_clock_that_stands_or_runs_back_is_refused():
    with pytest.raises(ValueError, match="forward"):
        FastClock(START, speed=0.0)
