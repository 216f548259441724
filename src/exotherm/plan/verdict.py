"""The verdict: stated rules on the figure for the base case and for single setbacks."""

from dataclasses import dataclass
from enum import StrEnum

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.customer import Loss


class Verdict(StrEnum):
    """What to do with the project, at these inputs."""

    ROBUST = "robust"
    """Worth building, and still so under every single setback."""
    CONDITIONAL = "conditional"
    """Worth building, unless one of the named setbacks comes."""
    HIGH_RISK = "high risk"
    """Worth building only while most of the assumptions hold at once."""
    DO_NOT_BUILD = "do not build"
    """Not worth building at these inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """One assumption made worse on its own, and the present value that is then left."""

    name: str
    npv: float
    granted: str = ""
    """the grants or certificates that do not come; empty of any other setback"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What is applied for or hoped for, and the present value with all of it; none is counted."""

    names: tuple[str, ...]
    npv: float


def judge(npv: float, setbacks: tuple[Setback, ...]) -> Verdict:
    """Judge by the rules: a negative value says no; else count the setbacks that sink it.

    None: robust. Fewer than half: conditional on those. Half or more: high risk, since the
    project then stands only if most assumptions hold. A grant is an assumption like the others,
    but half is of the others: another grant that is harmless makes no plan safer.
    """
    if npv < 0:
        return Verdict.DO_NOT_BUILD
    sinking = sum(setback.npv < 0 for setback in setbacks)
    if not sinking:
        return Verdict.ROBUST
    ordinary = sum(not setback.granted for setback in setbacks)
    return Verdict.HIGH_RISK if 2 * sinking >= ordinary else Verdict.CONDITIONAL


def explain_verdict(
    verdict: Verdict,
    npv: float,
    setbacks: tuple[Setback, ...],
    *,
    currency: str,
    pending: Pending | None = None,
) -> str:
    """Say the verdict in a sentence with its reason, then how far it stands on what is granted."""
    said = _reason(verdict, npv, setbacks, currency)
    if npv >= 0:
        return said + "".join(
            f" Without {setback.granted} "
            f"{format_quantity('npv', setback.npv, currency=currency)} would be left."
            for setback in setbacks
            if setback.granted and setback.npv < 0
        )
    if pending is None:
        return said
    left = format_quantity("npv", pending.npv, currency=currency)
    names = listed(pending.names)
    if pending.npv < 0:
        return f"{said} Even with {names} it would be {left}."
    return f"{said} It works only with {names}: then it would be {left}."


def judge_loss(
    verdict: Verdict, text: str, npv: float, loss: Loss, *, currency: str
) -> tuple[Verdict, str]:
    """Judge again where the customer loses: what was robust is conditional on its signing."""
    if verdict is Verdict.DO_NOT_BUILD:
        return verdict, text
    lost = format_quantity("npv", -loss.npv, currency=currency)
    condition = f"a customer who signs although it loses {lost} over the term"
    if verdict is not Verdict.ROBUST:
        return verdict, f"{text} It is conditional on {condition} as well."
    worth = format_quantity("npv", npv, currency=currency)
    return Verdict.CONDITIONAL, (
        f"Worth building, conditional on {condition}: the net present value is {worth}, and no "
        "single setback of the plan makes it negative."
    )


def _reason(verdict: Verdict, npv: float, setbacks: tuple[Setback, ...], currency: str) -> str:
    worth = format_quantity("npv", npv, currency=currency)
    sinking = [setback.name for setback in setbacks if setback.npv < 0]
    match verdict:
        case Verdict.DO_NOT_BUILD:
            return f"Do not build at these inputs: the net present value is {worth}."
        case Verdict.ROBUST:
            return (
                f"Worth building: the net present value is {worth}, and it stays positive under "
                f"each of {len(setbacks)} single setbacks."
            )
        case Verdict.CONDITIONAL:
            return (
                f"Worth building on a condition: the net present value is {worth}, but "
                f"{listed(sinking)} would {_each(sinking)}make it negative."
            )
        case Verdict.HIGH_RISK:
            return (
                f"High risk: the net present value is {worth}, but {listed(sinking)} would "
                f"{_each(sinking)}make it negative; it works only if most assumptions hold."
            )


def _each(names: list[str]) -> str:
    return "each " if len(names) > 1 else ""
