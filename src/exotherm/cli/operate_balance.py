"""``exotherm operate balance``: the first law against the meters of a month."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json, at_now, for_month, ready_workspace, workspace_folder
from exotherm.cli.output import findings_json, say, say_json, say_rows, show_findings
from exotherm.core.units import format_quantity

if TYPE_CHECKING:
    from exotherm.operate.balance import Balance, Term


@click.command("balance")
@workspace_folder
@for_month
@as_json
@at_now
def balance(folder: Path, *, month: str, as_json: bool, now: datetime) -> int:
    r"""Hold a month's heat against the electricity it came from.

    \b
    Example:
      exotherm operate balance riverside --month 2026-10

    What went in has to come out: delivered, rejected, stored or lost. Where the account does not
    close within what its meters may err, the likeliest wrong one is named. What no meter counts is
    the plant model's, and marked so. Of a month that is not over it is the account so far. Exits
    with 1 where the account stays open.
    """
    from exotherm.store.sqlite import open_store
    from exotherm.usecases.balance import balance_of_month, findings_on
    from exotherm.usecases.storekeeping import store_of

    workspace = ready_workspace(folder, as_json=as_json)
    if workspace is None:
        return 1
    with open_store(store_of(folder)) as store:
        drawn = balance_of_month(workspace, store, month, now=now)
    findings = findings_on(workspace, drawn)
    if as_json:
        say_json(_json(drawn) | {"findings": findings_json(findings)})
    else:
        _say(drawn, month, now)
        show_findings(findings)
    return 1 if findings else 0


def _say(drawn: "Balance", month: str, now: datetime) -> None:
    so_far = (
        " so far: the month is not over" if drawn.period.start <= now < drawn.period.end else ""
    )
    say(
        f"Heat account of {month}{so_far}, for the {_percent(drawn.known_frac)} of it that was read"
    )
    say("In")
    say_rows(_rows(drawn.going_in))
    say("Out")
    say_rows(_rows(drawn.coming_out))
    residual = format_quantity("heat_kwh", drawn.suspicion.residual_kwh)
    allowed = format_quantity("heat_kwh", drawn.suspicion.allowed_kwh)
    say(f"Not accounted for: {residual}. {_verdict(drawn)}")
    say(
        f"It may be ±{allowed}: three times what meters and model may err together, most of it by "
        f"{drawn.most_doubtful}."
    )
    if drawn.carried is not None:
        say("Beside it")
        say_rows(_rows((drawn.carried,)))
    for line in _limits(drawn):
        say(line)


def _verdict(drawn: "Balance") -> str:
    if not drawn.suspicion.closes:
        return "It does not close."
    if drawn.rejection_is_open:
        return "No more heat came out than went in."
    return "It closes."


def _limits(drawn: "Balance") -> list[str]:
    """Say what this account cannot show."""
    lines = []
    if drawn.rejection_is_open:
        lines.append(
            "No meter counts what is rejected, so too much heat shows here and too little does "
            'not: a heat meter with `measures = "rejected"` at the cooler closes that gap.'
        )
    if not drawn.coolant_is_compared:
        lines.append(
            "The coolant is not compared with the plant model's: it is not read, or the plant "
            "serves other temperatures than the model."
        )
    return lines


def _rows(terms: "tuple[Term, ...]") -> list[tuple[str, str]]:
    shown = [format_quantity("heat_kwh", term.heat_kwh) for term in terms]
    width = max(map(len, shown))
    return [
        (f"{term.name:<36}", f"{heat:>{width}}  {term.source}")
        for term, heat in zip(terms, shown, strict=True)
    ]


def _percent(frac: float) -> str:
    return format_quantity("known_frac", frac)


def _json(drawn: "Balance") -> dict[str, object]:
    suspicion = drawn.suspicion
    return {
        "period": {"start": drawn.period.start.isoformat(), "end": drawn.period.end.isoformat()},
        "known_frac": drawn.known_frac,
        "in": [_term_json(one) for one in drawn.going_in],
        "out": [_term_json(one) for one in drawn.coming_out],
        "beside": _term_json(drawn.carried) if drawn.carried else None,
        "residual_kwh": suspicion.residual_kwh,
        "allowed_kwh": suspicion.allowed_kwh,
        "most_doubtful": drawn.most_doubtful,
        "closes": suspicion.closes,
        "fault": suspicion.fault,
        "sensor": suspicion.sensor,
        "factor": suspicion.factor,
        "also": list(suspicion.also),
        "impossible": list(suspicion.impossible),
        "rejection_is_metered": not drawn.rejection_is_open,
        "coolant_is_compared": drawn.coolant_is_compared,
    }


def _term_json(term: "Term") -> dict[str, object]:
    return {"name": term.name, "heat_kwh": term.heat_kwh, "source": term.source}
