"""One value of a telegram, and all of them: what reading gives. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from exotherm.devices.mbus.values import Value

SUMMER_TIME = "summer-time"
"""Qualifies a moment that the meter tells in summer time."""

_EXACT_IN_JSON = 2**53


class Function(StrEnum):
    """What a value is of its quantity: the function field of the DIF."""

    INSTANTANEOUS = "instantaneous"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    ERROR = "error"
    """The value during an error: never billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One value of a telegram: exact, with its unit, its place, and why it is not to be used.

    ``value`` is None where there is none; ``reason`` is empty where the value is valid. ``raw`` is
    the whole record as hexadecimal bytes.
    """

    quantity: str
    unit: str
    value: Value | None
    function: Function
    storage: int
    tariff: int
    subunit: int
    qualifiers: tuple[str, ...]
    reason: str
    raw: str

    @property
    def valid(self) -> bool:
        """Whether the meter stands behind the value and we know what it means."""
        return not self.reason

    @property
    def current(self) -> bool:
        """Whether it is the plain value of now: no storage, tariff, part, limit or error."""
        return (
            self.function is Function.INSTANTANEOUS
            and not (self.storage or self.tariff or self.subunit)
            and self.qualifiers in {(), (SUMMER_TIME,)}
        )

    def to_json(self) -> dict[str, object]:
        """Give the same record as plain JSON values; decimals, moments and long integers as text.

        Long is what a reader that knows only binary floats would round.
        """
        return {
            "quantity": self.quantity,
            "unit": self.unit,
            "value": _shown(self.value),
            "function": self.function.value,
            "storage": self.storage,
            "tariff": self.tariff,
            "subunit": self.subunit,
            "qualifiers": list(self.qualifiers),
            "valid": self.valid,
            "reason": self.reason,
            "raw": self.raw,
        }


def _shown(value: Value | None) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > _EXACT_IN_JSON:
        return str(value)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlock:
    """All records of a telegram, its manufacturer's own data, and whether more records follow.

    ``broken`` says why the bytes in ``rest`` cannot be told apart into records, empty where all
    can. Then no record is valid: what stands before the break may be out of step already.
    """

    records: tuple[Record, ...]
    manufacturer_data: bytes = b""
    more_follows: bool = False
    broken: str = ""
    rest: bytes = b""
