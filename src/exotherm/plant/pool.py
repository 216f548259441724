"""The pool of a plant: what its water loses in a step, and the heat it needs and welcomes."""

from typing import NamedTuple

from exotherm.core.kernel import inner_kernel
from exotherm.physics.evaporation import shah_evaporation_kgs, vdi_evaporation_kgs
from exotherm.physics.pool import convection_kw, evaporation_kgs
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, evaporation_heat_kj_per_kg
from exotherm.plant.parts import SHAH, VDI, Moment, PoolPart


class PoolNeed(NamedTuple):
    """What the pool loses in a step, and the heat it needs and would welcome."""

    evaporation_kw: float
    convection_kw: float
    makeup_kw: float
    ground_kw: float
    needed_kw: float
    welcome_kw: float


@inner_kernel
def pool_evaporated_kgs(
    pool: PoolPart, pool_c: float, activity: float, uncovered_frac: float
) -> float:
    """Give the water that evaporates from the pool by its method, the cover included."""
    if pool.evaporation == VDI:
        bare_kgs = vdi_evaporation_kgs(
            pool.area_m2, pool_c, pool.hall_air_c, pool.hall_humidity_frac, activity
        )
    elif pool.evaporation == SHAH:
        bare_kgs = shah_evaporation_kgs(
            pool.area_m2, pool_c, pool.hall_air_c, pool.hall_humidity_frac, activity
        )
    else:
        bare_kgs = evaporation_kgs(
            pool.area_m2,
            pool_c,
            pool.hall_air_c,
            pool.hall_humidity_frac,
            pool.air_speed_ms,
            activity,
        )
    return bare_kgs * uncovered_frac


@inner_kernel
def pool_need(pool: PoolPart, moment: Moment, pool_c: float, step_h: float) -> PoolNeed:
    """Give the pool's losses by their ways, and the heat it needs and welcomes.

    Losses follow the temperature at the start of the step, since the pool's time constant is
    weeks. Water that evaporates is refilled from the mains, so its warming counts as make-up.
    """
    if pool.area_m2 <= 0.0:
        return PoolNeed(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    evaporated_kgs = pool_evaporated_kgs(pool, pool_c, moment.activity, moment.uncovered_frac)
    evaporation_kw = evaporated_kgs * evaporation_heat_kj_per_kg(pool_c)
    dry_kw = convection_kw(pool.area_m2, pool_c, pool.hall_air_c, pool.convection_w_per_m2k)
    # No step exchanges more than the pool holds.
    content_kgs = pool.kwh_per_k / step_h / HEAT_CAPACITY_KJ_PER_KGK
    fresh_kgs = min(moment.makeup_kgs + evaporated_kgs, content_kgs)
    makeup_kw = fresh_kgs * HEAT_CAPACITY_KJ_PER_KGK * (pool_c - moment.mains_c)
    losses_kw = evaporation_kw + dry_kw + makeup_kw + pool.ground_loss_kw
    inertia = pool.kwh_per_k / step_h
    return PoolNeed(
        evaporation_kw,
        dry_kw,
        makeup_kw,
        pool.ground_loss_kw,
        max(0.0, losses_kw + inertia * (pool.c_set - pool_c)),
        max(0.0, losses_kw + inertia * (pool.c_max - pool_c)),
    )
