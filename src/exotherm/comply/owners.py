"""Who answers for a duty in this project: the party or company behind the role of a rule."""

from collections.abc import Mapping

from exotherm.comply.rules import Role
from exotherm.contract.terms import Contract
from exotherm.contract.terms.parties import Answerable


def owners_of(contract: Contract | None, told: Mapping[str, str]) -> Mapping[str, str]:
    """Name who stands behind each role, by the contract and by what was told beside it.

    A role that nobody fills is left out. What the contract names is not overruled.
    """
    return {**told, **({} if contract is None else _by_contract(contract))}


def _by_contract(contract: Contract) -> dict[str, str]:
    parties, roles, status = contract.parties, contract.roles, contract.regulatory_status
    found: dict[Role, str | None] = {
        "heat supplier": parties.supplier.name,
        "customer": parties.customer.name,
    }
    if roles is not None:
        exchanger, pump = roles.heat_exchanger, roles.heat_pump
        found["data centre operator"] = _party(contract, roles.it.operator)
        plant = exchanger if exchanger.is_there else pump
        found["plant operator"] = _party(contract, plant.operator)
    if status is not None and status.customer_class == "public body":
        found["contracting authority"] = parties.customer.name
    if status is not None and status.customer_class == "heat network":
        found["network operator"] = parties.customer.name
    return {role: name for role, name in found.items() if name is not None}


def _party(contract: Contract, who: Answerable) -> str | None:
    if who == "supplier":
        return contract.parties.supplier.name
    return contract.parties.customer.name if who == "customer" else None
