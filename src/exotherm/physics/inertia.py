"""Loss of cooling: how fast a room, a tank or a loop warms, and when it passes a limit."""

import math

from exotherm.core.kernel import kernel

AIR_KJ_PER_M3K = 1.2 * 1.005
"""Heat capacity of room air, density times specific heat near 20 °C."""

SERVER_2U_KJ_PER_K = 12.0
"""Heat capacity of a server of two rack units: Ibrahim et al., as reported."""

OIL_KJ_PER_M3K = 800.0 * 2.1
"""Heat capacity of immersion oil: 800 kg/m³ times 2.1 kJ/(kg K), expert value, verify."""


@kernel
def heat_capacity_kj_per_k(air_m3: float, servers: float, water_m3: float, oil_m3: float) -> float:
    """Give the heat capacity that warms when cooling stops: air, 2U servers, water and oil.

    Walls and floor are left out, so the time found with it is on the safe side. The servers lag
    the air by several minutes (reported): within the first of them the air alone counts.
    """
    water_kj_per_m3k = 996.5 * 4.18  # at 26 °C
    return (
        air_m3 * AIR_KJ_PER_M3K
        + servers * SERVER_2U_KJ_PER_K
        + water_m3 * water_kj_per_m3k
        + oil_m3 * OIL_KJ_PER_M3K
    )


@kernel
def warmed_c(
    start_c: float,
    unremoved_kw: float,
    capacity_kj_per_k: float,
    loss_kw_per_k: float,
    around_c: float,
    after_min: float,
) -> float:
    """Give the temperature some minutes after cooling stopped.

    C dT/dt = P - U (T - T_around), whose solution approaches T_around + P / U by
    exp(-U t / C); a straight line where U = 0. ``unremoved_kw`` is the servers' power less what
    is still removed.
    """
    seconds = after_min * 60.0
    if loss_kw_per_k <= 0.0:
        return start_c + unremoved_kw * seconds / capacity_kj_per_k
    end_c = around_c + unremoved_kw / loss_kw_per_k
    # expm1 keeps the digits where the loss is small beside the capacity.
    gone_frac = -math.expm1(-loss_kw_per_k * seconds / capacity_kj_per_k)
    return start_c + (end_c - start_c) * gone_frac


@kernel
def minutes_to_limit(
    start_c: float,
    limit_c: float,
    unremoved_kw: float,
    capacity_kj_per_k: float,
    loss_kw_per_k: float,
    around_c: float,
) -> float:
    """Give the minutes until a limit is reached: nought if it is, infinite if it never will be."""
    if start_c >= limit_c:
        return 0.0
    rise_k = limit_c - start_c
    if loss_kw_per_k <= 0.0:
        if unremoved_kw <= 0.0:
            return math.inf
        return rise_k * capacity_kj_per_k / unremoved_kw / 60.0
    end_c = around_c + unremoved_kw / loss_kw_per_k
    if end_c <= limit_c:
        return math.inf
    share = rise_k / (end_c - start_c)
    return -math.log1p(-share) * capacity_kj_per_k / loss_kw_per_k / 60.0
