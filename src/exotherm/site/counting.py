"""Which registers of a site count what, whoever made the meter."""

from collections.abc import Iterator

from exotherm.site.document import Site
from exotherm.site.meters import Measured, Meter

_OF_ANY = ("heat_kwh", "energy_kwh")


def registers_counting(site: Site, kind: Measured) -> tuple[str, ...]:
    """Name the registers that together count all of a kind, each as ``<meter>.<quantity>``.

    A register that is called by the kind (``it_kwh``) goes before those of meters that say what
    they measure, since these are its parts; of several the ones before the others count, however
    many meters that count something else, or do not say what, lie between. Empty where nothing
    counts it.
    """
    own = [
        (meter, f"{kind}_kwh") for meter in site.meters if _has_register(meter, f"{kind}_kwh", kind)
    ]
    if not own:
        own = [
            (meter, register)
            for meter in site.meters
            if meter.measures == kind
            for register in _OF_ANY
            if _has_register(meter, register, kind)
        ]
    counted = {meter.name for meter, _ in own}
    return tuple(
        f"{meter.name}.{register}"
        for meter, register in own
        if counted.isdisjoint(one.name for one in meters_before(site, meter))
    )


def meters_before(site: Site, meter: Meter) -> Iterator[Meter]:
    """Give the meter before another, the one before that, and so on; none twice."""
    named = {one.name: one for one in site.meters}
    seen = {meter.name}
    while meter.part_of in named and meter.part_of not in seen:
        meter = named[meter.part_of]
        seen.add(meter.name)
        yield meter


def _has_register(meter: Meter, register: str, kind: Measured) -> bool:
    told = any(point.name == register and point.kind == "register" for point in meter.points)
    # A heat meter that hangs elsewhere has a register of the same name.
    return told and (meter.measures in (None, kind) or register not in _OF_ANY)
