"""The site file as a typed document: every quantity with its unit, bounds and where it is from."""

from datetime import date
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from annotated_types import Ge, Gt, Le, Lt
from pydantic import AfterValidator, Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.core.samples import Point

Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]
Fraction = Annotated[float, Ge(0), Le(1)]
WaterTemperature = Annotated[float, Gt(0), Lt(100)]
Hour = Annotated[int, Ge(0), Le(24)]
Uncertainty = Annotated[float, Ge(0), Le(0.3)]
"""Relative standard uncertainty; no claim can rest on anything less known than this."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("a zone is named as in the IANA table, like Europe/Rome")
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]


class Place(Document):
    """Where the site is, and in whose clock and currency it lives."""

    name: str = Field(min_length=1, max_length=100)
    """what people call the site"""
    country: str = Field(pattern=r"^[A-Z]{2}$")
    """country code of ISO 3166, like IT"""
    zone: ZoneName
    """time zone of the place, which says what October or night is"""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """currency of all amounts in this file, by ISO 4217"""
    latitude_deg: float = Field(ge=-90, le=90)
    """latitude, north positive"""
    longitude_deg: float = Field(ge=-180, le=180)
    """longitude, east positive"""

    @property
    def clock(self) -> ZoneInfo:
        """The zone as Python's own."""
        return ZoneInfo(self.zone)


class Study(Document):
    """Which year is planned."""

    year: int = Field(ge=2000, le=2100)
    """calendar year that the plan simulates, from local new year to local new year"""


class WeatherSource(Document):
    """Where the weather of a typical year is from: a file, or a city's monthly normals."""

    file: str | None = None
    """file in the workspace, hourly for a year"""
    format: Literal["pvgis", "epw", "tmy3", "try"] = default(
        "pvgis", source="PVGIS gives a typical year for any place, free with attribution"
    )
    """format of the file"""
    utc_offset_h: Annotated[float, Ge(-14), Le(14)] | None = None
    """standard time of a TMY3 file that does not name its own, against UTC"""
    city: str | None = None
    """city from whose monthly normals a year is made, where there is no file"""
    seed: Annotated[int, Ge(0)] = default(1, source="any; another one makes another year")
    """which of the years that such a city could have"""
    warming_k: Annotated[float, Ge(-5), Le(10)] = default(0.0, source="the climate of the source")
    """kelvin by which every hour is warmer, for a climate to come"""
    outdoor_c_design: float = default(
        35.0, ge=-20, le=60, source="hot-day rating point; take the site's 0.4 % summer value"
    )
    """hottest outdoor air at which heat rejection alone must keep the servers cool"""

    @model_validator(mode="after")
    def _is_one_source(self) -> "WeatherSource":
        if (self.file is None) == (self.city is None):
            raise ValueError("weather is from a file or from a city, so one of the two is given")
        return self


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


class Capture(Document):
    """How server heat gets into a liquid."""

    kind: Literal["immersion"]
    """single-phase immersion in a dielectric fluid"""
    capture_frac: Fraction = default(
        0.96, source="0.95 to 0.98 reported for single-phase immersion sites"
    )
    """share of the server heat that the coolant takes up; the rest warms the room"""
    coolant_c_max: WaterTemperature = default(
        50.0, source="immersion coolant outlet 45 to 60 °C; the servers' maker sets the limit"
    )
    """coolant temperature leaving the servers that must never be passed"""
    flow_kgs: Positive
    """coolant mass flow"""
    heat_capacity_kj_per_kgk: Positive = default(
        2.1, source="mineral or synthetic dielectric oil near 40 °C"
    )
    """specific heat of the coolant"""
    pump_kw: NotNegative
    """electric power of the coolant pump, which always runs"""


class Exchanger(Document):
    """A plate heat exchanger between two loops, in counterflow."""

    ua_kw_per_k: Positive
    """heat transfer of the clean exchanger (area times coefficient)"""
    fouling_frac: Annotated[float, Ge(0), Lt(1)] = default(
        0.10, source="10 % for treated water; 20 % where pool water passes"
    )
    """share of the clean heat transfer that deposits take away in service"""
    flow_kgs: Positive
    """water mass flow on the side away from the servers"""


