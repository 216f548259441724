"""A small but real site: two meters, one day in winter, and everything a pack is built from."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from exotherm.core.period import Period
from exotherm.core.samples import Point, Quality, Sample
from exotherm.prove import merkle
from exotherm.prove.carbon import CarbonInputs, Factor
from exotherm.prove.checkpoint import SigningKey, key_from_private, sign_note
from exotherm.prove.measured import RegisterUse, Role
from exotherm.prove.meters import MeterRecord
from exotherm.prove.pack import Pack, build_pack

START = datetime(2026, 1, 14, 23, tzinfo=UTC)
DAY = Period(START, START + timedelta(days=1))
QUARTER = timedelta(minutes=15)
KEY = key_from_private("exotherm/baths", bytes(range(32)))
OTHER_KEY = key_from_private("exotherm/baths", bytes(range(1, 33)))
SALT_KEY = b"salt of the tests"


def point(name: str, decimals: int, digits: int = 9, unit: str = "kwh") -> Point:
    kind: Any = "register" if unit == "kwh" else "instant"
    return Point(name=name, kind=kind, unit=unit, decimals=decimals, digits=digits)


HEAT = point("heat_meter.heat_kwh", 0, 8)
SITE = point("rack.site_kwh", 1)
IT = point("rack.it_kwh", 1)
AUXILIARY = point("rack.auxiliary_kwh", 1)
FUEL = point("rack.fuel_kwh", 0)
SUPPLY = point("heat_meter.supply_c", 2, unit="c")
POINTS = (HEAT, SUPPLY, SITE, IT, AUXILIARY, FUEL)
# First count, and counts per quarter of an hour.
COURSES = {
    HEAT.name: (99_999_000, 22),  # rolls over during the day
    SUPPLY.name: (5_500, 3),
    SITE.name: (7_000_000, 300),
    IT.name: (6_000_000, 250),
    AUXILIARY.name: (40_000, 5),
    FUEL.name: (1_200, 2),
}
REGISTERS = {
    Role.DELIVERED: RegisterUse(point=HEAT.name, kw_max=Decimal(120), source="exchanger"),
    Role.SITE: RegisterUse(point=SITE.name, kw_max=Decimal(160), source="main fuse"),
    Role.IT: RegisterUse(point=IT.name, kw_max=Decimal(140), source="UPS plate"),
    Role.AUXILIARY: RegisterUse(point=AUXILIARY.name, kw_max=Decimal(3), source="pump plate"),
    Role.FUEL: RegisterUse(point=FUEL.name, kw_max=Decimal(60), source="burner plate"),
}


def factor(value: str, uncertainty: str = "0") -> Factor:
    return Factor(
        value=Decimal(value),
        source="a published table",
        vintage="2024",
        uncertainty_frac=Decimal(uncertainty),
    )


INPUTS = CarbonInputs(
    boiler_frac=factor("0.88", "0.03"),
    fuel_gco2e_per_kwh=factor("182.3", "0.01"),
    grid_gco2e_per_kwh=factor("363", "0.05"),
    grid_upstream_gco2e_per_kwh=factor("55.5"),
    baseline_demand_kwh=factor("2500"),
    induced_frac=factor("0"),
    heat_meter_mpe_frac=factor("0.04"),
    electricity_meter_mpe_frac=factor("0.01"),
)
METERS = (
    MeterRecord(
        name="heat_meter",
        serial="12345678",
        measures="heat delivered",
        position="delivery exchanger, supplier's side",
        accuracy_class="2",
        delta_k_min=Decimal(3),
        valid_until=date(2030, 12, 31),
    ),
    MeterRecord(
        name="rack",
        serial="4711",
        measures="electricity and fuel",
        position="plant room",
        accuracy_class="MID B",
    ),
)


def samples_of(name: str, instants: list[datetime]) -> tuple[Sample, ...]:
    """Give a reading at each instant, on the straight course of the point."""
    first, step = COURSES[name]
    modulus = 10**8 if name == HEAT.name else 10**9
    return tuple(
        Sample(
            point=name,
            source_at=at,
            received_at=at + timedelta(seconds=2),
            count=(first + step * ((at - START) // QUARTER)) % modulus,
            quality=Quality.GOOD,
        )
        for at in instants
    )


def day_of_samples() -> dict[str, tuple[Sample, ...]]:
    instants = [START + QUARTER * number for number in range(97)]
    return {one.name: samples_of(one.name, instants) for one in POINTS}


def invoice_of() -> dict[str, object]:
    """Bill the day's heat, 2112 kWh, in two lines, and a fee; amounts by hand."""
    registers = {
        "point": HEAT.name,
        "opening_count": 99_999_000,
        "closing_count": 1_112,
        "decimals": 0,
        "digits": 8,
    }
    line = {"description": "Heat", "unit": "kWh", "registers": registers, "clause": "PRC-1"}
    fee = {"description": "Service fee", "unit": "month", "registers": None, "clause": "FEE-1"}
    return {
        "number": "2026-001",
        "period_start": "2026-01-15",
        "period_end": "2026-01-15",
        "issued_on": "2026-01-16",
        "due_on": "2026-02-16",
        "currency": "EUR",
        "lines": [
            {**line, "quantity": "1112", "price": "0.0755", "amount": "83.96"},  # 83.956
            {**line, "quantity": "1000", "price": "0.0605", "amount": "60.50"},
            {**fee, "quantity": "1", "price": "150", "amount": "150.00"},
        ],
        "net_amount": "294.46",
        "vat_frac": "0.19",
        "vat_amount": "55.95",  # 55.9474
        "total_amount": "350.41",
        "rounding_rule": "half-up",
    }


