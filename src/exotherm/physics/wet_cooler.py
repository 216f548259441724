"""Coolers that evaporate water: air cooled by pads, wet towers, and the water they take."""

from dataclasses import dataclass

from exotherm.core.kernel import kernel
from exotherm.physics.confidence import Confidence
from exotherm.physics.water import evaporation_heat_kj_per_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolerKind:
    """The median of a kind of cooler at its rating, from a survey of 6730 models by IER."""

    name: str
    approach_k: float
    """coolant leaving less the air it is measured against"""
    against: str
    fan_kw_per_kw_min: float
    fan_kw_per_kw_max: float
    approach_confidence: Confidence
    fan_confidence: Confidence


COOLER_KINDS: tuple[CoolerKind, ...] = (
    CoolerKind(
        name="dry",
        approach_k=10.0,
        against="dry bulb",
        fan_kw_per_kw_min=0.015,
        fan_kw_per_kw_max=0.035,
        approach_confidence="reported",
        fan_confidence="expert value, verify",
    ),
    CoolerKind(
        name="open wet",
        approach_k=5.0,
        against="wet bulb",
        fan_kw_per_kw_min=0.012,
        fan_kw_per_kw_max=0.021,
        approach_confidence="reported",
        fan_confidence="reported",
    ),
    CoolerKind(
        name="closed wet",
        approach_k=6.5,
        against="wet bulb",
        fan_kw_per_kw_min=0.012,
        fan_kw_per_kw_max=0.021,
        approach_confidence="reported",
        fan_confidence="expert value, verify",
    ),
)


@kernel
def leaving_c(
    air_c: float, rejected_kw: float, rejected_kw_rated: float, approach_k_rated: float
) -> float:
    """Give the coolant that leaves a cooler at full fan speed: air plus approach.

    The approach is proportional to the heat while both flows stay (constant effectiveness);
    exact for a dry cooler, an approximation for wet ones. ``air_c`` is the dry bulb of a dry
    cooler, what the pads leave of it for an adiabatic one, the wet bulb for wet towers.
    """
    return air_c + approach_k_rated * max(0.0, rejected_kw) / rejected_kw_rated


@kernel
def adiabatic_air_c(outdoor_c: float, wet_bulb_c: float, saturation_frac: float) -> float:
    """Give the air behind wetted pads: dry bulb less a share of its distance to the wet bulb.

    ASHRAE Handbook, HVAC Systems and Equipment, evaporative air cooling: saturation effectiveness
    0.6 to 0.85 for pads and sprays, 3 to 8 K on a warm day (expert values, verify); more where
    the day is dry.
    """
    return outdoor_c - saturation_frac * max(0.0, outdoor_c - wet_bulb_c)


@kernel
def adiabatic_water_kgs(air_kgs: float, outdoor_c: float, cooled_c: float) -> float:
    """Give the water that pads evaporate: air mass flow times 1.02 kJ/(kg K) times the cooling."""
    heat_kw = air_kgs * 1.02 * max(0.0, outdoor_c - cooled_c)
    return heat_kw / evaporation_heat_kj_per_kg(cooled_c)


@kernel
def tower_water_kgs(rejected_kw: float, water_c: float, concentration: float) -> float:
    """Give the fresh water of a wet cooler: evaporation and what is drained to hold its salts.

    Q / r · k / (k - 1), all heat taken as latent, which overstates it by up to a quarter in cool
    weather. ``concentration`` k is the ratio of salts in the basin to those in fresh water, above
    1 and often 3 to 5 (expert value, verify).
    """
    evaporated = max(0.0, rejected_kw) / evaporation_heat_kj_per_kg(water_c)
    return evaporated * concentration / (concentration - 1.0)
