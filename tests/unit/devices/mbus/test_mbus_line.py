"""Master and meter on loopback: what is shown is what is read, and nothing is read that is not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.samples import Point
from exotherm.devices.errors import UnableToListen, UnableToReachMeter, UnreadableTelegram
from exotherm.devices.mbus.client import MbusLine, MeterAddress, read_address, read_meter
from exotherm.devices.mbus.frame import build_ack, build_long, build_short, read_frame
from exotherm.devices.mbus.points import read_heat_meter
from exotherm.devices.mbus.server import MbusMeter
from exotherm.devices.mbus.slave import MeterImage, build_telegram
from exotherm.devices.mbus.telegram import read_telegram
from exotherm.devices.mbus.wires import TcpWay

IMAGE = MeterImage(
    identification="10203040",
    heat_kwh=12_345_678,
    volume_m3=Decimal("98765.43"),
    heat_kw=Decimal("34.7"),
    flow_m3h=Decimal("0.543"),
    supply_c=Decimal("58.31"),
    return_c=Decimal("44.07"),
    clock=datetime.fromisoformat("2026-10-01T00:15"),
)
PATIENT_S = 5.0
HASTY_S = 0.05


def test_builds_a_telegram_whose_values_are_those_of_the_image() -> None:
    telegram = read_telegram(build_telegram(replace(IMAGE, access_number=7, status=0x04)))
    assert (
        telegram.identification,
        telegram.manufacturer,
        telegram.medium,
        telegram.access_number,
        telegram.status,
        telegram.address,
    ) == ("10203040", "EXO", "heat", 7, 4, 1)
    assert all(record.valid for record in telegram.records)
    assert telegram.clock is not None
    assert IMAGE.clock == telegram.clock.value


@given(
    heat_kwh=st.integers(0, 99_999_999),
    volume=st.integers(0, 99_999_999),
    heat=st.integers(-10_000, 100_000),
    flow=st.integers(-100_000, 1_000_000),
    temperatures=st.tuples(st.integers(-3000, 20_000), st.integers(-3000, 20_000)),
    clock=st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")),
)
def test_every_image_comes_back_exactly(
    heat_kwh: int,
    volume: int,
    heat: int,
    flow: int,
    temperatures: tuple[int, int],
    clock: datetime,
) -> None:
    supply, returned = temperatures
    image = replace(
        IMAGE,
        heat_kwh=heat_kwh,
        volume_m3=Decimal(volume).scaleb(-2),
        heat_kw=Decimal(heat).scaleb(-1),
        flow_m3h=Decimal(flow).scaleb(-3),
        supply_c=Decimal(supply).scaleb(-2),
        return_c=Decimal(returned).scaleb(-2),
        clock=clock,
    )
    points = (
        Point(name="m.heat_kwh", kind="register", unit="kWh", decimals=0),
        Point(name="m.volume_m3", kind="register", unit="m³", decimals=2),
        Point(name="m.heat_kw", kind="instant", unit="kW", decimals=1),
        Point(name="m.flow_m3h", kind="instant", unit="m³/h", decimals=3),
        Point(name="m.supply_c", kind="instant", unit="°C", decimals=2),
        Point(name="m.return_c", kind="instant", unit="°C", decimals=2),
    )
    telegram = read_telegram(build_telegram(image))
    counts = read_heat_meter(telegram, points)
    assert [heat_kwh, volume, heat, flow, supply, returned] == list(counts.values())
    assert telegram.clock is not None
    assert clock.replace(second=0, microsecond=0) == telegram.clock.value


def served(test: Callable[[MbusMeter], Awaitable[None]]) -> None:
    """Run a test against a meter on loopback."""

    async def run() -> None:
        async with MbusMeter(lambda: IMAGE) as meter:
            await test(meter)

    asyncio.run(run())


@pytest.mark.parametrize("address", [1, "1", "10203040", "1FFFFF40", "102030400F170104"])
def test_reads_a_meter_by_each_kind_of_address(address: int | str) -> None:
    async def test(meter: MbusMeter) -> None:
        telegram = await read_meter("127.0.0.1", meter.port, address, timeout_s=PATIENT_S)
        record = telegram.current("energy", "kWh")
        assert record is not None
        assert IMAGE.heat_kwh == record.value

    served(test)


def test_each_read_advances_the_access_number_and_shows_the_meter_of_that_moment() -> None:
    async def test(meter: MbusMeter) -> None:
        async with MbusLine(TcpWay("127.0.0.1", meter.port), timeout_s=PATIENT_S) as line:
            telegrams = [await line.read(1) for _ in range(300)]
        assert [turn % 256 for turn in range(300)] == [each.access_number for each in telegrams]
        assert meter.answered == 300

    served(test)


def test_serves_several_clients_at_once() -> None:
    async def test(meter: MbusMeter) -> None:
        reads = [
            read_meter("127.0.0.1", meter.port, address, timeout_s=PATIENT_S)
            for address in (1, "10203040", 1, "FFFFFFFF", 1)
        ]
        telegrams = await asyncio.gather(*reads)
        assert list(range(5)) == sorted(each.access_number or 0 for each in telegrams)

    served(test)


def test_reads_one_after_the_other_on_one_line() -> None:
    async def test(meter: MbusMeter) -> None:
        async with MbusLine(TcpWay("127.0.0.1", meter.port), timeout_s=PATIENT_S) as line:
            telegrams = await asyncio.gather(*(line.read(1) for _ in range(5)))
        assert list(range(5)) == sorted(each.access_number or 0 for each in telegrams)

    served(test)


def test_a_mute_meter_is_out_of_reach_and_comes_back() -> None:
    async def test(meter: MbusMeter) -> None:
        async with MbusLine(TcpWay("127.0.0.1", meter.port), timeout_s=HASTY_S, retries=1) as line:
            meter.mute = True
            with pytest.raises(UnableToReachMeter, match=r"Meter 1 on 127.0.0.1:\d+ does not") as e:
                await line.read(1)
            assert e.value.retryable
            assert "wired to the bus" in e.value.remedy
        meter.mute = False
        assert (await read_meter("127.0.0.1", meter.port, 1, timeout_s=PATIENT_S)).records

    served(test)


@pytest.mark.parametrize("address", [2, "99999999"])
def test_a_meter_that_is_not_on_the_bus_does_not_answer(address: int | str) -> None:
    async def test(meter: MbusMeter) -> None:
        async with MbusLine(TcpWay("127.0.0.1", meter.port), timeout_s=HASTY_S, retries=0) as line:
            with pytest.raises(UnableToReachMeter):
                await line.read(address)

    served(test)


def test_wrong_bytes_are_unreadable_and_the_line_recovers() -> None:
    async def test(meter: MbusMeter) -> None:
        async with MbusLine(TcpWay("127.0.0.1", meter.port), timeout_s=PATIENT_S) as line:
            meter.garble = True
            with pytest.raises(UnreadableTelegram) as caught:
                await line.read(1)
            assert caught.value.retryable
            meter.garble = False
            assert (await line.read(1)).address == 1

    served(test)


def test_a_refused_connection_is_out_of_reach() -> None:
    async def run() -> None:
        async with MbusMeter(lambda: IMAGE) as meter:
            port = meter.port
        with pytest.raises(UnableToReachMeter, match="takes no connection") as caught:
            await read_meter("127.0.0.1", port, 1, timeout_s=PATIENT_S)
        assert caught.value.retryable

    asyncio.run(run())


def test_a_port_that_is_taken_is_said() -> None:
    async def test(meter: MbusMeter) -> None:
        with pytest.raises(UnableToListen, match=f"cannot listen on 127.0.0.1:{meter.port}"):
            await MbusMeter(lambda: IMAGE, port=meter.port).start()

    served(test)


def test_a_repeated_request_gets_the_same_answer_and_a_toggled_one_a_new() -> None:
    async def test(meter: MbusMeter) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", meter.port)
        length = len(build_telegram(IMAGE))
        numbers = []
        for control in (0x7B, 0x7B, 0x5B, 0x5B, 0x7B):
            writer.write(build_short(control=control, address=1))
            frame = await asyncio.wait_for(reader.readexactly(length), PATIENT_S)
            numbers.append(read_telegram(frame).access_number)
        writer.write(b"\x00nonsense")
        writer.write(build_short(control=0x40, address=1))
        writer.close()
        await writer.wait_closed()
        assert numbers == [0, 0, 1, 1, 2]

    served(test)


class _Scripted(asyncio.Protocol):
    """A bus that answers each request with the next of its lines, whatever is asked."""

    def __init__(self, answers: list[bytes], asked: list[bytes]) -> None:
        self._answers = answers
        self._asked = asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked.append(data)
        answer = self._answers.pop(0)
        if answer:
            self._transport.write(answer)
        else:
            self._transport.abort()


def scripted(
    answers: list[bytes], test: Callable[[MbusLine], Awaitable[None]], *, retries: int = 0
) -> list[bytes]:
    """Run a test against scripted answers and give what was asked."""
    asked: list[bytes] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Scripted(answers, asked), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            server,
            MbusLine(TcpWay("127.0.0.1", port), timeout_s=2, retries=retries) as line,
        ):
            await test(line)

    asyncio.run(run())
    return asked


def telegram(records: str, *, address: int = 1) -> bytes:
    data = bytes.fromhex("78 56 34 12 24 40 01 04 55 00 00 00" + records)
    return build_long(control=8, address=address, information=0x72, data=data)


def test_follows_more_records_with_an_alternating_frame_count_bit() -> None:
    async def test(line: MbusLine) -> None:
        telegrams = await line.read_all(1)
        assert [each.records[0].value for each in telegrams] == [1, 2, 3]

    answers = [build_ack(), telegram("01 06 01 1F"), telegram("01 06 02 1F"), telegram("01 06 03")]
    asked = scripted(answers, test)
    assert [read_frame(request).control for request in asked] == [0x40, 0x7B, 0x5B, 0x7B]


def test_a_meter_that_ignores_the_frame_count_bit_is_not_read_for_ever() -> None:
    async def test(line: MbusLine) -> None:
        (only,) = await line.read_all(1)
        assert only.more_follows

    again = telegram("01 06 01 1F")
    assert len(scripted([build_ack(), again, again], test)) == 3


def test_an_answer_that_does_not_say_who_it_is_from_is_not_taken_for_a_selected_meters() -> None:
    async def test(line: MbusLine) -> None:
        with pytest.raises(UnreadableTelegram, match="where 12345678FFFFFFFF was asked"):
            await line.read("12345678")

    nameless = build_long(control=8, address=1, information=0x78, data=b"\x01\x06\x01")
    scripted([build_ack(), nameless], test)


def test_never_takes_another_meters_answer() -> None:
    async def by_number(line: MbusLine) -> None:
        with pytest.raises(UnreadableTelegram, match=r"from meter 2 \(12345678\) where 1 was"):
            await line.read(1)

    async def by_identification(line: MbusLine) -> None:
        with pytest.raises(UnreadableTelegram, match="where 99999999FFFFFFFF was asked"):
            await line.read("99999999")

    scripted([build_ack(), telegram("01 06 01", address=2)], by_number)
    scripted([build_ack(), telegram("01 06 01")], by_identification)


def test_tries_again_after_a_lost_connection_and_begins_anew() -> None:
    async def test(line: MbusLine) -> None:
        assert (await line.read(1)).records[0].value == 1

    asked = scripted(
        [build_ack(), b"", build_ack(), telegram("01 06 01 1F")],
        test,
        retries=1,
    )
    assert [read_frame(request).control for request in asked] == [0x40, 0x7B, 0x40, 0x7B]


def test_a_connection_that_ends_is_out_of_reach() -> None:
    async def test(line: MbusLine) -> None:
        with pytest.raises(UnableToReachMeter, match="ends the connection while meter 1 is asked"):
            await line.read(1)

    scripted([b""], test)


def test_an_answer_in_the_place_of_an_acknowledgement_is_unreadable() -> None:
    async def test(line: MbusLine) -> None:
        with pytest.raises(UnreadableTelegram, match="where an acknowledgement is due"):
            await line.read(1)

    scripted([telegram("01 06 01")], test)


def test_selects_with_the_bytes_that_the_standard_orders() -> None:
    async def test(line: MbusLine) -> None:
        await line.read("123456782440FF04")

    asked = scripted([build_ack(), telegram("01 06 01")], test)
    expected = "68 0B 0B 68 53 FD 52 78 56 34 12 24 40 FF 04 1D 16"
    assert bytes.fromhex(expected) == asked[0]


def test_reads_addresses_and_refuses_others() -> None:
    assert MeterAddress(0) == read_address(0)
    assert MeterAddress(250) == read_address(" 250 ")
    assert MeterAddress(253, "10203040FFFFFFFF") == read_address("10203040")
    assert MeterAddress(253, "068558172D2C0804") == read_address("068558172d2c0804")
    for wrong in (251, -1, "", "x", "1020304", "102030405", "1" * 18, "1020304G"):
        with pytest.raises(ValueError, match="an M-Bus address is a number from 0 to 250"):
            read_address(wrong)


def test_shows_the_meter_of_each_moment() -> None:
    """The image is taken at each request: heat and clock go on between two reads."""
    moments = iter(range(1000))

    def image() -> MeterImage:
        step = next(moments)
        return replace(
            IMAGE,
            heat_kwh=step,
            clock=datetime.fromisoformat("2026-01-01") + timedelta(minutes=step),
            address=9,
        )

    async def run() -> None:
        async with MbusMeter(image) as meter:
            first = await read_meter("127.0.0.1", meter.port, 9, timeout_s=PATIENT_S)
            later = await read_meter("127.0.0.1", meter.port, 9, timeout_s=PATIENT_S)
        for told in (first, later):
            energy = told.current("energy", "kWh")
            assert energy is not None
            assert told.clock is not None
            assert isinstance(energy.value, int)
            expected = datetime.fromisoformat("2026-01-01") + timedelta(minutes=energy.value)
            assert expected == told.clock.value
        assert first.records != later.records

    asyncio.run(run())
