"""Rules of people and fire near the plant: noise at night, vibration, compartments, refrigerant."""

from collections.abc import Iterator

from exotherm.core.units import format_quantity
from exotherm.physics.sound import sound_at_db, sum_of_levels_db
from exotherm.plan.survey.items import Case, Days, Item

_SCREENED_DB_MAX = 25.0
"""what a quieter machine and a screen together take away at most: 10 and 15 dB, trade estimate"""
_FLAMMABLE_OR_TOXIC = ("R290", "R600a", "R717", "R1234ze")
_ISO_9613 = "spread over half a sphere without screens, ISO 9613-2"
_OUTSIDE = ("outdoors", "roof")


def night_is_quiet(case: Case) -> Iterator[Item]:
    """At the nearest window all machines together stay below the limit of the night."""
    noise = case.survey.noise
    outside = any(
        set(place.holds) & {"cooler", "heat pump"} and place.level in _OUTSIDE
        for place in case.survey.places
    )
    if not noise.sources:
        if outside or not case.survey.places:
            yield _noise_unknown(case, "sources", what="What is heard outside of the plant")
        return
    levels = []
    for index, one in enumerate(noise.sources):
        if one.sound_power_db is None or one.window_m is None:
            name = "sound_power_db" if one.sound_power_db is None else "window_m"
            what = "The sound power of" if one.sound_power_db is None else "The nearest window to"
            yield _noise_unknown(case, "sources", index, name, what=f"{what} `{one.name}`")
        else:
            levels.append(sound_at_db(one.sound_power_db, one.window_m))
    if noise.night_limit_db is None:
        yield _noise_unknown(case, "night_limit_db", what="The limit of the night at that window")
    elif levels:
        yield from _too_loud(case, sum_of_levels_db(levels), noise.night_limit_db)


def _noise_unknown(case: Case, *path: str | int, what: str) -> Item:
    return case.unknown(
        "noise",
        "noise",
        *path,
        what=what,
        risks="a cooler that has to be silent at night, and a permit that is withdrawn",
        find_out="Take the level from the sheet, the distance on site, the limit from the permit.",
        price=(("noise study", 1), ("quieter machine", 10)),
        days=Days(0, 30, 90),
        likelihood="0.3",
    )


def _too_loud(case: Case, level_db: float, limit_db: float) -> Iterator[Item]:
    over_db = level_db - limit_db
    if over_db <= 0.0:
        return
    says = (
        f"At the nearest window it is {format_quantity('_db', level_db)} loud; the night allows "
        f"{format_quantity('_db', limit_db)}"
    )
    if over_db > _SCREENED_DB_MAX:
        yield case.found(
            "noise",
            "noise",
            "night_limit_db",
            what=f"{says}, which no screen and no quieter machine makes good.",
            remedy="Find another place for the cooler, then survey that.",
            because=_ISO_9613,
            is_stop=True,
        )
        return
    yield case.found(
        "noise",
        "noise",
        "night_limit_db",
        what=f"{says}.",
        remedy="Take quieter machines, a screen or slower fans at night; have it calculated.",
        price=(("noise study", 1), ("quieter machine", over_db)),
        days=Days(14, 30, 60),
        because=_ISO_9613,
    )


def machines_do_not_shake(case: Case) -> Iterator[Item]:
    """Machines beside people stand on isolators."""
    for index, place in enumerate(case.survey.places):
        if not set(place.holds) & {"heat pump", "cooler", "servers"}:
            continue
        price = (("vibration isolators", 1.0),)
        if place.vibration_isolated is False and place.people_beside is not False:
            yield case.found(
                "vibration",
                "places",
                index,
                "vibration_isolated",
                what=f"Machines in `{place.name}` shake the building that people are in.",
                remedy="Set them on isolators and connect pipes by flexible pieces.",
                price=price,
                likelihood="1" if place.people_beside else "0.5",
            )
        elif place.vibration_isolated is None and place.people_beside is not False:
            yield case.unknown(
                "vibration",
                "places",
                index,
                "vibration_isolated",
                what=f"How machines in `{place.name}` are to stand",
                risks="humming in rooms beside it",
                find_out="Ask the makers for isolators, and look who is beside, above and below.",
                price=price,
                likelihood="0.3",
            )


def rooms_are_compartments(case: Case) -> Iterator[Item]:
    """Servers and machines stand in fire compartments of their own."""
    for index, place in enumerate(case.survey.places):
        if place.level in _OUTSIDE or not set(place.holds) & {"heat pump", "servers"}:
            continue
        price, path = (("fire compartment", 1.0),), ("places", index, "own_compartment")
        if place.own_compartment is False:
            yield case.found(
                "fire-compartment",
                *path,
                what=f"`{place.name}` is no fire compartment of its own.",
                remedy="Make walls, door and dampers fit the fire strategy.",
                price=price,
                days=Days(10, 20, 40),
            )
        elif place.own_compartment is None:
            yield case.unknown(
                "fire-compartment",
                *path,
                what=f"Whether `{place.name}` is a fire compartment of its own",
                risks="a room that the fire officer closes",
                find_out="Read the fire strategy.",
                price=price,
                days=Days(0, 20, 40),
                likelihood="0.3",
            )


def refrigerant_is_safe(case: Case) -> Iterator[Item]:
    """A refrigerant that burns or poisons has a room with ventilation and an alarm."""
    pump = case.site.heat_pump
    if pump is None or pump.refrigerant not in _FLAMMABLE_OR_TOXIC:
        return
    for index, place in enumerate(case.survey.places):
        if "heat pump" not in place.holds or place.level in _OUTSIDE:
            continue
        price, path = (("refrigerant safety", 1.0),), ("places", index, "refrigerant_safe")
        if place.refrigerant_safe is False:
            yield case.found(
                "refrigerant",
                *path,
                what=f"`{place.name}` has no ventilation and gas alarm for {pump.refrigerant}.",
                remedy="Have them designed with the machine room, doors and drains included.",
                price=price,
                days=Days(10, 20, 45),
                because="machinery rooms: EN 378-3",
            )
        elif place.refrigerant_safe is None:
            yield case.unknown(
                "refrigerant",
                *path,
                what=f"Whether `{place.name}` may hold {pump.refrigerant}",
                risks="a heat pump that may not stand there",
                find_out="Hold charge and room volume against EN 378.",
                price=price,
                days=Days(0, 20, 45),
                likelihood="0.5",
                because="machinery rooms: EN 378-3",
            )


NEIGHBOUR_RULES = (
    night_is_quiet,
    machines_do_not_shake,
    rooms_are_compartments,
    refrigerant_is_safe,
)
