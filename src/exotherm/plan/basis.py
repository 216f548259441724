"""How much of the net present value rests on guesses.

Each input of the money may be off by what its basis usually is: a measured value by a little, a
guess by much. What that moves the present value by, squared, is its part of the uncertainty, as if
they were off independently; the parts of guesses and defaults are what nobody vouches for yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation
from exotherm.plan.finance import finance_of
from exotherm.plan.setbacks import LESS_BUSY, LESS_HEAT
from exotherm.plan.verdict import Setback
from exotherm.site.basis import Basis, basis_of
from exotherm.site.document import Site
from exotherm.site.economics import Economics

Kind = Literal["measured", "quoted", "stated", "default", "guess"]

USUAL_ERROR_FRAC: Mapping[Kind, float] = {
    "measured": 0.03,
    "quoted": 0.05,
    "stated": 0.20,
    "default": 0.25,
    "guess": 0.30,
}
"""by how much a value of each basis is usually off: estimates; EN 1434 for what is measured"""
VOUCHED: frozenset[Kind] = frozenset({"measured", "quoted"})
"""bases that somebody vouches for"""
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """One input, what it rests on, and by how much that may move the present value."""

    name: str
    path: str
    kind: Kind
    source: str
    swing: float
    """present value by which it differs when the input is off by its usual error"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """What the present value rests on, the input that moves most first."""

    inputs: tuple[Resting, ...]
    text: str

    def part_of(self, kind: Kind) -> float:
        """Give a basis' part of all that may move the present value, 0 to 1."""
        whole = sum(one.swing**2 for one in self.inputs)
        own = sum(one.swing**2 for one in self.inputs if one.kind == kind)
        return own / whole if whole else 0.0

    @property
    def unvouched_frac(self) -> float:
        """The part that rests on guesses, defaults, and values nobody says anything of."""
        whole = sum(one.swing**2 for one in self.inputs)
        own = sum(one.swing**2 for one in self.inputs if one.kind not in VOUCHED)
        return own / whole if whole else 0.0


def foundation_of(
    site: Site, operation: Operation, npv: float, setbacks: tuple[Setback, ...]
) -> Foundation:
    """Take the present value apart by what its inputs rest on.

    Money is moved in the cash alone. The customers' heat and the servers' load, which move the
    plant, go by the setbacks that were simulated: a fifth less of each.
    """
    given = {f"economics.{name}" for name in site.economics.model_fields_set}
    inputs = sorted(
        (
            _resting(site, name, path, per_frac, given)
            for name, path, per_frac in _moved(site, operation, npv, setbacks)
        ),
        key=lambda one: -one.swing,
    )
    found = Foundation(inputs=tuple(one for one in inputs if one.swing > 0.0), text="")
    return replace(found, text=_text(found))


def _resting(site: Site, name: str, path: str, per_frac: float, given: set[str]) -> Resting:
    basis = basis_of(path, site.basis)
    kind = _kind_of(basis, path, given)
    return Resting(
        name=name,
        path=path,
        kind=kind,
        source=f"{basis.source}, {basis.dated_on:%d %b %Y}" if basis is not None else "",
        swing=abs(per_frac) * USUAL_ERROR_FRAC[kind],
    )


def kind_of_path(site: Site, path: str) -> Kind:
    """Say what a value of a site rests on, by its path in the file."""
    given = {f"economics.{name}" for name in site.economics.model_fields_set}
    return _kind_of(basis_of(path, site.basis), path, given)


def _kind_of(basis: Basis | None, path: str, given: set[str]) -> Kind:
    if basis is not None:
        return basis.kind
    table, _, field = path.partition(".")
    if table != "economics":
        return "stated"
    return "stated" if f"{table}.{field.partition('[')[0]}" in given else "default"


def _moved(
    site: Site, operation: Operation, npv: float, setbacks: tuple[Setback, ...]
) -> Iterator[tuple[str, str, float]]:
    """Give each input with the change of the present value for a change of all of itself."""
    economics = site.economics
    step = 0.01

    def slope(changed: Economics) -> float:
        return (finance_of(changed, operation).npv - npv) / step

    for index, item in enumerate(economics.investment):
        dearer = item.model_copy(update={"amount": item.amount * (1.0 + step)})
        investment = (
            *economics.investment[:index],
            dearer,
            *economics.investment[index + 1 :],
        )
        yield (
            item.name,
            f"economics.investment[{index}].amount",
            slope(economics.model_copy(update={"investment": investment})),
        )
    for name, field in (
        ("price of electricity", "electricity_per_kwh"),
        ("upkeep", "upkeep_per_year"),
    ):
        more = getattr(economics, field) * (1.0 + step)
        yield name, f"economics.{field}", slope(economics.model_copy(update={field: more}))
    fifth = {one.name: one.npv for one in setbacks}
    for name, setback, path in (
        ("customers' heat", LESS_HEAT, _customers_path(site)),
        ("load of the servers", LESS_BUSY, "computing.utilisation_file"),
    ):
        yield name, path, (npv - fifth[setback]) / 0.2


def _customers_path(site: Site) -> str:
    """Name the table that the customers' heat is from."""
    if site.measured:
        return "measured"
    if site.network is not None:
        return "network.heat_kwh"
    return "buildings" if site.buildings else "pool"


def _text(found: Foundation) -> str:
    """Say how much nobody vouches for, and what that is."""
    if not found.inputs:
        return "Nothing that may be off moves the present value."
    loose = [one for one in found.inputs if one.kind not in VOUCHED]
    if not loose:
        return "All that moves the present value is measured or quoted."
    share = format_quantity("_frac", found.unvouched_frac, decimals=0)
    if found.unvouched_frac > 0.99:
        share = f"More than {format_quantity('_frac', 0.99, decimals=0)}"
    names = listed([one.name for one in loose[:_NAMED]])
    told = (
        "Nothing of what may move the present value is measured or quoted."
        if len(loose) == len(found.inputs)
        else f"{share} of what may move the present value is neither measured nor quoted."
    )
    return f"{told} Have these measured or quoted first: {names}."
