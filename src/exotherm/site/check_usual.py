"""Checks of single values of a site against what is usual at sites that exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from exotherm.core.documents import Document, Source
from exotherm.core.findings import Finding
from exotherm.core.slips import share_meant
from exotherm.core.toml_lines import Path, write_path
from exotherm.core.units import format_quantity
from exotherm.physics.boiler import GROSS_PER_NET
from exotherm.site.check_words import SiteCheck
from exotherm.site.customers import Building
from exotherm.site.document import Site
from exotherm.site.machines import BoilerFuel


@dataclass(frozen=True, slots=True)
class _Usual:
    """The range in which a value lies at sites that exist, and where that range is from."""

    path: tuple[str, ...]
    low: float
    high: float
    because: str


_USUAL = (
    _Usual(("weather", "outdoor_c_design"), 15, 50, "hottest hours of places people live in"),
    _Usual(("computing", "idle_frac"), 0.10, 0.60, "accelerator nodes 15 to 30 %, CPU 30 to 50 %"),
    _Usual(("computing", "ups_loss_frac"), 0, 0.12, "a double-conversion UPS loses 3 to 6 %"),
    _Usual(("capture", "heat_capacity_kj_per_kgk"), 1, 4.3, "dielectric oil 2.1, water 4.18"),
    _Usual(("capture", "room_c"), 15, 40, "recommended 18 to 27 °C, allowed to 45 °C at most"),
    _Usual(("capture", "air_rise_k"), 5, 25, "servers warm their air by 10 to 15 K"),
    _Usual(("air_cooling", "eer"), 1.5, 8, "air conditioners of server rooms 2.5 to 5"),
    _Usual(("exchanger", "fouling_frac"), 0, 0.4, "10 % treated water, 20 % pool water"),
    _Usual(("heat_pump", "efficiency_frac"), 0.30, 0.80, "0.55 at 100 kW to 0.75 at 10 MW"),
    _Usual(("heat_pump", "source_glide_k"), 2, 15, "3 to 8 K across evaporators"),
    _Usual(("heat_pump", "source_approach_k"), 0.5, 8, "plate exchangers, 1.5 to 3 K"),
    _Usual(("heat_pump", "cop_max"), 3, 10, "no machine is credited with more than 8"),
    _Usual(("buffer", "height_to_width"), 1, 6, "upright stores 2 to 4"),
    _Usual(("delivery", "exchanger", "fouling_frac"), 0, 0.4, "10 % treated, 20 % pool water"),
    _Usual(("delivery", "approach_k"), 0.5, 10, "plate exchangers, 1.5 to 3 K"),
    _Usual(("rejection", "lift_k_rated"), 3, 30, "dry coolers 10 to 15 K, towers 5 to 7 K"),
    _Usual(("rejection", "chiller_eer"), 2, 10, "cooling machines 3.5 to 6"),
    _Usual(("pool", "area_m2"), 20, 3000, "a school pool to a 50 m hall with its basins"),
    _Usual(("pool", "depth_m"), 0.3, 5, "a learner pool to a diving pit"),
    _Usual(("pool", "water_c_set"), 24, 36, "competition 26 to 28 °C, therapy 33 to 36 °C"),
    _Usual(("pool", "hall_air_c"), 22, 36, "one to two kelvin above the water, seldom over 31"),
    _Usual(("pool", "hall_humidity_frac"), 0.40, 0.70, "50 to 60 %"),
    _Usual(("pool", "air_speed_ms"), 0, 0.5, "0.1 m/s over still water indoors"),
    _Usual(("pool", "activity_occupied"), 0.4, 1.5, "0.7 to 0.8 measured, 1.0 for sizing"),
    _Usual(("pool", "activity_unoccupied"), 0.3, 1.0, "0.50 to 0.57 measured"),
    _Usual(("pool", "covered_frac"), 0.05, 1.0, "10 % of the area alone, 30 % with open edges"),
    _Usual(("pool", "bathers_per_day"), 0, 10_000, "a learner pool to a large leisure pool"),
    _Usual(("pool", "makeup_l_per_bather"), 0, 200, "30 l by law, 50 to 80 usual"),
    _Usual(("pool", "backwash_m3_per_week"), 0, 500, "4 to 6 m³ per filter"),
    _Usual(("pool", "mains_c_mean"), 4, 25, "10 °C in temperate places"),
    _Usual(("pool", "ventilation", "wet_area_frac"), 1, 3, "water and wet floor, 1.2 to 1.5"),
    _Usual(("network", "hot_water_frac"), 0.05, 0.70, "15 to 35 % in networks of flats"),
    _Usual(("network", "supply_c_min"), 40, 120, "fourth generation 65 °C, third 75 °C"),
    _Usual(("network", "return_c"), 20, 70, "25 to 40 °C in new networks, 40 to 60 °C in older"),
    _Usual(("network", "return_lift_k"), 1, 15, "operators accept a few kelvin"),
    _Usual(("network", "slope"), 0, 4, "1 to 2 K per kelvin of cold"),
    _Usual(("network", "trench_m"), 0, 5000, "further away the pipes cost more than the heat"),
    _Usual(("network", "pipe_w_per_mk"), 0.1, 0.6, "0.16 for DN25 to 0.27 for DN100"),
    _Usual(("carbon", "grid", "gco2e_per_kwh"), 5, 1200, "hydro to lignite, life cycle"),
    _Usual(("economics", "discount_frac"), 0.0, 0.20, "real rates of operators, 3 to 10 %"),
)
_COIL_LIMIT = _Usual(("capture", "coolant_c_max"), 15, 40, "water of air coolers up to 32 °C")
_COIL_HELD = _Usual(("capture", "coolant_c_set"), 6, 30, "rear doors and hall coolers 14 to 23 °C")
_USUAL_OF_CAPTURE: Mapping[str, tuple[_Usual, ...]] = {
    "immersion": (
        _Usual(("capture", "capture_frac"), 0.80, 1.0, "immersion captures 95 to 98 %"),
        _Usual(("capture", "coolant_c_max"), 30, 65, "immersion coolant leaves with 45 to 60 °C"),
    ),
    "cold plates": (
        _Usual(("capture", "capture_frac"), 0.50, 0.97, "60 to 80 % on processors, 95 % on all"),
        _Usual(("capture", "coolant_c_max"), 30, 70, "secondary returns stay below 65 °C"),
        _Usual(("capture", "coolant_c_set"), 15, 60, "cold plates are fed with 30 to 45 °C"),
        _Usual(("capture", "fall_per_k"), 0, 0.01, "0.003 to 0.005, 0 where insulated"),
    ),
    "passive rear door": (_COIL_LIMIT, _COIL_HELD),
    "active rear door": (
        _COIL_LIMIT,
        _COIL_HELD,
        _Usual(("capture", "fan_frac"), 0, 0.05, "door fans draw 1 to 2 % of the servers' power"),
    ),
    "hall cooler": (
        _Usual(("capture", "capture_frac"), 0.80, 1.0, "contained halls 95 to 100 %"),
        _COIL_LIMIT,
        _COIL_HELD,
        _Usual(("capture", "fan_frac"), 0.01, 0.15, "fans draw 3 to 8 % of the servers' power"),
    ),
}
_EFFICIENCY, _FACTOR = ("boiler", "efficiency_frac"), ("carbon", "fuel", "gco2e_per_kwh")
_PART_LOAD = ("boiler", "part_load_frac")
_RENEWED = ("economics", "boiler_renewal", "efficiency_frac")
_EFFICIENCIES = frozenset({_EFFICIENCY, _PART_LOAD, _RENEWED})
_PER_NET_OF_FUEL: Mapping[str, str] = {
    "natural gas": "natural gas",
    "propane": "liquefied gas",
    "heating oil": "heating oil",
    "wood pellets": "wood",
}
_USUAL_OF_FUEL: Mapping[BoilerFuel, tuple[_Usual, ...]] = {
    "natural gas": (
        _Usual(_EFFICIENCY, 0.60, 0.98, "old 65 %, condensing 84 to 90 %, gross"),
        _Usual(_FACTOR, 150, 400, "natural gas 213, gross"),
    ),
    "heating oil": (
        _Usual(_EFFICIENCY, 0.60, 0.98, "old 65 %, condensing 84 to 92 %, gross"),
        _Usual(_FACTOR, 200, 450, "heating oil about 310, gross"),
    ),
    "propane": (
        _Usual(_EFFICIENCY, 0.60, 0.98, "old 65 %, condensing 84 to 90 %, gross"),
        _Usual(_FACTOR, 180, 400, "propane about 240, gross"),
    ),
    "wood pellets": (
        _Usual(_EFFICIENCY, 0.55, 0.95, "70 to 90 %, gross"),
        _Usual(_FACTOR, 5, 150, "pellets 10 to 60, growth and transport included"),
    ),
    "electricity": (
        _Usual(_EFFICIENCY, 0.90, 1.0, "electric heaters 99 %"),
        _Usual(_FACTOR, 5, 1200, "that of the grid"),
    ),
    "district heat": (
        _Usual(_EFFICIENCY, 0.80, 1.0, "a station of district heat 95 to 100 %"),
        _Usual(_FACTOR, 2, 500, "waste heat to coal"),
    ),
}
# Of each building; beyond 400 kWh/m² hospitals lie, and mistakes.
_USUAL_OF_BUILDING = (
    _Usual(("floor_m2",), 50, 200_000, "a house to a hospital"),
    _Usual(("space_heat_kwh_per_m2",), 5, 400, "new houses 15 to 45, old stock 100 to 250"),
    _Usual(("set_c",), 15, 26, "19 to 21 °C, care home 23, hospital 22"),
    _Usual(("setback_k",), 0, 10, "2 to 4 K outside use"),
    _Usual(("gains_k",), 0, 12, "balance point 13 to 15 °C at 20 °C indoors"),
    _Usual(("outdoor_c_design",), -40, 12, "coldest hours of places people live in"),
    _Usual(("hot_water_l_per_m2_day",), 0, 10, "0.5 in offices to 3.5 in leisure centres"),
    _Usual(("hot_water_c",), 45, 75, "stores at 60 °C against legionella"),
    _Usual(("circulation_m_per_m2",), 0, 0.5, "0.03 to 0.12 m of loop per m² of floor"),
    _Usual(("circulation_w_per_m",), 3, 40, "8 to 12 W per metre insulated, 30 bare"),
    _Usual(("mains_c_mean",), 4, 25, "10 °C in temperate places"),
)
# Of a measured customer.
_USUAL_OF_MEASURED = (
    _Usual(("supply_c_design",), 25, 130, "a warm floor to an old heat network"),
    _Usual(("outdoor_c_design",), -40, 12, "coldest hours of places people live in"),
)
# Heat loss of a building by the kelvin: a new house to a glass hall.
_LOSS_W_PER_M2K_MIN, _LOSS_W_PER_M2K_MAX = 0.2, 6.0


def _values_are_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check single values against the ranges of sites that exist."""
    for usual in (*_USUAL, *_USUAL_OF_CAPTURE[site.capture.kind]):
        yield from _unusual(site, (), usual, source)
    yield from _fuel_is_usual(site, source)
    for index, building in enumerate(site.buildings):
        for usual in _USUAL_OF_BUILDING:
            explained = usual.path == ("space_heat_kwh_per_m2",) and building.loss_w_per_k
            if not explained:
                yield from _unusual(building, ("buildings", index), usual, source)
        yield from _unusual_loss(building, index, source)
    for index, measured in enumerate(site.measured):
        for usual in _USUAL_OF_MEASURED:
            yield from _unusual(measured, ("measured", index), usual, source)


