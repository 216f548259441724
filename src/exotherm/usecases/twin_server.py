"""The twin on the network: its meters answer on loopback by the protocols that real ones speak."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.period import Period
from exotherm.devices.mbus.server import MbusMeter
from exotherm.devices.mbus.slave import MeterImage
from exotherm.devices.modbus.codec import ModbusImage
from exotherm.devices.modbus.profile import load_profile
from exotherm.devices.modbus.simulate import SimulatedModbus
from exotherm.devices.modbus.twin import ModbusTwin
from exotherm.devices.profile import ModbusProfile, RedfishProfile
from exotherm.devices.reading import load_device_profile
from exotherm.devices.redfish.twin import RedfishTwin
from exotherm.operate.twin import (
    STEP,
    Image,
    Twin,
    advance,
    image,
    powers_kw,
    prolong,
    start_twin,
)
from exotherm.site.document import POINTS_OF_PROFILE, Meter, Site
from exotherm.site.series import Surroundings
from exotherm.usecases.clocks import Clock

_HOST = "127.0.0.1"
_POINTS = {point.name: point for points in POINTS_OF_PROFILE.values() for point in points}
_HORIZON = timedelta(days=28)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnableToServe(UnableTo):
    """The twin cannot stand in for a meter."""


class ServedTwin:
    """A twin that lives by a clock, and the devices that show it.

    ``site`` is the site with the addresses at which the devices listen. ``heat_meters`` and
    ``plant_rooms`` are the devices by meter name, which tests and exercises may mute or garble.
    """

    def __init__(self, site: Site, surroundings: Surroundings, twin: Twin, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self.heat_meters: dict[str, MbusMeter] = {}
        self.plant_rooms: dict[str, ModbusTwin] = {}
        self._surroundings = surroundings
        self._twin = twin
        self._image = image(twin)

    @property
    def ports(self) -> dict[str, int]:
        """The port of each device by meter name."""
        return {meter.name: meter.port for meter in self.site.meters}

    def image(self) -> Image:
        """Let the twin live on to the present of its clock and give what its meters show."""
        now = self.clock.now()
        if now == self._image.at:
            return self._image
        if now > self._twin.end:
            self._twin = prolong(
                self._twin,
                self.site,
                self._surroundings,
                until=_quarter_before(now) + _HORIZON,
            )
        self._twin = advance(self._twin, now)
        self._image = image(self._twin)
        return self._image

    def heat_meter_image(self, meter: Meter) -> MeterImage:
        """Give what an M-Bus heat meter shows."""
        shown = self.image()
        values = _values(meter, shown.counts)
        local = shown.at + timedelta(hours=meter.utc_offset_h)
        return MeterImage(
            identification=meter.serial.zfill(8),
            heat_kwh=shown.counts["heat_kwh"],
            volume_m3=values["volume_m3"],
            heat_kw=values["heat_kw"],
            flow_m3h=values["flow_m3h"],
            supply_c=values["supply_c"],
            return_c=values["return_c"],
            clock=local.replace(tzinfo=None, second=0, microsecond=0),
            address=meter.address,
        )

    def plant_room_image(self, meter: Meter) -> ModbusImage:
        """Give what the gateway of a plant room shows."""
        shown = self.image()
        return ModbusImage(values=_values(meter, shown.counts), at=shown.at)

    def device_values(self, meter: Meter) -> dict[str, Decimal | None]:
        """Give what a device that is known by a profile shows; None for what the twin has not."""
        counts = self.image().counts
        power_kw = powers_kw(self._twin).get(meter.measures or "it", 0.0)
        energy = _POINTS[f"{meter.measures or 'it'}_kwh"]
        values: dict[str, Decimal | None] = {
            name: _POINTS[name].value_of(count) for name, count in counts.items()
        }
        values |= {
            "power_kw": Decimal(str(round(power_kw, 3))),
            "energy_kwh": energy.value_of(counts[energy.name]),
        }
        return {point.name: values.get(point.name) for point in meter.points}


@asynccontextmanager
async def serve_twin(
    site: Site,
    surroundings: Surroundings,
    *,
    clock: Clock,
    free_ports: bool = False,
    opening: Mapping[str, int] | None = None,
) -> AsyncIterator[ServedTwin]:
    """Serve the twin's meters on loopback from the present of a clock on, for as long as asked.

    The devices take the ports of the site file, or free ones; the served twin knows which.
    ``opening`` is as in `start_twin`. Raises UnableToListen where a port is taken.
    """
    start = _quarter_before(clock.now())
    period = Period(start, start + _HORIZON)
    twin = start_twin(site, surroundings, period=period, opening=opening)
    served = ServedTwin(site, surroundings, twin, clock)
    async with AsyncExitStack() as stack:
        placed = [
            meter.model_copy(
                update={
                    "host": f"http://{_HOST}" if meter.protocol == "redfish" else _HOST,
                    "port": await _serve(served, meter, stack, 0 if free_ports else meter.port),
                }
            )
            for meter in site.meters
        ]
        served.site = site.model_copy(update={"meters": tuple(placed)})
        yield served


async def _serve(served: ServedTwin, meter: Meter, stack: AsyncExitStack, port: int) -> int:
    """Start the device of a meter and give the port on which it listens."""
    if meter.protocol == "mbus-tcp":
        device = MbusMeter(lambda: served.heat_meter_image(meter), host=_HOST, port=port)
        served.heat_meters[meter.name] = device
        return (await stack.enter_async_context(device)).port
    if meter.points and meter.profile not in POINTS_OF_PROFILE:
        return await _serve_device(served, meter, stack, port)
    room = ModbusTwin(
        load_profile(meter.profile),
        lambda: served.plant_room_image(meter),
        device_id=meter.address,
        host=_HOST,
        port=port,
    )
    served.plant_rooms[meter.name] = room
    return (await stack.enter_async_context(room)).port


async def _serve_device(served: ServedTwin, meter: Meter, stack: AsyncExitStack, port: int) -> int:
    """Start a device that is known by its profile; raises UnableToServe for other protocols."""
    profile = load_device_profile(meter.profile)
    if isinstance(profile, RedfishProfile):
        service = RedfishTwin(
            profile,
            lambda: served.device_values(meter),
            member=meter.member or "1",
            serial=meter.serial,
            host=_HOST,
            port=port,
        )
        return (await stack.enter_async_context(service)).port
    if not isinstance(profile, ModbusProfile):
        raise UnableToServe(
            f"The twin does not serve {meter.name}: it speaks {meter.protocol}.",
            remedy="The twin serves M-Bus, Modbus and Redfish; leave the meter out while you "
            "simulate.",
        )
    device = SimulatedModbus(
        profile,
        lambda: served.device_values(meter),
        device_id=meter.address,
        host=_HOST,
        port=port,
    )
    return (await stack.enter_async_context(device)).port


def _values(meter: Meter, counts: Mapping[str, int]) -> dict[str, Decimal]:
    return {
        point.name: point.value_of(counts[point.name]) for point in POINTS_OF_PROFILE[meter.profile]
    }


def _quarter_before(instant: datetime) -> datetime:
    return _EPOCH + (instant - _EPOCH) // STEP * STEP
