"""Rules of the places: what floors carry, what passes doors, where a crane is needed."""

from collections.abc import Iterator

from exotherm.core.units import format_quantity
from exotherm.plan.survey.items import Case, Days, Item
from exotherm.plan.survey.size import Tank, load_kn_per_m2, tank_of
from exotherm.site.survey.premises import Place

# Floors of plant rooms carry 5 to 7.5 kN/m², of dwellings 1.5 to 2 (EN 1991-1-1, table 6.2, 6.4).
_EN_1991 = "load on a floor: EN 1991-1-1"
_DOOR_SPARE_M = 0.05
_CEILING_SPARE_M = 0.05
_CLEARANCE_M = 0.8
_AROUND_M = 0.6
_STAIRS_KG_MAX = 250.0
_CRANE_KG_MIN = 1000.0
_BEARS_ON_GROUND = ("outdoors", "basement", "ground floor")


def places_are_named(case: Case) -> Iterator[Item]:
    """Tank and heat pump, which are heavy and large, stand somewhere that was looked at."""
    pump = case.site.heat_pump is not None and case.survey.places
    if pump and not any("heat pump" in place.holds for place in case.survey.places):
        yield case.unknown(
            "clearance",
            "places",
            what="Where the heat pump is to stand",
            risks="a room without its air, its drain and its clearances",
            find_out='Name the place in `[[places]]` with `holds = ["heat pump"]`.',
            price=(("rearranging", 1), ("drain", 1), ("vibration isolators", 1)),
            likelihood="0.5",
        )
    if not any("tank" in place.holds for place in case.survey.places):
        yield case.unknown(
            "floor-load",
            "places",
            what="Where the tank is to stand",
            risks="a floor that does not carry it and a door that it does not pass",
            find_out='Name the place in `[[places]]` with `holds = ["tank"]`.',
            price=(("structural check", 1), ("strengthening", tank_of(case.site).floor_m2 * 3)),
            days=Days(0, 30, 90),
            likelihood="0.5",
        )


def floors_carry(case: Case) -> Iterator[Item]:
    """Floors, roofs and ground carry the tank and the heaviest other thing."""
    tank = tank_of(case.site)
    for index, place in enumerate(case.survey.places):
        if "tank" in place.holds:
            yield from _carries(case, index, place, "the tank", tank.full_kg, tank.floor_m2)
        if place.load_kg is not None and place.load_area_m2 is not None:
            mass_kg, floor_m2 = place.load_kg, place.load_area_m2
            yield from _carries(case, index, place, "the heaviest thing", mass_kg, floor_m2)
        elif set(place.holds) & {"servers", "heat pump", "cooler"}:
            yield from _mass_unknown(case, index, place)


def _mass_unknown(case: Case, index: int, place: Place) -> Iterator[Item]:
    name = "load_kg" if place.load_kg is None else "load_area_m2"
    frac = "0.1" if place.level in _BEARS_ON_GROUND else "0.3"
    yield case.unknown(
        "floor-load",
        "places",
        index,
        name,
        what=f"What the {_listed(place)} in `{place.name}` weigh and stand on",
        risks="a floor that does not carry them",
        find_out="Take mass and base from the makers' sheets: `load_kg` and `load_area_m2`.",
        price=(("structural check", 1),),
        days=Days(0, 10, 30),
        likelihood=frac,
        because=_EN_1991,
    )


def _listed(place: Place) -> str:
    return " and ".join(one for one in place.holds if one in ("servers", "heat pump", "cooler"))


