"""Slips of the pen in numbers that people write: per cent for a share, a comma for the point."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt

from exotherm.core.units import Unit, unit_of

_PER_CENT = 100
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_PARTED = re.compile(
    r"(?P<whole>[-+]?\d{1,3}(?P<mark>[ '’.,\u00a0\u202f])\d{3}(?:(?P=mark)\d{3})*)"
    r"(?P<rest>[.,]\d+)?"
)
_DOUBTED_MAX = 2
"""a number below this may have been meant as a share, and then says more than there is"""
_WRITTEN = re.compile(r"(?P<digits>[-+]?\d+(?:[.,]\d+)?)\s*(?P<unit>%|[^\d\s,.#]\S*)?")
_BARE = re.compile(
    rf"\s*(?P<name>[A-Za-z0-9_.\"-]+)\s*=\s*(?P<value>{_WRITTEN.pattern})\s*(?:#.*)?"
)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is to be said of a value of a field that no value may have, up to ``most``.

    Stands among a field's bounds, where a value just above the greatest has a reason of its own;
    ``say`` is given the value as a fraction.
    """

    most: Decimal
    say: Callable[[Decimal], str]


def share_meant(name: str, value: object, fits: Callable[[Decimal], bool]) -> str:
    """Say how a share is written that stands in per cent, or that was divided twice.

    ``fits`` tells which values the field may have; empty where the slip is another one, or the
    name is none of a share.
    """
    given = _number_of(value)
    if given is None or not is_share(name):
        return ""
    for share in (given / _PER_CENT, given * _PER_CENT):
        if share and fits(share):
            per_cent = write_plainly(share * _PER_CENT)
            return f"{_read_as(given)}{per_cent} % is written as {write_plainly(share)}."
    return ""


def is_share(name: str) -> bool:
    """Tell whether a name is that of a share: a fraction, or one by the kelvin."""
    unit = unit_of(name)
    return unit is not None and (unit.scale == _PER_CENT or unit.suffix == "per_k")


def _read_as(given: Decimal) -> str:
    """Say what a number means that is small enough to have been written as a share."""
    if abs(given) >= _DOUBTED_MAX:
        return "A share is written as a fraction: "
    means = write_plainly(given * _PER_CENT)
    return f"A share is written as a fraction, so {write_plainly(given)} means {means} %; "


def beyond(metadata: Iterable[object], value: object) -> str:
    """Say what a field's own words are for a value above its greatest, per cent or not."""
    number = _number_of(value)
    if number is None:
        return ""
    said = (
        one.say(given)
        for one in metadata
        if isinstance(one, Beyond)
        for given in (number, number / _PER_CENT)
        if 1 < given <= one.most
    )
    return next(said, "")


def _number_of(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(value) if isinstance(value, int) else Decimal(str(value))
    return number if number.is_finite() else None


def may_be(metadata: Iterable[object]) -> Callable[[Decimal], bool]:
    """Give the test whether a value keeps the bounds of a field."""
    bounds = tuple(metadata)

    def fits(value: Decimal) -> bool:
        return all(_keeps(float(value), bound) for bound in bounds)

    return fits


def bounds_of(annotation: Any) -> tuple[object, ...]:  # noqa: ANN401 - annotations have no type
    """Collect the bounds within an annotation, also of a field that may be left out."""
    own = tuple(getattr(annotation, "__metadata__", ()))
    return own + tuple(bound for part in get_args(annotation) for bound in bounds_of(part))


def _keeps(value: float, bound: object) -> bool:
    match bound:
        case Ge(ge=limit):
            return value >= float(str(limit))
        case Gt(gt=limit):
            return value > float(str(limit))
        case Le(le=limit):
            return value <= float(str(limit))
        case Lt(lt=limit):
            return value < float(str(limit))
    return True


def thousands_parted(text: str) -> str:
    """Give the digits of a number whose thousands are parted beyond doubt; empty for any other.

    With spaces or apostrophes between them, or more than one mark of a kind: 1,200,000 or
    1.200.000,5. A lone point or comma may be the decimals'.
    """
    found = _PARTED.fullmatch(text.strip())
    if found is None:
        return ""
    mark, rest = found["mark"], found["rest"]
    whole = found["whole"].replace(mark, "")
    if mark in ".," and found["whole"].count(mark) == 1 and (not rest or rest[0] == mark):
        return ""
    return f"{whole}.{rest[1:]}" if rest else whole


def number_meant(name: str, text: str) -> str:
    """Say how a number is written that stands as a text: `92 %`, `0,92` or `28 kW`."""
    found = _WRITTEN.fullmatch(text.strip())
    return _plainly(name, found) if found else ""


def number_meant_in_line(line: str) -> str:
    """Say how a number is written that a line of TOML gives with a comma or with its unit."""
    found = _BARE.fullmatch(line)
    if found is None:
        return ""
    name = found["name"].rpartition(".")[2]
    if found["unit"] and unit_of(name) is None:
        return ""  # a text without its quotes, like 3rd
    return _plainly(name, found)


def _plainly(name: str, found: re.Match[str]) -> str:
    digits, unit = found["digits"].lstrip("+"), found["unit"] or ""
    if _THOUSANDS.fullmatch(digits):
        either = f"{digits.replace(',', '.')} or {digits.replace(',', '')}"
        return f"Decimals have a point, and nothing parts thousands: write {either}."
    digits = digits.replace(",", ".")
    if unit == "%" and is_share(name):
        share = Decimal(digits) / _PER_CENT
        return f"A share is written as a fraction: {digits} % is written as {write_plainly(share)}."
    if unit:
        return _unit_in_name(name)
    if "," in found["digits"]:
        return f"Decimals have a point: write {digits}."
    return f"Write the number without quotes: {digits}."


def _unit_in_name(name: str) -> str:
    unit = unit_of(name)
    if unit is None:
        return "Write the number alone."
    return f"Write the number alone, {in_file(unit)}: the name of the field carries the unit."


def in_file(unit: Unit) -> str:
    """Say how a file gives a unit: per cent exist on screens only, a currency once a file."""
    if unit.scale != 1:
        return "as a fraction from 0 to 1"
    if unit.label == "{currency}":
        return "in the file's currency"
    return f"in {unit.label.format(currency='currency')}"


def write_plainly(value: Decimal) -> str:
    """Write a number as a file has it: all its digits, a point, nothing between thousands."""
    return f"{value.normalize():f}"
