"""Spans of whole days, months and years, as findings write them."""

from exotherm.contract.wording import write_exactly


def days(count: int) -> str:
    """Write a number of days: ``1 day``, ``31 days``."""
    return write_exactly("span_days", count)


def months(count: int) -> str:
    """Write a number of months: ``1 month``, ``24 months``."""
    return write_exactly("span_months", count)


def years(count: int) -> str:
    """Write a number of years: ``1 year``, ``6 years``."""
    return write_exactly("span_years", count)
