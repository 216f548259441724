"""The record of a meter that evidence rests on, and how wrong a meter may be."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

_FLOW_PERCENT = {
    1: (Decimal(1), Decimal("0.01")),
    2: (Decimal(2), Decimal("0.02")),
    3: (Decimal(3), Decimal("0.05")),
}
_FLOW_PERCENT_MAX = Decimal(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRecord:
    """A meter as it is identified in the evidence, from its plate and its certificate."""

    name: str
    serial: str
    measures: str
    """what it measures, in words"""
    position: str
    """where it hangs, so that a stranger finds it"""
    accuracy_class: str
    delta_k_min: Decimal | None = None
    """least temperature difference of a heat meter, in K"""
    valid_until: date | None = None
    """last day of its verification"""


def heat_meter_mpe_frac(
    *, accuracy_class: Literal[1, 2, 3], delta_k: Decimal, delta_k_min: Decimal, flow_frac: Decimal
) -> Decimal:
    """Give the largest permitted error of a heat meter as a fraction of the heat.

    It is the plain sum of the errors of flow sensor, temperature pair and calculator (EN 1434-1,
    MID annex VI). ``delta_k`` is the temperature difference and ``flow_frac`` the flow as a share
    of the nominal one, both as they are at the place. Raises ValueError outside the range in
    which the meter is accurate.
    """
    if delta_k < delta_k_min or delta_k_min <= 0 or flow_frac <= 0:
        raise ValueError(f"the meter has no accuracy at {delta_k} K and flow share {flow_frac}")
    base, slope = _FLOW_PERCENT[accuracy_class]
    flow = min(base + slope / flow_frac, _FLOW_PERCENT_MAX)
    temperatures = Decimal("0.5") + 3 * delta_k_min / delta_k
    calculator = Decimal("0.5") + delta_k_min / delta_k
    return (flow + temperatures + calculator) / 100
