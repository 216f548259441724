"""What may come otherwise than planned: each assumption, its range, the points drawn in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.site.document import Site
from exotherm.site.risk import Risk
from exotherm.site.series import Surroundings

_TENTH = NormalDist().inv_cdf(0.9)
_PRIMES = (
    *(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37),
    *(41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89),
)
_DIGITS = 32
_SEQUENCE_SEED = 20240
FACTOR_MIN = 0.05


class RiskFactor(StrEnum):
    """What may come otherwise, in the words of the report."""

    OUTDOOR = "outdoor temperature"
    UTILISATION = "utilisation of the servers"
    DEMAND = "customers' heat"
    ELECTRICITY = "price of electricity"
    FUEL = "price of the customer's fuel"
    INVESTMENT = "investment"
    HEAT_PUMP = "efficiency of the heat pump"
    DOWNTIME = "downtime of the plant"
    FIRST_HEAT = "delay of the first heat"
    BUILD_OUT = "time until all servers are there"
    CUSTOMER = "time that the customer stays"


FIELD_OF: Mapping[RiskFactor, str] = {
    RiskFactor.OUTDOOR: "outdoor",
    RiskFactor.UTILISATION: "utilisation",
    RiskFactor.DEMAND: "demand",
    RiskFactor.ELECTRICITY: "electricity",
    RiskFactor.FUEL: "fuel",
    RiskFactor.INVESTMENT: "investment",
    RiskFactor.HEAT_PUMP: "heat_pump",
    RiskFactor.DOWNTIME: "downtime",
    RiskFactor.FIRST_HEAT: "first_heat",
    RiskFactor.BUILD_OUT: "build_out",
    RiskFactor.CUSTOMER: "customer",
}
RISK_FACTORS = tuple(RiskFactor)
OF_THE_TERM = frozenset(
    {
        RiskFactor.INVESTMENT,
        RiskFactor.FIRST_HEAT,
        RiskFactor.BUILD_OUT,
        RiskFactor.CUSTOMER,
    }
)
"""What changes the cash of the term, and no year of the plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An assumption's range: what one in ten lies below and above, and what the plan has."""

    low: float
    plan: float
    high: float
    widened: str = ""
    """why it reaches further than the file says; empty where it does not"""

    def at(self, deviate: float) -> float:
        """Give the value at a standard normal deviate: nought is the plan, ±1.28 are the ends."""
        end = self.high if deviate >= 0 else self.low
        return self.plan + (end - self.plan) * abs(deviate) / _TENTH


def sequence(draws: int, dimensions: int) -> FloatArray:
    """Give points that fill the unit cube evenly, shape (draws, dimensions): a Halton sequence.

    Coordinate j is the number of the point mirrored at the point in the j-th prime, with every
    digit exchanged by a permutation of its own (Owen, "A randomized Halton algorithm in R", 2017).
    Each point stays what it is however many follow.
    """
    assert dimensions <= len(_PRIMES), dimensions
    rng = np.random.default_rng(_SEQUENCE_SEED)
    points = np.zeros((draws, dimensions))
    for column, prime in enumerate(_PRIMES[:dimensions]):
        left, weight = np.arange(draws), 1.0
        for _ in range(_DIGITS):
            weight /= prime
            points[:, column] += weight * rng.permutation(prime)[left % prime]
            left //= prime
    return points % 1.0


def ranges_of(site: Site, surroundings: Surroundings) -> dict[RiskFactor, Range]:
    """Give every assumption's range, reaching at least to what is usual where the plan is rosy."""
    given = {name: _range_of(site.risk, field) for name, field in FIELD_OF.items()}
    for name, reach in _usual_reach(site, surroundings):
        low, high = min(given[name].low, reach), max(given[name].high, reach)
        if (low, high) != (given[name].low, given[name].high):
            why = "the plan is rosier than what is usual, so its range reaches that"
            given[name] = replace(given[name], low=low, high=high, widened=why)
    return given


def _range_of(risk: Risk, field: str) -> Range:
    own = getattr(risk, field)
    return Range(low=own.low, plan=own.plan, high=own.high)


# Means of public traces lie from 0.3 to 0.6; beyond that a plan counts on hosting that is full.
_UTILISATION_ROSY, _UTILISATION_USUAL = 0.70, 0.45
# Prices to customers other than households in the EU: electricity 0.09 to 0.28, gas 0.04 to 0.10.
_ELECTRICITY_ROSY, _ELECTRICITY_USUAL = 0.09, 0.18
_FUEL_ROSY, _FUEL_USUAL = 0.10, 0.06
# The heat plants of the examples cost 1,400 to 2,900 EUR per kW of servers.
_INVESTMENT_ROSY, _INVESTMENT_USUAL = 700.0, 1400.0
_LIKE_EURO = ("EUR", "GBP", "CHF")


def _usual_reach(site: Site, surroundings: Surroundings) -> Iterator[tuple[RiskFactor, float]]:
    busy = float(surroundings.utilisation.utilisation_frac.mean())
    if busy > _UTILISATION_ROSY:
        yield RiskFactor.UTILISATION, _UTILISATION_USUAL / busy
    if site.site.currency not in _LIKE_EURO:
        return
    if 0 < site.economics.electricity_per_kwh < _ELECTRICITY_ROSY:
        reach = _ELECTRICITY_USUAL / site.economics.electricity_per_kwh
        yield RiskFactor.ELECTRICITY, reach
    invested = sum(item.amount for item in site.economics.investment)
    per_kw = invested / site.computing.power_kw_rated
    if 0 < per_kw < _INVESTMENT_ROSY:
        yield RiskFactor.INVESTMENT, _INVESTMENT_USUAL / per_kw
    if site.economics.fuel_per_kwh > _FUEL_ROSY:
        yield RiskFactor.FUEL, _FUEL_USUAL / site.economics.fuel_per_kwh


def deviates_of(chances: FloatArray) -> FloatArray:
    """Give the standard normal deviates of chances between nought and one, of any shape."""
    normal = NormalDist()
    inside = np.clip(chances, 1e-12, 1 - 1e-12)
    return np.array([normal.inv_cdf(float(one)) for one in inside.flat]).reshape(chances.shape)


def bounded(factor: RiskFactor, value: float) -> float:
    """Keep a value where it means something."""
    if factor is RiskFactor.OUTDOOR:
        return max(-20.0, min(20.0, value))
    if factor is RiskFactor.DOWNTIME:
        return max(0.0, min(1.0, value))
    if factor is RiskFactor.FIRST_HEAT:
        return max(0.0, value)
    if factor is RiskFactor.CUSTOMER:
        return max(FACTOR_MIN, min(1.0, value))
    return max(FACTOR_MIN, value)
