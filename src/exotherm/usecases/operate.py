"""Operating a site: poll its meters, live a period through real protocols, run as a gateway.

The functions that doors call are plain; the asynchronous ones beside them are for those who have
an event loop already.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period, read_month
from exotherm.core.samples import Sample
from exotherm.devices.line import Address
from exotherm.site.document import Meter, Site, points_of
from exotherm.site.series import Surroundings
from exotherm.store.errors import UnableToUseStore
from exotherm.store.gateway_lock import only_gateway
from exotherm.store.sqlite import Store, open_store
from exotherm.store.values import Saved
from exotherm.usecases.asking import MeterLines
from exotherm.usecases.clocks import Clock, FastClock, HandClock, SystemClock
from exotherm.usecases.drops import Drops
from exotherm.usecases.forwarding import (
    UplinkEvent,
    forget_passed_on,
    forward_for_ever,
    save_to_pass_on,
)
from exotherm.usecases.polling import (
    MeterReport,
    Poller,
    PollReport,
    asked_of,
    poll_once,
    save_reports,
)
from exotherm.usecases.twin_server import Broker, ServedTwin, credentials_for, serve_twin
from exotherm.usecases.workspace import Ready

_COMMIT_EVERY = 96
"""Polls of a replayed period that are kept at once: a day of quarter-hours."""
_FIRST_RETRY = timedelta(seconds=15)
_DAY = timedelta(days=1)
_PENDING_MAX = 1000
_YEARS_LIVED = 5
SIMULATED_CODE = "meter.simulated"
"""The note by which a store remembers that a month's readings are simulated."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnableToSimulate(UnableTo):
    """The twin cannot live the period that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a period has been lived: readings done of all, and the instant of the last."""

    done: int
    total: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What came of living a period: how many edges it has, how many were asked, what was kept.

    ``polled`` is less than ``edges`` where an earlier run had stored readings already.
    """

    period: Period
    edges: int
    polled: int
    stored: int
    repeated: int
    refused: tuple[Sample, ...]


OnProgress = Callable[[Progress], None]
OnEvent = Callable[[MeterReport | UplinkEvent], None]
_Gained = TypeVar("_Gained")


def poll_site(site: Site, store: Store, *, folder: Path | None = None) -> PollReport:
    """Ask all meters of a site once and keep what they tell. Raises UnableToUseStore.

    It waits for a gateway to pass it on, where the site has an upper side.
    With the workspace's ``folder`` the readings that arrived there as files are kept as well.
    """
    now = SystemClock().now

    def save(store: Store, reports: Sequence[MeterReport]) -> Saved:
        return save_to_pass_on(store, site, reports)

    report = asyncio.run(poll_once(site, store, now=now, save=save))
    if folder is None:
        return report
    poller = Poller(site, MeterLines(site), now=now)
    poller.recall(store)
    dropped = Drops(site, folder).take(poller, store, now=now)
    return replace(
        report,
        meters=(*report.meters, *(each for one in dropped for each in one.reports)),
        of_files=tuple(found for one in dropped for found in one.findings),
    )


def operate_period(
    site: Site,
    surroundings: Surroundings,
    store: Store,
    period: Period,
    *,
    on_progress: OnProgress | None = None,
    opening: Mapping[str, int] | None = None,
    broker: Address | None = None,
) -> RunReport:
    """Live a period of the site's twin and keep its readings, read through real protocols.

    Its MQTT meters publish to the ``broker``. Raises KeyboardInterrupt where it is interrupted;
    what was read until then is kept, and the next call goes on from there. Raises UnableToUseStore.
    """
    return asyncio.run(
        run_period_through_protocols(
            site,
            surroundings,
            store,
            period,
            on_progress=on_progress,
            opening=opening,
            broker=broker,
        )
    )


def operate_month(
    workspace: Ready,
    store: Store,
    month: str,
    *,
    broker: Address | None = None,
    on_progress: Callable[[float], None],
) -> RunReport:
    """Live a month of a workspace's twin by the contract's clock and keep its readings.

    The twin's registers count from the planned year on, so months in a row are one history.
    ``on_progress`` hears the share done. Its MQTT meters publish to the ``broker``. Raises
    UnableToServe where one is missing, UnableToSimulate for a month that the twin cannot
    live, and ValueError for what is no month.
    """
    period = read_month(month, workspace.contract.zone)
    _check_can_be_lived(workspace.site, month, period)
    for at in (period.start, period.end):
        store.save_findings([_simulated(month)], at=at)
    return operate_period(
        workspace.site,
        workspace.surroundings,
        store,
        period,
        on_progress=lambda progress: on_progress(progress.done / progress.total),
        broker=broker,
    )


def _check_can_be_lived(site: Site, month: str, period: Period) -> None:
    """Hold the twin to the planned year and some after it: its registers count from there on."""
    first, last = site.study.year, site.study.year + _YEARS_LIVED
    year = period.start.astimezone(site.zone).year
    if not first <= year <= last:
        raise UnableToSimulate(
            f"The twin lives from {first} to {last}, not in {month}",
            remedy="Choose a month of these years, or another `study.year` in site.toml.",
        )


def _simulated(month: str) -> Finding:
    return Finding(
        code=SIMULATED_CODE,
        severity=Severity.NOTE,
        where=Where(path=month),
        message=f"Readings of {month} are the twin's: simulated, and read through real protocols.",
        remedy="Bill and prove such a month for practice only, in a workspace of its own.",
    )


def operate_gateway(workspace: Ready, *, on_event: OnEvent) -> None:
    """Read a workspace's meters by their interval until interrupted, and keep what they tell.

    Files of readings that arrive there are kept as well. Raises GatewayRunsAlready where another
    process does the same, UnableToOpenStore and UnableToUseStore.
    """
    clock = SystemClock()

    async def run() -> None:
        interval = timedelta(minutes=workspace.site.metering.interval_min)
        opened = await when_free(
            lambda: open_store(workspace.store), interval, clock=clock, on_event=on_event
        )
        with opened as store:
            folder = workspace.folder
            await run_gateway(workspace.site, store, on_event=on_event, clock=clock, folder=folder)

    with only_gateway(workspace.folder):
        asyncio.run(run())


async def when_free(
    use: Callable[[], _Gained], interval: timedelta, *, clock: Clock, on_event: OnEvent
) -> _Gained:
    """Use the store, and where another holds it say so and try again later and later."""
    failures = 0
    while True:
        try:
            return use()
        except UnableTo as error:
            if not error.retryable:
                raise
            on_event(error)
        failures += 1
        await clock.sleep_until(next_reading(clock.now(), interval, failures=failures))


def operate_twin(
    site: Site,
    surroundings: Surroundings,
    *,
    start: datetime,
    speed: float = 1.0,
    broker: Address | None = None,
    on_ready: Callable[[ServedTwin], None],
    on_trouble: Callable[[UnableTo], None],
    opening: Mapping[str, int] | None = None,
) -> None:
    """Serve the twin's meters on the ports of the site file until interrupted.

    It begins at an instant and lives ``speed`` seconds in a real one. Its MQTT meters publish to
    the ``broker``; ``on_trouble`` is told where none is given or there. Raises UnableToListen.
    """

    async def serve() -> None:
        clock = FastClock(start, speed=speed)
        serving = serve_twin(
            site,
            surroundings,
            clock=clock,
            opening=opening,
            broker=Broker(address=broker, on_trouble=on_trouble),
        )
        async with serving as served:
            on_ready(served)
            await asyncio.Event().wait()

    asyncio.run(serve())


async def run_period_through_protocols(
    site: Site,
    surroundings: Surroundings,
    store: Store,
    period: Period,
    *,
    on_progress: OnProgress | None = None,
    opening: Mapping[str, int] | None = None,
    broker: Address | None = None,
) -> RunReport:
    """Serve the twin on free ports of loopback and live a period of it; see `live_period`."""
    clock = HandClock(period.start)
    async with serve_twin(
        site,
        surroundings,
        clock=clock,
        free_ports=True,
        opening=opening,
        broker=Broker(address=broker),
    ) as served:
        return await live_period(served, clock, store, period, on_progress=on_progress)


async def live_period(
    served: ServedTwin,
    clock: HandClock,
    store: Store,
    period: Period,
    *,
    on_progress: OnProgress | None = None,
) -> RunReport:
    """Read a served twin at every interval of a period and at both of its edges.

    The clock is moved from reading to reading, so a month takes seconds. Readings that are stored
    already are not asked for again. Readings are kept a day at a time, and those of the last day
    also where this is cancelled.
    """
    site = served.site
    points = points_of(site)
    store.keep_site(site.site.name, points.values())
    stored = _stored(store, tuple(points), period)
    edges = edges_of(period, timedelta(minutes=site.metering.interval_min))
    keeper = _Keeper(store)
    polled = 0
    async with MeterLines(site, credentials=credentials_for) as lines:
        poller = Poller(site, lines, now=clock.now)
        poller.recall(store, before=period.start)
        try:
            for done, edge in enumerate(edges, start=1):
                clock.move(edge)
                known = stored.get(edge, ())
                if len(known) == len(points):
                    poller.remember(known)
                else:
                    await served.publish()
                    keeper.add(await poller.ask_all())
                    polled += 1
                if on_progress is not None:
                    on_progress(Progress(done=done, total=len(edges), at=edge))
        finally:
            keeper.save()
    return RunReport(
        period=period,
        edges=len(edges),
        polled=polled,
        stored=keeper.stored,
        repeated=keeper.repeated,
        refused=tuple(keeper.refused),
    )


def edges_of(period: Period, interval: timedelta) -> tuple[datetime, ...]:
    """Give the instants at which a period is read: its start, every interval, and its end."""
    return (*(part.start for part in period.split(interval)), period.end)


def _stored(
    store: Store, points: tuple[str, ...], period: Period
) -> dict[datetime, tuple[Sample, ...]]:
    """Give the samples that a store has of a period, by their time."""
    by_time: dict[datetime, list[Sample]] = {}
    for samples in store.samples(points, period).values():
        for sample in samples:
            by_time.setdefault(sample.source_at, []).append(sample)
    return {at: tuple(samples) for at, samples in by_time.items()}


class _Keeper:
    """Reports on their way into a store, a day of them in one transaction."""

    def __init__(self, store: Store) -> None:
        self.stored = 0
        self.repeated = 0
        self.refused: list[Sample] = []
        self._store = store
        self._reports: list[MeterReport] = []
        self._polls = 0

    def add(self, reports: tuple[MeterReport, ...]) -> None:
        self._reports.extend(reports)
        self._polls += 1
        if self._polls >= _COMMIT_EVERY:
            self.save()

    def save(self) -> None:
        if not self._reports:
            return
        saved = save_reports(self._store, self._reports)
        self._reports, self._polls = [], 0
        self.stored += saved.stored
        self.repeated += saved.repeated
        self.refused.extend(saved.refused)


async def run_gateway(
    site: Site,
    store: Store,
    *,
    on_event: OnEvent,
    clock: Clock,
    folder: Path | None = None,
) -> None:
    """Read every meter at each interval of UTC until cancelled, each in a task of its own.

    A meter that gives no reading is tried again after 15 seconds, then after twice that, and so on
    up to the interval; its regular times stay. ``on_event`` is given every report, and the failure
    where the store takes nothing for now: up to 1000 reports then wait for it, and at the start
    everything does. Days that are over are packed, and what is kept goes on to the site's uplink,
    where there is one; it is told when that is away and back.
    """
    interval = timedelta(minutes=site.metering.interval_min)
    await when_free(
        lambda: store.keep_site(site.site.name, points_of(site).values()),
        interval,
        clock=clock,
        on_event=on_event,
    )
    keeper = _PatientKeeper(store, site, on_event)
    async with MeterLines(site) as lines:
        poller = Poller(site, lines, now=clock.now)
        poller.recall(store)
        try:
            async with asyncio.TaskGroup() as group:
                for meter in asked_of(site):
                    group.create_task(
                        _read_for_ever(meter, site, poller, keeper, clock, store, on_event)
                    )
                if folder is not None:
                    drops = Drops(site, folder)
                    group.create_task(_take_for_ever(drops, poller, store, site, on_event, clock))
                group.create_task(_pack_for_ever(store, clock, on_event))
                if site.uplink is not None:
                    group.create_task(
                        forward_for_ever(site, site.uplink, store, clock, on_event=on_event)
                    )
        except* UnableTo as group:
            raise group.exceptions[0] from None
        finally:
            keeper.save()


async def _read_for_ever(
    meter: Meter,
    site: Site,
    poller: Poller,
    keeper: "_PatientKeeper",
    clock: Clock,
    store: Store,
    on_event: OnEvent,
) -> None:
    interval = timedelta(minutes=site.metering.interval_min)
    failures = 0
    while True:
        # Whoever exchanged a meter has entered it beside us.
        try:
            poller.heed_ledger(store)
        except UnableToUseStore as error:
            on_event(error)
        report = await poller.ask(meter)
        failures = 0 if report.answer else failures + 1
        due = next_reading(clock.now(), interval, failures=failures)
        keeper.add(report)
        await clock.sleep_until(due)


async def _take_for_ever(
    drops: Drops, poller: Poller, store: Store, site: Site, on_event: OnEvent, clock: Clock
) -> None:
    """Take the files that arrived, at every interval; what the store does not take waits there."""
    interval = timedelta(minutes=site.metering.interval_min)
    while True:
        try:
            for dropped in drops.take(poller, store, now=clock.now):
                for report in dropped.reports:
                    on_event(report)
        except UnableToUseStore as error:
            if not error.retryable:
                raise
            on_event(error)
        await clock.sleep_until(next_reading(clock.now(), interval, failures=0))


async def _pack_for_ever(store: Store, clock: Clock, on_event: OnEvent) -> None:
    """Pack days once they are over for a day, and let go of what the upper side has had for long.

    A store that is locked for now is told of, and asked again tomorrow.
    """
    while True:
        try:
            store.compact(clock.now() - _DAY)
            forget_passed_on(store, now=clock.now())
        except UnableToUseStore as error:
            on_event(error)
        await clock.sleep_until(_EPOCH + ((clock.now() - _EPOCH) // _DAY + 1) * _DAY)


def next_reading(now: datetime, interval: timedelta, *, failures: int) -> datetime:
    """Give when a meter is read next: at the next interval of UTC, or sooner after a failure."""
    regular = _EPOCH + ((now - _EPOCH) // interval + 1) * interval
    if not failures:
        return regular
    # Doubled thirty times it is longer than any interval.
    return min(regular, now + _FIRST_RETRY * int(2 ** min(failures - 1, 30)))


class _PatientKeeper:
    """Reports on their way into a store that may be locked or full for a while."""

    def __init__(self, store: Store, site: Site, on_event: OnEvent) -> None:
        self._store = store
        self._site = site
        self._on_event = on_event
        self._waiting: list[MeterReport] = []

    def add(self, report: MeterReport) -> None:
        self._waiting.append(report)
        self._on_event(report)
        try:
            self.save()
        except UnableTo as error:
            if not error.retryable or len(self._waiting) >= _PENDING_MAX:
                raise
            self._on_event(error)

    def save(self) -> None:
        if self._waiting:
            save_to_pass_on(self._store, self._site, self._waiting)
            self._waiting = []
