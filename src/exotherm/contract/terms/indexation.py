"""IDX-1 to IDX-4: how prices follow published indices, so that anybody can compute them again.

When and how far prices change, and an example of it, stand in ``index_changes``.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, StringConstraints, model_validator

from exotherm.contract.terms.clause import (
    Clause,
    Fraction,
    Months,
    Need,
    Part,
    Price,
    Text,
    Weight,
)
from exotherm.contract.terms.parties import first_twice

Indexed = Literal["energy price", "standing fee", "capacity fee"]
"""A price that may follow an index."""
IndexValue = Annotated[Price, Gt(Decimal(0))]
"""A value of an index, with the digits of its publisher."""
BaseYear = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d$")]
"""The year in which an index is 100, as text: it is a name, not a quantity."""


class IndexWeight(Part):
    """A share of a price that moves with an index."""

    says = ("{weight_frac} move with “{series}”",)

    series: Text
    """name of the index (IDX-2)"""
    weight_frac: Fraction
    """share of the price that moves with it"""


class Formula(Part):
    """How one price follows its indices."""

    says = ("Of the {of} {fixed_frac} stay as they are; {weights}.",)

    of: Indexed
    """price that follows"""
    fixed_frac: Fraction
    """share of the price that does not move"""
    weights: Annotated[tuple[IndexWeight, ...], Field(min_length=1, max_length=20)]
    """shares that move; with the fixed one they sum to 1"""

    @model_validator(mode="after")
    def _each_once(self) -> "Formula":
        twice = first_twice(tuple(weight.series for weight in self.weights))
        if twice is not None:
            raise ValueError(f"{twice} stands twice in the formula of the {self.of}")
        return self


class PriceFormula(Clause):
    """How prices follow indices."""

    number = "IDX-1"
    title = "Price formula"
    why = "a price that moves without a formula is no price"
    needed = Need.INDEXED
    says = (
        (
            "A price is the price at the start (TAR-12) times the sum of its shares, each share"
            " that moves times its index over the index at the start."
        ),
        "{formulas} With the energy price move its tiers, seasons, hours and outdoor steps.",
    )

    formulas: Annotated[tuple[Formula, ...], Field(min_length=1, max_length=3)]
    """one formula for each price that moves"""

    @model_validator(mode="after")
    def _each_once(self) -> "PriceFormula":
        twice = first_twice(tuple(formula.of for formula in self.formulas))
        if twice is not None:
            raise ValueError(f"the {twice} has two formulas")
        return self


class IndexSeries(Part):
    """A published index."""

    says = (
        (
            "“{name}” is {code} of {publisher}, for {region}, {seasonally_adjusted:yes=seasonally"
            " adjusted|no=not seasonally adjusted}, {base_year} = 100."
        ),
        "At the start it is {base_value}.",
    )

    name: Text
    """name by which this contract calls it"""
    publisher: Text
    """who publishes it"""
    code: Text
    """code of the series with its publisher"""
    region: Text
    """country or region that it is for"""
    seasonally_adjusted: bool
    """whether it is seasonally adjusted"""
    base_year: BaseYear
    """year in which it is 100"""
    base_value: IndexValue | None = None
    """its value at the start; left out for one that only succeeds another (IDX-4)"""


class IndexSeriesList(Clause):
    """Which indices the formulas name."""

    number = "IDX-2"
    title = "Index identity"
    why = "two series of one name have different values"
    needed = Need.INDEXED
    says = ("{series}",)

    series: Annotated[tuple[IndexSeries, ...], Field(min_length=1, max_length=40)]
    """every index that a formula, a fuel price or a succession names"""

    @model_validator(mode="after")
    def _each_once(self) -> "IndexSeriesList":
        twice = first_twice(tuple(one.name for one in self.series))
        if twice is not None:
            raise ValueError(f"{twice} stands twice among the indices")
        return self

    def named(self, name: str) -> IndexSeries | None:
        """Find a series by its name."""
        return next((one for one in self.series if one.name == name), None)


class IndexObservation(Clause):
    """Which value of an index counts."""

    number = "IDX-3"
    title = "Observation rule"
    why = "an index is published late and revised"
    needed = Need.INDEXED
    says = (
        (
            "An index counts as the mean of {averaging_months}, the last of which lies"
            " {lag_months} before the month of the change."
        ),
        (
            "Of several releases of a month {release:first=the first one|latest at the date=the"
            " latest one that was out on the last day for the notice (IDX-6)} counts."
        ),
        (
            "Where a month is released after that day, {if_late:price stays=the price stays as it"
            " was until the next change|bill waits=bills wait for it}."
        ),
    )

    lag_months: Annotated[Months, Le(36)]
    """months from the last observed month to the month of the change"""
    averaging_months: Annotated[Months, Ge(1), Le(36)]
    """months that are averaged"""
    release: Literal["first", "latest at the date"]
    """which release of a month counts"""
    if_late: Literal["price stays", "bill waits"]
    """what holds where a release comes too late for the notice"""


class Successor(Part):
    """An index that takes the place of another."""

    says = ("From {from_on} on “{successor}” takes the place of “{series}”.",)

    series: Text
    """name of the index that ends (IDX-2)"""
    successor: Text
    """name of the index that follows (IDX-2)"""
    from_on: date
    """first day of the first month that is observed with the successor"""


class IndexRebasing(Clause):
    """What happens when an index gets another base year or ends."""

    number = "IDX-4"
    title = "Rebasing and discontinuation"
    why = "indices are rebased every five years, and some end"
    weight = Weight.HIGH
    needed = Need.INDEXED
    says = (
        (
            "Where an index gets another base year or a successor, the two are joined by a"
            " {method} at their {linked_at}, so that no price jumps."
        ),
        "{successors}",
        "Where an index ends without a successor here, {expert} names one.",
    )

    method: Literal["chain link"]
    """the new index is multiplied by the ratio of old to new"""
    linked_at: Literal["last common month", "mean of the common months"]
    """where that ratio is taken"""
    successors: Annotated[tuple[Successor, ...], Field(max_length=20)] = ()
    """indices that are known to follow others; none where none is known yet"""
    expert: Text
    """who names a successor that is not named here"""