def _carries(
    case: Case, index: int, place: Place, what: str, mass_kg: float, floor_m2: float
) -> Iterator[Item]:
    """Hold one thing against the floor under it; a frame spreads it where there is floor."""
    path = ("places", index, "floor_kn_per_m2")
    load, allowed = load_kn_per_m2(mass_kg, floor_m2), place.floor_kn_per_m2
    heavy = f"{format_quantity('_kg', mass_kg)} on {format_quantity('_m2', floor_m2, decimals=1)}"
    if allowed is None:
        grounded = place.level in _BEARS_ON_GROUND
        yield case.unknown(
            "floor-load",
            *path,
            what=f"What the floor of `{place.name}` carries",
            risks=f"a floor too weak for {what}, {heavy}, {format_quantity('_kn_per_m2', load)}",
            find_out="Read the structural papers, or have a structural engineer state it.",
            price=(
                ("structural check", 1),
                ("foundation" if grounded else "strengthening", 2.0 * floor_m2),
            ),
            days=Days(0, 14, 45) if grounded else Days(0, 45, 120),
            likelihood="0.2" if grounded else "0.6",
            because=_EN_1991,
        )
        return
    if load <= allowed:
        return
    needed_m2 = mass_kg * 9.81 / 1000.0 / allowed
    says = (
        f"{what.capitalize()} loads the floor of `{place.name}` with "
        f"{format_quantity('_kn_per_m2', load)}, {heavy}; it carries "
        f"{format_quantity('_kn_per_m2', allowed)}"
    )
    if place.level not in _BEARS_ON_GROUND and (place.area_m2 or 0.0) < needed_m2:
        yield _too_weak(case, path, place, says, needed_m2)
        return
    frame = place.level not in _BEARS_ON_GROUND
    yield case.found(
        "floor-load",
        *path,
        what=f"{says}: it has to be spread over {format_quantity('_m2', needed_m2, decimals=1)}.",
        remedy="Have a structural engineer draw "
        + ("a frame that spreads it." if frame else "a foundation."),
        price=(("structural check", 1), ("spreader frame" if frame else "foundation", needed_m2)),
        days=Days(7, 21, 45),
        because=_EN_1991,
    )


def _too_weak(
    case: Case, path: tuple[str | int, ...], place: Place, says: str, needed_m2: float
) -> Item:
    needed = format_quantity("_m2", needed_m2, decimals=1)
    if place.area_m2 is None:
        return case.unknown(
            "floor-load",
            *path[:-1],
            "area_m2",
            what=f"{says}. Whether there are {needed} to spread it over",
            risks="that it cannot stand there",
            find_out="Measure the free floor: `area_m2`.",
            price=(("structural check", 1), ("strengthening", needed_m2)),
            days=Days(0, 45, 120),
            likelihood="0.5",
            because=_EN_1991,
        )
    return case.found(
        "floor-load",
        *path,
        what=f"{says}, and {needed} to spread it over are not there.",
        remedy="Find another place for it, or a lighter one; then survey that.",
        because=_EN_1991,
        is_stop=True,
    )


# --- The way in


def tank_passes(case: Case) -> Iterator[Item]:
    """The tank passes the doors lying, and can be set upright under the ceiling."""
    tank = tank_of(case.site)
    for index, place in enumerate(case.survey.places):
        if "tank" in place.holds and place.level not in ("outdoors", "roof"):
            yield from _door(case, index, place, tank)
            yield from _ceiling(case, index, place, tank)


def _in_parts(case: Case) -> tuple[tuple[str, float], ...]:
    return (("tank in parts", case.site.buffer.volume_m3),)


def _door(case: Case, index: int, place: Place, tank: Tank) -> Iterator[Item]:
    sizes = {"door_width_m": place.door_width_m, "door_height_m": place.door_height_m}
    for name, size_m in sizes.items():
        if size_m is None:
            yield case.unknown(
                "way-in",
                "places",
                index,
                name,
                what=f"The {name.split('_')[1]} of the narrowest opening to `{place.name}`",
                risks=f"a tank {tank.words} that does not pass it",
                find_out="Measure every opening on the way in.",
                price=_in_parts(case),
                likelihood="0.3",
            )
            return
    narrow_m = min(size for size in sizes.values() if size is not None)
    if narrow_m < tank.width_m + _DOOR_SPARE_M:
        yield case.found(
            "way-in",
            "places",
            index,
            "door_width_m" if place.door_width_m == narrow_m else "door_height_m",
            what=f"The tank is {tank.words}; the narrowest opening to `{place.name}` is "
            f"{format_quantity('_m', narrow_m, decimals=2)}.",
            remedy="Take several tanks, or one that is welded in its place, or open the wall.",
            price=_in_parts(case),
            because="lying, with 5 cm to spare and without insulation",
        )


