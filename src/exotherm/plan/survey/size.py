"""How large and heavy the plant of a site is, as far as its file tells: for rooms and for fuses."""

import math
from dataclasses import dataclass

from exotherm.core.units import format_quantity
from exotherm.physics.water import density_kg_per_m3
from exotherm.site.document import Site
from exotherm.site.heat_path import captured_kw, coldest_source_c, hot_c
from exotherm.site.pumped import cop_of, sink_limit_c

G_MS2 = 9.81
STEEL_FRAC = 0.15
"""mass of an empty steel tank over that of its water; sheets of 1 to 10 m³ give 0.12 to 0.20"""
THREE_PHASE_V = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """A steel tank that stands upright, without its insulation."""

    width_m: float
    height_m: float
    empty_kg: float
    full_kg: float

    @property
    def floor_m2(self) -> float:
        """The floor under it."""
        return math.pi / 4.0 * self.width_m**2

    @property
    def load_kn_per_m2(self) -> float:
        """What it weighs on that floor, filled."""
        return load_kn_per_m2(self.full_kg, self.floor_m2)

    @property
    def tilted_m(self) -> float:
        """The height that it needs while it is set upright: the diagonal of its side."""
        return math.hypot(self.width_m, self.height_m)

    @property
    def words(self) -> str:
        """Its size in words."""
        width, height = format_quantity("_m", self.width_m), format_quantity("_m", self.height_m)
        return f"{width} wide and {height} high"


def tank_of(site: Site) -> Tank:
    """Work out the tank of a site: a cylinder of its volume, V = pi/4 d² h with h = k d.

    Filled with cold water, which is the heaviest.
    """
    volume_m3, ratio = site.buffer.volume_m3, site.buffer.height_to_width
    width_m = (4.0 * volume_m3 / (math.pi * ratio)) ** (1.0 / 3.0)
    water_kg = density_kg_per_m3(4.0) * volume_m3
    return Tank(
        width_m=width_m,
        height_m=ratio * width_m,
        empty_kg=STEEL_FRAC * water_kg,
        full_kg=(1.0 + STEEL_FRAC) * water_kg,
    )


def load_kn_per_m2(mass_kg: float, floor_m2: float) -> float:
    """Give the load of a mass on the floor under it."""
    return mass_kg * G_MS2 / 1000.0 / floor_m2


def design_power_kw(site: Site) -> float:
    """Sum what the plant draws when all of it runs: servers, their losses and air, machines, pumps.

    The heat pump at its warmest sink and coldest source, where its COP is lowest.
    """
    it_kw, rejection = site.computing.power_kw_rated, site.rejection
    drawn_kw = it_kw * (1.0 + site.computing.ups_loss_frac + site.capture.fan_frac)
    drawn_kw += site.computing.controls_kw + site.capture.pump_kw
    drawn_kw += site.delivery.pump_kw + site.delivery.controls_kw + rejection.fan_kw_rated
    if rejection.chiller_eer is not None:
        drawn_kw += captured_kw(site) / rejection.chiller_eer
    if site.air_cooling is not None:
        drawn_kw += max(0.0, it_kw - captured_kw(site)) / site.air_cooling.eer
    return drawn_kw + heat_pump_kw(site)


def heat_pump_kw(site: Site) -> float:
    """Give what the heat pump draws at full load and its lowest COP; nought without one."""
    pump = site.heat_pump
    if pump is None:
        return 0.0
    cold_c = coldest_source_c(site, pump)
    cop = max(1.0, cop_of(pump, source_out_c=cold_c, sink_c=sink_limit_c(pump)))
    return pump.heat_kw_rated * (1.0 / cop + pump.auxiliary_frac)


def plant_heat_kw(site: Site) -> float:
    """Give the heat that passes the tie-in at most: of the heat pump, or of the servers."""
    return max(captured_kw(site), site.heat_pump.heat_kw_rated if site.heat_pump else 0.0)


def coldest_water_c(site: Site) -> float:
    """Give the coldest water in the plant's pipes: at the evaporator, or back to the servers."""
    rise_k = captured_kw(site) / site.capture.flow_kw_per_k
    coldest = [hot_c(site) - rise_k]
    if site.heat_pump is not None:
        coldest.append(coldest_source_c(site, site.heat_pump))
    return min(coldest)


def fuse_kva(fuse_a: float) -> float:
    """Give the apparent power that a fuse lets pass on three phases: sqrt(3) U I."""
    return math.sqrt(3.0) * THREE_PHASE_V * fuse_a / 1000.0
