import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from changing import changed

from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract, clauses_of
from exotherm.core.documents import Document
from exotherm.core.period import Period
from exotherm.core.register import RegisterFormat

TEXT = (Path(__file__).parents[3] / "examples" / "pool" / "contract.toml").read_text("utf-8")
CLAUSES = clauses_of()


def without_table(text: str, table: str) -> str:
    """Cut a clause out of a contract: its table and the tables in it."""
    kept, cutting = [], False
    for line in text.split("\n"):
        header = re.match(r"\[+([\w.]+)\]+", line)
        if header:
            cutting = header[1].split(".")[0] == table
        if not cutting:
            kept.append(line)
    return "\n".join(kept)


@pytest.mark.parametrize("table", CLAUSES)
def test_a_clause_that_is_cut_out_is_named(table):
    read = read_contract(without_table(TEXT, table))
    assert read.document is None
    assert [finding.code for finding in read.findings] == ["contract.clause-missing"]
    finding, clause = read.findings[0], CLAUSES[table]
    assert finding.message == f"Clause {clause.number} ({clause.title}) is missing: {clause.why}."
    assert f"`[{table}]`" in finding.remedy
    assert finding.where.path == table
    assert finding.where.line == without_table(TEXT, table).rstrip("\n").count("\n") + 1


def test_a_field_that_is_missing_in_a_clause_is_named_in_common_words():
    read = read_contract(TEXT.replace("heat_kw = 12.0", ""))
    assert [finding.code for finding in read.findings] == ["document.field-missing"]


def test_the_example_is_whole():
    assert read_contract(TEXT).findings == ()


def test_every_clause_has_a_number_of_its_own_that_the_example_shows():
    numbers = [clause.number for clause in CLAUSES.values()]
    assert sorted(set(numbers)) == sorted(numbers)
    for table, clause in CLAUSES.items():
        comment = rf"^\[{table}[\].].*# {clause.number} +{re.escape(clause.title)}$"
        assert re.search(comment, TEXT, re.MULTILINE), table


def test_a_contract_holds_clauses_only():
    class Odd(Contract):
        extra: Document

    with pytest.raises(AssertionError):
        clauses_of(Odd)


def test_the_last_day_belongs_to_the_term(pool_contract):
    assert pool_contract.term_period == Period(
        datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2040, 12, 31, 23, tzinfo=UTC)
    )


def test_the_contract_knows_its_clock_currency_and_register(pool_contract):
    assert pool_contract.zone.key == "Europe/Rome"
    assert pool_contract.currency == "EUR"
    assert pool_contract.registers.format == RegisterFormat(unit="kwh", digits=8, decimals=0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2040-12-31", "2026-01-01", "the term ends on or before the day it starts"),
        ("2040-12-31", "9999-12-31", "must be at most 2199-12-31"),
        ("2026-01-01", "0001-01-01", "must be at least 1990-01-01"),
        ("ends_at     = 6", "ends_at = 4", "the maintenance window ends at or before it starts"),
        ("Europe/Rome", "Rome", "a zone is named as in the IANA table"),
        ("IT60X", "it60x", "does not have the form that is wanted here"),
    ],
)
def test_a_value_that_cannot_be_is_refused(old, new, said):
    read = read_contract(TEXT.replace(old, new, 1))
    assert [finding.code for finding in read.findings] == ["document.wrong-value"]
    assert said in read.findings[0].message


def test_a_contract_comes_back_from_its_json(pool_contract):
    assert Contract.model_validate_json(pool_contract.model_dump_json()) == pool_contract
    term = changed(pool_contract, term__ends_on=date(2199, 12, 31))
    assert term.term_period.end.year == 2199
