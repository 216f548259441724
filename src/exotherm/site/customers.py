"""The customers of a site as they stand in its file: pool, buildings, network, measured heat."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.physics.supply_curve import FOURTH_GENERATION, THIRD_GENERATION
from exotherm.site.quantities import (
    AirTemperature,
    Fraction,
    Hour,
    NotNegative,
    Positive,
    SupplyTemperature,
    WaterTemperature,
)

Weekday = Annotated[int, Ge(1), Le(7)]


class OpeningHours(Document):
    """When people are there, by the local clock; equal hours mean closed all day."""

    opens_at: Hour
    """hour at which use begins"""
    closes_at: Hour
    """hour at which use ends"""
    weekdays: tuple[Weekday, ...] = (1, 2, 3, 4, 5, 6, 7)
    """days of the week, Monday is 1"""


# --- Pool


class Ventilation(Document):
    """The fresh air of a pool hall, which carries the moisture off and has to be warmed."""

    wet_area_frac: Positive = default(1.3, source="water and wet floor over water: 1.2 to 1.5")
    """wet area per water surface"""
    fresh_air_l_per_s_m2: NotNegative = default(
        10.0, source="10 l/s per m² of wet area while in use, CIBSE and PWTAG: expert value, verify"
    )
    """most fresh air per wet area"""
    recovery_frac: Fraction = default(0.7, source="heat recovery 0.6 to 0.8, expert value, verify")
    """share of the fresh air's warming that the air leaving gives"""
    supply_c: WaterTemperature = default(55.0, source="air heater: estimate")
    """water entering the air heater"""
    return_c: WaterTemperature = default(35.0, source="air heater: estimate")
    """water leaving the air heater"""


class Pool(Document):
    """An indoor swimming pool and what its water loses."""

    area_m2: Positive
    """water surface"""
    depth_m: Positive
    """mean depth"""
    water_c_set: WaterTemperature
    """water temperature that the customer's own boiler keeps up"""
    water_c_max: WaterTemperature
    """water temperature up to which delivered heat is welcome"""
    hall_air_c: float = Field(gt=0, lt=50)
    """air temperature over the water; one to two kelvin above the water is usual"""
    hall_humidity_frac: Fraction = default(0.60, source="50 to 60 % relative is usual")
    """relative humidity of that air"""
    air_speed_ms: NotNegative = default(0.10, source="ASHRAE Applications, indoor pools")
    """air speed over the water"""
    evaporation: Literal["ashrae", "vdi", "shah"] = default(
        "ashrae", source="ASHRAE with measured activity; VDI 2089 in use sizes ventilation"
    )
    """method by which evaporation is reckoned: ASHRAE, VDI 2089 or Shah"""
    activity_occupied: NotNegative = default(
        0.75, source="measured in lessons, Norway: 0.7 to 0.8; design guides say 1.0"
    )
    """activity factor of evaporation while bathing, ASHRAE"""
    activity_unoccupied: NotNegative = default(0.55, source="measured empty, Norway: 0.50 to 0.57")
    """activity factor of evaporation while still, ASHRAE"""
    transfer_occupied_m_per_h: NotNegative = default(
        28.0, source="VDI 2089: 28 deeper than 1.35 m, 40 shallower, 21 private, 50 waves"
    )
    """transfer coefficient of evaporation while bathing, VDI"""
    transfer_unoccupied_m_per_h: NotNegative = default(7.0, source="VDI 2089, at rest")
    """transfer coefficient of evaporation while still, VDI"""
    cover: bool
    """whether a cover lies on the water outside opening hours"""
    covered_frac: Fraction = default(
        0.30, source="evaporation left under a cover with its open edges; 10 % of the area alone"
    )
    """share of the still-water evaporation that is left under the cover"""
    convection_w_per_m2k: NotNegative = default(3.5, source="3.1 to 5 W/(m²·K) over still water")
    """heat transfer from water to air beside evaporation"""
    ground_loss_w_per_m2: NotNegative = default(5.0, source="walls and floor, per water surface")
    """heat lost through walls and floor per water surface"""
    opening: tuple[OpeningHours, ...]
    """opening hours"""
    bathers_per_day: NotNegative
    """bathers on an open day"""
    stay_h: Positive = default(1.5, source="public pools, one to two hours: estimate")
    """time that a bather stays, from which Shah's method knows how many are there"""
    makeup_l_per_bather: NotNegative = default(
        30.0, source="30 l per bather: PWTAG (GB), statutory minimum (FR)"
    )
    """fresh water per bather"""
    backwash_m3_per_week: NotNegative = default(5.0, source="4 to 6 m³ per week and filter")
    """water lost to filter backwash, refilled fresh"""
    mains_c_mean: float = default(10.0, gt=0, lt=40, source="10 ± 4 °C over the year")
    """mean temperature of the fresh water"""
    mains_k_swing: NotNegative = default(4.0, source="10 ± 4 °C over the year, coldest in February")
    """half of the yearly swing of the fresh water"""
    ventilation: Ventilation | None = None
    """hall ventilation that the same plant heats; left out where another plant does"""

    @model_validator(mode="after")
    def _band_is_open(self) -> "Pool":
        if self.water_c_max < self.water_c_set:
            raise ValueError("water_c_max lies below water_c_set, so no heat could be welcome")
        return self


