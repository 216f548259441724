"""The machines of a site as they stand in its file: from the servers to the boiler."""

from collections.abc import Mapping
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt
from pydantic import model_validator

from exotherm.core.documents import Document, default
from exotherm.physics.refrigerants import refrigerant
from exotherm.site.quantities import (
    Fraction,
    GrossEfficiency,
    NotNegative,
    Positive,
    ShareBelowOne,
    WaterTemperature,
)


class Computing(Document):
    """The servers: how much power they draw at which utilisation."""

    power_kw_rated: Positive
    """electric power of the servers at full utilisation"""
    utilisation_file: str
    """file in the workspace with hourly utilisation, repeated through the year"""
    utilisation_column: str
    """column of that file that holds the utilisation"""
    utilisation_in_percent: bool = False
    """whether that column counts 0 to 100 rather than 0 to 1"""
    filled_frac: tuple[Fraction, ...] = ()
    """share of them that is there in each of the first years of the term; then all are"""
    idle_frac: Fraction = default(
        0.30, source="0.15 to 0.30 for accelerator nodes, 0.30 to 0.50 for CPU nodes"
    )
    """share of the rated power that idle servers draw"""
    power_model: Literal["linear", "fan"] = default(
        "linear", source="linear, or 2u - u^1.4 of Fan, Weber and Barroso, ISCA 2007"
    )
    """how power follows utilisation between idle and full"""
    ups_loss_frac: Fraction = default(
        0.04, source="double-conversion UPS at part load, maker's sheets: 3 to 6 %"
    )
    """electricity lost between supply and servers, per unit of server power"""
    controls_kw: NotNegative = default(0.25, source="network switches, controls, lights: estimate")
    """constant other electricity of the data centre"""


CaptureKind = Literal[
    "immersion", "cold plates", "passive rear door", "active rear door", "hall cooler"
]

_WATER = {"heat_capacity_kj_per_kgk": 4.18}
_IN_AIR = {**_WATER, "coolant_c_max": 32.0, "coolant_c_set": 18.0}
CAPTURE_BY_KIND: Mapping[str, Mapping[str, float]] = {
    "immersion": {},
    "cold plates": {
        **_WATER,
        "capture_frac": 0.72,
        "coolant_c_max": 60.0,
        "coolant_c_set": 40.0,
    },
    "passive rear door": {**_IN_AIR, "capture_frac": 1.0, "fan_frac": 0.0},
    "active rear door": {**_IN_AIR, "capture_frac": 1.0, "fan_frac": 0.015},
    "hall cooler": {**_IN_AIR, "capture_frac": 0.97, "fan_frac": 0.05},
}
"""What a field of `[capture]` is for each kind where the file leaves it out; immersion's values are
the fields' own defaults."""
CAPTURE_FRAC_RANGE: dict[str, tuple[float, float]] = {
    "immersion": (0.95, 0.98),
    "cold plates": (0.60, 0.80),
    "hall cooler": (0.95, 1.0),
}
"""Within what a capture of a kind takes up; a rear door's follows from its coil."""


