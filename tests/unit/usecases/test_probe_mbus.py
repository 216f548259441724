"""Asking a bus that nobody has a list of, over the command that people use."""

import json
from dataclasses import replace

import pytest
from mbus_image import IMAGE, bus_of
from servers import babbler

from exotherm.cli.main import run
from exotherm.devices.mbus.slave import SimulatedMeter
from exotherm.devices.mbus.wires import SerialWay, TcpWay
from exotherm.usecases.probe_mbus import way_of

PROBE = ("operate", "probe", "mbus")


def meter(identification: str, address: int) -> SimulatedMeter:
    image = replace(IMAGE, identification=identification, address=address)
    return SimulatedMeter(lambda: image)


def test_shows_the_only_meter_of_a_bus(capsys: pytest.CaptureFixture[str]) -> None:
    with bus_of([meter("10203040", 17)]) as port:
        assert run([*PROBE, f"127.0.0.1:{port}"]) == 0
    out = capsys.readouterr().out
    assert "Called by address 17 or 102030400F170104" in out
    assert "Meter 10203040 of EXO, heat, access number 0" in out
    assert f"{'energy':<22} {5:>19} kWh" in out


def test_finds_all_meters_where_several_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with bus_of([meter("10000000", 1), meter("70000000", 1)]) as port:
        assert run([*PROBE, f"127.0.0.1:{port}", "--timeout-s", "0.2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["findings"] == []
    assert {"10000000", "70000000"} == {each["identification"] for each in told["meters"]}


def test_asks_one_meter_by_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    with bus_of([meter("10000000", 1), meter("70000000", 2)]) as port:
        assert run([*PROBE, f"127.0.0.1:{port}", "--meter", "2", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["meters"]
    assert told["identification"] == "70000000"


def test_an_empty_bus_ends_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    with bus_of([]) as port:
        assert run([*PROBE, f"127.0.0.1:{port}", "--timeout-s", "0.1", "--json"]) == 3
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "probe.mbus-silent"


@pytest.mark.parametrize("how", [(), ("--search",), ("--scan",)])
def test_what_sends_without_end_is_no_bus(
    how: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with babbler(b"\x00\x17no bus" * 9, endless=True) as port:
        assert run([*PROBE, f"127.0.0.1:{port}", *how, "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["meters"] == []
    (finding,) = told["findings"]
    assert finding["code"] == "probe.mbus-failed"
    assert "without end" in finding["message"]


def test_what_answers_nonsense_to_everything_is_not_searched_through(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with babbler(b"no bus") as port:
        assert run([*PROBE, f"127.0.0.1:{port}", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert len(told["meters"]) == 3
    *troubles, last = told["findings"]
    assert {finding["code"] for finding in troubles} == {"probe.mbus-collision"}
    assert last["code"] == "probe.mbus-failed"


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("host:70000",),
        ("host:0",),
        ("::1",),
        ("ho st:1",),
        ("127.0.0.1:1", "--meter", "251"),
        ("127.0.0.1:1", "--meter", "1", "--scan"),
        ("127.0.0.1:1", "--prefix", "12ab"),
        ("127.0.0.1:1", "--prefix", "123456789"),
    ],
)
def test_refuses_what_is_no_question(arguments: tuple[str, ...]) -> None:
    assert run([*PROBE, *arguments]) == 2


def test_reads_where_a_bus_is() -> None:
    assert TcpWay("192.168.1.5", 10001) == way_of("192.168.1.5:10001")
    assert TcpWay("::1", 10001) == way_of("[::1]:10001")
    assert SerialWay("/dev/ttyUSB0") == way_of("/dev/ttyUSB0")
    assert SerialWay("COM3", 300) == way_of("COM3", baud=300)
