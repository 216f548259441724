import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from changing import changed

from exotherm.contract.check import check_contract
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract, clauses_of
from exotherm.contract.terms.clause import Weight
from exotherm.core.documents import Document
from exotherm.core.findings import has_errors
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


@pytest.mark.parametrize("table", [name for name in CLAUSES if f"\n[{name}" in TEXT])
def test_a_clause_that_is_cut_out_is_named(table, pool_site, pool_points):
    """Whatever stands in the contract is needed, or a preset gives it in its place."""
    text, clause = without_table(TEXT, table), CLAUSES[table]
    read = read_contract(text)
    found = read.findings
    if read.document is not None:
        if table in read.document.clauses:
            assert read.document.clauses[table].preset == "eed21"
            return
        found = check_contract(read.document, pool_site, pool_points, text=text)
    # Complaints are needed where homes are heated; here the rules of a preset ask for them.
    assert table == "complaints" or any(clause.number in finding.message for finding in found)
    assert any(finding.where.path.startswith(table) for finding in found)
    blocks = clause.weight is Weight.BLOCKS
    assert not blocks or any(finding.code == "contract.clause-missing" for finding in found)
    assert has_errors(found) or not blocks


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("it_load", "Meter fine, supply low, cause server load low: no clause says what happens."),
        ("unrequested_heat", "Meter fine, supply as promised, out of season: no clause says what"),
        ("below_spec_heat", "Meter fine, supply low: no clause says what happens."),
    ],
)
def test_a_hole_is_shown_by_its_smallest_example(table, words):
    finding = read_contract(without_table(TEXT, table)).findings[0]
    assert finding.message.startswith(f"Clause {CLAUSES[table].number} (")
    assert words in finding.message


def test_the_catalogue_is_whole():
    weights = [clause.weight for clause in CLAUSES.values()]
    assert len(CLAUSES) == 142
    assert [weights.count(one) for one in Weight] == [60, 50, 28, 4]


def test_a_field_that_is_missing_in_a_clause_is_named_in_common_words():
    read = read_contract(TEXT.replace("heat_kw = 12.0", "", 1))
    assert [finding.code for finding in read.findings] == ["document.field-missing"]


def test_the_example_is_whole():
    assert read_contract(TEXT).findings == ()


def test_every_clause_has_a_number_of_its_own_that_the_example_shows():
    numbers = [clause.number for clause in CLAUSES.values()]
    assert sorted(set(numbers)) == sorted(numbers)
    for table, clause in CLAUSES.items():
        if f"\n[{table}" not in TEXT:
            continue
        comment = rf"^\[{table}[\].].*# {clause.number} +{re.escape(clause.title)}(?:[:,].*)?$"
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
        ("starts_on     = 2026-01-01", "starts_on = 0001-01-01", "must be at least 1990-01-01"),
        ("ends_at = 6", "ends_at = 4", "one over midnight is two windows"),
        ("[parties.customer]", "[[parties.customer]]", "a contract has one customer"),
        ("[parties.customer]", "[[parties.customers]]", "a contract has one customer"),
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
