"""The facts that a site file tells. Where it tells only a bound, the fact is a span."""

from collections.abc import Iterator

from exotherm.comply.refrigerants import refrigerant_laws
from exotherm.comply.values import UNBOUNDED, Several, Span, Value
from exotherm.site.document import Site
from exotherm.site.heat_path import captured_kw, hot_c
from exotherm.site.series import HOURS_OF_YEAR

Told = Iterator[tuple[str, Value, str]]
"""Name, value and the table of the file that tells it."""

# A connection is rarely agreed for more than twice of what can be drawn.
_CONNECTED_FRAC_MAX = 2.0
# A generator feeds at most all that is connected, and turns no less than this of its fuel to power.
_GENERATOR_EFFICIENCY_FRAC_MIN = 0.30
# A compressor's power follows from its heat by a COP of at least this, at its largest power.
_COP_MIN = 2.0
_MWH_OF_KW = HOURS_OF_YEAR / 1000.0
# A loop is half flow, half return; the narrowest pipe in use, DN 15, holds 0.2 l a metre.
_LARGE_STORE_M3 = 0.4
_LARGE_LOOP_M = 40.0
_BURNED = ("natural gas", "heating oil", "propane", "wood pellets")
_CARE = ("care home", "small hospital")
_WITH_SHOWERS = (*_CARE, "housing block", "leisure centre")


def site_facts(site: Site) -> Told:
    """Give every fact that the site file holds."""
    yield from _data_centre(site)
    yield from _waste_heat(site)
    yield from _cooling(site)
    yield from _heat_pump(site)
    yield from _users(site)
    yield from _hot_water(site)
    yield from _pool(site)
    yield from _network(site)
    yield from _plant(site)


def drawn_kw(site: Site) -> float:
    """Add up the most that the data centre draws, without the heat pump and the delivery's pumps.

    They only lift and bring the heat, and German law leaves such plant out.
    """
    it_kw, capture = site.computing.power_kw_rated, site.capture
    drawn = it_kw * (1.0 + site.computing.ups_loss_frac + capture.fan_frac)
    drawn += site.computing.controls_kw + capture.pump_kw + site.rejection.fan_kw_rated
    heat_kw = captured_kw(site)
    if site.air_cooling is not None:
        drawn += max(0.0, it_kw - heat_kw) / site.air_cooling.eer
    if site.rejection.chiller_eer is not None:
        drawn += heat_kw / site.rejection.chiller_eer
    return drawn


def _data_centre(site: Site) -> Told:
    computing, drawn = site.computing, drawn_kw(site)
    connected = Span(drawn, drawn * _CONNECTED_FRAC_MAX)
    idle_kw = computing.power_kw_rated * computing.idle_frac
    yield "it_power_kw_rated", Span.exactly(computing.power_kw_rated), "[computing]"
    yield "dc_input_kw_rated", connected, "sum of what [computing], [capture], [rejection] draw"
    yield (
        "dc_electricity_mwh",
        Span(idle_kw, drawn).times(_MWH_OF_KW),
        "[computing], idle or full all year",
    )
    yield (
        "generator_input_kw",
        Span(0.0, connected.high / _GENERATOR_EFFICIENCY_FRAC_MIN),
        "none to all that may be connected",
    )
    yield "induced_it_frac", Span.exactly(site.carbon.induced_frac), "[carbon]"
    if site.capture.kind != "immersion":
        yield "oil_volume_l", Span.exactly(0.0), "[capture]"


def _waste_heat(site: Site) -> Told:
    full_kw, idle_frac = captured_kw(site), site.computing.idle_frac
    idle_kw = captured_kw(site, power_frac=idle_frac) if idle_frac else 0.0
    a_year = Span(min(idle_kw, full_kw), full_kw).times(_MWH_OF_KW)
    warm_c = hot_c(site)
    coolest_c = warm_c if site.capture.floats else min(site.capture.coolant_c_set, warm_c)
    yield "waste_heat_mwh", a_year, "[capture], idle or full all year"
    yield "site_waste_heat_mwh", Span(a_year.low, UNBOUNDED), "at least [capture]'s"
    yield "waste_heat_c_mean", Span(coolest_c, warm_c), "[capture], between inlet and outlet"


