"""Polling: ask every meter at once, judge what came, and keep it with all that is to be told."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, breaks_of, standing
from exotherm.core.period import write_instant
from exotherm.core.samples import Origin, Point, Quality, Sample
from exotherm.devices.errors import UnreadableRegisters, UnreadableTelegram
from exotherm.operate.limits import Limits, limits_of
from exotherm.operate.memory import Before
from exotherm.operate.quality import ANSWERED_CODES, judge
from exotherm.operate.telegram import Answer
from exotherm.site.document import Meter, Site, points_of
from exotherm.store.sqlite import Store
from exotherm.store.values import LastAnswer, Saved
from exotherm.usecases.asking import MeterLines, UnableToReadProfile

_FAILED_CODES = frozenset(
    {"meter.no-answer", "meter.unreadable-telegram", "meter.profile-unsupported"}
)
Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReport:
    """What came of asking one meter: its samples, and all that is to be told of it.

    ``answer`` is None where it gave none that can be read. An answer that is not ``new`` came so
    soon after another that its clock cannot tell them apart; it has no samples.
    """

    meter: str
    at: datetime
    answer: Answer | None
    samples: tuple[Sample, ...]
    findings: tuple[Finding, ...]
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What came of asking all meters once and keeping it; ``of_files`` is about dropped files."""

    at: datetime
    meters: tuple[MeterReport, ...]
    saved: Saved
    of_files: tuple[Finding, ...] = ()

    @property
    def samples(self) -> tuple[Sample, ...]:
        """The samples of all meters."""
        return tuple(sample for meter in self.meters for sample in meter.samples)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be told of all meters."""
        return (*self.of_files, *(found for meter in self.meters for found in meter.findings))


class Poller:
    """The meters of a site, their lines, and what is remembered of each from poll to poll."""

    def __init__(self, site: Site, lines: MeterLines, *, now: Now) -> None:
        self._site = site
        self._lines = lines
        self._now = now
        self._limits: Limits = limits_of(site)
        self._points: dict[str, dict[str, Point]] = {meter.name: {} for meter in site.meters}
        for name, point in points_of(site).items():
            self._points[point.meter][name] = point
        self._answers: dict[str, LastAnswer] = {}
        self._good: dict[str, Sample] = {}
        self._entries: tuple[Entry, ...] = ()

    def recall(self, store: Store, *, before: datetime | None = None) -> None:
        """Remember what a store has of each meter; only what lies before an instant, if given.

        What a twin lived ahead was not received yet, and says nothing of a meter of now.
        """
        entries = self._entries = tuple(standing(store.entries()))
        good = [_after_jump(entries, one) for one in self._received(store).values()]
        self._good = {one.point: one for one in good if before is None or one.source_at < before}
        now = self._now()
        self._answers = {
            name: answer
            for name, answer in store.last_answers().items()
            if answer.received_at <= now and (before is None or answer.source_at < before)
        }

    def heed_ledger(self, store: Store) -> None:
        """Go on from what the ledger says where it says more than before. Raises UnableToUseStore.

        What an entry made good in the store counts where it is newer than what is remembered.
        """
        entries = tuple(standing(store.entries()))
        if entries == self._entries:
            return
        self._entries = entries
        for name, kept in self._received(store).items():
            own = self._good.get(name, kept)
            newer = kept if kept.source_at > own.source_at else own
            self._good[name] = _after_jump(entries, newer)

    def _received(self, store: Store) -> dict[str, Sample]:
        return store.last_samples(Quality.GOOD, until=self._now())

    def remember(self, samples: Iterable[Sample]) -> None:
        """Remember good samples as the last ones of their points."""
        for sample in samples:
            if sample.quality is Quality.GOOD:
                self._good[sample.point] = sample

    async def ask_all(self) -> tuple[MeterReport, ...]:
        """Ask every meter in a task of its own, so that a silent one holds up no other."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.ask(meter)) for meter in asked_of(self._site)]
        return tuple(task.result() for task in tasks)

    async def ask(self, meter: Meter) -> MeterReport:
        """Ask one meter and judge its answer; that it gives none is a finding, not an error."""
        try:
            answer = await self._lines.ask(meter, now=self._now)
        except UnableTo as error:
            return silent_report(meter, error, at=self._now())
        return self.judge(meter, answer)

    def judge(self, meter: Meter, answer: Answer) -> MeterReport:
        """Judge an answer of a meter by what is remembered of it, and remember it."""
        judged = judge(
            answer,
            serial=meter.serial,
            points=self._points[meter.name],
            before=Before(answer=self._answers.get(meter.name), good=self._good),
            limits=self._limits,
        )
        if judged.new:
            self._answers[meter.name] = last_answer_of(answer)
        self.remember(judged.samples)
        return MeterReport(
            meter=meter.name,
            at=answer.received_at,
            answer=answer,
            samples=judged.samples,
            findings=judged.findings,
            new=judged.new,
        )


