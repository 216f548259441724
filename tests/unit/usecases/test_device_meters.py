"""Meters that are known by a device profile, from the site file to the store."""

import asyncio
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from servers import redfish

from exotherm.cli.main import run
from exotherm.core.samples import Quality
from exotherm.devices.drop.simulate import file_of
from exotherm.devices.modbus.simulate import SimulatedModbus
from exotherm.devices.profile import CsvProfile
from exotherm.devices.reading import load_device_profile
from exotherm.devices.redfish.simulate import tree_of, write_tree
from exotherm.operate.commission_values import Verdict
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store
from exotherm.usecases.commission import UnknownPoint, commission_site, commission_twin
from exotherm.usecases.gateway import poll_site
from exotherm.usecases.polling import poll_once
from exotherm.usecases.workspace import load_workspace, ready

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
METER = """
[[meters]]
name         = "{name}"
protocol     = "{protocol}"
host         = "{host}"
profile      = "{profile}"
measures     = "{measures}"
serial       = "{serial}"
utc_offset_h = 0.0
"""
PORT = "port         = {}\n"


@pytest.fixture
def folder(tmp_path: Path, pool_folder: Path) -> Path:
    copied = tmp_path / "pool"
    shutil.copytree(pool_folder, copied)
    return copied


def add(folder: Path, **more: object) -> None:
    usual = {"host": "127.0.0.1", "serial": "AB-1234", "measures": "it"}
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(METER.format(**{**usual, **more}))
        if "port" in more:
            file.write(PORT.format(more["port"]))
        if "part_of" in more:
            file.write(f'part_of      = "{more["part_of"]}"\n')


def site_of(folder: Path, *names: str):
    """Give the site with only the meters of some names."""
    site = load_workspace(folder).site
    assert site is not None
    kept = tuple(meter for meter in site.meters if not names or meter.name in names)
    return site.model_copy(update={"meters": kept})


def test_a_meter_tells_what_its_profile_describes(folder):
    add(folder, name="pdu", protocol="snmp", profile="apc-rpdu2")
    loaded = load_workspace(folder)
    assert [found.code for found in loaded.findings] == []
    assert loaded.site is not None
    assert loaded.site.meters[-1].port == 161
    assert [name for name in points_of(loaded.site) if name.startswith("pdu.")] == [
        "pdu.power_kw",
        "pdu.energy_kwh",
    ]


def test_a_profile_of_the_workspace_is_read_and_its_faults_are_told_with_their_line(folder):
    own = (
        'title = "Our PDU"\nprotocol = "snmp"\nmodels = ["any"]\nverified = "device"\n'
        'sources = ["measured on the spot"]\nenterprise = "1.3.6.1.4.1.99999"\n'
        '[[values]]\nquantity = "{}"\noid = "1.3.6.1.4.1.99999.1"\ndecimals = 1\n'
    )
    (folder / "our-pdu.toml").write_text(own.format("power_kw"), encoding="utf-8")
    add(folder, name="pdu", protocol="snmp", profile="our-pdu.toml")
    assert "pdu.power_kw" in points_of(site_of(folder))
    (folder / "our-pdu.toml").write_text(own.format("power"), encoding="utf-8")
    loaded = load_workspace(folder)
    assert [(found.code, str(found.where)) for found in loaded.findings] == [
        ("profile.quantity-without-unit", "our-pdu.toml:8 (values[0].quantity)"),
        ("site.profile-unknown", str(loaded.findings[1].where)),
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"protocol": "mbus-tcp", "profile": "heat-meter"}, "document.wrong-value"),
        ({"protocol": "modbus-tcp", "profile": "nothing-known"}, "site.profile-unknown"),
        ({"protocol": "snmp", "profile": "abb-b23"}, "site.profile-not-spoken"),
        ({"protocol": "snmp", "profile": "../outside.toml"}, "workspace.file-unreadable"),
        ({"protocol": "telepathy", "profile": "abb-b23"}, "document.wrong-value"),
        ({"protocol": "snmp", "profile": "apc-rpdu2", "serial": "a b"}, "document.wrong-value"),
    ],
)
def test_what_stands_against_a_meter_is_told(folder, more, code):
    add(folder, name="pdu", **more)
    assert code in [found.code for found in load_workspace(folder).findings]


