"""Values of published indices: which release counts, and how old and new bases are joined.

All of it is exact: an index that is rebased or succeeded leaves every ratio as it was.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from exotherm.contract.terms.indexation import (
    IndexObservation,
    IndexRebasing,
    IndexSeries,
    IndexSeriesList,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A value of an index for a month, as its publisher released it on a day."""

    series: str
    """name of the index in the contract (IDX-2)"""
    month: date
    """first day of the month that it is for"""
    value: Decimal
    base_year: str
    released_on: date

    def __post_init__(self) -> None:
        assert self.month.day == 1, self
        assert self.value > 0, self


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A value without which a price is not known."""

    series: str
    month: date
    why: Literal["no release", "no link"]
    """whether the month itself is missing, or what joins its base with that of the contract"""


@dataclass(frozen=True, slots=True)
class Late:
    """A month that was released too late for the notice, where the price then stays (IDX-3)."""


Node = tuple[str, str]
"""An index on a base: its name and base year."""


@dataclass(frozen=True, kw_only=True)
class Vintage:
    """What counts of all releases for a change that is decided on a day (IDX-3, IDX-4)."""

    decided_on: date
    """last day for the notice"""
    releases: tuple[Release, ...]
    """those that are known"""
    series: IndexSeriesList
    observation: IndexObservation
    rebasing: IndexRebasing | None

    def value_of(self, series: IndexSeries, month: date) -> Fraction | Missing | Late:
        """Give the value of an index for a month, on the base of the contract."""
        name = self._successor_of(series.name, month)
        releases = [one for one in self.releases if (one.series, one.month) == (name, month)]
        if not releases:
            return Missing(series=name, month=month, why="no release")
        counting = self._counting(releases)
        if counting is None:
            return Late()
        # Of what was released on one day, the contract's own base needs no link.
        release = max(counting, key=lambda one: one.base_year == series.base_year)
        ratio = self._ratio((name, release.base_year), (series.name, series.base_year))
        if ratio is None:
            return Missing(series=name, month=month, why="no link")
        return Fraction(release.value) * ratio

    def _successor_of(self, name: str, month: date) -> str:
        """Follow the successors that are in force for a month."""
        passed = [name]
        while self.rebasing is not None:
            following = [
                one.successor
                for one in self.rebasing.successors
                if one.series == passed[-1] and one.from_on <= month
            ]
            if not following or following[0] in passed:
                break
            passed.append(following[0])
        return passed[-1]

    def _counting(self, releases: list[Release]) -> list[Release] | None:
        """Give the releases of the day that counts for a month; None where all came too late."""
        in_time = [one for one in releases if one.released_on <= self.decided_on]
        first = self.observation.release == "first"
        if not in_time:
            if self.observation.if_late == "price stays":
                return None
            in_time, first = releases, True
        pick = min if first else max
        day = pick(one.released_on for one in in_time)
        return [one for one in in_time if one.released_on == day]

    @cached_property
    def _values(self) -> Mapping[Node, Mapping[date, Fraction]]:
        """The value that counts of every index on every base, by month."""
        grouped: dict[Node, dict[date, list[Release]]] = {}
        for one in self.releases:
            months = grouped.setdefault((one.series, one.base_year), {})
            months.setdefault(one.month, []).append(one)
        return {node: dict(self._of_months(months)) for node, months in grouped.items()}

    def _of_months(self, months: Mapping[date, list[Release]]) -> Iterable[tuple[date, Fraction]]:
        for month, releases in months.items():
            counting = self._counting(releases)
            if counting is not None:
                yield month, Fraction(counting[-1].value)

    def _ratio(self, start: Node, goal: Node) -> Fraction | None:
        """Give what a value on one base is multiplied by to stand on another: a chain of links.

        The shortest chain counts, so a direct link goes before one over a third base.
        """
        ratios, queue = {start: Fraction(1)}, deque([start])
        while queue and goal not in ratios:
            node = queue.popleft()
            for other in sorted(self._values):
                link = None if other in ratios else self._link(node, other)
                if link is not None:
                    ratios[other] = ratios[node] * link
                    queue.append(other)
        return ratios.get(goal)

    def _link(self, old: Node, new: Node) -> Fraction | None:
        """Give the ratio of two indices at the months that both have (IDX-4)."""
        if self.rebasing is None:
            return None
        before, after = self._values.get(old, {}), self._values.get(new, {})
        common = sorted(before.keys() & after.keys())
        if not common or not self._are_one(old, new):
            return None
        if self.rebasing.linked_at == "last common month":
            common = common[-1:]
        return _total(after, common) / _total(before, common)

    def _are_one(self, old: Node, new: Node) -> bool:
        """Tell whether two nodes are one index on two bases, or an index and its successor."""
        assert self.rebasing is not None
        pairs = {(one.series, one.successor) for one in self.rebasing.successors}
        names = (old[0], new[0])
        return old[0] == new[0] or names in pairs or names[::-1] in pairs


def _total(values: Mapping[date, Fraction], months: Iterable[date]) -> Fraction:
    return sum((values[month] for month in months), Fraction(0))