# --- Buildings

BuildingKind = Literal[
    "school", "care home", "housing block", "leisure centre", "small hospital", "office"
]


class Closed(Document):
    """Days of every year on which a building is not used, first and last among them."""

    from_day: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    """first day, as month and day like 07-20"""
    to_day: str = Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    """last day, as month and day; may lie in the next year"""


def _days(*pairs: tuple[str, str]) -> tuple[Closed, ...]:
    return tuple(Closed(from_day=first, to_day=last) for first, last in pairs)


def _use(opens_at: int, closes_at: int, *, days: int = 7) -> tuple[OpeningHours, ...]:
    weekdays = tuple(range(1, days + 1))
    return (OpeningHours(opens_at=opens_at, closes_at=closes_at, weekdays=weekdays),)


_SCHOOL_HOLIDAYS = _days(
    ("12-20", "01-04"), ("02-14", "02-20"), ("04-03", "04-17"), ("05-26", "06-01"),
    ("07-20", "09-01"), ("10-24", "10-31"),
)  # fmt: skip

BUILDING_BY_KIND: Mapping[BuildingKind, Mapping[str, object]] = {
    "school": {
        "space_heat_kwh_per_m2": 110.0,
        "set_c": 20.0,
        "setback_k": 4.0,
        "hot_water_l_per_m2_day": 0.9,
        "draw_profile": "working day",
        "circulation_m_per_m2": 0.04,
        "opening": _use(7, 17, days=5),
        "closed": _SCHOOL_HOLIDAYS,
        "mass": "heavy",
    },
    "care home": {
        "space_heat_kwh_per_m2": 220.0,
        "set_c": 23.0,
        "setback_k": 0.0,
        "hot_water_l_per_m2_day": 1.4,
        "draw_profile": "home for elderly",
        "circulation_m_per_m2": 0.10,
        "opening": _use(0, 24),
        "mass": "heavy",
    },
    "housing block": {
        "space_heat_kwh_per_m2": 100.0,
        "set_c": 20.0,
        "setback_k": 2.0,
        "hot_water_l_per_m2_day": 0.9,
        "draw_profile": "apartment",
        "circulation_m_per_m2": 0.10,
        "opening": _use(6, 22),
        "mass": "heavy",
    },
    "leisure centre": {
        "space_heat_kwh_per_m2": 200.0,
        "set_c": 19.0,
        "setback_k": 4.0,
        "hot_water_l_per_m2_day": 3.5,
        "draw_profile": "opening hours",
        "circulation_m_per_m2": 0.06,
        "opening": _use(7, 22),
        "mass": "medium",
    },
    "small hospital": {
        "space_heat_kwh_per_m2": 250.0,
        "set_c": 22.0,
        "setback_k": 0.0,
        "hot_water_l_per_m2_day": 1.1,
        "draw_profile": "hospital",
        "circulation_m_per_m2": 0.12,
        "opening": _use(0, 24),
        "mass": "heavy",
    },
    "office": {
        "space_heat_kwh_per_m2": 85.0,
        "set_c": 21.0,
        "setback_k": 4.0,
        "hot_water_l_per_m2_day": 0.45,
        "draw_profile": "working day",
        "circulation_m_per_m2": 0.03,
        "opening": _use(7, 19, days=5),
        "mass": "medium",
    },
}
"""What a field of `[[buildings]]` is for each kind of building where the file leaves it out."""

_HEAT = (
    "by kind of building, existing stock: CIBSE TM46 fossil fuel through a boiler of 80 % less hot "
    "water (school, leisure, office), 60 % of that where stock varies most (care home, hospital), "
    "German flats of 1978 to 1995 (housing): ±40 %, take bills"
)


