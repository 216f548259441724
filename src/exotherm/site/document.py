"""The site file as a typed document: every quantity with its unit, bounds and where it is from."""

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Le
from pydantic import Field, model_validator

from exotherm.core.documents import Document, default
from exotherm.core.samples import Point
from exotherm.site.basis import Basis
from exotherm.site.customers import Building, MeasuredHeat, Network, Pool
from exotherm.site.economics import Economics
from exotherm.site.faults import Faults, Spread
from exotherm.site.limits import Limits
from exotherm.site.machines import (
    AirCooling,
    Boiler,
    Buffer,
    Capture,
    Computing,
    Delivery,
    Exchanger,
    HeatPump,
    Rejection,
)
from exotherm.site.meters import POINTS_OF_PROFILE, Meter
from exotherm.site.quantities import Fraction, NotNegative, Positive, Uncertainty, ZoneName
from exotherm.site.risk import Risk
from exotherm.site.strategy import StrategicValue
from exotherm.site.uplink import Uplink

__all__ = ["POINTS_OF_PROFILE", "Meter", "Site", "points_of"]


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

    @property
    def is_southern(self) -> bool:
        """Whether its winter is in July."""
        return self.latitude_deg < 0.0


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
    air_cooling: AirCooling | None = None
    exchanger: Exchanger | None = None
    heat_pump: HeatPump | None = None
    buffer: Buffer
    delivery: Delivery
    rejection: Rejection
    pool: Pool | None = None
    buildings: tuple[Building, ...] = ()
    network: Network | None = None
    measured: tuple[MeasuredHeat, ...] = ()
    boiler: Boiler
    carbon: Carbon
    economics: Economics
    limits: Limits = Limits()
    faults: Faults = Faults()
    spread: Spread = Spread()
    risk: Risk = Risk()
    strategy: tuple[StrategicValue, ...] = ()
    basis: tuple[Basis, ...] = ()
    metering: Metering = Metering()
    uplink: Uplink | None = None
    meters: tuple[Meter, ...] = ()

    @model_validator(mode="after")
    def _is_a_chain(self) -> "Site":
        if not (self.pool or self.buildings or self.network or self.measured):
            raise ValueError(
                "nobody takes the heat: a customer is a [pool], [[buildings]], a [network] or "
                "[[measured]] heat"
            )
        if self.exchanger is None and self.heat_pump is None:
            raise ValueError(
                "no heat leaves the servers: it passes through an [exchanger], a [heat_pump] or "
                "both"
            )
        if self.pool is not None and self.delivery.exchanger is None:
            raise ValueError("a pool takes heat through an exchanger, [delivery.exchanger]")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the place."""
        return self.site.clock

    @property
    def first_day(self) -> date:
        """The first day of the planned year."""
        return date(self.study.year, 1, 1)


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
        for point in meter.points
    }
