"""What two versions of a contract say differently: clause by clause, field by field, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from exotherm.contract.explain import Sentence, explain
from exotherm.contract.terms import Contract
from exotherm.core.documents import assumptions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A value that differs; None where a version does not have it."""

    path: str
    before: object
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """A clause that differs: its words before and after, empty where it is not there."""

    number: str
    title: str
    table: str
    kind: Literal["added", "removed", "changed"]
    before: str
    after: str
    fields: tuple[FieldChange, ...]


def diff_contracts(before: Contract, after: Contract) -> tuple[ClauseChange, ...]:
    """Compare two contracts; gives nothing where all their values are the same."""
    old, new = _by_table(before), _by_table(after)
    tables = [*new, *(table for table in old if table not in new)]
    values = _values(before), _values(after)
    return tuple(
        change
        for table in tables
        if (change := _change(old.get(table), new.get(table), values)) is not None
    )


def _by_table(contract: Contract) -> dict[str, Sentence]:
    return {sentence.table: sentence for sentence in explain(contract)}


def _values(contract: Contract) -> dict[str, object]:
    return {row.path: row.value for row in assumptions_of(contract)}


def _change(
    old: Sentence | None,
    new: Sentence | None,
    values: tuple[dict[str, object], dict[str, object]],
) -> ClauseChange | None:
    own = new or old
    assert own is not None
    fields = tuple(_fields(own.table, *values))
    if not fields:
        return None
    kind: Literal["added", "removed", "changed"] = "changed"
    if old is None or new is None:
        kind = "added" if old is None else "removed"
    return ClauseChange(
        number=own.number,
        title=own.title,
        table=own.table,
        kind=kind,
        before=old.text if old else "",
        after=new.text if new else "",
        fields=fields,
    )


def _fields(
    table: str, before: dict[str, object], after: dict[str, object]
) -> Iterator[FieldChange]:
    paths = [*after, *(path for path in before if path not in after)]
    for path in paths:
        head = path.split(".", 1)[0].partition("[")[0]
        old, new = before.get(path), after.get(path)
        if head == table and old != new:
            yield FieldChange(path=path, before=old, after=new)
