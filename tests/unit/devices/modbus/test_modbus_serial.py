"""Modbus RTU over a real serial line: two pseudo-terminals, joined as a cable joins two ports."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from select import select

import pytest
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from exotherm.devices.credentials import Credentials
from exotherm.devices.errors import UnableToReachMeter
from exotherm.devices.line import Address
from exotherm.devices.modbus.codec import ModbusImage, encode_block
from exotherm.devices.opening import open_device
from exotherm.devices.profile import ModbusProfile
from exotherm.devices.reading import load_device_profile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: no pseudo-terminals")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SHOWN = {"power_kw": Decimal("3.2105"), "energy_kwh": Decimal("12345.6")}


@contextmanager
def cable() -> Iterator[tuple[str, str]]:
    """Join two serial ports and give their paths."""
    (one, one_end), (other, other_end) = os.openpty(), os.openpty()
    stop_read, stop_write = os.pipe()

    def carry() -> None:
        while True:
            ready, _, _ = select([one, other, stop_read], [], [])
            if stop_read in ready:
                return
            for port in ready:
                os.write(other if port == one else one, os.read(port, 1024))

    thread = threading.Thread(target=carry)
    thread.start()
    try:
        yield os.ttyname(one_end), os.ttyname(other_end)
    finally:
        os.write(stop_write, b"x")
        thread.join()
        for port in (one, one_end, other, other_end, stop_read, stop_write):
            os.close(port)


def test_a_meter_on_a_serial_line_is_read_and_a_silent_one_is_said() -> None:
    profile = load_device_profile("carlo-gavazzi-em340")
    assert isinstance(profile, ModbusProfile)
    blocks = [
        SimData(
            block.address,
            values=encode_block(block, ModbusImage(values=SHOWN, at=NOW)),
            datatype=DataType.REGISTERS,
        )
        for block in profile.blocks()
    ]

    async def run(ours: str, theirs: str) -> None:
        device = SimDevice(id=9, simdata=blocks)
        server = ModbusSerialServer(device, port=theirs, baudrate=9600, parity="N")
        await server.serve_forever(background=True)

        async def read() -> dict[str, Decimal | None]:
            opened = open_device(
                profile,
                Address(host=ours, unit=9, serial="9600 8N1"),
                now=lambda: NOW,
                credentials=Credentials(),
                timeout_s=1.0,
            )
            try:
                return {value.quantity: value.number for value in await opened.read()}
            finally:
                await opened.close()

        try:
            assert await read() == SHOWN
        finally:
            server.close()
        with pytest.raises(UnableToReachMeter, match=f"Device 9 on {ours} does not answer"):
            await read()

    with cable() as (ours, theirs):
        asyncio.run(run(ours, theirs))


def test_a_line_that_is_not_there_is_said() -> None:
    async def run() -> None:
        opened = open_device(
            load_device_profile("carlo-gavazzi-em340"),
            Address(host="/dev/not-there"),
            now=lambda: NOW,
            credentials=Credentials(),
        )
        with pytest.raises(UnableToReachMeter, match="line on /dev/not-there takes no connection"):
            await opened.read()

    asyncio.run(run())
