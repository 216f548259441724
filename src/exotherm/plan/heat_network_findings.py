"""What stands against a heat network once its year is known: pipes, cold buildings, heat short."""

import math
from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.sentences import counted
from exotherm.core.units import format_quantity
from exotherm.physics.pipe import bonded_pipe
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK
from exotherm.plan.heat_network_study import NetworkStudy, PipeYear
from exotherm.plant.heat_network.laid import Laid, feeds_return
from exotherm.plant.heat_network.pipes import speed_ms_max
from exotherm.site.heat_network import HeatNetwork

_LOSS_FRAC_MAX = 0.30
_SHORT_KWH = 1.0
_SHORT_H = 1.0


def findings_of_network(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    """Give what stands against a network in its year, at the lines of its file."""
    yield from _heat_short(study, source)
    yield from _pipes_narrow(study, source)
    yield from _sources_beyond_pipes(study, source)
    yield from _buildings_cold(study, source)
    yield from _losses_high(study, source)


def _heat_short(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    unmet_kw = study.year.routed.unmet_kw
    unmet_kwh = float(unmet_kw.sum())
    if unmet_kwh < _SHORT_KWH:
        return
    hours, most_kw = int((unmet_kw > 1e-3).sum()), float(unmet_kw.max())
    yield source.error(
        "network.heat-short",
        "plants" if study.year.laid.network.plants else "network",
        message=f"In {counted(hours, 'hour')} of the year nobody gives all the heat: "
        f"{format_quantity('heat_kwh', unmet_kwh)} are missing, "
        f"{format_quantity('heat_kw', most_kw)} in the worst hour.",
        remedy="Enlarge a plant or the store, move an overhaul, or connect less.",
        unmet_kwh=round(unmet_kwh, 3),
        heat_kw=round(most_kw, 3),
    )


def _pipes_narrow(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    network = study.year.laid.network
    for pipe in study.pipes:
        said = " and ".join(_strains(network, pipe))
        if said:
            given = network.pipes[pipe.number]
            yield source.warning(
                "network.pipe-too-narrow",
                "pipes",
                pipe.number,
                "dn",
                message=f"On the busiest hour the pipe from “{given.from_node}” to "
                f"“{given.to_node}” has {said}.",
                remedy=f"Take a larger size than DN {given.dn}, or cool the return further.",
                speed_ms=round(pipe.speed_ms, 3),
                fall_pa_per_m=round(pipe.fall_pa_per_m, 1),
            )


def _strains(network: HeatNetwork, pipe: PipeYear) -> Iterator[str]:
    most_ms = speed_ms_max(network.pipes[pipe.number].dn)
    if pipe.fall_pa_per_m > network.pumps.fall_pa_per_m:
        yield (
            f"{format_quantity('fall_pa_per_m', pipe.fall_pa_per_m)} of friction, laid out for "
            f"{format_quantity('fall_pa_per_m', network.pumps.fall_pa_per_m)}"
        )
    if pipe.speed_ms > most_ms:
        yield (
            f"{format_quantity('speed_ms', pipe.speed_ms)}, where {most_ms:g} m/s is the most for "
            "its size"
        )


def _sources_beyond_pipes(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    """Find sources whose heat is more than the pipes at their node carry at the greatest speed."""
    laid = study.year.laid
    centres = len(laid.network.data_centres)
    for number, one in enumerate(laid.sources):
        carried_kw = _carried_kw(laid, one.node)
        heat_kw = float(study.year.sources.heat_kw_max[:, number].max())
        if one.node == laid.network.network.plant_node or heat_kw <= carried_kw:
            continue
        if feeds_return(one):
            continue
        table, place = (
            ("data_centres", number) if number < centres else ("plants", number - centres)
        )
        yield source.warning(
            "network.source-beyond-pipe",
            table,
            place,
            "node",
            message=f"“{one.name}” could give {format_quantity('heat_kw', heat_kw)}, and the pipes "
            f"at “{one.node}” carry {format_quantity('heat_kw', carried_kw)} at the most.",
            remedy="Take larger pipes, feed in elsewhere, or count on less.",
            carried_kw=round(carried_kw, 1),
        )


def _carried_kw(laid: Laid, node: str) -> float:
    """Give the heat that the pipes at a node carry at the greatest speed, in mild weather."""
    water = laid.network.water
    kw_per_m3s = 1000.0 * HEAT_CAPACITY_KJ_PER_KGK * (water.supply_c_min - water.return_c)
    return sum(
        0.25
        * math.pi
        * bonded_pipe(pipe.dn, pipe.series).bore_m ** 2
        * speed_ms_max(pipe.dn)
        * kw_per_m3s
        for pipe in laid.network.pipes
        if node in (pipe.from_node, pipe.to_node)
    )


def _buildings_cold(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    for number, building in enumerate(study.buildings):
        if building.cold_h >= _SHORT_H:
            yield source.warning(
                "network.building-too-cold",
                "buildings",
                number,
                message=f"In {counted(building.cold_h, 'hour')} the network is colder at "
                f"“{building.name}” than its heating or hot water asks, "
                f"{format_quantity('supply_c', building.supply_c_min)} at the least.",
                remedy="Raise the supply's curve, lower what the building asks (`emitter`, "
                "`hot_water_c`, `station_k`), or insulate the pipe to it better.",
                cold_h=building.cold_h,
                supply_c_min=round(building.supply_c_min, 2),
            )


def _losses_high(study: NetworkStudy, source: Source) -> Iterator[Finding]:
    lost_kwh = float(study.year.flows.loss_kw.sum())
    taken_kwh = float(study.year.laid.demand.heat_kw.sum())
    share = lost_kwh / (lost_kwh + taken_kwh)
    if share > _LOSS_FRAC_MAX:
        yield source.warning(
            "network.losses-high",
            "water",
            message=f"The pipes lose {format_quantity('loss_frac', share)} of all heat; new "
            "networks lose 10 to 20 %.",
            remedy="Take thicker insulation (`series`), smaller pipes, a cooler network, or "
            "buildings that lie closer.",
            loss_frac=round(share, 4),
        )
