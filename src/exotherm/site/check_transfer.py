"""Checks of the way from the coolant into the store: exchanger, temperatures, layers."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3
from exotherm.site.asked import Asked, asked_by
from exotherm.site.check_words import SiteCheck, celsius, kgs, kw, percent
from exotherm.site.document import Site
from exotherm.site.heat_path import (
    captured_kw,
    coolest_return_c,
    direct_kw,
    hot_c,
    serves_pool_alone,
)

# Below this share of the full server heat the exchangers, not the servers, size the project.
_PASSED_FRAC_MIN = 0.75
# Warming water by less than this share of what is asked does not pay for pipes.
_WARMED_FRAC_MIN = 0.25
_BUFFER_MIN = 5.0
_LAYER_S_MIN = 10.0
_REFERENCE_C = 60.0
# Condensers warm their water by 5 to 10 K; 8 K is EN 14511's rating at 47 to 55 °C.
_CONDENSER_RISE_K = 8.0


def _exchanger_is_of_use(site: Site, source: Source) -> Iterator[Finding]:
    """Check that something passes the exchanger beside a heat pump."""
    if site.exchanger is None or site.heat_pump is None:
        return
    warm_c, coolest_c = hot_c(site), coolest_return_c(site)
    if warm_c > coolest_c:
        return
    yield source.warning(
        "site.exchanger-idle",
        "exchanger",
        message=f"The coolant has at most {celsius(warm_c)} and the coolest water that comes back "
        f"{celsius(coolest_c)}: nothing passes the exchanger, the heat pump has all to do.",
        remedy="Remove `[exchanger]` and what it costs, or take warmer coolant.",
        coolant_c=round(warm_c, 3),
        return_c=round(coolest_c, 3),
    )


def _heat_reaches_somebody(site: Site, source: Source) -> Iterator[Finding]:
    """Check that coolant without a heat pump is warmer than what comes back, and usefully so."""
    asks = asked_by(site)
    # What a network takes is a check of its own.
    if site.heat_pump is not None or all(asked.path == ("network",) for asked in asks):
        return
    warm_c, coolest = hot_c(site), min(asks, key=lambda asked: asked.return_c_min)
    best = max(asks, key=lambda asked: _warmed_frac(asked, warm_c))
    place = ("capture", "coolant_c_set" if site.capture.has_coil else "coolant_c_max")
    says = f"The coolant leaves the servers with {celsius(warm_c)} at most."
    remedy = "Add a `[heat_pump]` that lifts the heat, or take servers with warmer coolant."
    warmed_frac = _warmed_frac(best, warm_c)
    if warm_c <= coolest.return_c_min:
        yield source.error(
            "site.coolant-too-cool",
            *place,
            message=f"{says} {coolest.who} has the coolest water of all, "
            f"{celsius(coolest.return_c_min)}: no heat passes, all of it would be rejected.",
            remedy=remedy,
            coolant_c=round(warm_c, 3),
            return_c=round(coolest.return_c_min, 3),
        )
    elif warmed_frac < _WARMED_FRAC_MIN:
        yield source.warning(
            "site.coolant-too-cool",
            *place,
            message=f"{says} {best.who}, for which it does most, is warmed by "
            f"{percent(warmed_frac)} of the way from {celsius(best.return_c)} to "
            f"{celsius(best.supply_c)}; most of the heat would be rejected.",
            remedy=remedy,
            coolant_c=round(warm_c, 3),
            warmed_frac=round(warmed_frac, 3),
        )


def _warmed_frac(asked: Asked, warm_c: float) -> float:
    """Give the share of the way from return to supply that water of ``warm_c`` goes, at most 1."""
    if asked.whole_lift and warm_c < asked.supply_c_min:
        return 0.0
    if warm_c >= asked.supply_c:
        return 1.0
    return max(0.0, (warm_c - asked.return_c) / (asked.supply_c - asked.return_c))


def _exchangers_pass_heat(site: Site, source: Source) -> Iterator[Finding]:
    """Check that exchangers alone pass most of what full servers give on a winter's day."""
    if site.exchanger is None or site.heat_pump is not None:
        return
    warm_c, passed_kw, full_kw = hot_c(site), direct_kw(site), captured_kw(site)
    if max(_warmed_frac(asked, warm_c) for asked in asked_by(site)) < _WARMED_FRAC_MIN:
        return
    if not 0.0 < passed_kw < _PASSED_FRAC_MIN * full_kw:
        return
    way = "the exchanger passes"
    to = "what comes back from the customers"
    if serves_pool_alone(site):
        assert site.pool is not None, "it is served alone"
        way, to = "the two exchangers pass", f"a pool of {celsius(site.pool.water_c_set)}"
    yield source.warning(
        "site.exchangers-limit-heat",
        "exchanger",
        "ua_kw_per_k",
        message=f"From coolant of {celsius(warm_c)} to {to} {way} {kw(passed_kw)} of the "
        f"{kw(full_kw)} that full servers give.",
        remedy="Enlarge the exchangers or their flows; what does not pass is rejected.",
        passed_kw=round(passed_kw, 3),
        captured_kw=round(full_kw, 3),
    )


