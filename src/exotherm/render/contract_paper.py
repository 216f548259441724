"""The contract as a paper: one tree of blocks that PDF and DOCX both set, so they say the same."""

from dataclasses import dataclass
from itertools import groupby

from exotherm.contract.canonical import hash_of
from exotherm.contract.explain import Sentence, explain
from exotherm.contract.presets import preset_of
from exotherm.contract.terms import Contract, Party
from exotherm.contract.terms.parties import Roles, Signatory
from exotherm.contract.wording import Piece
from exotherm.core.period import write_day

_ASSETS = {
    "it": "servers",
    "heat_exchanger": "heat exchanger",
    "heat_pump": "heat pump",
    "pipes": "pipes to the delivery point",
    "thermal_store": "thermal store",
    "meter": "heat meter",
    "data_link": "data link",
    "fallback": "fallback",
    "building_side": "building side",
}
_PARTS = ("owner", "operator", "maintainer", "payer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells below a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperClause:
    """A clause as it is set: its number, title and words, each number tied to its field."""

    number: str
    title: str
    table_name: str
    pieces: tuple[Piece, ...]
    table: Table | None
    """a table in place of the words, where rows and columns say it better"""
    origin: str
    """where the clause is from, where a preset gave it; else empty"""

    @property
    def text(self) -> str:
        """The words of the clause."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The clauses of a family."""

    title: str
    clauses: tuple[PaperClause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs for a party."""

    party: str
    name: str
    people: tuple[tuple[str, str], ...]
    """office or name, and by what authority"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPaper:
    """All that is set on the paper of a contract."""

    title: str
    subtitle: str
    supplier: tuple[str, ...]
    customer: tuple[str, ...]
    sections: tuple[Section, ...]
    signings: tuple[Signing, ...]
    chain: tuple[tuple[str, str], ...]
    notice: str
    foot: str

    @property
    def clauses(self) -> tuple[PaperClause, ...]:
        """All clauses in their order."""
        return tuple(clause for section in self.sections for clause in section.clauses)


def paper_of(contract: Contract) -> ContractPaper:
    """Put a contract on paper."""
    paper, own_hash = contract.contract, hash_of(contract)
    sentences = explain(contract)
    ordered = sorted(sentences, key=_family_order)
    return ContractPaper(
        title=f"Heat supply contract {paper.reference}",
        subtitle=f"Version {paper.version}, in force from {write_day(paper.effective_on)}",
        supplier=_party(contract.parties.supplier),
        customer=_party(contract.parties.customer),
        sections=tuple(
            Section(title=title, clauses=tuple(_clause(contract, one) for one in own))
            for title, own in groupby(ordered, key=lambda one: one.family)
        ),
        signings=tuple(_signings(contract)),
        chain=_chain(contract, own_hash),
        notice="This paper was written from the file contract.toml, which travels inside it. Every "
        "number in it was read back from these words and is that of the file; the hash below is "
        "that of the terms. What the parties sign and what is billed are therefore one.",
        foot=f"{paper.reference}, version {paper.version}, SHA-256 {own_hash[:16]}…",
    )


def _family_order(sentence: Sentence) -> int:
    """Keep the order of the catalogue, with the paper's own clause among the law."""
    families = ("PAR", "BND", "OWN", "HEAT", "QOS", "CAL", "OUT", "FBK", "MET", "TAR", "IDX")
    order = (*families, "CRD", "BIL", "LEG")
    return order.index(sentence.number.partition("-")[0])


def _party(party: Party) -> tuple[str, ...]:
    return (
        party.name,
        party.street,
        f"{party.postcode} {party.city}, {party.country}",
        party.registration,
        f"VAT {party.vat_id}",
        party.email,
    )


def _clause(contract: Contract, sentence: Sentence) -> PaperClause:
    roles = contract.roles if sentence.table == "roles" else None
    return PaperClause(
        number=sentence.number,
        title=sentence.title,
        table_name=sentence.table,
        pieces=sentence.pieces,
        table=roles_table(roles) if roles is not None else None,
        origin=_origin(sentence),
    )


def _origin(sentence: Sentence) -> str:
    if sentence.preset is None:
        return ""
    preset = preset_of(sentence.preset)
    source = preset.clauses[sentence.table].source
    return (
        f"The parties left this clause to the preset {preset.name} ({preset.title}): {source}, "
        f"read on {write_day(preset.checked_on)}."
    )


def roles_table(roles: Roles) -> Table:
    """Set out who owns, runs, maintains and pays for each part of the plant."""
    rows = (
        (words, *(str(getattr(getattr(roles, asset), part)) for part in _PARTS))
        for asset, words in _ASSETS.items()
    )
    return Table(
        head=("", *_PARTS),
        rows=tuple(tuple("–" if cell == "none" else cell for cell in row) for row in rows),
    )


def _signings(contract: Contract) -> tuple[Signing, ...]:
    clause, parties = contract.signatories, contract.parties
    own: tuple[tuple[str, str, tuple[Signatory, ...]], ...] = (
        ("supplier", parties.supplier.name, clause.supplier if clause else ()),
        ("customer", parties.customer.name, clause.customer if clause else ()),
    )
    return tuple(
        Signing(
            party=f"For the {party}",
            name=name,
            people=tuple((one.name, one.authority) for one in people) or (("", ""),),
        )
        for party, name, people in own
    )


def _chain(contract: Contract, own_hash: str) -> tuple[tuple[str, str], ...]:
    paper = contract.contract
    before = paper.previous_hash or "none: this is the first version"
    return (
        ("Contract", f"{paper.reference}, version {paper.version}"),
        ("SHA-256 of these terms", own_hash),
        ("SHA-256 of the version before", before),
    )
