"""Readings that nobody measured: a month that the twin lived says so wherever it is shown."""

from exotherm.core.findings import Finding, Severity, Where

SIMULATED_CODE = "meter.simulated"
"""The note by which a store remembers that a month's readings are simulated."""


def simulated(month: str) -> Finding:
    """Note that a month's readings are the twin's."""
    return Finding(
        code=SIMULATED_CODE,
        severity=Severity.NOTE,
        where=Where(path=month),
        message=f"Readings of {month} are the twin's: simulated, and read through real protocols.",
        remedy="Bill and prove such a month for practice only, in a workspace of its own.",
    )
