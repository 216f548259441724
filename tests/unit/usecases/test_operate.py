import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from exotherm.core.errors import UnableTo
from exotherm.core.period import Period, month_period
from exotherm.core.samples import Quality
from exotherm.devices.errors import UnableToListen
from exotherm.operate.twin import advance, image, start_twin
from exotherm.plan.year import simulate_year
from exotherm.site.document import points_of
from exotherm.site.uplink import Uplink
from exotherm.store.errors import UnableToOpenStore, UnableToUseStore
from exotherm.store.sqlite import open_store
from exotherm.usecases.clocks import FastClock, HandClock
from exotherm.usecases.forwarding import RECEIVER, UplinkEvent
from exotherm.usecases.gateway import next_reading, poll_site, run_gateway, when_free
from exotherm.usecases.polling import MeterReport, poll_once
from exotherm.usecases.simulate import (
    Progress,
    edges_of,
    live_period,
    operate_twin,
    run_period_through_protocols,
    simulate_period,
)
from exotherm.usecases.twin_server import serve_twin

START = datetime(2026, 9, 30, 22, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOURS = Period(START, START + timedelta(hours=3))
HEAT = "heat_meter.heat_kwh"


@pytest.fixture
def parts(pool_site, pool_surroundings):
    return pool_site, pool_surroundings


@pytest.fixture
def hasty(parts):
    """The same with little patience, for meters that are made silent."""
    metering = parts[0].metering.model_copy(update={"timeout_s": 0.25})
    return parts[0].model_copy(update={"metering": metering}), *parts[1:]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "exotherm.db") as opened:
        yield opened


@asynccontextmanager
async def twin_at(parts, start=START, **options):
    clock = HandClock(start)
    async with serve_twin(*parts, clock=clock, free_ports=True, **options) as served:
        yield served, clock


def live(parts, store, period, **options):
    site, surroundings = parts
    return simulate_period(site, surroundings, store, period, **options)


def counts_of(store, period=HOURS):
    return {
        name: [sample.count for sample in samples]
        for name, samples in store.samples(list(store.points()), period).items()
    }


def codes_of(events):
    return [(event.code, event.place, event.times) for event in events]


# A period through real protocols


def test_october_through_the_protocols_is_the_plan_within_a_count(parts, tmp_path):
    site = parts[0]
    seen: list[Progress] = []
    october = month_period(2026, 10, site.zone)
    with open_store(tmp_path / "october.db") as store:
        report = live(parts, store, october, on_progress=seen.append)
        counts = counts_of(store, october)
        kept = store.samples(list(counts), october)
        assert store.events(october) == ()
    assert (report.edges, report.polled, report.stored) == (2981, 2981, 2981 * 12)
    assert {len(series) for series in counts.values()} == {2981}
    assert {one.quality for series in kept.values() for one in series} == {Quality.GOOD}
    for series in kept.values():
        assert [one.source_at for one in series] == [
            october.start + index * QUARTER for index in range(2981)
        ]
    assert (seen[-1].done, seen[-1].total, seen[-1].at) == (2981, 2981, october.end)
    plan = simulate_year(*parts).with_heat.part(october)
    for name, flow, per_count in (
        (HEAT, "delivered_kw", 1),
        ("rack.it_kwh", "it_kw", 10),
        ("rack.site_kwh", "site_kw", 10),
        ("rack.auxiliary_kwh", "auxiliary_kw", 10),
        ("rack.fuel_kwh", "fuel_kw", 1),
    ):
        planned = float(plan[flow].sum() * 0.25) * per_count
        assert abs(counts[name][-1] - counts[name][0] - planned) < 1, name


def test_what_arrives_is_what_the_twin_shows(parts, store):
    live(parts, store, HOURS)
    twin = start_twin(*parts, period=HOURS)
    shown = [image(advance(twin, edge)).counts for edge in edges_of(HOURS, QUARTER)]
    assert counts_of(store) == {
        name: [counts[name.partition(".")[2]] for counts in shown] for name in store.points()
    }


