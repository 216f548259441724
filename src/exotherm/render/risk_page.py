"""What a project survives, as one HTML page that needs nothing else: charts, ranges, rules."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from markupsafe import Markup

from exotherm import __version__
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.core.units import format_number, format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.risk import RiskResult
from exotherm.plan.risk_alone import Alone
from exotherm.plan.risk_ranges import FIELD_OF, RiskFactor
from exotherm.plan.risk_verdict import (
    IN_WHAT,
    LOSS_FRAC_HIGH,
    LOSS_FRAC_ROBUST,
    explain_risk,
    explain_still,
    explain_turns,
    judge_risk,
    write_cell,
    write_value,
)
from exotherm.render.charts import render_steps
from exotherm.render.figure import Mark, Series, Table, Words
from exotherm.render.pages import page_environment
from exotherm.render.report import STATE_OF_VERDICT
from exotherm.render.site_words import capital, money_words
from exotherm.render.svg import Tone, ticks_between
from exotherm.render.templating import style_sheet
from exotherm.render.tornado import Span, render_tornado
from exotherm.site.document import Site

_BINS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """An assumption's range as a person reads it."""

    name: str
    low: str
    high: str
    given: bool
    source: str
    widened: str
    break_even: str
    no_effect: str
    adverse: str


def render_risk(risk: RiskResult, site: Site, *, made_at: datetime) -> str:
    """Write what a project survives as one self-contained HTML page."""
    verdict = judge_risk(risk)
    given = {one.path: one for one in assumptions_of(site)}
    operator = np.array([draw.operator for draw in risk.draws])
    customer = np.array([draw.customer for draw in risk.draws])
    return (
        page_environment()
        .get_template("risk.html.j2")
        .render(
            risk=risk,
            site=site,
            currency=risk.currency,
            verdict=verdict,
            text=explain_risk(risk),
            turns=explain_turns(risk),
            still=explain_still((one.factor, one.no_effect) for one in risk.still),
            in_what=IN_WHAT,
            state=STATE_OF_VERDICT[verdict],
            sides=(
                ("Operator", operator, risk.planned.operator, risk.loss_frac),
                ("Customer", customer, risk.planned.customer, risk.customer_loss_frac),
            ),
            quantile=lambda values, share: float(np.quantile(values, share)),
            spread=_distribution(operator, "operator", "The operator", risk),
            customer_spread=_distribution(customer, "customer", "The customer", risk),
            tornado=_tornado(risk),
            ranges=tuple(_range(one, given) for one in risk.alone),
            money=money_words(site.economics),
            robust_frac=LOSS_FRAC_ROBUST,
            high_frac=LOSS_FRAC_HIGH,
            made_at=made_at,
            version=__version__,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
        )
    )


def _distribution(worths: FloatArray, name: str, who: str, risk: RiskResult) -> Markup:
    """Draw how many draws lie where: those that lose as cost, the others as gain."""
    edges = _edges(worths)
    counts, _ = np.histogram(worths, edges)
    # Nought is an edge, so a span is on one side of it.
    lost = np.where(edges[1:] <= 0.0, counts, 0)
    loses = format_quantity("_frac", float((worths < 0).mean()))
    half = format_quantity("npv", float(np.median(worths)), currency=risk.currency)
    words = Words(
        name=f"{name}-spread",
        title=f"{who} loses in {loses} of {len(worths)} draws; half of them are above {half}.",
        summary=f"Steps: how many of {len(worths)} draws have a present value within each of "
        f"{len(counts)} equal spans, from {_amount(float(edges[0]), risk)} to "
        f"{_amount(float(edges[-1]), risk)}.",
        source="the year simulated and rated anew for each draw, all assumptions off at once",
        axis=f"Draws by their present value, {risk.currency}",
    )
    return render_steps(
        words,
        areas=(
            Series(label="Loses", tone=Tone.COST, values=tuple(map(float, lost))),
            Series(label="Gains", tone=Tone.GAIN, values=tuple(map(float, counts - lost))),
        ),
        marks=_marks(edges),
        table=Table(
            caption=words.title,
            head=(f"From, {risk.currency}", "to", "Draws"),
            rows=tuple(
                (format_number(low, 0), format_number(high, 0), format_number(count, 0))
                for low, high, count in zip(edges, edges[1:], counts.tolist(), strict=False)
                if count
            ),
        ),
    )


