"""Asking meters by their own protocols; whatever they speak, an answer is the same value."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Self

from exotherm.core.errors import UnableTo
from exotherm.core.units import label_of
from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.client import MbusLine
from exotherm.devices.mbus.points import RECORD_OF_POINT
from exotherm.devices.mbus.record import Record
from exotherm.devices.mbus.telegram import Telegram, says_summer_time, source_time
from exotherm.devices.mbus.wires import SerialWay, TcpWay
from exotherm.devices.modbus.codec import ModbusReading
from exotherm.devices.modbus.line import ModbusLine
from exotherm.devices.modbus.profile import RegisterMap, load_profile
from exotherm.devices.profile import profile_names
from exotherm.operate.telegram import Answer, Told
from exotherm.site.document import POINTS_OF_PROFILE, Meter, Site
from exotherm.site.meters import MBUS
from exotherm.usecases.device_lines import CredentialsOf, DeviceLines, own_credentials, protocol_of

_RETRIES = 1
_ERROR_BITS = 0x18
_APPLICATION_TROUBLE = frozenset({2, 3})
PROFILES = {
    "mbus-tcp": ("heat-meter",),
    "mbus-serial": ("heat-meter",),
    "modbus-tcp": ("plantroom",),
}
"""Which profiles can be read by which protocol."""


class UnableToReadProfile(UnableTo):
    """A meter of this profile is not read by this protocol."""


class MeterLines:
    """The connections to a site's meters, opened when they are needed and kept.

    Meters behind one M-Bus converter or port share its connection, every other has one of its own.
    ``credentials`` gives what opens a meter; that is what its owner gave, unless it is a twin's.
    """

    def __init__(
        self,
        site: Site,
        *,
        retries: int = _RETRIES,
        credentials: CredentialsOf = own_credentials,
    ) -> None:
        self._timeout_s = site.metering.timeout_s
        self._retries = retries
        self._mbus: dict[tuple[str, int], MbusLine] = {}
        self._modbus: dict[str, ModbusLine] = {}
        self._maps: dict[str, RegisterMap] = {}
        self._devices = DeviceLines(timeout_s=self._timeout_s, credentials=credentials)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for converter in self._mbus.values():
            converter.close()
        for device in self._modbus.values():
            device.close()
        await self._devices.close()

    async def ask(self, meter: Meter, *, now: Callable[[], datetime]) -> Answer:
        """Ask a meter once for everything it tells; ``now`` gives the time when it has answered.

        Raises UnableToReachMeter, UnreadableTelegram or UnreadableRegisters as its line does, and
        UnableToReadProfile where it cannot be asked at all.
        """
        if meter.points and meter.profile not in POINTS_OF_PROFILE:
            return await self._devices.ask(meter, now=now)
        if meter.profile not in PROFILES.get(meter.protocol, ()):
            raise _profile_unsupported(meter)
        if meter.protocol in MBUS:
            telegram = await self._mbus_line(meter).read(meter.address)
            return answer_of_telegram(telegram, meter, received_at=now())
        register_map = self._register_map(meter.profile)
        reading = await self._modbus_line(meter).read_registers(register_map)
        return answer_of_registers(reading, register_map, meter, received_at=now())

    def _register_map(self, profile: str) -> RegisterMap:
        if profile not in self._maps:
            self._maps[profile] = load_profile(profile)
        return self._maps[profile]

    def _mbus_line(self, meter: Meter) -> MbusLine:
        place = (meter.host, meter.port)
        if place not in self._mbus:
            if meter.protocol == "mbus-serial":
                # At its speed the longest frame may take longer than a network is waited for.
                way = SerialWay(meter.host, int(meter.line.partition(" ")[0]))
                self._mbus[place] = MbusLine(
                    way, timeout_s=max(self._timeout_s, way.timeout_s), retries=self._retries
                )
            else:
                self._mbus[place] = MbusLine(
                    TcpWay(*place), timeout_s=self._timeout_s, retries=self._retries
                )
        return self._mbus[place]

    def _modbus_line(self, meter: Meter) -> ModbusLine:
        if meter.name not in self._modbus:
            self._modbus[meter.name] = ModbusLine(
                meter.host, meter.port, device_id=meter.address, timeout_s=self._timeout_s
            )
        return self._modbus[meter.name]


def answer_of_telegram(telegram: Telegram, meter: Meter, *, received_at: datetime) -> Answer:
    """Give a heat meter's telegram as an answer; an encrypted one raises UnreadableTelegram."""
    if telegram.encrypted:
        raise UnreadableTelegram(
            f"The telegram of {meter.name} (number {telegram.identification}) is encrypted.",
            remedy="Have the meter's encryption switched off on the wired bus by who owns it.",
            retryable=False,
        )
    return Answer(
        meter=meter.name,
        received_at=received_at,
        source_at=_clock_of(telegram, meter),
        told=tuple(_told_by_records(telegram, meter)),
        serial=telegram.identification,
        access_number=telegram.access_number,
        status=telegram.status_words,
        in_error=bool(telegram.status & _ERROR_BITS)
        or telegram.status & 0x03 in _APPLICATION_TROUBLE,
    )


def answer_of_registers(
    reading: ModbusReading, register_map: RegisterMap, meter: Meter, *, received_at: datetime
) -> Answer:
    """Give a Modbus device's registers as an answer."""
    return Answer(
        meter=meter.name,
        received_at=received_at,
        source_at=reading.source_at,
        told=tuple(
            Told(
                point=f"{meter.name}.{register.quantity}",
                value=None if count is None else Decimal(count).scaleb(-register.decimals),
                unit=label_of(register.quantity),
                reason="" if count is not None else "its registers hold the pattern for no value",
            )
            for register in register_map.registers
            for count in (reading.counts[register.quantity],)
        ),
    )


def _clock_of(telegram: Telegram, meter: Meter) -> datetime | None:
    record = telegram.clock
    if record is None or not record.valid or not isinstance(record.value, datetime):
        return None
    offset = timedelta(hours=meter.utc_offset_h)
    return source_time(record.value, offset, summer_time=says_summer_time(record))


def _told_by_records(telegram: Telegram, meter: Meter) -> Iterable[Told]:
    for point in POINTS_OF_PROFILE[meter.profile]:
        quantity, unit = RECORD_OF_POINT[point.name]
        record = telegram.current(quantity, unit) or _stand_in(telegram, quantity)
        if record is None:
            continue
        number = isinstance(record.value, int | Decimal)
        yield Told(
            point=f"{meter.name}.{point.name}",
            value=Decimal(str(record.value)) if number else None,
            unit=record.unit,
            reason=record.reason,
        )


def _stand_in(telegram: Telegram, quantity: str) -> Record | None:
    """Find the one record that stands where a value is due: in another unit, or in error."""
    found = [
        record
        for record in telegram.records
        if record.quantity == quantity
        and not (record.storage or record.tariff or record.subunit)
        and (record.current or not record.valid)
    ]
    return found[0] if len(found) == 1 else None


def _profile_unsupported(meter: Meter) -> UnableToReadProfile:
    spoken = protocol_of(meter)
    names = (*PROFILES.get(meter.protocol, ()), *(profile_names(spoken) if spoken else ()))
    known = ", ".join(f"`{name}`" for name in names)
    return UnableToReadProfile(
        f"{meter.name} has the profile `{meter.profile}`, which is not read by {meter.protocol}.",
        remedy=f"Profiles that {meter.protocol} reads: {known}; correct the site file.",
    )
