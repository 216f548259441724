"""`operate probe` and `operate commission` as a newcomer meets them."""

import asyncio
import subprocess
import sys
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from servers import babbler, free_port, mosquitto, redfish, snmpsim

from exotherm.cli.main import run
from exotherm.devices.bacnet.simulate import SimulatedBacnet
from exotherm.devices.modbus.simulate import SimulatedModbus
from exotherm.devices.mqtt.simulate import messages_of
from exotherm.devices.reading import load_device_profile
from exotherm.devices.redfish.simulate import tree_of, write_tree
from exotherm.devices.snmp.simulate import records_of

SECRET = "very secret indeed"  # noqa: S105 - it opens a test server


def probing(device: Any, *arguments: Callable[[Any], str] | str) -> int:
    """Run the command line in a thread while a simulated device serves."""

    async def serve() -> int:
        async with device as served:
            told = [one if isinstance(one, str) else one(served) for one in arguments]
            return await asyncio.to_thread(run, ["operate", "probe", *told])

    return asyncio.run(serve())


def plain(text: str) -> str:
    """Give the text with every kind of space as the common one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def at(served: Any) -> str:
    return f"127.0.0.1:{served.port}"


def test_a_modbus_meter_is_known_by_its_registers_and_gets_its_lines_for_the_site(capsys):
    profile = load_device_profile("abb-b23")
    assert profile.protocol == "modbus"
    shown = {"power_kw": Decimal("3.21"), "energy_kwh": Decimal("12345.67")}
    meter = SimulatedModbus(profile, lambda: shown, device_id=5)
    assert probing(meter, "modbus", at, "--unit", "5", "--timeout-s", "2") == 0
    told = capsys.readouterr().out
    assert "abb-b23  ABB B23/B24 energy meter, 2 of 2 values" in told
    assert "12 345.67 kWh" in plain(told)
    (entry,) = tomllib.loads(told[told.index("[[meters]]") :])["meters"]
    assert entry["address"] == 5
    assert entry["profile"] == "abb-b23"


def test_a_profile_that_does_not_fit_and_a_device_that_is_not_there_are_said(capsys):
    profile = load_device_profile("abb-b23")
    assert profile.protocol == "modbus"
    meter = SimulatedModbus(profile, lambda: {"power_kw": 1, "energy_kwh": 1})
    assert probing(meter, "modbus", at, "--profile", "nibe-s") == 1
    assert "Modbus exception 2" in capsys.readouterr().err
    gone = f"127.0.0.1:{free_port()}"
    assert run(["operate", "probe", "modbus", gone, "--timeout-s", "1"]) == 3
    assert "takes no connection" in capsys.readouterr().err
    assert run(["operate", "probe", "modbus", gone, "--profile", "apc-rpdu2"]) == 1
    assert "not for modbus" in capsys.readouterr().err
    assert run(["operate", "probe", "modbus", "/dev/none", "--timeout-s", "1"]) == 3
    assert "adapter is plugged in" in capsys.readouterr().err
    for wrong in ("a b", "host:99999", "host:0", ":502", ""):
        assert run(["operate", "probe", "modbus", wrong]) == 2, wrong
    assert run(["operate", "probe", "modbus", "host", "--line", "fast"]) == 2


@pytest.mark.parametrize("protocol", ["modbus", "mbus", "snmp", "redfish", "bacnet", "mqtt"])
def test_why_nothing_is_reached_is_said_by_every_protocol(protocol, monkeypatch, capsys):
    monkeypatch.setenv("EXOTHERM_PROBE_COMMUNITY", "public")
    assert run(["operate", "probe", protocol, "no..name:1502"]) == 3
    told = capsys.readouterr().err
    assert "no machine is known by this name" in told
    assert "Check how the name is written" in told
    assert run(["operate", "probe", protocol, "[::1:1502"]) == 2


@pytest.mark.parametrize("scheme", ["ftp", "tcp", "HTTPS+x"])
def test_which_schemes_redfish_is_spoken_over_is_said(scheme, capsys):
    assert run(["operate", "probe", "redfish", f"{scheme}://192.168.1.40/"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"'{scheme}://192.168.1.40/' begins with a scheme that is not spoken here" in told
    assert "https:// and http:// are, and https:// is taken where none is written, as in" in told
    # The names of users and what lies below are not repeated as an example.
    assert run(["operate", "probe", "redfish", f"{scheme}://me:secret@bmc/x"]) == 2
    assert "as in 192.168.1.20:443" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("protocol", ["modbus", "snmp", "bacnet", "mqtt"])
def test_an_address_by_other_protocols_has_no_scheme(protocol, capsys):
    assert run(["operate", "probe", protocol, "http://192.168.1.20:1502"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "this address is written without one, as in 192.168.1.20:1502." in told


@pytest.mark.parametrize("protocol", ["modbus", "mbus", "redfish", "mqtt"])
def test_a_port_that_refuses_is_said_by_every_protocol_that_connects(protocol, capsys):
    port = free_port()
    assert run(["operate", "probe", protocol, f"127.0.0.1:{port}"]) == 3
    assert f"127.0.0.1:{port} takes no connection: the machine is there and refuses" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("endless", [True, False])
@pytest.mark.parametrize("protocol", ["modbus", "mqtt", "redfish", "http redfish"])
def test_what_speaks_another_protocol_is_no_fault_of_ours(protocol, endless, capsys):
    scheme, _, protocol = protocol.rpartition(" ")
    with babbler(b"nonsense", endless=endless) as port:
        address = f"{scheme}://127.0.0.1:{port}" if scheme else f"127.0.0.1:{port}"
        assert run(["operate", "probe", protocol, address, "--timeout-s", "0.5"]) == 3
    assert "Unable to go on" in capsys.readouterr().err


def test_a_service_that_answers_without_end_or_nonsense_is_left(capsys):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"
    with babbler(head + b" " * 5_000_000) as port:
        assert run(["operate", "probe", "redfish", f"http://127.0.0.1:{port}"]) == 3
    assert "no resource" in capsys.readouterr().err
    body = b'{"Members": 5}'
    with babbler(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n" + body) as port:
        assert run(["operate", "probe", "redfish", f"http://127.0.0.1:{port}"]) == 3
    assert "is empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"COMMUNITY": "öffentlich"}, "letters beyond ASCII"),
        ({"COMMUNITY": "x" * 256}, "longer than 255"),
        ({"USER": "x" * 33}, "longer than 32"),
        ({"USER": "reader", "PRIV_KEY": "long enough"}, "one for authentication"),
    ],
)
def test_credentials_that_no_agent_can_have_are_told_without_showing_them(
    given, why, monkeypatch, capsys
):
    for name, value in given.items():
        monkeypatch.setenv(f"EXOTHERM_PROBE_{name}", value)
    assert run(["operate", "probe", "snmp", "127.0.0.1:1"]) == 1
    told = capsys.readouterr().err
    assert why in told
    assert not any(value in told for value in given.values())


def test_an_address_of_ipv6_needs_no_brackets_where_no_port_is_given(capsys):
    assert run(["operate", "probe", "modbus", "::1", "--timeout-s", "1"]) == 3
    assert "[::1]:502" in capsys.readouterr().err


def test_a_pdu_is_known_by_snmp_and_the_community_is_never_shown(tmp_path, monkeypatch, capsys):
    profile = load_device_profile("raritan-px")
    assert profile.protocol == "snmp"
    shown = {"power_kw": Decimal("0.18"), "energy_kwh": Decimal("193.359")}
    records = {"readable": records_of(profile, shown, digits=0, serial="QFC3950619")}
    with snmpsim(tmp_path, records, v3=("reader", "authentic-key-1", "private-key-22")) as port:
        monkeypatch.setenv("EXOTHERM_PROBE_COMMUNITY", "readable")
        assert run(["operate", "probe", "snmp", f"127.0.0.1:{port}"]) == 0
        told = capsys.readouterr().out
    assert "QFC3950619" in told
    assert "0.180 kW" in plain(told)
    assert "readable" not in told


def test_a_service_is_known_by_redfish_and_the_password_is_never_shown(
    tmp_path, monkeypatch, capsys
):
    profile = load_device_profile("redfish-server")
    assert profile.protocol == "redfish"
    shown = {"power_kw": Decimal("0.344"), "energy_kwh": Decimal(12), "inlet_c": Decimal(24)}
    write_tree(tmp_path, tree_of(profile, shown, serial="SRV-1"))
    credentials = tmp_path / "credentials.toml"
    credentials.write_text(f'[probe]\nuser = "reader"\npassword = "{SECRET}"\n', encoding="utf-8")
    credentials.chmod(0o600)
    monkeypatch.setenv("EXOTHERM_CREDENTIALS", str(credentials))
    with redfish(tmp_path, user=("reader", SECRET)) as (port, _):
        address = f"http://127.0.0.1:{port}"
        assert run(["operate", "probe", "redfish", address]) == 0
        told = capsys.readouterr()
        assert "SRV-1" in told.out
        assert SECRET not in told.out + told.err
        credentials.chmod(0o644)
        assert run(["operate", "probe", "redfish", address]) == 1
        told = capsys.readouterr()
        assert "may be read by others" in told.err
        assert SECRET not in told.out + told.err


def test_a_building_s_objects_are_listed(capsys):
    profile = load_device_profile("bms-customer")
    assert profile.protocol == "bacnet"
    shown = {
        "supply_c": Decimal("61.5"),
        "return_c": Decimal(40),
        "demand_kw": Decimal(80),
        "heat_kw": Decimal(28),
    }
    bms = SimulatedBacnet(profile, lambda: shown)
    assert probing(bms, "bacnet", at, "--json") == 0
    assert '"analog-input,1"' in capsys.readouterr().out


def test_a_broker_s_topics_are_heard_and_a_device_behind_it_is_read(tmp_path, capsys):
    from datetime import UTC, datetime

    from aiomqtt import Client

    profile = load_device_profile("wmbusmeters-kamheat")
    assert profile.protocol == "mqtt"
    shown = {
        "heat_kwh": Decimal(165),
        "volume_m3": Decimal("5.45"),
        "flow_m3h": Decimal("0.018"),
        "supply_c": Decimal("53.28"),
        "return_c": Decimal("23.04"),
    }

    async def publish(port: int) -> None:
        at = datetime(2026, 11, 1, tzinfo=UTC)
        async with Client("127.0.0.1", port) as client:
            for topic, payload in messages_of(profile, shown, member="Heat", at=at).items():
                await client.publish(topic, payload, qos=1, retain=True)

    with mosquitto(tmp_path) as port:
        asyncio.run(publish(port))
        place = f"127.0.0.1:{port}"
        assert run(["operate", "probe", "mqtt", place, "--timeout-s", "0.5"]) == 1
        assert "wmbusmeters/Heat" in capsys.readouterr().out
        more = ["--member", "Heat", "--timeout-s", "1"]
        assert run(["operate", "probe", "mqtt", place, *more]) == 0
        told = capsys.readouterr().out
    assert "wmbusmeters-kamheat" in told
    assert "53.28 °C" in plain(told)


@pytest.mark.parametrize(
    ("protocol", "library"),
    [("snmp", "pysnmp"), ("redfish", "httpx"), ("bacnet", "bacpypes3"), ("mqtt", "aiomqtt")],
)
def test_a_protocol_without_its_library_says_what_to_install(protocol, library):
    program = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from exotherm.cli.main import run\n"
        f"sys.exit(run(['operate', 'probe', '{protocol}', '127.0.0.1']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"pip install exotherm[operate]" in done.stderr
    assert b"Traceback" not in done.stderr


def test_commissioning_says_what_is_proven_and_what_to_do(tmp_path, capsys, ask):
    folder = tmp_path / "pool"
    assert run(["new", str(folder)]) == 0
    command = ["operate", "commission", str(folder), "--twin", "--minutes", "300"]
    command += ["--now", "2026-10-05T10:00Z"]
    code, told = ask(*command)
    assert code == 0
    verdicts = {one["point"]: one["verdict"] for one in told["points"]}
    assert verdicts["heat_meter.heat_kwh"] == "proven"
    assert verdicts["rack.it_kwh"] == "not provable yet"
    assert run([*command, "--display", "rack.fuel_kwh=987654321"]) == 1
    assert "contradicts" in capsys.readouterr().out
    assert run([*command, "--display", "rack.nothing_kwh=1"]) == 1
    assert "no point `rack.nothing_kwh`" in capsys.readouterr().err
    for wrong in ("rack.fuel_kwh", "rack.fuel_kwh=many", "=3", "rack.fuel_kwh=NaN"):
        assert run([*command, "--display", wrong]) == 2, wrong
