"""Demands that look as if watts were taken for kilowatts, or the other way round."""

import numpy as np

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_number, format_quantity
from exotherm.site.series import FloatArray, HeatDemand

# A boiler's mean load over a year is 5 to 60 % of its rating; a factor of a thousand goes far out.
_OF_RATING_MAX, _OF_RATING_MIN = 3.0, 1.0 / 300.0
# Without a boiler to compare with: a flat uses 0.3 kW in the mean, a large city's network 500 MW.
_MEAN_KW_MIN, _MEAN_KW_MAX = 0.05, 1_000_000.0
_GAP, _FEW = 100.0, 0.10


def suspicions(
    file: str, demand: HeatDemand, *, heat_kw_rated: float | None
) -> tuple[Finding, ...]:
    """Warn of a year, or of a few of its steps, that is about a thousand times off."""
    mean_kw = float(demand.heat_kw.mean())
    findings = []
    if heat_kw_rated is not None and _is_off(mean_kw / heat_kw_rated):
        findings.append(_against_boiler(file, mean_kw, heat_kw_rated))
    elif heat_kw_rated is None and not _MEAN_KW_MIN <= mean_kw <= _MEAN_KW_MAX:
        findings.append(_implausible(file, mean_kw))
    spikes = _spikes(demand.heat_kw)
    if spikes:
        findings.append(_few_steps(file, *spikes))
    return tuple(findings)


def _is_off(of_rating: float) -> bool:
    return not _OF_RATING_MIN <= of_rating <= _OF_RATING_MAX


def _spikes(heat_kw: FloatArray) -> tuple[int, float, float] | None:
    """Find few values that a factor of a hundred or more parts from all others.

    Gives their number, the largest value below them and the smallest of them.
    """
    values = np.sort(heat_kw[heat_kw > 0])
    first = int(values.size * (1.0 - _FEW))
    if first < 1 or first >= values.size:
        return None
    ratio = values[first:] / values[first - 1 : -1]
    widest = int(np.argmax(ratio))
    if ratio[widest] < _GAP:
        return None
    at = first + widest
    return values.size - at, float(values[at - 1]), float(values[at])


def _finding(file: str, message: str) -> Finding:
    return Finding(
        code="demand.factor-thousand",
        severity=Severity.WARNING,
        where=Where(file=file),
        message=message,
        remedy="Compare one month with a bill: W or Wh, kW or kWh, MW or MWh decide all that "
        "follows.",
    )


def _against_boiler(file: str, mean_kw: float, heat_kw_rated: float) -> Finding:
    mean, rated = format_quantity("kw", mean_kw), format_quantity("kw", heat_kw_rated)
    return _finding(
        file,
        f"The mean of the year is {mean} beside a boiler of {rated}; a boiler's mean is 5 to 60 % "
        "of its rating, so the unit may be a thousand times off.",
    )


def _implausible(file: str, mean_kw: float) -> Finding:
    return _finding(
        file,
        f"The mean of the year is {format_quantity('kw', mean_kw, decimals=3)}, less than a flat "
        "or more than a city uses, so the unit may be a thousand times off.",
    )


def _few_steps(file: str, count: int, below_kw: float, from_kw: float) -> Finding:
    return _finding(
        file,
        f"{format_number(count, 0)} of the steps have {format_quantity('kw', from_kw)} or more and "
        f"all others {format_quantity('kw', below_kw, decimals=3)} or less: they may be in "
        "another unit.",
    )
