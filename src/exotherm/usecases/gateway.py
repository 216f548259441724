"""Reading a site's meters: all of them once, or by their interval until interrupted.

The functions that doors call are plain; the asynchronous ones beside them are for those who have
an event loop already.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from exotherm.core.errors import UnableTo
from exotherm.site.document import Meter, Site, points_of
from exotherm.store.errors import UnableToUseStore
from exotherm.store.gateway_lock import only_gateway
from exotherm.store.sqlite import Store, open_store
from exotherm.store.values import Saved
from exotherm.usecases.asking import MeterLines
from exotherm.usecases.clocks import Clock, SystemClock
from exotherm.usecases.drops import Drops
from exotherm.usecases.forwarding import (
    UplinkEvent,
    forget_passed_on,
    forward_for_ever,
    save_to_pass_on,
)
from exotherm.usecases.polling import MeterReport, Poller, PollReport, asked_of, poll_once
from exotherm.usecases.workspace import Ready

_FIRST_RETRY = timedelta(seconds=15)
_DAY = timedelta(days=1)
_PENDING_MAX = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

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
