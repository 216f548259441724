"""Splitting the heat of a period by what is paid for it: by price in time, spec and obligation."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from exotherm.contract.consumption import SlotHeat
from exotherm.contract.price_slots import order_of_slot

_PARTS = {"HEAT-2": "reduced_heat_kwh", "HEAT-3": "unrequested_heat_kwh"}


class Cell(NamedTuple):
    """Heat of one price slot that is priced by one clause: HEAT-2, HEAT-3, or any other."""

    key: str
    clause: str


def slots_of(heat_kwh: Mapping[Cell, Decimal]) -> tuple[SlotHeat, ...]:
    """Put the heat of cells together by slot, in an order that does not depend on theirs."""
    slots: dict[str, dict[str, Decimal]] = {}
    for cell, heat in heat_kwh.items():
        sums = slots.setdefault(cell.key, {"heat_kwh": Decimal(0)})
        sums["heat_kwh"] += heat
        part = _PARTS.get(cell.clause)
        if part:
            sums[part] = sums.get(part, Decimal(0)) + heat
    return tuple(
        SlotHeat(key=key, **sums)
        for key, sums in sorted(slots.items(), key=lambda item: order_of_slot(item[0]))
        if sums["heat_kwh"]
    )


def priced_by(heat_kwh: Mapping[Cell, Decimal], clause: str) -> Decimal:
    """Sum the heat that a clause prices."""
    own = (heat for cell, heat in heat_kwh.items() if cell.clause == clause)
    return sum(own, Decimal(0))


def whole_kwh(counted_kwh: Iterable[tuple[Cell, float]], total: int) -> dict[Cell, Decimal]:
    """Round the heat of cells to whole kilowatt-hours that sum to a total, none of it lost.

    Each cell is the rounded running total less the one before it.
    """
    cells = sorted(counted_kwh)
    whole = sum(heat for _, heat in cells)
    running, given, rounded = 0.0, 0, dict[Cell, Decimal]()
    for cell, heat in cells:
        running += heat
        upto = min(total, round(total * running / whole)) if whole else 0
        rounded[cell] = Decimal(upto - given)
        given = upto
    if cells:
        last = cells[-1][0]
        rounded[last] += total - given
    return rounded