class Buffer(Document):
    """The water store between the servers' exchanger and the customer."""

    volume_m3: Positive
    """water content"""
    loss_w_per_k: NotNegative = default(
        4.0, source="about 2 m³ with 100 mm of insulation, bridges included"
    )
    """heat loss to the room per kelvin"""
    room_c: float = default(20.0, ge=-20, le=50, source="plant room")
    """temperature of the room around it"""


class Delivery(Document):
    """The customer's loop from the buffer to the delivery point and what it hands heat to."""

    exchanger: Exchanger
    """the exchanger at the customer's water"""
    flow_kgs: Positive
    """mass flow of the loop while it delivers"""
    pump_kw: NotNegative
    """electric power of the pumps that run only to deliver heat"""
    controls_kw: NotNegative = default(0.05, source="meter, valves, controller: estimate")
    """constant electricity of what exists only to deliver heat"""


class Rejection(Document):
    """The dry cooler that takes all heat nobody wants: the servers come first."""

    heat_kw_rated: Positive
    """heat rejected at the rated lift and full fan speed"""
    lift_k_rated: Positive = default(
        15.0, source="coolant 50 °C against 35 °C outdoor air; approach 10 K is the median"
    )
    """temperature of the coolant above the outdoor air at that rating"""
    fan_kw_rated: NotNegative
    """electric power of the fans at full speed"""


