from dataclasses import replace
from datetime import date

import pytest
from october import HEAT, example_contract, lived_month, october_invoice, perfect_month

from exotherm.bill.explain import (
    explain_invoice,
    explain_kept,
    explain_line,
    explain_meter_error,
    explain_metering,
    spell_days,
)
from exotherm.core.units import MINUS, NO_BREAK_SPACE, THIN_SPACE


def plainly(words: str) -> str:
    for space in (NO_BREAK_SPACE, THIN_SPACE):
        words = words.replace(space, " ")
    return words.replace(MINUS, "-")


def test_each_line_says_where_its_quantity_is_from_and_how_it_is_reckoned() -> None:
    invoice = october_invoice(lived_month())
    standing, heat, cool, credit = (plainly(explain_line(invoice, one)) for one in invoice.lines)
    assert standing == "TAR-1: Standing ready in October 2026: 1 month × 120.00 EUR = 120.00 EUR."
    assert heat == (
        "TAR-2: Register 00012345 → 00020326: 7 981 kWh, 18 kWh of it below spec: "
        "7 963 kWh × 0.0750 EUR = 597.23 EUR."
    )
    assert cool == (
        "HEAT-2: Counted in 6 quarter-hours cooler than promised: 18 kWh × 0.03750 EUR = 0.68 EUR."
    )
    assert credit == (
        "CRD-1: 25 % of the standing fee comes back: 2 857 of the 2 948 quarter-hours that count "
        "were delivered in full: -0.25 standing fee × 120.00 EUR = -30.00 EUR."
    )


def test_the_whole_invoice_is_explained() -> None:
    sentences = [plainly(one) for one in explain_invoice(october_invoice(lived_month()))]
    assert len(sentences) == 4 + 4
    assert sentences[4] == (
        "QOS-5: 2 980 quarter-hours: 2 857 delivered, 6 cooler than promised, "
        "80 without heat that was called for, 32 in planned maintenance or otherwise excused, "
        "5 not measured; 2 857 of the 2 948 that count are 96.91 %; promised are 97.00 %."
    )
    assert "VAT of 22.0 % on it, rounded once (half-up), is 151.34 EUR" in sentences[5]
    assert "together 839.25 EUR" in sentences[5]


def test_gaps_and_a_roll_over_are_told() -> None:
    words = explain_metering(october_invoice(lived_month()))
    assert "missing once; the register ran on" in words
    rolled = [
        replace(one, count=one.count % 10**8) if one.point == HEAT else one
        for one in perfect_month(first=99_999_999)
    ]
    words = explain_metering(october_invoice(rolled))
    assert "began again at nought" in words
    assert "missing" not in words


def test_the_meters_error_is_told_in_money() -> None:
    words = plainly(explain_meter_error(october_invoice(perfect_month())))
    # 4.267 % of 670.50 EUR
    assert "±4.3 % at this month's flow and temperatures, which is ±28.61 EUR net" in words


def test_without_flow_and_temperature_the_meters_error_is_not_guessed() -> None:
    heat_only = [one for one in perfect_month() if one.point == HEAT]
    invoice = october_invoice(heat_only)
    assert explain_meter_error(invoice) == ""
    assert all("MET-1" not in sentence for sentence in explain_invoice(invoice))


def test_where_nothing_counts_no_share_is_told() -> None:
    contract = example_contract(
        lambda text: (
            text.replace('= "failed"', '= "left out"')
            .replace("48.0", "1000.0")
            .replace("days_max = 31", "days_max = 366")
        )
    )
    samples = [one for one in perfect_month() if one.point == HEAT]
    invoice = october_invoice([samples[0], samples[-1]], contract)
    assert invoice.available_frac is None
    assert explain_kept(invoice) == "none of them counts"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
        (date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
        (date(2026, 2, 1), date(2026, 2, 27), "1 February 2026 to 27 February 2026"),
        (date(2026, 10, 5), date(2026, 10, 31), "5 October 2026 to 31 October 2026"),
        (date(2026, 9, 1), date(2026, 10, 31), "1 September 2026 to 31 October 2026"),
    ],
)
def test_days_are_spelled(first: date, last: date, words: str) -> None:
    assert words == plainly(spell_days(first, last))
