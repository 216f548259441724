"""Asking an M-Bus, of which nobody has a list, what is on it and what it says."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace

from exotherm.core.findings import Finding, Severity, Where
from exotherm.devices.errors import UnableToReachMeter, UnreadableTelegram
from exotherm.devices.mbus.client import MbusLine, MeterAddress, read_address
from exotherm.devices.mbus.search import (
    Found,
    ask_the_only_one,
    scan_primary,
    search_secondary,
)
from exotherm.devices.mbus.telegram import Telegram
from exotherm.devices.mbus.wires import BAUD, SerialWay, TcpWay, Way

_HOST_AND_PORT = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<host>[^\s:/\\\[\]]+)):(?P<port>[0-9]{1,5})"
)
_PORT_MAX = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask: one meter by its address, all numbers, all identifications, or what there is."""

    meter: str = ""
    scan: bool = False
    search: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What answered, in the order in which it was found, and what stands against it."""

    way: str
    found: tuple[Found, ...]
    findings: tuple[Finding, ...] = field(default=())

    def to_json(self) -> dict[str, object]:
        """Give the same as plain JSON values."""
        return {
            "way": self.way,
            "meters": [
                {
                    "called": str(each.address),
                    "trouble": each.trouble,
                    **(each.telegram.to_json() if each.telegram else {}),
                }
                for each in self.found
            ],
            "findings": [finding.to_json() for finding in self.findings],
        }


def way_of(address: str, *, baud: int | None = None) -> Way:
    """Read where a bus is: HOST:PORT of a level converter, or the path of a serial port.

    Raises ValueError where it is neither.
    """
    match = _HOST_AND_PORT.fullmatch(address)
    if match and 0 < int(match["port"]) <= _PORT_MAX:
        return TcpWay(match["six"] or match["host"], int(match["port"]))
    if address.startswith(("/", "./", "COM", "com")):
        return SerialWay(address, baud or BAUD)
    raise ValueError(
        f"{address!r} is neither HOST:PORT of a level converter nor the path of a serial port"
    )


def probe_mbus(
    way: Way,
    question: Question,
    *,
    timeout_s: float | None = None,
    tell: Callable[[Found], None] = lambda _found: None,
) -> Probed:
    """Ask a bus and give all that answers; ``tell`` hears of each meter as soon as it is found.

    A meter is read twice where that is cheap, to see whether its access number advances. Raises
    ValueError for an impossible address of a meter.
    """
    return asyncio.run(_probe(way, question, timeout_s, tell))


async def _probe(
    way: Way, question: Question, timeout_s: float | None, tell: Callable[[Found], None]
) -> Probed:
    meter = read_address(question.meter) if question.meter else None
    found: list[Found] = []
    findings: list[Finding] = []
    async with MbusLine(way, timeout_s=timeout_s) as line:
        try:
            async for each in _answers(line, meter, question):
                found.append(each)
                tell(each)
                findings.extend(_findings_of(way, each))
        except (UnableToReachMeter, UnreadableTelegram) as error:
            findings.append(_failed(way, error))
        else:
            if not found:
                findings.append(_nobody(way))
    return Probed(way=str(way), found=tuple(found), findings=tuple(findings))


def _answers(
    line: MbusLine, meter: MeterAddress | None, question: Question
) -> AsyncIterator[Found]:
    if meter is not None:
        return _one_meter(line, meter)
    if question.scan:
        return scan_primary(line)
    if question.search:
        return search_secondary(line, question.prefix)
    return _whatever_there_is(line)


async def _one_meter(line: MbusLine, meter: MeterAddress) -> AsyncIterator[Found]:
    """Read all telegrams of a meter, one Found for each."""
    address = meter.selection or meter.primary
    telegrams = await line.read_all(address)
    for telegram in telegrams[:-1]:
        yield Found(address=meter, telegram=telegram)
    alone = len(telegrams) == 1
    repeated = alone and await _stands_still(line, address, telegrams[0])
    yield Found(address=meter, telegram=telegrams[-1], repeated=repeated)


async def _whatever_there_is(line: MbusLine) -> AsyncIterator[Found]:
    """Read the only meter, or search for all where several answer."""
    only = await ask_the_only_one(line)
    if only is not None and only.telegram is not None:
        own = only.telegram.address
        assert own is not None, "it answered on a wire"
        again = await _stands_still(line, own, only.telegram)
        yield replace(only, repeated=again)
        return
    async for found in search_secondary(line):
        yield found


async def _stands_still(line: MbusLine, address: int | str, first: Telegram) -> bool:
    """Read a meter once more and tell whether it answers with the same access number."""
    if first.access_number is None:
        return False
    try:
        again = await line.read(address)
    except (UnableToReachMeter, UnreadableTelegram, ValueError):
        return False
    same = again.identification == first.identification
    return same and again.access_number == first.access_number


def _findings_of(way: Way, found: Found) -> Iterator[Finding]:
    if found.telegram is None:
        yield _trouble(way, found)
        return
    if found.telegram.encrypted:
        yield _encrypted(way, found.telegram)
    if found.repeated:
        yield _number_stands_still(way, found.telegram)


def _failed(way: Way, error: UnableToReachMeter | UnreadableTelegram) -> Finding:
    return Finding(
        code="probe.mbus-failed",
        severity=Severity.ERROR,
        where=Where(path=str(way)),
        message=str(error),
        remedy=error.remedy,
    )


def _nobody(way: Way) -> Finding:
    return Finding(
        code="probe.mbus-silent",
        severity=Severity.ERROR,
        where=Where(path=str(way)),
        message=f"No meter answers on {way}.",
        remedy="Check that the meters are wired to the converter and that it feeds the bus (about "
        "36 V between the wires); try another speed with --baud, and --scan for meters too old to "
        "be searched for.",
    )


def _trouble(way: Way, found: Found) -> Finding:
    return Finding(
        code="probe.mbus-collision",
        severity=Severity.WARNING,
        where=Where(path=str(way)),
        message=f"Called as {found.address}, no single meter can be read: {found.trouble}.",
        remedy="Search with --search where addresses are shared; where identifications are, ask "
        "one meter with --meter and all 16 digits of its secondary address.",
        data={"address": str(found.address)},
    )


def _encrypted(way: Way, telegram: Telegram) -> Finding:
    return Finding(
        code="probe.mbus-encrypted",
        severity=Severity.WARNING,
        where=Where(path=str(way)),
        message=f"Meter {telegram.identification} encrypts its records (mode "
        f"{telegram.encryption_mode}); without its key nobody reads them.",
        remedy="Have the meter's encryption switched off on the wired bus by who owns it.",
        data={"meter": telegram.identification, "mode": telegram.encryption_mode},
    )


def _number_stands_still(way: Way, telegram: Telegram) -> Finding:
    return Finding(
        code="probe.mbus-number-repeated",
        severity=Severity.WARNING,
        where=Where(path=str(way)),
        message=f"Meter {telegram.identification} answers twice with the access number "
        f"{telegram.access_number}, which should advance: it stands still, or a gateway answers "
        "out of its memory.",
        remedy="Read the meter itself, past any gateway that keeps its answers; and see that its "
        "own clock goes on.",
        data={"meter": telegram.identification, "access_number": telegram.access_number},
    )
