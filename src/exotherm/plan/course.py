"""How the years of a term really run: heat that comes late, servers that fill slowly, an early end.

Time is in years from the day on which the plant is paid, which is when the term begins.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What a customer who leaves pays, as the contract has it (LEG-3): a share of what is left.

    ``amount`` is written off to nought in equal parts over ``write_off_years``.
    """

    amount: float
    write_off_years: float
    pays_frac: float

    def paid_after(self, years: float) -> float:
        """Give what is paid where the contract ends after so many years, in money of that day."""
        return self.pays_frac * self.amount * max(0.0, 1.0 - years / self.write_off_years)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """When heat begins, how long each stage of the servers lasts, and when the customer leaves."""

    late_years: float = 0.0
    """years by which the first heat comes after the plant is paid"""
    stage_years: float = 1.0
    """years that each stage lasts before all servers are there, where the plan has one for each"""
    ends_after_years: float = math.inf
    """years after which the customer takes no more heat"""
    parting: Parting | None = None

    def stages_in(self, year: int, *, stages: int) -> Iterator[tuple[int, float]]:
        """Give the stages of a year of the term, from 0 on, each with its share of the year.

        Stage ``stages`` is the one with all servers. What is missing to one stood still.
        """
        begin = max(year - 1.0, self.late_years) - self.late_years
        end = min(float(year), self.ends_after_years) - self.late_years
        for stage in range(stages + 1):
            first = stage * self.stage_years
            last = math.inf if stage == stages else first + self.stage_years
            share = min(end, last) - max(begin, first)
            if share > 0.0:
                yield stage, share

    def served_frac(self, year: int) -> float:
        """Give the share of a year of the term in which the customer is still there."""
        return min(1.0, max(0.0, self.ends_after_years - (year - 1.0)))

    def parting_in(self, year: int) -> float:
        """Give what the customer pays for leaving in a year of the term; mostly nothing."""
        leaves = year - 1.0 < self.ends_after_years <= year
        if self.parting is None or not leaves:
            return 0.0
        return self.parting.paid_after(self.ends_after_years)
