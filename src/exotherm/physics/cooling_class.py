"""What servers and capture technologies allow, as the field states it: classes and bands."""

from dataclasses import dataclass

from exotherm.physics.confidence import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidClass:
    """A class of water-cooled servers by the facility water they accept."""

    name: str
    supply_c_max: float | None
    """warmest facility water; None where the class has no upper end"""
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class AirClass:
    """A class of air-cooled servers by the air at their inlet."""

    name: str
    recommended_c_min: float
    recommended_c_max: float
    allowable_c_min: float
    allowable_c_max: float
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureBand:
    """What a capture technology reaches in the field, and at which water."""

    technology: str
    captured_frac_min: float
    captured_frac_max: float
    water_in_c_min: float
    water_in_c_max: float
    water_out_c_min: float
    water_out_c_max: float
    source: str
    confidence: Confidence


_LIQUID = "ASHRAE TC 9.9, Liquid Cooling Guidelines for Datacom Equipment Centers"
_AIR = "ASHRAE TC 9.9, Thermal Guidelines for Data Processing Environments, fifth edition 2021"

LIQUID_CLASSES: tuple[LiquidClass, ...] = (
    *(
        LiquidClass(
            name=f"W{limit_c:.0f}",
            supply_c_max=limit_c,
            source=_LIQUID,
            confidence="expert value, verify",
        )
        for limit_c in (17.0, 27.0, 32.0, 40.0, 45.0)
    ),
    # That there is an open class above 45 °C, meant for heating, was read in the publisher's words.
    LiquidClass(name="W+", supply_c_max=None, source=_LIQUID, confidence="reported"),
)

AIR_CLASSES: tuple[AirClass, ...] = (
    *(
        AirClass(
            name=name,
            recommended_c_min=18.0,
            recommended_c_max=27.0,
            allowable_c_min=lowest_c,
            allowable_c_max=highest_c,
            source=_AIR,
            confidence="reported",
        )
        for name, lowest_c, highest_c in (
            ("A1", 15.0, 32.0),
            ("A2", 10.0, 35.0),
            ("A3", 5.0, 40.0),
            ("A4", 5.0, 45.0),
        )
    ),
    AirClass(
        name="H1",
        recommended_c_min=18.0,
        recommended_c_max=22.0,
        allowable_c_min=15.0,
        allowable_c_max=25.0,
        source=_AIR,
        confidence="expert value, verify",
    ),
)

CAPTURE_BANDS: tuple[CaptureBand, ...] = (
    CaptureBand(
        technology="hall_cooler",
        captured_frac_min=0.95,
        captured_frac_max=1.0,
        water_in_c_min=10.0,
        water_in_c_max=20.0,
        water_out_c_min=18.0,
        water_out_c_max=26.0,
        source="practice of contained halls; hot-aisle air of 30 to 38 °C gives water up to 32 °C",
        confidence="expert value, verify",
    ),
    CaptureBand(
        technology="passive_rear_door",
        captured_frac_min=0.55,
        captured_frac_max=0.85,
        water_in_c_min=14.0,
        water_in_c_max=23.0,
        water_out_c_min=20.0,
        water_out_c_max=28.0,
        source="IBM rear door heat exchanger, racks of 20 to 32 kW; all heat at low load",
        confidence="reported",
    ),
    CaptureBand(
        technology="active_rear_door",
        captured_frac_min=0.90,
        captured_frac_max=1.0,
        water_in_c_min=14.0,
        water_in_c_max=23.0,
        water_out_c_min=22.0,
        water_out_c_max=30.0,
        source="makers' sheets; doors that cool their neighbours too reach more",
        confidence="expert value, verify",
    ),
    CaptureBand(
        technology="cold_plates",
        captured_frac_min=0.60,
        captured_frac_max=0.95,
        water_in_c_min=30.0,
        water_in_c_max=45.0,
        water_out_c_min=40.0,
        water_out_c_max=55.0,
        source="up to 0.90 (Lenovo SD650) and 0.95 (Inspur) with plates on all parts; 0.60 to 0.80 "
        "with plates on processors; secondary return below 65 °C",
        confidence="reported",
    ),
    CaptureBand(
        technology="immersion",
        captured_frac_min=0.95,
        captured_frac_max=0.98,
        water_in_c_min=30.0,
        water_in_c_max=45.0,
        water_out_c_min=45.0,
        water_out_c_max=60.0,
        source="0.95 reported by Stimergy; higher values are expert values",
        confidence="reported",
    ),
)


def liquid_classes_accepting(supply_c: float) -> tuple[LiquidClass, ...]:
    """Give the classes whose servers accept facility water of this temperature."""
    return tuple(
        one for one in LIQUID_CLASSES if one.supply_c_max is None or supply_c <= one.supply_c_max
    )
