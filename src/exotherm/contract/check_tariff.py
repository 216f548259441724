"""Checks of the price as a whole: what the composition names, in which order, in which currency.

The prices themselves are checked in ``check_prices``, indices in ``check_indexation``, the minimum
and credits in ``check_minimum``.
"""

from collections.abc import Iterator, Mapping

from exotherm.contract.case import Case, Check
from exotherm.contract.check_indexation import INDEXATION_CHECKS
from exotherm.contract.check_minimum import MINIMUM_CHECKS
from exotherm.contract.check_prices import PRICE_CHECKS
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.clause import Need
from exotherm.contract.terms.components import HEAT_COMPONENTS, TABLE_OF, Component
from exotherm.core.findings import Finding

_CHARGES: tuple[Component, ...] = (
    "standing fee",
    "capacity fee",
    "availability fee",
    *HEAT_COMPONENTS,
    "below-spec heat",
    "unrequested heat",
)
# What each component is counted from, so that it stands after it.
_COUNTED_FROM: Mapping[Component, tuple[Component, ...]] = {
    "return bonus": (*HEAT_COMPONENTS, "below-spec heat", "unrequested heat"),
    "shared savings": (*HEAT_COMPONENTS, "below-spec heat", "unrequested heat", "return bonus"),
    "price limits": (*_CHARGES, "return bonus"),
    "standing fee": ("indexation",),
    "capacity fee": ("indexation",),
    "heat": ("indexation",),
    "outdoor price": ("indexation",),
}


def _components_have_clauses(case: Case) -> Iterator[Finding]:
    """Check that every component that the price names has its clause (TAR-4)."""
    there = case.contract.clauses
    for component in case.contract.composition.order:
        table = TABLE_OF[component]
        if table not in there and clauses_of()[table].needed is Need.USED:
            yield _missing(case, table, f"the price has “{component}” (TAR-4)")
    direction = case.contract.payment_direction
    if direction.self_billed and "self_billing" not in there:
        yield _missing(case, "self_billing", "the one who pays writes the bills (TAR-10)")


def _missing(case: Case, table: str, reason: str) -> Finding:
    clause = clauses_of()[table]
    fields = ", ".join(f"`{name}`" for name in clause.model_fields)
    return case.source.error(
        "contract.clause-missing",
        table,
        message=f"Clause {clause.number} ({clause.title}) is missing, needed since {reason}: "
        f"{clause.why}.",
        remedy=f"Add a table `[{table}]` with {fields}.",
        clause=clause.number,
        weight=clause.weight.value,
    )


def _clauses_have_components(case: Case) -> Iterator[Finding]:
    """Check that every clause of the price is named, so that it has an effect (TAR-4)."""
    order, there = case.contract.composition.order, case.contract.clauses
    for component, table in TABLE_OF.items():
        if table not in there or component in order:
            continue
        clause = clauses_of()[table]
        give = (
            # Heat of these kinds is billed with all heat, wherever the order has that.
            case.source.warning
            if component in ("below-spec heat", "unrequested heat")
            else case.source.error
        )
        yield give(
            "contract.component-unused",
            table,
            message=f"Clause {clause.number} ({clause.title}) is there, but the order of the bill "
            f"(TAR-4) does not name “{component}”.",
            remedy=f'Add "{component}" to `composition.order` where it applies, or remove '
            f"`[{table}]`.",
            clause=clause.number,
            component=component,
        )


def _heat_has_one_price(case: Case) -> Iterator[Finding]:
    """Check that heat is priced, and once."""
    named = [one for one in HEAT_COMPONENTS if one in case.contract.composition.order]
    if len(named) == 2:
        yield case.source.error(
            "contract.heat-priced-twice",
            "composition",
            "order",
            message="The price names “heat” (TAR-2) and “outdoor price” (TAR-8): one kilowatt hour "
            "would have two prices.",
            remedy="Name one of them; the fallback price of TAR-8 stands in that clause.",
        )
    if not named:
        yield case.source.error(
            "contract.heat-not-priced",
            "composition",
            "order",
            message="The price names neither “heat” (TAR-2) nor “outdoor price” (TAR-8): no line "
            "of the bill would show the register's advance.",
            remedy='Add "heat"; a price of 0 in TAR-2 says that the fees pay for it.',
        )


