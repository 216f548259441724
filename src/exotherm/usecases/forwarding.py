"""Store and forward: samples go on to an upper side once they are kept, however long it is away.

What is to go on is put beside the samples, in the same transaction, each under a key of its own.
The upper side acknowledges; only then the place moves on. It may hear a message twice after a
break, never miss one, and knows a second one by its key.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.period import write_instant
from exotherm.core.samples import Point, Sample
from exotherm.devices.credentials import credentials_of
from exotherm.devices.line import Address
from exotherm.devices.mqtt.publisher import MqttPublisher
from exotherm.site.document import Site, points_of
from exotherm.site.uplink import Uplink
from exotherm.store.errors import UnableToUseStore
from exotherm.store.sqlite import Store
from exotherm.store.values import Saved
from exotherm.usecases.clocks import Clock
from exotherm.usecases.polling import MeterReport, save_reports

RECEIVER = "uplink"
"""name under which the store remembers how far the upper side is"""
CREDENTIALS = "uplink"
"""name by which its credentials stand in the environment or the file of credentials"""
_BATCH = 200
_LOOK_AGAIN = timedelta(seconds=1)
_FIRST_RETRY, _LAST_RETRY = timedelta(seconds=2), timedelta(minutes=5)
_KEPT = timedelta(days=35)


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkNews:
    """That the upper side takes nothing for now, and why; or, without a failure, that it is back.

    ``count`` is how many messages wait then, or went on since it is back.
    """

    failure: UnableTo | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkOpened:
    """Under which topic the upper side hears of this site."""

    topic: str


UplinkEvent = UplinkOpened | UplinkNews | UnableTo


def messages_of(
    reports: Iterable[MeterReport], points: Mapping[str, Point]
) -> Iterator[tuple[str, bytes]]:
    """Give a message for each sample of reports: its key, and JSON with all its digits."""
    for report in reports:
        for sample in report.samples:
            key = f"{sample.point} {write_instant(sample.source_at)}"
            yield key, json.dumps(_told(key, sample, points[sample.point])).encode()


def _told(key: str, sample: Sample, point: Point) -> dict[str, object]:
    return {
        "key": key,
        "point": sample.point,
        "kind": point.kind,
        "value": str(Decimal(sample.count).scaleb(-point.decimals)),
        "unit": point.unit,
        "source_at": write_instant(sample.source_at),
        "received_at": write_instant(sample.received_at),
        "quality": sample.quality.value,
        "origin": sample.origin.value,
    }


def put_samples(store: Store, site: Site, reports: Sequence[MeterReport]) -> None:
    """Put the samples of reports into the outbox, where the site has an upper side."""
    if site.uplink is None or not reports:
        return
    at = max(report.at for report in reports)
    store.put_messages(messages_of(reports, points_of(site)), at=at)


def save_to_pass_on(store: Store, site: Site, reports: Sequence[MeterReport]) -> Saved:
    """Keep reports, and put their samples into the outbox in the same transaction."""
    with store.together():
        saved = save_reports(store, reports)
        put_samples(store, site, reports)
    return saved


async def forward_for_ever(
    site: Site,
    uplink: Uplink,
    store: Store,
    clock: Clock,
    *,
    on_event: Callable[[UplinkEvent], None],
) -> None:
    """Pass on what waits, in its order, until cancelled; while nobody takes it, try ever later.

    Whatever keeps it from passing on keeps no meter from being read. ``on_event`` is told the topic
    once it is reached first; what keeps from it once, again where it changes, and when it is over.
    """
    told, passed, opened = "", 0, False
    address = Address(host=uplink.host, port=uplink.port)
    wait = _FIRST_RETRY
    while True:
        try:
            topic = topic_of(site, uplink, mark=store.mark())
            publisher = MqttPublisher(address, topic=topic, credentials=credentials_of(CREDENTIALS))
            async with publisher:
                wait = _FIRST_RETRY
                if not opened:
                    on_event(UplinkOpened(topic=topic))
                opened = True
                while True:
                    async for count in _passed_on(publisher, store):
                        passed += count
                    if told:
                        on_event(UplinkNews(failure=None, count=passed))
                    told, passed = "", 0
                    await clock.sleep_until(clock.now() + _LOOK_AGAIN)
        except UnableTo as error:
            if str(error) != told:
                told = str(error)
                on_event(_news_of(error, store))
            await clock.sleep_until(clock.now() + wait)
            wait = min(2 * wait, _LAST_RETRY)


def forget_passed_on(store: Store, *, now: datetime) -> None:
    """Let go of messages that the upper side has had for long. Raises UnableToUseStore."""
    store.drop_messages(before=now - _KEPT)


def _news_of(error: UnableTo, store: Store) -> UplinkNews | UnableTo:
    """Say how many messages wait; a store that cannot be asked tells of itself."""
    if isinstance(error, UnableToUseStore):
        return error
    try:
        return UplinkNews(failure=error, count=store.count_waiting(RECEIVER))
    except UnableToUseStore as unasked:
        return unasked


async def _passed_on(publisher: MqttPublisher, store: Store) -> AsyncIterator[int]:
    """Pass on all that waits, and count each batch: acknowledged once the broker has all of it."""
    while waiting := store.waiting_messages(RECEIVER, most=_BATCH):
        for message in waiting:
            await publisher.pass_on("samples", message.payload)
        store.acknowledge(RECEIVER, waiting[-1].position)
        yield len(waiting)


def topic_of(site: Site, uplink: Uplink, *, mark: str) -> str:
    """Give the topic of a site: the uplink's, then what stands for the site and for no other.

    That is what the uplink says, or the site's name in letters that topics have and the ``mark`` of
    its database: sites are often called alike, and a broker would take two for one.
    """
    if uplink.site is not None:
        return f"{uplink.topic}/{uplink.site}"
    name = "".join(letter if letter.isalnum() else "-" for letter in site.site.name.lower())
    return f"{uplink.topic}/{name.strip('-')}-{mark}"
