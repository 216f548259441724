from datetime import UTC, datetime
from decimal import Decimal

import pytest

from exotherm.core.samples import Quality
from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.slave import MeterImage, build_telegram
from exotherm.devices.mbus.telegram import read_telegram
from exotherm.operate.telegram import samples_of
from exotherm.site.document import points_of
from exotherm.usecases.asking import (
    MeterLines,
    UnableToReadProfile,
    answer_of_registers,
    answer_of_telegram,
)

AT = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
IMAGE = MeterImage(
    identification="61440112",
    heat_kwh=123265,
    volume_m3=Decimal("13189.45"),
    heat_kw=Decimal("16.4"),
    flow_m3h=Decimal("1.808"),
    supply_c=Decimal("37.64"),
    return_c=Decimal("29.79"),
    clock=datetime(2026, 10, 25, 1, 15),  # noqa: DTZ001 - a meter's clock has no zone
    access_number=7,
)


@pytest.fixture
def meter(pool_site):
    return pool_site.meters[0]


@pytest.fixture
def points(pool_site):
    return {
        name: point for name, point in points_of(pool_site).items() if point.meter == "heat_meter"
    }


def telegram(*, old=b"", new=b"", at=None):
    """Give the meter's telegram with some bytes of its body replaced, checksum made right."""
    frame = bytearray(build_telegram(IMAGE))
    if old:
        start = frame.index(old) if at is None else at
        assert frame[start : start + len(old)] == old
        frame[start : start + len(old)] = new
    frame[-2] = sum(frame[4:-2]) & 0xFF
    return read_telegram(bytes(frame))


def answer(meter, **changed):
    return answer_of_telegram(telegram(**changed), meter, received_at=AT)


def test_a_telegram_is_an_answer_with_the_meters_own_time_in_utc(meter, points):
    told = answer(meter)
    assert (told.serial, told.access_number, told.status) == ("61440112", 7, ())
    assert told.source_at == AT
    samples, findings = samples_of(told, points)
    assert findings == ()
    assert {sample.point.partition(".")[2]: sample.count for sample in samples} == {
        "heat_kwh": 123265,
        "volume_m3": 1318945,
        "heat_kw": 164,
        "flow_m3h": 1808,
        "supply_c": 3764,
        "return_c": 2979,
    }


def test_a_meter_that_counts_joules_now_is_not_billed_in_kilowatt_hours(meter, points):
    samples, (found,) = samples_of(answer(meter, old=b"\x0c\x06", new=b"\x0c\x0e"), points)
    assert (found.code, found.where.path) == ("meter.unit-changed", "heat_meter.heat_kwh")
    (heat,) = [one for one in samples if one.point == "heat_meter.heat_kwh"]
    assert heat.quality is Quality.INVALID


def test_digits_that_are_none_give_no_sample(meter, points):
    heat = b"\x0c\x06\x65\x32\x12\x00"
    samples, (found,) = samples_of(answer(meter, old=heat, new=b"\x0c\x06\x65\x32\x12\xdd"), points)
    assert (found.code, found.where.path) == ("meter.value-invalid", "heat_meter.heat_kwh")
    assert len(samples) == 5


def test_a_value_during_an_error_gives_no_sample(meter, points):
    samples, (found,) = samples_of(answer(meter, old=b"\x0c\x06", new=b"\x3c\x06"), points)
    assert (found.code, found.where.path) == ("meter.value-invalid", "heat_meter.heat_kwh")
    assert len(samples) == 5


def test_a_stored_value_is_not_taken_for_the_present_one(meter, points):
    _, (found,) = samples_of(answer(meter, old=b"\x0c\x06", new=b"\x4c\x06"), points)
    assert (found.code, found.where.path) == ("meter.value-missing", "heat_meter.heat_kwh")


def test_a_clock_that_the_meter_marks_as_invalid_is_none(meter):
    at = bytes(build_telegram(IMAGE)).index(b"\x04\x6d")
    assert answer(meter, old=b"\x04\x6d\x0f", new=b"\x04\x6d\x8f", at=at).source_at is None


@pytest.mark.parametrize(("status", "in_error"), [(0x04, False), (0x08, True), (0x02, True)])
def test_the_status_byte_says_whether_values_are_in_doubt(meter, status, in_error):
    # Behind the frame's head of 7 bytes: number, manufacturer, version, medium, access number.
    told = answer(meter, old=b"\x00", new=bytes((status,)), at=7 + 9)
    assert told.in_error is in_error
    assert len(told.status) == 1


def test_an_encrypted_telegram_cannot_be_read(meter):
    with pytest.raises(UnreadableTelegram, match="encrypted") as error:
        answer(meter, old=b"\x00\x00", new=b"\x20\x05", at=7 + 10)
    assert not error.value.retryable


def test_registers_are_an_answer(pool_site):
    from exotherm.devices.modbus.codec import ModbusReading
    from exotherm.devices.modbus.profile import load_profile

    rack, profile = pool_site.meters[1], load_profile("plantroom")
    counts: dict[str, int | None] = {register.quantity: 7 for register in profile.registers}
    counts["it_kwh"] = None
    reading = ModbusReading(counts=counts, source_at=AT)
    told = answer_of_registers(reading, profile, rack, received_at=AT)
    points = {name: point for name, point in points_of(pool_site).items() if point.meter == "rack"}
    samples, (found,) = samples_of(told, points)
    assert (found.code, found.where.path) == ("meter.value-invalid", "rack.it_kwh")
    assert {sample.count for sample in samples} == {7}
    assert len(samples) == 5


async def _ask(site, meter):
    async with MeterLines(site) as lines:
        await lines.ask(meter, now=lambda: AT)


def test_a_profile_that_a_protocol_does_not_read_is_named(pool_site):
    import asyncio

    wrong = pool_site.meters[0].model_copy(update={"profile": "plantroom"})
    with pytest.raises(UnableToReadProfile, match="plantroom") as error:
        asyncio.run(_ask(pool_site, wrong))
    assert not error.value.retryable