def test_a_profile_that_is_not_known_names_those_that_are_like_it(folder):
    add(folder, name="pdu", protocol="modbus-tcp", profile="abb-b32")
    findings = load_workspace(folder).findings
    (found,) = [one for one in findings if one.code == "site.profile-unknown"]
    assert "Did you mean `abb-b23`" in found.remedy
    assert "`docs/devices.md` lists all" in found.remedy


def test_modbus_and_redfish_meters_are_polled_into_the_store(folder, tmp_path):
    sdm, pdu = load_device_profile("carlo-gavazzi-em340"), load_device_profile("redfish-rack-pdu")
    assert sdm.protocol == "modbus"
    assert pdu.protocol == "redfish"
    shown = {"power_kw": Decimal("3.2105"), "energy_kwh": Decimal("12345.6")}
    tree = tmp_path / "mockup"
    told = {"power_kw": Decimal("6.438"), "energy_kwh": Decimal(56438), "rack_c": Decimal("26.3")}
    write_tree(tree, tree_of(pdu, told, serial="AB-1234"))

    async def run() -> None:
        async with SimulatedModbus(sdm, lambda: shown) as meter:
            add(folder, name="main", protocol="modbus-tcp", port=meter.port,
                profile="carlo-gavazzi-em340", serial="77")  # fmt: skip
            site = site_of(folder, "main", "pdu")
            with open_store(folder / "exotherm.db") as store:
                report = await poll_once(site, store, now=lambda: NOW)
                assert report.findings == ()
                last = store.last_samples()
        assert {name: (one.count, one.quality) for name, one in last.items()} == {
            "main.power_kw": (32105, Quality.GOOD),
            "main.energy_kwh": (123456, Quality.GOOD),
            "pdu.power_kw": (6438, Quality.GOOD),
            "pdu.energy_kwh": (56438000, Quality.GOOD),
            "pdu.rack_c": (263, Quality.GOOD),
        }

    with redfish(tree) as (port, _):
        add(folder, name="pdu", protocol="redfish", host="http://127.0.0.1", port=port,
            profile="redfish-rack-pdu")  # fmt: skip
        asyncio.run(run())


def test_another_device_at_the_address_is_told_and_its_values_are_not_believed(folder, tmp_path):
    pdu = load_device_profile("redfish-rack-pdu")
    assert pdu.protocol == "redfish"
    told = {"power_kw": Decimal(6), "energy_kwh": Decimal(5), "rack_c": Decimal(26)}
    write_tree(tmp_path / "m", tree_of(pdu, told, serial="ZZ-9999"))
    with redfish(tmp_path / "m") as (port, _):
        add(folder, name="pdu", protocol="redfish", host="http://127.0.0.1", port=port,
            profile="redfish-rack-pdu")  # fmt: skip
        with open_store(folder / "exotherm.db") as store:
            report = poll_site(site_of(folder, "pdu"), store)
    assert [found.code for found in report.findings] == ["meter.serial-mismatch"]
    assert {sample.quality for sample in report.samples} == {Quality.INVALID}