class Capture(Document):
    """How server heat gets into a liquid."""

    kind: CaptureKind
    """single-phase immersion, cold plates on the chips, a rear door without or with fans, or
    coolers that take the air of a contained hall"""
    capture_frac: Fraction = default(
        0.96,
        source="by kind: immersion 0.95 to 0.98, cold plates 0.60 to 0.80, hall coolers 0.95 to "
        "1.0; a rear door's follows from its coil",
    )
    """share of the server heat that the coolant takes up; the rest warms the room"""
    coolant_c_max: WaterTemperature = default(
        50.0,
        source="by kind: immersion outlet 45 to 60 °C, cold plates' return below 65 °C, water of "
        "air coolers up to 32 °C; the servers' maker sets the limit",
    )
    """coolant temperature leaving the servers that must never be passed"""
    coolant_c_set: WaterTemperature = default(
        40.0,
        source="by kind: cold plates 30 to 45 °C, rear doors and hall coolers 14 to 23 °C; the "
        "coolant of immersion is as warm as its heat needs",
    )
    """coolant temperature entering the servers, which the plant holds; immersion has none"""
    flow_kgs: Positive
    """coolant mass flow"""
    heat_capacity_kj_per_kgk: Positive = default(
        2.1, source="by kind: dielectric oil near 40 °C 2.1 in immersion, water 4.18 elsewhere"
    )
    """specific heat of the coolant"""
    pump_kw: NotNegative
    """electric power of the coolant pump, which always runs"""
    ua_kw_per_k: NotNegative = default(
        0.0, source="coils only: a rear door has about 2.2 kW/K a rack; the maker's sheet tells"
    )
    """heat transfer of the coils of rear doors or hall coolers, all together"""
    room_c: Annotated[float, Ge(5), Le(50)] = default(
        24.0, source="recommended server inlet 18 to 27 °C, ASHRAE TC 9.9"
    )
    """air at the servers' inlet, which the coils hold"""
    air_rise_k: Positive = default(12.0, source="10 to 15 K in servers with air cooling")
    """by how much the servers warm their air"""
    fan_frac: Fraction = default(
        0.0, source="by kind: rear door's fans 0.01 to 0.02, hall coolers 0.03 to 0.08"
    )
    """electricity of the cooler's fans, per unit of server power"""
    fall_per_k: Fraction = default(
        0.004, source="cold plates only: 0.003 to 0.005, expert value, verify; 0 where insulated"
    )
    """capture lost for each kelvin of the coolant's mean above the room"""
    liquid_class: Literal["W17", "W27", "W32", "W40", "W45", "W+"] | None = None
    """class of the servers by the water they accept, ASHRAE TC 9.9"""
    air_class: Literal["A1", "A2", "A3", "A4", "H1"] | None = None
    """class of the servers by the air they accept, ASHRAE TC 9.9"""

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "Capture":
        self.fill(CAPTURE_BY_KIND[self.kind])
        if self.has_coil and not self.ua_kw_per_k:
            raise ValueError(f"a {self.kind} passes heat by a coil, so ua_kw_per_k is given")
        if not self.floats and self.coolant_c_set >= self.coolant_c_max:
            raise ValueError("coolant_c_set is not below coolant_c_max, so no heat could be taken")
        return self

    @property
    def has_coil(self) -> bool:
        """Whether the heat passes through air first."""
        return self.kind in ("passive rear door", "active rear door", "hall cooler")

    @property
    def floats(self) -> bool:
        """Whether the coolant is as warm as its heat needs, up to its limit, rather than held."""
        return self.kind == "immersion"

    @property
    def flow_kw_per_k(self) -> float:
        """Heat that the flow of coolant carries per kelvin."""
        return self.flow_kgs * self.heat_capacity_kj_per_kgk


class AirCooling(Document):
    """The air conditioning that takes what the coolant does not."""

    eer: Annotated[float, Ge(1), Le(20)] = default(
        3.5, source="air conditioners of server rooms: 2.5 to 5"
    )
    """heat taken per unit of electricity"""


class Exchanger(Document):
    """A plate heat exchanger between two loops, in counterflow."""

    ua_kw_per_k: Positive
    """heat transfer of the clean exchanger (area times coefficient)"""
    fouling_frac: ShareBelowOne = default(
        0.10, source="10 % for treated water; 20 % where pool water passes"
    )
    """share of the clean heat transfer that deposits take away in service"""
    flow_kgs: Positive
    """water mass flow on the side away from the servers"""


class HeatPumpPoint(Document):
    """A point measured on a machine, or read off its data sheet."""

    source_in_c: Annotated[float, Ge(-30), Le(90)]
    """water entering the evaporator"""
    sink_out_c: WaterTemperature
    """water leaving the condenser"""
    cop: Annotated[float, Gt(1), Le(20)]
    """heat over electricity at full load"""
    heat_kw: NotNegative = default(0.0, source="the rated heat, where the sheet gives none")
    """heat at full load"""