def _buffer_lasts(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the buffer holds more than a few minutes of the customers' flow."""
    minutes = site.buffer.volume_m3 * 1000.0 / site.delivery.flow_kgs / 60.0
    if minutes < _BUFFER_MIN:
        yield source.warning(
            "site.buffer-too-small",
            "buffer",
            "volume_m3",
            message=f"The buffer's {format_quantity('volume_m3', site.buffer.volume_m3)} pass the "
            f"delivery pump in {format_quantity('buffer_min', minutes)}; less than "
            f"{format_quantity('buffer_min', _BUFFER_MIN)} make valves and pumps hunt.",
            remedy="Enlarge the buffer, or check `flow_kgs` of the delivery.",
            buffer_min=round(minutes, 3),
        )


def _layers_last(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no layer of the buffer is renewed faster than a plant can be reckoned in steps."""
    layer_kg = site.buffer.volume_m3 * density_kg_per_m3(_REFERENCE_C) / site.buffer.layers
    layer_s = layer_kg / _all_flows_kgs(site)
    if layer_s >= _LAYER_S_MIN:
        return
    layers = int(site.buffer.layers * layer_s / _LAYER_S_MIN)
    volume_m3 = site.buffer.volume_m3 * _LAYER_S_MIN / layer_s
    larger = f"enlarge the buffer to {format_quantity('volume_m3', volume_m3 + 0.005)}"
    fewer = f"Set `layers` to {layers} or fewer, or {larger}."
    yield source.error(
        "site.buffer-layer-too-thin",
        "buffer",
        "layers",
        message=f"What flows into and out of the buffer, {kgs(_all_flows_kgs(site))} at most, "
        f"renews one of its {site.buffer.layers} layers in "
        f"{format_quantity('layer_s', layer_s, decimals=1)}; in less than "
        f"{format_quantity('layer_s', _LAYER_S_MIN)} no layer stays.",
        remedy=fewer if layers else f"{larger[:1].upper()}{larger[1:]}: it is no store.",
        layer_s=round(layer_s, 3),
        layers=layers,
        volume_m3=round(volume_m3, 3),
    )


def _all_flows_kgs(site: Site) -> float:
    """Give what exchanger, heat pump and delivery move through the buffer together, at most."""
    flow_kgs = site.delivery.flow_kgs
    if site.exchanger is not None:
        flow_kgs += site.exchanger.flow_kgs
    if site.heat_pump is not None:
        rise_kj_per_kg = HEAT_CAPACITY_KJ_PER_KGK * _CONDENSER_RISE_K
        flow_kgs += site.heat_pump.heat_kw_rated / rise_kj_per_kg
    return flow_kgs


TRANSFER_CHECKS: tuple[SiteCheck, ...] = (
    _exchanger_is_of_use,
    _heat_reaches_somebody,
    _exchangers_pass_heat,
    _buffer_lasts,
    _layers_last,
)