def test_no_scale_is_proved_by_another_device_or_by_one_that_lets_nobody_in(
    folder, tmp_path, pool_folder, capsys
):
    pdu = load_device_profile("redfish-rack-pdu")
    assert pdu.protocol == "redfish"
    told = {"power_kw": Decimal(6), "energy_kwh": Decimal(5), "rack_c": Decimal(26)}
    write_tree(tmp_path / "m", tree_of(pdu, told, serial="ZZ-9999"))
    command = ["operate", "commission", str(folder), "--minutes", "0.01", "--json"]
    shown = [f"--display=pdu.{name}={value}" for name, value in told.items()]

    def commissioned(port: int) -> tuple[int, list[str], set[str]]:
        site = (pool_folder / "site.toml").read_text("utf-8")
        (folder / "site.toml").write_text(site, encoding="utf-8")
        add(folder, name="pdu", protocol="redfish", host="http://127.0.0.1", port=port,
            profile="redfish-rack-pdu")  # fmt: skip
        code = run([*command, *shown])
        said = json.loads(capsys.readouterr().out)
        own = [found for found in said["findings"] if found["where"]["path"] == "pdu"]
        points = [point for point in said["points"] if point["point"].startswith("pdu.")]
        return code, [one["code"] for one in own], {point["verdict"] for point in points}

    with redfish(tmp_path / "m") as (port, _):
        assert commissioned(port) == (1, ["meter.serial-mismatch"], {"not provable yet"})
    with redfish(tmp_path / "m", user=("reader", "quite secret")) as (port, _):
        assert commissioned(port) == (1, ["meter.no-answer"], {"not provable yet"})


def dropped(folder: Path, name: str, *counts: int, start: datetime = NOW) -> None:
    profile = load_device_profile("csv-heat-meter")
    assert isinstance(profile, CsvProfile)
    rows = [
        (
            start + n * timedelta(minutes=15),
            {"heat_kwh": Decimal(count), "volume_m3": Decimal(count).scaleb(-2)},
        )
        for n, count in enumerate(counts)
    ]
    file = folder / "inbox" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(file_of(profile, rows, serial="61440999"))
    os.utime(file, (0, 0))


def test_dropped_files_are_kept_with_their_own_times_once_and_then_put_away(folder):
    add(folder, name="sub", protocol="csv", host="inbox", profile="csv-heat-meter",
        serial="61440999")  # fmt: skip
    site = site_of(folder, "sub")
    with open_store(folder / "exotherm.db") as store:
        report = poll_site(site, store, folder=folder)
        assert [found.code for found in report.findings] == ["meter.no-answer"]
    dropped(folder, "1.csv", 100, 104, 108)
    dropped(folder, "2.csv", 108, 112, start=NOW + timedelta(minutes=30))
    dropped(folder, "3.csv", 5)
    (folder / "inbox/3.csv").write_text("Zeit\nnonsense\n", encoding="utf-8")
    os.utime(folder / "inbox/3.csv", (0, 0))
    with open_store(folder / "exotherm.db") as store:
        report = poll_site(site, store, folder=folder)
        assert [found.code for found in report.findings] == ["drop.file-unreadable"]
        from exotherm.core.period import Period

        period = Period(NOW, NOW + timedelta(hours=2))
        samples = store.samples(("sub.heat_kwh",), period)["sub.heat_kwh"]
        assert [(one.source_at - NOW, one.count) for one in samples] == [
            (timedelta(minutes=15 * n), 100 + 4 * n) for n in range(4)
        ]
        assert {one.quality for one in samples} == {Quality.GOOD}
        assert sorted(file.name for file in (folder / "inbox/done").iterdir()) == ["1.csv", "2.csv"]
        assert [file.name for file in (folder / "inbox/aside").iterdir()] == ["3.csv"]
        # The same file again, and an older one late: nothing is doubled, nothing is spoiled.
        dropped(folder, "1.csv", 100, 104, 108)
        dropped(folder, "0.csv", 96, start=NOW - timedelta(minutes=15))
        again = poll_site(site, store, folder=folder)
        assert again.findings == ()
        kept = store.samples(("sub.heat_kwh",), Period(NOW - timedelta(hours=1), period.end))
        assert [one.count for one in kept["sub.heat_kwh"]] == [96, 100, 104, 108, 112]


