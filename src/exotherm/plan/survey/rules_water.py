"""Rules of water: condensate, drains, what the system is filled with, glycol, Legionella."""

from collections.abc import Iterator

from exotherm.core.units import format_quantity
from exotherm.physics.moist_air import dew_point_c
from exotherm.plan.survey.items import Case, Days, Item
from exotherm.plan.survey.size import coldest_water_c

_DEW_POINT_C_MAX = 24.0
"""dew point that no room passes, pool halls with their 21 °C included; above it air is no matter"""
_STORE_C_MIN = 60.0
_W551 = "store at 60 °C or more: DVGW W 551, HSG274 part 2"
_VDI = "VDI 2035 part 1 (2021), table of guide values, as others write of it: verify"
_SOFT = 0.05
# By heat of the generators up to kW: mmol/l up to 20, up to 40, and above 40 l/kW.
_HARDNESS_MAX: tuple[tuple[float, tuple[float, float, float]], ...] = (
    (50.0, (3.0, 1.5, _SOFT)),
    (200.0, (2.0, 1.0, _SOFT)),
    (600.0, (1.5, _SOFT, _SOFT)),
    (float("inf"), (_SOFT, _SOFT, _SOFT)),
)


def hardness_limit_mmol_per_l(heat_kw: float, fill_m3: float) -> float:
    """Give the hardness up to which a heating system may be filled, by VDI 2035 part 1 of 2021.

    ``heat_kw`` is that of all heat generators, above nought. The row up to 50 kW is that of
    generators with little water, the stricter one.
    """
    litres_per_kw = 1000.0 * fill_m3 / heat_kw
    row = next(limits for up_to_kw, limits in _HARDNESS_MAX if heat_kw <= up_to_kw)
    return row[0] if litres_per_kw <= 20.0 else row[1] if litres_per_kw <= 40.0 else row[2]


def cold_water_does_not_sweat(case: Case) -> Iterator[Item]:
    """Water colder than the dew point of the room's air runs in pipes insulated against vapour."""
    coldest_c = coldest_water_c(case.site)
    for index, place in enumerate(case.survey.places):
        cold = set(place.holds) & {"servers", "heat pump", "exchanger"}
        if not cold or place.vapour_tight or place.level in ("outdoors", "roof"):
            continue
        air_c, humidity = place.air_c_max, place.humidity_frac_max
        water = format_quantity("_c", coldest_c)
        if air_c is None or humidity is None:
            if coldest_c < _DEW_POINT_C_MAX:
                yield case.unknown(
                    "condensate",
                    "places",
                    index,
                    "air_c_max" if air_c is None else "humidity_frac_max",
                    what=f"How warm and humid the air of `{place.name}` is",
                    risks=f"pipes of {water} that sweat",
                    find_out="Log it for a week in summer.",
                    price=(("vapour insulation", 1),),
                    likelihood="0.5",
                )
            continue
        dew_c = dew_point_c(air_c, humidity)
        if coldest_c < dew_c:
            yield case.found(
                "condensate",
                "places",
                index,
                "vapour_tight",
                what=f"The coldest water has {water}, the air of `{place.name}` a dew point of "
                f"{format_quantity('_c', dew_c)}: pipes and plant sweat.",
                remedy="Insulate against vapour without a gap, or dry the air.",
                price=(("vapour insulation", 1),),
                likelihood="0.5" if place.vapour_tight is None else "1",
                because="dew point by Magnus",
            )


def there_is_a_drain(case: Case) -> Iterator[Item]:
    """Condensate, relief valves and an emptied tank have somewhere to go."""
    for index, place in enumerate(case.survey.places):
        if not set(place.holds) & {"heat pump", "tank", "exchanger"} or place.level == "outdoors":
            continue
        path, price = ("places", index, "drain"), (("drain", 1.0),)
        if place.drain is False:
            yield case.found(
                "drain",
                *path,
                what=f"`{place.name}` has no drain.",
                remedy="Lay one, or set a pump that lifts the condensate.",
                price=price,
            )
        elif place.drain is None:
            yield case.unknown(
                "drain",
                *path,
                what=f"Whether `{place.name}` has a drain",
                risks="water on the floor",
                find_out="Look, and pour a bucket into it.",
                price=price,
                likelihood="0.3",
            )


def fill_water_is_soft(case: Case) -> Iterator[Item]:
    """The water that the system is filled with is as soft as its volume and heat ask."""
    water, heat_kw = case.survey.water, case.site.boiler.heat_kw_rated
    if water.treated:
        return
    fill_m3, hardness = water.fill_m3, water.hardness_mmol_per_l
    if fill_m3 is None or hardness is None:
        what = "The hardness of the fill water" if fill_m3 else "The system's water content"
        yield case.unknown(
            "fill-water",
            "water",
            "fill_m3" if fill_m3 is None else "hardness_mmol_per_l",
            what=what,
            risks="scale and corrosion in exchangers, and a warranty that is void",
            find_out="Read it off the papers of the system, or the water supplier's analysis.",
            price=(("water set", 1), ("treated fill", fill_m3 or 5.0)),
            likelihood="0.5",
            because=_VDI,
        )
        return
    if not heat_kw:
        return
    limit = hardness_limit_mmol_per_l(heat_kw, fill_m3)
    if hardness > limit:
        per_kw = format_quantity("_l", 1000.0 * fill_m3 / heat_kw)
        yield case.found(
            "fill-water",
            "water",
            "hardness_mmol_per_l",
            what=f"The water has {format_quantity('_mmol_per_l', hardness)}; with {per_kw} per kW "
            f"of boiler {format_quantity('_mmol_per_l', limit)} are the guide value.",
            remedy="Fill by a demineraliser, and note it in the log of the system.",
            price=(("water set", 1), ("treated fill", fill_m3)),
            because=_VDI,
        )


