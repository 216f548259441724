"""The heat network: what its customers take together, and how warm it takes heat in."""

import numpy as np

from exotherm.core.kernel import kernel
from exotherm.physics.building import degree_heat_kw, degree_hours_kh, loss_of_year_kw_per_k
from exotherm.physics.computing import FloatArray
from exotherm.physics.diversity import even_out, simultaneity_frac
from exotherm.physics.hot_water import (
    LITRES_C,
    cold_water_c,
    draw_shares,
    spread_over_days,
    warming_kwh,
)
from exotherm.physics.pipe import pair_loss_w_per_m
from exotherm.physics.supply_curve import NetworkCurve, network_supply_c
from exotherm.plant.demand.load import Acceptance, Load
from exotherm.plant.demand.year import Year
from exotherm.site.customers import Network

_SPREAD_K_MIN = 0.5


def network_loads(
    network: Network, year: Year, reference: Year, buildings_kw: FloatArray | None
) -> tuple[Load, ...]:
    """Give what a network takes in every hour of a year: one load, or two where it is fed back.

    ``buildings_kw`` is the heat of the buildings it serves, None where only its year is known.
    """
    asked_kw = _asked_kw(network, year, reference) if buildings_kw is None else buildings_kw
    heat_kw = even_out(asked_kw, year.day, share_left=simultaneity_frac(network.consumers))
    supply_c = network_supply_c(
        year.outdoor_c,
        NetworkCurve(
            supply_c_min=network.supply_c_min,
            supply_c_max=network.supply_c_max,
            knee_c=network.knee_c,
            slope=network.slope,
            return_c=network.return_c,
        ),
    )
    if network.feed == "supply":
        return (_into_supply(network, heat_kw, supply_c),)
    return _into_return(network, heat_kw, supply_c)


def _asked_kw(network: Network, year: Year, reference: Year) -> FloatArray:
    """Lay a network's known year on the hours: space heat by degree hours, hot water by draws."""
    space_kwh = network.heat_kwh * (1.0 - network.hot_water_frac)
    hours_kh = degree_hours_kh(reference.felt_c, balance_c=network.balance_c)
    loss = loss_of_year_kw_per_k(space_kwh, degree_hours_kh=hours_kh) if hours_kh else 0.0
    space_kw = degree_heat_kw(year.felt_c, balance_c=network.balance_c, loss_kw_per_k=loss)
    water_kwh = network.heat_kwh * network.hot_water_frac
    water_kw = _draws_kw(year) * (water_kwh / float(_draws_kw(reference).sum()))
    return np.asarray(space_kw + water_kw, dtype=np.float64)


def _draws_kw(year: Year) -> FloatArray:
    """Give the heat of flats that draw a litre a day."""
    litres = spread_over_days(1.0, draw_shares("apartment")[year.hour], year.day)
    return warming_kwh(
        litres, cold_c=cold_water_c(year.typical_day, southern=year.southern), hot_c=LITRES_C
    )


def _into_supply(network: Network, heat_kw: FloatArray, supply_c: FloatArray) -> Load:
    return_c = np.full_like(supply_c, network.return_c)
    carried_kw = heat_kw + _trench_kw(network, supply_c, return_c)
    return Load(
        name="heat network",
        heat_kw=carried_kw,
        supply_c=supply_c,
        return_c=return_c,
        heat_kw_max=float(carried_kw.max()),
        acceptance=Acceptance.WHOLE_LIFT,
    )


def _into_return(network: Network, heat_kw: FloatArray, supply_c: FloatArray) -> tuple[Load, ...]:
    """Split the heat at the temperature to which the return may be warmed.

    The network's whole flow passes the site and is lifted by a few kelvin; the pipe pair between
    them carries that water, and the site bears its loss. The rest is the network's own.
    """
    return_c = np.full_like(supply_c, network.return_c)
    spread_k = supply_c - return_c
    lift_k = np.minimum(network.return_lift_k, spread_k)
    lifted_c = return_c + lift_k
    lifted_kw = heat_kw * lift_k / spread_k
    carried_kw = lifted_kw + _trench_kw(network, lifted_c, return_c)
    own_kw = np.maximum(0.0, heat_kw - lifted_kw)
    return (
        Load(
            name="heat network: return",
            heat_kw=carried_kw,
            supply_c=lifted_c,
            return_c=return_c,
            heat_kw_max=float(carried_kw.max()),
        ),
        Load(
            name="heat network: own plant",
            heat_kw=own_kw,
            supply_c=supply_c,
            return_c=np.minimum(lifted_c, supply_c - _SPREAD_K_MIN),
            heat_kw_max=float(own_kw.max()),
            acceptance=Acceptance.OWN_PLANT,
        ),
    )


def _trench_kw(network: Network, supply_c: FloatArray, return_c: FloatArray) -> FloatArray:
    """Give what the pipe pair to the network loses, at all hours; warm ground gives nothing."""
    w_per_m = _pair_losses_w_per_m(supply_c, return_c, network.ground_c, network.pipe_w_per_mk)
    return np.asarray(np.maximum(0.0, w_per_m) * network.trench_m / 1000.0, dtype=np.float64)


@kernel
def _pair_losses_w_per_m(
    supply_c: FloatArray, return_c: FloatArray, ground_c: float, w_per_mk: float
) -> FloatArray:
    losses = np.empty_like(supply_c)
    for hour in range(supply_c.size):
        losses[hour] = pair_loss_w_per_m(supply_c[hour], return_c[hour], ground_c, w_per_mk)
    return losses
