"""Rules of power, boiler, controls and meter: what the plant is connected to."""

from collections.abc import Iterator

from exotherm.core.units import format_quantity
from exotherm.plan.survey.items import Case, Days, Item
from exotherm.plan.survey.size import design_power_kw, fuse_kva, plant_heat_kw
from exotherm.site.asked import asked_by
from exotherm.site.document import Site
from exotherm.site.heat_path import reachable_supply_c
from exotherm.site.survey.document import RuleName

_MEASURED_M = 0.001
"""how closely a pipe is measured"""
_COLD_C_MAX = 20.0
"""water up to this comes from the mains and never through the boiler"""
_FLUE_DEW_POINT_C = 55.0
"""water above which the flue gas of natural gas condenses little; 57 °C at its best mixture"""


def power_is_enough(case: Case) -> Iterator[Item]:
    """The connection carries the plant besides what it carries already."""
    power, grid = case.survey.electricity, Days(60, 180, 540)
    plant_kva = design_power_kw(case.site) / power.power_factor_frac
    needs = format_quantity("_kva", plant_kva)
    limits = [power.connection_kva, fuse_kva(power.fuse_a) if power.fuse_a else None]
    known = [one for one in limits if one is not None]
    if not known or power.used_kva_max is None:
        yield case.unknown(
            "power",
            "electricity",
            "connection_kva" if not known else "used_kva_max",
            what="What the connection may carry" if not known else "What it carries already",
            risks=f"no power for a plant of {needs}",
            find_out="Read the connection's contract and a year of quarter-hours.",
            price=(("more power", plant_kva),),
            days=grid,
            likelihood="0.4",
            before="tie-in",
        )
    else:
        spare_kva = min(known) - power.used_kva_max
        if plant_kva > spare_kva:
            offer = power.offer_days
            yield case.found(
                "power",
                "electricity",
                "connection_kva",
                what=f"The plant draws {needs}; {format_quantity('_kva', max(0.0, spare_kva))} "
                "are spare.",
                remedy="Ask the network operator for more, or limit what runs at the same time.",
                price=(("more power", plant_kva - max(0.0, spare_kva)),),
                days=grid if offer is None else Days(*(3 * (round(offer),))),
                before="tie-in",
            )
    yield from _transformer(case, is_needed=bool(known))


def _transformer(case: Case, *, is_needed: bool) -> Iterator[Item]:
    power = case.survey.electricity
    if power.transformer == "to be replaced":
        offer = power.offer_days
        yield case.found(
            "transformer",
            "electricity",
            "transformer",
            what="The transformer has to be replaced by a larger one.",
            remedy="Order it with the network operator before anything else.",
            price=(("new transformer", 1),),
            days=Days(180, 300, 540) if offer is None else Days(*(3 * (round(offer),))),
            before="tie-in",
            after="",
        )
    elif power.transformer is None and is_needed:
        yield case.unknown(
            "transformer",
            "electricity",
            "transformer",
            what="Whether the transformer has room",
            risks="a new one, and a year of waiting for it",
            find_out="Ask the network operator in writing.",
            price=(("new transformer", 1),),
            days=Days(0, 300, 540),
            likelihood="0.1",
            before="tie-in",
            after="",
        )


# --- The boiler


def flows_are_separated(case: Case) -> Iterator[Item]:
    """Pumps of plant and boiler do not push against each other."""
    separation, heat_kw = case.survey.tie_in.separation, plant_heat_kw(case.site)
    price = (("separation", heat_kw),)
    if separation == "none":
        yield case.found(
            "tie-in",
            "tie_in",
            "separation",
            what="Nothing separates the flow of the boiler's loop from that of the plant.",
            remedy="Add a low-loss header or an exchanger of "
            f"{format_quantity('_kw', heat_kw)} at the tie-in.",
            price=price,
        )
    elif separation is None:
        yield case.unknown(
            "tie-in",
            "tie_in",
            "separation",
            what="What separates the boiler's flow from that of the plant",
            risks="pumps that work against each other, and a boiler that trips",
            find_out="Draw the boiler's loop with all pumps, valves and headers.",
            price=price,
            likelihood="0.5",
        )


def heating_return_c(site: Site) -> float | None:
    """Give the coolest water that comes back from heating on a winter's day; None where none does.

    What comes cold from the mains to be warmed is not the boiler's return.
    """
    backs = [asked.return_c for asked in asked_by(site) if asked.return_c > _COLD_C_MAX]
    return min(backs, default=None)


def boiler_gets_its_return(case: Case) -> Iterator[Item]:
    """A boiler that must not condense keeps a warm return; one that should condense a cool one."""
    tie_in, back_c = case.survey.tie_in, heating_return_c(case.site)
    least_c, price = tie_in.boiler_return_c_min, (("return raise", 1.0),)
    if least_c is None:
        yield case.unknown(
            "boiler-return",
            "tie_in",
            "boiler_return_c_min",
            what="The return that the boiler needs",
            risks="a boiler that corrodes",
            find_out="Read it off the boiler's plate or manual.",
            price=price,
            likelihood="0.3",
        )
    elif back_c is not None and back_c < least_c:
        yield case.found(
            "boiler-return",
            "tie_in",
            "boiler_return_c_min",
            what=f"The boiler needs a return of {format_quantity('_c', least_c)}; the customers' "
            f"water comes back with {format_quantity('_c', back_c)}.",
            remedy="Set a valve or a pump that raises the return.",
            price=price,
        )
    warm_c = reachable_supply_c(case.site)
    if tie_in.condensing and warm_c > _FLUE_DEW_POINT_C:
        yield case.found(
            "boiler-return",
            "tie_in",
            "condensing",
            what=f"Preheated to up to {format_quantity('_c', warm_c)} the return is too warm for "
            "the boiler to condense: what it still burns, it burns with 5 to 8 points less.",
            remedy="Let it heat a circuit of its own, or lower `boiler.efficiency_frac`.",
            likelihood="0.5",
            because="dew point of the flue gas of natural gas, 55 to 57 °C",
        )


