"""Who is on a bus: calling every number, or asking for identifications digit by digit."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace

from exotherm.devices.errors import UnableToReachMeter, UnreadableTelegram
from exotherm.devices.mbus.client import Call, MbusLine, MeterAddress, read_address
from exotherm.devices.mbus.frame import ADDRESS_MAX, ANY_ADDRESS
from exotherm.devices.mbus.header import secondary_of
from exotherm.devices.mbus.telegram import Telegram

PRIMARY_NUMBERS = range(ADDRESS_MAX + 1)
_DIGITS = 8
_SAME = (
    "several meters have this address; give each one a number of its own, or read them by their "
    "secondary address"
)
_SAME_IDENTIFICATION = (
    "several meters have this identification; select them by manufacturer, version and medium too"
)
# Where a whole identification is shared, a bus is wired wrong; where one after the other is, it is
# none: what answers whatever is asked would be searched for all hundred million of them.
_DEAD_ENDS_MAX = 3
_NONE_ALONE = "something answers here, but no meter by itself: noise, or meters that cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What answers at an address: its telegram, or why there is none to be had.

    ``repeated`` tells that it was read twice and answered with the same access number.
    """

    address: MeterAddress
    telegram: Telegram | None
    trouble: str = ""
    repeated: bool = False


async def scan_primary(
    line: MbusLine, numbers: Iterable[int] = PRIMARY_NUMBERS
) -> AsyncIterator[Found]:
    """Call each number and give what answers. Raises UnableToReachMeter without a converter."""
    for number in numbers:
        meter = MeterAddress(number)
        called = await line.call(meter)
        if called is Call.ONE:
            yield await _ask(line, meter, where_several=_SAME)
        elif called is Call.SEVERAL:
            yield Found(address=meter, telegram=None, trouble=_SAME)


async def search_secondary(line: MbusLine, prefix: str = "") -> AsyncIterator[Found]:
    """Find every meter whose identification begins with some digits, and read each once.

    All ten next digits are asked for only where several answer. Raises UnableToReachMeter where
    there is no converter, and UnreadableTelegram where something answers whatever is asked.
    """
    dead_ends = 0
    async for found in _search(line, prefix):
        yield found
        dead_ends = 0 if found.telegram else dead_ends + 1
        if dead_ends == _DEAD_ENDS_MAX:
            raise UnreadableTelegram(
                "Whatever identification is asked for, something answers that no meter sends: this "
                "is no M-Bus, or one full of noise.",
                remedy="Check that address and port are those of an M-Bus level converter, its "
                "speed, its supply and the wires; ask one meter with --meter.",
            )


async def _search(line: MbusLine, prefix: str) -> AsyncIterator[Found]:
    meter = read_address(prefix.ljust(_DIGITS, "F"))
    called = await line.call(meter)
    if called is Call.NOBODY:
        return
    if called is Call.ONE:
        found = await _ask(line, meter, where_several="")
        confirmed = found.telegram and await _confirm(line, found.telegram)
        if confirmed:
            yield confirmed
            return
        if found.trouble:
            yield found
            return
    if len(prefix) == _DIGITS:
        yield Found(address=meter, telegram=None, trouble=_SAME_IDENTIFICATION)
        return
    anybody = False
    for digit in "0123456789":
        async for found in _search(line, prefix + digit):
            anybody = True
            yield found
    if not anybody:
        yield Found(address=meter, telegram=None, trouble=_NONE_ALONE)


async def ask_the_only_one(line: MbusLine) -> Found | None:
    """Read whichever meter there is, by the number that every meter answers to.

    None where nobody answers; without a telegram where several do.
    """
    meter = MeterAddress(ANY_ADDRESS)
    called = await line.call(meter)
    if called is Call.NOBODY:
        return None
    if called is Call.SEVERAL:
        return Found(address=meter, telegram=None, trouble=_SAME)
    return await _ask(line, meter, where_several=_SAME)


async def _ask(line: MbusLine, meter: MeterAddress, *, where_several: str) -> Found:
    """Read the meter that acknowledged; wrong bytes are several answers on top of each other."""
    try:
        telegram = await line.ask_called(meter)
    except UnreadableTelegram:
        return Found(address=meter, telegram=None, trouble=where_several)
    except UnableToReachMeter as error:
        return Found(address=meter, telegram=None, trouble=str(error))
    return Found(address=meter, telegram=telegram)


async def _confirm(line: MbusLine, told: Telegram) -> Found | None:
    """Read a meter by the whole address that it told, or None where it is not there.

    Two answers on top of each other may look like that of a third meter.
    """
    meter = _own_address(told)
    if await line.call(meter) is not Call.ONE:
        return None
    found = await _ask(line, meter, where_several="")
    if found.telegram is None or found.telegram.identification != told.identification:
        return None
    number = found.telegram.access_number
    return replace(found, repeated=number is not None and number == told.access_number)


def called_by(found: Found) -> str:
    """Say how to call a meter again: its number, and its secondary address where it tells one."""
    telegram = found.telegram
    if telegram is None or not telegram.identification:
        return str(found.address)
    return f"address {telegram.address} or {_own_address(telegram)}"


def _own_address(telegram: Telegram) -> MeterAddress:
    if not telegram.manufacturer:
        return read_address(telegram.identification.ljust(_DIGITS, "F"))
    return read_address(
        secondary_of(
            telegram.identification, telegram.manufacturer, telegram.version, telegram.medium
        )
    )