class HeatPump(Document):
    """A water-to-water heat pump from the coolant to the top of the store."""

    heat_kw_rated: Positive
    """heat at full load"""
    refrigerant: Literal["R134a", "R290", "R600a", "R717", "R744", "R1234ze"]
    """what circulates in it, by its number in ASHRAE 34; it limits how warm it can deliver"""
    method: Literal["size", "map", "points"] = default(
        "size", source="share of the Carnot COP by thermal size, 0.55 at 100 kW to 0.75 at 10 MW"
    )
    """where its COP is from: its size, a map of the refrigerant's cycle, or its own points"""
    efficiency_frac: Annotated[float, Ge(0.2), Lt(1)] | None = None
    """share of the Carnot COP between both outlets, in place of the one by size"""
    points: tuple[HeatPumpPoint, ...] = ()
    """points of this machine"""
    points_glide_k: NotNegative = default(3.0, source="EN 14511 standard rating")
    """by how much the source cooled at these points"""
    sink_return_c: WaterTemperature = default(40.0, source="R744's map only: 20, 30 or 40 °C")
    """water entering the condenser, on which carbon dioxide depends"""
    source_c_min: Annotated[float, Ge(-30), Le(60)] = default(5.0, source="water, without frost")
    """coldest water leaving the evaporator"""
    source_c_max: Annotated[float, Ge(0), Le(90)] = default(
        25.0, source="by refrigerant: 25 °C R290 and R744, 30 R134a, 35 R717, 40 R1234ze and R600a"
    )
    """warmest water entering the evaporator; the mixing valve keeps it"""
    sink_c_max: Annotated[float, Gt(0), Le(160)] = default(
        70.0,
        source="by refrigerant, standard machines: 60 °C R744, 70 R290 and R134a, 80 R717 and "
        "R600a, 85 R1234ze",
    )
    """warmest water leaving the condenser"""
    sink_c_set: WaterTemperature | None = None
    """water leaving the condenser at all times; without it as warm as the customers need"""
    mixing_valve: bool = True
    """whether water that is too warm for the evaporator is mixed down"""
    source_glide_k: Positive = default(5.0, source="3 to 8 K across evaporators")
    """by how much the evaporator cools its water"""
    source_approach_k: NotNegative = default(2.0, source="plate exchanger, 1.5 to 3 K")
    """by how much the evaporator's water is colder than the coolant that warms it"""
    load_frac_min: Annotated[float, Gt(0), Le(1)] = default(
        0.25, source="25 % in district heating, 10 % in industry, Danish Energy Agency"
    )
    """lowest load without stopping; 1 for a machine that is on or off"""
    loss_frac: Annotated[float, Ge(0), Le(0.2)] = default(0.02, source="0 to 5 %")
    """share of its electricity that warms the plant room"""
    auxiliary_frac: Annotated[float, Ge(0), Le(0.2)] = default(
        0.01, source="1 % of the heat, Danish Energy Agency"
    )
    """electricity of its controls and own pumps per unit of heat"""
    cop_max: Annotated[float, Gt(1), Le(20)] = default(8.0, source="best COP ever credited")
    """bound of the COP; small lifts are ruled by pinch and pumps"""
    runs: Literal["when it pays", "always"] = default(
        "when it pays", source="where its electricity costs less than the boiler's fuel"
    )
    """when it may run"""
    zone_frac: Annotated[float, Gt(0), Le(1)] = default(
        0.5, source="upper half; 1 where nothing else charges the store"
    )
    """upper share of the store that it keeps warm; what lies below is left to direct heat"""

    @model_validator(mode="after")
    def _is_whole(self) -> "HeatPump":
        limits = refrigerant(self.refrigerant)
        assert limits is not None, "every refrigerant of the document is in the table"
        self.fill({"source_c_max": limits.source_c_max, "sink_c_max": limits.standard_sink_c_max})
        if self.method == "points" and not self.points:
            raise ValueError('method "points" needs at least one entry in points')
        if self.method == "map" and self.refrigerant == "R134a":
            raise ValueError("no map comes with the program for R134a; take its points or its size")
        return self


