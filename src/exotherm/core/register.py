"""Meter registers: exact whole counts of their last digit, which advance and roll over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFormat:
    """How a register counts: its unit, its digits in all, and how many stand after the point.

    A count is the whole number that the digits show without the point: ``00123.45`` is 12345.
    """

    unit: str
    digits: int
    decimals: int

    def __post_init__(self) -> None:
        assert 1 <= self.digits <= 18, self.digits
        assert 0 <= self.decimals <= self.digits, self.decimals

    @property
    def modulus(self) -> int:
        """The count at which the register starts again at nought."""
        return int(10**self.digits)

    def value_of(self, count: int) -> Decimal:
        """Give the exact value that a count stands for, with all its decimals."""
        return Decimal(count).scaleb(-self.decimals)

    def write(self, count: int) -> str:
        """Write a count as the meter's display shows it, leading noughts included."""
        assert 0 <= count < self.modulus, count
        shown = f"{count:0{self.digits}d}"
        if not self.decimals:
            return shown
        return f"{shown[: -self.decimals]}.{shown[-self.decimals :]}"

    def write_last(self, count: int) -> str:
        """Write the last count before a jump; at its very top a register shows nought again."""
        return self.write(count % self.modulus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """How far a register went between two readings, in counts."""

    count: int
    rolled_over: bool


def advance_of(
    register: RegisterFormat, *, earlier: int, later: int, count_max: int
) -> Advance | None:
    """Tell how far a register advanced, or None where it went backwards.

    A smaller later count is a roll-over only if the way over the top is no longer than
    ``count_max``, the most the plant can have moved in between; otherwise the register went
    backwards, which is a fault to be explained by a person and never a credit.
    """
    if later >= earlier:
        return Advance(count=later - earlier, rolled_over=False)
    over_the_top = later - earlier + register.modulus
    return Advance(count=over_the_top, rolled_over=True) if over_the_top <= count_max else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """An instant at which a register jumps for a known reason: exchanged, reset, or over its top.

    ``count_before`` is what it showed last before ``at`` (the modulus itself where it ran over its
    top), ``count_after`` what it showed from ``at`` on. A reading of that very instant is after it.
    ``why`` is one word: exchange, reset or overflow.
    """

    at: datetime
    why: str
    count_before: int
    count_after: int


def advance_across(
    register: RegisterFormat,
    *,
    earlier: int,
    later: int,
    breaks: Sequence[Break],
    count_max: int,
) -> Advance | None:
    """Tell how far a register advanced over the breaks between two readings, or None.

    ``breaks`` are those after the earlier reading and up to the later one, in order of time. Each
    leg between them is judged as ``advance_of`` judges it; the advance is the sum of the legs.
    """
    starts = (earlier, *(one.count_after for one in breaks))
    ends = (*(one.count_before for one in breaks), later)
    legs = [
        advance_of(register, earlier=start, later=end, count_max=count_max)
        for start, end in zip(starts, ends, strict=True)
    ]
    went = [leg for leg in legs if leg is not None]
    if len(went) < len(legs):
        return None
    return Advance(
        count=sum(leg.count for leg in went), rolled_over=any(leg.rolled_over for leg in went)
    )
