"""One truth: register, invoice, evidence and forecast are the same digits, each read by itself."""

import json
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from decimal import ROUND_HALF_UP, Decimal

import pytest

from exotherm.contract.rate import rate
from exotherm.plan.rating import rate_months
from exotherm.plan.year import simulate_year

CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
OCTOBER_UTC_S = (1790805600, 1793487600)  # 2026-09-30T22:00Z and 2026-10-31T23:00Z


@pytest.fixture(scope="module")
def register_kwh(demo):
    """The difference of the billed register, straight from the database."""
    with sqlite3.connect(demo / "exotherm.db") as database:
        counts = [
            database.execute(
                "SELECT count FROM sample JOIN point ON point.id = sample.point_id"
                " WHERE point.name = 'heat_meter.heat_kwh' AND source_at = ?",
                (edge,),
            ).fetchone()[0]
            for edge in OCTOBER_UTC_S
        ]
    return counts[1] - counts[0]


@pytest.fixture(scope="module")
def evidence(demo):
    (path,) = (demo / "evidence").glob("*.zip")
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


@pytest.fixture(scope="module")
def ubl(demo):
    (path,) = (demo / "invoices").glob("*.xml")
    return ET.parse(path).getroot()  # noqa: S314 - our own file


def test_invoice_and_register(ubl, register_kwh):
    quantities = [
        Decimal(one.text)
        for one in ubl.iter(f"{CBC}InvoicedQuantity")
        if one.get("unitCode") == "KWH"
    ]
    assert sum(quantities) == register_kwh


def test_evidence_and_register(evidence, register_kwh):
    claim = json.loads(evidence["claim.json"])
    assert Decimal(claim["energy"]["delivered_kwh"]) == register_kwh
    lines = [line.split(",") for line in evidence["readings/heat_meter.csv"].decode().splitlines()]
    counts = {int(line[3]): int(line[4]) for line in lines if line[1] == "heat_meter.heat_kwh"}
    assert counts[OCTOBER_UTC_S[1]] - counts[OCTOBER_UTC_S[0]] == register_kwh


def test_forecast_and_register(pool_site, pool_contract, pool_surroundings, register_kwh):
    """The plan's own October is the twin's, to the kilowatt-hour."""
    year = simulate_year(pool_site, pool_surroundings)
    october = rate_months(pool_contract, year)[9]
    assert october.consumption.heat_kwh == register_kwh


def test_forecast_and_invoice_to_the_cent(ubl, pool_site, pool_contract, pool_surroundings):
    """What the plan rates with ``rate()`` is what the invoice asks for."""
    year = simulate_year(pool_site, pool_surroundings)
    october = rate_months(pool_contract, year)[9]
    assert october.rated == rate(pool_contract, october.consumption)
    net = next(ubl.iter(f"{CBC}TaxExclusiveAmount")).text
    assert Decimal(net) == october.rated.net_amount


def test_the_amount_by_hand(ubl, register_kwh):
    """A second computation: fee and heat in tenths of a mill, rounded once each, then VAT."""
    heat = (Decimal(register_kwh * 680) / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    net = Decimal(120) + heat
    vat = (net * 22 / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(next(ubl.iter(f"{CBC}PayableAmount")).text) == net + vat


def test_the_month_has_every_reading(demo):
    """745 hours have 2,981 edges of quarter-hours, and each of the 12 points has them all.

    Six are registers, a row for each reading; six are values of the moment, 21 bytes for each.
    """
    with sqlite3.connect(demo / "exotherm.db") as database:
        counts = database.execute(
            "SELECT count(*), count(DISTINCT source_at) FROM sample GROUP BY point_id"
        ).fetchall()
        moments = database.execute("SELECT count(*), sum(length(samples)) FROM hot").fetchall()
    assert counts == [(2981, 2981)] * 6
    assert moments == [(2981, 2981 * 6 * 21)]
