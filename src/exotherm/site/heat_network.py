"""`network.toml`: a heat network of several buildings, data centres and other plants, as a tree."""

from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Gt, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.physics.pipe import GROUND_W_PER_MK, INSULATION_W_PER_MK, ROUGHNESS_M
from exotherm.site.customers import NETWORK_BY_GENERATION, Building, Closed
from exotherm.site.document import Place, Study, WeatherSource
from exotherm.site.quantities import (
    AirTemperature,
    Fraction,
    NotNegative,
    Positive,
    SupplyTemperature,
    WaterTemperature,
)

Name = Annotated[str, Field(min_length=1, max_length=60)]
NominalSize = Literal[20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200, 250, 300]


class NetworkPlace(Place):
    """Where the network is, and where its plant room stands."""

    plant_node: Name
    """node of the plant room, where the tree begins and the store stands"""


class NetworkWater(Document):
    """How warm the network runs, by the weather, and the ground it lies in."""

    generation: Literal["third", "fourth"] = default(
        "fourth", source="fourth: 50 to 70 °C, third: 80 to 110 °C"
    )
    """generation of the network, from which whatever is left out follows"""
    supply_c_min: SupplyTemperature = default(65.0, source="fourth 65 °C, third 75 °C")
    """supply in mild weather"""
    supply_c_max: SupplyTemperature = default(70.0, source="fourth 70 °C, third 105 °C")
    """supply on the coldest day"""
    knee_c: AirTemperature = default(0.0, source="fourth 0 °C, third +5 °C")
    """outdoor air below which the supply rises"""
    slope: NotNegative = default(1.0, source="fourth 1.0, third 1.5")
    """kelvin of supply per kelvin of cold below the knee"""
    return_c: WaterTemperature = default(35.0, source="fourth 35 °C, third 45 °C")
    """water that comes back from buildings which do not say their own"""
    bypass_c: WaterTemperature | None = None
    """supply that bypasses keep at every building while little is taken; none if left out"""
    ground_c: AirTemperature = default(10.0, source="mean of the year")
    """ground around the pipes"""

    @model_validator(mode="after")
    def _falls(self) -> "NetworkWater":
        self.fill(NETWORK_BY_GENERATION[self.generation])
        if not self.supply_c_max >= self.supply_c_min > self.return_c > self.ground_c:
            raise ValueError("supply_c_max, supply_c_min, return_c and ground_c fall in order")
        if self.bypass_c is not None and self.bypass_c > self.supply_c_min - 1.0:
            raise ValueError("bypass_c is at least a kelvin below supply_c_min")
        return self


class Trench(Document):
    """How all pipe pairs lie."""

    depth_m: Annotated[float, Ge(0.4), Le(5)] = default(0.8, source="usual cover of 0.6 m")
    """depth of the middle of both pipes"""
    apart_m: Annotated[float, Gt(0), Le(3)] = default(0.15, source="between casings, laying rules")
    """gap between both casings"""
    insulation_w_per_mk: Positive = default(INSULATION_W_PER_MK, source="new foam: expert value")
    """conductivity of the insulation"""
    ground_w_per_mk: Positive = default(GROUND_W_PER_MK, source="moist ground: expert value")
    """conductivity of the ground"""
    roughness_m: NotNegative = default(ROUGHNESS_M, source="steel in service: expert value")
    """roughness of the steel"""


class Pumps(Document):
    """The pumps of the sources and of the plant room."""

    station_pa: Positive = default(60_000.0, source="stations with valve 50 to 100 kPa: estimate")
    """least difference of pressure at every building, and what a source's own station takes"""
    efficiency_frac: Annotated[float, Gt(0), Le(1)] = default(
        0.60, source="pump, motor and drive, 0.5 to 0.7"
    )
    """efficiency of the pumps with their motors"""
    fall_pa_per_m: Positive = default(150.0, source="networks are laid out for 100 to 200 Pa/m")
    """friction per metre of one pipe that is not to be passed on the busiest hour"""


