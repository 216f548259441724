"""Which kind of customer is worth a survey: the archetypes beside each other, at one size.

Each is an example site with its own customer: weather, prices and the size of the data centre are
put in, and the same plant model runs its year. No contract is needed yet: what counts is whether
heat can be delivered for less than the customer's own costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation
from exotherm.plan.finance import finance_of
from exotherm.plan.year import simulate_year
from exotherm.site.document import Site
from exotherm.site.economics import Economics
from exotherm.site.series import Surroundings

_INVESTMENT_EXPONENT = 0.7
"""of a plant's price in its size: the six-tenths rule, a little cautious"""
_KNOWN_SCALE = 10.0
PROMISING_FRAC, MARGINAL_FRAC = 0.20, 0.0
"""how much cheaper than the customer's own heat makes it worth a survey, or just possible"""
SERVERS_KW_MIN, SERVERS_KW_MAX = 1.0, 5_000.0
"""the smallest and the largest data centre of one plant"""


class Outlook(StrEnum):
    """What a screening says of an archetype."""

    PROMISING = "promising"
    MARGINAL = "marginal"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A year of an archetype's customer and plant, from which those of other sizes follow."""

    archetype: str
    economics: Economics
    power_kw_rated: float
    heat_demand_kwh: float
    heat_delivered_kwh: float
    auxiliary_kwh: float
    displaced_frac: float
    used_frac: float
    own_cost_per_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """An archetype at a size, a year; costs are per kWh of delivered heat."""

    archetype: str
    power_kw_rated: float
    """of the servers"""
    heat_demand_kwh: float
    heat_delivered_kwh: float
    displaced_frac: float
    """share of the customer's heat that no longer is its own plant's"""
    used_frac: float
    """share of the servers' heat that is used"""
    auxiliary_cost: float
    """electricity of delivery, a year"""
    delivery_cost_per_kwh: float | None
    """all costs of delivery over the term; None where no heat is delivered"""
    own_cost_per_kwh: float
    """fuel of the customer's own plant"""
    outlook: Outlook
    why: str


def screen(site: Site, surroundings: Surroundings, *, archetype: str) -> Screened:
    """Run a site's year and hold the cost of its heat against the customer's own."""
    return of_trial(try_year(site, surroundings, archetype=archetype))


def try_year(site: Site, surroundings: Surroundings, *, archetype: str) -> Trial:
    """Run a site's year."""
    year = simulate_year(site, surroundings)
    lived = year.with_heat
    it_kwh = lived.energy_kwh("it_kw")
    delivered_kwh = lived.energy_kwh("delivered_kw")
    displaced_kwh = year.boiler_alone.energy_kwh("backup_kw") - lived.energy_kwh("backup_kw")
    recovered_kwh = delivered_kwh - (
        lived.energy_kwh("heat_pump_kw") - lived.energy_kwh("source_kw")
    )
    demand_kwh = year.heat_demand_kwh
    return Trial(
        archetype=archetype,
        economics=site.economics,
        power_kw_rated=site.computing.power_kw_rated,
        heat_demand_kwh=demand_kwh,
        heat_delivered_kwh=delivered_kwh,
        auxiliary_kwh=lived.energy_kwh("auxiliary_kw"),
        displaced_frac=max(0.0, displaced_kwh / demand_kwh) if demand_kwh else 0.0,
        used_frac=max(0.0, recovered_kwh / it_kwh) if it_kwh else 0.0,
        own_cost_per_kwh=site.economics.fuel_per_kwh / site.boiler.efficiency_frac,
    )


def of_trial(trial: Trial, *, heat_kwh: float | None = None) -> Screened:
    """Hold the cost of heat against the customer's own, for a customer of another heat.

    Customer, servers and plant grow together, so that every flow does and no year has to be run
    again; prices grow more slowly, see ``of_size``. One plant has at least SERVERS_KW_MIN and at
    most SERVERS_KW_MAX of servers; the rest of a larger customer's heat it leaves.
    """
    wanted = 1.0 if heat_kwh is None else heat_kwh / trial.heat_demand_kwh
    scale = min(wanted, SERVERS_KW_MAX / trial.power_kw_rated)
    if heat_kwh is None or scale * trial.power_kw_rated >= SERVERS_KW_MIN:
        return _at_scale(trial, scale, wanted)
    none = _at_scale(trial, SERVERS_KW_MIN / trial.power_kw_rated, wanted)
    least_kwh = trial.heat_demand_kwh * SERVERS_KW_MIN / trial.power_kw_rated
    return replace(
        none,
        outlook=Outlook.NO,
        why="too small: it would keep less than "
        f"{format_quantity('power_kw', SERVERS_KW_MIN)} of servers busy, which takes "
        f"{format_quantity('heat_kwh', least_kwh, decimals=0)} a year",
    )