def valves_hold(case: Case) -> Iterator[Item]:
    """The tie-in needs neither a drained system nor a cut pipe."""
    for name, rate, days, what in (
        (
            "valves_close",
            "valves",
            Days(0, 1, 2),
            "The valves at the tie-in do not close: the system has to be drained.",
        ),
        (
            "branches_free",
            "branches",
            Days(),
            "There are no free branches: pipes have to be cut.",
        ),
    ):
        known = getattr(case.survey.tie_in, name)
        if known is False:
            yield case.found(
                "valves",
                "tie_in",
                name,
                what=what,
                remedy="Set new ones in an earlier shutdown, or freeze the pipe.",
                price=((rate, 1),),
                days=days,
                after="works",
                before="tie-in",
            )
        elif known is None:
            yield case.unknown(
                "valves",
                "tie_in",
                name,
                what="Whether the valves at the tie-in close"
                if name == "valves_close"
                else "Whether there are free branches at the tie-in",
                risks="a shutdown that takes longer than the building can bear",
                find_out="Close each valve once, with the building's keeper.",
                price=((rate, 1),),
                days=days,
                likelihood="0.4",
                after="works",
                before="tie-in",
            )


# --- Controls and meter

_YesNo = tuple[RuleName, str, str, str, str, str, str]
_CONTROLS: tuple[_YesNo, ...] = (
    (
        "boiler-enable",
        "boiler_enable",
        "boiler contact",
        "The boiler cannot be held back and released from outside.",
        "Whether the boiler can be held back and released",
        "a boiler that burns beside the heat it should be spared",
        "Add a contact or a bus card; ask the boiler's maker.",
    ),
    (
        "data-network",
        "network",
        "data cable",
        "Plant room and meter reach no data network.",
        "Whether plant room and meter reach a data network",
        "a meter that nobody reads",
        "Lay a cable, or test a mobile link where the door is shut.",
    ),
)


def plant_is_heard(case: Case) -> Iterator[Item]:
    """The plant's controls reach boiler, building management and network."""
    controls = case.survey.controls
    if controls.bms == "closed":
        yield case.found(
            "bms",
            "controls",
            "bms",
            what="The building management system speaks to its maker's devices alone.",
            remedy="Buy the interface from its maker, or agree on contacts.",
            price=(("control interface", 1),),
            days=Days(10, 25, 60),
            before="tie-in",
        )
    elif controls.bms is None:
        yield case.unknown(
            "bms",
            "controls",
            "bms",
            what="What building management there is",
            risks="an interface that only its maker sells",
            find_out="Ask the building's keeper for its maker and protocol.",
            price=(("control interface", 1),),
            likelihood="0.3",
        )
    for rule, name, rate, lacking, what, risks, remedy in _CONTROLS:
        known = getattr(controls, name)
        if known is False:
            yield case.found(
                rule, "controls", name, what=lacking, remedy=remedy, price=((rate, 1),)
            )
        elif known is None:
            yield case.unknown(
                rule,
                "controls",
                name,
                what=what,
                risks=risks,
                find_out="Try it on site.",
                price=((rate, 1),),
                likelihood="0.3",
            )


def meter_has_its_place(case: Case) -> Iterator[Item]:
    """The heat meter has straight pipe before and behind it, and is reached."""
    meter, price = case.survey.meter_place, (("meter place", 1.0),)
    lacking = next(
        (
            name
            for name in ("pipe_m", "straight_before_m", "straight_behind_m", "reachable")
            if getattr(meter, name) is None
        ),
        None,
    )
    if lacking is not None:
        yield case.unknown(
            "meter-place",
            "meter_place",
            lacking,
            what=f"The place of the heat meter (`{lacking}`)",
            risks="a meter outside of its approval, and bills that are disputed",
            find_out="Mark it on the pipe and measure.",
            price=price,
            likelihood="0.3",
        )
    for name, straight_m, diameters in (
        ("straight_before_m", meter.straight_before_m, meter.diameters_before),
        ("straight_behind_m", meter.straight_behind_m, meter.diameters_behind),
    ):
        if meter.pipe_m is None or straight_m is None:
            continue
        needed_m = diameters * meter.pipe_m
        if straight_m < needed_m - _MEASURED_M:
            yield case.found(
                "meter-place",
                "meter_place",
                name,
                what=f"{'Before' if 'before' in name else 'Behind'} the meter there are "
                f"{format_quantity('_m', straight_m, decimals=2)} of straight pipe; it needs "
                f"{format_quantity('_m', needed_m, decimals=2)}.",
                remedy="Move the meter, or take one that needs less.",
                price=price,
                because="straight runs by the meter's sheet, EN 1434",
            )
    if meter.reachable is False:
        yield case.found(
            "meter-place",
            "meter_place",
            "reachable",
            what="The meter cannot be reached to be read, sealed and exchanged.",
            remedy="Move it to where everybody may go who has to.",
            price=price,
        )


BOILER_RULES = (
    power_is_enough,
    flows_are_separated,
    boiler_gets_its_return,
    valves_hold,
    plant_is_heard,
    meter_has_its_place,
)
