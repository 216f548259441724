"""The way of the heat from the coolant to the pool: what the two exchangers let pass."""

from dataclasses import dataclass

from exotherm.physics.exchanger import conductance_kw_per_k
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.site.document import Exchanger, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPath:
    """Heat per kelvin between the inlets of each exchanger in service, fouling included."""

    exchanger_kw_per_k: float
    """from the coolant to the buffer"""
    delivery_kw_per_k: float
    """from the buffer to the pool"""

    def heat_kw(self, *, coolant_c: float, pool_c: float) -> float:
        """Give the heat that passes steadily through both, with a mixed buffer without loss."""
        if not (self.exchanger_kw_per_k and self.delivery_kw_per_k):
            return 0.0
        resistance_k_per_kw = 1.0 / self.exchanger_kw_per_k + 1.0 / self.delivery_kw_per_k
        return (coolant_c - pool_c) / resistance_k_per_kw


def heat_path_of(site: Site) -> HeatPath:
    """Work out what a site's exchangers let pass per kelvin."""
    coolant_kw_per_k = site.capture.flow_kgs * site.capture.heat_capacity_kj_per_kgk
    delivery = site.delivery
    return HeatPath(
        exchanger_kw_per_k=_in_service(
            site.exchanger,
            hot_kw_per_k=coolant_kw_per_k,
            cold_kw_per_k=site.exchanger.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK,
        ),
        delivery_kw_per_k=_in_service(
            delivery.exchanger,
            hot_kw_per_k=delivery.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK,
            cold_kw_per_k=delivery.exchanger.flow_kgs * HEAT_CAPACITY_KJ_PER_KGK,
        ),
    )


def captured_kw(site: Site, *, power_frac: float = 1.0) -> float:
    """Give the server heat that the coolant takes up at a share of the rated power."""
    return site.computing.power_kw_rated * power_frac * site.capture.capture_frac


def _in_service(exchanger: Exchanger, *, hot_kw_per_k: float, cold_kw_per_k: float) -> float:
    in_service = exchanger.ua_kw_per_k * (1.0 - exchanger.fouling_frac)
    return conductance_kw_per_k(in_service, hot_kw_per_k, cold_kw_per_k)