def _ceiling(case: Case, index: int, place: Place, tank: Tank) -> Iterator[Item]:
    if place.height_m is None:
        yield case.unknown(
            "headroom",
            "places",
            index,
            "height_m",
            what=f"The clear height of `{place.name}`",
            risks=f"a tank {tank.words} that cannot be set upright",
            find_out="Measure to the lowest beam or duct.",
            price=_in_parts(case),
            likelihood="0.3",
        )
        return
    if place.height_m < tank.tilted_m + _CEILING_SPARE_M:
        yield case.found(
            "headroom",
            "places",
            index,
            "height_m",
            what=f"To be set upright the tank needs {format_quantity('_m', tank.tilted_m)}; "
            f"`{place.name}` has {format_quantity('_m', place.height_m)}.",
            remedy="Take a lower tank, several, or one that is welded in its place.",
            price=_in_parts(case),
            because="diagonal of the tank and 5 cm",
        )


def tank_fits(case: Case) -> Iterator[Item]:
    """The room of the tank has floor for it, a way around it, and what stands beside it."""
    tank = tank_of(case.site)
    for index, place in enumerate(case.survey.places):
        if "tank" not in place.holds or place.level in ("outdoors", "roof"):
            continue
        path = ("places", index, "area_m2")
        needed_m2 = (tank.width_m + _AROUND_M) ** 2 + (place.load_area_m2 or 0.0)
        if place.area_m2 is None:
            yield case.unknown(
                "clearance",
                *path,
                what=f"The free floor of `{place.name}`",
                risks=f"a tank {tank.words} that has no room",
                find_out="Measure it, and draw the tank with its insulation into it.",
                price=_in_parts(case),
                likelihood="0.3",
            )
        elif place.area_m2 < needed_m2:
            yield case.found(
                "clearance",
                *path,
                what=f"The tank and what stands beside it need "
                f"{format_quantity('_m2', needed_m2, decimals=1)}; `{place.name}` has "
                f"{format_quantity('_m2', place.area_m2, decimals=1)}.",
                remedy="Find a larger room or a smaller tank; then survey that.",
                because="width and 0.6 m for insulation and a way around: estimate",
                is_stop=True,
            )


def plant_can_be_maintained(case: Case) -> Iterator[Item]:
    """There is room in front of exchangers, heat pumps and manifolds."""
    for index, place in enumerate(case.survey.places):
        if not set(place.holds) & {"heat pump", "exchanger", "manifolds"}:
            continue
        path = ("places", index, "clearance_m")
        price = (("rearranging", 1.0),)
        if place.clearance_m is None:
            yield case.unknown(
                "clearance",
                *path,
                what=f"The free depth in front of the plant in `{place.name}`",
                risks="a plant that cannot be maintained or exchanged",
                find_out="Draw plant and manifolds into the room at scale.",
                price=price,
                likelihood="0.2",
            )
        elif place.clearance_m < _CLEARANCE_M:
            yield case.found(
                "clearance",
                *path,
                what=f"In front of the plant in `{place.name}` "
                f"{format_quantity('_m', place.clearance_m)} stay free.",
                remedy="Leave 0.8 m: move what stands there, or take another room.",
                price=price,
                because="0.8 m to work and to draw plates: estimate; the makers' sheets decide",
            )


def heavy_things_get_in(case: Case) -> Iterator[Item]:
    """What is heavy gets in: over level floor, by a lift that carries it, or by a crane."""
    tank = tank_of(case.site)
    for index, place in enumerate(case.survey.places):
        loads = [tank.empty_kg] * ("tank" in place.holds) + [place.load_kg or 0.0]
        heaviest_kg = max(loads)
        if not heaviest_kg:
            continue
        path, heavy = ("places", index, "access"), format_quantity("_kg", heaviest_kg)
        if place.access is None:
            yield case.unknown(
                "crane",
                *path,
                what=f"How {heavy} get into `{place.name}`",
                risks="a crane and a closed road",
                find_out="Walk the way from the lorry to the place.",
                price=(("crane", 1),),
                likelihood="0.3",
            )
        elif _needs_crane(place, heaviest_kg):
            yield case.found(
                "crane",
                *path,
                what=f"{heavy} get into `{place.name}` by crane alone.",
                remedy="Book the crane with the closing of the road for it.",
                price=(("crane", 1),),
            )


def _needs_crane(place: Place, mass_kg: float) -> bool:
    match place.access:
        case "crane":
            return True
        case "stairs":
            return mass_kg > _STAIRS_KG_MAX
        case "goods lift":
            return mass_kg > (place.lift_kg_max or _CRANE_KG_MIN)
        case _:
            return False


PLACE_RULES = (
    places_are_named,
    floors_carry,
    tank_passes,
    tank_fits,
    plant_can_be_maintained,
    heavy_things_get_in,
)
