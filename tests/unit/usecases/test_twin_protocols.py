"""One simulated plant behind every protocol: what is read by each is what the plant says."""

import asyncio
import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from servers import free_port, mosquitto

from exotherm.cli.main import run
from exotherm.core.errors import UnableTo
from exotherm.core.period import Period
from exotherm.core.samples import Quality
from exotherm.devices.errors import UnableToReachMeter
from exotherm.devices.line import Address
from exotherm.operate.twin import advance, image, powers_kw, start_twin
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store
from exotherm.usecases.clocks import HandClock
from exotherm.usecases.commission import commission_twin
from exotherm.usecases.gateway import run_gateway
from exotherm.usecases.simulate import simulate_period
from exotherm.usecases.twin_server import Broker, UnableToServe, serve_twin
from exotherm.usecases.workspace import Ready, load_workspace, ready

START = datetime(2026, 10, 5, 10, tzinfo=UTC)
HOST = "127.0.0.1"
MORE = """
[[meters]]
name         = "pdu"
protocol     = "snmp"
port         = {snmp}
profile      = "raritan-px"
measures     = "it"
serial       = "PX-1"
utc_offset_h = 0.0

[[meters]]
name         = "feed"
protocol     = "redfish"
host         = "http://127.0.0.1"
port         = {redfish}
profile      = "redfish-rack-pdu"
measures     = "site"
serial       = "RP-7"
utc_offset_h = 0.0

[[meters]]
name         = "building"
protocol     = "bacnet"
port         = {bacnet}
address      = 77
profile      = "bms-customer"
measures     = "heat"
serial       = "77"
utc_offset_h = 0.0

[[meters]]
name         = "radio"
protocol     = "mqtt"
port         = {mqtt}
member       = "cellar"
profile      = "wmbusmeters-kamheat"
measures     = "heat"
serial       = "61440999"
utc_offset_h = 0.0

[[meters]]
name         = "shelly"
protocol     = "mqtt"
port         = {mqtt}
member       = "shellypro3em-1"
profile      = "shelly-pro-3em"
measures     = "auxiliary"
serial       = "SH-3"
utc_offset_h = 0.0

[[meters]]
name         = "cooler"
protocol     = "mbus-tcp"
port         = {cooler}
address      = 2
profile      = "heat-meter"
measures     = "rejected"
serial       = "61440113"
utc_offset_h = 0.0
"""


@pytest.fixture
def folder(tmp_path: Path, pool_folder: Path) -> Path:
    return Path(shutil.copytree(pool_folder, tmp_path / "pool"))


def ports() -> dict[str, int]:
    udp = ("snmp", "bacnet")
    return {
        name: free_port(socket.SOCK_DGRAM if name in udp else socket.SOCK_STREAM)
        for name in ("snmp", "redfish", "bacnet", "mqtt", "mbus", "modbus", "cooler")
    }


def with_all(folder: Path, **at: int) -> Ready:
    """Give the pool's workspace with a meter of each protocol, on some ports."""
    site = folder / "site.toml"
    text = (
        site.read_text("utf-8")
        .replace("10001", str(at["mbus"]))
        .replace("15020", str(at["modbus"]))
        .replace("timeout_s    = 2.0", "timeout_s    = 20.0")
    )
    site.write_text(text + MORE.format(**at), encoding="utf-8")
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    return workspace


def said_by_the_plant(workspace: Ready, at: datetime) -> dict[str, float]:
    """What each point must show, reckoned from the plant's model alone."""
    period = Period(START, START + timedelta(days=1))
    twin = start_twin(workspace.site, workspace.surroundings, period=period)
    twin = advance(twin, at)
    flows, counted = powers_kw(twin), twin.registers
    counts = image(twin).counts
    water = {
        "supply_c": counts["supply_c"] / 100,
        "return_c": counts["return_c"] / 100,
    }
    return {
        **{f"{meter}.{name}": value for meter in ("heat_meter", "building", "radio")
           for name, value in water.items()},
        "heat_meter.heat_kw": flows["heat"],
        "building.heat_kw": flows["heat"],
        "building.demand_kw": flows["demand"],
        "rack.power_kw": flows["it"],
        "pdu.power_kw": flows["it"],
        "feed.power_kw": flows["site"],
        "shelly.power_kw": flows["auxiliary"],
        "heat_meter.flow_m3h": counts["flow_m3h"] / 1000,
        "radio.flow_m3h": counts["flow_m3h"] / 1000,
        "rack.coolant_c": counts["coolant_c"] / 100,
        "rack.site_kwh": counted.site_kwh,
        "rack.auxiliary_kwh": counted.auxiliary_kwh,
        "rack.fuel_kwh": counted.fuel_kwh,
        "heat_meter.heat_kwh": counted.heat_kwh,
        "radio.heat_kwh": counted.heat_kwh,
        "radio.volume_m3": counted.volume_m3,
        "rack.it_kwh": counted.it_kwh,
        "pdu.energy_kwh": counted.it_kwh,
        "feed.energy_kwh": counted.site_kwh,
        "shelly.energy_kwh": counted.auxiliary_kwh,
        "cooler.heat_kw": flows["rejected"],
        "cooler.heat_kwh": counted.rejected_kwh,
        "cooler.volume_m3": counted.rejected_m3,
        "cooler.supply_c": counts["coolant_c"] / 100,
    }  # fmt: skip