def _at_scale(trial: Trial, scale: float, wanted: float) -> Screened:
    """Give a plant ``scale`` times as large at a customer ``wanted`` times as large."""
    economics = _dearer(trial.economics, scale)
    taken = scale / wanted if wanted > scale else 1.0
    operation = Operation(
        heat_delivered_kwh=scale * trial.heat_delivered_kwh,
        auxiliary_kwh=scale * trial.auxiliary_kwh,
        cooling_saved_kwh=0.0,
        heat_revenue=0.0,
    )
    cost, own = finance_of(economics, operation).delivery_cost_per_kwh, trial.own_cost_per_kwh
    auxiliary, delivered_kwh = (
        operation.auxiliary_kwh * economics.electricity_per_kwh,
        operation.heat_delivered_kwh,
    )
    outlook = _outlook(cost, own)
    why = _why(
        outlook, cost, own, trial.used_frac, auxiliary / delivered_kwh if delivered_kwh else 0.0
    )
    if taken < 1.0:
        why += f"; one plant of {format_quantity('power_kw', SERVERS_KW_MAX)} serves a part of it"
    return Screened(
        archetype=trial.archetype,
        power_kw_rated=scale * trial.power_kw_rated,
        heat_demand_kwh=wanted * trial.heat_demand_kwh,
        heat_delivered_kwh=delivered_kwh,
        displaced_frac=trial.displaced_frac * taken,
        used_frac=trial.used_frac,
        auxiliary_cost=auxiliary,
        delivery_cost_per_kwh=cost,
        own_cost_per_kwh=own,
        outlook=outlook,
        why=why,
    )


def _outlook(cost: float | None, own: float) -> Outlook:
    if cost is None or own <= 0 or cost > own * (1.0 - MARGINAL_FRAC):
        return Outlook.NO
    return Outlook.PROMISING if cost <= own * (1.0 - PROMISING_FRAC) else Outlook.MARGINAL


def _why(outlook: Outlook, cost: float | None, own: float, used: float, power_cost: float) -> str:
    """Say what decides: whether heat finds a taker, and what its cost is made of."""
    if cost is None:
        return "no heat is delivered: nobody wants any, or the servers are not warm enough"
    if own <= 0.0:
        return "the customer's own heat costs nothing, so none can be sold"
    taken = f"{_percent(used)} of the servers' heat is used"
    if outlook is not Outlook.NO:
        return f"{taken}; it costs {_percent(cost / own)} of the customer's own heat"
    over = f"it costs {_percent(cost / own - 1.0)} more than the customer's own"
    if power_cost >= own:
        return f"its electricity alone is dearer than the customer's own heat: {over}"
    if used < 0.5:
        return f"only {taken}, so the plant stands idle: {over}"
    if power_cost > 0.5 * cost:
        return f"electricity to lift it is {_percent(power_cost / cost)} of its cost: {over}"
    return f"the plant is {_percent(1.0 - power_cost / cost)} of its cost: {over}"


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac, decimals=0)


# --- The same plant at another place, and of another size


def at_prices(
    site: Site, *, electricity_per_kwh: float, fuel_per_kwh: float, per_currency: float
) -> Site:
    """Give the same site at other prices, its investment in the currency of these.

    ``per_currency`` is what one unit of the site's own currency is worth in it.
    """
    economics = site.economics
    return site.model_copy(
        update={
            "economics": economics.model_copy(
                update={
                    "electricity_per_kwh": electricity_per_kwh,
                    "fuel_per_kwh": fuel_per_kwh,
                    "upkeep_per_year": economics.upkeep_per_year * per_currency,
                    "grant_amount": 0.0,
                    "grants": (),
                    "investment": tuple(
                        item.model_copy(update={"amount": item.amount * per_currency})
                        for item in economics.investment
                    ),
                }
            )
        }
    )


_SCALED: Mapping[str, tuple[str, ...]] = {
    "computing": ("power_kw_rated",),
    "capture": ("flow_kgs", "pump_kw", "ua_kw_per_k"),
    "exchanger": ("ua_kw_per_k", "flow_kgs"),
    "heat_pump": ("heat_kw_rated",),
    "buffer": ("volume_m3",),
    "rejection": ("heat_kw_rated", "fan_kw_rated"),
    "delivery": ("flow_kgs", "pump_kw"),
}
"""what grows in proportion with the data centre; the customer stays as it is"""


def of_size(site: Site, power_kw_rated: float) -> Site:
    """Give the same site with a data centre of another size and a plant to match.

    Prices of parts go by the size to the power of 0.7, and upkeep with them; see ``_dearer``.
    """
    scale = power_kw_rated / site.computing.power_kw_rated
    changes: dict[str, object] = {}
    for table, fields in _SCALED.items():
        own = getattr(site, table)
        if own is not None:
            changes[table] = own.model_copy(
                update={name: scale * getattr(own, name) for name in fields}
            )
    pool_exchanger = site.delivery.exchanger
    if pool_exchanger is not None:
        larger = pool_exchanger.model_copy(
            update={name: scale * getattr(pool_exchanger, name) for name in _SCALED["exchanger"]}
        )
        delivery = site.delivery.model_copy(
            update={
                **{name: scale * getattr(site.delivery, name) for name in _SCALED["delivery"]},
                "exchanger": larger,
            }
        )
        changes["delivery"] = delivery
    changes["economics"] = _dearer(site.economics, scale)
    return site.model_copy(update=changes)


def _dearer(economics: Economics, scale: float) -> Economics:
    """Give the money of a plant of another size.

    The rule is known within a factor of ten: ten times as large, plants are built beside each
    other, and below a tenth nothing gets cheaper.
    """
    known = min(max(scale, 1.0 / _KNOWN_SCALE), _KNOWN_SCALE)
    dearer = known**_INVESTMENT_EXPONENT * max(1.0, scale / _KNOWN_SCALE)
    return economics.model_copy(
        update={
            "upkeep_per_year": dearer * economics.upkeep_per_year,
            "investment": tuple(
                item.model_copy(update={"amount": dearer * item.amount})
                for item in economics.investment
            ),
        }
    )
