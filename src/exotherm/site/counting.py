"""Which registers of a site count what, whoever made the meter."""

from exotherm.site.document import Site
from exotherm.site.meters import Measured, Meter

_OF_ANY = ("heat_kwh", "energy_kwh")


def registers_counting(site: Site, kind: Measured) -> tuple[str, ...]:
    """Name the registers that together count all of a kind, each as ``<meter>.<quantity>``.

    A register that is called by the kind (``it_kwh``) goes before those of meters that say what
    they measure, since these are its parts; of several the ones before the others count. Empty
    where nothing counts it.
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
        f"{meter.name}.{register}" for meter, register in own if meter.part_of not in counted
    )


def _has_register(meter: Meter, register: str, kind: Measured) -> bool:
    told = any(point.name == register and point.kind == "register" for point in meter.points)
    # A heat meter that hangs elsewhere has a register of the same name.
    return told and (meter.measures in (None, kind) or register not in _OF_ANY)
