"""The same contract at another price of heat, for "what if" questions."""

from decimal import Decimal
from typing import Any

from exotherm.contract.terms import Contract
from exotherm.core.documents import Document

_PRICES = ("price_per_kwh", "fallback_price_per_kwh")
_LISTS = ("tiers", "seasons", "hours", "steps")


def with_heat_price(contract: Contract, share: Decimal) -> Contract:
    """Give the contract with every price of a kilowatt hour of heat multiplied by a share.

    Energy price with its tiers, seasons and hours (TAR-2), outdoor price (TAR-8) and the share of
    savings (TAR-13); fees and what is bought at least stay as they are.
    """
    changes: dict[str, Any] = {
        table: _times(clause, share)
        for table in ("energy_price", "outdoor_price")
        if (clause := getattr(contract, table)) is not None
    }
    savings = contract.shared_savings
    if savings is not None:
        less = float(share) * savings.share_frac
        changes["shared_savings"] = savings.model_copy(update={"share_frac": less})
    return contract.model_copy(update=changes)


def _times(holder: Document, share: Decimal) -> Document:
    fields = type(holder).model_fields
    changes: dict[str, Any] = {
        name: getattr(holder, name) * share
        for name in _PRICES
        if name in fields and getattr(holder, name) is not None
    }
    for name in _LISTS:
        if name in fields and getattr(holder, name):
            changes[name] = tuple(_times(part, share) for part in getattr(holder, name))
    return holder.model_copy(update=changes)
