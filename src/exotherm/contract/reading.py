"""Reading a contract file: presets fill what may be filled, a missing clause is named."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from exotherm.contract.check_total import findings_of_table
from exotherm.contract.presets import fill, suggestion_for
from exotherm.contract.rules import OutcomeTable
from exotherm.contract.terms import Clause, Contract, clauses_of
from exotherm.core.complaints import Complaint
from exotherm.core.documents import Path, Read, Source, read_document

CONTRACT_FILE = "contract.toml"


def read_contract(text: str, *, file: str = CONTRACT_FILE) -> Read[Contract]:
    """Read the text of a contract file, or explain each thing that stands against it.

    Clauses that do not block and that the parties left out are filled from the presets that they
    follow (PAR-3).
    """
    reader = _Reader()
    read = read_document(
        text, Contract, file=file, missing=reader.missing, complete=reader.complete
    )
    if read.document is not None:
        for table, preset in reader.preset_of.items():
            read.document.clauses[table].note_preset(preset)
    return read


class _Reader:
    """What is remembered of a file between its parts: its tables, and where presets filled them."""

    def __init__(self) -> None:
        self.raw: Mapping[str, Any] = {}
        self.packs: tuple[str, ...] = ()
        self.preset_of: Mapping[str, str] = {}
        self.holes: Mapping[str, str] | None = None

    def complete(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fill the tables that the presets of the contract give."""
        status = raw.get("regulatory_status")
        packs = status.get("packs") if isinstance(status, dict) else None
        if isinstance(packs, list):
            self.packs = tuple(name for name in packs if isinstance(name, str))
        self.raw, self.preset_of = fill(raw, self.packs)
        return self.raw

    def missing(self, path: Path) -> Complaint | None:
        """Name a clause that is missing, and the smallest case in which nobody knows what holds."""
        table = str(path[0])
        clause = clauses_of().get(table) if len(path) == 1 else None
        if clause is None:
            return None
        fields = ", ".join(f"`{name}`" for name in clause.model_fields)
        message = f"Clause {clause.number} ({clause.title}) is missing: {clause.why}."
        hole = self._hole_of(clause.number)
        if hole:
            message += f" {hole}"
        suggested = suggestion_for(table, self.packs)
        remedy = f"Add a table `[{table}]` with {fields}; `exotherm new` writes one with comments."
        return "contract.clause-missing", message, f"{remedy} {suggested}".strip()

    def _hole_of(self, number: str) -> str:
        """Say the smallest case that has no outcome without a clause; empty where there is none."""
        if self.holes is None:
            table = OutcomeTable(_readable(self.raw))
            found = findings_of_table(table, Source(file=CONTRACT_FILE))
            self.holes = {
                str(one.data["clause"]): one.message for one in found if "clause" in one.data
            }
        return self.holes.get(number, "")


def _readable(raw: Mapping[str, Any]) -> dict[str, Clause]:
    """Read each table on its own and leave out those that cannot be read."""
    clauses: dict[str, Clause] = {}
    for table, kind in clauses_of().items():
        try:
            clauses[table] = kind.model_validate(raw[table])
        except (KeyError, ValidationError):
            continue
    return clauses