class PipePair(Document):
    """A pair of supply and return between two nodes."""

    from_node: Name
    """node at one end"""
    to_node: Name
    """node at the other end"""
    length_m: Positive
    """length of the trench"""
    dn: NominalSize
    """nominal size of the steel pipe"""
    series: Literal[1, 2, 3] = default(1, source="EN 253, the thinnest")
    """class of its insulation"""
    fittings: NotNegative = default(2.0, source="a branch and two bends: estimate")
    """sum of the loss coefficients of bends and branches in one of both pipes"""


class Connected(Building):
    """A building on the network."""

    node: Name
    """node at which it is connected"""
    return_c: WaterTemperature | None = None
    """water that its station gives back; the network's `return_c` if left out"""
    station_k: NotNegative = default(5.0, source="exchanger and mixing of a station: estimate")
    """kelvin by which the network has to be warmer than the water that the building asks"""


class DataCentre(Document):
    """A data centre whose heat the network may take, and what rejecting it costs instead."""

    name: Name
    """what people call it"""
    node: Name
    """node at which it feeds in"""
    feed: Literal["supply", "return"] = default("supply", source="as most contracts")
    """where its heat goes: as warm as the supply, or a few kelvin into the return"""
    heat_kw_rated: Positive
    """heat in its coolant when the servers are fully used"""
    idle_frac: Fraction = default(0.30, source="0.15 to 0.30 accelerators, 0.30 to 0.50 CPUs")
    """share of that heat when they idle"""
    utilisation_frac: Fraction | None = None
    """how busy the servers are, the same always"""
    utilisation_file: str | None = None
    """CSV beside this file with how busy they are, hour by hour, repeated"""
    utilisation_column: str = "cpu_usage"
    """column of that file, a share from 0 to 1"""
    coolant_c: WaterTemperature
    """coolant leaving the servers"""
    coolant_return_c: WaterTemperature
    """coolant going back to them"""
    approach_k: Positive = default(3.0, source="plate exchanger, 1.5 to 3 K")
    """kelvin lost in each exchanger"""
    heat_pump_kw_rated: NotNegative
    """heat of its heat pump; 0 where there is none"""
    source_c_max: WaterTemperature = default(35.0, source="R717 35 °C; scroll units 20 to 30 °C")
    """warmest water that the heat pump's evaporator takes; a valve mixes down"""
    source_glide_k: Positive = default(5.0, source="3 to 8 K across evaporators")
    """kelvin by which the evaporator cools"""
    sink_c_max: SupplyTemperature = default(80.0, source="R717 standard machines")
    """warmest water that the heat pump gives"""
    auxiliary_frac: Fraction = default(0.01, source="DEA: 1 % of the heat")
    """electricity of the heat pump's own pumps and controls, per heat"""
    rejection_frac: Fraction = default(0.03, source="dry cooler 0.015 to 0.035 kW per kW")
    """electricity of the cooler per heat that is rejected instead"""
    electricity_per_kwh: NotNegative | None = None
    """what its electricity costs; that of `[prices]` if left out"""
    return_lift_k: Positive = default(5.0, source="operators accept a few kelvin: estimate")
    """by how much it may warm the return, where it feeds into that"""
    tariff: Name | None = None
    """name of the tariff by which the network pays for its heat"""
    outdoor_c_max: AirTemperature | None = None
    """outdoor air above which the network takes none of its heat; always if left out"""

    @model_validator(mode="after")
    def _is_one(self) -> "DataCentre":
        if (self.utilisation_frac is None) == (self.utilisation_file is None):
            raise ValueError("one of utilisation_frac and utilisation_file is given")
        if self.coolant_c <= self.coolant_return_c:
            raise ValueError("coolant_c is above coolant_return_c")
        return self


class HeatPlant(Document):
    """Another plant that feeds the supply: what its heat costs, and when it stands still."""

    name: Name
    """what people call it"""
    node: Name
    """node at which it feeds in"""
    kind: Literal[
        "waste incineration", "biomass boiler", "gas boiler", "electric boiler", "bought heat"
    ]
    """what it is"""
    heat_kw_rated: Positive
    """most heat that it gives"""
    fuel_per_kwh: NotNegative
    """what its fuel, or its heat where that is bought, costs"""
    efficiency_frac: Annotated[float, Gt(0), Le(1.2)] = default(1.0, source="bought heat")
    """heat per fuel"""
    upkeep_per_kwh: NotNegative = default(0.0, source="in the fuel's price")
    """what else a kilowatt-hour of its heat costs"""
    closed: tuple[Closed, ...] = ()
    """days of the year on which it stands still"""

    @property
    def cost_per_kwh(self) -> float:
        """What a kilowatt-hour of its heat costs."""
        return self.fuel_per_kwh / self.efficiency_frac + self.upkeep_per_kwh