class Emitter(Document):
    """What gives the heat to the rooms: radiators or a warm floor, and how warm its water is."""

    supply_c_design: WaterTemperature = default(
        70.0, source="70/55 existing radiators; floor 35/28"
    )
    """water entering on the coldest day"""
    return_c_design: WaterTemperature = default(
        55.0, source="70/55 existing radiators; floor 35/28"
    )
    """water leaving on the coldest day"""
    exponent: Annotated[float, Ge(1), Le(1.6)] = default(
        1.3, source="EN 442: 1.3 radiators, 1.1 floors"
    )
    """by which the heat rises with the excess over the room"""

    @model_validator(mode="after")
    def _falls(self) -> "Emitter":
        if not self.supply_c_design > self.return_c_design > 24.0:
            raise ValueError("supply_c_design is above return_c_design, and that is above the room")
        return self


class Building(Document):
    """A heated building with its hot water."""

    name: str = Field(min_length=1, max_length=60)
    """what people call it"""
    kind: BuildingKind
    """what it is used for, from which whatever is left out follows"""
    floor_m2: Positive
    """heated floor"""
    method: Literal["degree hours", "room", "profile"] = default(
        "degree hours", source="what its degree hours ask; room: one mass; profile: BDEW's"
    )
    """how its space heat is laid on the hours"""
    space_heat_kwh_per_m2: NotNegative = default(100.0, source=_HEAT)
    """space heat of a year of the site's weather, per floor"""
    loss_w_per_k: Positive | None = None
    """heat loss per kelvin, in place of the one that explains the year's space heat"""
    set_c: Annotated[float, Ge(5), Le(30)] = default(
        20.0, source="by kind: 19 to 21 °C, care home 23, hospital 22"
    )
    """room temperature while in use"""
    setback_k: NotNegative = default(
        2.0, source="by kind: none where people sleep, 2 K housing, 4 K elsewhere"
    )
    """by how much it is lowered outside use"""
    gains_k: NotNegative = default(5.5, source="balance point 13 to 15 °C at 20 °C indoors")
    """kelvin that people, sun and lights carry; set temperature less balance point"""
    mass: Literal["very light", "light", "medium", "heavy", "very heavy"] = default(
        "heavy", source="by kind; EN ISO 13790, table 12"
    )
    """class of its heat capacity, for the room method"""
    heat_kw_rated: Positive | None = None
    """most heat that its emitters give, for the room method; twice the design loss if left out"""
    outdoor_c_design: AirTemperature | None = None
    """coldest outdoor air its heating is laid out for; what 0.4 % of the year stays below if left
    out"""
    emitter: Emitter = Emitter()
    """radiators or floor"""
    opening: tuple[OpeningHours, ...] = default(
        (), source="by kind: school 7 to 17 on weekdays, office 7 to 19, care home always"
    )
    """hours of use"""
    closed: tuple[Closed, ...] = default(
        (), source="by kind: a school's thirteen weeks of holidays"
    )
    """holidays"""
    hot_water_l_per_m2_day: NotNegative = default(
        0.9,
        source="by kind, EN 12831-3 annex B over usual floor: school 0.5 kWh a pupil on 10 m², "
        "care 56 l a bed on 40 m², flats 27 l a person on 30 m²; measured sites draw down to half",
    )
    """hot water of 60 °C per floor on a day of use"""
    hot_water_c: WaterTemperature = default(60.0, source="HSE L8, DVGW W 551: stores at 60 °C")
    """temperature of the hot water"""
    draw_profile: Literal[
        "single family",
        "apartment",
        "home for elderly",
        "student residence",
        "hospital",
        "working day",
        "opening hours",
    ] = default(
        "apartment", source="by kind: EN 12831-3 table B.2, or spread over the hours of use"
    )
    """how a day's draws fall on its hours"""
    circulation_m_per_m2: NotNegative = default(0.10, source="by kind: estimate from plans, ±50 %")
    """length of the circulation loop per floor"""
    circulation_w_per_m: NotNegative = default(10.0, source="8 to 12 W per metre, insulated")
    """heat that the circulation loses"""
    circulation_return_c: WaterTemperature = default(
        55.0, source="DVGW W 551: at most 5 K below 60 °C; HSE: at least 50 °C"
    )
    """temperature at which the circulation comes back"""
    preheat_store_m3: NotNegative = default(0.0, source="none: hot water is made as it is drawn")
    """store of preheated drinking water, which once a week is lifted against legionella"""
    mains_c_mean: float = default(10.0, gt=0, lt=40, source="10 ± 4 °C over the year")
    """mean temperature of the cold water"""
    mains_k_swing: NotNegative = default(4.0, source="10 ± 4 °C over the year, coldest in February")
    """half of the yearly swing of the cold water"""

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "Building":
        self.fill(BUILDING_BY_KIND[self.kind])
        if self.circulation_return_c >= self.hot_water_c:
            raise ValueError("circulation_return_c is not below hot_water_c")
        return self


