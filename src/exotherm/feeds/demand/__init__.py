"""Measured heat demand of a customer: a year of it, in steps as fine as somebody counted."""

from exotherm.feeds.demand.length import Reading, explain_length, local_year, reading_of
from exotherm.feeds.demand.reading import read_demand

__all__ = ["Reading", "explain_length", "local_year", "read_demand", "reading_of"]
