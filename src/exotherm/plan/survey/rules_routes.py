"""Rules of the ways of the pipes: length, openings, roads, asbestos, monuments, air, frost."""

from collections.abc import Iterator

from exotherm.core.units import format_quantity
from exotherm.plan.survey.items import Case, Days, Item
from exotherm.site.survey.premises import Route

_ASBESTOS_UNTIL = 2005
_ASBESTOS_LAW = "asbestos in all new uses is banned in the EU from 1 Jan 2005, 1999/77/EC"
_LENGTH_ASSUMED_M = 30.0


def ways_are_walked(case: Case) -> Iterator[Item]:
    """Somebody walked the way of the pipes."""
    if not case.survey.routes:
        yield case.unknown(
            "pipe-length",
            "routes",
            what="The way of the pipes",
            risks="metres, openings and fire stops that nobody has priced",
            find_out="Walk it, and write `[[routes]]`.",
            price=(("pipes", _LENGTH_ASSUMED_M), ("opening", 4), ("fire stop", 2)),
            likelihood="0.5",
        )


def length_is_priced(case: Case) -> Iterator[Item]:
    """The investment of the site file pays for as many metres as there are."""
    for index, route in enumerate(case.survey.routes):
        length_m, priced_m = route.length_m, route.priced_length_m
        if length_m is None or priced_m is None:
            name = "length_m" if length_m is None else "priced_length_m"
            what = (
                "The length of" if length_m is None else "How many metres the site file prices of"
            )
            more_m = 0.3 * (length_m or _LENGTH_ASSUMED_M)
            yield case.unknown(
                "pipe-length",
                "routes",
                index,
                name,
                what=f"{what} `{route.name}`",
                risks="pipes that nobody has priced",
                find_out="Measure it along the wall, and hold it against the offer for the pipes.",
                price=(("pipes", more_m),),
                likelihood="0.5",
            )
        elif length_m > priced_m:
            more = format_quantity("_m", length_m - priced_m)
            yield case.found(
                "pipe-length",
                "routes",
                index,
                "length_m",
                what=f"`{route.name}` is {more} longer than the site file prices.",
                remedy="Correct the price of the pipes in the site file and `priced_length_m`.",
                price=(("pipes", length_m - priced_m),),
            )


def walls_are_opened(case: Case) -> Iterator[Item]:
    """Openings are drilled, and those of fire compartments closed again with a tested seal."""
    for index, route in enumerate(case.survey.routes):
        if route.walls is None:
            yield _count_unknown(case, index, route, "walls")
        elif route.walls:
            yield case.found(
                "openings",
                "routes",
                index,
                "walls",
                what=f"`{route.name}` passes {_walls(route.walls)}.",
                remedy="Look for cables and reinforcement before drilling.",
                price=(("opening", route.walls),),
            )
        if route.fire_walls is None:
            yield _count_unknown(case, index, route, "fire_walls")
        elif route.fire_walls:
            yield case.found(
                "fire-stopping",
                "routes",
                index,
                "fire_walls",
                what=f"`{route.name}` passes {_walls(route.fire_walls)} of fire compartments.",
                remedy="Close each with a tested seal, labelled and photographed.",
                price=(("opening", route.fire_walls), ("fire stop", route.fire_walls)),
                because="penetration seals: EN 1366-3",
            )


def _walls(count: int) -> str:
    return "1 wall or floor" if count == 1 else f"{count} walls or floors"


def _count_unknown(case: Case, index: int, route: Route, name: str) -> Item:
    fire = name == "fire_walls"
    return case.unknown(
        "fire-stopping" if fire else "openings",
        "routes",
        index,
        name,
        what=f"How many walls {'of fire compartments ' if fire else ''}`{route.name}` passes",
        risks="seals that are missing when the fire officer comes" if fire else "drilling unpriced",
        find_out="Hold the way against the fire strategy." if fire else "Count them on the way.",
        price=(("opening", 2), ("fire stop", 2)) if fire else (("opening", 3),),
        likelihood="0.5",
    )


def shafts_have_room(case: Case) -> Iterator[Item]:
    """A shaft that is needed has room."""
    for index, route in enumerate(case.survey.routes):
        if route.shaft == "full":
            yield case.found(
                "shaft",
                "routes",
                index,
                "shaft",
                what=f"The shaft of `{route.name}` has no room for the pipes.",
                remedy="Build a shaft of its own fire rating, or lead the pipes outside.",
                price=(("shaft", 1),),
                days=Days(5, 14, 30),
            )
        elif route.shaft is None:
            yield case.unknown(
                "shaft",
                "routes",
                index,
                "shaft",
                what=f"Whether `{route.name}` needs a shaft, and whether one has room",
                risks="a shaft to be built",
                find_out="Open the shaft's doors on every floor.",
                price=(("shaft", 1),),
                days=Days(0, 14, 30),
                likelihood="0.2",
            )