def _edges(worths: FloatArray) -> FloatArray:
    """Give round edges of equal spans, nought among them, that hold all values."""
    low, high = min(0.0, float(worths.min())), max(0.0, float(worths.max()))
    ticks = ticks_between(low, high, wanted=_BINS)
    return np.array(ticks if len(ticks) > 1 else (0.0, 1.0))


def _marks(edges: FloatArray) -> list[Mark]:
    """Write few round amounts under the drawing, as short as they can be."""
    low, high = float(edges[0]), float(edges[-1])
    ticks = [tick for tick in ticks_between(low, high, wanted=4) if low <= tick <= high]
    places = [(tick - low) / (high - low) for tick in ticks]
    return [
        Mark(at=place, label=format_number(tick, 0))
        for place, tick in zip(places, ticks, strict=True)
    ]


def _tornado(risk: RiskResult) -> Markup:
    """Draw what each assumption does alone, the one that moves most first."""
    most = risk.alone[0]
    sinking = len(risk.sinking)
    words = Words(
        name="tornado",
        title=f"The {most.factor.value} moves the value most, by "
        f"{_amount(most.swing, risk)}; "
        + (
            "no assumption alone makes it negative."
            if not sinking
            else f"{sinking} of {len(risk.alone)} alone "
            f"{'makes' if sinking == 1 else 'make'} it negative."
        ),
        summary="Lying bars around the planned present value of "
        f"{_amount(risk.planned.operator, risk)}: where each assumption takes it at the end that "
        "one in ten lies below, and at the one that one in ten lies above.",
        source="the year simulated and rated anew at both ends of each assumption",
        axis=f"The operator's present value, {risk.currency}",
    )
    return render_tornado(
        words,
        planned=risk.planned.operator,
        spans=[_span(one) for one in risk.moving],
        key=("Worse than planned", "Better than planned"),
        table=Table(
            caption=words.title,
            head=(
                "Assumption",
                "From",
                "To",
                "Value at the first",
                "At the second",
                "Breaks even at",
            ),
            rows=tuple(_row(one, risk) for one in risk.moving),
        ),
    )


def _span(one: Alone) -> Span:
    ends = (one.adverse, max(one.at_low.operator, one.at_high.operator))
    written = [format_number(end, 0) for end in sorted(ends)]
    return Span(
        label=capital(one.factor.value),
        worse=ends[0],
        better=ends[1],
        written=" to ".join(written),
    )


def _row(one: Alone, risk: RiskResult) -> tuple[str, ...]:
    return (
        capital(one.factor.value),
        write_cell(one.factor, one.range.low),
        write_cell(one.factor, one.range.high),
        _amount(one.at_low.operator, risk),
        _amount(one.at_high.operator, risk),
        _break_even(one),
    )


def _range(one: Alone, given: dict[str, Assumption]) -> _Range:
    """Say an assumption's range with where it is from: the values of its table in the file."""
    table = f"risk.{FIELD_OF[one.factor]}"
    own = [value for path, value in given.items() if path.startswith(f"{table}.")]
    return _Range(
        name=capital(one.factor.value),
        low=write_cell(one.factor, one.range.low),
        high=write_cell(one.factor, one.range.high),
        given=any(value.given for value in own),
        source=". ".join(_apart([value.source for value in own if value.source])),
        widened=one.range.widened,
        break_even=_break_even(one),
        no_effect=one.no_effect,
        adverse=_at_worse_end(one),
    )


def _at_worse_end(one: Alone) -> str:
    """Write the value that is worst, with what it is a share of."""
    write = write_cell if one.factor is RiskFactor.OUTDOOR else write_value
    return write(one.factor, one.adverse_value)


def _apart(sources: list[str]) -> list[str]:
    """Leave out what another source says as well, in more words."""
    return [
        one
        for one in dict.fromkeys(sources)
        if not any(other != one and other.endswith(one) for other in sources)
    ]


def _break_even(one: Alone) -> str:
    return "nowhere near" if one.break_even is None else write_value(one.factor, one.break_even)


def _amount(value: float, risk: RiskResult) -> str:
    return format_quantity("npv", value, currency=risk.currency)
