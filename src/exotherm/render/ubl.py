"""The invoice as an e-invoice: UBL 2.1 by EN 16931, the same bytes for the same invoice.

Numbers like BT-18 are the business terms of EN 16931-1. Codes: UNTDID 1001 (document), 1153
(reference), 4461 (payment), 5305 (VAT); units of UN/ECE recommendation 20.
"""

from decimal import Decimal
from typing import cast

from lxml import etree

from exotherm.bill.explain import explain_breaks, explain_line
from exotherm.bill.invoice import Invoice, InvoiceLine, Metering
from exotherm.contract.terms import Party
from exotherm.core.period import write_instant

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
# The stubs know no default namespace, which lxml names None.
_PREFIXES = cast("dict[str, str]", {None: INVOICE, "cac": CAC, "cbc": CBC})

# The only units a line may carry: validators accept any code of the list, also GJ, which is gram
# per millilitre.
UNIT_CODES = {
    "kwh": "KWH",
    "kwh not taken": "KWH",
    "kwh taken off": "KWH",
    "kwh of electricity": "KWH",
    "month": "MON",
    "kw_month": "KWT",
    "standing fee": "C62",
    "heat charge": "C62",
    "saving": "C62",
    "bill": "C62",
    "adjustment": "C62",
}

_COMMERCIAL_INVOICE = "380"
_INVOICED_OBJECT = "130"
_METER_NUMBER = "MG"
_SEPA_TRANSFER, _TRANSFER = "58", "30"
_MAIL = "EM"


def render_ubl(invoice: Invoice) -> bytes:
    """Write an invoice as UBL 2.1 in the order of its schema, in UTF-8."""
    root = etree.Element(f"{{{INVOICE}}}Invoice", nsmap=_PREFIXES)
    _head(root, invoice)
    _party(_group(root, "AccountingSupplierParty"), invoice.supplier)
    _party(_group(root, "AccountingCustomerParty"), invoice.customer)
    _payment_means(root, invoice)
    _tax_total(root, invoice)
    _monetary_total(root, invoice)
    for number, line in enumerate(invoice.lines, start=1):
        _line(root, invoice, line, number)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _field(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{CBC}}}{name}", attrib=attributes).text = text


def _amount(parent: etree._Element, name: str, amount: Decimal, invoice: Invoice) -> None:
    _field(parent, name, f"{amount:f}", currencyID=invoice.currency)


def _head(root: etree._Element, invoice: Invoice) -> None:
    _field(root, "CustomizationID", "urn:cen.eu:en16931:2017")
    _field(root, "ID", invoice.number)
    _field(root, "IssueDate", invoice.issued_on.isoformat())
    _field(root, "DueDate", invoice.due_on.isoformat())
    _field(root, "InvoiceTypeCode", _COMMERCIAL_INVOICE)
    _field(root, "Note", _note(invoice))
    _field(root, "DocumentCurrencyCode", invoice.currency)
    # A buyer's reference (BT-10) is what public bodies file by; both parties have the contract's.
    _field(root, "BuyerReference", invoice.contract_reference)
    _period(root, invoice)
    _field(_group(root, "ContractDocumentReference"), "ID", invoice.contract_reference)
    _meter_reference(_group(root, "AdditionalDocumentReference"), invoice.metering)


def _note(invoice: Invoice) -> str:
    note = f"Contract {invoice.contract_reference}, version {invoice.contract_version}."
    if invoice.evidence_key:
        note += f" Evidence of this period is signed with the key {invoice.evidence_key}."
    return note


def _period(parent: etree._Element, invoice: Invoice) -> None:
    """Write the period; both dates are part of it (BT-73, BT-74), unlike our half-open periods."""
    period = _group(parent, "InvoicePeriod")
    _field(period, "StartDate", invoice.first_day.isoformat())
    _field(period, "EndDate", invoice.last_day.isoformat())


def _meter_reference(reference: etree._Element, metering: Metering) -> None:
    """Name the meter as the object that is invoiced (BT-18, BT-128)."""
    _field(reference, "ID", metering.serial, schemeID=_METER_NUMBER)
    _field(reference, "DocumentTypeCode", _INVOICED_OBJECT)