def _order_can_be_counted(case: Case) -> Iterator[Finding]:
    """Check that each component stands after what it is counted from (TAR-4, X17)."""
    order, credit = case.contract.composition.order, case.contract.service_credit
    bases = ("standing fee",) if credit.base == "standing fee" else _CHARGES
    wanted: dict[Component, tuple[Component, ...]] = {**_COUNTED_FROM, "credit": bases}
    for place, component in enumerate(order):
        late = [one for one in wanted.get(component, ()) if one in order[place + 1 :]]
        if late:
            quoted = ", ".join(f"“{one}”" for one in late)
            yield case.source.error(
                "contract.composition-order",
                "composition",
                "order",
                place,
                message=f"In the order of the bill (TAR-4) “{component}” stands before {quoted}, "
                f"but is counted from {'it' if len(late) == 1 else 'them'}.",
                remedy=f"Move “{component}” behind {quoted}.",
                component=component,
                before=late,
            )


def _limits_stand_where_they_say(case: Case) -> Iterator[Finding]:
    """Check that TAR-7 and the order of TAR-4 agree whether limits come before credits (X17)."""
    limits, order = case.contract.price_limits, case.contract.composition.order
    if limits is None or not {"price limits", "credit"} <= set(order):
        return
    first = order.index("price limits") < order.index("credit")
    if first != (limits.credit_order == "before the credit"):
        yield case.source.error(
            "contract.limits-order-differs",
            "price_limits",
            "credit_order",
            message=f"TAR-7 applies limits {limits.credit_order}, but in the order of the bill "
            f"(TAR-4) they stand {'before' if first else 'after'} it: the amount would differ.",
            remedy="Let both clauses say the same.",
            credit_order=limits.credit_order,
            order=list(order),
        )


def _limits_with_vat_have_one_rate(case: Case) -> Iterator[Finding]:
    """Check that a limit with VAT is of a bill of which all bears that VAT."""
    limits, contract = case.contract.price_limits, case.contract
    if limits is None or limits.amounts == "without VAT":
        return
    steps: tuple[Component, ...] = ("indexation", "VAT", "price limits", "credit")
    free = [
        one
        for one in contract.composition.order
        if one not in steps and one not in contract.vat.applies_to
    ]
    if free:
        yield case.source.error(
            "contract.limit-vat-undefined",
            "price_limits",
            "amounts",
            message=f"Limits include VAT, but {', '.join(f'“{one}”' for one in free)} bears none "
            "(BIL-9): the limit without VAT is not determined.",
            remedy='Write `amounts = "without VAT"`, with limits to match.',
            components=free,
        )


def _price_base_is_in_the_currency(case: Case) -> Iterator[Finding]:
    """Check that prices are in the currency that is paid."""
    own, paid = case.contract.price_base.currency, case.contract.currency
    if own != paid:
        yield case.source.error(
            "contract.price-currency-differs",
            "price_base",
            "currency",
            message=f"Prices are in {own} (TAR-12), bills are in {paid} (BIL-10).",
            remedy="Write one currency into both clauses; nothing is converted by guess.",
            price_base=own,
            payment=paid,
        )


def _direction_is_one(case: Case) -> Iterator[Finding]:
    """Check that heat which the supplier pays for has no price for the customer."""
    contract = case.contract
    energy, direction = contract.energy_price, contract.payment_direction
    if direction.payer == "supplier" and energy is not None and energy.price_per_kwh > 0:
        yield case.source.warning(
            "contract.direction-unclear",
            "payment_direction",
            "payer",
            message="The supplier pays for heat (TAR-10), but TAR-2 lets the customer pay "
            f"{case.price('price_per_kwh', energy.price_per_kwh)} for it.",
            remedy="Let one of the two pay: a price of 0 in TAR-2, or no gate fee.",
            price_per_kwh=str(energy.price_per_kwh),
        )


TARIFF_CHECKS: tuple[Check, ...] = (
    _components_have_clauses,
    _clauses_have_components,
    _heat_has_one_price,
    _order_can_be_counted,
    _limits_stand_where_they_say,
    _limits_with_vat_have_one_rate,
    _price_base_is_in_the_currency,
    _direction_is_one,
    *PRICE_CHECKS,
    *INDEXATION_CHECKS,
    *MINIMUM_CHECKS,
)
