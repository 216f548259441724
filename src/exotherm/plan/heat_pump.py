"""Do I need a heat pump? What passes by itself, what the rest costs with one, in numbers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from exotherm.core.currencies import PER_EUR
from exotherm.core.units import format_quantity
from exotherm.physics.refrigerants import refrigerant
from exotherm.plan.year import STEP, year_period
from exotherm.plant.build import build_plant, initial_state, without_heat_pump
from exotherm.plant.expose import expose
from exotherm.plant.simulate import Simulation, simulate
from exotherm.site.document import Site
from exotherm.site.heat_path import captured_kw
from exotherm.site.machines import HeatPump
from exotherm.site.series import Surroundings

# Danish Energy Agency, excess-heat heat pumps of 1 to 10 MW, 2020 prices carried to 2025.
_INVESTMENT_PER_KW_AT_1_MW_EUR = 1650.0
_SIZE_EXPONENT = -0.27
_LIFE_YEARS = 25
_SIZE_KW_MIN, _SIZE_KW_MAX = 50.0, 10_000.0
# What a heat pump adds counts from a hundredth of the customers' heat.
_ADDS_FRAC_MIN = 0.01
_USED_PERCENTILE = 95
# Condenser heat over coolant heat at a COP of about 4.
_SINK_PER_SOURCE = 1.33

_MachineRefrigerant = Literal["R290", "R717", "R1234ze"]
_BY_SINK: tuple[_MachineRefrigerant, ...] = ("R290", "R717", "R1234ze")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPumpAnswer:
    """What a heat pump changes at a site, a year; the site's own or one that would fit.

    ``direct_kwh`` of the customers' heat is no longer their own plant's without, ``pumped_kwh``
    comes on top with it. Costs are
    per kWh of what comes on top: electricity, and the machine's own price over its life where
    the currency is known.
    """

    stands: bool
    """whether the site has one; else the figures are of one that would fit"""
    heat_kw_rated: float
    refrigerant: str
    demand_kwh: float
    direct_kwh: float
    pumped_kwh: float
    power_kwh: float
    power_cost_per_kwh: float | None
    capital_cost_per_kwh: float | None
    boiler_cost_per_kwh: float
    needed: bool
    text: str

    @property
    def direct_frac(self) -> float:
        """The share of the customers' heat that passes by itself."""
        return self.direct_kwh / self.demand_kwh if self.demand_kwh else 0.0

    @property
    def pumped_frac(self) -> float:
        """The share that the heat pump adds."""
        return self.pumped_kwh / self.demand_kwh if self.demand_kwh else 0.0


def ask_for_heat_pump(
    site: Site, surroundings: Surroundings, *, demand_kwh: float
) -> HeatPumpAnswer:
    """Run the planned year with and without a heat pump, and give what it would change.

    The one that would fit takes all that the servers give, of a refrigerant that reaches what
    customers need, and runs whether it pays or not. ``demand_kwh`` is the customers' heat of the
    year.
    """
    pump = site.heat_pump or _one_that_fits(site)
    asked = site.model_copy(update={"heat_pump": pump.model_copy(update={"runs": "always"})})
    plant = build_plant(asked)
    exposure = expose(asked, surroundings, year_period(site), step=STEP)
    start = initial_state(plant)
    with_pump = simulate(plant, exposure, start)
    without = simulate(without_heat_pump(plant), exposure, start)
    left_kwh, still_left_kwh = _left_kwh(without), _left_kwh(with_pump)
    direct_kwh = max(0.0, demand_kwh - left_kwh)
    pumped_kwh = max(0.0, left_kwh - still_left_kwh)
    power_kwh = with_pump.energy_kwh("auxiliary_kw") - without.energy_kwh("auxiliary_kw")
    economics = site.economics
    boiler_cost = economics.fuel_per_kwh / site.boiler.efficiency_frac
    adds = pumped_kwh >= _ADDS_FRAC_MIN * demand_kwh > 0.0
    power_cost = power_kwh * economics.electricity_per_kwh / pumped_kwh if adds else None
    size_kw = pump.heat_kw_rated if site.heat_pump else _used_kw(with_pump)
    yearly = _yearly_capital(size_kw, economics.discount_frac, site.site.currency)
    capital_cost = yearly / pumped_kwh if adds and yearly is not None else None
    needed = power_cost is not None and power_cost + (capital_cost or 0.0) < boiler_cost
    return HeatPumpAnswer(
        stands=site.heat_pump is not None,
        heat_kw_rated=size_kw,
        refrigerant=pump.refrigerant,
        demand_kwh=demand_kwh,
        direct_kwh=direct_kwh,
        pumped_kwh=pumped_kwh,
        power_kwh=power_kwh,
        power_cost_per_kwh=power_cost,
        capital_cost_per_kwh=capital_cost,
        boiler_cost_per_kwh=boiler_cost,
        needed=needed,
        text=_text(
            site.site.currency,
            direct_frac=direct_kwh / demand_kwh if demand_kwh else 0.0,
            pumped_frac=pumped_kwh / demand_kwh if demand_kwh else 0.0,
            power_cost=power_cost,
            capital_cost=capital_cost,
            boiler_cost=boiler_cost,
        ),
    )


