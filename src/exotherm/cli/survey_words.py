"""A survey in the words of the command line, in 80 columns."""

import textwrap
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from exotherm.core.period import write_day
from exotherm.core.units import MINUS, format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.study import StudyResult
    from exotherm.plan.survey.items import Item
    from exotherm.plan.survey.programme import Programme, Scheduled
    from exotherm.plan.survey.result import SurveyResult

COLUMNS = 80
_BAR_COLUMNS = 14


def survey_rows(study: "StudyResult") -> Iterator[tuple[str, str]]:
    """Give what a survey adds to a plan, where there is one."""
    if study.survey is None:
        return
    result, currency = study.survey.result, study.currency
    low, high = (
        format_quantity("npv", one, currency="").strip()
        for one in (result.added.low, result.added.high)
    )
    added = format_quantity("npv", result.added.expected, currency=currency)
    yield "survey adds", f"{added}, between {low} and {high}"
    first = _written(result.first_heat_on, "no agreed shutdown is long enough")
    yield "first heat", f"{first}, where the works begin on {write_day(result.starts_on)}"
    if study.survey.late_days:
        yield "after the contract begins", format_quantity("_days", study.survey.late_days)
    if result.delay_days:
        lost = format_quantity("npv", study.survey.lost_amount, currency=currency)
        delay = format_quantity("_days", result.delay_days)
        yield "delayed by the survey", f"{delay}, which lose {lost}"


def item_lines(item: "Item") -> Iterator[str]:
    """Write an item: its kind and point, its numbers, what was found and what to do."""
    from exotherm.plan.survey.phases import POINTS

    chance = (
        ""
        if item.likelihood_frac == 1
        else format_quantity("_frac", item.likelihood_frac, decimals=0)
    )
    # What stops has no price: it cannot be built at any.
    amounts = (item.cost.low, item.cost.likely, item.cost.high)
    cells = (
        *(f"{'' if item.is_stop else _whole(one):>9}" for one in amounts),
        f"{item.days.likely or '':>5}",
        f"{chance:>7}",
    )
    yield f"  {item.kind.value:<6}{POINTS[item.rule]:<20}{' '.join(cells)}".rstrip()
    yield from _wrapped(item.what)
    yield from _wrapped(f"do: {item.remedy}")


def item_head(currency: str) -> str:
    """Write the head of the table of items."""
    columns = f"{'low':>9} {'likely':>9} {'high':>9} {'days':>5} {'chance':>7}"
    return f"  {'':<6}{f'amounts in {currency}':<20}{columns}"


def programme_lines(programme: "Programme") -> Iterator[str]:
    """Write each activity: its days, its slack, and a bar; what all hangs on is drawn solid."""
    yield f"  {'':<23}{'begins':<13}{'ends before':<13}{'days':>5}{'slack':>6}"
    for one in programme.scheduled:
        begins, ends = (write_day(programme.day(offset)) for offset in (one.start, one.end))
        mark = "+" if one.activity.is_added else " "
        numbers = f"{one.activity.days:>5}{one.slack:>6}"
        bar = _bar(one, programme)
        yield f" {mark}{one.activity.title:<23}{begins:<13}{ends:<13}{numbers}  {bar}".rstrip()
    if programme.waited:
        days = format_quantity("_days", programme.waited)
        yield f"  It waits {days} for an agreed shutdown."
    yield f"  + from the survey; = all hangs on it, {MINUS} may slip"


def _bar(one: "Scheduled", programme: "Programme") -> str:
    whole = max(1, programme.days)
    begin = one.start * _BAR_COLUMNS // whole
    end = max(begin + 1, -(-one.end * _BAR_COLUMNS // whole))
    return " " * begin + ("=" if one.is_critical else MINUS) * (end - begin)


def total_lines(result: "SurveyResult") -> Iterator[str]:
    """Write what is added to the investment, the first heat, and what stops or is open."""
    from exotherm.plan.survey.rates import RATES_CHECKED_ON

    added = result.added
    amount = format_quantity("npv", added.expected, currency=result.currency)
    yield (
        f"Added to the investment: {amount} as the mean, {_whole(added.low)} if only what is sure "
        f"comes, at its low end, {_whole(added.high)} if all comes at its high end."
    )
    if result.first_heat_on is None:
        yield "First heat: none, since no agreed shutdown is long enough."
    else:
        early = _written(result.first_heat_on_min, "none")
        late = _written(result.first_heat_on_max, "after the last agreed shutdown")
        first = write_day(result.first_heat_on)
        yield f"First heat: {first}; {early} if all goes fast, {late} if all takes long."
    if result.delay_days is not None:
        moves = f"The findings move it by {format_quantity('_days', result.delay_days)}."
        yield moves if result.delay_days else "No finding moves it."
    stops, opened = len(result.stops), len(result.open_items)
    yield (
        f"Amounts, days and chances are estimates of the trade of {write_day(RATES_CHECKED_ON)} "
        "where no quote stands; --json and the report name the source of each."
    )
    yield f"{stops or 'Nothing'} {_stop(stops)}, {opened or 'nothing'} {_is(opened)} open."


def _stop(count: int) -> str:
    return "stops" if count < 2 else "stop"


def _is(count: int) -> str:
    return "are" if count > 1 else "is"


def _written(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else write_day(day)


def _whole(amount: Decimal) -> str:
    return format_number(amount, 0)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=" " * 8,
        subsequent_indent=" " * 8,
        break_long_words=False,
        break_on_hyphens=False,
    )