def asked_of(site: Site) -> tuple[Meter, ...]:
    """Give the meters that are asked; the readings of the others arrive as files."""
    return tuple(meter for meter in site.meters if meter.protocol != "csv")


async def poll_once(
    site: Site,
    store: Store,
    *,
    now: Now,
    retries: int = 1,
    save: Callable[[Store, Sequence[MeterReport]], Saved] | None = None,
) -> PollReport:
    """Ask all meters of a site once and keep what they tell and what is to be told of them.

    ``now`` gives the time at which an answer is received; ``retries`` is how often a damaged or
    missing M-Bus telegram is asked for again; ``save`` keeps the reports, as ``save_reports`` where
    it is left out. Raises UnableToUseStore.
    """
    store.keep_site(site.site.name, points_of(site).values())
    async with MeterLines(site, retries=retries) as lines:
        poller = Poller(site, lines, now=now)
        poller.recall(store)
        reports = await poller.ask_all()
    saved = (save or save_reports)(store, reports)
    return PollReport(at=now(), meters=reports, saved=saved)


def save_reports(store: Store, reports: Sequence[MeterReport]) -> Saved:
    """Keep reports in their order: samples, findings, and which findings are gone, as one."""
    with store.together():
        saved = store.save_samples(sample for report in reports for sample in report.samples)
        standing = {(event.code, event.place) for event in store.standing_events()}
        for report in reports:
            if report.findings:
                store.save_findings(report.findings, at=report.at)
                standing |= {(found.code, found.where.path) for found in report.findings}
            if report.new and standing:
                codes = ANSWERED_CODES | _FAILED_CODES if report.answer else _FAILED_CODES
                store.clear_findings(report.meter, codes, at=report.at, still=report.findings)
        for answer in {report.meter: report.answer for report in reports if _told(report)}.values():
            assert answer is not None
            store.save_answer(last_answer_of(answer))
    return saved


def _after_jump(entries: Sequence[Entry], good: Sample) -> Sample:
    """Give what a register showed after a jump that the ledger has later than its last reading."""
    jumps = breaks_of(entries, good.point)
    if not jumps or jumps[-1].at <= good.source_at:
        return good
    jump = jumps[-1]
    return Sample(
        point=good.point,
        source_at=jump.at,
        received_at=jump.at,
        count=jump.count_after,
        quality=Quality.GOOD,
        origin=Origin.HAND,
    )


def last_answer_of(answer: Answer) -> LastAnswer:
    """Give what is remembered of an answer."""
    return LastAnswer(
        meter=answer.meter,
        access_number=answer.access_number,
        source_at=answer.at,
        received_at=answer.received_at,
    )


def _told(report: MeterReport) -> bool:
    return report.answer is not None and report.new


def silent_report(meter: Meter, error: UnableTo, *, at: datetime) -> MeterReport:
    """Give the report of a meter that gave no reading, with a finding that says why."""
    found = _no_reading(meter, error, at=at)
    return MeterReport(meter=meter.name, at=at, answer=None, samples=(), findings=(found,))


def _no_reading(meter: Meter, error: UnableTo, *, at: datetime) -> Finding:
    if isinstance(error, UnreadableTelegram | UnreadableRegisters):
        code, what = "meter.unreadable-telegram", "gives an answer that cannot be read"
    elif isinstance(error, UnableToReadProfile):
        code, what = "meter.profile-unsupported", "cannot be read"
    else:
        code, what = "meter.no-answer", "does not answer"
    return Finding(
        code=code,
        severity=Severity.WARNING if error.retryable else Severity.ERROR,
        where=Where(path=meter.name),
        message=f"{meter.name} (number {meter.serial}) {what} at {write_instant(at)}; nothing is "
        f"stored for it. {error}",
        remedy=error.remedy,
        data={
            "at": write_instant(at),
            "serial": meter.serial,
            "host": meter.host,
            "port": meter.port,
            "address": meter.address,
        },
    )
