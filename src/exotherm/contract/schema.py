"""The JSON Schema of the contract file, with the number of each clause."""

from exotherm.contract.terms import Contract, clauses_of
from exotherm.core.schema import write_schema


def write_contract_schema() -> str:
    """Write the JSON Schema that an editor needs for ``contract.toml``."""
    tables = {
        clause.__name__: (
            f"{clause.number} {clause.title}",
            f"{(clause.__doc__ or '').strip()} Needed: {clause.why}.",
        )
        for clause in clauses_of().values()
    }
    return write_schema(Contract, title="exotherm contract", tables=tables)