def _party(role: etree._Element, party: Party) -> None:
    of_party = _group(role, "Party")
    _field(of_party, "EndpointID", party.email, schemeID=_MAIL)
    address = _group(of_party, "PostalAddress")
    _field(address, "StreetName", party.street)
    _field(address, "CityName", party.city)
    _field(address, "PostalZone", party.postcode)
    _field(_group(address, "Country"), "IdentificationCode", party.country)
    tax = _group(of_party, "PartyTaxScheme")
    _field(tax, "CompanyID", party.vat_id)
    _field(_group(tax, "TaxScheme"), "ID", "VAT")
    _field(_group(of_party, "PartyLegalEntity"), "RegistrationName", party.name)
    _field(_group(of_party, "Contact"), "ElectronicMail", party.email)


def _payment_means(root: etree._Element, invoice: Invoice) -> None:
    means = _group(root, "PaymentMeans")
    code = _SEPA_TRANSFER if invoice.currency == "EUR" else _TRANSFER
    _field(means, "PaymentMeansCode", code)
    _field(means, "PaymentID", invoice.number)
    account = _group(means, "PayeeFinancialAccount")
    _field(account, "ID", invoice.iban)
    _field(account, "Name", invoice.supplier.name)


def _tax_total(root: etree._Element, invoice: Invoice) -> None:
    total = _group(root, "TaxTotal")
    _amount(total, "TaxAmount", invoice.vat_amount, invoice)
    subtotal = _group(total, "TaxSubtotal")
    _amount(subtotal, "TaxableAmount", invoice.net_amount, invoice)
    _amount(subtotal, "TaxAmount", invoice.vat_amount, invoice)
    _category(subtotal, "TaxCategory", invoice, reason=invoice.vat_category == "E")


def _category(parent: etree._Element, name: str, invoice: Invoice, *, reason: bool = False) -> None:
    category = _group(parent, name)
    _field(category, "ID", invoice.vat_category)
    _field(category, "Percent", f"{(invoice.vat_frac * 100).normalize():f}")
    if reason:
        _field(category, "TaxExemptionReason", invoice.vat_reason)
    _field(_group(category, "TaxScheme"), "ID", "VAT")


def _monetary_total(root: etree._Element, invoice: Invoice) -> None:
    total = _group(root, "LegalMonetaryTotal")
    _amount(total, "LineExtensionAmount", invoice.net_amount, invoice)
    _amount(total, "TaxExclusiveAmount", invoice.net_amount, invoice)
    _amount(total, "TaxInclusiveAmount", invoice.total_amount, invoice)
    _amount(total, "PayableAmount", invoice.total_amount, invoice)


def _line(root: etree._Element, invoice: Invoice, line: InvoiceLine, number: int) -> None:
    """Write a line; a credit has a negative quantity, for a price never is negative (BR-27)."""
    element = _group(root, "InvoiceLine")
    _field(element, "ID", str(number))
    _field(element, "Note", _note_of_line(invoice, line))
    code = UNIT_CODES[line.unit]
    _field(element, "InvoicedQuantity", f"{line.quantity:f}", unitCode=code)
    _amount(element, "LineExtensionAmount", line.amount, invoice)
    _period(element, invoice)
    if line.registers:
        _meter_reference(_group(element, "DocumentReference"), invoice.metering)
    item = _group(element, "Item")
    _field(item, "Name", line.description)
    _field(_group(item, "SellersItemIdentification"), "ID", line.clause)
    _category(item, "ClassifiedTaxCategory", invoice)
    if line.registers:
        _readings(item, invoice.metering)
    _amount(_group(element, "Price"), "PriceAmount", line.price, invoice)


def _note_of_line(invoice: Invoice, line: InvoiceLine) -> str:
    """Say how a line is reckoned; of readings also why they are not apart by what is billed."""
    breaks = explain_breaks(invoice) if line.registers else ()
    return " ".join((explain_line(invoice, line), *breaks))


def _readings(item: etree._Element, metering: Metering) -> None:
    """Write the register readings as attributes of the item (BG-32), with their instants."""
    register = metering.registers.register
    for name, value in (
        ("Opening reading", f"{register.write(metering.registers.opening_count)} kWh"),
        ("Opening reading at", write_instant(metering.opening_at)),
        ("Closing reading", f"{register.write(metering.registers.closing_count)} kWh"),
        ("Closing reading at", write_instant(metering.closing_at)),
        ("Reading type", metering.reading_type),
        ("Meter", metering.serial),
        ("Verified until", metering.verified_until.isoformat()),
    ):
        attribute = _group(item, "AdditionalItemProperty")
        _field(attribute, "Name", name)
        _field(attribute, "Value", value)
