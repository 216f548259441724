import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from october import (
    HEAT,
    OCTOBER,
    OPENING_COUNT,
    example_contract,
    lived_month,
    october_invoice,
    perfect_month,
    sample,
)

PRICE = "price_per_kwh = 0.0750"
FEE = "price_per_month = 120.00"


def test_every_line_has_its_clause_in_the_order_of_the_contract() -> None:
    invoice = october_invoice(lived_month())
    assert [line.clause for line in invoice.lines] == ["TAR-1", "TAR-2", "HEAT-2", "CRD-1"]


def test_lines_that_bill_heat_carry_the_registers_and_sum_to_their_difference() -> None:
    invoice = october_invoice(lived_month())
    metered = [line for line in invoice.lines if line.registers]
    assert [line.clause for line in metered] == ["TAR-2", "HEAT-2"]
    for line in metered:
        assert line.registers is not None
        assert line.registers.opening_count == OPENING_COUNT
        way = line.registers.closing_count - line.registers.opening_count
        assert Decimal(way) == sum(one.quantity for one in metered)


def test_a_rolled_over_register_is_billed_over_the_top() -> None:
    samples = [
        replace(one, count=one.count % 10**8) if one.point == HEAT else one
        for one in perfect_month(first=99_995_000)
    ]
    invoice = october_invoice(samples)
    assert invoice.metering.rolled_over
    assert Decimal(8940) == invoice.lines[1].quantity
    assert invoice.metering.registers.closing_count == 99_995_000 + 8940 - 10**8


def test_due_days_are_counted_from_the_day_of_issue() -> None:
    invoice = october_invoice(perfect_month())
    assert invoice.issued_on.isoformat() == "2026-11-02"
    assert invoice.due_on.isoformat() == "2026-12-02"


def test_an_invoice_whose_sums_differ_cannot_be_made() -> None:
    invoice = october_invoice(lived_month())
    cent = Decimal("0.01")
    line = invoice.lines[1]
    for wrong in (
        {"net_amount": invoice.net_amount + cent},
        {"total_amount": invoice.total_amount + cent},
        {"vat_amount": invoice.vat_amount - cent},
        {"lines": (replace(line, amount=line.amount + cent),)},
        {"metering": replace(invoice.metering, rolled_over=True)},
    ):
        changed: dict[str, Any] = wrong
        with pytest.raises(AssertionError):
            replace(invoice, **changed)


def test_json_has_the_agreed_layout() -> None:
    plain = october_invoice(lived_month()).to_json()
    agreed = {"number", "period_start", "period_end", "issued_on", "due_on", "currency", "lines"}
    agreed |= {"net_amount", "vat_frac", "vat_amount", "total_amount", "rounding_rule"}
    assert agreed <= set(plain)
    assert (plain["period_start"], plain["period_end"]) == ("2026-10-01", "2026-11-01")
    lines = plain["lines"]
    assert isinstance(lines, list)
    for line in lines:
        assert list(line) == [
            "clause",
            "description",
            "quantity",
            "unit",
            "price",
            "amount",
            "registers",
        ]
    assert lines[1]["registers"] == {
        "point": HEAT,
        "opening_count": OPENING_COUNT,
        "closing_count": 20_326,
        "decimals": 0,
        "digits": 8,
    }
    assert json.loads(json.dumps(plain)) == plain


def test_numbers_in_json_are_written_plainly() -> None:
    plain = october_invoice(lived_month()).to_json()
    lines = plain["lines"]
    assert isinstance(lines, list)
    numbers = [plain["net_amount"], plain["vat_frac"], plain["vat_amount"], plain["total_amount"]]
    numbers += [line[name] for line in lines for name in ("quantity", "price", "amount")]
    for text in numbers:
        assert isinstance(text, str)
        assert re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", text), text


def cents(value: str, places: int) -> int:
    """Write a decimal as a whole number of its last place."""
    whole, _, rest = value.partition(".")
    return int(whole + rest.ljust(places, "0"))


@settings(max_examples=30, deadline=None)
@given(
    heat=st.integers(0, 20_000),
    price=st.integers(0, 999_999),
    fee=st.integers(0, 500_000),
    vat=st.integers(1, 300),
)
def test_the_total_in_whole_cents(heat: int, price: int, fee: int, vat: int) -> None:
    """Reckon the invoice a second time in integers: thousands of a cent, half up."""

    def edit(text: str) -> str:
        text = text.replace(PRICE, f"price_per_kwh = {price / 1e6:.6f}")
        text = text.replace(FEE, f"price_per_month = {fee / 100:.2f}")
        text = text.replace("gap_h_max = 48.0", "gap_h_max = 1000.0")
        text = text.replace("days_max = 31", "days_max = 366")
        text = text.replace('= "failed"', '= "left out"')
        return text.replace("vat_frac    = 0.22", f"vat_frac = {vat / 1000:.3f}")

    edges = [
        sample(HEAT, OCTOBER.start, OPENING_COUNT),
        sample(HEAT, OCTOBER.end, OPENING_COUNT + heat),
    ]
    invoice = october_invoice(edges, example_contract(edit))

    heat_cents = (heat * price + 5_000) // 10_000
    net = fee + heat_cents
    tax = (net * vat + 500) // 1000
    plain = invoice.to_json()
    assert net == cents(str(plain["net_amount"]), 2)
    assert tax == cents(str(plain["vat_amount"]), 2)
    assert net + tax == cents(str(plain["total_amount"]), 2)