def test_a_period_is_read_at_both_of_its_edges_also_where_the_interval_does_not_fit():
    period = Period(START, START + timedelta(minutes=40))
    minutes = [(edge - START) // timedelta(minutes=1) for edge in edges_of(period, QUARTER)]
    assert minutes == [0, 15, 30, 40]


def test_a_run_again_asks_nothing_and_changes_nothing(parts, store):
    first = live(parts, store, HOURS)
    counts = counts_of(store)
    again = live(parts, store, HOURS)
    assert (first.polled, first.stored) == (13, 13 * 12)
    assert (again.polled, again.stored, again.repeated) == (0, 0, 0)
    assert counts_of(store) == counts


def test_two_runs_that_meet_make_the_same_registers_as_one(parts, store, tmp_path):
    middle = START + timedelta(hours=1)
    live(parts, store, Period(START, middle))
    live(parts, store, Period(middle, HOURS.end))
    with open_store(tmp_path / "whole.db") as whole:
        live(parts, whole, HOURS)
        assert counts_of(store) == counts_of(whole)


def test_an_interrupted_run_keeps_what_it_read_and_goes_on(parts, store):
    def interrupt(progress):
        if progress.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        live(parts, store, HOURS, on_progress=interrupt)
    assert {len(series) for series in counts_of(store).values()} == {5}
    assert live(parts, store, HOURS).polled == 8
    assert {len(series) for series in counts_of(store).values()} == {13}


RUN = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from exotherm.core.period import Period
from exotherm.store.sqlite import open_store
from exotherm.usecases.simulate import simulate_period
from exotherm.usecases.workspace import load_workspace, ready

workspace, start = ready(load_workspace(Path(sys.argv[1]))), datetime.fromisoformat(sys.argv[3])
with open_store(Path(sys.argv[2])) as store:
    simulate_period(
        workspace.site, workspace.surroundings, store, Period(start, start + timedelta(days=30)),
        on_progress=lambda progress: print(progress.done, flush=True),
    )
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_loses_nothing_that_was_stored_and_repeats_nothing(
    parts, pool_folder, tmp_path, how
):
    path, days = tmp_path / "exotherm.db", Period(START, START + timedelta(days=3))
    command = [sys.executable, "-c", RUN, str(pool_folder), str(path), START.isoformat()]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            # Two days are stored by then and a part of the third is not.
            if int(line) == 2 * 96 + 40:
                process.send_signal(how)
                break
        process.stdout.read()
    with open_store(path) as store:
        kept = store.samples(list(store.points()), days)
        assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        polled = {len(series) for series in kept.values()}
        assert len(polled) == 1
        assert polled.pop() >= (192 if how is signal.SIGKILL else 232)
        report = live(parts, store, days)
        whole = store.samples(list(store.points()), days)
        numbers = store._connection.execute(
            "SELECT COUNT(*), MIN(seq), MAX(seq) FROM sample GROUP BY point_id"
        ).fetchall()
    assert report.refused == ()
    assert report.polled == 289 - min(289, len(kept[HEAT]))
    for name, series in kept.items():
        assert whole[name][: len(series)] == series
    assert {len(series) for series in whole.values()} == {289}
    assert all((low, high) == (0, number - 1) for number, low, high in numbers)


# Faults


def poll_with(parts, store, fault, start=START):
    """Poll once without and once with a fault, a quarter of an hour later."""

    async def story():
        async with twin_at(parts, start) as (served, clock):
            await poll_once(served.site, store, now=clock.now, retries=0)
            clock.move(start + QUARTER)
            fault(served)
            return await poll_once(served.site, store, now=clock.now, retries=0)

    return asyncio.run(story())


def test_a_silent_meter_is_an_event_and_the_other_meter_is_read(hasty, store):
    def mute(served):
        served.heat_meters["heat_meter"].mute = True

    report = poll_with(hasty, store, mute)
    (event,) = store.standing_events()
    assert (event.code, event.place) == ("meter.no-answer", "heat_meter")
    for part in ("61440112", "2026-09-30T22:15:00Z", "does not answer"):
        assert part in event.message
    assert event.remedy
    assert {sample.point.partition(".")[0] for sample in report.samples} == {"rack"}
    assert [len(counts_of(store)[name]) for name in (HEAT, "rack.it_kwh")] == [1, 2]


def test_a_silent_plant_room_does_not_hold_up_the_heat_meter(hasty, store):
    def mute(served):
        served.plant_rooms["rack"].mute = True

    report = poll_with(hasty, store, mute)
    assert [found.code for found in report.findings] == ["meter.no-answer"]
    assert [len(counts_of(store)[name]) for name in (HEAT, "rack.it_kwh")] == [2, 1]


def test_a_garbled_telegram_is_an_event_and_nothing_of_it_is_stored(parts, store):
    def garble(served):
        served.heat_meters["heat_meter"].garble = True

    poll_with(parts, store, garble)
    assert codes_of(store.standing_events()) == [("meter.unreadable-telegram", "heat_meter", 1)]
    assert len(counts_of(store)[HEAT]) == 1


def show(served, **changed):
    """Let the heat meter show other values than the twin has."""
    device = served.heat_meters["heat_meter"]
    shown = device._image
    device._image = lambda: replace(shown(), **changed)


def test_a_register_that_goes_backwards_is_stored_as_suspect_with_an_event(parts, store):
    poll_with(parts, store, lambda served: show(served, heat_kwh=17))
    first, second = store.samples([HEAT], HOURS)[HEAT]
    assert first.quality is Quality.GOOD
    assert (second.count, second.quality) == (17, Quality.SUSPECT)
    (event,) = store.standing_events()
    assert (event.code, event.place) == ("meter.register-went-backwards", HEAT)
    assert event.data["count_before"] == first.count


def test_another_meter_at_the_address_is_stored_as_invalid(parts, store):
    poll_with(parts, store, lambda served: show(served, identification="61440199"))
    assert store.samples([HEAT], HOURS)[HEAT][1].quality is Quality.INVALID
    assert codes_of(store.standing_events()) == [("meter.serial-mismatch", "heat_meter", 1)]


def test_a_meter_that_gives_the_same_answer_again_is_found_frozen(parts, store):
    async def story():
        async with twin_at(parts) as (served, clock):
            await poll_once(served.site, store, now=clock.now)
            device = served.heat_meters["heat_meter"]
            stale = device.image()
            device.answered -= 1
            device._image = lambda: stale
            clock.move(START + QUARTER)
            return await poll_once(served.site, store, now=clock.now)

    report = asyncio.run(story())
    assert [found.code for found in report.findings] == ["meter.clock-off", "meter.frozen"]
    assert len(counts_of(store)[HEAT]) == 1
    assert report.saved.repeated == 6


def test_a_meter_on_summer_time_is_found_by_its_clock(parts, store):
    def summer(served):
        show(served, clock=datetime(2026, 10, 1, 0, 15))  # noqa: DTZ001 - a meter's own clock

    poll_with(parts, store, summer)
    assert codes_of(store.standing_events()) == [("meter.clock-off", "heat_meter", 1)]
    (event,) = store.standing_events()
    assert event.data["off_min"] == 60.0


def test_polling_twice_within_a_minute_is_no_conflict(parts, store):
    async def story():
        async with twin_at(parts) as (served, clock):
            await poll_once(served.site, store, now=clock.now)
            clock.move(START + timedelta(seconds=30))
            show(served, heat_kw=Decimal("0.0"))
            return await poll_once(served.site, store, now=clock.now)

    report = asyncio.run(story())
    assert report.findings == ()
    # The heat meter tells minutes and has nothing new; the plant room tells seconds and has.
    assert {sample.point.partition(".")[0] for sample in report.samples} == {"rack"}


def test_a_fault_that_stays_is_one_event_until_the_meter_answers_again(hasty, store):
    def muting(device):
        def on_progress(progress):
            device.mute = 4 <= progress.done < 6

        return on_progress

    async def story():
        async with twin_at(hasty) as (served, clock):
            on_progress = muting(served.heat_meters["heat_meter"])
            return await live_period(served, clock, store, HOURS, on_progress=on_progress)

    report = asyncio.run(story())
    (event,) = store.events(HOURS)
    assert (event.code, event.times) == ("meter.no-answer", 2)
    assert (event.first_at, event.last_at) == (START + 4 * QUARTER, START + 5 * QUARTER)
    assert event.cleared_at == START + 6 * QUARTER
    assert report.stored == 13 * 12 - 2 * 6
    # A later run reads what is missing and nothing else.
    again = live(hasty, store, HOURS)
    assert (again.polled, again.stored, again.repeated) == (2, 2 * 6, 2 * 6)
    assert {len(series) for series in counts_of(store).values()} == {13}


def test_a_meter_that_tells_another_count_for_a_stored_time_is_refused(hasty, store):
    async def story(opening, *, mute):
        async with twin_at(hasty, opening=opening) as (served, clock):
            served.plant_rooms["rack"].mute = mute
            return await live_period(served, clock, store, Period(START, START + QUARTER))

    asyncio.run(story({}, mute=True))
    counts = counts_of(store)[HEAT]
    report = asyncio.run(story({"heat_kwh": 3}, mute=False))
    assert len(report.refused) == 2
    assert counts_of(store)[HEAT] == counts
    events = [event for event in store.events(HOURS) if event.code == "meter.conflicting-sample"]
    assert [event.data["count_refused"] for event in events] == [count + 3 for count in counts]


# The twin on the network


def test_the_twin_takes_the_ports_of_the_site_file_and_says_where_one_is_taken(parts):
    async def story():
        async with twin_at(parts) as (first, _):
            fixed = (first.site, *parts[1:])
            with pytest.raises(UnableToListen) as error:
                async with serve_twin(*fixed, clock=HandClock(START)):
                    raise AssertionError("the ports are taken")
        async with serve_twin(*fixed, clock=HandClock(START)) as second:
            assert second.ports == first.ports
        return error.value

    assert asyncio.run(story()).remedy


def test_the_twin_lives_by_a_fast_clock_beyond_its_first_weeks(parts, store):
    async def story():
        clock = FastClock(START, speed=1.0)
        async with serve_twin(*parts, clock=clock, free_ports=True) as served:
            first = await poll_once(served.site, store, now=clock.now)
            clock._start += timedelta(days=40)
            return first, await poll_once(served.site, store, now=clock.now)

    first, second = asyncio.run(story())
    assert (first.findings, second.findings) == ((), ())
    assert {sample.quality for sample in second.samples} == {Quality.GOOD}
    heat = [next(s.count for s in one.samples if s.point == HEAT) for one in (first, second)]
    assert heat[1] - heat[0] > 40 * 24 * 5


@pytest.fixture
def free_site(parts):
    """The site with ports on which nobody listens."""

    async def take():
        async with twin_at(parts) as (served, _):
            return served.site

    return asyncio.run(take())


def test_the_twin_is_served_until_interrupted(parts, free_site):
    ready = []

    def stop(served):
        ready.append(served.ports)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operate_twin(free_site, *parts[1:], start=START, on_ready=stop, on_trouble=print)
    assert ready == [{meter.name: meter.port for meter in free_site.meters}]


def test_what_is_polled_once_waits_to_be_passed_on(parts, tmp_path):
    path = tmp_path / "exotherm.db"

    def ask(site):
        with open_store(path) as store:
            report = poll_site(site, store)
            return report, store.waiting_messages(RECEIVER, most=100)

    async def story():
        async with twin_at(parts) as (served, _):
            uplink = Uplink(host="127.0.0.1", port=1)
            return await asyncio.to_thread(ask, served.site.model_copy(update={"uplink": uplink}))

    report, waiting = asyncio.run(story())
    assert len(waiting) == len(report.samples) > 0


def test_a_site_is_polled_without_an_event_loop(free_site, store):
    report = poll_site(free_site, store)
    assert [found.code for found in report.findings] == ["meter.no-answer"] * 2
    assert report.samples == ()


# The gateway


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 840), (1, 15), (2, 30), (3, 60), (6, 480), (7, 840), (10_000, 840)],
)
def test_a_dead_meter_is_tried_again_soon_then_less_often_then_at_its_times(failures, seconds):
    now = START + timedelta(minutes=1)
    due = next_reading(now, QUARTER, failures=failures)
    assert (due - now).total_seconds() == seconds


