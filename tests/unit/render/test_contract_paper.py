"""The paper of a contract says what its data say: clause by clause, number by number."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from changing import changed
from lxml import etree

from exotherm.contract.canonical import check_chain, hash_of, write_canonical
from exotherm.contract.explain import explain
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.contract.wording import read_piece
from exotherm.core.documents import Source
from exotherm.render.contract_docx import render_contract_docx
from exotherm.render.contract_paper import paper_of
from exotherm.render.contract_pdf import contract_data, render_contract_pdf

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = ("pool", "school", "care-home", "housing-block", "district-heating")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d[\d\u202f]*(?:\.\d+)?")


def contract_of(name: str) -> tuple[Contract, str]:
    text = (EXAMPLES / name / "contract.toml").read_text("utf-8")
    contract = read_contract(text).document
    assert contract is not None
    return contract, text


def paragraphs(docx: bytes) -> list[tuple[str, str]]:
    """Style and words of each paragraph, out of the file as any reader finds them."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    found = []
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        words = "".join(
            "\t" if element.tag == f"{W}tab" else element.text or ""
            for element in paragraph.iter(f"{W}t", f"{W}tab")
        )
        found.append(("" if style is None else style.get(f"{W}val", ""), words))
    return found


def clauses_of_docx(docx: bytes) -> dict[str, str]:
    """The words below the heading of each clause."""
    said, number = {}, ""
    for style, words in paragraphs(docx):
        if style == "Heading2":
            number = words.partition("\t")[0]
        elif style == "Clause":
            said[number] = words
    return said


def numbers_of(text: str) -> list[Decimal]:
    return [Decimal(one.replace("\u202f", "")) for one in NUMBER.findall(text)]


@pytest.mark.parametrize("name", NAMES)
def test_each_number_on_paper_is_that_of_its_field(name):
    contract, _ = contract_of(name)
    said = clauses_of_docx(render_contract_docx(contract))
    for sentence in explain(contract):
        if sentence.table == "roles":
            continue
        text = said[sentence.number]
        assert text == sentence.text.replace("`", "")
        # What is found between the words that stand around it reads back to the field's value.
        place = 0
        for piece in sentence.pieces:
            words = piece.text.replace("`", "")
            assert text.startswith(words, place), (sentence.number, piece)
            if piece.is_number:
                assert read_piece(piece) == piece.value
            place += len(words)
        written = [
            number
            for piece in sentence.pieces
            if piece.is_number
            for number in numbers_of(piece.text)
        ]
        assert not set(written) - set(numbers_of(text))


@pytest.mark.parametrize("name", NAMES)
def test_pdf_and_docx_have_the_same_clauses(name):
    contract, _ = contract_of(name)
    data: dict[str, Any] = contract_data(contract, paper_of(contract))
    in_pdf = {
        clause["number"]: "".join(clause["parts"])
        for section in data["sections"]
        for clause in section["clauses"]
    }
    assert set(in_pdf) == {one.number for one in explain(contract)}
    for number, text in clauses_of_docx(render_contract_docx(contract)).items():
        assert in_pdf[number] == text


def test_the_same_terms_make_the_same_bytes(pool_contract):
    _, text = contract_of("pool")
    again, _ = contract_of("pool")
    pdf = render_contract_pdf(pool_contract, text=text)
    assert pdf.startswith(b"%PDF-")
    assert pdf == render_contract_pdf(again, text=text)
    assert render_contract_docx(pool_contract) == render_contract_docx(again)


def test_the_file_it_was_written_from_travels_inside(pool_contract):
    _, text = contract_of("pool")
    pdf = render_contract_pdf(pool_contract, text=text)
    assert b"contract.toml" in pdf
    assert b"contract.json" in pdf


def test_each_party_has_lines_to_sign(pool_contract):
    signings = paper_of(pool_contract).signings
    assert [one.party for one in signings] == ["For the supplier", "For the customer"]
    nobody = changed(pool_contract, signatories=None)
    assert all(one.people == (("", ""),) for one in paper_of(nobody).signings)


def test_what_a_preset_gave_is_said_with_its_source_and_day():
    text = (EXAMPLES / "care-home" / "contract.toml").read_text("utf-8")
    shorter = re.sub(r"(?ms)^\[challenge_test\].*?(?=^\[)", "", text)
    contract = read_contract(shorter).document
    assert contract is not None
    (clause,) = (one for one in paper_of(contract).clauses if one.number == "MET-7")
    assert "de-avb" in clause.origin
    assert "read on 26 Nov 2026" in clause.origin


def test_the_hash_is_of_the_terms_and_not_of_how_they_are_set():
    contract, text = contract_of("pool")
    other = read_contract(f"# another remark\n{text}\n\n").document
    assert other is not None
    assert hash_of(contract) == hash_of(other)
    dearer = changed(contract, energy_price__price_per_kwh=Decimal("0.0681"))
    assert hash_of(dearer) != hash_of(contract)
    assert '"price_per_kwh":"0.0680"' in write_canonical(contract)


def test_a_version_follows_the_one_whose_hash_it_names(pool_contract):
    source = Source(file="contract.toml")

    def codes(after):
        return [one.code for one in check_chain(pool_contract, after, source=source)]

    next_one = changed(
        pool_contract, contract__version=2, contract__previous_hash=hash_of(pool_contract)
    )
    assert codes(next_one) == []
    assert codes(changed(next_one, contract__previous_hash="0" * 64)) == ["contract.chain-broken"]
    assert codes(changed(next_one, contract__version=4)) == ["contract.version-not-next"]
    assert codes(changed(next_one, contract__reference="other", contract__version=7)) == []
