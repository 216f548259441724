"""What a bill goes by beside its readings: written records, the season, the year so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from exotherm.bill.close import Known
from exotherm.contract.contract_year import contract_year
from exotherm.contract.hours import WHOLE_YEAR, InSeason
from exotherm.contract.index import Missing, PriceBook, Release
from exotherm.contract.interruption import Interruption
from exotherm.contract.measure import consumption_of
from exotherm.contract.outcome import table_of
from exotherm.contract.rate import YearSoFar, rate
from exotherm.contract.season import season_of
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, has_errors
from exotherm.core.ledger import breaks_of, standing
from exotherm.core.period import Period, months_of
from exotherm.core.samples import Point
from exotherm.feeds.records import read_interruptions, read_releases
from exotherm.store.sqlite import Store
from exotherm.usecases.contract_samples import contract_samples
from exotherm.usecases.files import WorkspaceFiles

INTERRUPTIONS_FILE, INDICES_FILE = "interruptions.csv", "indices.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The written records of a workspace, and what stands against them."""

    interruptions: tuple[Interruption, ...]
    releases: tuple[Release, ...]
    findings: tuple[Finding, ...]


def read_records(folder: Path, contract: Contract) -> Records:
    """Read the records of a workspace; a file that is not there holds none."""
    files = WorkspaceFiles(folder)
    interruptions: tuple[Interruption, ...] = ()
    releases: tuple[Release, ...] = ()
    if (folder / INTERRUPTIONS_FILE).exists():
        text = files.text(INTERRUPTIONS_FILE)
        interruptions, found = read_interruptions(
            text or "", file=INTERRUPTIONS_FILE, causes=table_of(contract).causes
        )
        files.findings.extend(found)
    if (folder / INDICES_FILE).exists():
        text = files.text(INDICES_FILE)
        releases, found = read_releases(text or "", file=INDICES_FILE)
        files.findings.extend(found)
    return Records(interruptions=interruptions, releases=releases, findings=tuple(files.findings))


def known_of(
    contract: Contract,
    records: Records,
    store: Store,
    points: Mapping[str, Point],
    *,
    period: Period,
    heat_kw_max: float,
    known_on: date,
) -> Known:
    """Put together what a bill of a period goes by beside its own readings."""
    season = season_from_store(contract, store, points, until=period)
    billed = contract.delivered_heat.point
    breaks = breaks_of(standing(store.entries([billed])), billed)
    before = Known(
        interruptions=records.interruptions,
        in_season=season,
        releases=records.releases,
        breaks=breaks,
    )
    year = _year_before(
        contract, before, store, points, period=period, heat_kw_max=heat_kw_max, known_on=known_on
    )
    return Known(
        interruptions=records.interruptions,
        in_season=season,
        releases=records.releases,
        year=year,
        breaks=breaks,
    )


def season_from_store(
    contract: Contract, store: Store, points: Mapping[str, Point], *, until: Period
) -> InSeason:
    """Decide a season by weather from the readings of its station, where a meter tells it."""
    rule = contract.season.weather
    if rule is None or rule.station not in points:
        return WHOLE_YEAR
    point = points[rule.station]
    whole = Period(contract.term_period.start, until.end)
    outdoor: dict[date, float] = {}
    for sample in store.samples([point.name], whole, timedelta(0)).get(point.name, ()):
        local = sample.source_at.astimezone(contract.zone)
        if local.hour == rule.hour % 24:
            outdoor.setdefault(local.date(), float(point.value_of(sample.count)))
    last = (until.end - timedelta(microseconds=1)).astimezone(contract.zone).date()
    return season_of(contract, outdoor, until=last)


def _year_before(
    contract: Contract,
    known: Known,
    store: Store,
    points: Mapping[str, Point],
    *,
    period: Period,
    heat_kw_max: float,
    known_on: date,
) -> YearSoFar | None:
    """Rate the months of the contract year before a period; None where one cannot be measured."""
    if not _settles_by_year(contract) or period.overlap(contract.billed_period) != period:
        return None
    start = contract_year(contract, period.start).covered.start
    year: YearSoFar | None = YearSoFar()
    if start >= period.start:
        return year
    for month in months_of(Period(start, period.start), contract.zone):
        measured = consumption_of(
            contract,
            points=points,
            samples=contract_samples(contract, store, month),
            period=month,
            heat_kw_max=heat_kw_max,
            interruptions=known.interruptions,
            in_season=known.in_season,
            breaks=known.breaks,
        )
        day = month.start.astimezone(contract.zone).date()
        book = PriceBook.on(contract, day, known.releases, known_on=known_on)
        if measured.metered is None or has_errors(measured.findings) or isinstance(book, Missing):
            return None
        year = rate(contract, measured.metered.consumption, book=book, year=year).year
    return year


def _settles_by_year(contract: Contract) -> bool:
    """Tell whether any clause may look at more than a month."""
    clauses = (
        contract.take_or_pay,
        contract.price_limits,
        contract.credit_limits,
        contract.capacity_fee,
    )
    return any(clause is not None for clause in clauses)
