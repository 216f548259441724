"""Living a period of a site's twin, its meters read through their real protocols.

The functions that doors call are plain; the asynchronous ones beside them are for those who have
an event loop already.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from exotherm.core.errors import UnableTo
from exotherm.core.period import Period, read_month
from exotherm.core.samples import Sample
from exotherm.devices.line import Address
from exotherm.operate.simulated import simulated
from exotherm.site.document import Site, points_of
from exotherm.site.series import Surroundings
from exotherm.store.sqlite import Store
from exotherm.usecases.asking import MeterLines
from exotherm.usecases.clocks import FastClock, HandClock
from exotherm.usecases.polling import MeterReport, Poller, save_reports
from exotherm.usecases.twin_server import Broker, ServedTwin, credentials_for, serve_twin
from exotherm.usecases.workspace import Ready

_COMMIT_EVERY = 96
"""Polls of a replayed period that are kept at once: a day of quarter-hours."""
_YEARS_LIVED = 5


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
    left_out: tuple[str, ...]
    """meters whose readings arrive as files, which the twin has no device of"""


OnProgress = Callable[[Progress], None]


def simulate_period(
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


def simulate_month(
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
        store.save_findings([simulated(month)], at=at)
    return simulate_period(
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
        left_out=served.left_out,
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
