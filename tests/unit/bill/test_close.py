from dataclasses import replace
from datetime import date, timedelta

import pytest
from october import (
    HEAT,
    HEAT_KW_MAX,
    OCTOBER,
    POINTS,
    QUARTER,
    close_october,
    example_contract,
    lived_month,
    local,
    october_invoice,
    perfect_month,
)

from exotherm.bill.close import Closed, close_month
from exotherm.contract.terms import Contract
from exotherm.core.period import Period


def codes(closed: Closed) -> list[str]:
    return [finding.code for finding in closed.findings]


def close_with(
    contract: Contract, *, period: Period = OCTOBER, issued_on: date = date(2026, 11, 2)
) -> Closed:
    return close_month(
        contract,
        points=POINTS,
        samples=perfect_month(),
        period=period,
        number="1",
        issued_on=issued_on,
        heat_kw_max=HEAT_KW_MAX,
    )


def test_a_perfect_month_closes_without_a_finding() -> None:
    closed = close_october(perfect_month())
    assert closed.findings == ()
    assert closed.invoice is not None


def test_a_warning_does_not_keep_a_month_from_closing() -> None:
    closed = close_october(lived_month())
    assert codes(closed) == ["meter.gap-bridged"]
    assert closed.invoice is not None


def test_a_missing_opening_reading_keeps_it() -> None:
    samples = [one for one in perfect_month() if one.source_at > OCTOBER.start]
    closed = close_october(samples)
    assert codes(closed) == ["meter.reading-missing-at-edge"]
    assert closed.invoice is None


def test_a_register_that_went_backwards_keeps_it() -> None:
    samples = [
        replace(one, count=one.count - 9_000) if one.point == HEAT and one.source_at > at else one
        for at in [local(20)]
        for one in perfect_month()
    ]
    closed = close_october(samples)
    assert "meter.register-went-backwards" in codes(closed)
    assert closed.invoice is None


def test_readings_in_any_order_and_twice_make_the_same_invoice() -> None:
    samples = lived_month()
    shuffled = [*samples, *samples[100:400]]
    shuffled.sort(key=lambda one: (one.count % 7, one.point, one.source_at))
    assert october_invoice(samples) == october_invoice(shuffled)


def test_readings_outside_the_period_change_nothing() -> None:
    samples = perfect_month()
    late = [replace(one, source_at=one.source_at + timedelta(days=40)) for one in samples[:500]]
    assert october_invoice(samples) == october_invoice([*late, *samples])


def test_a_period_outside_the_term_is_not_billed() -> None:
    contract = example_contract(lambda text: text.replace("2026-01-01", "2026-10-05"))
    closed = close_with(contract)
    assert codes(closed) == ["bill.period-outside-term"]
    assert "1 Oct 2026 to 31 Oct 2026" in closed.findings[0].message
    assert closed.invoice is None
    assert closed.metered is not None


def test_the_part_of_a_month_within_the_term_is_billed_by_hours() -> None:
    contract = example_contract(lambda text: text.replace("2026-01-01", "2026-10-05"))
    closed = close_with(contract, period=Period(local(5), OCTOBER.end))
    assert closed.invoice is not None
    # 27 days and one hour of 31 days and one hour
    assert f"{649 / 745:.6f}" == str(closed.invoice.lines[0].quantity)


@pytest.mark.parametrize(
    ("issued_on", "expected"),
    [(date(2026, 10, 31), ["bill.period-not-over"]), (date(2026, 11, 1), [])],
)
def test_a_month_closes_when_it_is_over(issued_on: date, expected: list[str]) -> None:
    assert expected == codes(close_with(example_contract(), issued_on=issued_on))


@pytest.mark.parametrize(
    ("until", "expected"), [("2026-10-30", ["meter.verification-expired"]), ("2026-10-31", [])]
)
def test_a_meter_is_billed_while_its_verification_is_valid(until: str, expected: list[str]) -> None:
    contract = example_contract(lambda text: text.replace("2032-12-31", until))
    assert expected == codes(close_with(contract))


@pytest.mark.parametrize(
    ("category", "vat_frac", "expected"),
    [
        ("S", "0.055", []),
        ("S", "0.0", ["contract.vat-differs"]),
        ("E", "0.0", []),
        ("E", "0.22", ["contract.vat-differs"]),
        ("Z", "0.0", []),
    ],
)
def test_vat_of_a_category_has_a_rate_that_goes_with_it(
    category: str, vat_frac: str, expected: list[str]
) -> None:
    contract = example_contract(
        lambda text: text.replace('category    = "S"', f'category = "{category}"').replace(
            "vat_frac    = 0.22", f"vat_frac = {vat_frac}"
        )
    )
    assert expected == codes(close_with(contract))


def test_all_that_stands_against_an_invoice_is_told_at_once() -> None:
    contract = example_contract(
        lambda text: text.replace("2032-12-31", "2026-01-31").replace("0.22", "0.0")
    )
    samples = [one for one in perfect_month() if one.source_at < OCTOBER.end - 5 * QUARTER]
    closed = close_month(
        contract,
        points=POINTS,
        samples=samples,
        period=OCTOBER,
        number="1",
        issued_on=date(2026, 10, 1),
        heat_kw_max=HEAT_KW_MAX,
    )
    assert codes(closed) == [
        "bill.period-not-over",
        "meter.verification-expired",
        "contract.vat-differs",
        "meter.reading-missing-at-edge",
    ]
