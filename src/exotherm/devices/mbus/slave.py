"""A heat meter for the twin: what it shows, and how it answers frames as an M-Bus slave."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from exotherm.devices.mbus.frame import (
    ANY_ADDRESS,
    FRAME_COUNT_BIT,
    REQ_UD2,
    RSP_UD,
    SELECT,
    SELECTED_ADDRESS,
    SND_NKE,
    SND_UD,
    Frame,
    FrameKind,
    build_ack,
    build_long,
)
from exotherm.devices.mbus.header import write_manufacturer

_VARIABLE_STRUCTURE = 0x72
_HEAT = 0x04
_VERSION = 1
_REGISTER_MODULUS = 10**8


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterImage:
    """What the heat meter shows at one moment.

    The two registers are exact and below their roll-over at eight digits; volume has two decimals.
    Power (one decimal), flow (three) and temperatures (two) are shown rounded. ``clock`` is the
    meter's own time without a zone, told to the minute.
    """

    identification: str
    heat_kwh: int
    volume_m3: Decimal
    heat_kw: Decimal
    flow_m3h: Decimal
    supply_c: Decimal
    return_c: Decimal
    clock: datetime
    status: int = 0
    access_number: int = 0
    address: int = 1
    manufacturer: str = "EXO"


def build_telegram(image: MeterImage) -> bytes:
    """Build the answer of a heat meter whose values, read back, are exactly those of the image."""
    data = b"".join(
        (
            _header(image),
            b"\x0c\x78" + _bcd(int(image.identification)),
            b"\x0c\x06" + _bcd(image.heat_kwh),
            b"\x0c\x14" + _bcd(_whole(image.volume_m3, 2)),
            b"\x04\x2d" + _binary(image.heat_kw, 1, size=4),
            b"\x04\x3b" + _binary(image.flow_m3h, 3, size=4),
            b"\x02\x59" + _binary(image.supply_c, 2, size=2),
            b"\x02\x5d" + _binary(image.return_c, 2, size=2),
            b"\x04\x6d" + _type_f(image.clock),
        )
    )
    return build_long(
        control=RSP_UD, address=image.address, information=_VARIABLE_STRUCTURE, data=data
    )


def _header(image: MeterImage) -> bytes:
    return (
        _bcd(int(image.identification))
        + write_manufacturer(image.manufacturer).to_bytes(2, "little")
        + bytes((_VERSION, _HEAT, image.access_number, image.status, 0, 0))
    )


def _bcd(count: int) -> bytes:
    assert 0 <= count < _REGISTER_MODULUS, count
    return bytes.fromhex(f"{count:08d}")[::-1]


def _whole(value: Decimal, decimals: int) -> int:
    count = value.scaleb(decimals)
    assert count == int(count), value
    return int(count)


def _binary(value: Decimal, decimals: int, *, size: int) -> bytes:
    count = int(value.scaleb(decimals).to_integral_value())
    return count.to_bytes(size, "little", signed=True)


def _type_f(clock: datetime) -> bytes:
    assert 2000 <= clock.year <= 2099, clock
    year = clock.year - 2000
    century = 1 << 5
    low = clock.day | (year & 0x07) << 5
    high = clock.month | (year & 0x78) << 1
    return bytes((clock.minute, clock.hour | century, low, high))


class SimulatedMeter:
    """A meter that answers with the image that a function gives at that moment.

    ``mute`` makes it silent, ``garble`` makes it answer with a wrong byte and ``frozen`` makes it
    repeat its access number, for tests and exercises. The access number advances with every new
    answer, and not with a repeated one.
    """

    def __init__(self, image: Callable[[], MeterImage]) -> None:
        self.mute = False
        self.garble = False
        self.frozen = False
        self.answered = 0
        self._image = image

    def image(self) -> MeterImage:
        """Take what the meter shows now."""
        return self._image()

    def next_telegram(self) -> bytes:
        """Build a new answer, which advances the access number."""
        number = 0 if self.frozen else self.answered & 0xFF
        self.answered += 1
        return build_telegram(replace(self._image(), access_number=number))


class Conversation:
    """A meter and one master: the frame count bit, the last answer, and the selection."""

    def __init__(self, meter: SimulatedMeter) -> None:
        self._meter = meter
        self._selected = False
        self._last_control: int | None = None
        self._last_answer = b""

    def answer(self, frame: Frame) -> bytes:
        """Give what the meter answers to a frame, empty where it keeps silent."""
        answer = self._answer(frame)
        if self._meter.mute:
            return b""
        if answer and self._meter.garble:
            middle = len(answer) // 2
            flipped = bytes((answer[middle] ^ 0x01,))
            return answer[:middle] + flipped + answer[middle + 1 :]
        return answer

    def _answer(self, frame: Frame) -> bytes:
        if frame.address == SELECTED_ADDRESS and frame.information == SELECT:
            return self._select(frame)
        if not self._is_called(frame.address) or frame.kind is not FrameKind.SHORT:
            return b""
        if frame.control == SND_NKE:
            self._forget()
            return build_ack()
        if frame.control & ~FRAME_COUNT_BIT == REQ_UD2:
            return self._telegram(frame.control)
        return b""

    def _is_called(self, address: int) -> bool:
        if address == SELECTED_ADDRESS:
            return self._selected
        return address in {self._meter.image().address, ANY_ADDRESS}

    def _telegram(self, control: int) -> bytes:
        """Answer anew, or the same again where the frame count bit has not changed."""
        if control != self._last_control:
            self._last_answer = self._meter.next_telegram()
            self._last_control = control
        return self._last_answer

    def _select(self, frame: Frame) -> bytes:
        if frame.control & ~FRAME_COUNT_BIT != SND_UD & ~FRAME_COUNT_BIT or len(frame.data) != 8:
            return b""
        self._forget()
        self._selected = _is_selected_by(frame.data, self._meter.image())
        return build_ack() if self._selected else b""

    def _forget(self) -> None:
        self._selected = False
        self._last_control = None


def _is_selected_by(wanted: bytes, image: MeterImage) -> bool:
    """Compare nibble by nibble, where F in the identification and FF elsewhere match anything."""
    own = _header(image)[:8]
    digits = zip(wanted[:4].hex(), own[:4].hex(), strict=True)
    return (
        all(digit in {"f", mine} for digit, mine in digits)
        and wanted[4:6] in {b"\xff\xff", own[4:6]}
        and all(byte in {0xFF, mine} for byte, mine in zip(wanted[6:], own[6:], strict=True))
    )
