"""What another version of a contract costs: both rated on the same simulated year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Rated
from exotherm.contract.terms import Contract
from exotherm.core.period import Period
from exotherm.plan.rating import Month, rate_months, tally_of_months
from exotherm.plan.year import Year

_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountChange:
    """An amount under either version."""

    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """How much more the customer pays under the later version; negative where less."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyChange:
    """Both versions on the months that both cover, without VAT."""

    months: tuple[tuple[Period, AmountChange], ...]
    lines: tuple[tuple[str, str, AmountChange], ...]
    """clause, the words of its line, and its sum over the months"""
    year: AmountChange
    tally_before: Tally
    tally_after: Tally

    def __post_init__(self) -> None:
        for sums in ([one for _, one in self.months], [one for _, _, one in self.lines]):
            assert sum((one.before for one in sums), _NOUGHT) == self.year.before
            assert sum((one.after for one in sums), _NOUGHT) == self.year.after


def money_of_change(before: Contract, after: Contract, year: Year) -> MoneyChange:
    """Rate both versions on a simulated year; where their terms differ, on the months in common."""
    old, new = rate_months(before, year), rate_months(after, year)
    shared = [
        (one, other)
        for one in old
        for other in new
        if (one.period.start, one.period.end) == (other.period.start, other.period.end)
    ]
    mine, others = [one for one, _ in shared], [other for _, other in shared]
    return MoneyChange(
        months=tuple(
            (one.period, AmountChange(before=one.rated.net_amount, after=other.rated.net_amount))
            for one, other in shared
        ),
        lines=tuple(_lines([one.rated for one in mine], [one.rated for one in others])),
        year=AmountChange(before=_sum(mine), after=_sum(others)),
        tally_before=tally_of_months(tuple(mine)),
        tally_after=tally_of_months(tuple(others)),
    )


def _sum(months: Iterable[Month]) -> Decimal:
    return sum((month.rated.net_amount for month in months), _NOUGHT)


def _lines(old: list[Rated], new: list[Rated]) -> list[tuple[str, str, AmountChange]]:
    """Sum the lines of each clause; its words are those of its last line."""
    sums: dict[str, list[Decimal]] = {}
    words: dict[str, str] = {}
    for side, rated in enumerate((old, new)):
        for line in (line for one in rated for line in one.lines):
            sums.setdefault(line.clause, [_NOUGHT, _NOUGHT])[side] += line.amount
            words[line.clause] = line.text.partition(":")[0]
    return [
        (clause, words[clause], AmountChange(before=before, after=after))
        for clause, (before, after) in sums.items()
    ]
