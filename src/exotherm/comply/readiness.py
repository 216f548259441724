"""The gate before capex: what the files prove, what was signed, what is missing and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from exotherm.comply.catalogue import kind_of
from exotherm.comply.diligence import AREAS, Area, Item, diligence, who
from exotherm.comply.papers import Papers, Proof
from exotherm.comply.proofs import PROOFS
from exotherm.comply.signoff import Signed
from exotherm.core.findings import Finding, Severity
from exotherm.core.period import write_day

State = Literal["proved", "signed", "not needed", "missing", "disproved"]
"""``disproved`` is missing as well, and no signature heals it: the files have to change."""
_OPEN: tuple[State, ...] = ("missing", "disproved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An item with what became of it."""

    item: Item
    state: State
    words: str
    """why, with numbers: the proof, the signature, or what the files say against it"""
    remedy: str = ""
    """what to do beside a signature, as a sentence; empty where there is nothing"""

    @property
    def may_be_signed(self) -> bool:
        """Whether a signature would settle it."""
        return self.state == "missing" and self.item.signed_by is not None

    @property
    def next(self) -> str:
        """Say what to do; empty where it is settled."""
        if not self.may_be_signed:
            return self.remedy
        assert self.item.signed_by is not None
        sign = f"{who(self.item.signed_by)} signs, shown by {self.item.shown_by}."
        return f"{self.remedy} Or {sign}" if self.remedy else sign[:1].upper() + sign[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The whole list on a day, and whether capex may be committed."""

    on: date
    checked_on: date
    """day on which the list itself was last gone through"""
    settled: tuple[Settled, ...]
    errors: int
    """findings that block, in any file"""

    def count(self, state: State) -> int:
        """Count the items of a state."""
        return sum(one.state == state for one in self.settled)

    @property
    def missing(self) -> tuple[Settled, ...]:
        """Blocking items that are not settled."""
        return tuple(one for one in self.settled if one.state in _OPEN and one.item.blocking)

    @property
    def advised(self) -> tuple[Settled, ...]:
        """Items that are not settled and do not block."""
        return tuple(one for one in self.settled if one.state in _OPEN and not one.item.blocking)

    @property
    def is_ready(self) -> bool:
        """Whether nothing blocks."""
        return not self.missing and not self.errors

    @property
    def verdict(self) -> str:
        """Say in a sentence whether capex may be committed, and what is in the way."""
        if self.is_ready:
            open_ones = len(self.advised)
            rest = f"; {_items(open_ones)} that {_is(open_ones)} advised" if open_ones else ""
            return f"Ready to commit capex{f'{rest} {_is(open_ones)} open' if rest else ''}."
        return f"Not ready to commit capex: {' and '.join(self._in_the_way())}."

    def _in_the_way(self) -> Iterator[str]:
        if self.errors:
            yield f"{self.errors} {'error stands' if self.errors == 1 else 'errors stand'}"
        if self.missing:
            areas = [one.item.area for one in self.missing]
            shares = ", ".join(f"{areas.count(area)} {area}" for area in AREAS if area in areas)
            yield f"{_items(len(self.missing))} {_is(len(self.missing))} missing ({shares})"


def readiness_of(
    papers: Papers, signed: Mapping[str, Signed], findings: tuple[Finding, ...]
) -> Readiness:
    """Go through the list: prove what the files prove, then look for signatures.

    ``findings`` are all that stand against the workspace, those of the sign-offs included.
    """
    found = diligence()
    return Readiness(
        on=papers.facts.on,
        checked_on=found.checked_on,
        settled=tuple(settle(item, papers, signed.get(item.id)) for item in found.items),
        errors=sum(one.severity is Severity.ERROR for one in findings),
    )


def settle(item: Item, papers: Papers, signed: Signed | None) -> Settled:
    """Say what became of an item. What the files disprove nobody's signature heals."""
    asked = item.when.answer(papers.facts.known) if item.when else None
    if asked is not None and asked.met is False:
        return Settled(item=item, state="not needed", words="; ".join(asked.because))
    proof = PROOFS[item.proof](papers) if item.proof else None
    if proof is not None and proof.holds:
        return Settled(item=item, state="proved", words=proof.words)
    if proof is not None and proof.holds is False:
        return Settled(item=item, state="disproved", words=proof.words, remedy=proof.remedy)
    if signed is not None and not signed.lapsed:
        return Settled(item=item, state="signed", words=_signature(signed))
    if asked is not None and asked.met is None:
        proof = _cannot_tell(asked.missing)
    words = signed.lapsed if signed else proof.words if proof else ""
    remedy = proof.remedy if proof else ""
    return Settled(item=item, state="missing", words=words, remedy=remedy)


def _cannot_tell(missing: tuple[str, ...]) -> Proof:
    """Say what has to be told to know whether an item is asked at all."""
    facts = "; ".join(kind_of(name).tell for name in missing)
    names = " and ".join(f"`{name}`" for name in missing)
    return Proof(
        holds=None,
        words=f"whether it is needed cannot be told without this: {facts}",
        remedy=f"Answer {names} in regulation.toml.",
    )


def _signature(signed: Signed) -> str:
    one = signed.signoff
    shown = " ".join(part for part in (one.evidence, _in_file(one.evidence_file)) if part)
    until = f", valid until {write_day(one.valid_until)}" if one.valid_until else ""
    return f"signed by {who(one.role)} on {write_day(one.signed_on)}{until}: {shown}"


def _in_file(name: str | None) -> str:
    return f"({name})" if name else ""


def _items(count: int) -> str:
    return f"{count} {'item' if count == 1 else 'items'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def by_area(settled: tuple[Settled, ...]) -> Iterator[tuple[Area, tuple[Settled, ...]]]:
    """Group items by area, in the order of the list; areas without any are left out."""
    for area in AREAS:
        those = tuple(one for one in settled if one.item.area == area)
        if those:
            yield area, those


# --- The template


def signoff_template(readiness: Readiness, hashes: Mapping[Area, str]) -> str:
    """Write a sign-off file with every item that is to be signed, all commented out.

    ``hashes`` are those of the files that signatures are given for, by area. Nothing counts as
    signed until a person takes the # away and fills day and evidence.
    """
    lines = [
        "# Sign-offs before capex. Each block is one item that the files cannot prove. Whoever has",
        "# the role looks at what shows it; then take the # away and fill day and evidence.",
        "# `evidence` is in words, `evidence_file` a file in the workspace; one of them is needed.",
        "# `files_hash` is the SHA-256 of the files as they are now: a later change of them asks",
        "# for the signature again. `valid_until` ends a signature; of one item the newest counts.",
    ]
    for area, those in by_area(tuple(one for one in readiness.settled if one.may_be_signed)):
        files = " and ".join(diligence().files[area])
        lines += ["", f"# --- {area}; signed for {files} as they are"]
        for one in those:
            lines += ["", *_block(one.item, hashes[area])]
    return "\n".join(lines) + "\n"


def _block(item: Item, files_hash: str) -> Iterator[str]:
    yield f"# {item.title}{'' if item.blocking else ' (advised)'}:"
    yield f"# shown by {item.shown_by}."
    yield "# [[signoff]]"
    yield f'# item       = "{item.id}"'
    yield f'# role       = "{item.signed_by}"'
    yield "# signed_on  = YYYY-MM-DD"
    yield '# evidence   = ""'
    yield f'# files_hash = "{files_hash}"'
