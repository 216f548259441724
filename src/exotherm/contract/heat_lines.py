"""The lines of heat: as promised, below spec, without obligation; by slot of price and by tier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from exotherm.contract.consumption import Consumption, SlotHeat
from exotherm.contract.draft import Draft, RatedLine
from exotherm.contract.price_slots import (
    FALLBACK,
    key_of_month,
    order_of_slot,
    outdoor_price_of,
    price_of_slot,
    words_of_slot,
)
from exotherm.contract.proration import plain
from exotherm.contract.terms.components import Component
from exotherm.contract.terms.tariff import PriceTier


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Heat of one kind: as promised, below spec or without obligation, with its share of price."""

    component: Component
    clause: str
    text: str
    share: Decimal

    def of(self, heat: Consumption | SlotHeat) -> Decimal:
        """Give the heat of this kind."""
        if self.component == "below-spec heat":
            return heat.reduced_heat_kwh
        if self.component == "unrequested heat":
            return heat.unrequested_heat_kwh
        return heat.heat_kwh - heat.reduced_heat_kwh - heat.unrequested_heat_kwh


def heat(draft: Draft) -> Iterator[RatedLine]:
    """Make the lines of heat as promised (TAR-2 or TAR-8), and what passed the meter with it.

    Kinds of heat that the composition does not name are billed here too, so that the lines of heat
    always sum to the register's advance. What pays for heat stands once, in whatever clause.
    """
    order = draft.contract.composition.order
    if any(line.clause in ("TAR-2", "TAR-8") for line in draft.lines):
        return
    clause = "TAR-8" if outdoor_price_of(draft.contract) is not None else "TAR-2"
    if clause == "TAR-2" and draft.contract.energy_price is None:
        return
    full = _Kind(component="heat", clause=clause, text="Heat delivered", share=Decimal(1))
    yield from _heat_lines(draft, full)
    for component, make in (
        ("below-spec heat", below_spec_heat),
        ("unrequested heat", unrequested_heat),
    ):
        if component not in order:
            yield from make(draft)
    yield from _gate_fee(draft)


def below_spec_heat(draft: Draft) -> Iterator[RatedLine]:
    """Make the lines of heat that came cooler than promised (HEAT-2)."""
    clause, promise = draft.contract.below_spec_heat, draft.contract.supply_temperature
    share = Decimal(str(clause.price_frac))
    below = "promised" if promise.curve else f"{promise.supply_c_min:g} °C"
    kind = _Kind(
        component="below-spec heat",
        clause="HEAT-2",
        text=f"Heat below {below}, at {_percent_of_price(share)}",
        share=share,
    )
    if draft.consumption.reduced_heat_kwh:
        yield from _heat_lines(draft, kind)


def unrequested_heat(draft: Draft) -> Iterator[RatedLine]:
    """Make the lines of heat that came without obligation (HEAT-3)."""
    if not draft.consumption.unrequested_heat_kwh:
        return
    share = Decimal(str(draft.contract.unrequested_heat.price_frac))
    kind = _Kind(
        component="unrequested heat",
        clause="HEAT-3",
        text=f"Heat without obligation, at {_percent_of_price(share)}",
        share=share,
    )
    yield from _heat_lines(draft, kind)


def _percent_of_price(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} % of the price"


def _heat_lines(draft: Draft, kind: _Kind) -> Iterator[RatedLine]:
    """Make the lines of one kind of heat: one for each slot or tier that has any of it."""
    contract, consumption = draft.contract, draft.consumption
    month_key = key_of_month(contract, consumption.period.start)
    slots = consumption.slots or (
        SlotHeat(
            key=month_key,
            heat_kwh=consumption.heat_kwh,
            reduced_heat_kwh=consumption.reduced_heat_kwh,
            unrequested_heat_kwh=consumption.unrequested_heat_kwh,
        ),
    )
    by_key: dict[str, Decimal] = {}
    for slot in slots:
        by_key[slot.key] = by_key.get(slot.key, Decimal(0)) + kind.of(slot)
    keys = [key for key in sorted(by_key, key=order_of_slot) if by_key[key]] or [month_key]
    for key in keys:
        words = words_of_slot(contract, key)
        yield from _lines_of_slot(draft, kind, key, by_key.get(key, Decimal(0)), words)


def _lines_of_slot(
    draft: Draft, kind: _Kind, key: str, heat_kwh: Decimal, words: str
) -> Iterator[RatedLine]:
    energy, text = draft.contract.energy_price, f"{kind.text}, {words}" if words else kind.text
    if energy is None or not energy.tiers or kind.clause == "TAR-8" or key == FALLBACK:
        price = price_of_slot(draft.contract, key, draft.book) * kind.share
        yield draft.line(kind.clause, text, heat_kwh, "kwh", price)
        return
    parts = split_over_tiers(heat_kwh, energy.tiers, before_kwh=draft.tier_kwh)
    draft.tier_kwh += heat_kwh
    for tier, part in parts:
        at_start = tier.price_per_kwh if tier else energy.price_per_kwh
        price = draft.book.price("energy price", at_start) * kind.share
        beyond = f", beyond {tier.from_kwh:g} kWh" if tier else ""
        yield draft.line(kind.clause, text + beyond, part, "kwh", price)


def split_over_tiers(
    heat_kwh: Decimal, tiers: Sequence[PriceTier], *, before_kwh: Decimal = Decimal(0)
) -> tuple[tuple[PriceTier | None, Decimal], ...]:
    """Split heat over the tiers of a month, None being the price below all of them.

    ``before_kwh`` of the month has filled tiers already; so a month's heat that is split anywhere
    fills the same tiers to the last digit. Without heat the part of the tier it would fill is 0.
    """
    ordered = sorted(tiers, key=lambda tier: tier.from_kwh)
    edges = [
        Decimal(0),
        *(plain(Decimal(str(tier.from_kwh))) for tier in ordered),
        Decimal("Infinity"),
    ]
    start, end = before_kwh, before_kwh + heat_kwh
    parts = tuple(
        (tier, min(end, high) - max(start, low))
        for tier, (low, high) in zip((None, *ordered), pairwise(edges), strict=True)
        if min(end, high) > max(start, low)
    )
    assert sum((part for _, part in parts), Decimal(0)) == heat_kwh
    return parts or ((None, Decimal(0)),)


def _gate_fee(draft: Draft) -> Iterator[RatedLine]:
    """Take off what the supplier pays for each kilowatt hour, where it is netted (TAR-10)."""
    clause = draft.contract.payment_direction
    if clause.gate_fee_per_kwh is None or clause.netting == "billed apart":
        return
    yield draft.line(
        "TAR-10",
        "Gate fee of the supplier",
        -draft.consumption.heat_kwh,
        "kwh taken off",
        clause.gate_fee_per_kwh,
    )
