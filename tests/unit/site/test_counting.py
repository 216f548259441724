"""Which registers count what: the gateway's, meters that say it, parts, and meters elsewhere."""

import pytest

from exotherm.core.samples import Point
from exotherm.site.counting import meters_before, registers_counting
from exotherm.site.document import Site
from exotherm.site.meters import Meter

ENERGY = (Point(name="energy_kwh", kind="register", unit="kwh", decimals=1, digits=8),)


def meter(name: str, **given: object) -> Meter:
    base = {"name": name, "protocol": "snmp", "profile": "apc-rpdu2", "serial": name}
    return Meter.model_validate({**base, "utc_offset_h": 0.0, **given})


def telling(name: str, **given: object) -> Meter:
    return meter(name, **given).telling(ENERGY, profile="apc-rpdu2")


def heat_meter(name: str, **given: object) -> Meter:
    return meter(name, protocol="csv", profile="heat-meter", **given)


def with_meters(site: Site, *meters: Meter) -> Site:
    return site.model_copy(update={"meters": meters})


def test_the_gateway_s_own_register_goes_before_those_of_its_parts(pool_site: Site) -> None:
    pdus = (telling("pdu_a", measures="it"), telling("pdu_b", measures="it"))
    both = with_meters(pool_site, *pool_site.meters, *pdus)
    assert registers_counting(both, "it") == ("rack.it_kwh",)
    alone = with_meters(pool_site, *pdus)
    assert registers_counting(alone, "it") == ("pdu_a.energy_kwh", "pdu_b.energy_kwh")


def test_parts_do_not_count_beside_the_meter_before_them(pool_site: Site) -> None:
    whole = telling("main", measures="it")
    parts = (
        telling("pdu_a", measures="it", part_of="main"),
        telling("rack_a", measures="it", part_of="pdu_a"),
    )
    assert registers_counting(with_meters(pool_site, whole, *parts), "it") == ("main.energy_kwh",)
    # Where what is before them counts something else, they are all there is.
    site = telling("main", measures="site")
    assert registers_counting(with_meters(pool_site, site, parts[0]), "it") == ("pdu_a.energy_kwh",)


@pytest.mark.parametrize("between", [{}, {"measures": "auxiliary"}])
def test_a_part_of_a_part_does_not_count_beside_the_whole(
    pool_site: Site, between: dict[str, object]
) -> None:
    meters = (
        telling("main", measures="it"),
        telling("board", part_of="main", **between),
        telling("rack_a", measures="it", part_of="board"),
    )
    assert registers_counting(with_meters(pool_site, *meters), "it") == ("main.energy_kwh",)
    # Without the whole the parts are all there is.
    parts = with_meters(pool_site, *meters[1:])
    assert registers_counting(parts, "it") == ("rack_a.energy_kwh",)


def test_a_ring_of_parts_has_no_whole_and_is_followed_once(pool_site: Site) -> None:
    ring = tuple(
        telling(name, measures="it", part_of=before) for name, before in ("ab", "bc", "ca")
    )
    site = with_meters(pool_site, *ring)
    assert [one.name for one in meters_before(site, ring[0])] == ["b", "c"]
    assert registers_counting(site, "it") == ()


def test_a_heat_meter_that_hangs_elsewhere_is_not_taken_for_delivered_heat(pool_site: Site) -> None:
    cooler = heat_meter("cooler", measures="rejected")
    site = with_meters(pool_site, *pool_site.meters, cooler)
    assert registers_counting(site, "heat") == ("heat_meter.heat_kwh",)
    assert registers_counting(site, "rejected") == ("cooler.heat_kwh",)
    assert registers_counting(pool_site, "rejected") == ()
