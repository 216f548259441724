"""The facts that a contract tells."""

from collections.abc import Iterator
from typing import Protocol

from exotherm.comply.values import Span, Value
from exotherm.contract.terms.parties import Parties, RegulatoryStatus, Roles

Told = Iterator[tuple[str, Value, str]]
"""Name, value and the table of the file that tells it."""


class Ready(Protocol):
    """How much heat stands ready (QOS-1)."""

    @property
    def heat_kw(self) -> float:
        """Heat that stands ready."""
        ...


class ContractTerms(Protocol):
    """What is read of a contract: the clauses on parties, roles, regulation and capacity."""

    @property
    def parties(self) -> Parties:
        """Who sells heat to whom."""
        ...

    @property
    def roles(self) -> Roles | None:
        """Who owns and operates what."""
        ...

    @property
    def regulatory_status(self) -> RegulatoryStatus | None:
        """What the parties are to the regulator."""
        ...

    @property
    def capacity(self) -> Ready:
        """How much heat stands ready."""
        ...


def contract_facts(contract: ContractTerms) -> Told:
    """Give every fact that the contract holds."""
    parties, where = contract.parties, "[parties]"
    yield "heat_sold", True, where
    yield "supplier_country", parties.supplier.country, where
    yield "customer_country", parties.customer.country, where
    yield "heat_customers", Span.exactly(1 + len(parties.other_buyers)), where
    yield "connection_kw", Span.exactly(contract.capacity.heat_kw), "[capacity]"
    if contract.roles is not None:
        yield "fallback_by_supplier", contract.roles.fallback.operator == "supplier", "[roles]"
    if contract.regulatory_status is not None:
        yield from _regulatory(contract.regulatory_status)


def _regulatory(status: RegulatoryStatus) -> Told:
    where, customer = "[regulatory_status]", status.customer_class
    sells_on = customer == "heat network" or status.supplier_is == "bulk supplier"
    yield "supplier_is", status.supplier_is, where
    yield "authorised", status.authorisation is not None, where
    yield "customer_class", customer, where
    yield "final_customer", not sells_on, where
    yield "domestic", customer == "domestic", where
    yield "public_body", customer == "public body", where
    if customer != "public body":
        yield "central_government", False, where
    if customer in ("domestic", "industrial", "public body"):
        yield "charity", False, where
    if customer == "domestic":
        yield "homes", True, where
