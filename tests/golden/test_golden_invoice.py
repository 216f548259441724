"""A full October from readings to invoice, e-invoice and sentences, against files a person read.

To accept a change that is meant: WRITE_GOLDEN=1 pytest tests/golden/test_golden_invoice.py, then
read the difference in git before keeping it.
"""

import json
import os

from october import (
    COOL,
    GOLDEN,
    HEAT,
    MISSING,
    OCTOBER,
    OUTAGE,
    QUARTER,
    ROME,
    lived_month,
    october_invoice,
)

from exotherm.bill.explain import explain_invoice
from exotherm.render.ubl import render_ubl

INVOICE = october_invoice(lived_month(), evidence_key="exotherm.example+0a1b2c3d")


def expect(name: str, actual: bytes) -> None:
    path = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        path.write_bytes(actual)
    assert path.read_bytes() == actual


def test_the_invoice_is_as_it_was() -> None:
    expect("invoice.json", json.dumps(INVOICE.to_json(), indent=2, ensure_ascii=False).encode())


def test_the_e_invoice_is_as_it_was() -> None:
    expect("invoice.xml", render_ubl(INVOICE))


def test_the_explanation_is_as_it_was() -> None:
    expect("explained.txt", "".join(f"{one}\n" for one in explain_invoice(INVOICE)).encode())


def test_the_total_comes_out_a_second_time() -> None:
    """Reckon October again from the raw readings, in whole cents, by none of the project's code.

    Prices of contract.toml: 120.00 a month, 0.0750 per kWh, half of it below spec, a quarter of
    the fee back below 97 %, VAT 22 %.
    """
    readings = sorted((one.source_at, one.count) for one in lived_month() if one.point == HEAT)
    heat = readings[-1][1] - readings[0][1]
    counts = dict(readings)
    cool = sum(
        count - counts[at - QUARTER]
        for at, count in readings[1:]
        if COOL.start < at <= COOL.end and at - QUARTER in counts
    )
    starts = [OCTOBER.start + number * QUARTER for number in range(2980)]
    tuesdays = [
        at
        for at in starts
        if at.astimezone(ROME).weekday() == 1 and at.astimezone(ROME).hour in {4, 5}
    ]
    missed = [
        at
        for at in starts
        if (at in OUTAGE or at in COOL or at in MISSING) and at not in set(tuesdays)
    ]
    counted = len(starts) - len(tuesdays)
    kept_in_ten_thousandths = (counted - len(missed)) * 10_000 // counted
    credit = 3000 if kept_in_ten_thousandths < 9700 else 0

    net = 12_000
    net += ((heat - cool) * 750 + 50) // 100
    net += (cool * 375 + 50) // 100
    net -= credit
    vat = (net * 22 + 50) // 100

    written = json.loads((GOLDEN / "invoice.json").read_text(encoding="utf-8"))
    assert f"{net // 100}.{net % 100:02d}" == written["net_amount"]
    assert f"{vat // 100}.{vat % 100:02d}" == written["vat_amount"]
    assert f"{(net + vat) // 100}.{(net + vat) % 100:02d}" == written["total_amount"]
