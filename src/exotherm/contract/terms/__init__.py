"""The contract file as typed terms: one clause, one table, each with its number in the catalogue.

Each family of the catalogue has a file. A clause whose absence leaves a bill or an outcome
undefined blocks: the finding names it.
"""

from exotherm.contract.terms.clause import Clause
from exotherm.contract.terms.document import Contract, clauses_of
from exotherm.contract.terms.parties import Party

__all__ = ["Clause", "Contract", "Party", "clauses_of"]