class Gateway:
    """A gateway beside a twin, whose time a test moves from reading to reading."""

    def __init__(self, served, clock, store):
        self.clock = clock
        self._reports: asyncio.Queue[MeterReport | UplinkEvent] = asyncio.Queue()
        self.task = asyncio.create_task(
            run_gateway(served.site, store, on_event=self._reports.put_nowait, clock=clock)
        )

    async def reports(self, number):
        return [await asyncio.wait_for(self._reports.get(), 5.0) for _ in range(number)]

    async def at(self, instant, number=1):
        self.clock.move(instant)
        return [(report.meter, report.answer is not None) for report in await self.reports(number)]

    async def stop(self):
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


def test_the_gateway_reads_each_meter_at_its_times_and_a_dead_one_in_between(hasty, store):
    async def story():
        async with twin_at(hasty) as (served, clock):
            gateway = Gateway(served, clock, store)
            both = {("heat_meter", True), ("rack", True)}
            assert {(r.meter, r.answer is not None) for r in await gateway.reports(2)} == both
            served.heat_meters["heat_meter"].mute = True
            seen = [sorted(await gateway.at(START + QUARTER, 2))]
            seconds = (15, 45)
            seen += [
                await gateway.at(START + QUARTER + timedelta(seconds=later)) for later in seconds
            ]
            served.heat_meters["heat_meter"].mute = False
            seen.append(await gateway.at(START + QUARTER + timedelta(seconds=105)))
            seen.append(sorted(await gateway.at(START + 2 * QUARTER, 2)))
            await gateway.stop()
            return seen

    dead, alive, rack = ("heat_meter", False), ("heat_meter", True), ("rack", True)
    assert asyncio.run(story()) == [
        *([dead, rack], [dead], [dead]),
        *([alive], [alive, rack]),
    ]
    (event,) = store.events(HOURS)
    assert (event.code, event.times) == ("meter.no-answer", 3)
    assert event.cleared_at is not None
    assert [len(counts_of(store)[name]) for name in (HEAT, "rack.it_kwh")] == [3, 3]


