"""The lines of a bill beside heat itself: fees, and what hangs on the price of heat."""

from collections.abc import Iterator
from decimal import Decimal

from exotherm.contract.consumption import Consumption
from exotherm.contract.draft import HEAT_CLAUSES, Draft, RatedLine
from exotherm.contract.proration import plain
from exotherm.contract.terms import Contract
from exotherm.core.money import round_decimal
from exotherm.core.units import format_number


def standing_fee(draft: Draft) -> Iterator[RatedLine]:
    """Make the line of the standing fee (TAR-1), by the share of the month that is covered."""
    clause = draft.contract.standing_fee
    if clause is not None:
        price = draft.book.price("standing fee", clause.price_per_month)
        yield draft.line("TAR-1", "Standing fee", draft.share, "month", price)


def availability_fee(draft: Draft) -> Iterator[RatedLine]:
    """Make the line of the fee for availability, less what was lost of it (TAR-5)."""
    clause = draft.contract.availability_fee
    if clause is None:
        return
    promised = Decimal(str(draft.contract.availability.available_frac_min))
    kept = draft.available_frac
    text, earned = "Guaranteed availability", Decimal(1)
    if kept is not None and kept < promised:
        text = f"{text}, {_percent(kept)} % kept of {_percent(promised)} %"
        earned = kept / promised if clause.loss == "in proportion" else Decimal(0)
    quantity = draft.rounded(draft.share * earned)
    yield draft.line("TAR-5", text, quantity, "month", clause.price_per_month)


def _percent(share: Decimal) -> str:
    return format_number(share * 100, 2)


def return_bonus(draft: Draft) -> Iterator[RatedLine]:
    """Add or take off a share of the heat's price by the month's mean return (TAR-9).

    As in Danish motivation tariffs: a share per kelvin outside a band, limited, where the band may
    rise with a cooler supply (Rønde) or a good cooling make up for a warm return (Holeby).
    """
    share = return_share(draft.contract, draft.consumption)
    return_c = draft.consumption.return_c_mean
    charge = draft.amount_of(*HEAT_CLAUSES)
    if share and return_c is not None and charge > 0:
        word = "malus" if share > 0 else "bonus"
        text = f"Return-temperature {word}, mean return {format_number(return_c, 1)} °C"
        yield draft.line("TAR-9", text, share, "heat charge", charge)


def return_share(contract: Contract, consumption: Consumption) -> Decimal:
    """Give the share that the mean return adds to the price of heat; a bonus is negative."""
    clause, return_c = contract.return_bonus, consumption.return_c_mean
    if clause is None or return_c is None:
        return Decimal(0)
    back = Decimal(str(return_c))
    supply = consumption.supply_c_mean
    known = None if supply is None else Decimal(str(supply))
    rise = Decimal(0)
    if clause.supply_c_below is not None and clause.shift_frac is not None and known is not None:
        lack = max(Decimal(str(clause.supply_c_below)) - known, Decimal(0))
        rise = lack * Decimal(str(clause.shift_frac))
    below = Decimal(str(clause.return_c_min)) + rise - back
    above = back - Decimal(str(clause.return_c_max)) - rise
    if above > 0 and clause.lift_k_min is not None and known is not None:
        above = Decimal(str(clause.lift_k_min)) - (known - back)
    bonus = min(
        max(below, Decimal(0)) * Decimal(str(clause.bonus_per_k)),
        Decimal(str(clause.bonus_frac_max)),
    )
    malus = min(
        max(above, Decimal(0)) * Decimal(str(clause.malus_per_k)),
        Decimal(str(clause.malus_frac_max)),
    )
    return plain(round_decimal(malus - bonus, rule=contract.rounding.rule, decimals=4))


def shared_savings(draft: Draft) -> Iterator[RatedLine]:
    """Give the supplier its share of what the same heat would have cost more (TAR-13)."""
    clause = draft.contract.shared_savings
    if clause is None:
        return
    fuel = draft.book.price("fuel", clause.fuel_price_per_kwh)
    heat_kwh = draft.consumption.heat_kwh
    cost = heat_kwh * fuel / Decimal(str(clause.efficiency_frac))
    saving = draft.coins(cost) - draft.amount_of(*HEAT_CLAUSES, "TAR-9")
    if saving > 0:
        share = Decimal(str(clause.share_frac))
        text = (
            f"Share of the saving, {heat_kwh:f} kWh from {clause.plant} for {draft.coins(cost):f}"
        )
        yield draft.line("TAR-13", text, share, "saving", saving)


def pass_through(draft: Draft) -> Iterator[RatedLine]:
    """Pass on the electricity of the heat pump (TAR-11); it waits where it was not measured."""
    clause, power = draft.contract.pass_through, draft.consumption.heat_pump_power_kwh
    if clause is None:
        return
    if power is None:
        draft.unsettled.append("TAR-11")
        return
    share = Decimal(str(clause.share_frac))
    text = f"Electricity of the heat pump, {(share * 100).normalize():f} % of {power:f} kWh"
    yield draft.line(
        "TAR-11", text, plain(power * share), "kwh of electricity", clause.price_per_kwh
    )
