"""A heat meter behind a serial port in site.toml: read, judged and kept like any other."""

import asyncio
from datetime import UTC, datetime

import pytest
from mbus_image import IMAGE
from pydantic import ValidationError
from serial_port import behind_a_port

from exotherm.core.samples import Quality
from exotherm.site.document import points_of
from exotherm.site.meters import Meter
from exotherm.store.sqlite import open_store
from exotherm.usecases.polling import poll_once

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


def serial_meter(path: str, **other: object) -> Meter:
    return Meter.model_validate(
        {
            "name": "heat_meter",
            "protocol": "mbus-serial",
            "host": path,
            "address": 9,
            "profile": "heat-meter",
            "serial": IMAGE.identification,
            "utc_offset_h": 1.0,
            **other,
        }
    )


def test_a_meter_behind_a_serial_port_is_read_and_kept(pool_site, tmp_path):
    async def read(path: str) -> None:
        site = pool_site.model_copy(update={"meters": (serial_meter(path),)})
        with open_store(tmp_path / "exotherm.db") as store:
            report = await poll_once(site, store, now=lambda: NOW)
            (meter,) = report.meters
            assert meter.answer is not None
            assert meter.answer.serial == IMAGE.identification
            told = {one.point for one in report.samples}
            assert told == set(points_of(site))
            newest = store.last_samples(Quality.GOOD) or store.last_samples(Quality.SUSPECT)
            assert "heat_meter.heat_kwh" in newest

    behind_a_port(read)


def test_a_port_that_is_not_there_is_a_finding(pool_site, tmp_path):
    site = pool_site.model_copy(update={"meters": (serial_meter(str(tmp_path / "ttyUSB7")),)})
    with open_store(tmp_path / "exotherm.db") as store:
        report = asyncio.run(poll_once(site, store, now=lambda: NOW))
    (found,) = report.findings
    assert found.code == "meter.no-answer"
    assert "ttyUSB7 cannot be used: No such file" in found.message


def test_the_line_of_m_bus_is_its_own():
    assert serial_meter("/dev/ttyUSB0").line == "2400 8E1"
    assert serial_meter("/dev/ttyUSB0", line="9600 8E1").line == "9600 8E1"
    for wrong in ({"line": "2400 8N1"}, {"serial": "A-1"}, {"address": 251}):
        with pytest.raises(ValidationError):
            serial_meter("/dev/ttyUSB0", **wrong)
