"""Each profile of the package against a device that is simulated from the same file.

Simulator and reader share the profile but not the code: the servers are the protocols' own.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from servers import free_port, mosquitto, redfish, snmpsim

from exotherm.core.samples import Quality
from exotherm.devices.abilities import Value
from exotherm.devices.bacnet.simulate import SimulatedBacnet
from exotherm.devices.credentials import Credentials
from exotherm.devices.device import Device
from exotherm.devices.errors import (
    UnableToLogIn,
    UnableToReachMeter,
    UnableToWrite,
    UnreadableRegisters,
)
from exotherm.devices.line import Address
from exotherm.devices.modbus.simulate import SimulatedModbus
from exotherm.devices.mqtt.simulate import messages_of
from exotherm.devices.opening import open_device
from exotherm.devices.profile import BacnetProfile, Profile, profile_names, values_of
from exotherm.devices.reading import load_device_profile
from exotherm.devices.redfish.simulate import tree_of, write_tree
from exotherm.devices.snmp.simulate import records_of

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOST = "127.0.0.1"
NOBODY = Credentials()
V3 = ("reader", "authentic-key-1", "private-key-22")
ADMIN = ("reader", "very secret")
WRONG = "not at all right"


def shown_of(profile: Profile, *, step: int = 1) -> dict[str, Decimal]:
    """Values that differ, with as many decimals as the profile keeps."""
    return {
        each.quantity: Decimal(7 + place).scaleb(0) + Decimal(step * 3).scaleb(-each.decimals)
        for place, each in enumerate(values_of(profile))
    }


def told_of(values: tuple[Value, ...]) -> dict[str, Decimal | None]:
    return {value.quantity: value.number for value in values}


def opened(
    profile: Profile, address: Address, credentials: Credentials = NOBODY, **more: Any
) -> Device:
    return open_device(
        profile, address, now=lambda: NOW, credentials=credentials, timeout_s=3.0, **more
    )


async def closing(device: Device, test: Callable[[Device], Awaitable[None]]) -> None:
    try:
        await test(device)
    finally:
        await device.close()


def fits(told: Decimal | None, shown: Decimal, each: object) -> bool:
    step = max(getattr(each, "scale"), Decimal(1).scaleb(-getattr(each, "decimals")))  # noqa: B009
    return told is not None and abs(told - shown) <= step


@pytest.mark.parametrize("name", profile_names("modbus"))
def test_modbus_devices_tell_what_their_registers_show(name: str) -> None:
    profile = load_device_profile(name)
    assert profile.protocol == "modbus"
    shown = shown_of(profile)

    async def run() -> None:
        async with SimulatedModbus(profile, lambda: shown, device_id=3) as simulated:
            device = opened(profile, Address(host=HOST, port=simulated.port, unit=3))

            async def test(device: Device) -> None:
                values = await device.read()
                told = told_of(values)
                for each in values_of(profile):
                    assert fits(told[each.quantity], shown[each.quantity], each), each.quantity
                assert {value.quality for value in values} == {Quality.GOOD}
                assert {value.received_at for value in values} == {NOW}
                assert {value.source_at for value in values} == {None}

            await closing(device, test)

    asyncio.run(run())


def test_a_register_without_a_value_is_invalid_and_the_others_count() -> None:
    profile = load_device_profile("nibe-s")
    assert profile.protocol == "modbus"
    shown: dict[str, Decimal | None] = {**shown_of(profile), "supply_c": None}

    async def run() -> None:
        async with SimulatedModbus(profile, lambda: shown) as simulated:
            device = opened(profile, Address(host=HOST, port=simulated.port))

            async def test(device: Device) -> None:
                supply = await device.read_temperature("supply_c")
                assert supply.number is None
                assert supply.quality is Quality.INVALID
                assert "no value" in supply.reason
                assert (await device.read_power()).quality is Quality.GOOD
                with pytest.raises(UnreadableRegisters, match="tells no register `power_kw`"):
                    await device.read_register("power_kw")
                with pytest.raises(UnreadableRegisters, match="no temperature `power_kw`"):
                    await device.read_temperature("power_kw")

            await closing(device, test)

    asyncio.run(run())


def test_a_set_point_is_written_only_where_asked_held_within_bounds_and_by_budget() -> None:
    profile = load_device_profile("idm-navigator")
    assert profile.protocol == "modbus"
    shown = shown_of(profile)

    async def run() -> None:
        async with SimulatedModbus(profile, lambda: shown) as simulated:
            address = Address(host=HOST, port=simulated.port)

            async def reading(device: Device) -> None:
                with pytest.raises(UnableToWrite, match="opened for reading only"):
                    await device.accept_set_point("surplus_kw", Decimal(5))

            await closing(opened(profile, address), reading)
            assert not simulated.written

            async def writing(device: Device) -> None:
                assert await device.accept_set_point("surplus_kw", Decimal(500)) == 100
                assert simulated.written == {"surplus_kw": [0, 0x42C8]}  # 100.0, low word first
                with pytest.raises(UnableToWrite, match="has no set-point `power_kw`"):
                    await device.accept_set_point("power_kw", Decimal(5))
                with pytest.raises(UnableToWrite, match="is no number"):
                    await device.accept_set_point("surplus_kw", Decimal("NaN"))
                for _ in range(49):
                    await device.accept_set_point("surplus_kw", Decimal(-3))
                assert simulated.written == {"surplus_kw": [0, 0]}
                with pytest.raises(UnableToWrite, match="50 times in 24 hours") as refused:
                    await device.accept_set_point("surplus_kw", Decimal(7))
                assert refused.value.retryable

            await closing(opened(profile, address, writable=True), writing)
            older = {"surplus_kw": tuple(NOW - timedelta(hours=23) for _ in range(50))}

            async def restarted(device: Device) -> None:
                with pytest.raises(UnableToWrite, match="50 times"):
                    await device.accept_set_point("surplus_kw", Decimal(7))

            await closing(opened(profile, address, writable=True, written=older), restarted)

    asyncio.run(run())


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("snmpsim")
    records = {}
    for name in profile_names("snmp"):
        profile = load_device_profile(name)
        assert profile.protocol == "snmp"
        records[name] = records_of(profile, shown_of(profile), digits=3)
    apc = load_device_profile("apc-rpdu2")
    assert apc.protocol == "snmp"
    records["unmetered"] = records_of(apc, dict.fromkeys(shown_of(apc)))
    with snmpsim(folder, records, v3=V3) as port:
        yield port


@pytest.mark.parametrize("name", profile_names("snmp"))
def test_rack_pdus_tell_power_and_energy_by_v2c(name: str, agent: int) -> None:
    profile = load_device_profile(name)

    async def test(device: Device) -> None:
        told = told_of(await device.read())
        for each in values_of(profile):
            assert fits(told[each.quantity], shown_of(profile)[each.quantity], each)
        assert "simulated" in (await device.identify()).about

    address = Address(host=HOST, port=agent)
    asyncio.run(closing(opened(profile, address, Credentials(community=name)), test))


def test_a_pdu_without_a_meter_gives_no_number(agent: int) -> None:
    async def test(device: Device) -> None:
        power = await device.read_power()
        assert power.number is None
        assert "stands for no value" in power.reason

    credentials = Credentials(community="unmetered")
    address = Address(host=HOST, port=agent)
    asyncio.run(closing(opened(load_device_profile("apc-rpdu2"), address, credentials), test))


def test_v3_wants_the_right_keys_and_never_says_them(agent: int) -> None:
    address = Address(host=HOST, port=agent)
    profile = load_device_profile("apc-rpdu2")
    right = Credentials(user=V3[0], auth_key=V3[1], priv_key=V3[2], context="apc-rpdu2")

    async def let_in(device: Device) -> None:
        assert (await device.read_power()).number == shown_of(profile)["power_kw"]

    asyncio.run(closing(opened(profile, address, right), let_in))
    wrong = Credentials(user=V3[0], auth_key="another-key-9", priv_key=V3[2])

    async def kept_out(device: Device) -> None:
        with pytest.raises(UnableToLogIn) as refused:
            await device.read_power()
        assert not refused.value.retryable
        assert "another-key" not in f"{refused.value} {refused.value.remedy} {wrong!r}"

    asyncio.run(closing(opened(profile, address, wrong), kept_out))


def test_an_agent_that_is_not_there_or_not_opened_is_said() -> None:
    profile = load_device_profile("apc-rpdu2")
    address = Address(host=HOST, port=free_port(socket.SOCK_DGRAM))

    async def silent(device: Device) -> None:
        with pytest.raises(UnableToReachMeter, match="does not answer within 0") as e:
            await device.read()
        assert e.value.retryable

    device = open_device(
        profile,
        address,
        now=lambda: NOW,
        credentials=Credentials(community="x"),
        timeout_s=0.05,
    )
    asyncio.run(closing(device, silent))

    async def closed(device: Device) -> None:
        with pytest.raises(UnableToLogIn, match="No credentials"):
            await device.read()

    asyncio.run(closing(opened(profile, address), closed))


@pytest.mark.parametrize("name", profile_names("redfish"))
@pytest.mark.parametrize("way", [0, 1])
def test_redfish_services_new_and_old_tell_their_numbers(
    name: str, way: int, tmp_path: Path
) -> None:
    profile = load_device_profile(name)
    assert profile.protocol == "redfish"
    shown = shown_of(profile)
    write_tree(tmp_path, tree_of(profile, shown, member="Self", way=way))

    async def test(device: Device) -> None:
        assert told_of(await device.read()) == shown
        assert (await device.identify()).serial == "SIM-1"

    with redfish(tmp_path, user=ADMIN) as (port, sessions):
        address = Address(host=f"http://{HOST}", port=port, member="Self")
        credentials = Credentials(user=ADMIN[0], password=ADMIN[1])
        asyncio.run(closing(opened(profile, address, credentials), test))
        assert not sessions, "the session is ended, controllers have few"

        async def kept_out(device: Device) -> None:
            with pytest.raises(UnableToLogIn) as refused:
                await device.read()
            assert WRONG not in f"{refused.value} {refused.value.remedy}"

        wrong = Credentials(user=ADMIN[0], password=WRONG)
        asyncio.run(closing(opened(profile, address, wrong), kept_out))


def test_a_service_that_tells_nulls_has_no_numbers_and_one_that_is_none_is_said(
    tmp_path: Path,
) -> None:
    profile = load_device_profile("redfish-server")
    assert profile.protocol == "redfish"
    write_tree(tmp_path, tree_of(profile, dict.fromkeys(shown_of(profile))))

    async def nulls(device: Device) -> None:
        assert {value.quality for value in await device.read()} == {Quality.INVALID}

    async def nonsense(device: Device) -> None:
        with pytest.raises(UnreadableRegisters, match="no resource"):
            await device.read()

    async def elsewhere(device: Device) -> None:
        with pytest.raises(UnreadableRegisters, match="has no `Other`"):
            await device.read()

    with redfish(tmp_path) as (port, _):
        here = Address(host=f"http://{HOST}", port=port)
        asyncio.run(closing(opened(profile, here), nulls))
        other = Address(host=f"http://{HOST}", port=port, member="Other")
        asyncio.run(closing(opened(profile, other), elsewhere))
        (tmp_path / "redfish/v1/Chassis/index.json").write_text("[" * 100_000, encoding="utf-8")
        asyncio.run(closing(opened(profile, here), nonsense))


def test_a_building_s_control_tells_its_values_and_takes_a_set_point_that_it_gets_back() -> None:
    profile = load_device_profile("bms-customer")
    assert profile.protocol == "bacnet"
    shown = shown_of(profile)

    async def run() -> None:
        async with SimulatedBacnet(profile, lambda: shown) as simulated:
            address = Address(host=HOST, port=simulated.port)

            async def test(device: Device) -> None:
                assert told_of(await device.read()) == shown
                assert "device 599" in (await device.identify()).about
                simulated.objects["analog-input,1"].outOfService = True
                simulated.objects["analog-input,2"].units = "degrees-fahrenheit"
                supply, back, _, demand = await device.read()
                assert (supply.quality, back.quality) == (Quality.SUSPECT, Quality.INVALID)
                assert "by hand" in supply.reason
                assert "degrees-fahrenheit" in back.reason
                assert demand.quality is Quality.GOOD
                assert await device.accept_set_point("offered_kw", Decimal(5000)) == 1000
                assert await device.accept_set_point("offered_c", Decimal("55.5")) == Decimal(
                    "55.5"
                )
                assert simulated.set_points == {"offered_kw": 1000.0, "offered_c": 55.5}

            await closing(opened(profile, address, writable=True), test)
            assert simulated.set_points == {"offered_kw": 0.0, "offered_c": 0.0}

    asyncio.run(run())


def test_nobody_on_the_building_s_network_is_said() -> None:
    profile = load_device_profile("bms-customer")

    async def test(device: Device) -> None:
        with pytest.raises(UnableToReachMeter, match="No BACnet device answers"):
            await device.read()

    address = Address(host=HOST, port=free_port(socket.SOCK_DGRAM))
    device = open_device(profile, address, now=lambda: NOW, credentials=NOBODY, timeout_s=0.1)
    asyncio.run(closing(device, test))


@pytest.mark.parametrize("name", profile_names("mqtt"))
def test_devices_behind_a_broker_tell_their_newest_messages(name: str, tmp_path: Path) -> None:
    from aiomqtt import Client

    profile = load_device_profile(name)
    assert profile.protocol == "mqtt"
    shown = shown_of(profile)
    at = NOW - timedelta(minutes=40)
    timed = all(value.time_field for value in profile.values)

    async def run(port: int) -> None:
        async with Client(HOST, port, username=ADMIN[0], password=ADMIN[1]) as device:
            for topic, payload in messages_of(profile, shown, member="cellar", at=at).items():
                await device.publish(topic, payload, qos=1, retain=True)
        address = Address(host=HOST, port=port, member="cellar")

        async def test(device: Device) -> None:
            values = await device.read()
            assert told_of(values) == shown
            for value in values:
                # An old message keeps its old time; without one it is not believed.
                assert value.source_at == (at if timed else None)
                assert value.quality is (Quality.GOOD if timed else Quality.SUSPECT)
            serial = (await device.identify()).serial
            assert serial == ("12345678" if profile.serial_field else "")

        await closing(opened(profile, address, Credentials(user=ADMIN[0], password=ADMIN[1])), test)

        async def kept_out(device: Device) -> None:
            with pytest.raises(UnableToLogIn, match="does not take these credentials"):
                await device.read()

        await closing(opened(profile, address, Credentials(user="x", password=WRONG)), kept_out)

        async def silence(device: Device) -> None:
            with pytest.raises(UnableToReachMeter, match="Nothing is heard"):
                await device.read()

        elsewhere = Address(host=HOST, port=port, member="attic")
        quiet = open_device(
            profile,
            elsewhere,
            now=lambda: NOW,
            credentials=Credentials(user=ADMIN[0], password=ADMIN[1]),
            timeout_s=0.3,
        )
        await closing(quiet, silence)

    with mosquitto(tmp_path, users={ADMIN[0]: ADMIN[1]}) as port:
        asyncio.run(run(port))


def test_whoever_is_stopped_says_that_it_is_gone(tmp_path: Path) -> None:
    """A stop by a person is no broken line, so the last will is not spoken: we say it ourselves."""
    from aiomqtt import Client

    from exotherm.devices.mqtt.publisher import MqttPublisher

    async def stay(port: int, there: asyncio.Event) -> None:
        address = Address(host=HOST, port=port)
        async with MqttPublisher(address, topic="site1", credentials=NOBODY):
            there.set()
            await asyncio.Event().wait()

    async def run(port: int) -> list[str]:
        there = asyncio.Event()
        task = asyncio.create_task(stay(port, there))
        await there.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with Client(HOST, port) as late:
            await late.subscribe("site1/online", qos=1)
            async for message in late.messages:
                return [str(message.topic), bytes(message.payload).decode()]
        return []

    with mosquitto(tmp_path) as port:
        assert asyncio.run(asyncio.wait_for(run(port), 10.0)) == ["site1/online", "false"]


def test_a_password_leaves_the_machine_encrypted_or_not_at_all() -> None:
    from exotherm.devices.mqtt.adapter import connect

    known = Credentials(user="u", password="p")  # noqa: S106 - of nobody
    away = Address(host="broker.example.org", port=1883)
    with pytest.raises(UnableToLogIn, match="anybody to read"):
        connect(away, known, timeout_s=1.0)

    async def made() -> None:
        connect(away, NOBODY, timeout_s=1.0)
        connect(replace(away, port=8883), known, timeout_s=1.0)
        for host in ("127.0.0.1", "::1", "localhost"):
            connect(replace(away, host=host), known, timeout_s=1.0)

    asyncio.run(made())


def test_published_values_are_retained_with_their_time_and_a_break_is_seen(tmp_path: Path) -> None:
    import json

    from aiomqtt import Client

    from exotherm.devices.mqtt.publisher import MqttPublisher

    value = Value(
        quantity="heat_kw",
        number=Decimal("12.5"),
        source_at=NOW,
        received_at=NOW,
        quality=Quality.GOOD,
    )

    async def run(port: int) -> None:
        address = Address(host=HOST, port=port)
        async with Client(HOST, port) as listener:
            publisher = MqttPublisher(address, topic="site1", credentials=NOBODY)
            async with publisher:
                await publisher.publish("heat_meter", [value])
                await listener.subscribe("site1/#", qos=1)
                heard = {}
                async for message in listener.messages:
                    heard[str(message.topic)] = json.loads(message.payload)
                    assert message.retain
                    if len(heard) == 2:
                        break
                assert heard["site1/online"] is True
                assert heard["site1/heat_meter/heat_kw"]["value"] == 12.5
                assert heard["site1/heat_meter/heat_kw"]["source_at"] == "2026-11-01T12:00:00Z"
                # The line is cut without a word, and the broker tells it for us.
                line: Any = publisher._client._client.socket()
                line.shutdown(socket.SHUT_RDWR)
                async for message in listener.messages:
                    assert str(message.topic) == "site1/online"
                    assert json.loads(message.payload) is False
                    return

    with mosquitto(tmp_path) as port, pytest.raises(UnableToReachMeter):
        asyncio.run(run(port))


def test_a_building_control_that_is_gone_at_once_leaves_nothing_open() -> None:
    """Ended before it was asked anything: warnings of what stays open are errors here."""
    import gc

    profile = load_device_profile("bms-customer")
    assert isinstance(profile, BacnetProfile)

    async def come_and_go() -> None:
        for _ in range(3):
            async with SimulatedBacnet(profile, dict):
                pass
        # What was still opening when it ended would be open by now.
        await asyncio.sleep(0.2)

    asyncio.run(come_and_go())
    gc.collect()
