"""Pipes: what a buried pair loses, how water cools on its way, and what friction costs."""

import math
from dataclasses import dataclass

from exotherm.core.kernel import kernel
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

INSULATION_W_PER_MK = 0.026
"""Conductivity of polyurethane foam in bonded pipes, new: expert value, verify."""

GROUND_W_PER_MK = 1.5
"""Conductivity of moist ground: expert value, verify."""

ROUGHNESS_M = 0.0001
"""Roughness of steel pipe in service; 0.045 mm when new: expert value, verify."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BondedPipe:
    """A pre-insulated bonded steel pipe, insulation series 1 of EN 253: expert values, verify."""

    dn: int
    outer_m: float
    """outside of the steel"""
    wall_m: float
    casing_m: float
    """outside of the insulation"""

    @property
    def bore_m(self) -> float:
        """The inside of the steel."""
        return self.outer_m - 2.0 * self.wall_m


BONDED_PIPES: tuple[BondedPipe, ...] = (
    BondedPipe(dn=25, outer_m=0.0337, wall_m=0.0026, casing_m=0.090),
    BondedPipe(dn=40, outer_m=0.0483, wall_m=0.0026, casing_m=0.110),
    BondedPipe(dn=50, outer_m=0.0603, wall_m=0.0029, casing_m=0.125),
    BondedPipe(dn=65, outer_m=0.0761, wall_m=0.0029, casing_m=0.140),
    BondedPipe(dn=100, outer_m=0.1143, wall_m=0.0036, casing_m=0.200),
)


@kernel
def buried_w_per_mk(
    outer_m: float,
    casing_m: float,
    depth_m: float,
    insulation_w_per_mk: float,
    ground_w_per_mk: float,
) -> float:
    """Give the heat that a metre of buried pipe loses per kelvin above the ground.

    U = 1 / (ln(D/d) / (2 π λ) + ln(4 Z/D) / (2 π λ_g)), d the steel's outside, D the casing's, Z
    the depth of its middle, λ and λ_g the conductivities of insulation and ground. The two pipes'
    mutual warming is left out, which overstates the loss by 3 to 5 %. EN 13941; Z above D / 2.
    """
    insulation = math.log(casing_m / outer_m) / (2.0 * math.pi * insulation_w_per_mk)
    soil = math.log(4.0 * depth_m / casing_m) / (2.0 * math.pi * ground_w_per_mk)
    return 1.0 / (insulation + soil)


@kernel
def pair_loss_w_per_m(supply_c: float, return_c: float, ground_c: float, w_per_mk: float) -> float:
    """Give what a metre of trench loses: (T_s + T_r - 2 T_g) U; negative where the ground warms."""
    return (supply_c + return_c - 2.0 * ground_c) * w_per_mk


@kernel
def outlet_c(
    inlet_c: float, ground_c: float, w_per_mk: float, length_m: float, flow_kgs: float
) -> float:
    """Give the temperature at the end of a pipe: T_g + (T_in - T_g) exp(-U L / (m c)).

    Water that stands still ends at the ground's temperature. Steady state; the time the water
    takes is the caller's.
    """
    loss_kw_per_k = w_per_mk * length_m / 1000.0
    if loss_kw_per_k <= 0.0:
        return inlet_c
    if flow_kgs <= 0.0:
        return ground_c
    ntu = loss_kw_per_k / (flow_kgs * HEAT_CAPACITY_KJ_PER_KGK)
    return ground_c + (inlet_c - ground_c) * math.exp(-ntu)


@kernel
def viscosity_pa_s(water_c: float) -> float:
    """Give the dynamic viscosity of water, 2.414e-5 · 10^(247.8 / (T - 140)) with T in kelvin.

    Vogel's form; within 1 % of IAPWS from 5 to 95 °C.
    """
    return float(2.414e-5 * 10.0 ** (247.8 / (water_c + 133.15)))


@kernel
def friction_factor(reynolds: float, relative_roughness: float) -> float:
    """Give the Darcy friction factor of a round pipe.

    64 / Re up to 2300; from 4000 on Haaland (1983), J. Fluids Eng. 105(1), 89:
    1/√f = -1.8 log10((ε/3.7)^1.11 + 6.9/Re), within 2 % of Colebrook's for Re up to 1e8 and
    roughness up to 0.05; a straight line between, where flow is uncertain. Re above nought.
    """
    if reynolds <= 2300.0:
        return 64.0 / reynolds
    smooth_from = max(reynolds, 4000.0)
    root = -1.8 * math.log10((relative_roughness / 3.7) ** 1.11 + 6.9 / smooth_from)
    turbulent = 1.0 / (root * root)
    if reynolds >= 4000.0:
        return turbulent
    laminar = 64.0 / 2300.0
    return laminar + (turbulent - laminar) * (reynolds - 2300.0) / 1700.0


@kernel
def pressure_drop_pa(
    flow_kgs: float,
    bore_m: float,
    length_m: float,
    roughness_m: float,
    fittings: float,
    water_c: float,
) -> float:
    """Give the pressure that friction takes: (f L/d + Σζ) ρ v² / 2, Darcy and Weisbach.

    ``fittings`` is Σζ, the sum of the loss coefficients of bends, valves and the like. Networks
    are laid out for 100 to 200 Pa per metre (expert value, verify).
    """
    if flow_kgs < 1e-9:
        return 0.0
    density = density_kg_per_m3(water_c)
    speed_ms = flow_kgs / density / (0.25 * math.pi * bore_m * bore_m)
    reynolds = density * speed_ms * bore_m / viscosity_pa_s(water_c)
    friction = friction_factor(reynolds, roughness_m / bore_m)
    return (friction * length_m / bore_m + fittings) * 0.5 * density * speed_ms * speed_ms
