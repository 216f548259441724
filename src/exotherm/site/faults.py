"""How a site's years differ: how often its parts fail, and how far weather and work vary.

Faults come by chance at a rate and last by chance around a mean, both without memory, as failures
are counted in surveys of plants (IEEE 493, TM 5-698-5). The values that stand here are for a first
study: a year of one's own records is worth more than any of them.
"""

from typing import Annotated

from annotated_types import Ge, Gt, Le

from exotherm.core.documents import Document, default

PerYear = Annotated[float, Ge(0), Le(1000)]
RepairHours = Annotated[float, Gt(0), Le(8760)]

_ESTIMATE = "estimate; replace it with your own records"


class GridFault(Document):
    """The electricity grid is out: servers and pumps stand still."""

    times_per_year: PerYear = default(1.0, source="order of the EU's SAIFI, CEER benchmarking")
    """times a year"""
    repair_h: RepairHours = default(1.5, source="order of the EU's CAIDI, CEER benchmarking")
    """mean time until electricity is back and the plant runs"""


class ServersFault(Document):
    """The servers' own cooling or power fails, and they switch off."""

    times_per_year: PerYear = default(0.3, source=_ESTIMATE)
    """times a year"""
    repair_h: RepairHours = default(24.0, source=f"a spare part the next day: {_ESTIMATE}")
    """mean time until they run again"""


class MovedWork(Document):
    """The servers' work is moved to another site, and they idle."""

    times_per_year: PerYear = default(1.0, source=_ESTIMATE)
    """times a year"""
    repair_h: RepairHours = default(48.0, source=_ESTIMATE)
    """mean time until work is back"""


class ChargingFault(Document):
    """Pump, valve or exchanger between coolant and store fails."""

    times_per_year: PerYear = default(0.2, source=f"one in five years: {_ESTIMATE}")
    """times a year"""
    repair_h: RepairHours = default(24.0, source=f"a spare part the next day: {_ESTIMATE}")
    """mean time to repair"""


class HeatPumpFault(Document):
    """The heat pump is out of order."""

    times_per_year: PerYear = default(1.0, source=f"with repair_h, 99.5 % available: {_ESTIMATE}")
    """times a year"""
    repair_h: RepairHours = default(
        44.0, source="99.5 % available: field measurements of 237 Swiss plants, 1996 to 2003"
    )
    """mean time to repair"""


class DeliveryFault(Document):
    """Pump, valve or controller of the loop to the customers fails."""

    times_per_year: PerYear = default(0.3, source=_ESTIMATE)
    """times a year"""
    repair_h: RepairHours = default(24.0, source=f"a spare part the next day: {_ESTIMATE}")
    """mean time to repair"""


class CustomerFault(Document):
    """The customer's own side takes no heat, though it is wanted."""

    times_per_year: PerYear = default(0.5, source=_ESTIMATE)
    """times a year"""
    repair_h: RepairHours = default(24.0, source=_ESTIMATE)
    """mean time to repair"""


class MeterFault(Document):
    """The heat meter or its data link is silent; heat goes on."""

    times_per_year: PerYear = default(0.5, source=_ESTIMATE)
    """times a year"""
    repair_h: RepairHours = default(12.0, source=_ESTIMATE)
    """mean time until it is read again"""


class Faults(Document):
    """How often each part fails, and for how long; for many years, not for the planned one."""

    grid: GridFault = GridFault()
    servers: ServersFault = ServersFault()
    moved_work: MovedWork = MovedWork()
    charging: ChargingFault = ChargingFault()
    heat_pump: HeatPumpFault = HeatPumpFault()
    delivery: DeliveryFault = DeliveryFault()
    customer: CustomerFault = CustomerFault()
    meter: MeterFault = MeterFault()


class Spread(Document):
    """How far weather and work of a year are from those that are planned."""

    month_k: Annotated[float, Ge(0), Le(5)] = default(
        1.8,
        source="estimate: monthly means of central Europe vary by 1.3 K in summer to 2.4 K "
        "in winter",
    )
    """standard deviation of a month's outdoor temperature around the typical year"""
    carried_frac: Annotated[float, Ge(0), Le(0.95)] = default(
        0.2, source="estimate: monthly anomalies of land temperature in Europe"
    )
    """share of a month's departure that the next month carries on"""
    utilisation_frac: Annotated[float, Ge(0), Le(1)] = default(
        0.15, source="estimate: no operator has promised its work for years"
    )
    """standard deviation of a year's utilisation, relative to the planned one"""
