"""Whether a clause keeps a rule of a preset."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from exotherm.contract.presets import Op, Rule
from exotherm.contract.terms.clause import Clause
from exotherm.core.documents import Document


def keeps(rule: Rule, clause: Clause | None) -> bool:
    """Tell whether a clause keeps a rule that is about it.

    A clause or field that was left out only breaks a rule that wants it to be present: what is
    missing is told by other checks.
    """
    found = tuple(_found(rule, clause))
    if rule.op == "present":
        return bool(found)
    return not found or _KEPT[rule.op](found, rule.value)


def _found(rule: Rule, clause: Clause | None) -> Iterator[object]:
    """Give every value in a clause that a rule is about."""
    if clause is None:
        return
    if not rule.field:
        yield clause
        return
    yield from _values(clause, rule.field.split("."), rule.entries)


def _values(value: object, path: list[str], entries: tuple[str, ...]) -> Iterator[object]:
    if value is None:
        return
    if isinstance(value, tuple):
        for entry in value:
            if not entries or _first_field(entry) in entries:
                yield from _values(entry, path, entries)
    elif path:
        yield from _values(getattr(value, path[0]), path[1:], entries)
    else:
        yield value


def _first_field(entry: object) -> object:
    assert isinstance(entry, Document), entry
    return getattr(entry, next(iter(type(entry).model_fields)))


def _number(value: object) -> Decimal:
    assert isinstance(value, int | float | Decimal), value
    return Decimal(str(value))


def _same(value: object, other: object) -> bool:
    if isinstance(value, bool | str) or isinstance(other, bool | str):
        return value == other
    return _number(value) == _number(other)


def _is_one_of(value: object, choices: object) -> bool:
    assert isinstance(choices, tuple), choices
    return any(_same(value, choice) for choice in choices)


_KEPT: Mapping[Op, Callable[[tuple[object, ...], object], bool]] = {
    "min": lambda found, bound: all(_number(one) >= _number(bound) for one in found),
    "max": lambda found, bound: all(_number(one) <= _number(bound) for one in found),
    "equals": lambda found, value: all(_same(one, value) for one in found),
    "one of": lambda found, choices: all(_is_one_of(one, choices) for one in found),
    "includes": lambda found, value: any(_same(one, value) for one in found),
}