def glycol_stays_apart(case: Case) -> Iterator[Item]:
    """Antifreeze is priced, and never one wall away from water that people bathe in or drink."""
    water = case.survey.water
    if water.glycol == "none":
        return
    if water.glycol is None:
        yield case.unknown(
            "glycol",
            "water",
            "glycol",
            what="Whether a loop of the plant holds glycol",
            risks="a fill that nobody has priced and a second wall that is missing",
            find_out="Ask the makers of cooler and servers.",
            price=(("glycol", 0.2),),
            likelihood="0.3",
        )
        return
    yield from _glycol_beside_people(case)
    volume_m3, frac = water.glycol_m3, water.glycol_frac
    if volume_m3 is None or frac is None:
        yield case.unknown(
            "glycol",
            "water",
            "glycol_m3" if volume_m3 is None else "glycol_frac",
            what="How much glycol the loop holds",
            risks="a fill that nobody has priced",
            find_out="Reckon the content of pipes, cooler and exchanger.",
            price=(("glycol", 0.3),),
            likelihood="0.5",
        )
    else:
        yield case.found(
            "glycol",
            "water",
            "glycol_m3",
            what=f"The loop is filled with {format_quantity('_m3', volume_m3 * frac)} of "
            f"{water.glycol} glycol.",
            remedy="Price its disposal as well, and size pumps and exchangers for it.",
            price=(("glycol", volume_m3 * frac),),
        )


def _glycol_beside_people(case: Case) -> Iterator[Item]:
    water = case.survey.water
    beside = case.site.pool is not None or _warms_drinking_water(case)
    if not beside or water.glycol_apart:
        return
    because = "ethylene glycol is fluid category 4, propylene 3: EN 1717"
    if water.glycol == "ethylene" and water.glycol_apart is False:
        yield case.found(
            "glycol",
            "water",
            "glycol_apart",
            what="Ethylene glycol is one wall away from water that people bathe in or drink.",
            remedy="Set a loop of water between them, or take propylene glycol and a second wall.",
            because=because,
            is_stop=True,
        )
        return
    price = (("loop apart", 1.0),)
    if water.glycol_apart is False:
        yield case.found(
            "glycol",
            "water",
            "glycol_apart",
            what="Propylene glycol is one wall away from water that people bathe in or drink.",
            remedy="Set a loop of water between them, or an exchanger with double walls.",
            price=price,
            because=because,
        )
        return
    yield case.unknown(
        "glycol",
        "water",
        "glycol_apart",
        what="What keeps glycol from water that people bathe in or drink",
        risks="a poisoned supply",
        find_out="Draw the loops with every wall between them.",
        price=price,
        likelihood="0.5",
        because=because,
    )


def _warms_drinking_water(case: Case) -> bool:
    served = any(one.hot_water_l_per_m2_day for one in case.site.buildings)
    return bool(case.survey.hot_water.served) or (served and case.site.network is None)


def hot_water_is_safe(case: Case) -> Iterator[Item]:
    """Where drinking water is warmed, its store is hot, its pipes flow and its risk is assessed."""
    water = case.survey.hot_water
    if not _warms_drinking_water(case):
        return
    if water.store_c is None:
        yield _hygiene_unknown(
            case, "store_c", "The temperature of the hot-water store", "hotter store"
        )
    elif water.store_c < _STORE_C_MIN:
        yield case.found(
            "legionella",
            "hot_water",
            "store_c",
            what=f"Hot water leaves the store with {format_quantity('_c', water.store_c)}; "
            f"{format_quantity('_c', _STORE_C_MIN)} kill Legionella.",
            remedy="Let the boiler heat the store after the preheating, each day.",
            price=(("hotter store", 1),),
            because=_W551,
        )
    if water.dead_legs:
        yield case.found(
            "legionella",
            "hot_water",
            "dead_legs",
            what="There are hot-water pipes without flow.",
            remedy="Cut them off at the branch.",
            price=(("dead legs", 1),),
            because=_W551,
        )
    elif water.dead_legs is None:
        yield _hygiene_unknown(
            case, "dead_legs", "Whether there are hot-water pipes without flow", "dead legs"
        )
    if not water.assessed:
        yield case.found(
            "legionella",
            "hot_water",
            "assessed",
            what="No risk assessment of the hot water is at hand.",
            remedy="Have one made before the preheating is added.",
            price=(("hygiene assessment", 1),),
            likelihood="1" if water.assessed is False else "0.5",
            because=_W551,
            is_open=water.assessed is None,
        )


def _hygiene_unknown(case: Case, name: str, what: str, rate: str) -> Item:
    return case.unknown(
        "legionella",
        "hot_water",
        name,
        what=what,
        risks="Legionella in showers",
        find_out="Measure at the store and at the furthest tap.",
        price=((rate, 1),),
        likelihood="0.3",
        because=_W551,
    )


def wet_coolers_are_watched(case: Case) -> Iterator[Item]:
    """A cooler that sprays is registered, sampled and looked after."""
    if case.site.rejection.kind not in ("open wet", "closed wet"):
        return
    yield case.found(
        "wet-cooler",
        "hot_water",
        what="The cooler sprays water, which may carry Legionella to the neighbours.",
        remedy="Assess it, register it, and price its water treatment and samples each year.",
        price=(("hygiene assessment", 1), ("water set", 1)),
        days=Days(10, 20, 45),
        because="evaporative coolers: 42. BImSchV, HSG274 part 1",
    )


WATER_RULES = (
    cold_water_does_not_sweat,
    there_is_a_drain,
    fill_water_is_soft,
    glycol_stays_apart,
    hot_water_is_safe,
    wet_coolers_are_watched,
)