def test_the_gateway_goes_on_while_the_store_is_locked(parts, tmp_path):
    path = tmp_path / "exotherm.db"

    async def story(store, other):
        async with twin_at(parts) as (served, clock):
            gateway = Gateway(served, clock, store)
            await gateway.reports(2)
            other._connection.execute("BEGIN IMMEDIATE")
            clock.move(START + QUARTER)
            told = await gateway.reports(4)
            other._connection.execute("ROLLBACK")
            clock.move(START + 2 * QUARTER)
            await gateway.reports(2)
            await gateway.stop()
            return told

    with open_store(path, timeout_s=0.0) as store, open_store(path) as other:
        told = asyncio.run(story(store, other))
        assert sum(isinstance(one, MeterReport) for one in told) == 2
        troubles = [one for one in told if isinstance(one, UnableTo)]
        assert {(type(one), one.retryable) for one in troubles} == {(UnableToUseStore, True)}
        assert {len(series) for series in counts_of(store).values()} == {3}


def test_the_gateway_waits_for_a_store_that_is_locked_when_it_starts(parts, tmp_path):
    path = tmp_path / "exotherm.db"

    async def story(store, other):
        async with twin_at(parts) as (served, clock):
            other._connection.execute("BEGIN IMMEDIATE")
            gateway = Gateway(served, clock, store)
            told = await gateway.reports(1)
            clock.move(START + timedelta(seconds=15))
            told += await gateway.reports(1)
            other._connection.execute("ROLLBACK")
            clock.move(START + timedelta(seconds=45))
            told += await gateway.reports(2)
            await gateway.stop()
            return told

    with open_store(path, timeout_s=0.0) as store, open_store(path) as other:
        told = asyncio.run(story(store, other))
        assert [type(one) for one in told] == [UnableToUseStore] * 2 + [MeterReport] * 2
        assert {len(series) for series in counts_of(store).values()} == {1}


