"""What each meter of a twin shows: what meters of a kind show adds up to what flows."""

from fractions import Fraction

import pytest

from exotherm.core.samples import Point
from exotherm.operate.twin_shares import shares_of
from exotherm.site.counting import registers_counting
from exotherm.site.document import Site
from exotherm.site.meters import Measured, Meter

POWER = (
    Point(name="power_kw", kind="instant", unit="kw", decimals=2),
    Point(name="energy_kwh", kind="register", unit="kwh", decimals=1),
)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def meter(name: str, measures: str | None = None, part_of: str | None = None) -> Meter:
    made = Meter.model_validate(
        {
            "name": name,
            "protocol": "snmp",
            "profile": "apc-rpdu2",
            "serial": name,
            "utc_offset_h": 0.0,
            "measures": measures,
            "part_of": part_of,
        }
    )
    return made.telling(POWER, profile="apc-rpdu2")


def heat_meter(name: str, measures: str | None = None, part_of: str | None = None) -> Meter:
    made = meter(name, measures, part_of)
    return made.model_copy(update={"protocol": "csv", "profile": "heat-meter"})


def shown(site: Site, *meters: Meter) -> dict[str, dict[Measured, Fraction]]:
    site = site.model_copy(update={"meters": meters})
    return {name: dict(share) for name, share in shares_of(site).items()}


def test_meters_side_by_side_share_equally(pool_site: Site) -> None:
    feeds = [meter(name, "it") for name in ("a", "b", "c")]
    assert shown(pool_site, *feeds, meter("house", "site")) == {
        "a": {"it": THIRD},
        "b": {"it": THIRD},
        "c": {"it": THIRD},
        "house": {"site": 1},
    }


def test_parts_share_what_the_one_before_shows(pool_site: Site) -> None:
    meters = (
        meter("main", "it"),
        meter("other", "it"),
        meter("a", part_of="main"),
        meter("b", "it", part_of="main"),
        meter("a1", "it", part_of="a"),
        meter("again", "it", part_of="other"),
    )
    assert shown(pool_site, *meters) == {
        "main": {"it": HALF},
        "other": {"it": HALF},
        # It does not say what it measures, so what the one before it does.
        "a": {"it": HALF / 2},
        "b": {"it": HALF / 2},
        "a1": {"it": HALF / 2},
        # The only one behind another hangs in the same line.
        "again": {"it": HALF},
    }


def test_a_meter_that_says_nothing_shows_what_hangs_behind_it(pool_site: Site) -> None:
    meters = (
        meter("main"),
        meter("a", "it", part_of="main"),
        meter("a1", "it", part_of="a"),
        meter("b", "it"),
        meter("pumps", "auxiliary", part_of="main"),
        meter("alone"),
    )
    assert shown(pool_site, *meters) == {
        "main": {"it": HALF, "auxiliary": 1},
        "a": {"it": HALF},
        "a1": {"it": HALF},
        "b": {"it": HALF},
        "pumps": {"auxiliary": 1},
        "alone": {"it": 1},
    }


def test_a_gateway_takes_no_share_from_the_meters_behind_it(pool_site: Site) -> None:
    rack = next(one for one in pool_site.meters if one.name == "rack")
    for said in (None, "it"):
        gateway = rack.model_copy(update={"measures": said})
        found = shown(pool_site, gateway, meter("a", "it", part_of="rack"), meter("b", "it"))
        assert [found[name] for name in ("a", "b")] == [{"it": HALF}] * 2


def test_delivered_heat_passes_all_its_meters_and_coolers_share(pool_site: Site) -> None:
    meters = (
        heat_meter("billed"),
        heat_meter("check", "heat"),
        heat_meter("third", "heat"),
        heat_meter("roof_a", "rejected"),
        heat_meter("roof_b", "rejected"),
        heat_meter("again", "rejected", part_of="roof_b"),
    )
    found = shown(pool_site, *meters)
    assert [found[name] for name in ("check", "third")] == [{"heat": 1}] * 2
    assert {found[name]["rejected"] for name in ("roof_a", "roof_b", "again")} == {HALF}


@pytest.mark.parametrize(
    "meters",
    [
        (meter("a", "it"), meter("b", "it")),
        (meter("m", "it"), meter("x", part_of="m"), meter("a", "it", "x"), meter("b", "it", "m")),
        (meter("m", "site"), meter("a", "it", "m"), meter("b", "it", "m"), meter("c", "it")),
    ],
)
def test_the_registers_that_count_add_up_to_the_whole(
    pool_site: Site, meters: tuple[Meter, ...]
) -> None:
    """The account sums registers by a rule of its own; the twin's meters have to fit it."""
    site = pool_site.model_copy(update={"meters": meters})
    shares = shares_of(site)
    counting = [name.partition(".")[0] for name in registers_counting(site, "it")]
    assert counting
    assert sum(shares[name]["it"] for name in counting) == 1