def _fuel_is_usual(site: Site, source: Source) -> Iterator[Finding]:
    """Check what is burnt, and that efficiencies are on the gross calorific value of it."""
    fuel = site.boiler.fuel
    per_net = GROSS_PER_NET.get(_PER_NET_OF_FUEL.get(fuel, ""))
    for usual in _USUAL_OF_FUEL[fuel]:
        paths = _EFFICIENCIES if usual.path in _EFFICIENCIES else {usual.path}
        for path in sorted(paths):
            value, remedy = _value_at(site, path), ""
            if path in _EFFICIENCIES and per_net is not None and (value or 0.0) > usual.high:
                remedy = (
                    f"Where {value:g} is on the net calorific value of {fuel} (Hi, PCI, LHV), "
                    f"write it on the gross one: {(value or 0.0) / per_net:.2f}."
                )
            one = replace(usual, path=path)
            yield from _unusual(site, (), one, source, remedy=remedy)


def _unusual(
    document: Document, place: Path, usual: _Usual, source: Source, *, remedy: str = ""
) -> Iterator[Finding]:
    """Check one value of a document that stands at a place of the site file, where it has it."""
    value = _value_at(document, usual.path)
    if value is None or usual.low <= value <= usual.high:
        return
    path, name = (*place, *usual.path), usual.path[-1]
    meant = remedy or share_meant(name, value, lambda one: usual.low <= one <= usual.high)
    yield source.warning(
        "site.value-unusual",
        *path,
        message=f"`{write_path(path)}` is {format_quantity(name, value)}; usual is "
        f"{format_quantity(name, usual.low)} to {format_quantity(name, usual.high)}: "
        f"{usual.because}.",
        remedy=f"{meant} If it is as written, note beside it where it is from."
        if meant
        else "Correct the value, or note beside it where it is from.",
        value=value,
        low=usual.low,
        high=usual.high,
    )


def _unusual_loss(building: Building, index: int, source: Source) -> Iterator[Finding]:
    """Check a heat loss per kelvin by the floor that it belongs to."""
    if building.loss_w_per_k is None:
        return
    low = _LOSS_W_PER_M2K_MIN * building.floor_m2
    high = _LOSS_W_PER_M2K_MAX * building.floor_m2
    path = ("loss_w_per_k",)
    usual = _Usual(path, low, high, "0.2 to 6 W/K per m² of floor, a new house to a glass hall")
    yield from _unusual(building, ("buildings", index), usual, source)


def _value_at(document: Document, path: tuple[str, ...]) -> float | None:
    """Give a value by its path, or None where the document has it not."""
    value: object = document
    for part in path:
        if value is None:
            return None
        value = getattr(value, part)
    assert value is None or isinstance(value, int | float), path
    return None if value is None else float(value)


USUAL_CHECKS: tuple[SiteCheck, ...] = (_values_are_usual,)
