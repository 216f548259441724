"""A contract in plain sentences: one for every clause, each number from the document itself."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from exotherm.contract.terms import Contract, CreditBand, Party, clauses_of
from exotherm.core.money import RoundingRule
from exotherm.core.period import write_day
from exotherm.core.units import format_number, format_quantity, label_of, unit_of

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A clause in words: its number and title in the catalogue, its table in the file."""

    number: str
    title: str
    table: str
    text: str


def explain(contract: Contract) -> tuple[Sentence, ...]:
    """Say every clause of a contract in plain words, in the order of the file."""
    return tuple(
        Sentence(number=clause.number, title=clause.title, table=table, text=_SAY[table](contract))
        for table, clause in clauses_of().items()
    )


def _paper(contract: Contract) -> str:
    return f"This is version {contract.contract.version} of contract {contract.contract.reference}."


def _parties(contract: Contract) -> str:
    parties = contract.parties
    return f"{_party(parties.supplier)} delivers heat to {_party(parties.customer)}."


def _party(party: Party) -> str:
    place = f"{party.street}, {party.postcode} {party.city}, {party.country}"
    return f"{party.name} (VAT {party.vat_id}; {place}; {party.email})"


def _delivery_point(contract: Contract) -> str:
    point = contract.delivery_point
    return (
        f"The heat becomes the customer's here: {point.place}. It is measured on the "
        f"{point.side}'s side of the delivery exchanger."
    )


def _delivered_heat(contract: Contract) -> str:
    heat = contract.delivered_heat
    return (
        f"Delivered heat is what the register `{heat.point}` counts. `{heat.flow_point}` shows "
        f"whether heat is called for, `{heat.supply_point}` how warm it comes."
    )


def _below_spec_heat(contract: Contract) -> str:
    price_frac = contract.below_spec_heat.price_frac
    if price_frac == 0:
        return "Heat that comes cooler than promised costs nothing."
    share = _exact("price_frac", price_frac)
    return f"Heat that comes cooler than promised costs {share} of the energy price."


def _fallback_heat(_: Contract) -> str:
    return "Heat of the fallback is never delivered heat and never billed by the supplier."


def _capacity(contract: Contract) -> str:
    heat = _exact("heat_kw", contract.capacity.heat_kw)
    return f"{heat} of heat stand ready while the servers run at their usual load."


def _supply_temperature(contract: Contract) -> str:
    """Say the promise as a whole: from when, how warm, how often (QOS-2 with QOS-5)."""
    promise, term = contract.supply_temperature, contract.term
    share = _exact("available_frac", contract.availability.available_frac_min)
    return (
        f"From {write_day(term.starts_on)} to {write_day(term.ends_on)}: supply at least "
        f"{_exact('supply_c', promise.supply_c_min)} while heat is called for, in {share} of "
        f"quarter-hours. A supply that falls short by no more than "
        f"{_exact('tolerance_k', promise.tolerance_k)} still counts as kept."
    )


def _availability(contract: Contract) -> str:
    clause = contract.availability
    share = _exact("available_frac", clause.available_frac_min)
    gap = {
        "failed": "one that was not measured counts as failed",
        "left out": "one that was not measured is left out",
    }[clause.not_measured_is]
    return (
        f"Each interval of {_exact('interval_min', clause.interval_min)} is judged. In a calendar "
        f"month at least {share} of them are delivered in full; excused ones are left out, {gap}."
    )


def _it_load(contract: Contract) -> str:
    clause = contract.it_load
    heat = _exact("heat_kw", clause.heat_kw_min)
    return (
        f"With idle servers there are still {heat} of heat. That heat is short because server "
        f"load is low is borne by the {clause.borne_by}."
    )


def _calendar(contract: Contract) -> str:
    return f"Months, days and hours are those of the clock of {contract.calendar.zone}."


def _maintenance(contract: Contract) -> str:
    window = contract.maintenance
    return (
        f"On {_WEEKDAYS[window.weekday - 1]}s from {window.starts_at:02d}:00 to "
        f"{window.ends_at:02d}:00 the plant may stand still for maintenance, announced "
        f"{_count(window.notice_days, 'day')} before; these quarter-hours are excused."
    )


def _cause_allocation(contract: Contract) -> str:
    bearer = contract.cause_allocation.unknown_borne_by
    return f"An interruption whose cause nobody knows is borne by the {bearer}."


def _fallback_plant(contract: Contract) -> str:
    plant = contract.fallback_plant
    heat = _exact("heat_kw", plant.heat_kw)
    return (
        f"When the supplier's heat is short, a fallback of {heat} keeps the customer warm; the "
        f"{plant.owner} owns and maintains it."
    )


def _heat_meter(contract: Contract) -> str:
    meter = contract.heat_meter
    again = (
        f"; the supplier has it verified anew every {meter.verified_every_years} years"
        if meter.verified_every_years
        else ""
    )
    return (
        f"Heat meter {meter.serial} is of accuracy class {meter.accuracy_class}, made for "
        f"{_exact('flow_m3h', meter.flow_m3h_rated)} of {meter.medium} and differences from "
        f"{_exact('lift_k', meter.lift_k_min)}. Its verification holds until "
        f"{write_day(meter.verified_until)}{again}."
    )


