"""A meter behind a serial port, which here is a pseudo-terminal."""

import asyncio
import os
import pty
import tty
from pathlib import Path

import pytest
from serial_port import behind_a_port

from exotherm.devices.errors import UnableToReachMeter
from exotherm.devices.mbus.client import MbusLine
from exotherm.devices.mbus.wires import SerialWay


@pytest.mark.parametrize("echo", [False, True])
def test_reads_a_meter_behind_a_serial_port(*, echo: bool) -> None:
    async def test(path: str) -> None:
        async with MbusLine(SerialWay(path)) as line:
            for address in (9, "10203040"):
                assert (await line.read(address)).identification == "10203040"

    behind_a_port(test, echo=echo)


def test_a_meter_that_keeps_silent_is_out_of_reach() -> None:
    async def test(path: str) -> None:
        async with MbusLine(SerialWay(path), timeout_s=0.05, retries=0) as line:
            with pytest.raises(UnableToReachMeter, match=f"Meter 8 on {path} at 2400 baud does"):
                await line.read(8)

    behind_a_port(test)


def test_a_converter_that_is_pulled_out_is_out_of_reach() -> None:
    async def run() -> None:
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        line = MbusLine(SerialWay(os.ttyname(theirs)), timeout_s=2.0, retries=0)
        asyncio.get_running_loop().call_later(0.05, os.close, ours)
        with pytest.raises(UnableToReachMeter, match="ends the connection while meter 1"):
            await line.read(1)
        os.close(theirs)

    asyncio.run(run())


def test_a_port_that_is_none_is_told_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no port")
    for path in (file, tmp_path / "ttyUSB9"):
        with pytest.raises(UnableToReachMeter, match="cannot be used") as caught:
            asyncio.run(MbusLine(SerialWay(str(path))).read(1))
        assert "plugged in" in caught.value.remedy


def test_waits_as_long_as_the_longest_telegram_takes() -> None:
    """261 bytes of eleven bits at 2400 baud take 1.2 s, at 300 baud 9.6 s."""
    assert 1.2 < SerialWay("x").timeout_s < 2.0
    assert 9.6 < SerialWay("x", 300).timeout_s < 12.0
    assert SerialWay("x").call_s < 0.6