def _cooling(site: Site) -> Told:
    machine = site.air_cooling is not None or site.rejection.chiller_eer is not None
    yield "cooler_kind", site.rejection.kind, "[rejection]"
    yield "cooler_heat_kw_rated", Span.exactly(site.rejection.heat_kw_rated), "[rejection]"
    yield "plant_outdoors", True, "[rejection], which gives heat to the open air"
    yield "cooling_machine", machine, "[air_cooling] and [rejection]"
    if not machine:
        for name in ("cooling_charge_tco2e", "cooling_charge_hfo_kg"):
            yield name, Span.exactly(0.0), "[air_cooling] and [rejection]"
    if site.rejection.kind != "adiabatic":
        yield "adiabatic_recirculates", False, "[rejection]"


def _heat_pump(site: Site) -> Told:
    pump, where = site.heat_pump, "[heat_pump]"
    yield "heat_pump", pump is not None, where
    if pump is None:
        for name in ("heat_kw_rated", "power_kw_rated"):
            yield f"heat_pump_{name}", Span.exactly(0.0), where
        for name in ("gwp", "charge_kg", "charge_tco2e"):
            yield f"refrigerant_{name}", Span.exactly(0.0), where
        yield "refrigerant_family", "none", where
        yield "refrigerant_safety_class", "none", where
        return
    law = refrigerant_laws()[pump.refrigerant]
    power = Span(pump.heat_kw_rated / pump.cop_max, pump.heat_kw_rated / _COP_MIN)
    yield "heat_pump_heat_kw_rated", Span.exactly(pump.heat_kw_rated), where
    yield "heat_pump_power_kw_rated", power, f"{where}, by a COP of 2 or more"
    yield "refrigerant_gwp", Span.exactly(law.gwp), where
    yield "refrigerant_family", law.family, where
    yield "refrigerant_safety_class", law.safety_class, where


def _users(site: Site) -> Told:
    kinds = tuple(dict.fromkeys(building.kind for building in site.buildings))
    # What a network or a measured customer is used for stands in no file.
    complete = site.network is None and not site.measured
    buildings = Several(kinds, complete=complete)
    yield "building_kinds", buildings, "[[buildings]]"
    homes = buildings.any_of(("housing block",))
    if homes is not None:
        yield "homes", homes, "[[buildings]]"
    if homes is False:
        yield "homes_metered", False, "[[buildings]]"
    yield "heat_buildings", _buildings(site), "[[buildings]], [[measured]], [pool], [network]"


def _buildings(site: Site) -> Span:
    separate = len(site.buildings) + len(site.measured)
    pool = int(site.pool is not None)
    # A pool may lie in one of the buildings.
    least = max(separate, pool)
    if site.network is not None:
        return Span(max(least, site.network.consumers), UNBOUNDED)
    return Span(least, separate + pool)


def _hot_water(site: Site) -> Told:
    drawing = [one for one in site.buildings if one.hot_water_l_per_m2_day > 0.0]
    complete, where = site.network is None and not site.measured, "[[buildings]]"
    if drawing or complete:
        yield "hot_water", bool(drawing), where
    if not drawing and complete:
        yield "hot_water_large", False, where
        yield "showers", False, where
    if any(
        one.preheat_store_m3 > _LARGE_STORE_M3
        or one.circulation_m_per_m2 * one.floor_m2 > _LARGE_LOOP_M
        for one in drawing
    ):
        yield "hot_water_large", True, where
    if any(one.kind in _WITH_SHOWERS for one in drawing):
        yield "showers", True, where


def _pool(site: Site) -> Told:
    yield "pool", site.pool is not None, "[pool]"
    if site.pool is None:
        yield "pool_public", False, "[pool]"


def _network(site: Site) -> Told:
    network, where = site.network, "[network]"
    yield "network", network is not None, where
    if network is None:
        yield "reused_by_network_frac", Span.exactly(0.0), where
        return
    yield "trench_m", Span.exactly(network.trench_m), where
    yield "network_within_5_km", True, where


def _plant(site: Site) -> Told:
    boiler, where = site.boiler, "[boiler]"
    input_kw = Span.exactly(0.0)
    if boiler.fuel in _BURNED:
        # The rating counts the net calorific value, the file's efficiency the gross one.
        input_kw = Span(boiler.heat_kw_rated, boiler.heat_kw_rated / boiler.efficiency_frac)
    yield "boiler_input_kw", input_kw, where
    yield "grant_received", site.economics.grant_amount > 0.0, "[economics]"
    if any(meter.profile == "heat-meter" for meter in site.meters):
        yield "heat_meter_remote", True, "[[meters]]"