def test_a_database_that_another_makes_at_this_moment_is_waited_for(tmp_path):
    path, told = tmp_path / "exotherm.db", []

    async def story(other):
        clock, failed = HandClock(START), asyncio.Event()

        def on_event(error):
            told.append(error)
            failed.set()

        opening = when_free(
            lambda: open_store(path, timeout_s=0.0), QUARTER, clock=clock, on_event=on_event
        )
        task = asyncio.create_task(opening)
        await failed.wait()
        other.execute("ROLLBACK")
        clock.move(START + timedelta(seconds=15))
        (await task).close()

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        asyncio.run(story(other))
    assert [(type(one), one.retryable) for one in told] == [(UnableToOpenStore, True)]


def test_a_store_that_cannot_be_packed_is_told_of(parts, tmp_path):
    """Days are packed and old messages let go of once a day; a lock is said, and ends nothing."""
    path = tmp_path / "exotherm.db"

    async def story(store, other):
        async with twin_at(parts) as (served, clock):
            gateway = Gateway(served, clock, store)
            await gateway.reports(2)
            other._connection.execute("BEGIN IMMEDIATE")
            clock.move(START + timedelta(days=1))
            told = await gateway.reports(5)
            other._connection.execute("ROLLBACK")
            await gateway.stop()
            return told

    with open_store(path, timeout_s=0.0) as store, open_store(path) as other:
        told = asyncio.run(story(store, other))
    troubles = [one for one in told if isinstance(one, UnableToUseStore)]
    assert len(troubles) == 3, "two meters and the packing"


def test_the_gateway_ends_where_the_store_is_of_no_more_use(parts, store):
    async def story():
        async with twin_at(parts) as (served, clock):
            gateway = Gateway(served, clock, store)
            await gateway.reports(2)
            store._connection.execute("PRAGMA query_only = ON")
            clock.move(START + QUARTER)
            await gateway.task

    with pytest.raises(UnableToUseStore, match="may not be written") as error:
        asyncio.run(story())
    assert not error.value.retryable


def test_the_asynchronous_run_is_the_plain_one(parts, store):
    async def story():
        site, surroundings = parts
        return await run_period_through_protocols(site, surroundings, store, HOURS)

    assert asyncio.run(story()).stored == 13 * len(points_of(parts[0]))
