"""Checks of a heat pump's temperatures: what its refrigerant stands, what its source gives."""

from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.sentences import listed
from exotherm.physics.refrigerants import REFRIGERANTS, Refrigerant, refrigerant
from exotherm.site.asked import asked_by
from exotherm.site.check_words import SiteCheck, celsius
from exotherm.site.document import Site
from exotherm.site.heat_path import coldest_source_c, hot_c
from exotherm.site.machines import HeatPump, HeatPumpPoint
from exotherm.site.pumped import sink_limit_c, source_in_c


def _sink_is_asked(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the condenser can be as warm as it is set, or as customers ask in winter."""
    pump = site.heat_pump
    if pump is None:
        return
    if pump.sink_c_set is not None and pump.sink_c_set > pump.sink_c_max:
        yield source.warning(
            "site.sink-above-limit",
            "heat_pump",
            "sink_c_set",
            message=f"The condenser is set to {celsius(pump.sink_c_set)}, above its own limit of "
            f"{celsius(pump.sink_c_max)}: it stays there, and the boiler lifts the rest.",
            remedy=_reaching_remedy(pump, pump.sink_c_set),
            wanted_c=pump.sink_c_set,
            limit_c=pump.sink_c_max,
        )
        return
    limit_c = max(sink_limit_c(pump), hot_c(site) if site.exchanger is not None else 0.0)
    warmest = max(asked_by(site), key=lambda asked: asked.supply_c)
    # What is taken as a whole passes the station's approach as well; else the boiler lifts it.
    needed_c = warmest.supply_c + (site.delivery.approach_k if warmest.whole_lift else 0.0)
    # A network that takes nothing at all is the matter of another check.
    if needed_c <= limit_c or (warmest.whole_lift and limit_c < warmest.supply_c_min):
        return
    # Whoever sets it lower than asked has the boiler in mind for the rest.
    say = source.warning if pump.sink_c_set is None else source.note
    yield say(
        "site.sink-above-limit",
        "heat_pump",
        "sink_c_max" if pump.sink_c_set is None else "sink_c_set",
        message=f"{warmest.who} asks {celsius(needed_c)} on a winter's day"
        f"{', the approach included' if warmest.whole_lift else ''}; the heat pump gives "
        f"{celsius(sink_limit_c(pump))} at most, so "
        f"{'it feeds nothing then.' if warmest.whole_lift else 'the boiler lifts all winter.'}",
        remedy=_reaching_remedy(pump, needed_c),
        wanted_c=round(needed_c, 3),
        limit_c=sink_limit_c(pump),
    )


def _reaching_remedy(pump: HeatPump, wanted_c: float) -> str:
    """Name the refrigerants that reach a temperature, in standard machines or in special ones."""
    if pump.sink_c_set is not None and wanted_c <= pump.sink_c_max:
        return "Raise `sink_c_set`, or leave it out: the heat pump then delivers what is asked."
    own = refrigerant(pump.refrigerant)
    assert own is not None, "every refrigerant of the document is in the table"
    if wanted_c <= own.special_sink_c_max and wanted_c > own.standard_sink_c_max:
        special = f", or a machine with {own.name} made for it and its `sink_c_max`"
    else:
        special = ""
    standard = [one.name for one in REFRIGERANTS if wanted_c <= one.standard_sink_c_max]
    if standard:
        machines = listed(standard, before_last="or")
        return (
            f"Take {machines}, whose machines reach {celsius(wanted_c)}{special}, or lower "
            "what is asked."
        )
    made = [one for one in REFRIGERANTS if wanted_c <= one.special_sink_c_max]
    if made:
        names = listed((one.name for one in made), before_last="or")
        return f"Machines made for it with {names} reach {celsius(wanted_c)}; or lower it."
    warmest = max(REFRIGERANTS, key=lambda one: one.special_sink_c_max)
    return (
        f"No refrigerant here passes {celsius(warmest.special_sink_c_max)}: lower what is asked, "
        "and leave the lift to the boiler."
    )


def _refrigerant_stands_it(site: Site, source: Source) -> Iterator[Finding]:
    """Check the machine's limits against what its refrigerant allows.

    A measured point at a temperature proves that the machine goes there.
    """
    pump = site.heat_pump
    if pump is None:
        return
    own = refrigerant(pump.refrigerant)
    assert own is not None, "every refrigerant of the document is in the table"
    if pump.sink_c_max > own.special_sink_c_max and not _measured_sink(pump, own):
        yield source.error(
            "site.sink-beyond-refrigerant",
            "heat_pump",
            "sink_c_max",
            message=_beyond_message(pump, own),
            remedy=f"Give the limit of the data sheet. {_reaching_remedy(pump, pump.sink_c_max)}",
            sink_c_max=pump.sink_c_max,
            limit_c=own.special_sink_c_max,
            critical_c=own.critical_c,
        )
    if pump.source_c_max > own.source_c_max and not _measured_source(pump):
        yield source.warning(
            "site.source-beyond-refrigerant",
            "heat_pump",
            "source_c_max",
            message=f"Machines with {own.name} take water of up to "
            f"{celsius(own.source_c_max)} into the evaporator; the file says "
            f"{celsius(pump.source_c_max)}.",
            remedy="Take the limit from the data sheet and say so beside it; the mixing valve "
            "keeps warmer coolant below it.",
            source_c_max=pump.source_c_max,
            limit_c=own.source_c_max,
        )


def _beyond_message(pump: HeatPump, own: Refrigerant) -> str:
    asked = celsius(pump.sink_c_max)
    if _is_subcritical(own) and pump.sink_c_max >= own.critical_c:
        return (
            f"{own.name} does not condense above {celsius(own.critical_c)}, its critical "
            f"temperature; the file lets the condenser reach {asked}."
        )
    return (
        f"Machines with {own.name} deliver up to {celsius(own.standard_sink_c_max)}, and up to "
        f"{celsius(own.special_sink_c_max)} where they are made for it; the file says {asked}."
    )


def _measured_sink(pump: HeatPump, own: Refrigerant) -> bool:
    if _is_subcritical(own) and pump.sink_c_max >= own.critical_c:
        return False
    return any(one.sink_out_c >= pump.sink_c_max for one in used_points(pump))


def _is_subcritical(own: Refrigerant) -> bool:
    """Whether it condenses; carbon dioxide gives its heat as a gas instead."""
    return own.critical_c > own.special_sink_c_max


def _measured_source(pump: HeatPump) -> bool:
    return any(one.source_in_c >= pump.source_c_max for one in used_points(pump))


def used_points(pump: HeatPump) -> tuple[HeatPumpPoint, ...]:
    """Give the points that the COP is from; none where another method is named."""
    return pump.points if pump.method == "points" else ()


def _source_is_warm_enough(site: Site, source: Source) -> Iterator[Finding]:
    """Check that full servers give a source above the evaporator's limit."""
    pump = site.heat_pump
    if pump is None:
        return
    cold_c, warm_c = coldest_source_c(site, pump), hot_c(site)
    if cold_c >= pump.source_c_min:
        return
    frost = " and would freeze" if cold_c <= 0.0 else ""
    yield source.error(
        "site.source-too-cold",
        "heat_pump",
        "source_c_min",
        message=f"Coolant of {celsius(warm_c)} leaves the evaporator's water with "
        f"{celsius(cold_c)}, an approach and a glide below{frost}; the heat pump stops below "
        f"{celsius(pump.source_c_min)}.",
        remedy="Hold warmer coolant, take a smaller `source_glide_k` or `source_approach_k`, or a "
        "machine with brine and a lower `source_c_min`.",
        source_out_c=round(cold_c, 3),
        source_c_min=pump.source_c_min,
    )


def _source_is_cool_enough(site: Site, source: Source) -> Iterator[Finding]:
    """Check that coolant warmer than the evaporator stands is mixed down."""
    pump = site.heat_pump
    if pump is None or pump.mixing_valve:
        return
    entering_c = source_in_c(pump, warm_c=hot_c(site))
    if entering_c <= pump.source_c_max:
        return
    yield source.error(
        "site.source-too-warm",
        "heat_pump",
        "mixing_valve",
        message=f"Water of up to {celsius(entering_c)} enters the evaporator, which stands "
        f"{celsius(pump.source_c_max)}: the machine trips when the servers are busy.",
        remedy="Set `mixing_valve = true` and buy the valve, or take a machine for warmer sources.",
        source_in_c=round(entering_c, 3),
        source_c_max=pump.source_c_max,
    )


HEAT_PUMP_CHECKS: tuple[SiteCheck, ...] = (
    _sink_is_asked,
    _refrigerant_stands_it,
    _source_is_warm_enough,
    _source_is_cool_enough,
)
