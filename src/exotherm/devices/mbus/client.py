"""The M-Bus master: asks meters for their telegrams through a level converter."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from exotherm.core.units import format_quantity
from exotherm.devices.errors import UnableToReachMeter, UnreadableTelegram
from exotherm.devices.mbus.frame import (
    ADDRESS_MAX,
    ANY_ADDRESS,
    FRAME_COUNT_BIT,
    REQ_UD2,
    SELECT,
    SELECTED_ADDRESS,
    SND_NKE,
    SND_UD,
    FrameKind,
    build_ack,
    build_long,
    build_short,
    length_of,
    read_frame,
    unreadable,
)
from exotherm.devices.mbus.telegram import Telegram, read_telegram
from exotherm.devices.mbus.wires import TcpWay, Transport, Way, Wire

_TELEGRAMS_MAX = 16
_HEX = frozenset("0123456789ABCDEF")
_ANSWER_REMEDY = (
    "Check the meter's address, that it is wired to the bus and that the level converter feeds the "
    "bus; a battery meter may have used up its readings of the day."
)


@dataclass(frozen=True, slots=True)
class MeterAddress:
    """How a meter is called: its primary address, or the 16 hex digits that select it."""

    primary: int
    selection: str = ""

    def __str__(self) -> str:
        return self.selection or str(self.primary)

    def matches(self, telegram: Telegram) -> bool:
        """Tell whether an answer is from the meter that was asked; F stands for any digit."""
        if not self.selection:
            return self.primary in {telegram.address, ANY_ADDRESS}
        if not telegram.identification:
            return False
        wanted = self.selection[:8]
        given = telegram.identification
        return all(digit in {"F", other} for digit, other in zip(wanted, given, strict=True))


def read_address(address: int | str) -> MeterAddress:
    """Read a meter's address: 0 to 250, or 8 to 16 hex digits of its secondary address.

    The digits are its identification, manufacturer (as on the bus), version and medium; missing
    ones and F match anything. Raises ValueError for anything else.
    """
    text = str(address).strip().upper()
    if 8 <= len(text) <= 16 and len(text) % 2 == 0 and _HEX.issuperset(text):
        return MeterAddress(SELECTED_ADDRESS, text.ljust(16, "F"))
    if text.isdecimal() and int(text) <= ADDRESS_MAX:
        return MeterAddress(int(text))
    raise ValueError(
        f"an M-Bus address is a number from 0 to {ADDRESS_MAX} or 8 to 16 hex digits, "
        f"not {address!r}"
    )


class Call(StrEnum):
    """What comes back when a meter is called."""

    NOBODY = "nobody"
    ONE = "one"
    SEVERAL = "several"
    """Bytes that no single meter sends: answers on top of each other, or noise."""


class MbusLine:
    """One connection to a level converter, and the meters behind it, read one after the other.

    After anything that goes wrong the connection is dropped and made anew for the next request, so
    that a late answer is never taken for the answer to another question.
    """

    def __init__(self, way: Way, *, timeout_s: float | None = None, retries: int = 2) -> None:
        self._way = way
        self._timeout_s = way.timeout_s if timeout_s is None else timeout_s
        self._call_s = way.call_s if timeout_s is None else timeout_s
        self._retries = retries
        self._turn = asyncio.Lock()
        self._wire = Wire()
        self._transport: Transport | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection; the next read makes a new one."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    async def read(self, address: int | str) -> Telegram:
        """Read a meter's first telegram, in which every heat meter tells what it is billed by.

        Raises UnableToReachMeter where it does not answer, UnreadableTelegram where it answers
        with wrong bytes at every try, and ValueError for an impossible address.
        """
        return (await self._read(read_address(address), telegrams_max=1))[0]

    async def read_all(self, address: int | str) -> tuple[Telegram, ...]:
        """Read all telegrams of a meter, following "more records follow". Raises as `read`."""
        return await self._read(read_address(address), telegrams_max=_TELEGRAMS_MAX)

    async def call(self, meter: MeterAddress) -> Call:
        """Call a meter, or all that its selection matches, and tell who answers.

        Raises UnableToReachMeter where the level converter itself is out of reach, and
        UnreadableTelegram where bytes come in without end.
        """
        async with self._turn:
            await self._connect()
            try:
                answer = await self._exchange(_call_of(meter), meter, timeout_s=self._call_s)
            except UnreadableTelegram:
                await self._wire.settle()
                return Call.SEVERAL
            except UnableToReachMeter:
                if self._wire.lost:
                    raise
                return Call.SEVERAL if self._wire.received else Call.NOBODY
            late = await self._wire.settle()
            return Call.ONE if answer == build_ack() and not late else Call.SEVERAL

    async def ask_called(self, meter: MeterAddress) -> Telegram:
        """Ask the meter that was just called for its first telegram, once.

        Raises UnableToReachMeter and UnreadableTelegram, the latter also where several answer.
        """
        async with self._turn:
            request = build_short(control=REQ_UD2 | FRAME_COUNT_BIT, address=meter.primary)
            try:
                return read_telegram(await self._exchange(request, meter))
            except UnreadableTelegram:
                await self._wire.settle()
                raise

    async def deselect(self) -> None:
        """Have whichever meter is selected forget it."""
        async with self._turn:
            transport = await self._connect()
            transport.write(build_short(control=SND_NKE, address=SELECTED_ADDRESS))
            await self._wire.settle()

    async def _read(self, meter: MeterAddress, *, telegrams_max: int) -> tuple[Telegram, ...]:
        async with self._turn:
            await self._connect()
            for remaining in range(self._retries, -1, -1):
                try:
                    return await self._converse(meter, telegrams_max)
                except (UnableToReachMeter, UnreadableTelegram):
                    self.close()
                    if not remaining:
                        raise
                except BaseException:
                    self.close()
                    raise
        raise AssertionError("the last try returns or raises")

    async def _converse(self, meter: MeterAddress, telegrams_max: int) -> tuple[Telegram, ...]:
        """Call the meter, then ask for its telegrams with a frame count bit that alternates.

        Both ways of calling it, initialising its link and selecting it, make the first telegram
        the next one that it gives, and the bit set the one that it expects.
        """
        if read_frame(await self._exchange(_call_of(meter), meter)).kind is not FrameKind.ACK:
            raise unreadable("it stands where an acknowledgement is due")
        telegrams: list[Telegram] = []
        control = REQ_UD2 | FRAME_COUNT_BIT
        while len(telegrams) < telegrams_max:
            request = build_short(control=control, address=meter.primary)
            telegram = read_telegram(await self._exchange(request, meter))
            if not meter.matches(telegram):
                raise unreadable(
                    f"it is from meter {telegram.address} ({telegram.identification}) where "
                    f"{meter} was asked"
                )
            if telegrams and telegram == telegrams[-1]:
                # It does not know the frame count bit, and would repeat itself for ever.
                break
            telegrams.append(telegram)
            if not telegram.more_follows:
                break
            control ^= FRAME_COUNT_BIT
        return tuple(telegrams)

    async def _exchange(
        self, request: bytes, meter: MeterAddress, *, timeout_s: float | None = None
    ) -> bytes:
        """Send a request and wait for one whole frame."""
        patience_s = self._timeout_s if timeout_s is None else timeout_s
        transport = await self._connect()
        wire = self._wire
        wire.received.clear()
        transport.write(request)
        try:
            async with asyncio.timeout(patience_s):
                return await _whole_frame(wire, request)
        except TimeoutError:
            raise UnableToReachMeter(
                f"Meter {meter} on {self._way} does not answer within "
                f"{format_quantity('wait_s', patience_s, decimals=1)}.",
                remedy=_ANSWER_REMEDY,
            ) from None
        except ConnectionError:
            raise UnableToReachMeter(
                f"The level converter on {self._way} ends the connection while meter "
                f"{meter} is asked.",
                remedy=self._way.remedy,
            ) from None

    async def _connect(self) -> Transport:
        if self._transport is not None and not self._wire.lost:
            return self._transport
        self.close()
        self._transport, self._wire = await self._way.open(self._timeout_s)
        return self._transport


async def read_meter(
    host: str, port: int, address: int | str, *, timeout_s: float = 2.0
) -> Telegram:
    """Read one meter over a connection of its own. Raises as `MbusLine.read`."""
    async with MbusLine(TcpWay(host, port), timeout_s=timeout_s) as line:
        return await line.read(address)


async def _whole_frame(wire: Wire, request: bytes) -> bytes:
    """Wait for one whole frame; a converter that gives back what was sent is not an answer."""
    while True:
        if wire.received.startswith(request):
            del wire.received[: len(request)]
        length = length_of(wire.received)
        if length is not None and len(wire.received) >= length:
            return bytes(wire.received)
        if wire.lost:
            raise ConnectionError
        wire.arrival.clear()
        await wire.arrival.wait()


def _call_of(meter: MeterAddress) -> bytes:
    return _select(meter) if meter.selection else _initialise(meter)


def _initialise(meter: MeterAddress) -> bytes:
    return build_short(control=SND_NKE, address=meter.primary)


def _select(meter: MeterAddress) -> bytes:
    """Build the selection by identification (little-endian), manufacturer, version and medium."""
    digits = bytes.fromhex(meter.selection)
    return build_long(
        control=SND_UD,
        address=SELECTED_ADDRESS,
        information=SELECT,
        data=digits[3::-1] + digits[4:],
    )
