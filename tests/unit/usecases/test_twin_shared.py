"""Meters of a kind side by side: what they show together is what the plant model alone reckons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from changing import changed

from exotherm.core.period import Period
from exotherm.operate.twin import advance, powers_kw, start_twin
from exotherm.site.document import Site
from exotherm.site.meters import Meter
from exotherm.site.series import Surroundings
from exotherm.usecases.clocks import HandClock
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.meter_profiles import with_profiles
from exotherm.usecases.twin_server import ServedTwin

START = datetime(2026, 10, 5, 10, tzinfo=UTC)
PERIOD = Period(START, START + timedelta(days=3))
SOME = [timedelta(minutes=minutes) for minutes in (0, 5, 15, 37, 600, 1441, 4000)]


def meter(name: str, measures: str, profile: str = "apc-rpdu2", **more: object) -> Meter:
    base = {"name": name, "protocol": "snmp", "profile": profile, "serial": "7"}
    return Meter.model_validate({**base, "measures": measures, "utc_offset_h": 0.0, **more})


def cooler(name: str, address: int, **more: object) -> Meter:
    on_bus = {"protocol": "mbus-tcp", "port": 10000, "address": address}
    return meter(name, "rejected", "heat-meter", **on_bus, **more)


def served(site: Site, surroundings: Surroundings, folder: Path, *meters: Meter) -> ServedTwin:
    site = site.model_copy(update={"meters": meters})
    site = with_profiles(site, WorkspaceFiles(folder), site_text="")
    clock = HandClock(START)
    opening = {"it_kwh": 1001}
    twin = start_twin(site, surroundings, period=PERIOD, opening=opening)
    return ServedTwin(site, surroundings, twin, clock)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_rack_meters_add_up_to_what_the_servers_draw(
    pool_site: Site, pool_surroundings: Surroundings, pool_folder: Path, number: int
) -> None:
    pdus = [meter(f"pdu_{place}", "it", address=place + 1) for place in range(number)]
    house = meter("house", "site", address=9)
    shown = served(pool_site, pool_surroundings, pool_folder, *pdus, house)
    plant = start_twin(pool_site, pool_surroundings, period=PERIOD)
    before = [Decimal(0)] * number
    for after in SOME:
        shown.clock.move(START + after)  # type: ignore[attr-defined]
        plant = advance(plant, START + after)
        told = [shown.device_values(one) for one in shown.site.meters[:number]]
        power_kw = sum(float(one["power_kw"] or 0) for one in told)
        assert power_kw == pytest.approx(powers_kw(plant)["it"], abs=0.001 * number)
        registers = [one["energy_kwh"] or Decimal(0) for one in told]
        counted_kwh = 100.1 + plant.registers.it_kwh
        counted_kwh += powers_kw(plant)["it"] * ((plant.at - plant.edge) / timedelta(hours=1))
        # Each lacks at most the digit that is not full, of what it opened with and of what it went.
        assert 0 <= counted_kwh - float(sum(registers)) < 0.1 * 2 * number
        assert all(now >= was for now, was in zip(registers, before, strict=True))
        before = registers
        site_kw = shown.device_values(shown.site.meters[-1])["power_kw"]
        assert float(site_kw or 0) == pytest.approx(powers_kw(plant)["site"], abs=0.001)


def test_coolers_side_by_side_share_the_water_and_one_behind_another_shows_it_again(
    pool_site: Site, pool_surroundings: Surroundings, pool_folder: Path
) -> None:
    meters = (cooler("a", 2), cooler("b", 3), cooler("behind", 4, part_of="b"))
    # Twice the servers are more than the pool takes.
    site = changed(pool_site, computing__power_kw_rated=56.0)
    shown = served(site, pool_surroundings, pool_folder, *meters)
    alone = served(site, pool_surroundings, pool_folder, cooler("a", 2))
    for after in SOME:
        for one in (shown, alone):
            one.clock.move(START + after)  # type: ignore[attr-defined]
        (whole,) = (alone.heat_meter_image(one) for one in alone.site.meters)
        a, b, behind = (shown.heat_meter_image(one) for one in shown.site.meters)
        assert replace(behind, address=b.address) == b
        assert 0 <= whole.heat_kwh - (a.heat_kwh + b.heat_kwh) <= 1
        assert abs(whole.volume_m3 - (a.volume_m3 + b.volume_m3)) <= Decimal("0.01")
        assert abs(whole.heat_kw - (a.heat_kw + b.heat_kw)) <= Decimal("0.1")
        assert abs(whole.flow_m3h - (a.flow_m3h + b.flow_m3h)) <= Decimal("0.001")
        assert {one.supply_c for one in (a, b, behind)} == {whole.supply_c}
        assert {one.return_c for one in (a, b, behind)} == {whole.return_c}
    assert whole.heat_kwh > 2
