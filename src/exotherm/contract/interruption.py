"""Interruptions that somebody wrote down: from when to when, why, and whether it was announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from exotherm.contract.terms import Contract
from exotherm.core.period import Period

_HOUR = timedelta(hours=1)


class Recorded(TypedDict):
    """What a written interruption adds to a situation."""

    cause: str
    lasted_h: float
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A time in which heat was short, with its cause in the words of the contract.

    ``announced_at`` is when the customer was told of it; None where he was not.
    """

    period: Period
    cause: str
    announced_at: datetime | None = None

    def facts_at(self, interval: Period, contract: Contract) -> Recorded:
        """Give what it says of an interval: cause, hours so far, announced in time (CAL-4)."""
        return Recorded(
            cause=self.cause,
            lasted_h=max(0.0, (interval.end - self.period.start) / _HOUR),
            announced=self._in_time(contract),
        )

    def _in_time(self, contract: Contract) -> bool:
        if self.announced_at is None:
            return False
        if self.cause == "held back" and contract.firmness.notice_h is not None:
            lead = timedelta(hours=contract.firmness.notice_h)
        elif contract.interruption_notice is not None:
            lead = timedelta(days=contract.interruption_notice.lead_days)
        else:
            lead = timedelta(0)
        return self.announced_at + lead <= self.period.start


def interruption_at(interruptions: Sequence[Interruption], interval: Period) -> Interruption | None:
    """Find the interruption that an interval begins in; the first that was written counts."""
    return next((one for one in interruptions if interval.start in one.period), None)
