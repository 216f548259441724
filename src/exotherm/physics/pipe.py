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
    """A pre-insulated bonded steel pipe by EN 253: expert values, verify."""

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


# Nominal size, outside and wall of the steel, casings of insulation series 1, 2 and 3; in mm.
_SIZES = (
    (20, 26.9, 2.6, (90, 110, 125)),
    (25, 33.7, 2.6, (90, 110, 125)),
    (32, 42.4, 2.6, (110, 125, 140)),
    (40, 48.3, 2.6, (110, 125, 140)),
    (50, 60.3, 2.9, (125, 140, 160)),
    (65, 76.1, 2.9, (140, 160, 180)),
    (80, 88.9, 3.2, (160, 180, 200)),
    (100, 114.3, 3.6, (200, 225, 250)),
    (125, 139.7, 3.6, (225, 250, 280)),
    (150, 168.3, 4.0, (250, 280, 315)),
    (200, 219.1, 4.5, (315, 355, 400)),
    (250, 273.0, 5.0, (400, 450, 500)),
    (300, 323.9, 5.6, (450, 500, 560)),
)
SERIES = (1, 2, 3)
"""classes of insulation in EN 253, from thin to thick"""


def _bonded(series: int) -> tuple[BondedPipe, ...]:
    return tuple(
        BondedPipe(
            dn=dn,
            outer_m=outer / 1000.0,
            wall_m=wall / 1000.0,
            casing_m=casings[series - 1] / 1000.0,
        )
        for dn, outer, wall, casings in _SIZES
    )


BONDED_PIPES = _bonded(1)
_BY_SIZE = {(pipe.dn, series): pipe for series in SERIES for pipe in _bonded(series)}


def bonded_pipe(dn: int, series: int) -> BondedPipe:
    """Give the bonded pipe of a nominal size and an insulation series of EN 253."""
    return _BY_SIZE[dn, series]


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


def pair_w_per_mk(
    pipe: BondedPipe,
    *,
    depth_m: float,
    apart_m: float,
    insulation_w_per_mk: float,
    ground_w_per_mk: float,
) -> float:
    """Give the loss of each pipe of a buried pair, as `buried_w_per_mk` but with mutual warming.

    1/U' = 1/U + ln(1 + (2 Z/E)²) / (4 π λ_g), E the distance of both middles, EN 13941. The loss of
    the pair (T_s + T_r - 2 T_g) U' is exact in this model; what the warmer pipe loses more than
    the cooler one is left out.
    """
    alone = buried_w_per_mk(
        pipe.outer_m, pipe.casing_m, depth_m, insulation_w_per_mk, ground_w_per_mk
    )
    mutual = math.log(1.0 + (2.0 * depth_m / apart_m) ** 2) / (4.0 * math.pi * ground_w_per_mk)
    return 1.0 / (1.0 / alone + mutual)


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
