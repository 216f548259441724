"""Findings: what is wrong in a person's data, as values. Collect all, never stop at the first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How much a finding matters: an error blocks, a warning costs, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place a person has to look: a file and line, or a meter, or a period."""

    file: str = ""
    line: int | None = None
    path: str = ""

    def __str__(self) -> str:
        """Write the place as an editor understands it: ``site.toml:14 (pool.area_m2)``."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        if not self.path:
            return place
        return f"{place} ({self.path})" if place else self.path


def _frozen(data: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: what, where, why it matters, what to do.

    ``code`` reads like ``meter.register-went-backwards`` and has a page in docs/findings.md;
    ``data`` holds the facts that show why, as plain JSON values.
    """

    code: str
    severity: Severity
    where: Where
    message: str
    remedy: str
    data: Mapping[str, object] = field(default_factory=lambda: _frozen({}))

    def to_json(self) -> dict[str, object]:
        """Give the same finding as the plain values that `--json` and the web print."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "where": {"file": self.where.file, "line": self.where.line, "path": self.where.path},
            "message": self.message,
            "remedy": self.remedy,
            "data": dict(self.data),
        }


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether any of the findings blocks."""
    return any(finding.severity is Severity.ERROR for finding in findings)
