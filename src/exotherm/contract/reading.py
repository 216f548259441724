"""Reading a contract file: a missing clause is named by its number, title and reason."""

from exotherm.contract.terms import Contract, clauses_of
from exotherm.core.documents import Path, Read, read_document


def read_contract(text: str, *, file: str = "contract.toml") -> Read[Contract]:
    """Read the text of a contract file, or explain each thing that stands against it."""
    return read_document(text, Contract, file=file, missing=_missing_clause)


def _missing_clause(path: Path) -> tuple[str, str, str] | None:
    clause = clauses_of().get(str(path[0])) if len(path) == 1 else None
    if clause is None:
        return None
    fields = ", ".join(f"`{name}`" for name in clause.model_fields)
    return (
        "contract.clause-missing",
        f"Clause {clause.number} ({clause.title}) is missing: {clause.why}.",
        f"Add a table `[{path[0]}]` with {fields}; `exotherm new` writes one with comments.",
    )
