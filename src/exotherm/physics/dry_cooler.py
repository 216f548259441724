"""A dry cooler: how warm the coolant must be to lose its heat, and what the fans draw."""

from exotherm.core.kernel import kernel


@kernel
def coolant_needed_c(rejected_kw: float, outdoor_c: float, conductance_kw_per_k: float) -> float:
    """Give the coolant temperature at which full fan speed just rejects a heat flow."""
    if rejected_kw <= 0.0:
        return outdoor_c
    return outdoor_c + rejected_kw / conductance_kw_per_k


@kernel
def fan_power_kw(
    rejected_kw: float,
    coolant_c: float,
    outdoor_c: float,
    conductance_kw_per_k: float,
    fan_kw_rated: float,
) -> float:
    """Give the fans' power: rated power times the cube of their speed.

    Speed is taken as the share of the heat that full speed would reject at these temperatures
    (affinity laws; air-side heat transfer is nearly proportional to flow), at most one.
    """
    if rejected_kw <= 0.0:
        return 0.0
    possible_kw = conductance_kw_per_k * (coolant_c - outdoor_c)
    speed = 1.0 if possible_kw <= rejected_kw else rejected_kw / possible_kw
    return fan_kw_rated * speed * speed * speed
