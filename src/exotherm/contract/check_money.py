"""Checks of what is paid: prices, credits, tax, currency, account."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from exotherm.contract.case import Case, Check, own_heat, percent
from exotherm.contract.check_price_size import price_of_other_size
from exotherm.contract.terms.credits import CreditBand
from exotherm.core.findings import Finding


def _currencies_agree(case: Case) -> Iterator[Finding]:
    """Check that contract and site count in one currency."""
    ours, theirs = case.contract.currency, case.site.site.currency
    if ours != theirs:
        yield case.source.error(
            "contract.currency-differs",
            "payment",
            "currency",
            message=f"The contract is in {ours}, the site's costs are in {theirs}.",
            remedy="Write one currency into both files; nothing is converted by guess.",
            contract=ours,
            site=theirs,
        )


def _prices_are_not_negative(case: Case) -> Iterator[Finding]:
    """Check that no price is below nought: a bill could not carry it."""
    fee, energy = case.contract.standing_fee, case.contract.energy_price
    prices = (
        ("standing_fee", "price_per_month", fee and fee.price_per_month),
        ("energy_price", "price_per_kwh", energy and energy.price_per_kwh),
    )
    for table, field, price in prices:
        if isinstance(price, Decimal) and price < 0:
            yield case.source.error(
                "contract.price-negative",
                table,
                field,
                message=f"`{table}.{field}` is {case.price(field, price)}; an invoice carries no "
                "negative price.",
                remedy="Give a price of nought or more; what the supplier pays is a contract the "
                "other way round.",
                price=str(price),
            )


def _energy_price_is_plausible(case: Case) -> Iterator[Finding]:
    """Check that the energy price is per kilowatt hour and does not exceed the boiler's heat."""
    energy, site = case.contract.energy_price, case.site
    if energy is None:
        return
    price = energy.price_per_kwh
    boiler = site.economics.fuel_per_kwh / site.boiler.efficiency_frac
    boiler_per_kwh = Decimal(str(round(boiler, 6)))
    shown = case.price("price_per_kwh", price)
    place = ("energy_price", "price_per_kwh")
    other = price_of_other_size(case, *place, price=price, fuel_per_kwh=boiler_per_kwh)
    if other is not None:
        yield other
    elif price > boiler_per_kwh > 0 and case.contract.currency == site.site.currency:
        yield case.source.warning(
            "contract.price-above-boiler",
            "energy_price",
            "price_per_kwh",
            message=f"A kilowatt hour of heat costs {shown}; {own_heat(site)} makes one for "
            f"{case.price('boiler_per_kwh', boiler_per_kwh)}.",
            remedy="Lower the price, or be ready to say what else the customer pays for.",
            price_per_kwh=str(price),
            boiler_per_kwh=str(boiler_per_kwh),
        )


def _bands_are_steps(case: Case) -> Iterator[Finding]:
    """Check that credit bands stand in order, once each, and that worse service credits more."""
    bands = case.contract.service_credit.bands
    for index, (before, band) in enumerate(pairwise(bands), start=1):
        below = percent(band.available_frac_below)
        if band.available_frac_below == before.available_frac_below:
            yield case.source.error(
                "contract.band-repeated",
                "service_credit",
                "bands",
                index,
                message=f"Two bands begin below {below}; only one of their credits can hold.",
                remedy="Remove one of the two.",
                available_frac_below=band.available_frac_below,
            )
        elif band.available_frac_below > before.available_frac_below:
            yield case.source.error(
                "contract.bands-out-of-order",
                "service_credit",
                "bands",
                index,
                message=f"The band below {below} stands after the one below "
                f"{percent(before.available_frac_below)}.",
                remedy="List the bands from the best availability to the worst.",
                available_frac_below=band.available_frac_below,
            )
        elif band.credit_frac <= before.credit_frac:
            yield _credit_does_not_grow(case, index, before, band)


def _credit_does_not_grow(case: Case, index: int, before: CreditBand, band: CreditBand) -> Finding:
    return case.source.error(
        "contract.band-credit-not-more",
        "service_credit",
        "bands",
        index,
        message=f"Below {percent(band.available_frac_below)} the credit is "
        f"{percent(band.credit_frac)}, no more than the {percent(before.credit_frac)} below "
        f"{percent(before.available_frac_below)}.",
        remedy="Let the credit grow from band to band.",
        credit_frac=band.credit_frac,
        credit_frac_before=before.credit_frac,
    )


