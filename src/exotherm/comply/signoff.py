"""The sign-offs of a workspace: who signed which item of the due diligence, when, shown by what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from exotherm.comply.diligence import Area, Item, Signer, diligence, who
from exotherm.core.documents import Document, Read, Source, read_document
from exotherm.core.findings import Finding
from exotherm.core.period import write_day
from exotherm.core.schema import write_schema

SIGNOFF_FILE = "signoff.toml"
_SIGNOFFS_MAX = 1000


class Signoff(Document):
    """One signature under one item."""

    item: str = Field(min_length=1, max_length=60)
    """name of the item that is signed, as the list has it"""
    role: Signer
    """who signs, by role"""
    signed_on: date
    """day of the signature, by the clock of the site"""
    evidence: Annotated[str, StringConstraints(min_length=1, max_length=600)] | None = None
    """what shows it, in words: a report and its number, an e-mail and its day"""
    evidence_file: str | None = None
    """file in the workspace that shows it; left out where words are enough"""
    valid_until: date | None = None
    """last day on which the signature counts; left out where it has no end"""
    files_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of the files it was given for; with it a later change of them asks again"""

    @model_validator(mode="after")
    def _is_shown(self) -> "Signoff":
        if self.evidence is None and self.evidence_file is None:
            raise ValueError("a signature is shown by `evidence` in words, `evidence_file` or both")
        if self.valid_until is not None and self.valid_until < self.signed_on:
            raise ValueError("it is valid until a day before it was signed")
        return self


class Signoffs(Document):
    """All sign-offs; of one item the newest counts."""

    signoff: tuple[Signoff, ...] = Field(default=(), max_length=_SIGNOFFS_MAX)
    """signatures, one table each"""


def read_signoffs(text: str, *, file: str = SIGNOFF_FILE) -> Read[Signoffs]:
    """Read the text of a sign-off file, or explain each thing that stands against it."""
    return read_document(text, Signoffs, file=file)


def write_signoff_schema() -> str:
    """Write the JSON Schema that an editor needs for ``signoff.toml``."""
    return write_schema(Signoffs, title="exotherm signoff")


# --- Which of them count


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What sign-offs are held against: the day, the files as they are, evidence out of reach."""

    on: date
    """the day, by the clock of the site"""
    hashes: Mapping[Area, str]
    """SHA-256 of the files that signatures are given for, by area"""
    unreadable: Mapping[str, str]
    """what is wrong with files of evidence that cannot be read, as a sentence, by their name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The sign-off of an item that counts, or the newest of those that no longer do."""

    signoff: Signoff
    lapsed: str = ""
    """why it no longer counts, in a few words; empty where it does"""


def check_signoffs(
    signoffs: Signoffs, present: Present, *, text: str = "", file: str = SIGNOFF_FILE
) -> tuple[dict[str, Signed], tuple[Finding, ...]]:
    """Give the newest sign-off of each item, and what stands against any of them.

    A sign-off with an error counts for nothing. ``text`` is the file that they were read from.
    """
    source, findings = Source(file=file, text=text), list[Finding]()
    newest: dict[str, int] = {}
    for number, one in enumerate(signoffs.signoff):
        wrong = list(_wrong(one, number, present, source))
        findings += wrong
        before = newest.get(one.item)
        if not wrong and (before is None or signoffs.signoff[before].signed_on <= one.signed_on):
            newest[one.item] = number
    signed = {}
    for item, number in newest.items():
        one = signoffs.signoff[number]
        lapsed = next(_lapses(one, number, present, source), None)
        if lapsed is not None:
            findings.append(lapsed[1])
        signed[item] = Signed(signoff=one, lapsed=lapsed[0] if lapsed else "")
    return signed, tuple(findings)


def _wrong(one: Signoff, number: int, present: Present, source: Source) -> Iterator[Finding]:
    item = diligence().find(one.item)
    if item is None:
        yield _unknown(one, number, source)
    elif one.role != item.signed_by:
        yield _other_role(one, item, number, source)
    if one.signed_on > present.on:
        yield source.error(
            "signoff.in-future",
            "signoff",
            number,
            "signed_on",
            message=f"`{one.item}` is signed on {write_day(one.signed_on)}, but today is "
            f"{write_day(present.on)}.",
            remedy="Write the day on which it was signed.",
            signed_on=one.signed_on.isoformat(),
            today=present.on.isoformat(),
        )
    if one.evidence_file is not None and one.evidence_file in present.unreadable:
        yield source.error(
            "signoff.evidence-unreadable",
            "signoff",
            number,
            "evidence_file",
            message=f"What shows `{one.item}` is out of reach: "
            f"{present.unreadable[one.evidence_file]}",
            remedy="Put the file into the workspace, or say in `evidence` what shows it and where.",
            evidence_file=one.evidence_file,
        )


def _unknown(one: Signoff, number: int, source: Source) -> Finding:
    near = get_close_matches(one.item, [item.id for item in diligence().items], n=1)
    meant = f"Did you mean `{near[0]}`? " if near else ""
    return source.error(
        "signoff.item-unknown",
        "signoff",
        number,
        "item",
        message=f"The due diligence has no item `{one.item}`, so this signature counts for "
        "nothing.",
        remedy=f"{meant}`exotherm check --signoff-template` lists what is to be signed.",
        item=one.item,
    )


def _other_role(one: Signoff, item: Item, number: int, source: Source) -> Finding:
    if item.signed_by is None:
        message = f"`{item.id}` is decided by the files alone; no signature counts for it."
        remedy = f"Take the signature out; it is shown by {item.shown_by}."
    else:
        signer = who(item.signed_by)
        message = f"`{item.id}` is signed by {who(one.role)}, but {signer} answers for it."
        remedy = f"Have {signer} sign it."
    return source.error(
        "signoff.role-wrong",
        "signoff",
        number,
        "role",
        message=message,
        remedy=remedy,
        item=item.id,
        role=one.role,
        signed_by=item.signed_by,
    )


def _lapses(
    one: Signoff, number: int, present: Present, source: Source
) -> Iterator[tuple[str, Finding]]:
    """Say why a sign-off no longer counts, in a few words and as a finding."""
    signed_on = write_day(one.signed_on)
    if one.valid_until is not None and one.valid_until < present.on:
        until = write_day(one.valid_until)
        words = f"its signature of {signed_on} was valid until {until}"
        yield words, _expired(one, number, until, source)
    item = diligence().find(one.item)
    assert item is not None, "only items of the list are signed"
    if one.files_hash is not None and one.files_hash != present.hashes[item.area]:
        words = f"the files changed after its signature of {signed_on}"
        yield words, _stale(one, item, number, present.hashes[item.area], source)


def _expired(one: Signoff, number: int, until: str, source: Source) -> Finding:
    return source.warning(
        "signoff.expired",
        "signoff",
        number,
        "valid_until",
        message=f"The signature under `{one.item}` was valid until {until}.",
        remedy=f"Ask {who(one.role)} again and add a [[signoff]]; of one item the newest counts.",
        item=one.item,
    )


def _stale(one: Signoff, item: Item, number: int, current: str, source: Source) -> Finding:
    files = " and ".join(f"`{name}`" for name in diligence().files[item.area])
    return source.warning(
        "signoff.stale",
        "signoff",
        number,
        "files_hash",
        message=f"`{one.item}` was signed on {write_day(one.signed_on)} for other files: what "
        f"stands in {files} has changed since.",
        remedy=f"Show the change to {who(one.role)}; where it still holds, add a [[signoff]] with "
        f'the new day and `files_hash = "{current}"`.',
        item=one.item,
        files_hash=current,
    )
