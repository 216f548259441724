"""The contract in its own words, for reports: its charges, and any of its clauses by number."""

from collections.abc import Iterable
from dataclasses import dataclass

from exotherm.contract.explain import Sentence, explain
from exotherm.contract.terms import Contract, clauses_of
from exotherm.contract.terms.components import TABLE_OF, Component

_CHARGES: tuple[Component, ...] = (
    "standing fee",
    "capacity fee",
    "availability fee",
    "heat",
    "outdoor price",
    "shared savings",
    "take-or-pay",
)
"""what a customer pays for; the rest changes it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """Clauses of a contract in its words, and those on which it says nothing."""

    said: tuple[Sentence, ...]
    silent: tuple[str, ...]
    """titles of clauses that are not there"""


def prices_of(contract: Contract) -> tuple[str, ...]:
    """Say what the contract charges for, each in its own sentence."""
    charged = charges_of(contract)
    return tuple(one.text for one in explain(contract) if one.table in charged)


def charges_of(contract: Contract) -> frozenset[str]:
    """Give the tables of the clauses that the contract charges for."""
    return frozenset(TABLE_OF[one] for one in contract.composition.order if one in _CHARGES)


def clauses_about(contract: Contract, numbers: Iterable[str]) -> Clauses:
    """Give clauses by their numbers in the catalogue, in the order asked."""
    said = {one.number: one for one in explain(contract)}
    titles = {kind.number: kind.title for kind in clauses_of(type(contract)).values()}
    wanted = tuple(numbers)
    return Clauses(
        said=tuple(said[one] for one in wanted if one in said),
        silent=tuple(titles[one].lower() for one in wanted if one not in said),
    )
