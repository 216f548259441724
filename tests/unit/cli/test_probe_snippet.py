"""The lines for site.toml that a probe hands over: pasted as they are, nothing is against them."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from exotherm.cli.probe_shown import snippet
from exotherm.core.samples import Quality
from exotherm.devices.abilities import Identity, Value
from exotherm.devices.line import Address
from exotherm.devices.profile import points_of_profile, profile_names
from exotherm.devices.reading import load_device_profile
from exotherm.site.meters import Meter
from exotherm.usecases.probing import Fit, Probed

NOW = datetime(2026, 10, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", profile_names())
def test_what_a_probe_proposes_is_what_its_kind_of_meter_can_count(name: str) -> None:
    profile = load_device_profile(name)
    points = points_of_profile(profile)
    values = tuple(
        Value(
            quantity=point.name,
            number=Decimal(1),
            source_at=None,
            received_at=NOW,
            quality=Quality.GOOD,
        )
        for point in points
    )
    probed = Probed(
        protocol=profile.protocol,
        address=Address(host="192.168.1.20", port=502),
        identity=Identity(serial="1"),
        fits=(Fit(profile=name, title="", plausible=len(values), described=len(values)),),
        values=values,
    )
    (entry,) = tomllib.loads(snippet(probed))["meters"]
    meter = Meter.model_validate(entry).telling(points, profile=name)
    heat = any(point.name in ("heat_kwh", "heat_kw") for point in points)
    electricity = any(point.name == "power_kw" for point in points)
    assert heat or electricity
    assert meter.measures == ("heat" if heat else "it")
    assert meter.measures in meter.countable
