"""From a telegram to the counts of the site's points."""

from exotherm.core.samples import Point
from exotherm.devices.mbus.frame import build_long
from exotherm.devices.mbus.points import read_heat_meter
from exotherm.devices.mbus.telegram import Telegram, read_telegram

HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kWh", decimals=0, digits=8)
VOLUME = Point(name="heat_meter.volume_m3", kind="register", unit="m³", decimals=2, digits=8)
POWER = Point(name="heat_meter.heat_kw", kind="instant", unit="kW", decimals=1)
FLOW = Point(name="heat_meter.flow_m3h", kind="instant", unit="m³/h", decimals=3)
SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="°C", decimals=2)
POINTS = (HEAT, VOLUME, POWER, FLOW, SUPPLY)


def telegram(records: str) -> Telegram:
    data = bytes.fromhex("78 56 34 12 24 40 01 04 55 00 00 00" + records)
    return read_telegram(build_long(control=8, address=5, information=0x72, data=data))


def test_gives_exact_counts_of_each_points_last_decimal() -> None:
    told = telegram("0C 06 78 56 34 12 0C 14 34 12 00 00 04 2C 0F 00 00 00 02 59 0F 0B")
    expected = {
        "heat_meter.heat_kwh": 12345678,
        "heat_meter.volume_m3": 1234,
        # 0.15 kW: an instant may be rounded (half to even), a register never.
        "heat_meter.heat_kw": 2,
        "heat_meter.supply_c": 2831,
    }
    assert expected == read_heat_meter(told, POINTS)


def test_a_value_that_the_meter_marks_has_no_count() -> None:
    told = telegram("0C 06 BD EB DD DD")
    assert read_heat_meter(told, POINTS) == {"heat_meter.heat_kwh": None}


def test_a_register_finer_than_its_point_has_no_count() -> None:
    assert read_heat_meter(telegram("0C 05 01 00 00 00"), POINTS) == {"heat_meter.heat_kwh": None}
    assert read_heat_meter(telegram("0C 05 10 00 00 00"), POINTS) == {"heat_meter.heat_kwh": 1}


def test_energy_in_another_unit_or_at_another_place_is_missing() -> None:
    assert read_heat_meter(telegram("0C FB 08 10 00 00 00"), POINTS) == {}
    assert read_heat_meter(telegram("4C 06 10 00 00 00 8C 10 06 20 00 00 00"), POINTS) == {}
