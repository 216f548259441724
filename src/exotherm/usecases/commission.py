"""Commissioning a site: read its meters for a while and prove their scales by second paths."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding
from exotherm.core.samples import Quality, Sample
from exotherm.devices.line import Address
from exotherm.operate.commission import prove_scales
from exotherm.operate.commission_values import Display, Look, Metered, PointProof, Verdict
from exotherm.operate.limits import power_kw_max
from exotherm.operate.telegram import Answer
from exotherm.site.document import Site, points_of
from exotherm.site.meters import MBUS
from exotherm.site.series import Surroundings
from exotherm.usecases.asking import MeterLines
from exotherm.usecases.clocks import Clock, HandClock, SystemClock
from exotherm.usecases.device_lines import own_credentials
from exotherm.usecases.polling import MeterReport, Poller, asked_of
from exotherm.usecases.twin_server import Broker, ServedTwin, credentials_for, serve_twin

_TWIN_STEP = timedelta(minutes=15)


class UnknownPoint(UnableTo):
    """A display is given of a point that the site has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioned:
    """What came of it: the proofs by point, and what is to be told of the meters themselves."""

    proofs: tuple[PointProof, ...]
    findings: tuple[Finding, ...]
    answered: int
    looks: int

    @property
    def contradicted(self) -> bool:
        """Whether any scale is wrong."""
        return any(proof.verdict is Verdict.CONTRADICTS for proof in self.proofs)


def commission_site(
    site: Site,
    *,
    displays: Sequence[tuple[str, Decimal]] = (),
    minutes: float = 5.0,
    every_s: float = 30.0,
    on_progress: Callable[[float], None],
) -> Commissioned:
    """Read the meters for some minutes and prove their scales; nothing is written to any.

    What another meter tells than the one in the site file proves nothing. ``displays`` are points
    with what their displays show. Raises UnknownPoint.
    """
    _check(site, displays)
    clock = SystemClock()
    every_s = min(every_s, 60.0 * minutes)
    steps = round(60.0 * minutes / every_s)

    async def look() -> list[MeterReport]:
        return await _look(site, clock, steps, timedelta(seconds=every_s), on_progress)

    return _concluded(site, asyncio.run(look()), displays)


def commission_twin(
    site: Site,
    surroundings: Surroundings,
    *,
    start: datetime,
    displays: Sequence[tuple[str, Decimal]] = (),
    minutes: float = 240.0,
    broker: Address | None = None,
    on_progress: Callable[[float], None],
) -> Commissioned:
    """Do the same with the site's twin, which lives the time in a moment.

    Its MQTT meters publish to the ``broker``. Raises UnknownPoint, UnableToListen and
    UnableToServe.
    """
    _check(site, displays)
    clock = HandClock(start)
    steps = max(1, round(timedelta(minutes=minutes) / _TWIN_STEP))

    async def look() -> list[MeterReport]:
        async with serve_twin(
            site, surroundings, clock=clock, free_ports=True, broker=Broker(address=broker)
        ) as served:
            return await _look(served.site, clock, steps, _TWIN_STEP, on_progress, twin=served)

    return _concluded(site, asyncio.run(look()), displays)


async def _look(
    site: Site,
    clock: Clock,
    steps: int,
    every: timedelta,
    on_progress: Callable[[float], None],
    *,
    twin: ServedTwin | None = None,
) -> list[MeterReport]:
    """Read all meters at the start and after every step."""
    reports: list[MeterReport] = []
    start = clock.now()
    async with MeterLines(site, credentials=credentials_for if twin else own_credentials) as lines:
        poller = Poller(site, lines, now=clock.now)
        for step in range(steps + 1):
            due = start + step * every
            if isinstance(clock, HandClock):
                clock.move(due)
            else:
                await clock.sleep_until(due)
            if twin is not None:
                await twin.publish()
            reports.extend(await poller.ask_all())
            on_progress(step / steps)
    return reports


def _check(site: Site, displays: Sequence[tuple[str, Decimal]]) -> None:
    known = points_of(site)
    for point, _ in displays:
        if point not in known:
            raise UnknownPoint(
                f"The site has no point `{point}`.", remedy=f"It has {', '.join(known)}."
            )


def _concluded(
    site: Site, reports: Sequence[MeterReport], displays: Sequence[tuple[str, Decimal]]
) -> Commissioned:
    meters = [
        Metered(
            name=meter.name,
            points=meter.points,
            measures=meter.measures,
            part_of=meter.part_of,
            looks=tuple(
                look
                for report in reports
                if report.meter == meter.name
                and report.answer is not None
                and (look := _look_of(report.answer, report.samples)).values
            ),
            tells_units=meter.protocol in MBUS,
        )
        for meter in asked_of(site)
    ]
    last = max((report.at for report in reports), default=None)
    shown = [Display(point=point, value=value, at=last) for point, value in displays if last]
    # An answer that is not new is judged by nothing; what was said of the one before stands.
    latest = {report.meter: report for report in reports if report.new}
    return Commissioned(
        proofs=prove_scales(meters, displays=shown, it_kw_max=power_kw_max(site)["it_kw"]),
        findings=tuple(found for report in latest.values() for found in report.findings),
        answered=sum(bool(meter.looks) for meter in meters),
        looks=max((len(meter.looks) for meter in meters), default=0),
    )


def _look_of(answer: Answer, samples: Sequence[Sample]) -> Look:
    """Give what an answer tells of the very meter: values in its units, with its own number."""
    own = {sample.point for sample in samples if sample.quality is not Quality.INVALID}
    return Look(
        at=answer.at,
        values={
            told.point.partition(".")[2]: float(told.value)
            for told in answer.told
            if told.value is not None and told.point in own
        },
    )
