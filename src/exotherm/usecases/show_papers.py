"""What the pages of issued documents show: invoices and evidence, as they were issued."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from exotherm.core.period import name_of_month, write_instant
from exotherm.prove.carbon import AvoidedEmissions, CarbonInputs, Factor, explain_claim
from exotherm.store.sqlite import Store
from exotherm.store.values import StoredDocument
from exotherm.usecases.billing import E_INVOICE, INVOICE
from exotherm.usecases.proving import EVIDENCE

Shown = dict[str, object]


def show_invoices(store: Store | None, *, folder: str, now: datetime) -> Shown:
    """Show the list of issued invoices, the newest first."""
    documents = store.documents(INVOICE) if store else ()
    return {
        "page": "invoices",
        "invoices": [invoice_row(document, now=now) for document in reversed(documents)],
        "next": None
        if documents
        else {
            "text": "No invoices yet. When a month is over and its meters were read:",
            "command": f"exotherm bill close {folder} --month YYYY-MM",
        },
    }


def invoice_row(document: StoredDocument, *, now: datetime) -> Shown:
    """Give what a list says of an invoice; the amount keeps its digits as text."""
    invoice = json.loads(document.json)
    today = now.astimezone(ZoneInfo(invoice["period"]["zone"])).date()
    due_on = datetime.fromisoformat(invoice["due_on"]).date()
    return {
        "number": document.number,
        "first_day": invoice["period"]["first_day"],
        "last_day": invoice["period"]["last_day"],
        "issued_on": document.issued_on.isoformat(),
        "due_on": invoice["due_on"],
        "due_days": (due_on - today).days,
        "total_amount": invoice["total_amount"],
        "currency": invoice["currency"],
    }


def show_invoice(store: Store, number: str, *, now: datetime) -> Shown | None:
    """Show an issued invoice as it stands, and its files; None where no invoice has the number."""
    pdf = find_document(store, INVOICE, number)
    if pdf is None:
        return None
    invoice = json.loads(pdf.json)
    xml = find_document(store, E_INVOICE, number)
    files = [(f"{number}.pdf", "Invoice as PDF", pdf)]
    if xml is not None:
        files.append((f"{number}.xml", "E-invoice, UBL", xml))
    return {
        "page": "invoice",
        **invoice_row(pdf, now=now),
        "invoice": invoice,
        "how_measured": _how_measured(invoice),
        "files": [
            {
                "label": label,
                "name": name,
                "bytes": len(document.content),
                "sha256": document.sha256,
            }
            for name, label, document in files
        ],
    }


def _how_measured(invoice: dict[str, object]) -> Shown | None:
    """Give the register's way from reading to reading, in exact counts of its last digit."""
    lines = invoice["lines"]
    assert isinstance(lines, list)
    registers = next((line["registers"] for line in lines if line["registers"]), None)
    if registers is None:
        return None
    advance = registers["closing_count"] - registers["opening_count"]
    metering = invoice["metering"]
    assert isinstance(metering, dict)
    if metering["rolled_over"]:
        advance += 10 ** registers["digits"]
    # Invoices that were issued before jumps were known of have none.
    for jump in metering.get("breaks", ()):
        advance += jump["count_before"] - jump["count_after"]
    shown = Decimal(advance).scaleb(-registers["decimals"])
    return {**registers, "advance_count": advance, "advance_shown": f"{shown:f}"}


def show_evidences(store: Store | None, *, folder: str, zone: str) -> Shown:
    """Show the list of evidence packs, the newest first."""
    documents = store.documents(EVIDENCE) if store else ()
    return {
        "page": "evidences",
        "packs": [pack_row(document, zone=zone) for document in reversed(documents)],
        "next": None
        if documents
        else {
            "text": "No evidence yet. When a month is billed:",
            "command": f"exotherm prove pack {folder} --month YYYY-MM",
        },
    }


def pack_row(document: StoredDocument, *, zone: str) -> Shown:
    """Give what a list says of an evidence pack; emissions keep their digits as text."""
    claim = json.loads(document.json)
    return {
        "number": document.number,
        "month": name_of_month(document.period, ZoneInfo(zone)),
        "issued_on": document.issued_on.isoformat(),
        "claimable": claim["claimable"],
        "conservative_kgco2e": claim["emissions"]["conservative_kgco2e"],
        "uncertainty_kgco2e": claim["emissions"]["uncertainty_kgco2e"],
        "avoided_kgco2e": claim["emissions"]["avoided_kgco2e"],
        "hours_measured": claim["hours"]["measured"],
        "hours_total": claim["hours"]["total"],
    }


def show_evidence(store: Store, month: str, *, zone: str) -> Shown | None:
    """Show the newest evidence pack of a month like ``2026-10``; None where there is none."""
    document = find_pack(store, month, zone=zone)
    if document is None:
        return None
    claim = json.loads(document.json)
    contents = _contents_of(document)
    inputs = json.loads(contents["inputs.json"])
    file = f"{document.number}.zip"
    return {
        "page": "evidence",
        **pack_row(document, zone=zone),
        "period": {
            "start": write_instant(document.period.start),
            "end": write_instant(document.period.end),
            "zone": zone,
        },
        "statement": _statement(claim, inputs["factors"]),
        "claim": claim,
        "factors": inputs["factors"],
        "meters": json.loads(contents["meters.json"]),
        "file": {
            "name": file,
            "bytes": len(document.content),
            "sha256": document.sha256,
        },
        "files": [
            {
                "name": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for name, content in contents.items()
        ],
        "verify": {
            "key": claim["key"],
            "commands": [
                f"unzip -p {file} verify.py > verify.py",
                f"python3 -S -I verify.py {file} --key {claim['key']}",
            ],
        },
    }


def _statement(claim: Shown, factors: dict[str, dict[str, str]]) -> list[str]:
    """Say the claim of a pack in the words in which it is said when it is made."""
    emissions, hours = claim["emissions"], claim["hours"]
    assert isinstance(emissions, dict)
    assert isinstance(hours, dict)
    figures: dict[str, Any] = {
        name: None if value is None else Decimal(value) for name, value in emissions.items()
    }
    inputs = {
        name: Factor(
            value=Decimal(factor["value"]),
            source=factor["source"],
            vintage=factor["vintage"],
            uncertainty_frac=Decimal(factor["uncertainty_frac"]),
        )
        for name, factor in factors.items()
    }
    return list(
        explain_claim(
            AvoidedEmissions(**figures),
            inputs=CarbonInputs(**inputs),
            hours_measured=hours["measured"],
            hours_total=hours["total"],
            claimable=bool(claim["claimable"]),
        )
    )


def _contents_of(document: StoredDocument) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document.content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def find_pack(store: Store, month: str, *, zone: str) -> StoredDocument | None:
    """Find the newest evidence pack of a month."""
    clock = ZoneInfo(zone)
    packs = [one for one in store.documents(EVIDENCE) if name_of_month(one.period, clock) == month]
    return packs[-1] if packs else None


def find_document(store: Store, kind: str, number: str) -> StoredDocument | None:
    """Find an issued document by its number."""
    return next((one for one in store.documents(kind) if one.number == number), None)
