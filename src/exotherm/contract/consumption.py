"""What a period is rated by: exact energies, outcomes of intervals, and what was measured."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from exotherm.contract.outcome import Tally
from exotherm.core.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotHeat:
    """The heat of a period that came at one price (``price_slots``), with its parts."""

    key: str
    heat_kwh: Decimal
    reduced_heat_kwh: Decimal = Decimal(0)
    unrequested_heat_kwh: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHeat:
    """A day's mean heat and outdoor temperature; None where one was not measured."""

    day: date
    heat_kw_mean: float | None
    outdoor_c_mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """What a period is rated by: exact energies in kWh and the outcomes of its intervals."""

    period: Period
    heat_kwh: Decimal
    """all heat past the billed register"""
    reduced_heat_kwh: Decimal = Decimal(0)
    """the part of it that was cooler than promised (HEAT-2)"""
    unrequested_heat_kwh: Decimal = Decimal(0)
    """the part of it that came without obligation (HEAT-3)"""
    tally: Tally
    slots: tuple[SlotHeat, ...] = ()
    """the same heat by price, where the price varies in time; empty where nothing tells"""
    return_c_mean: float | None = None
    """mean return temperature, weighted by volume; None where it was not measured"""
    supply_c_mean: float | None = None
    """mean supply temperature, weighted by volume; None where it was not measured"""
    heat_kw_peak: float | None = None
    """largest mean heat of a quarter of an hour; None where it was not measured"""
    daily: tuple[DayHeat, ...] = ()
    """heat and weather of its days, where a capacity is read off them"""
    heat_pump_power_kwh: Decimal | None = None
    """electricity that the heat pump drew; None where it was not measured"""

    def __post_init__(self) -> None:
        assert self.reduced_heat_kwh >= 0 <= self.unrequested_heat_kwh, self
        assert self.reduced_heat_kwh + self.unrequested_heat_kwh <= self.heat_kwh, self
        if self.slots:
            for name in ("heat_kwh", "reduced_heat_kwh", "unrequested_heat_kwh"):
                parts = sum((getattr(slot, name) for slot in self.slots), Decimal(0))
                assert parts == getattr(self, name), (name, self)
