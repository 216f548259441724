"""The charts of a proposal: the cost of the term, and where heat comes from when things fail."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from exotherm.core.units import NO_BREAK_SPACE, format_number, format_quantity
from exotherm.plan.proposal import Proposal
from exotherm.plan.proposal_served import Served
from exotherm.render.charts import Bar, render_bars
from exotherm.render.figure import Series, Table, Words, definitions, figure, key_of
from exotherm.render.site_words import CustomerWords, capital
from exotherm.render.svg import Tone, join, rectangle, text

_STEP = 37.0
_MOVES_SHOWN = 4
_PARTS = (Tone.RECOVERED, Tone.BOILER, Tone.COST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """A lying bar of where heat comes from: its name, its words, and the three parts in kWh."""

    label: str
    written: str
    parts: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCharts:
    """The charts of a proposal."""

    cost: Markup
    scenarios: Markup
    faults: Markup


def render_proposal_charts(proposal: Proposal, words: CustomerWords) -> ProposalCharts:
    """Draw what a proposal shows, each with the finding as its title."""
    names = ("from the service", f"from {words.the_own}", "short")
    return ProposalCharts(
        cost=_cost(proposal),
        scenarios=render_shares(
            Words(
                name="scenarios",
                title=scenarios_title(proposal, words),
                summary="Lying bars: the share of heat from the service and from the customer's "
                "own heat in each scenario.",
                axis="Share of the heat from the service beside each",
                source="simulated years of the plant, in quarter-hours",
            ),
            names=names,
            rows=[_shares(one.scenario.value, one.served) for one in proposal.scenarios.tried],
        ),
        faults=render_shares(
            Words(
                name="faults",
                title=faults_title(proposal, words),
                summary="Lying bars: the share of heat from the service, from the customer's own "
                "heat and short, in each single fault and the day after.",
                axis="Share of the heat from the service beside each",
                source="the plant's year with each fault in its coldest part",
            ),
            names=names,
            rows=[_shares(one.broken.value, one.served) for one in proposal.faults.tried],
        ),
    )


def saving_title(proposal: Proposal) -> str:
    """Say what is saved over the term at least, or that no saving is promised."""
    cost = proposal.cost
    saved, years = cost.kept.present.saved_min, _years(cost.years)
    amount = format_quantity("npv", abs(saved), currency=proposal.currency)
    if saved >= 0:
        return f"In nine of ten cases the service saves {amount} or more over {years}."
    return (
        f"No saving is promised over {years}: in one of ten cases the service costs at least "
        f"{amount} more than what it replaces."
    )


def _years(years: int) -> str:
    return "one year" if years == 1 else f"{years} years"


def _cost(proposal: Proposal) -> Markup:
    """Draw what is saved when all is drawn at once, and when one assumption alone is worse."""
    cost, currency = proposal.cost, proposal.currency

    def bar(label: str, value: float) -> Bar:
        written = format_quantity("npv", value, currency=currency)
        return Bar(label=label, value=value, written=written)

    reference = bar("All drawn at once", cost.kept.present.saved_min)
    return render_bars(
        Words(
            name="cost",
            title=saving_title(proposal),
            summary=f"Lying bars of what is saved over the term: {reference.written} with all "
            "assumptions drawn at once, and with each alone at its worse end.",
            axis="Saved over the term: what nine of ten draws reach, then with one assumption "
            "alone at its worse end",
            source=f"{cost.draws} draws of all assumptions at once; present value at "
            f"{format_quantity('_frac', cost.discount_frac)} a year",
        ),
        reference=reference,
        bars=[bar(capital(one.factor.value), one.saved_min) for one in cost.moves[:_MOVES_SHOWN]],
        head=("What comes worse", f"Saved over the term, {currency}"),
    )


def scenarios_title(proposal: Proposal, words: CustomerWords) -> str:
    """Say whether heat is short in any scenario, what the service gives, and what it keeps."""
    scenarios = proposal.scenarios
    least = min(one.service_frac for one in scenarios.years)
    gives = f"the service gives {format_quantity('_frac', least, decimals=0)} of it or more"
    judged = [one for one in scenarios.years if one.available_frac is not None]
    kept = sum(one.keeps(proposal.promised_frac) for one in judged)
    keeps = ""
    if judged:
        keeps = f" and keeps its promise in {kept} of {len(judged)} years"
        if kept == len(judged):
            keeps = " and keeps its promise in all years"
    short = len(scenarios.years) - len(scenarios.warm)
    if not short:
        every = f"In each of these {words.who} {words.do('gets', 'get')} all heat"
        return f"{every}; {gives}{keeps}."
    return f"Heat is short in {short} of {len(scenarios.years)}; {gives}{keeps}."


def faults_title(proposal: Proposal, words: CustomerWords) -> str:
    """Say in how many single faults the customer lacks nothing, and what then carries it."""
    faults = proposal.faults
    short, number = faults.short, len(faults.tried)
    own = format_quantity("own_kw", faults.own_kw_max)
    if not short:
        return (
            f"No single fault leaves {words.who} short of heat: {words.the_own} then gives up to "
            f"{own}."
        )
    most = max(short, key=lambda one: one.served.short_kwh)
    lacks = format_quantity("short_kwh", most.served.short_kwh)
    return (
        f"In {number - len(short)} of {number} single faults {words.who} "
        f"{words.do('lacks', 'lack')} nothing; at worst {lacks} are short "
        f"({most.broken.value})."
    )


def _shares(name: str, served: Served) -> Shares:
    parts = (served.service_kwh, served.own_kwh, served.short_kwh)
    whole = sum(parts)
    share = 100.0 * served.service_kwh / whole if whole else 0.0
    return Shares(
        label=capital(name),
        written=f"{format_number(share, 0)}{NO_BREAK_SPACE}%",
        parts=parts,
    )


def render_shares(words: Words, *, names: Sequence[str], rows: Sequence[Shares]) -> Markup:
    """Draw lying bars of one length, each parted into shares, with its name above it."""
    height = _STEP * len(rows) + 2.0
    parts = [definitions(words.name, _PARTS)]
    for number, row in enumerate(rows):
        y, left, whole = number * _STEP, 0.0, sum(row.parts)
        parts += [
            text(0.0, y + 12.0, row.label, kind="name"),
            text("100%", y + 12.0, row.written, kind="value", anchor="end"),
        ]
        for tone, name, value in zip(_PARTS, names, row.parts, strict=True):
            share = value / whole if whole else 0.0
            tip = f"{row.label}: {format_number(value, 0)} kWh {name}"
            across, down = (left, left + share), (y + 18.0, y + 30.0)
            parts.append(rectangle(words.name, tone, across=across, down=down, tip=tip))
            left += share
    series = [
        Series(label=capital(name), tone=tone, values=())
        for tone, name in zip(_PARTS, names, strict=True)
    ]
    table = Table(
        caption=words.title,
        head=("", *(f"{capital(name)}, kWh" for name in names)),
        rows=tuple((row.label, *(format_number(one, 0) for one in row.parts)) for row in rows),
    )
    return figure(
        words,
        join(parts),
        height=height,
        key=key_of(words.name, series),
        table=table,
        flush=True,
    )