def build(**changes: Any) -> Pack:
    """Build the pack of the day, with changes."""
    given: dict[str, Any] = {
        "site_name": "Hallenbad Süd",
        "site_slug": "baths",
        "period": DAY,
        "points": POINTS,
        "samples": day_of_samples(),
        "registers": REGISTERS,
        "inputs": INPUTS,
        "meters": METERS,
        "invoice": invoice_of(),
        "signing_key": KEY,
        "salt_key": SALT_KEY,
    }
    return build_pack(**{**given, **changes})


def sign_again(
    files: Mapping[str, bytes], key: SigningKey = KEY, *, leaves: bytes | None = None
) -> dict[str, bytes]:
    """Make manifest and checkpoint fit changed files, as only the holder of a key can."""
    kept = {k: v for k, v in files.items() if k not in ("manifest-sha256.txt", "log/checkpoint")}
    if leaves is not None:
        kept["log/leaves.csv"] = leaves
    rows = [f"{hashlib.sha256(kept[name]).hexdigest()}  {name}\n" for name in sorted(kept)]
    manifest = "".join(rows).encode()
    hashes = [row.split(",")[-1] for row in kept["log/leaves.csv"].decode().splitlines()[1:]]
    root = base64.b64encode(merkle.root_of([bytes.fromhex(leaf) for leaf in hashes])).decode()
    digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
    body = f"exotherm/baths\n{len(hashes)}\n{root}\nmanifest-sha256 {digest}\n"
    return {
        **kept,
        "manifest-sha256.txt": manifest,
        "log/checkpoint": sign_note(body, key).encode(),
    }


class Example:
    """The example site, for tests that cannot import from here."""

    day, start = DAY, START
    key, other_key = KEY, OTHER_KEY
    heat, site, auxiliary = HEAT, SITE, AUXILIARY
    points = POINTS
    registers = REGISTERS
    inputs = INPUTS
    build = staticmethod(build)
    sign_again = staticmethod(sign_again)
    samples = staticmethod(day_of_samples)
    invoice = staticmethod(invoice_of)
    factor = staticmethod(factor)

    @staticmethod
    def inputs_with(**changes: Any) -> CarbonInputs:
        return replace(INPUTS, **changes)


@pytest.fixture(scope="session")
def example() -> Example:
    return Example()


@pytest.fixture(scope="session")
def pack() -> Pack:
    return build()