def roads_are_crossed(case: Case) -> Iterator[Item]:
    """Crossing a road needs a permit and somebody who closes it."""
    price_of_one = (("road permit", 1.0), ("road", 8.0))
    for index, route in enumerate(case.survey.routes):
        crossing_m, path = route.road_crossing_m, ("routes", index, "road_crossing_m")
        if crossing_m is None:
            yield case.unknown(
                "road-crossing",
                *path,
                what=f"Whether `{route.name}` crosses a road or another's ground",
                risks="a permit, an easement and a closed road",
                find_out="Look into the land register.",
                price=price_of_one,
                days=Days(0, 45, 120),
                likelihood="0.1",
            )
        elif crossing_m:
            yield case.found(
                "road-crossing",
                *path,
                what=f"`{route.name}` crosses {format_quantity('_m', crossing_m)} of a road or of "
                "another's ground.",
                remedy="Ask for the permit and the easement while the design is made.",
                price=(("road permit", 1), ("road", crossing_m)),
                days=Days(20, 45, 90),
            )


def asbestos_is_removed(case: Case) -> Iterator[Item]:
    """Asbestos on the way is removed before anybody drills."""
    built = case.survey.building.built_in
    price, days = (("asbestos survey", 1.0), ("asbestos removal", 1.0)), Days(10, 21, 45)
    for index, route in enumerate(case.survey.routes):
        path = ("routes", index, "asbestos")
        if route.asbestos:
            yield case.found(
                "asbestos",
                *path,
                what=f"There is asbestos on the way of `{route.name}`.",
                remedy="Have it removed by a licensed firm before the works, or go another way.",
                price=price,
                days=days,
            )
        elif route.asbestos is None and (built is None or built < _ASBESTOS_UNTIL):
            age = "of unknown age" if built is None else f"of {built}"
            yield case.unknown(
                "asbestos",
                *path,
                what=f"Whether there is asbestos on the way of `{route.name}` in a building {age}",
                risks="works that stop on the first day",
                find_out="Read the asbestos register, or have samples taken where it is drilled.",
                price=price,
                days=Days(0, 21, 45),
                likelihood="0.3",
                because=_ASBESTOS_LAW,
            )


def monuments_are_asked_for(case: Case) -> Iterator[Item]:
    """What is protected as a monument needs a consent."""
    listed, routes = case.survey.building.listed, case.survey.routes
    touched = next((index for index, route in enumerate(routes) if route.listed), None)
    path = ("building", "listed") if touched is None else ("routes", touched, "listed")
    price = (("monument consent", 1.0),)
    if touched is not None or (listed and any(route.listed is None for route in routes)):
        yield case.found(
            "listed-building",
            *path,
            what="The pipes touch a protected building.",
            remedy="Ask the authority for its consent before the design is finished.",
            price=price,
            days=Days(60, 90, 180),
        )
    elif listed is None and not (routes and all(route.listed is False for route in routes)):
        yield case.unknown(
            "listed-building",
            *path,
            what="Whether the building is protected as a monument",
            risks="a consent that takes months",
            find_out="Ask the local authority for the list.",
            price=price,
            days=Days(0, 90, 180),
            likelihood="0.1",
        )


def air_of_pools_corrodes(case: Case) -> Iterator[Item]:
    """In the air of a pool hall pipes and hangers are of materials that chlorides do not crack."""
    for index, route in enumerate(case.survey.routes):
        length_m = route.length_m or _LENGTH_ASSUMED_M
        path, price = ("routes", index, "chlorinated_air"), (("corrosion-proof pipes", length_m),)
        if route.chlorinated_air:
            yield case.found(
                "pool-air",
                *path,
                what=f"`{route.name}` runs through the air of a pool hall.",
                remedy="Take plastic or coated pipes; no hangers of common stainless steel, which "
                "cracks there.",
                price=price,
                because="stress corrosion in pool halls: EN 1993-1-4, annex A",
            )
        elif route.chlorinated_air is None and case.site.pool is not None:
            yield case.unknown(
                "pool-air",
                *path,
                what=f"Whether `{route.name}` runs through the air of the pool hall",
                risks="hangers that crack",
                find_out="Walk the way.",
                price=price,
                likelihood="0.3",
            )


def water_does_not_freeze(case: Case) -> Iterator[Item]:
    """Where it freezes, pipes hold glycol or are heated."""
    if case.survey.water.glycol in ("propylene", "ethylene"):
        return
    for index, route in enumerate(case.survey.routes):
        path = ("routes", index, "frost")
        price = (("trace heating", route.length_m or _LENGTH_ASSUMED_M),)
        if route.frost:
            yield case.found(
                "frost",
                *path,
                what=f"`{route.name}` runs where it freezes, and its water holds no glycol.",
                remedy="Heat the pipes along their length, bury them, or fill the loop with "
                "glycol.",
                price=price,
            )
        elif route.frost is None:
            yield case.unknown(
                "frost",
                *path,
                what=f"Whether `{route.name}` runs where it freezes",
                risks="a burst pipe",
                find_out="Walk the way.",
                price=price,
                likelihood="0.1",
            )


ROUTE_RULES = (
    ways_are_walked,
    length_is_priced,
    walls_are_opened,
    shafts_have_room,
    roads_are_crossed,
    asbestos_is_removed,
    monuments_are_asked_for,
    air_of_pools_corrodes,
    water_does_not_freeze,
)
