"""The e-invoice against a second reckoning and against the order of the schema, both by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree
from october import HEAT, example_contract, lived_month, october_invoice, perfect_month

from exotherm.bill.invoice import Invoice
from exotherm.core.period import Period
from exotherm.render.ubl import CAC, CBC, INVOICE, UNIT_CODES, render_ubl

NAMES = {"i": INVOICE, "a": CAC, "b": CBC}

# Order of OASIS UBL 2.1, of what EN 16931 uses; a parent's children stand in this order.
ORDER = {
    "Invoice": "CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note TaxPointDate "
    "DocumentCurrencyCode TaxCurrencyCode AccountingCost BuyerReference InvoicePeriod "
    "OrderReference BillingReference DespatchDocumentReference ReceiptDocumentReference "
    "OriginatorDocumentReference ContractDocumentReference AdditionalDocumentReference "
    "ProjectReference AccountingSupplierParty AccountingCustomerParty PayeeParty "
    "TaxRepresentativeParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal "
    "LegalMonetaryTotal InvoiceLine",
    "InvoicePeriod": "StartDate EndDate DescriptionCode",
    "AdditionalDocumentReference": "ID DocumentTypeCode DocumentDescription Attachment",
    "DocumentReference": "ID DocumentTypeCode",
    "Party": "EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme "
    "PartyLegalEntity Contact",
    "PostalAddress": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity "
    "AddressLine Country",
    "PartyTaxScheme": "CompanyID TaxScheme",
    "PartyLegalEntity": "RegistrationName CompanyID CompanyLegalForm",
    "Contact": "Name Telephone ElectronicMail",
    "PaymentMeans": "PaymentMeansCode PaymentID CardAccount PayeeFinancialAccount PaymentMandate",
    "PayeeFinancialAccount": "ID Name FinancialInstitutionBranch",
    "TaxTotal": "TaxAmount TaxSubtotal",
    "TaxSubtotal": "TaxableAmount TaxAmount TaxCategory",
    "TaxCategory": "ID Percent TaxExemptionReasonCode TaxExemptionReason TaxScheme",
    "ClassifiedTaxCategory": "ID Percent TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount "
    "AllowanceTotalAmount ChargeTotalAmount PrepaidAmount PayableRoundingAmount PayableAmount",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount AccountingCost InvoicePeriod "
    "OrderLineReference DocumentReference AllowanceCharge Item Price",
    "Item": "Description Name BuyersItemIdentification SellersItemIdentification "
    "StandardItemIdentification OriginCountry CommodityClassification ClassifiedTaxCategory "
    "AdditionalItemProperty",
    "AdditionalItemProperty": "Name Value",
    "Price": "PriceAmount BaseQuantity AllowanceCharge",
}
ONE_CHILD = {
    "AccountingSupplierParty",
    "AccountingCustomerParty",
    "ContractDocumentReference",
    "Country",
    "SellersItemIdentification",
    "TaxScheme",
}


def exempt() -> Invoice:
    contract = example_contract(
        lambda text: text.replace('category    = "S"', 'category = "E"').replace("0.22", "0.0")
    )
    return october_invoice(perfect_month(), contract)


INVOICES = {
    "lived": october_invoice(lived_month(), evidence_key="exotherm.example+1"),
    "exempt": exempt(),
    "heat only": october_invoice([one for one in perfect_month() if one.point == HEAT]),
}


def tree_of(invoice: Invoice) -> etree._Element:
    return etree.fromstring(render_ubl(invoice))


def texts(root: etree._Element, path: str) -> list[str]:
    return [str(one.text) for one in root.iterfind(path, NAMES)]


def text(root: etree._Element, path: str) -> str:
    (only,) = texts(root, path)
    return only


def local_name(element: etree._Element) -> str:
    return etree.QName(element).localname


@pytest.mark.parametrize("invoice", INVOICES.values(), ids=INVOICES)
def test_children_stand_in_the_order_of_the_schema(invoice: Invoice) -> None:
    for element in tree_of(invoice).iter():
        children = [local_name(child) for child in element]
        if not children:
            continue
        name = local_name(element)
        if name in ONE_CHILD:
            assert len(children) == 1, name
            continue
        order = ORDER[name].split()
        places = [order.index(child) for child in children]
        assert places == sorted(places), name


@pytest.mark.parametrize("invoice", INVOICES.values(), ids=INVOICES)
def test_totals_follow_from_the_lines(invoice: Invoice) -> None:
    """Reckon BR-CO-10, 13, 14, 15, 16 and 17 from the written text alone."""
    root = tree_of(invoice)
    lines = [Decimal(one) for one in texts(root, "a:InvoiceLine/b:LineExtensionAmount")]
    total = "a:LegalMonetaryTotal/b:"
    sum_of_lines = Decimal(text(root, f"{total}LineExtensionAmount"))
    without_vat = Decimal(text(root, f"{total}TaxExclusiveAmount"))
    with_vat = Decimal(text(root, f"{total}TaxInclusiveAmount"))
    due = Decimal(text(root, f"{total}PayableAmount"))
    vat = Decimal(text(root, "a:TaxTotal/b:TaxAmount"))
    groups = root.findall("a:TaxTotal/a:TaxSubtotal", NAMES)
    assert sum(lines) == sum_of_lines  # BR-CO-10
    assert sum_of_lines == without_vat  # BR-CO-13, no allowance or charge of the document
    assert vat == sum(Decimal(text(group, "b:TaxAmount")) for group in groups)  # BR-CO-14
    assert without_vat + vat == with_vat  # BR-CO-15
    assert with_vat == due  # BR-CO-16, nothing paid before
    for group in groups:  # BR-CO-17, in whole cents, half up
        base = int(Decimal(text(group, "b:TaxableAmount")) * 100)
        rate = int(Decimal(text(group, "a:TaxCategory/b:Percent")) * 100)
        in_cents = (base * rate + 5_000) // 10_000
        assert in_cents == int(Decimal(text(group, "b:TaxAmount")) * 100)


@pytest.mark.parametrize("invoice", INVOICES.values(), ids=INVOICES)
def test_every_line_is_quantity_times_price_and_no_price_is_negative(invoice: Invoice) -> None:
    for line in tree_of(invoice).iterfind("a:InvoiceLine", NAMES):
        quantity = Decimal(text(line, "b:InvoicedQuantity"))
        price = Decimal(text(line, "a:Price/b:PriceAmount"))
        amount = Decimal(text(line, "b:LineExtensionAmount"))
        assert price >= 0  # BR-27
        assert abs(quantity * price - amount) <= Decimal("0.005")


@pytest.mark.parametrize("invoice", INVOICES.values(), ids=INVOICES)
def test_units_are_of_the_allowed_few(invoice: Invoice) -> None:
    lines = tree_of(invoice).iterfind("a:InvoiceLine/b:InvoicedQuantity", NAMES)
    codes = {line.get("unitCode") for line in lines}
    assert codes <= {"KWH", "MON", "C62"}
    assert {"KWH", "KWT", "MON", "C62"} == set(UNIT_CODES.values())


@pytest.mark.parametrize("invoice", INVOICES.values(), ids=INVOICES)
def test_no_element_is_empty_and_every_amount_names_its_currency(invoice: Invoice) -> None:
    for element in tree_of(invoice).iter():
        assert len(element) or (element.text or "").strip(), local_name(element)
        if local_name(element).endswith("Amount"):
            assert element.get("currencyID") == "EUR"


def test_the_period_names_its_first_and_last_day() -> None:
    root = tree_of(INVOICES["lived"])
    assert texts(root, ".//a:InvoicePeriod/b:StartDate") == ["2026-10-01"] * 5
    assert texts(root, ".//a:InvoicePeriod/b:EndDate") == ["2026-10-31"] * 5


def test_a_period_that_ends_at_midnight_ends_on_the_day_before() -> None:
    period = Period(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    root = tree_of(replace(INVOICES["lived"], period=period, zone="UTC"))
    assert set(texts(root, ".//a:InvoicePeriod/b:EndDate")) == {"2026-10-31"}


def test_the_credit_is_a_line_of_negative_quantity() -> None:
    last = tree_of(INVOICES["lived"]).findall("a:InvoiceLine", NAMES)[-1]
    assert text(last, "b:InvoicedQuantity") == "-0.25"
    assert text(last, "b:LineExtensionAmount") == "-30.00"


def test_the_meter_is_the_invoiced_object_and_its_readings_are_attributes() -> None:
    root = tree_of(INVOICES["lived"])
    reference = root.find("a:AdditionalDocumentReference", NAMES)
    assert reference is not None
    assert text(reference, "b:ID") == "61440112"
    assert text(reference, "b:DocumentTypeCode") == "130"
    (scheme,) = {one.get("schemeID") for one in root.iterfind(".//a:DocumentReference/b:ID", NAMES)}
    assert scheme == "MG"
    heat = root.findall("a:InvoiceLine", NAMES)[1]
    names = texts(heat, "a:Item/a:AdditionalItemProperty/b:Name")
    values = texts(heat, "a:Item/a:AdditionalItemProperty/b:Value")
    assert dict(zip(names, values, strict=True)) == {
        "Opening reading": "00012345 kWh",
        "Opening reading at": "2026-09-30T22:00:00Z",
        "Closing reading": "00020326 kWh",
        "Closing reading at": "2026-10-31T23:00:00Z",
        "Reading type": "actual",
        "Meter": "61440112",
        "Verified until": "2032-12-31",
    }


def test_an_exempt_invoice_says_why() -> None:
    category = "a:TaxTotal/a:TaxSubtotal/a:TaxCategory/b:"
    root = tree_of(INVOICES["exempt"])
    assert text(root, f"{category}TaxExemptionReason").startswith("IT standard rate")
    assert text(root, f"{category}Percent") == "0"
    assert texts(tree_of(INVOICES["lived"]), f"{category}TaxExemptionReason") == []


def test_a_reduced_rate_keeps_its_decimals() -> None:
    contract = example_contract(
        lambda words: words.replace("vat_frac    = 0.22", "vat_frac = 0.055")
    )
    root = tree_of(october_invoice(perfect_month(), contract))
    assert set(texts(root, ".//b:Percent")) == {"5.5"}


def test_payment_is_to_the_account_of_the_contract() -> None:
    root = tree_of(INVOICES["lived"])
    assert text(root, "a:PaymentMeans/b:PaymentMeansCode") == "58"
    assert text(root, "a:PaymentMeans/b:PaymentID") == "2026-0010"
    account = "a:PaymentMeans/a:PayeeFinancialAccount/b:ID"
    assert text(root, account) == "IT60X0542811101000000123456"


def test_outside_the_euro_payment_is_a_plain_transfer() -> None:
    contract = example_contract(lambda words: words.replace('"EUR"', '"SEK"'))
    root = tree_of(october_invoice(perfect_month(), contract))
    assert text(root, "a:PaymentMeans/b:PaymentMeansCode") == "30"


def test_letters_that_xml_uses_itself_are_written_safely() -> None:
    contract = example_contract(
        lambda words: words.replace("Riverside Pool, Municipality", "Brüder <Ä> & Co")
    )
    root = tree_of(october_invoice(perfect_month(), contract))
    path = "a:AccountingCustomerParty/a:Party/a:PartyLegalEntity/b:RegistrationName"
    assert text(root, path) == "Brüder <Ä> & Co of Example"


def test_the_same_invoice_makes_the_same_bytes() -> None:
    assert render_ubl(INVOICES["lived"]) == render_ubl(INVOICES["lived"])