def assert_told(told: dict[str, float], said: dict[str, float], *, names: set[str]) -> None:
    for name in names:
        register = name.endswith(("_kwh", "_m3"))
        assert told[name] == pytest.approx(said[name], abs=1.01 if register else 0.06), name


def test_a_gateway_keeps_what_the_plant_says_by_all_six_protocols(folder, tmp_path):
    with mosquitto(tmp_path) as port:
        workspace = with_all(folder, **(ports() | {"mqtt": port}))
        broker = Broker(address=Address(host=HOST, port=port))
        clock = HandClock(START)

        async def gateway() -> dict[str, Any]:
            serving = serve_twin(
                workspace.site, workspace.surroundings, clock=clock, free_ports=True, broker=broker
            )
            async with serving as served:
                clock.move(START + timedelta(minutes=15))
                await served.publish()
                told: list[Any] = []
                task = asyncio.create_task(
                    run_gateway(served.site, store, on_event=told.append, clock=clock)
                )
                async with asyncio.timeout(20):
                    while len(told) < len(served.site.meters):  # noqa: ASYNC110 - it is told here
                        await asyncio.sleep(0.05)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                found = {each.where.path for event in told for each in event.findings}
                assert found == {"feed.rack_c"}, "the plant has no such temperature"
                return store.last_samples()

        with (
            pytest.MonkeyPatch.context() as patch,
            open_store(folder / "exotherm.db") as store,
        ):
            patch.setenv("EXOTHERM_PDU_COMMUNITY", "only-for-us")
            kept = asyncio.run(gateway())
            points = store.points()
    told = {name: float(points[name].value_of(one.count)) for name, one in kept.items()}
    said = said_by_the_plant(workspace, START + timedelta(minutes=15))
    assert_told(told, said, names=set(said))
    assert {name for name in points if name not in told} == {"feed.rack_c"}
    assert {one.quality for one in kept.values()} == {Quality.GOOD}
    assert kept["radio.heat_kwh"].source_at == START + timedelta(minutes=15)


def test_a_month_s_replay_and_commissioning_take_every_protocol_too(folder, tmp_path):
    hours = Period(START, START + timedelta(hours=1))
    with mosquitto(tmp_path) as port:
        workspace = with_all(folder, **(ports() | {"mqtt": port}))
        broker = Address(host=HOST, port=port)
        with open_store(folder / "exotherm.db") as store:
            simulate_period(workspace.site, workspace.surroundings, store, hours, broker=broker)
            samples = store.samples(list(points_of(workspace.site)), hours)
        report = commission_twin(
            workspace.site,
            workspace.surroundings,
            start=START,
            minutes=60,
            broker=broker,
            on_progress=lambda _: None,
        )
    assert {name: len(kept) for name, kept in samples.items()} == {
        name: 0 if name == "feed.rack_c" else 5 for name in points_of(workspace.site)
    }
    assert (report.answered, report.contradicted) == (8, False)


def test_what_the_twin_published_is_taken_back_when_it_ends(folder, tmp_path):
    from exotherm.devices.credentials import Credentials
    from exotherm.devices.mqtt.listening import overheard

    with mosquitto(tmp_path) as port:
        workspace = with_all(folder, **(ports() | {"mqtt": port}))
        broker = Broker(address=Address(host=HOST, port=port))

        async def heard() -> tuple[dict[str, str], dict[str, str]]:
            serving = serve_twin(
                workspace.site,
                workspace.surroundings,
                clock=HandClock(START),
                free_ports=True,
                broker=broker,
            )
            address = Address(host=HOST, port=port)
            async with serving:
                during = await overheard(address, Credentials(), timeout_s=0.5)
            try:
                after = await overheard(address, Credentials(), timeout_s=0.5)
            except UnableToReachMeter:
                after = {}
            return during, after

        during, after = asyncio.run(heard())
    assert sorted(during) == [
        "shellypro3em-1/status/em:0",
        "shellypro3em-1/status/emdata:0",
        "wmbusmeters/cellar",
    ]
    assert after == {}


def test_without_a_broker_the_others_are_served_and_what_to_do_is_said(folder):
    gone = ports()
    workspace = with_all(folder, **gone)
    told: list[UnableTo] = []

    async def places(broker: Broker) -> dict[str, str]:
        serving = serve_twin(
            workspace.site,
            workspace.surroundings,
            clock=HandClock(START),
            free_ports=True,
            broker=broker,
        )
        async with serving as served:
            async with asyncio.timeout(20):
                while len(told) < 2:  # noqa: ASYNC110 - it is told here
                    await asyncio.sleep(0.02)
            return served.places

    served = asyncio.run(places(Broker(on_trouble=told.append)))
    assert sorted(served) == [
        "building",
        "cooler",
        "feed",
        "heat_meter",
        "pdu",
        "rack",
    ]
    assert "EXOTHERM_PDU_COMMUNITY=twin" in served["pdu"]
    assert all(isinstance(one, UnableToServe) for one in told)
    assert f"mosquitto -p {gone['mqtt']}" in told[0].remedy
    told.clear()
    away = Address(host=HOST, port=gone["mqtt"])
    asyncio.run(places(Broker(address=away, on_trouble=told.append)))
    assert all(isinstance(one, UnableToReachMeter) for one in told)
    assert f"mosquitto -p {gone['mqtt']}" in told[0].remedy
    with pytest.raises(UnableToReachMeter):
        asyncio.run(places(Broker(address=away)))
    with pytest.raises(UnableToServe, match="radio speaks MQTT"):
        asyncio.run(places(Broker()))


