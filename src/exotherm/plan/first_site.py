"""Which of several sites to build first.

Those whose verdict is better come first; of these, the one whose money does most: net present
value over what is invested, which compares sites of any size and currency. What each would earn at
its worst single setback stands beside it, since the first site has to stand for all that follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exotherm.core.units import format_number, format_quantity
from exotherm.plan.study import StudyResult
from exotherm.plan.verdict import Verdict

_ORDER = {
    Verdict.ROBUST: 0,
    Verdict.CONDITIONAL: 1,
    Verdict.HIGH_RISK: 2,
    Verdict.DO_NOT_BUILD: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A site with its study."""

    name: str
    study: StudyResult

    @property
    def investment(self) -> float:
        """What is invested in year 0, less grants."""
        building = self.study.finance.cash[0]
        return -(building.investment + building.grant)

    @property
    def value_per_invested(self) -> float | None:
        """Net present value over what is invested; None where nothing is."""
        return self.study.finance.npv / self.investment if self.investment > 0 else None

    @property
    def worst(self) -> float:
        """The present value at the worst single setback."""
        return min(one.npv for one in self.study.setbacks)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSite:
    """Sites in the order in which to build them, and a sentence on the first of several."""

    ranked: tuple[Candidate, ...]
    text: str


def choose_first(candidates: Sequence[Candidate]) -> FirstSite:
    """Rank sites by verdict, then by what each unit of investment earns."""
    ranked = tuple(
        sorted(
            candidates,
            key=lambda one: (
                _ORDER[one.study.verdict],
                -(one.value_per_invested or 0.0),
                one.name,
            ),
        )
    )
    return FirstSite(ranked=ranked, text=_text(ranked))


def _text(ranked: tuple[Candidate, ...]) -> str:
    first = ranked[0]
    verdict, each = first.study.verdict, first.value_per_invested
    if len(ranked) == 1:
        return (
            f"There is nothing to compare {first.name} with: name two sites or more. By itself it "
            f"is judged “{verdict.value}”."
        )
    if verdict is Verdict.DO_NOT_BUILD:
        return "Build none of them at these inputs: each is worth less than nothing."
    earns = (
        ""
        if each is None
        else f"each {first.study.currency} invested is worth {format_number(each, 2)} more than it "
        "costs, and "
    )
    worst = format_quantity("npv", first.worst, currency=first.study.currency)
    why = f"it is {verdict.value}, {earns}its worst single setback leaves {worst}"
    return f"Build {first.name} first: {why}."
