"""The proof that every hour of the term has exactly one outcome, or the smallest case without."""

from collections.abc import Iterator
from itertools import groupby

from exotherm.contract.case import Case, Check
from exotherm.contract.outcome import table_of
from exotherm.contract.rules import Conflict, Facts, Hole, OutcomeTable
from exotherm.contract.terms import clauses_of
from exotherm.core.documents import Source
from exotherm.core.findings import Finding


def _every_hour_has_one_outcome(case: Case) -> Iterator[Finding]:
    """Check that all combinations of calendar and situation have exactly one outcome (X1)."""
    yield from findings_of_table(table_of(case.contract), case.source)


def findings_of_table(table: OutcomeTable, source: Source) -> Iterator[Finding]:
    """Give the smallest hole for each clause that is to be filled, and the smallest conflicts."""
    wrong = [
        found
        for found in map(table.look_up, table.all_facts())
        if isinstance(found, Hole | Conflict)
    ]
    wrong.sort(key=lambda found: (_clauses(found), found.facts.size))
    for _, same in groupby(wrong, key=_clauses):
        smallest = next(same)
        if isinstance(smallest, Hole):
            yield _hole(smallest, source)
        else:
            yield _conflict(smallest, source)


def _clauses(found: Hole | Conflict) -> tuple[str, ...]:
    if isinstance(found, Hole):
        return (found.clause,)
    return tuple(one.clause for one in found.judgements)


def _place(clause: str) -> tuple[str, str]:
    """Give the table of a clause and its title."""
    table = next(name for name, kind in clauses_of().items() if kind.number == clause)
    return table, clauses_of()[table].title


def _hole(hole: Hole, source: Source) -> Finding:
    table, title = _place(hole.clause)
    return source.error(
        "contract.outcome-undefined",
        table,
        message=f"{_sentence(hole.facts)}: no clause says what happens.",
        remedy=_remedy(hole, table, title),
        clause=hole.clause,
        facts=hole.facts.words,
    )


def _remedy(hole: Hole, table: str, title: str) -> str:
    if hole.clause == "OUT-4":
        return (
            f"Name “{hole.facts.cause}” in `supplier_bears` or `customer_bears` of "
            f"`[{table}]`, clause OUT-4 ({title})."
        )
    return f"Fill `[{table}]`, clause {hole.clause} ({title})."


def _conflict(conflict: Conflict, source: Source) -> Finding:
    one, other = conflict.judgements[:2]
    table, _ = _place(other.clause)
    return source.error(
        "contract.outcomes-conflict",
        table,
        message=f"{_sentence(conflict.facts)}: clause {one.clause} says {_said(one)}, clause "
        f"{other.clause} says {_said(other)}.",
        remedy=f"Let one of {one.clause} and {other.clause} speak of it."
        if one.clause != other.clause
        else f"Name it once in {one.clause}.",
        clauses=[judgement.clause for judgement in conflict.judgements],
        facts=conflict.facts.words,
    )


def _said(judgement: object) -> str:
    outcome = getattr(judgement, "outcome", "")
    if str(outcome) != "not measured":
        return str(outcome)
    return (
        "not measured and failed"
        if getattr(judgement, "counts_as_failed", False)
        else ("not measured and left out")
    )


def _sentence(facts: Facts) -> str:
    words = facts.words
    return words[:1].upper() + words[1:]


TOTAL_CHECKS: tuple[Check, ...] = (_every_hour_has_one_outcome,)
