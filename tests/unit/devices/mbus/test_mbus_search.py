"""Who is on a bus: every meter is found, none is made up, and collisions are told as such."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mbus_image import IMAGE

from exotherm.devices.mbus.client import Call, MbusLine, read_address
from exotherm.devices.mbus.header import secondary_of
from exotherm.devices.mbus.search import (
    Found,
    ask_the_only_one,
    scan_primary,
    search_secondary,
)
from exotherm.devices.mbus.server import MbusBus, collide
from exotherm.devices.mbus.slave import SimulatedMeter, build_telegram
from exotherm.devices.mbus.wires import TcpWay

HASTY_S = 0.06


def meter(identification: str, address: int, manufacturer: str = "EXO") -> SimulatedMeter:
    image = replace(
        IMAGE, identification=identification, address=address, manufacturer=manufacturer
    )
    return SimulatedMeter(lambda: image)


def on_a_bus(meters: Sequence[SimulatedMeter], test: Callable[[MbusLine], Awaitable[None]]) -> None:
    async def run() -> None:
        async with MbusBus(meters) as bus:
            way = TcpWay("127.0.0.1", bus.port)
            async with MbusLine(way, timeout_s=HASTY_S) as line:
                await test(line)

    asyncio.run(run())


def found_by_search(meters: Sequence[SimulatedMeter], prefix: str = "") -> list[Found]:
    found: list[Found] = []

    async def test(line: MbusLine) -> None:
        found.extend([each async for each in search_secondary(line, prefix)])

    on_a_bus(meters, test)
    return found


def test_a_search_finds_every_meter_by_its_whole_secondary_address() -> None:
    meters = [meter("10203040", 1), meter("10203041", 1), meter("10299000", 2)]
    found = found_by_search(meters, "10203") + found_by_search(meters, "10299")
    assert [
        "102030400F170104",
        "102030410F170104",
        "102990000F170104",
    ] == sorted(str(each.address) for each in found)
    assert all(each.telegram is not None for each in found)


def test_a_search_on_an_empty_bus_finds_nobody() -> None:
    assert [] == found_by_search([])


def test_meters_with_the_same_identification_are_told_and_not_mixed_up() -> None:
    (found,) = found_by_search([meter("10203040", 1), meter("10203040", 2, "KAM")], "1020304")
    assert found.telegram is None
    assert str(found.address) == "10203040FFFFFFFF"
    assert "select them by manufacturer" in found.trouble


def test_a_meter_that_two_answers_make_up_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Answers that fall together bit by bit can be the right telegram of no meter."""

    monkeypatch.setattr(
        "exotherm.devices.mbus.server.collide",
        lambda answers: (
            build_telegram(replace(IMAGE, identification="99999999"))
            if sum(len(each) > 1 for each in answers) > 1
            else max(answers, key=len)
        ),
    )
    found = found_by_search([meter("10203040", 1), meter("20203041", 1)])
    assert ["10203040", "20203041"] == sorted(
        each.telegram.identification for each in found if each.telegram
    )


@settings(max_examples=5, deadline=None)
@given(st.sets(st.integers(0, 99), min_size=1, max_size=3))
def test_any_meters_are_found_each_once(numbers: set[int]) -> None:
    names = sorted(f"{number:08d}" for number in numbers)
    found = found_by_search([meter(name, 1) for name in names], "000000")
    assert names == sorted(each.telegram.identification for each in found if each.telegram)


def test_a_scan_finds_each_number_and_tells_where_two_meters_share_one() -> None:
    meters = [meter("10203040", 3), meter("10203041", 5), meter("77777777", 5)]
    found: list[Found] = []

    async def test(line: MbusLine) -> None:
        found.extend([each async for each in scan_primary(line, range(8))])

    on_a_bus(meters, test)
    alone, shared = found
    assert alone.address.primary == 3
    assert alone.telegram is not None
    assert (shared.address.primary, shared.telegram) == (5, None)
    assert "several meters have this address" in shared.trouble


def test_the_only_meter_is_read_without_its_address() -> None:
    async def one(line: MbusLine) -> None:
        found = await ask_the_only_one(line)
        assert found is not None
        assert found.telegram is not None
        assert found.telegram.address == 17

    async def two(line: MbusLine) -> None:
        found = await ask_the_only_one(line)
        assert found is not None
        assert found.telegram is None

    async def none(line: MbusLine) -> None:
        assert await ask_the_only_one(line) is None

    on_a_bus([meter("10203040", 17)], one)
    on_a_bus([meter("10203040", 17), meter("10203041", 18)], two)
    on_a_bus([], none)


def test_a_line_can_be_read_after_a_collision() -> None:
    async def test(line: MbusLine) -> None:
        assert await line.call(read_address("1020304F")) is Call.ONE
        assert [each async for each in search_secondary(line, "102030")]
        await line.deselect()
        assert (await line.read("10203041")).identification == "10203041"

    on_a_bus([meter("10203040", 1), meter("10203041", 2)], test)


def test_bytes_on_top_of_each_other_are_zero_where_any_is() -> None:
    assert b"\xe5" == collide([b"\xe5", b"", b"\xe5"])
    assert b"\x30\x90\x22" == collide([b"\x30\x91", b"", b"\x90\x22"])
    assert b"" == collide([b"", b""])


def test_a_secondary_address_is_made_of_what_a_telegram_tells() -> None:
    assert secondary_of("06855817", "KAM", 8, "heat") == "068558172D2C0804"
    assert secondary_of("00000001", "0000", None, "reserved-3f") == "000000010000003F"