@contextlib.contextmanager
def served_by_command(folder: Path, broker: int) -> Iterator[None]:
    """Run ``operate twin`` as a person does."""
    command = [sys.executable, "-m", "exotherm", "operate", "twin", str(folder)]
    command += ["--start", "2026-10-05T10:00Z", "--broker", f"{HOST}:{broker}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "Ctrl-C ends" in line:
                break
        assert process.poll() is None, "it ended"
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_every_probe_of_a_served_twin_tells_what_the_plant_says(
    folder, tmp_path, capsys, monkeypatch
):
    with mosquitto(tmp_path) as port:
        at = ports() | {"mqtt": port}
        workspace = with_all(folder, **at)
        said = said_by_the_plant(workspace, START + timedelta(seconds=30))
        with served_by_command(folder, port):

            def probe(protocol: str, place: str, *more: str) -> dict[str, float]:
                capsys.readouterr()
                assert run(["operate", "probe", protocol, place, *more, "--json"]) == 0
                values = json.loads(capsys.readouterr().out)["values"]
                return {one["quantity"]: float(one["value"]) for one in values if one["value"]}

            monkeypatch.setenv("EXOTHERM_PROBE_COMMUNITY", "twin")
            pdu = probe("snmp", f"{HOST}:{at['snmp']}")
            monkeypatch.setenv("EXOTHERM_PROBE_USER", "twin")
            monkeypatch.setenv("EXOTHERM_PROBE_AUTH_KEY", "twin-auth-key")
            monkeypatch.setenv("EXOTHERM_PROBE_PRIV_KEY", "twin-priv-key")
            by_v3 = probe("snmp", f"{HOST}:{at['snmp']}")
            for kind in ("USER", "AUTH_KEY", "PRIV_KEY", "COMMUNITY"):
                monkeypatch.delenv(f"EXOTHERM_PROBE_{kind}")
            told = {
                "pdu": pdu,
                "rack": probe("modbus", f"{HOST}:{at['modbus']}"),
                "feed": probe("redfish", f"http://{HOST}:{at['redfish']}"),
                "building": probe("bacnet", f"{HOST}:{at['bacnet']}"),
                "radio": probe("mqtt", f"{HOST}:{port}", "--member", "cellar",
                               "--profile", "wmbusmeters-kamheat"),
                "shelly": probe("mqtt", f"{HOST}:{port}", "--member", "shellypro3em-1",
                                "--profile", "shelly-pro-3em"),
            }  # fmt: skip
            assert by_v3.keys() == pdu.keys()
            assert by_v3["power_kw"] == pdu["power_kw"]
            capsys.readouterr()
            assert run(["operate", "probe", "mbus", f"{HOST}:{at['mbus']}", "--json"]) == 0
            assert "61440112" in capsys.readouterr().out
            monkeypatch.setenv("EXOTHERM_PDU_COMMUNITY", "twin")
            assert run(["operate", "poll", str(folder), "--json"]) == 0
            polled = json.loads(capsys.readouterr().out)["samples"]
    flat = {f"{meter}.{name}": value for meter, values in told.items()
            for name, value in values.items()}  # fmt: skip
    assert_told(flat, said, names=set(flat))
    assert len(flat) == 2 + 6 + 2 + 4 + 5 + 2
    stored = {one["point"]: float(one["value"]) for one in polled}
    assert_told(stored, said, names=set(said))


def test_a_set_point_written_to_the_served_building_stands_until_it_is_let_go(folder):
    from exotherm.devices.credentials import Credentials
    from exotherm.devices.opening import open_device
    from exotherm.devices.reading import load_device_profile

    workspace = with_all(folder, **ports())
    told: list[UnableTo] = []

    async def write() -> tuple[dict[str, float], dict[str, float]]:
        serving = serve_twin(
            workspace.site,
            workspace.surroundings,
            clock=HandClock(START),
            free_ports=True,
            broker=Broker(on_trouble=told.append),
        )
        async with serving as served:
            device = open_device(
                load_device_profile("bms-customer"),
                Address(host=HOST, port=served.ports["building"]),
                now=lambda: START,
                credentials=Credentials(),
                writable=True,
            )
            await device.accept_set_point("offered_c", Decimal("52.5"))
            stood = served.set_points("building")
            await device.close()
            return stood, served.set_points("building")

    assert asyncio.run(write()) == (
        {"offered_kw": 0.0, "offered_c": 52.5},
        {"offered_kw": 0.0, "offered_c": 0.0},
    )
