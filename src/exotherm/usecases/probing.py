"""Probing: what a device says of itself, which profiles fit it, and the next step for a newcomer.

Only questions are sent; nothing is ever written to a device.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from exotherm.core.errors import UnableTo
from exotherm.core.samples import Quality
from exotherm.core.units import unit_of
from exotherm.devices.abilities import Identity, Value
from exotherm.devices.credentials import credentials_of
from exotherm.devices.errors import UnableToLogIn, UnableToReachMeter, UnableToSpeak
from exotherm.devices.line import Address
from exotherm.devices.modbus.profile import load_profile
from exotherm.devices.opening import open_device, speaking
from exotherm.devices.profile import Profile, RedfishProfile, SnmpProfile, profile_names
from exotherm.devices.reading import load_device_profile

NAME = "probe"
"""name by which credentials of a probed device are found: EXOTHERM_PROBE_USER and so on"""
_OBJECTS_MAX = 60
_TOPICS_MAX = 40
# By unit, what a device of a plant room can show at all; what lies outside is another register.
_PLAUSIBLE = {
    "kw": (-20_000.0, 20_000.0),
    "kwh": (0.0, 1e10),
    "mwh": (0.0, 1e7),
    "c": (-60.0, 200.0),
    "m3": (0.0, 1e9),
    "m3h": (-5_000.0, 5_000.0),
    "bar": (-1.0, 100.0),
}
_SILENT_MAX = 2
PLANT_ROOM = "plantroom"
_CLOCK_YEAR_MIN = 2020
_SAY_WHAT_THEY_ARE = ("snmp", "redfish")
Now = Callable[[], datetime]


class WrongProfile(UnableTo):
    """A profile was named that is for another protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How well a profile fits: how many of its values are there and can be what they claim."""

    profile: str
    title: str
    plausible: int
    described: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something that a device has and no profile speaks of: a member, an object, a topic."""

    name: str
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a device says: who it is, which profiles fit, its values by the best, all it has."""

    protocol: str
    address: Address
    identity: Identity
    fits: tuple[Fit, ...]
    values: tuple[Value, ...]
    seen: tuple[Seen, ...] = ()

    @property
    def best(self) -> Fit | None:
        """The profile whose values are shown."""
        return self.fits[0] if self.fits else None


def probe_device(
    protocol: str, address: Address, *, profile: str | None, timeout_s: float, now: Now
) -> Probed:
    """Ask a device who it is and what it tells, by one profile or by all that could fit.

    Raises UnableToReachMeter, UnableToLogIn, UnableToSpeak, UnknownProfile and WrongProfile.
    """
    return asyncio.run(_probe(protocol, address, profile, timeout_s=timeout_s, now=now))


_Found = tuple[Fit, tuple[Value, ...], Identity]


async def _probe(
    protocol: str, address: Address, named: str | None, *, timeout_s: float, now: Now
) -> Probed:
    seen: tuple[Seen, ...] = ()
    identity: Identity | None = None
    if named is not None:
        candidates: Sequence[str] = (named,)
        if load_device_profile(named).protocol != protocol:
            raise WrongProfile(
                f"The profile `{named}` is not for {protocol}.",
                remedy=f"Profiles for {protocol}: {', '.join(profile_names(protocol))}.",
            )
    else:
        candidates, identity, seen = await _candidates(protocol, address, timeout_s)
    whole = named is not None
    found = await _tried(candidates, address, timeout_s=timeout_s, now=now, whole=whole)
    if protocol == "modbus" and named is None:
        found += await _as_plant_room(address, timeout_s=timeout_s, now=now)
    found.sort(key=lambda one: -one[0].plausible / one[0].described)
    who = found[0][2] if found else identity or Identity()
    return Probed(
        protocol=protocol,
        address=address,
        identity=who,
        fits=tuple(fit for fit, _, _ in found),
        values=found[0][1] if found else (),
        seen=seen,
    )


async def _tried(
    candidates: Sequence[str], address: Address, *, timeout_s: float, now: Now, whole: bool
) -> list[_Found]:
    """Try profiles one after the other, and give those that fit.

    Some devices are silent where others refuse, so that one profile is unanswered says little;
    where none was answered, the silence of the second is raised.
    """
    found: list[_Found] = []
    answered = False
    for place, name in enumerate(candidates, start=1):
        try:
            one = await _try(name, address, timeout_s=timeout_s, now=now, whole=whole)
        except UnableToReachMeter:
            if not answered and place >= min(_SILENT_MAX, len(candidates)):
                raise
            continue
        answered = True
        found += [one] if one is not None else []
    return found


async def _try(
    name: str, address: Address, *, timeout_s: float, now: Now, whole: bool
) -> _Found | None:
    """Read a device by a profile; None where it does not fit, unless it was asked for by name."""
    profile = load_device_profile(name)
    device = open_device(
        profile, address, now=now, credentials=credentials_of(NAME), timeout_s=timeout_s
    )
    try:
        values = await device.read()
        identity = await device.identify()
    except (UnableToReachMeter, UnableToLogIn, UnableToSpeak):
        raise
    except UnableTo:
        if whole:
            raise
        return None
    finally:
        await device.close()
    plausible = sum(_can_be(value) for value in values)
    # Who says what it is fits also where it lacks a sensor; registers are known by their values.
    enough = 1 if profile.protocol in _SAY_WHAT_THEY_ARE else len(values)
    if not whole and plausible < enough:
        return None
    fit = Fit(profile=name, title=profile.title, plausible=plausible, described=len(values))
    return fit, values, identity


async def _as_plant_room(address: Address, *, timeout_s: float, now: Now) -> list[_Found]:
    """Read a device as the plant-room gateway, which tells its own time with its registers."""
    with speaking("modbus"):
        from exotherm.devices.modbus.line import ModbusLine
    room = load_profile(PLANT_ROOM)
    line = ModbusLine(
        address.host,
        address.port,
        device_id=address.unit,
        timeout_s=timeout_s,
        serial=None if address.port else address.serial,
    )
    try:
        reading = await line.read_registers(room)
    except UnableTo:
        return []
    finally:
        line.close()
    values = tuple(
        Value(
            quantity=register.quantity,
            number=None if count is None else Decimal(count).scaleb(-register.decimals),
            source_at=reading.source_at,
            received_at=now(),
            quality=Quality.INVALID if count is None else Quality.GOOD,
        )
        for register in room.registers
        for count in (reading.counts[register.quantity],)
    )
    at = reading.source_at
    if at is None or not at.year >= _CLOCK_YEAR_MIN or not all(_can_be(one) for one in values):
        return []
    fit = Fit(profile=PLANT_ROOM, title=room.title, plausible=len(values), described=len(values))
    return [(fit, values, Identity())]


def _can_be(value: Value) -> bool:
    """Tell whether a value can be what its name says."""
    unit = unit_of(value.quantity)
    low, high = _PLAUSIBLE.get(unit.suffix if unit else "", (-1e12, 1e12))
    if value.number is None:
        return False
    number = float(value.number)
    # A float of another register read as ours is often a number that is as good as nought.
    tiny = number != 0.0 and abs(number) < 10.0**-9
    return low <= number <= high and not tiny and value.quality is not Quality.INVALID


async def _candidates(
    protocol: str, address: Address, timeout_s: float
) -> tuple[Sequence[str], Identity | None, tuple[Seen, ...]]:
    """Find which profiles are worth a try, and what the device has besides."""
    with speaking(protocol):
        if protocol == "snmp":
            return await _of_agent(address, timeout_s)
        if protocol == "redfish":
            return await _of_service(address, timeout_s)
        if protocol == "bacnet":
            return await _of_objects(address, timeout_s)
        if protocol == "mqtt":
            return await _of_topics(address, timeout_s)
    return profile_names("modbus"), None, ()


async def _of_agent(
    address: Address, timeout_s: float
) -> tuple[Sequence[str], Identity, tuple[Seen, ...]]:
    from exotherm.devices.snmp.adapter import SYS_OBJECT_ID, SnmpAdapter

    agent = SnmpAdapter(None, address, credentials=credentials_of(NAME), timeout_s=timeout_s)
    try:
        identity = await agent.identify()
        told = await agent.get([SYS_OBJECT_ID])
    finally:
        await agent.close()
    product = str(told.get(SYS_OBJECT_ID, ""))
    profiles: Iterable[tuple[str, Profile]] = (
        (name, load_device_profile(name)) for name in profile_names("snmp")
    )
    fitting = [
        name
        for name, profile in profiles
        if isinstance(profile, SnmpProfile) and _is_below(product, profile.enterprise)
    ]
    return fitting, identity, (Seen(name="sysObjectID", shows=product),)


def _is_below(oid: str, parent: str) -> bool:
    return f"{oid}.".startswith(f"{parent}.")


async def _of_service(
    address: Address, timeout_s: float
) -> tuple[Sequence[str], Identity, tuple[Seen, ...]]:
    from exotherm.devices.redfish.adapter import RedfishAdapter

    service = RedfishAdapter(None, address, credentials=credentials_of(NAME), timeout_s=timeout_s)
    fitting: list[str] = []
    seen: list[Seen] = []
    try:
        identity = await service.identify()
        for name in profile_names("redfish"):
            profile = load_device_profile(name)
            assert isinstance(profile, RedfishProfile), name
            members = await service.members(profile.collection)
            if members and (not address.member or address.member in members):
                fitting.append(name)
            seen += [Seen(name=f"{profile.collection}/{member}") for member in members]
    finally:
        await service.close()
    return fitting, identity, tuple(seen)


async def _of_objects(
    address: Address, timeout_s: float
) -> tuple[Sequence[str], Identity, tuple[Seen, ...]]:
    from exotherm.devices.bacnet.adapter import BacnetAdapter

    device = BacnetAdapter(None, address, timeout_s=timeout_s)
    try:
        identity = await device.identify()
        objects = (await device.objects())[:_OBJECTS_MAX]
        told = await device.read(objects) if objects else {}
    finally:
        await device.close()
    seen = tuple(
        Seen(
            name=name,
            shows=" ".join(
                str(told[name, part]) for part in ("present-value", "units") if (name, part) in told
            ),
        )
        for name in objects
    )
    return profile_names("bacnet"), identity, seen


async def _of_topics(
    address: Address, timeout_s: float
) -> tuple[Sequence[str], Identity, tuple[Seen, ...]]:
    from exotherm.devices.mqtt.listening import overheard

    heard = await overheard(address, credentials_of(NAME), timeout_s=timeout_s)
    seen = tuple(
        Seen(name=topic, shows=payload) for topic, payload in list(heard.items())[:_TOPICS_MAX]
    )
    fitting = profile_names("mqtt") if address.member else ()
    return fitting, Identity(about=f"{len(heard)} topics heard"), seen