def _registers(contract: Contract) -> str:
    registers = contract.registers
    return (
        f"The register counts {label_of(registers.unit)} with {registers.digits} digits, "
        f"{registers.decimals} of them after the point, and then starts again at nought."
    )


def _reading_plan(contract: Contract) -> str:
    plan = contract.reading_plan
    return (
        f"The meter is read every {_exact('interval_min', plan.interval_min)}. The last reading "
        "at or before the end of a month closes it, if it is no older than "
        f"{_exact('gap_min', plan.edge_gap_min_max)}."
    )


def _missing_data(contract: Contract) -> str:
    gap = _exact("gap_h", contract.missing_data.gap_h_max)
    return (
        f"Where readings are missing for up to {gap}, the register has counted on and is billed. "
        "A longer gap stops the bill until a person has looked."
    )


def _standing_fee(contract: Contract) -> str:
    price = _price(contract, "price_per_month", contract.standing_fee.price_per_month)
    return f"Standing ready costs {price}, prorated by hours where the term covers a part."


def _energy_price(contract: Contract) -> str:
    price = _price(contract, "price_per_kwh", contract.energy_price.price_per_kwh)
    return f"Delivered heat costs {price}."


def _composition(contract: Contract) -> str:
    return f"A bill is made in this order: {contract.composition.order}."


def _service_credit(contract: Contract) -> str:
    steps = " ".join(_band(band) for band in contract.service_credit.bands)
    return f"{steps} The lowest band that applies counts. It is a {contract.service_credit.nature}."


def _band(band: CreditBand) -> str:
    credit = _exact("credit_frac", band.credit_frac)
    below = _exact("available_frac", band.available_frac_below)
    return f"Below {below} availability {credit} of the standing fee are credited."


def _billing_period(contract: Contract) -> str:
    return f"An invoice covers a {contract.billing_period.each}."


def _rounding(contract: Contract) -> str:
    half = {
        RoundingRule.HALF_UP: "half a coin is rounded up",
        RoundingRule.HALF_EVEN: "half a coin goes to the even coin",
    }[contract.rounding.rule]
    return f"Each line is rounded to the coin, {half}; totals are sums of lines."


def _vat(contract: Contract) -> str:
    vat = contract.vat
    rate = _exact("vat_frac", vat.vat_frac)
    return f"VAT is {rate}, category {vat.category}. Why: {vat.evidence}."


def _payment(contract: Contract) -> str:
    payment = contract.payment
    return (
        f"Invoices are in {payment.currency} and due {_count(payment.due_days, 'day')} after "
        f"their date, to account {payment.iban}."
    )


def _term(contract: Contract) -> str:
    term = contract.term
    return (
        f"The contract runs from {write_day(term.starts_on)} to {write_day(term.ends_on)}. "
        f"Without notice {_count(term.notice_months, 'month')} before the end it runs on for a "
        "year."
    )


def _exact(name: str, value: float | Decimal, *, currency: str = "") -> str:
    """Write a quantity with the decimals of its unit, and more where the document has more."""
    unit = unit_of(name)
    assert unit is not None, name
    exact = Decimal(str(value))
    places = _places(exact * unit.scale)
    # Per cent are written as people say them: 97 %, or 97.25 % where a quarter was agreed.
    decimals = places if unit.scale != 1 else max(unit.decimals, places)
    return format_quantity(name, exact, currency=currency, decimals=decimals)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int), value
    return max(0, -exponent)


def _price(contract: Contract, name: str, price: Decimal) -> str:
    return _exact(name, price, currency=contract.currency)


def _count(number: int, word: str) -> str:
    return f"{format_number(number, 0)} {word}" + ("" if number == 1 else "s")


_SAY: dict[str, Callable[[Contract], str]] = {
    "contract": _paper,
    "parties": _parties,
    "delivery_point": _delivery_point,
    "delivered_heat": _delivered_heat,
    "below_spec_heat": _below_spec_heat,
    "fallback_heat": _fallback_heat,
    "capacity": _capacity,
    "supply_temperature": _supply_temperature,
    "availability": _availability,
    "it_load": _it_load,
    "calendar": _calendar,
    "maintenance": _maintenance,
    "cause_allocation": _cause_allocation,
    "fallback_plant": _fallback_plant,
    "heat_meter": _heat_meter,
    "registers": _registers,
    "reading_plan": _reading_plan,
    "missing_data": _missing_data,
    "standing_fee": _standing_fee,
    "energy_price": _energy_price,
    "composition": _composition,
    "service_credit": _service_credit,
    "billing_period": _billing_period,
    "rounding": _rounding,
    "vat": _vat,
    "payment": _payment,
    "term": _term,
}