class Buffer(Document):
    """The water store between the servers' heat and the customers."""

    volume_m3: Positive
    """water content"""
    layers: Annotated[int, Ge(1), Le(60)] = default(
        10, source="10 for the steps of a year; 1 for a store that is always mixed"
    )
    """layers it is reckoned in"""
    height_to_width: Annotated[float, Ge(0.2), Le(20)] = default(
        2.5, source="upright stores: 2 to 4"
    )
    """height over diameter"""
    loss_w_per_k: NotNegative = default(
        4.0, source="about 2 m³ with 100 mm of insulation, bridges included"
    )
    """heat loss to the room per kelvin"""
    room_c: float = default(20.0, ge=-20, le=50, source="plant room")
    """temperature of the room around it"""


class Delivery(Document):
    """The customers' loop from the buffer to the delivery point and what it hands heat to."""

    exchanger: Exchanger | None = None
    """the exchanger at the pool's water; buildings and networks have a station by its approach"""
    approach_k: Positive = default(3.0, source="plate exchangers, 1.5 to 3 K are economic")
    """by how much a customer's supply stays below the buffer's at the largest load"""
    flow_kgs: Positive
    """mass flow of the loop while it delivers, at most"""
    pump_kw: NotNegative
    """electric power of the pumps that run only to deliver heat, at that flow"""
    controls_kw: NotNegative = default(0.05, source="meter, valves, controller: estimate")
    """constant electricity of what exists only to deliver heat"""


class Rejection(Document):
    """The cooler that takes all heat nobody wants: the servers come first."""

    kind: Literal["dry", "adiabatic", "open wet", "closed wet"] = default(
        "dry", source="no water, no legionella"
    )
    """dry, dry with wetted pads, or a wet tower"""
    heat_kw_rated: Positive
    """heat rejected at the rated lift and full fan speed"""
    lift_k_rated: Positive = default(
        15.0, source="coolant 50 °C against 35 °C outdoor air; approach 10 K is the median"
    )
    """temperature of the coolant above the air (wet bulb of a tower) at that rating"""
    fan_kw_rated: NotNegative
    """electric power of the fans at full speed"""
    saturation_frac: Fraction = default(0.7, source="pads 0.6 to 0.85: expert value, verify")
    """adiabatic only: share of the way to the wet bulb that the pads cool the air"""
    wetted_from_c: Annotated[float, Ge(-20), Le(50)] = default(20.0, source="usual switch point")
    """adiabatic only: outdoor air from which the pads are wetted"""
    chiller_eer: Annotated[float, Ge(1), Le(20)] | None = None
    """cooling machine for what the cooler cannot take, by heat per electricity; none if left out"""


BoilerFuel = Literal[
    "natural gas", "heating oil", "propane", "wood pellets", "electricity", "district heat"
]


class Boiler(Document):
    """The customer's own heat, which stays as backup: a boiler, or heat bought from a network."""

    heat_kw_rated: NotNegative
    """heat output at full fire"""
    efficiency_frac: GrossEfficiency = default(
        0.80,
        source="seasonal, gross calorific value: 0.65 to 0.75 old, 0.84 to 0.90 condensing; 0.99 "
        "electric, 0.95 a station of district heat",
    )
    """seasonal efficiency on the gross calorific value"""
    part_load_frac: GrossEfficiency | None = None
    """efficiency at 30 % load; with it `efficiency_frac` holds at full load alone"""
    standby_frac: Annotated[float, Ge(0), Lt(0.2)] = default(
        0.0, source="with part_load_frac: 0.003 to 0.02 of the rated output, expert value, verify"
    )
    """loss while it is held warm without load, over its rated output"""
    fuel: BoilerFuel
    """what it burns, or what is bought"""
