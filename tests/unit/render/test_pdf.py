import re
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from october import example_contract, lived_month, october_invoice, perfect_month

from exotherm.bill.invoice import Invoice
from exotherm.core.errors import UnableTo
from exotherm.render.pdf import UnableToRender, render_invoice_pdf, set_pdf
from exotherm.render.ubl import render_ubl

INVOICE = october_invoice(lived_month(), evidence_key="exotherm.example+1")


def streams(pdf: bytes) -> list[bytes]:
    """Unpack every compressed stream of a PDF."""
    unpacked = []
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            unpacked.append(zlib.decompress(found[1]))
        except zlib.error:
            unpacked.append(found[1])
    return unpacked


def pages(pdf: bytes) -> int:
    """Count the pages, in plain objects and in packed ones."""
    return len(re.findall(rb"/Type\s*/Page\b", b"\n".join([pdf, *streams(pdf)])))


def with_lines(invoice: Invoice, number: int) -> Invoice:
    """Repeat the standing fee until the invoice has a number of lines."""
    more = (number - len(invoice.lines)) * (invoice.lines[0],)
    net = invoice.net_amount + sum((line.amount for line in more), Decimal(0))
    return replace(
        invoice,
        lines=(*invoice.lines[:-1], *more, invoice.lines[-1]),
        net_amount=net,
        total_amount=net + invoice.vat_amount,
    )


def test_the_same_invoice_makes_the_same_bytes() -> None:
    assert render_invoice_pdf(INVOICE) == render_invoice_pdf(INVOICE)


def test_another_invoice_makes_other_bytes() -> None:
    assert render_invoice_pdf(INVOICE) != render_invoice_pdf(replace(INVOICE, number="2026-0011"))


def test_the_e_invoice_is_inside_byte_for_byte() -> None:
    assert render_ubl(INVOICE) in streams(render_invoice_pdf(INVOICE))


def test_it_is_an_archive_with_attachments_that_reads_out() -> None:
    pdf = render_invoice_pdf(INVOICE)
    everything = b"\n".join([pdf, *streams(pdf)])
    assert b"<pdfaid:part>3</pdfaid:part>" in everything
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in everything
    assert b"<pdfuaid:part>1</pdfuaid:part>" in everything
    assert b"/Alternative" in everything


def test_an_invoice_is_one_page_up_to_seven_lines() -> None:
    assert pages(render_invoice_pdf(INVOICE)) == 1
    assert pages(render_invoice_pdf(with_lines(INVOICE, 7))) == 1


def test_more_lines_go_on_to_the_next_page() -> None:
    assert pages(render_invoice_pdf(with_lines(INVOICE, 20))) == 2


def test_names_of_every_european_alphabet_are_set() -> None:
    contract = example_contract(
        lambda text: text.replace(
            "Riverside Pool", "Łódź Ηράκλειο Софія Hőség Țărm Ísafjörður Čačak Ġgantija"
        )
    )
    assert render_invoice_pdf(october_invoice(perfect_month(), contract)).startswith(b"%PDF-")


def test_a_letter_that_no_font_has_is_refused_with_a_remedy() -> None:
    contract = example_contract(lambda text: text.replace("Riverside Pool", "河畔 Pool"))
    with pytest.raises(UnableToRender) as raised:
        render_invoice_pdf(october_invoice(perfect_month(), contract))
    assert isinstance(raised.value, UnableTo)
    assert "alphabet" in raised.value.remedy
    assert not raised.value.retryable


def test_a_template_that_is_wrong_is_refused() -> None:
    with pytest.raises(UnableToRender, match="could not be set"):
        set_pdf(b"#no-such-function()", {}, at=datetime(2026, 11, 2, tzinfo=UTC))
