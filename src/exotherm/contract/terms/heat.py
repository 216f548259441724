"""HEAT: what counts as delivered heat, and what becomes of heat that does not."""

from typing import Annotated, Literal

from annotated_types import Ge, Le
from pydantic import Field

from exotherm.contract.terms.clause import Clause, Fraction, Need, Text, Weight


class DeliveredHeat(Clause):
    """What counts as delivered heat."""

    number = "HEAT-1"
    title = "Delivered heat"
    why = "it defines the quantity that is billed"
    says = (
        "Delivered heat is what the register `{point}` counts.",
        "`{flow_point}` shows whether heat is called for, `{supply_point}` how warm it comes.",
        "A quarter of an hour without a call counts as delivered: the heat stood ready.",
    )

    point: str
    """register that is billed, as meter.quantity"""
    supply_point: str
    """temperature that shows whether heat meets the promise"""
    flow_point: str
    """flow that shows whether the customer calls for heat"""


class BelowSpecHeat(Clause):
    """What heat below the promised temperature costs."""

    number = "HEAT-2"
    title = "Below-spec heat"
    why = "without it heat that is too cool has no price"
    says = (
        "Heat that comes cooler than promised costs {price_frac} of the energy price.",
        "A supply counts as too cool once it has been so for {lasting_min} within a month.",
    )

    price_frac: Fraction
    """share of the energy price that is paid for it"""
    lasting_min: Annotated[int, Ge(15), Le(1440)]
    """time that supply has to be too cool before it counts; shorter dips are delivered in full"""


class UnrequestedHeat(Clause):
    """What holds for heat that comes while there is no obligation to deliver any."""

    number = "HEAT-3"
    title = "Unrequested heat"
    why = "without it heat outside of the season or during a closure has no price"
    says = (
        "Outside of the season and while the customer is closed the supplier owes no heat.",
        (
            "Heat that comes then "
            "{accepted:yes=may be taken and|no=need not be taken; what passes the meter}"
            " costs {price_frac} of the energy price."
        ),
        "Heat that nobody takes is rejected at the cost of the {rejected_by}.",
    )

    accepted: bool
    """whether the customer takes heat that comes without obligation"""
    price_frac: Fraction
    """share of the energy price that is paid for such heat"""
    rejected_by: Literal["supplier", "customer"]
    """who bears the cost of getting rid of heat that nobody takes"""


class FallbackHeat(Clause):
    """Whether heat of the customer's own boiler is delivered heat."""

    number = "HEAT-4"
    title = "Fallback heat"
    why = "without it backup heat could be billed twice"
    needed = Need.FALLBACK
    says = (
        (
            "Heat of the fallback is {counts_as_delivered:no=never delivered heat and never "
            "billed by the supplier}; it is {metered_by:supplier=metered by the supplier|"
            "customer=metered by the customer|nobody=not metered}."
        ),
    )

    counts_as_delivered: Literal[False]
    """backup heat is behind the meter and never billed by the supplier"""
    metered_by: Literal["supplier", "customer", "nobody"]
    """who meters the fallback's heat, to keep the two apart"""


class ReverseFlow(Clause):
    """What holds where heat flows back or cold is delivered."""

    number = "HEAT-5"
    title = "Reverse flow and cooling"
    why = "without it a negative quantity has no meaning"
    weight = Weight.MEDIUM
    says = (
        (
            "Heat that flows back is {counted_as:not counted=not counted: the register only goes "
            "forward|own register=counted on a register of its own and not set off}."
        ),
        (
            "Cooling is {cooling:not part of this contract=not part of this contract|own "
            "contract=subject of a contract of its own}."
        ),
    )

    counted_as: Literal["not counted", "own register"]
    """what the meter does with heat that flows back"""
    cooling: Literal["not part of this contract", "own contract"]
    """whether cold is delivered under this contract"""


class StoragePosition(Clause):
    """On which side of the store heat is measured."""

    number = "HEAT-6"
    title = "Position of the store"
    why = "a store before the meter shifts heat in time, one behind it hides dips"
    weight = Weight.MEDIUM
    needed = Need.STORE
    says = (
        (
            "The store stands {stands:before the meter=before the meter: its losses are the "
            "supplier's|behind the meter=behind the meter: its losses are the customer's}."
        ),
    )

    stands: Literal["before the meter", "behind the meter"]
    """whether the store is on the supplier's or on the customer's side of the meter"""


class QuantityResolution(Clause):
    """How finely heat is counted and what happens to the rest."""

    number = "HEAT-7"
    title = "Quantity resolution"
    why = "fractions of a kilowatt-hour are disputed otherwise"
    weight = Weight.HIGH
    says = (
        (
            "Billed are the register's own digits; {rest:carried to the next reading=what is not "
            "yet shown is carried to the next reading}."
        ),
    )

    rest: Literal["carried to the next reading"]
    """what happens to heat that the register has counted but does not show yet"""


class GreenAttributes(Clause):
    """Who may claim what of the recovered heat."""

    number = "HEAT-8"
    title = "Green attributes"
    why = "the same tonne may be claimed once"
    weight = Weight.MEDIUM
    says = (
        "Claims about avoided emissions belong to the {claimed_by}.",
        "The emission factor is from: {factor_source}.",
        (
            "Of the delivered heat at least {recovered_frac_min} are recovered from servers, as a "
            "mean of the year."
        ),
        "The primary energy factor is stated by {primary_energy_source}.",
    )

    claimed_by: Literal["supplier", "customer", "parties in equal shares"]
    """who may claim the avoided emissions; nobody else does"""
    factor_source: Text
    """where emission factors are taken from"""
    recovered_frac_min: Fraction
    """smallest share of delivered heat that is recovered, as a mean of the year"""
    primary_energy_source: Text | None = None
    """who certifies the primary energy factor; left out where none is stated"""


class BuyerPriority(Clause):
    """Who is served first when heat is short."""

    number = "HEAT-9"
    title = "Priority between buyers"
    why = "with several buyers somebody is served last"
    weight = Weight.HIGH
    needed = Need.SEVERAL_BUYERS
    says = (
        (
            "When heat is short, the buyers are served {rule:in order=in this order|in proportion="
            "in proportion to their capacity; the buyers are}: {order}."
        ),
    )

    rule: Literal["in order", "in proportion"]
    """whether buyers are served one after another or all by their share"""
    order: Annotated[tuple[str, ...], Field(min_length=2, max_length=100)]
    """names of all buyers, this customer among them"""
