"""What carries the project: each layer of revenue off, late or smaller, one at a time.

The heat plant is judged for itself, against the same servers without it. Hosting is a layer all
the same: servers that leave take their heat along, whoever earns with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation, YearOfCash, flows_before_tax, nominal_frac, taxed
from exotherm.plan.finance import finance_of, hosting_flows, npv_of
from exotherm.plan.verdict import Pending
from exotherm.site.economics import Economics

LATE_YEARS = 2
"""by how much a layer that is late comes later"""
SMALLER_FRAC = 0.5
"""what is left of a layer that is smaller"""


class Layer(StrEnum):
    """A reason why money comes in."""

    HOSTING = "hosting"
    """The servers: their margin, where the site states one, and the heat that comes with them."""
    HEAT = "heat"
    """What the customer pays. Without it no heat is delivered, so cooling saves nothing either."""
    COOLING = "avoided cooling"
    """Electricity of the cooler that is not drawn, and a renewal of it that is not needed."""
    GRANTS = "grants"
    """What is granted with the investment."""
    CERTIFICATES = "certificates"
    """Certificates and credits that are contracted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerValue:
    """One layer: what it is worth, and what the heat plant is worth where it fails.

    All are present values in the site's currency; ``worth`` is before tax, the others after it.
    """

    layer: Layer
    worth: float | None
    """None of hosting where the site states no margin"""
    npv_off: float
    npv_late: float
    npv_smaller: float

    @property
    def sinks(self) -> bool:
        """Whether the plant is worth less than nothing without this layer."""
        return self.npv_off < 0

    @property
    def is_granted(self) -> bool:
        """Whether the layer comes from a programme that may end."""
        return self.layer in (Layer.GRANTS, Layer.CERTIFICATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueStack:
    """All layers there are, what they carry, and what is left if any one fails."""

    npv: float
    """of the heat plant as planned"""
    hosting_npv: float | None
    """of the servers alone; None where the site states no margin"""
    costs: float
    """present value of what the heat plant costs before tax, negative"""
    tax: float
    """present value of its tax, negative"""
    layers: tuple[LayerValue, ...]
    text: str

    @property
    def carrying(self) -> tuple[Layer, ...]:
        """The layers each of which is enough to lose the project."""
        return tuple(one.layer for one in self.layers if one.sinks)


def stack_of(
    economics: Economics,
    operation: Operation,
    *,
    half_hosted: Operation,
    power_kw_rated: float,
    currency: str,
) -> RevenueStack:
    """Take the plan's revenue apart.

    ``half_hosted`` is the year with half of the servers (``SMALLER_FRAC``), simulated and rated;
    ``power_kw_rated`` the servers of the site, whose margin is that of ``economics.hosting``.
    """
    flows = flows_before_tax(economics, operation)
    rate = nominal_frac(economics, economics.discount_frac)

    def worth(part: Callable[[YearOfCash], float]) -> float:
        return npv_of(rate, [part(year) for year in flows])

    def npv(changed: tuple[YearOfCash, ...]) -> float:
        return npv_of(rate, [year.net for year in taxed(economics, changed)])

    planned = npv(flows)
    hosted = None if economics.hosting is None else hosting_flows(economics, power_kw_rated)
    hosting_npv = None if hosted is None else npv_of(rate, hosted)
    smaller_hosting = flows_before_tax(economics, half_hosted)
    layers = [
        LayerValue(
            layer=Layer.HOSTING,
            worth=hosting_npv,
            npv_off=npv(_shared(flows, _ALL_HEAT, 0.0)),
            npv_late=npv(_late(flows, _ALL_HEAT)),
            npv_smaller=npv(smaller_hosting),
        )
    ]
    layers += [
        LayerValue(
            layer=layer,
            worth=worth(lambda year, names=counted: _sum(year, names)),  # type: ignore[misc]
            npv_off=npv(_shared(flows, without, 0.0)),
            npv_late=npv(_late(flows, without)),
            npv_smaller=npv(_shared(flows, counted, SMALLER_FRAC)),
        )
        for layer, counted, without in _PARTS
        if any(_sum(year, counted) for year in flows)
    ]
    stack = RevenueStack(
        npv=planned,
        hosting_npv=hosting_npv,
        costs=worth(lambda year: year.investment + year.electricity + year.upkeep + year.residual),
        tax=planned - worth(lambda year: year.net),
        layers=tuple(layers),
        text="",
    )
    return replace(stack, text=_text(stack, currency))


_ALL_HEAT = ("heat_revenue", "cooling_saved", "renewal_avoided", "certificates", "electricity")
_PARTS: tuple[tuple[Layer, tuple[str, ...], tuple[str, ...]], ...] = (
    (Layer.HEAT, ("heat_revenue",), _ALL_HEAT),
    (Layer.COOLING, ("cooling_saved", "renewal_avoided"), ("cooling_saved", "renewal_avoided")),
    (Layer.GRANTS, ("grant",), ("grant",)),
    (Layer.CERTIFICATES, ("certificates",), ("certificates",)),
)
# Of each layer: what it brings, and all that goes where it is off.


_GRANTED_FIELDS: Mapping[Layer, Mapping[str, object]] = {
    Layer.GRANTS: {"grant_amount": 0.0, "grants": ()},
    Layer.CERTIFICATES: {"certificates": ()},
}


def without_granted(economics: Economics) -> dict[Layer, Economics]:
    """Give the same economics without each layer that a programme grants, where it is counted."""
    counted = {
        Layer.GRANTS: economics.grant_amount > 0.0
        or any(one.amount and one.state == "granted" for one in economics.grants),
        Layer.CERTIFICATES: any(
            one.amount_per_kwh and one.state == "contracted" for one in economics.certificates
        ),
    }
    return {
        layer: economics.model_copy(update=dict(fields))
        for layer, fields in _GRANTED_FIELDS.items()
        if counted[layer]
    }


def pending_of(economics: Economics, operation: Operation, *, currency: str) -> Pending | None:
    """Say what the plan would be worth with all that is not yet granted; None where nothing is."""
    grants = [one for one in economics.grants if one.state != "granted"]
    certificates = [one for one in economics.certificates if one.state != "contracted"]
    if not grants and not certificates:
        return None
    update = {
        "grants": tuple(one.model_copy(update={"state": "granted"}) for one in economics.grants),
        "certificates": tuple(
            one.model_copy(update={"state": "contracted"}) for one in economics.certificates
        ),
    }
    granted = finance_of(economics.model_copy(update=update), operation)
    return Pending(
        names=(
            *(
                f"“{one.name}” ({format_quantity('npv', one.amount, currency=currency)}, "
                f"{one.state})"
                for one in grants
            ),
            *(f"“{one.name}” ({one.state})" for one in certificates),
        ),
        npv=granted.npv,
    )


def _sum(year: YearOfCash, names: tuple[str, ...]) -> float:
    return float(sum(getattr(year, name) for name in names))


def _shared(
    flows: tuple[YearOfCash, ...], names: tuple[str, ...], share: float
) -> tuple[YearOfCash, ...]:
    """Give the same years with a share of some of their parts."""
    return tuple(
        replace(year, **{name: share * getattr(year, name) for name in names}) for year in flows
    )


def _late(flows: tuple[YearOfCash, ...], names: tuple[str, ...]) -> tuple[YearOfCash, ...]:
    """Give the same years with some of their parts coming later: at the price of that later year.

    A grant is paid later, all of it; what comes every year is missed in the first years. A plant
    that is built waits, so nothing is made up for at the end of the term.
    """
    late = []
    for year in flows:
        changes: dict[str, Any] = {
            name: getattr(year, name) if year.year > LATE_YEARS else 0.0 for name in names
        }
        if "grant" in names:
            before = year.year - LATE_YEARS
            changes["grant"] = flows[before].grant if before >= 0 else 0.0
        late.append(replace(year, **changes))
    return tuple(late)


def _text(stack: RevenueStack, currency: str) -> str:
    """Say what carries the project, and what happens where it goes."""
    brings = [one for one in stack.layers if one.layer is not Layer.HOSTING and one.worth]
    if not brings:
        return "Nothing comes in that a layer could carry."
    whole = sum(one.worth or 0.0 for one in brings)
    most = max(brings, key=lambda one: one.worth or 0.0)
    share = format_quantity("_frac", (most.worth or 0.0) / whole)
    carries = f"{str(most.layer).capitalize()} brings {share} of what comes in."
    if stack.npv < 0:
        return f"{carries} The plant is worth less than nothing with all layers in place."
    others = [one for one in stack.layers if one.is_granted or one.layer is Layer.COOLING]
    lost = [str(one.layer) for one in others if one.sinks]
    if lost:
        return f"{carries} Without {listed(lost)} the plant is not worth building."
    if not others:
        return f"{carries} No other layer is counted on."
    worst = min(others, key=lambda one: one.npv_off)
    left = format_quantity("npv", worst.npv_off, currency=currency)
    return f"{carries} Without {worst.layer}, {left} would be left."