def test_the_twin_stands_in_for_a_profile_s_meter_and_its_scales_are_proved(folder):
    add(folder, name="main", protocol="modbus-tcp", port=15999, profile="abb-b23", part_of="rack")
    add(folder, name="feed", protocol="redfish", port=15998, profile="redfish-rack-pdu",
        serial="7", part_of="main")  # fmt: skip
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    report = commission_twin(
        workspace.site,
        workspace.surroundings,
        start=datetime(2026, 10, 5, 10, tzinfo=UTC),
        minutes=600,
        on_progress=lambda _: None,
    )
    found = {proof.point: proof.verdict for proof in report.proofs}
    assert report.answered == 4
    assert report.looks == 41
    # The electricity meter and the gateway measure the same by different ways.
    assert found["main.power_kw"] is found["rack.power_kw"] is Verdict.PROVEN
    assert found["main.energy_kwh"] is found["rack.it_kwh"] is Verdict.PROVEN
    assert found["feed.power_kw"] is found["feed.energy_kwh"] is Verdict.PROVEN
    assert found["heat_meter.heat_kw"] is Verdict.PROVEN
    assert found["rack.fuel_kwh"] is Verdict.OPEN
    assert not report.contradicted


def test_a_wrong_scale_in_a_profile_is_found_on_the_running_devices(folder):
    """The profile is read as tenths of a watt where the device tells hundredths."""
    right = load_device_profile("abb-b23")
    assert right.protocol == "modbus"
    from exotherm.devices.profile import profile_text

    wrong = profile_text("abb-b23").replace("scale = 1e-05", "scale = 0.0001")
    assert wrong != profile_text("abb-b23")
    (folder / "wrong.toml").write_text(wrong, encoding="utf-8")
    started = datetime.now(UTC)

    def shown() -> dict[str, Decimal]:
        hours = Decimal((datetime.now(UTC) - started).total_seconds()) / 3600
        # A load so large that seconds are enough for the register to advance.
        return {"power_kw": Decimal(2000), "energy_kwh": 1000 + 2000 * hours}

    async def serve() -> None:
        async with SimulatedModbus(right, shown) as meter:
            add(folder, name="main", protocol="modbus-tcp", port=meter.port, profile="wrong.toml")
            site = site_of(folder, "main")
            report = await asyncio.to_thread(
                commission_site, site, minutes=0.02, every_s=0.2, on_progress=lambda _: None
            )
            (energy,) = [one for one in report.proofs if one.point == "main.energy_kwh"]
            assert energy.verdict is Verdict.CONTRADICTS, energy
            with pytest.raises(UnknownPoint, match="no point"):
                commission_site(
                    site, displays=[("main.other_kw", Decimal(1))], on_progress=lambda _: None
                )

    asyncio.run(serve())


def test_what_arrives_as_files_is_left_out_of_the_twin(folder):
    add(folder, name="sub", protocol="csv", host="inbox", profile="csv-heat-meter", measures="heat")
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    done = commission_twin(
        workspace.site, workspace.surroundings, start=NOW, on_progress=lambda _: None
    )
    verdicts = {proof.point: proof.verdict for proof in done.proofs}
    assert not any(point.startswith("sub.") for point in verdicts)
    assert verdicts["heat_meter.heat_kwh"] is Verdict.PROVEN


def test_a_month_is_lived_without_the_meters_whose_readings_arrive_as_files(folder, capsys):
    add(folder, name="sub", protocol="csv", host="inbox", profile="csv-heat-meter", measures="heat")
    assert run(["operate", "simulate", str(folder), "--month", "2026-10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["meters_left_out"] == ["sub"]
    assert told["samples_stored"] > 0


def test_another_value_of_a_moment_that_is_known_is_a_conflict_also_at_once(folder, capsys):
    add(folder, name="sub", protocol="csv", host="inbox", profile="csv-heat-meter", measures="heat")
    dropped(folder, "1.csv", 100)
    run(["operate", "poll", str(folder)])
    dropped(folder, "2.csv", 104)
    run(["operate", "poll", str(folder)])
    capsys.readouterr()
    run(["operate", "status", str(folder), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert "meter.conflicting-sample" in {finding["code"] for finding in told["findings"]}
