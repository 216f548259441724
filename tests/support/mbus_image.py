"""What a heat meter shows, for tests that need any meter."""

from datetime import datetime
from decimal import Decimal

from exotherm.devices.mbus.slave import MeterImage

IMAGE = MeterImage(
    identification="10203040",
    heat_kwh=5,
    volume_m3=Decimal(7),
    heat_kw=Decimal(1),
    flow_m3h=Decimal(0),
    supply_c=Decimal(50),
    return_c=Decimal(40),
    clock=datetime.fromisoformat("2026-10-01T00:15"),
)
