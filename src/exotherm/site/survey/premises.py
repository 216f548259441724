"""The places in which plant is to stand and the routes of its pipes, as a surveyor found them.

What is left out is not known: nothing is guessed from it, it is said what it risks.
"""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field

from exotherm.core.documents import Document, default
from exotherm.site.quantities import AirTemperature, Fraction, NotNegative, Positive

Side = Literal["hosting site", "customer building"]
Level = Literal["outdoors", "basement", "ground floor", "upper floor", "roof"]
Thing = Literal["servers", "heat pump", "tank", "exchanger", "cooler", "manifolds"]
Access = Literal["level", "ramp", "goods lift", "stairs", "crane"]
Length = Annotated[float, Gt(0), Le(100_000)]
FloorLoad = Annotated[float, Ge(0.1), Le(10_000)]
Count = Annotated[int, Ge(0), Le(1000)]


class Place(Document):
    """A room, a roof or a piece of ground in which something of the plant is to stand."""

    name: str = Field(min_length=1, max_length=100)
    """what people call it"""
    at: Side
    """whose it is"""
    level: Level
    """where it lies"""
    holds: tuple[Thing, ...] = Field(min_length=1)
    """what of the plant is to stand in it"""
    area_m2: Positive | None = None
    """free floor that the plant may take, its clearances included"""
    height_m: Length | None = None
    """clear height from the floor to the lowest beam or duct; left out outdoors"""
    door_width_m: Length | None = None
    """narrowest opening on the way in"""
    door_height_m: Length | None = None
    """lowest opening on the way in"""
    clearance_m: NotNegative | None = None
    """free depth that stays in front of the plant, for maintenance and for drawing plates"""
    floor_kn_per_m2: FloorLoad | None = None
    """load that the floor, the roof or the ground may carry, by its structural papers"""
    load_kg: Positive | None = None
    """heaviest thing here beside the tank, filled and at work"""
    load_area_m2: Positive | None = None
    """floor that this thing stands on"""
    access: Access | None = None
    """how heavy things get in"""
    lift_kg_max: Positive | None = None
    """what the goods lift carries"""
    drain: bool | None = None
    """whether there is a drain for condensate and relief valves"""
    air_c_max: AirTemperature | None = None
    """warmest air of the room in summer"""
    humidity_frac_max: Annotated[float, Ge(0.01), Le(1)] | None = None
    """relative humidity of that air"""
    vapour_tight: bool | None = None
    """whether cold pipes and plant here are insulated against vapour"""
    own_compartment: bool | None = None
    """whether it is a fire compartment of its own"""
    refrigerant_safe: bool | None = None
    """whether it has the ventilation and the gas alarm that the heat pump's refrigerant needs"""
    people_beside: bool | None = None
    """whether people sleep, live or work beside, above or below it"""
    vibration_isolated: bool | None = None
    """whether machines stand on isolators and pipes leave them by flexible pieces"""


class Route(Document):
    """The way of a pair of pipes."""

    name: str = Field(min_length=1, max_length=100)
    """from where to where"""
    length_m: Length | None = None
    """length of the way; of two pipes it is counted once"""
    priced_length_m: NotNegative | None = None
    """metres of this way that the investment in site.toml pays for"""
    walls: Count | None = None
    """walls and floors that are opened, without those of fire compartments"""
    fire_walls: Count | None = None
    """walls and floors of fire compartments that are opened"""
    shaft: Literal["not needed", "free", "full"] | None = None
    """whether a shaft from floor to floor has room for the pipes"""
    road_crossing_m: Annotated[float, Ge(0), Le(100_000)] | None = None
    """length under a public road or another's ground"""
    asbestos: bool | None = None
    """whether asbestos is known on the way, by a register or a sample"""
    listed: bool | None = None
    """whether the way touches what is protected as a monument"""
    chlorinated_air: bool | None = None
    """whether it runs through the air of a pool hall"""
    frost: bool | None = None
    """whether any of it runs where it freezes"""


class Electricity(Document):
    """The electrical connection that feeds the plant."""

    connection_kva: Positive | None = None
    """what the network operator has agreed to"""
    fuse_a: Positive | None = None
    """main fuse, three phases at 400 V"""
    used_kva_max: NotNegative | None = None
    """highest quarter of an hour of the past year, without the plant"""
    transformer: Literal["has room", "to be replaced"] | None = None
    """what the network operator says of the transformer"""
    power_factor_frac: Annotated[float, Ge(0.5), Le(1)] = default(
        0.95, source="servers and inverters 0.95 to 0.99, small motors 0.85: estimate"
    )
    """active over apparent power of the plant"""
    offer_days: Annotated[float, Ge(0), Le(3650)] | None = None
    """time that the network operator's offer names for more power"""


class NoiseSource(Document):
    """A machine that is heard outside."""

    name: str = Field(min_length=1, max_length=100)
    """what it is"""
    sound_power_db: Annotated[float, Ge(0), Le(150)] | None = None
    """its sound power level at night, by its sheet"""
    window_m: Annotated[float, Ge(0.5), Le(10_000)] | None = None
    """distance to the nearest window of a room that people sleep or work in"""


class Noise(Document):
    """What neighbours may hear."""

    night_limit_db: Annotated[float, Ge(0), Le(80)] | None = None
    """limit at the nearest window at night, by permit or plan of the area"""
    sources: tuple[NoiseSource, ...] = ()
    """machines outdoors or behind louvres"""


class Water(Document):
    """The water of the heating system, and what is in it."""

    fill_m3: Positive | None = None
    """water content of the whole system, the new tank included"""
    hardness_mmol_per_l: NotNegative | None = None
    """calcium and magnesium of the water that it is filled with; 1 mmol/l is 5.6 °dH"""
    treated: bool | None = None
    """whether there is a softener or a demineraliser to fill from"""
    glycol: Literal["none", "propylene", "ethylene"] | None = None
    """antifreeze in any loop of the plant"""
    glycol_frac: Annotated[Fraction, Le(0.6)] | None = None
    """its share of the volume"""
    glycol_m3: Positive | None = None
    """volume of the loop that holds it"""
    glycol_apart: bool | None = None
    """whether a second wall or a loop of its own keeps it from pool and drinking water"""