def _left_kwh(year: Simulation) -> float:
    """Give the heat of a year that is left to the customers' own plant."""
    return year.energy_kwh("backup_kw") + year.energy_kwh("unmet_kw")


def _one_that_fits(site: Site) -> HeatPump:
    """Give a heat pump for all the heat of the servers, that reaches what customers need."""
    wanted_c = _warmest_supply_c(site) + site.delivery.approach_k
    for name in _BY_SINK:
        limits = refrigerant(name)
        assert limits is not None
        if limits.standard_sink_c_max >= wanted_c:
            break
    heat_kw = max(1.0, _SINK_PER_SOURCE * captured_kw(site))
    return HeatPump(heat_kw_rated=heat_kw, refrigerant=name)


def _used_kw(year: Simulation) -> float:
    """Give the heat that a heat pump for everything seldom passes, the size one would buy."""
    running_kw = year.flows["heat_pump_kw"][year.flows["heat_pump_kw"] > 0.0]
    return float(np.percentile(running_kw, _USED_PERCENTILE)) if running_kw.size else 0.0


def _warmest_supply_c(site: Site) -> float:
    supplies_c = [building.hot_water_c for building in site.buildings]
    supplies_c += [building.emitter.supply_c_design for building in site.buildings]
    supplies_c += [measured.supply_c_design for measured in site.measured]
    if site.network is not None:
        network = site.network
        feeds_supply = network.feed == "supply"
        lifted_c = network.return_c + network.return_lift_k
        supplies_c = [network.supply_c_max if feeds_supply else lifted_c]
    if site.pool is not None:
        supplies_c.append(site.pool.water_c_max)
    return max(supplies_c)


def _yearly_capital(heat_kw: float, discount_frac: float, currency: str) -> float | None:
    """Give what a heat pump of a size costs a year over its life, or None in other currencies."""
    per_eur = PER_EUR.get(currency)
    if per_eur is None:
        return None
    sized_kw = min(max(heat_kw, _SIZE_KW_MIN), _SIZE_KW_MAX)
    smaller_costs_more = float((sized_kw / 1000.0) ** _SIZE_EXPONENT)
    price_per_kw = _INVESTMENT_PER_KW_AT_1_MW_EUR * smaller_costs_more
    growth = float((1.0 + discount_frac) ** _LIFE_YEARS)
    annuity = discount_frac * growth / (growth - 1.0) if discount_frac else 1.0 / _LIFE_YEARS
    return annuity * heat_kw * price_per_kw * per_eur


def _text(
    currency: str,
    *,
    direct_frac: float,
    pumped_frac: float,
    power_cost: float | None,
    capital_cost: float | None,
    boiler_cost: float,
) -> str:
    """Say the answer in a sentence or two with its numbers."""
    passes = f"{format_quantity('direct_frac', direct_frac)} of the heat is reached without"
    if power_cost is None:
        return f"No: {passes}, and a heat pump would add nothing to speak of."
    cost = power_cost + (capital_cost or 0.0)

    def money(per_kwh: float) -> str:
        return format_quantity("price_per_kwh", per_kwh, currency=currency)

    of_what = (
        f"{money(power_cost)} of electricity and {money(capital_cost)} of the machine"
        if capital_cost is not None
        else "electricity alone, since prices of machines are not known in this currency"
    )
    yes = cost < boiler_cost
    return (
        f"{'Yes' if yes else 'No'}: {passes}; a heat pump adds "
        f"{format_quantity('pumped_frac', pumped_frac)} at {money(cost)} ({of_what}), "
        f"{'less' if yes else 'more'} than the {money(boiler_cost)} of the customer's own heat."
    )
