"""The store of a heat network: what it holds and what it loses."""

import math

from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, KJ_PER_KWH, density_kg_per_m3
from exotherm.site.heat_network import HeatNetwork


def store_kwh_of(network: HeatNetwork) -> float:
    """Give what the store holds between its filling and the return: V ρ c (T_full - T_return).

    It is filled with the supply of mild weather, which every source reaches that feeds it.
    """
    store = network.store
    if store is None:
        return 0.0
    stored_c = network.water.supply_c_min
    mass_kg = store.volume_m3 * density_kg_per_m3(stored_c)
    spread_k = stored_c - network.water.return_c
    return mass_kg * HEAT_CAPACITY_KJ_PER_KGK * spread_k / KJ_PER_KWH


def store_loss_frac_per_h_of(network: HeatNetwork) -> float:
    """Give the share of its content that the store loses in an hour.

    U A (T_full - T_ground) over what it holds, A of a cylinder as high as it is wide: 5.54 V^(2/3).
    All that is lost counts as lost from the content, so an empty store loses nothing.
    """
    store = network.store
    if store is None:
        return 0.0
    area_m2 = 1.5 * math.pi * (4.0 * store.volume_m3 / math.pi) ** (2.0 / 3.0)
    excess_k = network.water.supply_c_min - network.water.ground_c
    loss_kw = store.loss_w_per_m2k * area_m2 * excess_k / 1000.0
    return float(min(0.5, loss_kw / store_kwh_of(network)))
