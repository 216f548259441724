"""What a heat network pays for heat and is paid for it by the weather, as its contracts rate it."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from exotherm.contract.price_slots import price_of_slot, slot_keys
from exotherm.contract.terms import Contract
from exotherm.contract.terms.tariff_models import OutdoorPrice, OutdoorStep
from exotherm.physics.computing import FloatArray
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.plan.rating import (
    intervals_of_year,
    judge_year,
    rate_judged,
)
from exotherm.plan.year import STEP, STEP_H
from exotherm.plant.heat_network.laid import Laid
from exotherm.plant.simulate import Delivered
from exotherm.site.heat_network import WeatherTariff

_QUARTERS = 4
_HEAT_ALONE = ("outdoor price", "below-spec heat", "unrequested heat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What a year of heat comes to by a tariff: its sum, and the sum of each of its lines."""

    who: str
    tariff: str
    heat_kwh: float
    amount: Decimal
    lines: tuple[tuple[str, Decimal, Decimal], ...]
    """words of a line, its kilowatt-hours and its amount, over all months"""
    own_cost: float | None = None
    """what the heat costs the one who is paid for it; None of what buildings pay"""
    below_cost_h: float | None = None
    """hours in which it gives heat whose price is below that cost"""

    @property
    def mean_per_kwh(self) -> float | None:
        """What a kilowatt-hour brings on average; None where there is no heat."""
        return float(self.amount) / self.heat_kwh if self.heat_kwh else None


def contract_by(tariff: WeatherTariff, contract: Contract) -> Contract:
    """Give a contract that prices heat by a tariff's steps, and heat alone.

    Its own clauses still say what is measured, how it is judged, and what cooler heat is worth.
    """
    coldest = tariff.steps[0].price_per_kwh
    price = OutdoorPrice(
        kind="steps",
        steps=tuple(
            OutdoorStep(outdoor_c_min=step.outdoor_c_min, price_per_kwh=step.price_per_kwh)
            for step in tariff.steps
        ),
        outdoor_point="weather.outdoor_c",
        supply_c_min=tariff.supply_c_min,
        if_unpublished="price before",
        fallback_price_per_kwh=coldest,
    )
    promise = contract.supply_temperature.model_copy(
        update={"supply_c_min": tariff.supply_c_min, "curve": (), "outdoor_point": None}
    )
    composition = contract.composition.model_copy(update={"order": _HEAT_ALONE})
    return contract.model_copy(
        update={
            "outdoor_price": price,
            "energy_price": None,
            "supply_temperature": promise,
            "composition": composition,
        }
    )


def rate_heat(
    laid: Laid,
    contract: Contract,
    *,
    who: str,
    tariff: str,
    heat_kw: FloatArray,
    supply_c: FloatArray,
    return_c: FloatArray,
) -> Rated:
    """Rate a year of hourly heat as its invoices would be, by the contract's own ``rate()``.

    Heat is called for wherever it flows, at the temperatures it flows with.
    """
    spread_k = np.maximum(supply_c - return_c, 0.1)
    flow_kgs = heat_kw / (HEAT_CAPACITY_KJ_PER_KGK * spread_k)
    quarters = laid.year.period.duration // STEP

    def laid_out(values: FloatArray) -> FloatArray:
        return np.repeat(values, _QUARTERS)[:quarters]

    flows = {
        "delivered_kw": laid_out(heat_kw),
        "called": laid_out((heat_kw > 0.0).astype(np.float64)),
        "supply_c": laid_out(supply_c),
        "return_c": laid_out(return_c),
        "flow_kgs": laid_out(flow_kgs),
        "heat_pump_power_kw": np.zeros(quarters),
    }
    year = Delivered(period=laid.year.period, step_h=STEP_H, flows=flows)
    outdoor_c = laid_out(laid.year.outdoor_c)
    intervals = intervals_of_year(contract, year.period, outdoor_c=outdoor_c)
    judged = judge_year(contract, year, intervals, outdoor_c=outdoor_c)
    months = rate_judged(contract, year, judged, outdoor_c=outdoor_c)
    lines: dict[str, tuple[Decimal, Decimal]] = {}
    for month in months:
        for line in month.rated.lines:
            quantity, amount = lines.get(line.text, (Decimal(0), Decimal(0)))
            lines[line.text] = (quantity + line.quantity, amount + line.amount)
    return Rated(
        who=who,
        tariff=tariff,
        heat_kwh=float(sum(month.consumption.heat_kwh for month in months)),
        amount=sum((month.rated.net_amount for month in months), Decimal(0)),
        lines=tuple((text, *sums) for text, sums in lines.items()),
    )


def prices_by(tariff: WeatherTariff, contract: Contract, laid: Laid) -> FloatArray:
    """Give the price of each hour by a tariff, shape (hours,), by the same steps as its bills."""
    priced = contract_by(tariff, contract)
    hours = tuple(laid.year.period.split(STEP * _QUARTERS))
    keys = slot_keys(priced, hours, [float(one) for one in laid.year.outdoor_c[: len(hours)]])
    by_key = {key: float(price_of_slot(priced, key)) for key in set(keys)}
    prices = np.array([by_key[key] for key in keys])
    return np.resize(prices, laid.year.outdoor_c.size)
