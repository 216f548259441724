"""Checks of a site's meters: each is one device, known to the program, on the right clock."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import pairwise

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.hosts import is_loopback
from exotherm.core.units import format_quantity
from exotherm.site.check_values import standard_offset_h
from exotherm.site.counting import meters_before
from exotherm.site.document import Site
from exotherm.site.meters import Meter
from exotherm.site.uplink import MQTT_TLS_PORT


def _meters_are_there(site: Site, source: Source) -> Iterator[Finding]:
    """Check that there is something to read and among it a meter of heat."""
    if not site.meters:
        yield source.note(
            "site.meters-missing",
            "meters",
            message="There are no meters: the site can be planned, but not operated or billed.",
            remedy="Add `[[meters]]` for the heat meter and the plant room.",
        )
    elif not any(meter.profile == "heat-meter" for meter in site.meters):
        yield source.warning(
            "site.heat-meter-missing",
            "meters",
            message="No meter of the site has the profile `heat-meter`, so no heat can be billed.",
            remedy='Add the heat meter with `profile = "heat-meter"`.',
            meters=[meter.name for meter in site.meters],
        )


def _meters_are_distinct(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no two meters have the same name, the same address or the same number."""
    for index in _repeated(site, lambda meter: meter.name):
        yield source.error(
            "site.meter-name-repeated",
            "meters",
            index,
            "name",
            message=f"Two meters have the name `{site.meters[index].name}`.",
            remedy="Give each meter a name of its own; readings are filed under it.",
            name=site.meters[index].name,
        )
    for index in _repeated(
        site,
        lambda meter: (
            (meter.host, meter.port, meter.address, meter.member, meter.profile)
            if meter.protocol == "csv"
            else (meter.host, meter.port, meter.address, meter.member)
        ),
    ):
        meter = site.meters[index]
        yield source.error(
            "site.meter-address-repeated",
            "meters",
            index,
            "address",
            message=f"Meter `{meter.name}` has the address {meter.address} at "
            f"{meter.host}:{meter.port} of a meter before it, so one would be read as the other.",
            remedy="Correct `host`, `port` or `address`.",
            host=meter.host,
            port=meter.port,
            address=meter.address,
        )
    for index in _repeated(site, lambda meter: meter.serial.lstrip("0").upper()):
        meter = site.meters[index]
        yield source.error(
            "site.meter-serial-repeated",
            "meters",
            index,
            "serial",
            message=f"Meter `{meter.name}` has the number {meter.serial} of a meter before it.",
            remedy="Copy the identification number from the meter itself.",
            serial=meter.serial,
        )


def _repeated(site: Site, key: Callable[[Meter], Hashable]) -> Iterator[int]:
    """Give the places of the meters that are not the first with their key."""
    seen: Counter[Hashable] = Counter()
    for index, meter in enumerate(site.meters):
        seen[key(meter)] += 1
        if seen[key(meter)] > 1:
            yield index


def _clocks_are_in_winter_time(site: Site, source: Source) -> Iterator[Finding]:
    """Check that each meter's clock is the zone's winter time or UTC."""
    winter_h = standard_offset_h(site.zone, site.study.year)
    for index, meter in enumerate(site.meters):
        if meter.utc_offset_h not in (winter_h, 0.0):
            yield source.warning(
                "site.meter-clock-unusual",
                "meters",
                index,
                "utc_offset_h",
                message=f"The clock of `{meter.name}` is "
                f"{format_quantity('offset_h', meter.utc_offset_h)} ahead of UTC; winter time in "
                f"{site.site.zone} is {format_quantity('offset_h', winter_h)} ahead.",
                remedy="Read the meter's display beside a clock; meters stay in winter time.",
                utc_offset_h=meter.utc_offset_h,
                winter_h=winter_h,
            )


def _parts_have_a_whole(site: Site, source: Source) -> Iterator[Finding]:
    """Check that the meter before another is one of the site, and not itself."""
    names = {meter.name for meter in site.meters}
    for index, meter in enumerate(site.meters):
        if meter.part_of is not None and meter.part_of not in names - {meter.name}:
            others = ", ".join(f"`{name}`" for name in sorted(names - {meter.name}))
            yield source.error(
                "site.meter-before-unknown",
                "meters",
                index,
                "part_of",
                message=f"Meter `{meter.name}` is part of `{meter.part_of}`, which is no other "
                "meter of the site.",
                remedy=f"Other meters are {others or 'none'}.",
                part_of=meter.part_of,
            )


def _parts_lead_to_a_whole(site: Site, source: Source) -> Iterator[Finding]:
    """Check that no meter is, over others, a part of itself."""
    told: set[str] = set()
    for index, meter in enumerate(site.meters):
        ring = [meter, *meters_before(site, meter)]
        if meter.name in told or len(ring) == 1 or ring[-1].part_of != meter.name:
            continue
        told |= {one.name for one in ring}
        yield source.error(
            "site.meters-in-a-ring",
            "meters",
            index,
            "part_of",
            message=f"`part_of` leads in a ring: {_of_each_other(ring)}. So no meter "
            "counts the whole, and all that they count would be left out.",
            remedy="Take `part_of` from the one that all the current or water passes first.",
            ring=[one.name for one in ring],
        )


def _of_each_other(ring: Sequence[Meter]) -> str:
    names = [f"`{one.name}`" for one in (*ring, ring[0])]
    return ", ".join(f"{part} is part of {whole}" for part, whole in pairwise(names))


def _meters_measure_what_they_can(site: Site, source: Source) -> Iterator[Finding]:
    """Check that a meter is said to measure something that its kind of meter can count."""
    for index, meter in enumerate(site.meters):
        if meter.measures is None or not meter.points or meter.measures in meter.countable:
            continue
        told = ", ".join(f"`{point.name}`" for point in meter.points)
        others = " or ".join(f'"{kind}"' for kind in meter.countable)
        remedy = f"Make it {others}, or leave" if others else "Leave"
        yield source.error(
            "site.meter-cannot-measure",
            "meters",
            index,
            "measures",
            message=f'Meter `{meter.name}` is said to measure "{meter.measures}", which no meter '
            f"of its kind can count: by its profile it tells {told}. The heat account and the "
            "evidence would take one thing for another.",
            remedy=f'{remedy} `measures` out; for "{meter.measures}" add the meter that counts it.',
            measures=meter.measures,
            countable=list(meter.countable),
        )


def _uplink_is_private(site: Site, source: Source) -> Iterator[Finding]:
    """Check that what goes on to another machine goes encrypted."""
    uplink = site.uplink
    if uplink is None or uplink.port == MQTT_TLS_PORT or is_loopback(uplink.host):
        return
    yield source.warning(
        "site.uplink-in-clear",
        "uplink",
        "port",
        message=f"Port {uplink.port} of {uplink.host} is not that of MQTT over TLS, so anybody on "
        "the way may read the samples, and no password is sent there.",
        remedy=f"Use port {MQTT_TLS_PORT}, or name the broker's certificate by "
        "`EXOTHERM_UPLINK_CA_FILE`, which encrypts on any port.",
        host=uplink.host,
        port=uplink.port,
    )


METER_CHECKS: tuple[Callable[[Site, Source], Iterator[Finding]], ...] = (
    _meters_are_there,
    _meters_are_distinct,
    _clocks_are_in_winter_time,
    _parts_have_a_whole,
    _parts_lead_to_a_whole,
    _meters_measure_what_they_can,
    _uplink_is_private,
)