_U_BY_KIND = {"tank": {"loss_w_per_m2k": 0.20}, "pit": {"loss_w_per_m2k": 0.25}}


class HeatStore(Document):
    """The store in the plant room, filled with water as warm as the supply in mild weather."""

    kind: Literal["tank", "pit"] = default("tank", source="tank to some 10,000 m³, pit beyond")
    """steel tank or lined pit"""
    volume_m3: Positive
    """water in it"""
    loss_w_per_m2k: NotNegative = default(
        0.20, source="tank 0.20, 300 mm of wool with bridges; pit 0.25, wet lid: estimates"
    )
    """heat that each square metre of it loses, as a cylinder as high as it is wide"""
    investment_amount: NotNegative | None = None
    """what it costs to build; left out where that is not known"""
    life_years: Annotated[float, Gt(0), Le(100)] = default(40.0, source="DEA, large tanks")
    """years that it lasts"""

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "HeatStore":
        self.fill(_U_BY_KIND[self.kind])
        return self


class NetworkPrices(Document):
    """What electricity, capital and cold buildings cost, in the network's currency."""

    electricity_per_kwh: NotNegative
    """electricity of heat pumps, coolers and pumps"""
    electricity_swing_per_kwh: NotNegative = default(0.0, source="the same at all hours")
    """by how much it is dearer at 18 hours and cheaper at 6, as a cosine of the day"""
    unmet_per_kwh: Positive = default(1.0, source="dearer than any heat: estimate")
    """what a kilowatt-hour costs that nobody gives"""
    discount_frac: Annotated[float, Ge(0), Le(0.3)] = default(0.05, source="real, before tax")
    """yearly discount for what is built"""
    customers_tariff: Name | None = None
    """name of the tariff by which the buildings pay the network"""
    routed_by: Literal["cost", "price"] = default("cost", source="the least cost of all together")
    """whether a data centre's heat counts with its own cost or with what the network pays for it"""


class PriceStep(Document):
    """A price that holds from an outdoor temperature on."""

    outdoor_c_min: AirTemperature
    """coldest outdoor temperature of the step; it reaches up to the next one"""
    price_per_kwh: Annotated[Decimal, Ge(0), Le(100)]
    """price of heat in the step"""


class WeatherTariff(Document):
    """A price of heat by outdoor temperature, which a contract's own clauses rate (TAR-8)."""

    name: Name
    """what people call it"""
    contract: str = "contract.toml"
    """contract beside this file whose rules of measuring and judging hold"""
    supply_c_min: WaterTemperature
    """supply temperature that the prices presume; colder heat is paid as HEAT-2 says"""
    steps: Annotated[tuple[PriceStep, ...], Field(min_length=1, max_length=20)]
    """prices by outdoor temperature, from the coldest step to the warmest"""

    @model_validator(mode="after")
    def _rises(self) -> "WeatherTariff":
        limits = [step.outdoor_c_min for step in self.steps]
        if limits != sorted(set(limits)):
            raise ValueError("steps stand from the coldest to the warmest")
        return self


class HeatNetwork(Document):
    """A heat network: what `network.toml` says."""

    network: NetworkPlace
    study: Study
    weather: WeatherSource
    water: NetworkWater
    trench: Trench = Trench()
    pumps: Pumps = Pumps()
    prices: NetworkPrices
    store: HeatStore | None = None
    pipes: Annotated[tuple[PipePair, ...], Field(min_length=1, max_length=500)]
    buildings: Annotated[tuple[Connected, ...], Field(min_length=1, max_length=300)]
    data_centres: Annotated[tuple[DataCentre, ...], Field(max_length=30)] = ()
    plants: Annotated[tuple[HeatPlant, ...], Field(max_length=30)] = ()
    tariffs: Annotated[tuple[WeatherTariff, ...], Field(max_length=20)] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the network's clock."""
        return self.network.clock