class OpeningHours(Document):
    """When the pool is in use, by the local clock; equal hours mean closed all day."""

    opens_at: Hour
    """hour at which bathing begins"""
    closes_at: Hour
    """hour at which bathing ends"""
    weekdays: tuple[Annotated[int, Ge(1), Le(7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    """days of the week, Monday is 1"""


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
    activity_occupied: NotNegative = default(
        0.75, source="measured in lessons, Norway: 0.7 to 0.8; design guides say 1.0"
    )
    """activity factor of evaporation while bathing"""
    activity_unoccupied: NotNegative = default(0.55, source="measured empty, Norway: 0.50 to 0.57")
    """activity factor of evaporation while still"""
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

    @model_validator(mode="after")
    def _band_is_open(self) -> "Pool":
        if self.water_c_max < self.water_c_set:
            raise ValueError("water_c_max lies below water_c_set, so no heat could be welcome")
        return self


class Boiler(Document):
    """The customer's own boiler, which stays as backup."""

    heat_kw_rated: NotNegative
    """heat output at full fire"""
    efficiency_frac: Annotated[float, Gt(0), Le(1)] = default(
        0.80, source="seasonal, gross calorific value: 0.65 to 0.75 old, 0.84 to 0.90 condensing"
    )
    """seasonal efficiency on the gross calorific value"""
    fuel: Literal["natural gas", "heating oil", "propane"]
    """what it burns"""


class Factor(Document):
    """An emission factor with its uncertainty and where it is from."""

    gco2e_per_kwh: NotNegative
    """emission factor"""
    uncertainty_frac: Uncertainty
    """standard uncertainty of the factor, relative"""
    source: str = Field(min_length=3)
    """publication, year and boundary of the factor"""


class Carbon(Document):
    """The factors of the carbon account."""

    grid: Factor
    """electricity, life cycle, by location"""
    fuel: Factor
    """backup fuel per kWh gross, upstream included"""
    boiler_uncertainty_frac: Uncertainty = default(
        0.06, source="seasonal efficiency known to about 5 points of 80 without a test"
    )
    """standard uncertainty of the boiler's efficiency, relative"""
    baseline_uncertainty_frac: Uncertainty = default(
        0.10, source="hourly bias a calibrated model may have, ASHRAE Guideline 14"
    )
    """how far the modelled demand without the service may be wrong; taken off it in a claim"""
    electricity_meter_error_frac: Uncertainty = default(
        0.01, source="MID class B, largest permitted error"
    )
    """largest permitted error of the electricity meters, relative"""
    induced_frac: Fraction = default(
        0.0, source="hosting load that runs for its own sake induces none"
    )
    """share of the server load that runs only because its heat is wanted"""


class Investment(Document):
    """One thing bought to deliver heat that plain hosting would not need."""

    name: str
    """what is bought"""
    amount: NotNegative
    """price installed, without VAT"""
    life_years: Annotated[int, Ge(1), Le(60)]
    """years until it is replaced at the same price"""


class Economics(Document):
    """Prices and costs in real terms before tax, in the currency of the site."""

    term_years: Annotated[int, Ge(1), Le(40)]
    """years over which the project is judged"""
    discount_frac: Annotated[float, Gt(-0.5), Lt(1)]
    """real discount rate of the operator"""
    electricity_per_kwh: float
    """price of electricity to the operator"""
    fuel_per_kwh: NotNegative
    """price of backup fuel to the customer per kWh gross"""
    upkeep_per_year: NotNegative
    """maintenance, meter verification and insurance of the heat plant"""
    grant_amount: NotNegative = default(0.0, source="none assumed")
    """grant received with the investment"""
    investment: tuple[Investment, ...]
    """everything bought to deliver heat"""


class Meter(Document):
    """A meter that is read: where it hangs, how it talks, what it tells."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """name of the meter in this workspace"""
    protocol: Literal["mbus-tcp", "modbus-tcp"]
    """how it talks"""
    host: str = "127.0.0.1"
    """address of the meter or of its gateway"""
    port: Annotated[int, Ge(1), Le(65535)]
    """TCP port"""
    address: Annotated[int, Ge(0), Le(250)]
    """primary address on M-Bus, device id on Modbus"""
    profile: str
    """what it tells and how: a profile known to the program"""
    serial: str = Field(pattern=r"^\d{1,8}$")
    """identification number, as printed on the meter"""
    utc_offset_h: Annotated[float, Ge(-14), Le(14)]
    """the meter's own clock against UTC; meters stay in winter time"""


class Metering(Document):
    """How readings are taken."""

    interval_min: Annotated[int, Ge(1), Le(60)] = default(
        15, source="15 minutes: quarter-hours are what contract and networks count in"
    )
    """minutes from one reading to the next"""
    timeout_s: Positive = default(2.0, source="three frames at 2400 baud")
    """how long a silent meter is waited for"""


class Site(Document):
    """All that is known about a site before and while it runs."""

    site: Place
    study: Study
    weather: WeatherSource
    computing: Computing
    capture: Capture
    exchanger: Exchanger
    buffer: Buffer
    delivery: Delivery
    rejection: Rejection
    pool: Pool
    boiler: Boiler
    carbon: Carbon
    economics: Economics
    metering: Metering = Metering()
    meters: tuple[Meter, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the place."""
        return self.site.clock

    @property
    def first_day(self) -> date:
        """The first day of the planned year."""
        return date(self.study.year, 1, 1)


_HEAT_METER = (
    Point(name="heat_kwh", kind="register", unit="kwh", decimals=0, digits=8),
    Point(name="volume_m3", kind="register", unit="m3", decimals=2, digits=8),
    Point(name="heat_kw", kind="instant", unit="kw", decimals=1),
    Point(name="flow_m3h", kind="instant", unit="m3h", decimals=3),
    Point(name="supply_c", kind="instant", unit="c", decimals=2),
    Point(name="return_c", kind="instant", unit="c", decimals=2),
)
_PLANT_ROOM = (
    Point(name="power_kw", kind="instant", unit="kw", decimals=2),
    Point(name="it_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="site_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="auxiliary_kwh", kind="register", unit="kwh", decimals=1),
    Point(name="fuel_kwh", kind="register", unit="kwh", decimals=0),
    Point(name="coolant_c", kind="instant", unit="c", decimals=2),
)
POINTS_OF_PROFILE = {"heat-meter": _HEAT_METER, "plantroom": _PLANT_ROOM}
"""What a meter of each profile tells; how its bytes say so is the devices' room."""


def points_of(site: Site) -> dict[str, Point]:
    """List every point of the site's meters by its full name, ``<meter>.<quantity>``."""
    return {
        f"{meter.name}.{point.name}": Point(
            name=f"{meter.name}.{point.name}",
            kind=point.kind,
            unit=point.unit,
            decimals=point.decimals,
            digits=point.digits,
        )
        for meter in site.meters
        for point in POINTS_OF_PROFILE.get(meter.profile, ())
    }
