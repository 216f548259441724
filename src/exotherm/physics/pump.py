"""Pumps: electric power from pressure and flow, and at part flow."""

from exotherm.core.kernel import kernel


@kernel
def pump_power_kw(
    pressure_pa: float, flow_kgs: float, density_kg_per_m3: float, efficiency_frac: float
) -> float:
    """Give the electric power of a pump: Δp V / η.

    ``efficiency_frac`` is of pump, motor and drive together: 0.5 to 0.7 for small ones (expert
    value, verify).
    """
    return pressure_pa * flow_kgs / density_kg_per_m3 / efficiency_frac / 1000.0


@kernel
def part_flow_power_kw(power_kw_rated: float, flow_frac: float, held_frac: float) -> float:
    """Give a pump's power at part flow, when its speed follows the flow.

    P_rated φ (s + (1 - s) φ²): affinity laws where ``held_frac`` s is nought, so that only
    friction is to be overcome; s is the share of the rated pressure that the control holds at no
    flow. Efficiency is taken as constant, which flatters flows below a third.
    """
    return power_kw_rated * flow_frac * (held_frac + (1.0 - held_frac) * flow_frac * flow_frac)
