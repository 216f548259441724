"""The twin on the network: its meters answer on loopback by the protocols that real ones speak."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from exotherm.core.period import Period
from exotherm.devices.mbus.server import MbusMeter
from exotherm.devices.mbus.slave import MeterImage
from exotherm.devices.modbus.codec import ModbusImage
from exotherm.devices.modbus.profile import load_profile
from exotherm.devices.modbus.twin import ModbusTwin
from exotherm.operate.twin import (
    STEP,
    Image,
    Twin,
    advance,
    energy_kwh,
    image,
    powers_kw,
    prolong,
    rejection_counts,
    start_twin,
)
from exotherm.operate.twin_shares import shares_of
from exotherm.site.document import POINTS_OF_PROFILE, Meter, Site
from exotherm.site.meters import MBUS
from exotherm.site.series import Surroundings
from exotherm.usecases.clocks import Clock
from exotherm.usecases.twin_devices import (
    HOST,
    Broker,
    CommandedDevice,
    PublishedDevice,
    ServedDevice,
    UnableToServe,
    credentials_for,
    device_of,
    place_of,
)

__all__ = ["Broker", "ServedTwin", "UnableToServe", "credentials_for", "serve_twin"]
_POINTS = {point.name: point for points in POINTS_OF_PROFILE.values() for point in points}
_HORIZON = timedelta(days=28)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_BROKER = Broker()


class ServedTwin:
    """A twin that lives by a clock, and the devices that show it.

    ``site`` is the site with the addresses at which the devices listen. ``heat_meters``,
    ``plant_rooms`` are devices by meter name, which tests and exercises may mute or garble; so are
    ``published``, which wait for nobody to ask, and ``commanded``, which take set-points.
    ``left_out`` are meters that the twin has no device of.
    """

    def __init__(self, site: Site, surroundings: Surroundings, twin: Twin, clock: Clock) -> None:
        self.site = site
        self.clock = clock
        self.heat_meters: dict[str, MbusMeter] = {}
        self.plant_rooms: dict[str, ModbusTwin] = {}
        self.published: dict[str, PublishedDevice] = {}
        self.commanded: dict[str, CommandedDevice] = {}
        self.left_out = tuple(meter.name for meter in site.meters if meter.protocol == "csv")
        self._surroundings = surroundings
        self._twin = twin
        self._image = image(twin)
        self._shares = shares_of(site)

    @property
    def ports(self) -> dict[str, int]:
        """The port of each device by meter name."""
        return {meter.name: meter.port for meter in self.site.meters}

    @property
    def places(self) -> dict[str, str]:
        """Where each device answers and what it is asked by, in words, by meter name."""
        return {
            meter.name: place_of(meter)
            for meter in self.site.meters
            if meter.name not in self.left_out
            and (meter.protocol != "mqtt" or meter.name in self.published)
        }

    def set_points(self, meter: str) -> dict[str, float]:
        """Give what the set-points of a building's control stand at, as others commanded it."""
        return self.commanded[meter].set_points

    async def publish(self) -> None:
        """Have the brokers hear the present of the clock; raises UnableToReachMeter."""
        for device in self.published.values():
            await device.publish()

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
        counts = self._counts_at(meter)
        values = _values(meter, counts)
        local = self._image.at + timedelta(hours=meter.utc_offset_h)
        return MeterImage(
            identification=meter.serial.zfill(8),
            heat_kwh=counts["heat_kwh"],
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
        counts, share = self._counts_at(meter), self._shares[meter.name]
        powers = powers_kw(self._twin)
        power_kw = sum(powers[kind] * float(frac) for kind, frac in share.items())
        values: dict[str, Decimal | None] = {
            name: _POINTS[name].value_of(count) for name, count in counts.items()
        }
        values |= {
            "power_kw": Decimal(str(round(power_kw, 3))),
            "demand_kw": Decimal(str(round(powers["demand"], 3))),
            "energy_kwh": energy_kwh(self._twin, share),
        }
        return {point.name: values.get(point.name) for point in meter.points}

    def _counts_at(self, meter: Meter) -> Mapping[str, int]:
        """Give what the plant shows where a meter hangs."""
        shown = self.image()
        if meter.measures != "rejected":
            return shown.counts
        return rejection_counts(self._twin, self._shares[meter.name]["rejected"])


@asynccontextmanager
async def serve_twin(
    site: Site,
    surroundings: Surroundings,
    *,
    clock: Clock,
    free_ports: bool = False,
    opening: Mapping[str, int] | None = None,
    broker: Broker = _NO_BROKER,
) -> AsyncIterator[ServedTwin]:
    """Serve the twin's meters on loopback from the present of a clock on, for as long as asked.

    The devices take the ports of the site file, or free ones; the served twin knows which. Meters
    whose readings arrive as files have no device and are left out; those of MQTT publish to the
    ``broker``. ``opening`` is as in `start_twin`. Raises UnableToListen
    where a port is taken, and UnableToServe for what is not served.
    """
    start = _quarter_before(clock.now())
    period = Period(start, start + _HORIZON)
    twin = start_twin(site, surroundings, period=period, opening=opening)
    served = ServedTwin(site, surroundings, twin, clock)
    async with AsyncExitStack() as stack:
        placed = [
            await _served(served, meter, stack, 0 if free_ports else meter.port, broker)
            for meter in site.meters
            if meter.name not in served.left_out
        ]
        served.site = site.model_copy(update={"meters": tuple(placed)})
        yield served


async def _served(
    served: ServedTwin, meter: Meter, stack: AsyncExitStack, port: int, broker: Broker
) -> Meter:
    """Start the device of a meter and give the meter as it is read there."""
    device = _device(served, meter, port, broker)
    if device is None:
        return meter
    serving = await stack.enter_async_context(device)
    if isinstance(serving, PublishedDevice):
        assert broker.address is not None
        served.published[meter.name] = serving
        return meter.model_copy(update={"host": broker.address.host, "port": serving.port})
    if isinstance(serving, CommandedDevice):
        served.commanded[meter.name] = serving
    host = f"http://{HOST}" if meter.protocol == "redfish" else HOST
    placed: dict[str, object] = {"host": host, "port": serving.port}
    if meter.protocol == "mbus-serial":
        # A twin has no serial port; the same telegrams come over the network.
        placed["protocol"] = "mbus-tcp"
    return meter.model_copy(update=placed)


def _device(served: ServedTwin, meter: Meter, port: int, broker: Broker) -> ServedDevice | None:
    """Make the device of a meter; None for one that cannot be served yet, of which was told."""
    if meter.protocol in MBUS:
        device = MbusMeter(lambda: served.heat_meter_image(meter), host=HOST, port=port)
        served.heat_meters[meter.name] = device
        return device
    if meter.points and meter.profile not in POINTS_OF_PROFILE:
        return device_of(
            meter,
            lambda: served.device_values(meter),
            at=lambda: served.image().at,
            port=port,
            broker=broker,
        )
    room = ModbusTwin(
        load_profile(meter.profile),
        lambda: served.plant_room_image(meter),
        device_id=meter.address,
        host=HOST,
        port=port,
    )
    served.plant_rooms[meter.name] = room
    return room


def _values(meter: Meter, counts: Mapping[str, int]) -> dict[str, Decimal]:
    return {
        point.name: point.value_of(counts[point.name]) for point in POINTS_OF_PROFILE[meter.profile]
    }


def _quarter_before(instant: datetime) -> datetime:
    return _EPOCH + (instant - _EPOCH) // STEP * STEP
