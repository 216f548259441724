"""What a survey comes to: its items, the programme, the money it adds and its range."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from exotherm.core.money import RoundingRule, round_money
from exotherm.core.period import write_day
from exotherm.plan.survey.items import Case, Item, Kind, settled
from exotherm.plan.survey.phases import End, activities_of
from exotherm.plan.survey.programme import Programme, runs_of, schedule
from exotherm.plan.survey.rules_boiler import BOILER_RULES
from exotherm.plan.survey.rules_neighbours import NEIGHBOUR_RULES
from exotherm.plan.survey.rules_places import PLACE_RULES
from exotherm.plan.survey.rules_routes import ROUTE_RULES
from exotherm.plan.survey.rules_water import WATER_RULES
from exotherm.plan.survey.rules_works import WORK_RULES, building_stays_warm
from exotherm.site.document import Site
from exotherm.site.survey.document import Survey

RULES: tuple[Callable[[Case], Iterator[Item]], ...] = (
    *PLACE_RULES,
    *ROUTE_RULES,
    *NEIGHBOUR_RULES,
    *WATER_RULES,
    *BOILER_RULES,
    *WORK_RULES,
)
_GRAVITY = {Kind.STOP: 0, Kind.DELAY: 1, Kind.COST: 2, Kind.RISK: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What is added to the investment, in the site's currency."""

    low: Decimal
    """everything sure at its low end, and nothing else comes"""
    expected: Decimal
    """the mean of each item times its likelihood"""
    high: Decimal
    """everything at its high end, and all that may come comes"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    """What a survey means for a project."""

    surveyed_on: date
    surveyed_by: tuple[str, ...]
    starts_on: date
    currency: str
    items: tuple[Item, ...]
    programme: Programme | None
    """with the likely durations of what is sure; None where no agreed shutdown is long enough"""
    first_heat_on_min: date | None
    """first heat where all goes fast"""
    first_heat_on_max: date | None
    """first heat where all takes long and all that may come comes; None: after every shutdown"""
    delay_days: int | None
    """days by which the findings move the first heat"""
    added: Addition

    @property
    def first_heat_on(self) -> date | None:
        """The day of the first heat, by the likely durations."""
        return _end_of(self.programme)

    @property
    def stops(self) -> tuple[Item, ...]:
        """What has to be settled before anything is built."""
        return tuple(one for one in self.items if one.kind is Kind.STOP)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """What the survey does not know."""
        return tuple(one for one in self.items if one.is_open)

    @property
    def unpriced(self) -> tuple[Item, ...]:
        """What costs something that is not known in the site's currency."""
        return tuple(one for one in self.items if one.needs_price)


def _end_of(programme: Programme | None) -> date | None:
    return None if programme is None else programme.ends_on


def survey_result(survey: Survey, site: Site, *, starts_on: date | None = None) -> SurveyResult:
    """Hold a survey against the rules, with works that may be ordered from a day on."""
    case, begins = Case(survey=survey, site=site), starts_on or survey.starts_on
    planner = _Planner(survey, site, begins)
    found = settled((item for rule in RULES for item in rule(case)), case)
    likely = planner.programme(found, "likely")
    off = likely or planner.programme(found, "likely", any_day=True)
    assert off is not None
    extra = [*building_stays_warm(case, off_days=off.off_days)]
    late = planner.programme(found, "high")
    extra += _misses_windows(case, likely, late, begins)
    items = (*found, *settled(extra, case))
    early, bare = planner.programme(found, "low"), planner.programme((), "likely")
    return SurveyResult(
        surveyed_on=survey.survey.surveyed_on,
        surveyed_by=survey.survey.surveyed_by,
        starts_on=begins,
        currency=site.site.currency,
        items=tuple(sorted(items, key=_order)),
        programme=likely,
        first_heat_on_min=_end_of(early),
        first_heat_on_max=_end_of(late),
        delay_days=likely.days - bare.days if likely and bare else None,
        added=_addition(items, site.site.currency),
    )


def _order(item: Item) -> tuple[int, Decimal, int]:
    return _GRAVITY[item.kind], -item.cost.high, -item.days.high


@dataclass(frozen=True, slots=True)
class _Planner:
    """Makes the programme of a survey for one end of the durations."""

    survey: Survey
    site: Site
    starts_on: date

    def programme(
        self, items: Sequence[Item], end: End, *, any_day: bool = False
    ) -> Programme | None:
        agreed = self.survey.shutdowns
        runs = runs_of(agreed, starts_on=self.starts_on) if agreed and not any_day else None
        activities = activities_of(self.survey, self.site, items, end=end)
        return schedule(activities, starts_on=self.starts_on, runs=runs)


def _misses_windows(
    case: Case, likely: Programme | None, late: Programme | None, starts_on: date
) -> Iterator[Item]:
    """Say where no agreed shutdown is long enough, or none is left if the works take long."""
    if late is not None:
        return
    begins = write_day(starts_on)
    item = case.found(
        "shutdown",
        "shutdowns",
        what=f"Of the agreed shutdowns none is long enough for the tie-in of works that are "
        f"ordered on {begins}.",
        remedy="Agree on a further or a longer shutdown.",
        is_stop=True,
    )
    if likely is None:
        yield item
        return
    yield replace(
        item,
        is_stop=False,
        likelihood_frac=Decimal("0.2"),
        what=f"If all takes long, works that are ordered on {begins} miss every agreed shutdown.",
    )


def _addition(items: Sequence[Item], currency: str) -> Addition:
    def rounded(amount: Decimal) -> Decimal:
        return round_money(amount, rule=RoundingRule.HALF_UP, currency=currency)

    nothing = Decimal(0)
    return Addition(
        low=sum((one.cost.low for one in items if one.likelihood_frac == 1), nothing),
        expected=rounded(sum((one.expected for one in items), nothing)),
        high=sum((one.cost.high for one in items), nothing),
    )
