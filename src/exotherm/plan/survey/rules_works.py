"""Rules of papers and works: what was read, when heat can be off, what warms the building then."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import get_args

from exotherm.core.period import write_day
from exotherm.core.units import format_quantity
from exotherm.plan.survey.items import TRADE, Case, Cost, Days, Item
from exotherm.plan.survey.rates import TEMPORARY_PER_KW_DAY
from exotherm.site.survey.document import PaperKind
from exotherm.site.survey.premises import Side

_NEEDED: Mapping[PaperKind, tuple[str, str]] = {
    "as-built drawings": ("pipes and cables that nobody expects", "0.3"),
    "asbestos register": ("works that stop on the first day", "0.2"),
    "boiler service record": ("a boiler that does not outlive the tie-in", "0.2"),
    "electrical diagram": ("a board without a free way", "0.2"),
    "fire strategy": ("seals and doors that are asked for at the end", "0.2"),
}
_FREE_OF_ASBESTOS_FROM = 2005
_SERVICE_DAYS_MAX = 730
"""a boiler is serviced each year; two without a record are a question: a choice of ours"""


def papers_were_read(case: Case) -> Iterator[Item]:
    """The papers that tell what no visit shows were there and were read."""
    seen = {paper.kind for paper in case.survey.papers if paper.seen}
    looked_for = {paper.kind: at for at, paper in enumerate(case.survey.papers)}
    built = case.survey.building.built_in
    for kind, (risks, likelihood) in _NEEDED.items():
        new = kind == "asbestos register" and built is not None and built >= _FREE_OF_ASBESTOS_FROM
        if kind in seen or new:
            continue
        path = ("papers", looked_for[kind]) if kind in looked_for else ("papers",)
        yield case.unknown(
            "papers",
            *path,
            what=f"What the {kind} {'say' if kind.endswith('s') else 'says'}",
            risks=risks,
            find_out=f"Ask the building's owner for the {kind}, in writing.",
            price=(("second visit", 1),),
            likelihood=likelihood,
        )


def both_sides_were_seen(case: Case) -> Iterator[Item]:
    """Somebody walked through the hosting site and through the customer's building."""
    for side in get_args(Side):
        if side not in case.survey.survey.visited:
            yield case.unknown(
                "papers",
                "survey",
                "visited",
                what=f"What the {side} looks like, which nobody walked through,",
                risks="everything that no drawing shows",
                find_out="Visit it with its keeper.",
                price=(("second visit", 2),),
                likelihood="0.5",
            )


def boiler_was_looked_after(case: Case) -> Iterator[Item]:
    """The boiler, which stays as backup, was serviced not long before the survey."""
    for at, paper in enumerate(case.survey.papers):
        if paper.kind != "boiler service record" or paper.dated_on is None:
            continue
        days = (case.survey.survey.surveyed_on - paper.dated_on).days
        if paper.seen and days > _SERVICE_DAYS_MAX:
            yield case.unknown(
                "papers",
                "papers",
                at,
                "dated_on",
                what=f"The state of the boiler, last serviced on {write_day(paper.dated_on)},",
                risks="a backup that fails in its first winter",
                find_out="Have it serviced, and its efficiency measured.",
                price=(("second visit", 1),),
                likelihood="0.3",
            )


def shutdown_is_agreed(case: Case) -> Iterator[Item]:
    """The customer has said when the building can be cut off."""
    if not case.survey.shutdowns:
        yield case.unknown(
            "shutdown",
            "shutdowns",
            what="When the building can be cut off",
            risks="a tie-in that waits for the end of the season",
            find_out="Agree on days with the customer, and write `[[shutdowns]]`.",
            days=Days(0, 30, 180),
            likelihood="0.5",
            after="works",
            before="tie-in",
        )


def building_stays_warm(case: Case, *, off_days: int) -> Iterator[Item]:
    """While the building is cut off for longer than it bears, a hired boiler warms it.

    ``off_days`` is how long the programme cuts it off at a time.
    """
    bears_days, hired = case.survey.building.without_heat_days_max, case.survey.temporary_plant
    heat_kw = hired.heat_kw or case.site.boiler.heat_kw_rated
    if not off_days or (bears_days is not None and off_days <= bears_days) or not heat_kw:
        return
    cost = _hire(case, heat_kw, off_days)
    if hired.branches is not True:
        cost += case.cost(("temporary branches", 1))
    for_days = format_quantity("_days", off_days)
    if bears_days is None:
        yield Item(
            rule="temporary-plant",
            what=f"How long the building bears to be without heat is not known, which risks a "
            f"hired boiler of {format_quantity('_kw', heat_kw)} for {for_days}.",
            path=("building", "without_heat_days_max"),
            remedy="Ask its keeper, for the season of the shutdown.",
            cost=cost,
            likelihood_frac=Decimal("0.5"),
            source=TRADE,
            is_open=True,
            needs_price=case.needs_price,
        )
        return
    yield Item(
        rule="temporary-plant",
        what=f"The tie-in takes the heat away for {for_days}; the building bears "
        f"{format_quantity('_days', bears_days)}.",
        path=("building", "without_heat_days_max"),
        remedy=f"Hire a boiler of {format_quantity('_kw', heat_kw)}, with hoses, fuel and a place.",
        cost=cost,
        source=TRADE,
        needs_price=case.needs_price,
    )


def _hire(case: Case, heat_kw: float, off_days: int) -> Cost:
    """Price a hired boiler: bringing it, and each kilowatt of it each day."""
    many = Decimal(str(heat_kw)) * off_days * case.per_eur
    low, likely, high = (rate * many for rate in TEMPORARY_PER_KW_DAY)
    return case.rounded(case.cost(("temporary set-up", 1)) + Cost(low, likely, high))


WORK_RULES = (
    papers_were_read,
    both_sides_were_seen,
    boiler_was_looked_after,
    shutdown_is_agreed,
)