# --- Heat network

NETWORK_BY_GENERATION: Mapping[str, Mapping[str, float]] = {
    "third": asdict(THIRD_GENERATION),
    "fourth": asdict(FOURTH_GENERATION),
}
"""What a field of `[network]` is for each generation where the file leaves it out."""


class Network(Document):
    """A heat network that takes heat into its supply or its return, by its own curve.

    With `[[buildings]]` in the file it serves those; else ``heat_kwh`` is what it serves.
    """

    feed: Literal["supply", "return"]
    """where heat is fed in: as warm as the supply, or a few kelvin into the return"""
    heat_kwh: NotNegative = default(0.0, source="the buildings of the file, where there are any")
    """heat that its customers use in a year"""
    hot_water_frac: Fraction = default(0.25, source="15 to 35 % in networks of flats")
    """share of that heat that is hot water, spread over the year"""
    balance_c: Annotated[float, Ge(5), Le(25)] = default(15.0, source="13 to 15.5 °C, usual stock")
    """outdoor air at which its space heat begins"""
    consumers: Annotated[int, Ge(1)] = default(1, source="one: no peak is evened out")
    """connected stations, whose peaks do not fall together"""
    generation: Literal["third", "fourth"] = default("fourth", source="50 to 70 °C supply")
    """how warm it runs, from which whatever is left out follows"""
    supply_c_min: SupplyTemperature = default(65.0, source="fourth 65 °C, third 75 °C")
    """supply in mild weather"""
    supply_c_max: SupplyTemperature = default(70.0, source="fourth 70 °C, third 105 °C")
    """supply at its warmest"""
    knee_c: AirTemperature = default(0.0, source="fourth 0 °C, third 5 °C outdoors")
    """outdoor air below which the supply rises"""
    slope: NotNegative = default(1.0, source="fourth 1.0, third 1.5")
    """kelvin of supply per kelvin of cold below the knee"""
    return_c: WaterTemperature = default(35.0, source="fourth 35 °C, third 45 °C")
    """temperature of the return"""
    return_lift_k: Positive = default(5.0, source="operators accept a few kelvin: estimate")
    """feeding into the return only: by how much the return may be warmed"""
    trench_m: NotNegative = default(0.0, source="the network's loss is in its heat")
    """length of the pipe pair between the site and the network, whose loss the site carries"""
    pipe_w_per_mk: NotNegative = default(0.21, source="DN50 bonded pipe, series 1, 0.8 m deep")
    """loss of one of its pipes per metre and kelvin"""
    ground_c: AirTemperature = default(10.0, source="mean of the year")
    """ground around it"""

    @model_validator(mode="after")
    def _is_of_its_generation(self) -> "Network":
        self.fill(NETWORK_BY_GENERATION[self.generation])
        if not self.supply_c_max >= self.supply_c_min > self.return_c:
            raise ValueError("supply_c_max, supply_c_min and return_c fall in this order")
        return self


# --- Measured heat


class MeasuredHeat(Document):
    """A customer whose heat was measured for a year, with the temperatures that it asks."""

    name: str = Field(min_length=1, max_length=60)
    """what people call it"""
    file: str
    """file in the workspace with the heat of a year in steps, days, months or one sum"""
    profile: Literal["single family", "multi family", "commerce", "public", "lodging"] | None = None
    """BDEW load profile that lays days, months or a year on the hours"""
    supply_c_design: SupplyTemperature
    """water it asks at its largest load, or always"""
    return_c_design: WaterTemperature
    """water that comes back then"""
    follows_weather: bool = False
    """whether its water is cooler in mild weather, as radiators allow"""
    outdoor_c_design: AirTemperature | None = None
    """coldest outdoor air; what 0.4 % of the year stays below if left out"""
    balance_c: Annotated[float, Gt(0), Le(25)] = default(15.0, source="13 to 15.5 °C")
    """outdoor air at which its heating ends, where its water follows the weather"""

    @model_validator(mode="after")
    def _falls(self) -> "MeasuredHeat":
        if self.supply_c_design <= self.return_c_design:
            raise ValueError("supply_c_design is not above return_c_design")
        return self
