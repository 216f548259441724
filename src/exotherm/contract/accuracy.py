"""How far a heat meter may be wrong by its class: what the law allows is what nobody can know."""

from collections.abc import Iterable

from exotherm.contract.measure import MeasuredInterval
from exotherm.contract.terms.metering import HeatMeter

# Flow sensor, per accuracy class: share at rated flow and share per ratio of rated to actual flow,
# never above 5 % (Directive 2014/32/EU annex VI, MI-004; EN 1434-1).
_FLOW_FRAC = {1: (0.01, 0.0001), 2: (0.02, 0.0002), 3: (0.03, 0.0005)}
_FLOW_FRAC_MAX = 0.05


def error_frac_max(meter: HeatMeter, *, flow_m3h: float, lift_k: float) -> float:
    """Give the largest error that a heat meter may have at a flow and lift, as a share of the heat.

    Sum of the errors of flow sensor, pair of temperature sensors (0.5 + 3 Δθmin/Δθ) % and
    calculator (0.5 + Δθmin/Δθ) %; flow in m³/h and lift in K, both above nought.
    """
    assert flow_m3h > 0, flow_m3h
    assert lift_k > 0, lift_k
    base, slope = _FLOW_FRAC[meter.accuracy_class]
    of_flow = min(base + slope * meter.flow_m3h_rated / flow_m3h, _FLOW_FRAC_MAX)
    of_pair = 0.005 + 0.03 * meter.lift_k_min / lift_k
    of_calculator = 0.005 + 0.01 * meter.lift_k_min / lift_k
    return of_flow + of_pair + of_calculator


def error_frac_of(meter: HeatMeter, intervals: Iterable[MeasuredInterval]) -> float | None:
    """Give that error for a period, each interval weighted by its heat; None where none tells.

    Only intervals with heat, flow and both temperatures tell.
    """
    heat, wrong = 0, 0.0
    for one in intervals:
        supply_c, return_c, flow = one.situation.supply_c, one.return_c, one.flow_m3h
        if supply_c is None or return_c is None or flow is None or one.bridged:
            continue
        if one.heat_count and flow > 0 and supply_c > return_c:
            heat += one.heat_count
            wrong += one.heat_count * error_frac_max(
                meter, flow_m3h=flow, lift_k=supply_c - return_c
            )
    return wrong / heat if heat else None
