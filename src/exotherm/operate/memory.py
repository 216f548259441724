"""What is remembered of a meter from one answer to the next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from exotherm.core.samples import Sample


class LastAnswer(Protocol):
    """What is remembered of the answer before."""

    @property
    def access_number(self) -> int | None:
        """Its access number, where the protocol has one."""

    @property
    def source_at(self) -> datetime:
        """The time of its values."""

    @property
    def received_at(self) -> datetime:
        """When it was received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is known of a meter before an answer: the answer before, and the last good samples."""

    answer: LastAnswer | None = None
    good: Mapping[str, Sample] = field(default_factory=dict)