def _bands_meet_promise(case: Case) -> Iterator[Finding]:
    """Check that credits begin exactly where the promise is missed."""
    promised = case.contract.availability.available_frac_min
    bands = case.contract.service_credit.bands
    for index, band in enumerate(bands):
        if band.available_frac_below > promised:
            yield case.source.error(
                "contract.band-above-promise",
                "service_credit",
                "bands",
                index,
                message=f"A credit is due below {percent(band.available_frac_below)}, but only "
                f"{percent(promised)} are promised: a kept promise would be credited.",
                remedy=f"Begin the band at {promised:g} or below.",
                available_frac_below=band.available_frac_below,
                available_frac_min=promised,
            )
    first = max(band.available_frac_below for band in bands)
    if first < promised:
        yield case.source.warning(
            "contract.promise-without-credit",
            "service_credit",
            "bands",
            message=f"{percent(promised)} are promised, but the first credit is due below "
            f"{percent(first)}: between the two a missed promise costs nothing.",
            remedy=f"Begin the first band at {promised:g}.",
            available_frac_below=first,
            available_frac_min=promised,
        )


def _credit_is_worth_something(case: Case) -> Iterator[Finding]:
    """Check that the fee of which credits are a share is more than nought.

    A credit is at most the whole standing fee, so it never makes a bill negative.
    """
    contract, fee = case.contract, case.contract.standing_fee
    best = max(band.credit_frac for band in contract.service_credit.bands)
    if contract.service_credit.base != "standing fee":
        worth = Decimal(1)
    else:
        worth = fee.price_per_month if fee else Decimal(0)
    if not worth or not best:
        shown = case.price("price_per_month", worth)
        yield case.source.warning(
            "contract.credit-empty",
            "service_credit",
            "bands",
            message=f"Credits are at most {percent(best)} of a standing fee of {shown}: a missed "
            "promise costs nothing.",
            remedy="Give a standing fee and a credit, so that the promise has a consequence.",
            credit_frac_max=best,
            price_per_month=str(worth),
        )


def _vat_fits_category(case: Case) -> Iterator[Finding]:
    """Check that category and rate of VAT agree, as an e-invoice demands."""
    vat = case.contract.vat
    if (vat.category == "S") != (vat.vat_frac > 0):
        wanted = "more than nought" if vat.category == "S" else "nought"
        yield case.source.error(
            "contract.vat-differs",
            "vat",
            "vat_frac",
            message=f"VAT category {vat.category} has a rate of {wanted}, but the contract says "
            f"{percent(vat.vat_frac)}.",
            remedy="Ask your tax adviser which of the two holds: S is taxed, Z and E are not.",
            category=vat.category,
            vat_frac=vat.vat_frac,
        )


def _iban_is_whole(case: Case) -> Iterator[Finding]:
    """Check the account's check digits by ISO 13616: the number modulo 97 is 1."""
    iban = case.contract.payment.iban
    digits = "".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])
    if int(digits) % 97 != 1:
        yield case.source.error(
            "contract.iban-wrong",
            "payment",
            "iban",
            message=f"The check digits of {iban} are wrong: a digit is missing or exchanged.",
            remedy="Copy the IBAN from a letter of the bank.",
            iban=iban,
        )


def _parties_are_two(case: Case) -> Iterator[Finding]:
    """Check that supplier and customer are not the same."""
    supplier, customer = case.contract.parties.supplier, case.contract.parties.customer
    if supplier.vat_id == customer.vat_id:
        yield case.source.error(
            "contract.parties-same",
            "parties",
            "customer",
            "vat_id",
            message=f"Supplier and customer have the same VAT number {customer.vat_id}.",
            remedy="Correct the number; nobody invoices oneself.",
            vat_id=customer.vat_id,
        )


MONEY_CHECKS: tuple[Check, ...] = (
    _currencies_agree,
    _prices_are_not_negative,
    _energy_price_is_plausible,
    _bands_are_steps,
    _bands_meet_promise,
    _credit_is_worth_something,
    _vat_fits_category,
    _iban_is_whole,
    _parties_are_two,
)
