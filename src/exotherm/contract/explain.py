"""A contract in plain sentences: every clause with its numbers, each from the document itself."""

from dataclasses import dataclass

from exotherm.contract.terms import Contract, clauses_of
from exotherm.contract.wording import Piece, say_clause

FAMILIES = {
    "PAR": "Parties and papers",
    "BND": "Boundary",
    "OWN": "Ownership and end of life",
    "HEAT": "Delivered heat",
    "QOS": "Quality of service",
    "CAL": "Calendar",
    "OUT": "Outages",
    "FBK": "Fallback",
    "MET": "Metering",
    "TAR": "Tariff",
    "IDX": "Indexation",
    "CRD": "Credits",
    "BIL": "Billing",
    "LEG": "Law",
}
"""The families of the catalogue, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A clause in words: its number and title in the catalogue, its table in the file."""

    number: str
    title: str
    table: str
    pieces: tuple[Piece, ...]
    preset: str | None
    """the preset that the clause is from; None where the parties wrote it"""

    @property
    def text(self) -> str:
        """The words of the clause."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def family(self) -> str:
        """The family of the catalogue that the clause belongs to."""
        return FAMILIES[self.number.partition("-")[0]]


def explain(contract: Contract) -> tuple[Sentence, ...]:
    """Say every clause of a contract in plain words, in the order of the catalogue."""
    kinds = clauses_of(type(contract))
    return tuple(
        Sentence(
            number=kinds[table].number,
            title=kinds[table].title,
            table=table,
            pieces=say_clause(clause, table=table, document=contract, currency=contract.currency),
            preset=clause.preset,
        )
        for table, clause in contract.clauses.items()
    )
