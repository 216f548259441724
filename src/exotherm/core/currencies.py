"""Rough rates of exchange, for estimates alone: no contract and no bill is ever converted."""

from collections.abc import Mapping

PER_EUR: Mapping[str, float] = {
    "EUR": 1.0,
    "GBP": 0.86,
    "CHF": 0.95,
    "USD": 1.12,
    "DKK": 7.46,
    "SEK": 11.2,
    "NOK": 11.6,
}
"""what a euro was worth in mid-2025; unit costs are no closer than a third"""
