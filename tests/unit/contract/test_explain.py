import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from changing import changed

from exotherm.contract.explain import explain
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.credits import CreditBand
from exotherm.contract.wording import read_piece
from exotherm.core.documents import assumptions_of


def sentences_of(contract) -> dict[str, str]:
    return {sentence.table: sentence.text.replace("\u00a0", " ") for sentence in explain(contract)}


def test_there_is_one_sentence_for_every_clause_in_the_order_of_the_file(pool_contract):
    said = [
        (sentence.table, sentence.number, sentence.title) for sentence in explain(pool_contract)
    ]
    clauses = [one for one in clauses_of().items() if one[0] in pool_contract.clauses]
    assert said == [(table, clause.number, clause.title) for table, clause in clauses]


def test_the_promise_is_said_as_a_whole(pool_contract):
    assert sentences_of(pool_contract)["supply_temperature"].startswith(
        "From 1 Jan 2026 to 31 Dec 2040: supply at least 30.0 °C while heat is called for, "
        "in 97 % of quarter-hours."
    )


def test_every_number_of_the_document_is_said_and_read_back(pool_contract):
    """What is written parses back to the value of its field, and every number is written once."""
    said = {piece.path: piece for sentence in explain(pool_contract) for piece in sentence.pieces}
    numbers = {
        row.path: row.value
        for row in assumptions_of(pool_contract)
        if isinstance(row.value, int | float | Decimal | date) and not isinstance(row.value, bool)
    }
    # Intervals and multipliers that have one value only may stand in the words themselves.
    fixed = {"availability.interval_min", "registers.multiplier"}
    assert set(numbers) - fixed <= set(said)
    for path, value in numbers.items():
        if path in said:
            assert read_piece(said[path]) == value, path


def test_a_number_that_was_tampered_with_does_not_read_back(pool_contract):
    pieces = [piece for one in explain(pool_contract) for piece in one.pieces if piece.is_number]
    assert len(pieces) > 100
    for piece in pieces:
        digit = re.search(r"\d", piece.text)
        if digit is None:
            continue
        other = "7" if digit[0] != "7" else "3"
        text = piece.text[: digit.start()] + other + piece.text[digit.end() :]
        try:
            read = read_piece(replace(piece, text=text))
        except ValueError:
            continue
        assert read != piece.value, piece


@pytest.mark.parametrize(
    ("changes", "table", "text"),
    [
        ({"contract__version": 3}, "contract", "This is version 3 of contract EX-C1"),
        ({"capacity__heat_kw": 1200.25}, "capacity", "1\u202f200.25 kW of heat stand ready"),
        ({"availability__available_frac_min": 0.9725}, "supply_temperature", "in 97.25 % of"),
        ({"availability__available_frac_min": 1.0}, "availability", "at least 100 % of them"),
        ({"availability__not_measured_is": "left out"}, "availability", "measured is left out"),
        ({"availability__not_measured_is": "failed"}, "availability", "measured counts as failed"),
        (
            {"below_spec_heat__price_frac": 0.0},
            "below_spec_heat",
            "promised costs 0 % of the energy price",
        ),
        ({"below_spec_heat__price_frac": 0.333}, "below_spec_heat", "costs 33.3 % of the energy"),
        ({"rounding__rule": "half-even"}, "rounding", "Half a coin goes to the even coin"),
        ({"rounding__rule": "half-up"}, "rounding", "Half a coin goes away from nought"),
        ({"energy_price__price_per_kwh": Decimal("0.06805")}, "energy_price", "0.06805 EUR/kWh"),
        ({"energy_price__price_per_kwh": Decimal("0.07")}, "energy_price", "0.0700 EUR/kWh"),
        ({"standing_fee__price_per_month": Decimal("1E+3")}, "standing_fee", "1\u202f000.00 EUR/m"),
        ({"interruption_notice__lead_days": 1}, "interruption_notice", "announced 1 day before"),
        ({"maintenance__windows__0__weekday": 7}, "maintenance", "on Sundays from 04:00 to 06:00"),
        ({"payment__due_days": 14}, "payment", "due 14 days after"),
        ({"term__notice_months": 1}, "term", "with 1 month of notice"),
        ({"it_load__borne_by": "customer"}, "it_load", "is borne by the customer"),
        ({"registers__decimals": 2}, "registers", "8 digits of which 2 stand behind the point"),
        ({"heat_meter__verified_until": date(2032, 2, 29)}, "heat_meter", "until 29 Feb 2032"),
    ],
)
def test_a_sentence_follows_its_clause(pool_contract, changes, table, text):
    assert text in sentences_of(changed(pool_contract, **changes))[table]


def test_every_band_is_said(pool_contract):
    bands = (
        CreditBand(available_frac_below=0.97, credit_frac=0.25),
        CreditBand(available_frac_below=0.905, credit_frac=1.0),
    )
    text = sentences_of(changed(pool_contract, service_credit__bands=bands))["service_credit"]
    assert "Below 97 % availability 25 % are credited." in text
    assert "Below 90.5 % availability 100 % are credited." in text


@pytest.mark.parametrize("sentence_of", ["supplier", "customer"])
def test_both_parties_are_named(pool_contract, sentence_of):
    party = getattr(pool_contract.parties, sentence_of)
    text = sentences_of(pool_contract)["parties"]
    assert all(value in text for value in party.model_dump().values())
