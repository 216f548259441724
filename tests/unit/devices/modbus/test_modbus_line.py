"""Client and device on loopback, both on pymodbus's real protocol."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from pymodbus.client import AsyncModbusTcpClient

from exotherm.devices.errors import UnableToListen, UnableToReachMeter, UnreadableRegisters
from exotherm.devices.modbus.codec import ModbusImage
from exotherm.devices.modbus.line import ModbusLine
from exotherm.devices.modbus.profile import load_profile
from exotherm.devices.modbus.twin import ModbusTwin

PLANT_ROOM = load_profile("plantroom")
START = datetime(2026, 10, 1, tzinfo=UTC)
PATIENT_S = 5.0
HASTY_S = 0.05


class Plant:
    """A plant that goes on by a second and by one count whenever it is looked at."""

    def __init__(self) -> None:
        self.step = 0

    def __call__(self) -> ModbusImage:
        self.step += 1
        values = dict.fromkeys((each.quantity for each in PLANT_ROOM.registers), self.step)
        return ModbusImage(values=values, at=START + timedelta(seconds=self.step))


def served(test: Callable[[ModbusTwin], Awaitable[None]]) -> None:
    async def run() -> None:
        async with ModbusTwin(PLANT_ROOM, Plant()) as twin:
            await test(twin)

    asyncio.run(run())


def test_all_values_of_a_reading_are_of_the_moment_that_its_clock_tells() -> None:
    async def test(twin: ModbusTwin) -> None:
        async with ModbusLine("127.0.0.1", twin.port, timeout_s=PATIENT_S) as line:
            for _ in range(20):
                reading = await line.read_registers(PLANT_ROOM)
                assert reading.source_at is not None
                step = (reading.source_at - START) // timedelta(seconds=1)
                expected = {
                    each.quantity: step * 10**each.decimals for each in PLANT_ROOM.registers
                }
                assert expected == reading.counts

    served(test)


def test_serves_several_clients_and_input_registers() -> None:
    async def read(port: int) -> datetime | None:
        async with ModbusLine("127.0.0.1", port, timeout_s=PATIENT_S) as line:
            return (
                await line.read_registers(PLANT_ROOM.model_copy(update={"function": "input"}))
            ).source_at

    async def test(twin: ModbusTwin) -> None:
        moments = await asyncio.gather(*(read(twin.port) for _ in range(5)))
        assert len(set(moments)) == 5

    served(test)


def test_a_mute_device_is_out_of_reach_and_comes_back() -> None:
    async def test(twin: ModbusTwin) -> None:
        async with ModbusLine("127.0.0.1", twin.port, timeout_s=HASTY_S) as line:
            twin.mute = True
            with pytest.raises(UnableToReachMeter, match=r"Device 1 on .* does not answer") as e:
                await line.read_registers(PLANT_ROOM)
            assert e.value.retryable
            assert e.value.remedy
        twin.mute = False
        async with ModbusLine("127.0.0.1", twin.port, timeout_s=PATIENT_S) as line:
            assert (await line.read_registers(PLANT_ROOM)).source_at

    served(test)


def test_a_refused_connection_is_out_of_reach_and_the_line_recovers() -> None:
    async def run() -> None:
        async with ModbusTwin(PLANT_ROOM, Plant()) as twin:
            port = twin.port
        async with ModbusLine("127.0.0.1", port, timeout_s=PATIENT_S) as line:
            with pytest.raises(UnableToReachMeter, match="takes no connection"):
                await line.read_registers(PLANT_ROOM)
            async with ModbusTwin(PLANT_ROOM, Plant(), port=port):
                assert (await line.read_registers(PLANT_ROOM)).source_at

    asyncio.run(run())


def test_a_profile_that_does_not_fit_the_device_is_said() -> None:
    moved = tuple(
        each.model_copy(update={"address": each.address + 50}) for each in PLANT_ROOM.registers
    )
    other = PLANT_ROOM.model_copy(update={"registers": moved})

    async def test(twin: ModbusTwin) -> None:
        async with ModbusLine("127.0.0.1", twin.port, timeout_s=PATIENT_S) as line:
            with pytest.raises(UnreadableRegisters, match="exception 2 for registers 0 to") as e:
                await line.read_registers(other)
            assert not e.value.retryable
            assert "Plant-room gateway" in e.value.remedy

    served(test)


def test_nobody_writes_to_the_device() -> None:
    async def test(twin: ModbusTwin) -> None:
        client = AsyncModbusTcpClient("127.0.0.1", port=twin.port, retries=0, reconnect_delay=0)
        await client.connect()
        answer = await client.write_register(2, 1, device_id=1)
        client.close()
        assert answer.isError()

    served(test)


def test_a_port_that_is_taken_is_said() -> None:
    async def test(twin: ModbusTwin) -> None:
        with pytest.raises(UnableToListen, match=f"cannot listen on 127.0.0.1:{twin.port}"):
            await ModbusTwin(PLANT_ROOM, Plant(), port=twin.port).start()

    served(test)


def test_only_line_and_twin_need_pymodbus() -> None:
    program = (
        "import sys, exotherm.devices, exotherm.devices.modbus.codec, "
        "exotherm.devices.mbus.client, exotherm.devices.mbus.server; "
        "sys.exit('pymodbus' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_failure_prints_nothing_by_itself() -> None:
    program = (
        "import asyncio\n"
        "from exotherm.devices.errors import UnableToReachMeter\n"
        "from exotherm.devices.modbus.line import ModbusLine\n"
        "from exotherm.devices.modbus.profile import load_profile\n"
        "try:\n"
        "    asyncio.run(ModbusLine('127.0.0.1', 1).read_registers(load_profile('plantroom')))\n"
        "except UnableToReachMeter:\n"
        "    print('told')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert (ran.stdout, ran.stderr) == (b"told\n", b"")
