"""The sheet of inputs: every assumption of the money with a name that formulas use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xlsxwriter.worksheet import Worksheet

from exotherm.core.documents import Assumption
from exotherm.plan.study import StudyResult
from exotherm.render.workbook.sheets import Book
from exotherm.site.basis import Basis, basis_of
from exotherm.site.economics import Economics, Hosting, Renewal

SHEET = "Inputs"
_WIDTHS = (48.0, 14.0, 16.0, 9.0, 72.0)
_A_YEAR = "a year"
_EITHER = "1 or 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One named cell: what it is, its value, and the field of the site file it is from.

    One that was left out goes by another: ``follows`` is that one's name.
    """

    name: str
    label: str
    value: float
    unit: str
    number: str
    path: str = ""
    follows: str = ""


def write_inputs(book: Book, study: StudyResult, bases: tuple[Basis, ...]) -> None:
    """Write the sheet of inputs and name its cells."""
    economics = study.economics
    sheet = book.sheet(SHEET, "Inputs: change a blue cell and see Results", widths=_WIDTHS)
    sources = {one.path: one for one in study.assumptions}
    row = _head(book, sheet, 2, ("Input", "Value", "Unit", "Basis", "Where from"))
    for group, inputs in _groups(economics, study):
        row += 1
        sheet.write(row, 0, group, book.style("general", "group"))
        for one in inputs:
            row += 1
            _write(book, sheet, row, one, sources.get(one.path), basis_of(one.path, bases))
    row = _items(book, sheet, row + 2, economics, study.currency)
    _certificates(book, sheet, row + 2, economics, study.currency)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(0, 2)


def _head(book: Book, sheet: Worksheet, row: int, words: Sequence[str]) -> int:
    for column, word in enumerate(words):
        sheet.write(row, column, word, book.style("general", "head"))
    return row


def _write(
    book: Book,
    sheet: Worksheet,
    row: int,
    one: Input,
    source: Assumption | None,
    basis: Basis | None,
) -> None:
    sheet.write(row, 0, one.label, book.style("general"))
    style = book.style(one.number, "input")
    if one.follows:
        book.formula(sheet, row, 1, f"={one.follows}", one.value, style)
    else:
        sheet.write_number(row, 1, one.value, style)
    sheet.write(row, 2, one.unit, book.style("general", "unit"))
    kind, said = _where_from(one, source, basis)
    sheet.write(row, 3, kind, book.style("general", "soft"))
    book.wrapped(sheet, row, 4, said, width=_WIDTHS[4])
    book.name(one.name, f"'{SHEET}'!$B${row + 1}")


def _where_from(one: Input, source: Assumption | None, basis: Basis | None) -> tuple[str, str]:
    """Say what an input rests on, and where that can be looked up."""
    if basis is not None:
        return basis.kind, f"{one.path}: {basis.source}, {basis.dated_on}"
    if source is None:
        return "", one.path
    kind = "stated" if source.given else "default"
    return kind, f"{one.path}: {source.source}" if source.source else one.path


def _groups(economics: Economics, study: StudyResult) -> Iterator[tuple[str, list[Input]]]:
    currency = study.currency
    yield "Term and rates", _term(economics)
    yield "How prices move, a year", _outlook(economics, study)
    yield "Prices and costs of year 0", _prices(economics, study)
    yield "Tax and loan", _tax_and_loan(economics)
    yield "Cooler that is due in any case", _renewal("cooler", economics.cooler_renewal, currency)
    yield "Boiler that is due in any case", _boiler(economics, study)
    if economics.hosting is not None:
        yield "Plain hosting growth", _hosting(economics.hosting, currency)
    yield "Sale and lease of the plant instead", _instead(economics, currency)


def _term(economics: Economics) -> list[Input]:
    return [
        _number("term_years", "Years of the term (leave: the sheets have as many columns)",
                economics.term_years, "years", "whole"),
        _share("discount_frac", "Discount rate of the operator, real", economics.discount_frac,
               _A_YEAR),
        _customer_discount(economics),
        _share("target_frac", "Return that the operator wants, nominal",
               economics.irr_frac_target or 0.0, _A_YEAR, "irr_frac_target"),
    ]  # fmt: skip


def _customer_discount(economics: Economics) -> Input:
    """Give the customer's rate, which is the operator's where none is stated."""
    own, label = economics.customer_discount_frac, "Discount rate of the customer, real"
    if own is not None:
        return _share("customer_discount_frac", label, own, _A_YEAR)
    shared = _share("customer_discount_frac", label, economics.discount_frac, _A_YEAR)
    return replace(shared, follows="discount_frac")


def _outlook(economics: Economics, study: StudyResult) -> list[Input]:
    outlook = economics.outlook
    return [
        _share("inflation_frac", "Inflation", outlook.inflation_frac, _A_YEAR,
               "outlook.inflation_frac"),
        _share("electricity_rise_frac", "Electricity, beyond inflation",
               outlook.electricity_frac, _A_YEAR, "outlook.electricity_frac"),
        _share("fuel_rise_frac", "Fuel, beyond inflation",
               outlook.fuel_frac, _A_YEAR, "outlook.fuel_frac"),
        Input(name="is_indexed", label="Heat follows inflation (1) or not (0)",
              value=float(study.operation.is_indexed), unit=_EITHER, number="whole",
              path="contract.toml, composition"),
    ]  # fmt: skip


def _prices(economics: Economics, study: StudyResult) -> list[Input]:
    currency = study.currency
    return [
        _number("electricity_per_kwh", "Electricity", economics.electricity_per_kwh,
                f"{currency}/kWh", "price"),
        _number("upkeep_per_year", "Upkeep", economics.upkeep_per_year, f"{currency}/year",
                "money"),
        Input(name="grants_amount", label="Grants that are granted",
              value=study.finance.cash[0].grant, unit=currency, number="money",
              path="economics.grant_amount and grants"),
        Input(name="residual_counts", label="What has life left at the end is worth it (1)",
              value=float(economics.residual != "nothing"), unit=_EITHER, number="whole",
              path="economics.residual"),
    ]  # fmt: skip


def _tax_and_loan(economics: Economics) -> list[Input]:
    return [
        _share("tax_frac", "Tax on profit", economics.tax.rate_frac, "of the profit",
               "tax.rate_frac"),
        _number("depreciation_years", "Years of depreciation",
                economics.tax.depreciation_years, "years", "whole", "tax.depreciation_years"),
        _share("debt_frac", "Share of the investment that is lent",
               economics.debt.share_frac, "of the investment", "debt.share_frac"),
        _share("interest_frac", "Interest", economics.debt.interest_frac, _A_YEAR,
               "debt.interest_frac"),
        _number("debt_years", "Years of the loan", economics.debt.years, "years", "whole",
                "debt.years"),
    ]  # fmt: skip


def _instead(economics: Economics, currency: str) -> list[Input]:
    return [
        _share("sale_margin_frac", "Margin of a sale", economics.sale.margin_frac,
               "of the costs", "sale.margin_frac"),
        _number("sale_heat_per_kwh", "Heat after a sale", economics.sale.heat_per_kwh,
                f"{currency}/kWh", "price", "sale.heat_per_kwh"),
        _number("sale_amount", "Price of the plant; nought: investment and margin",
                economics.sale.amount or 0.0, currency, "money", "sale.amount"),
        _share("lease_margin_frac", "Margin of a lease", economics.lease.margin_frac,
               "of the costs", "lease.margin_frac"),
        _number("lease_heat_per_kwh", "Heat in a lease", economics.lease.heat_per_kwh,
                f"{currency}/kWh", "price", "lease.heat_per_kwh"),
        _number("lease_amount", "Rent of a year; nought: costs and margin",
                economics.lease.amount_per_year or 0.0, f"{currency}/year", "money",
                "lease.amount_per_year"),
    ]  # fmt: skip


def _share(name: str, label: str, value: float, of: str, path: str | None = None) -> Input:
    """Give a share, whose cell shows per cent; its unit is what it is a share of."""
    return Input(
        name=name, label=label, value=value, unit=of, number="share",
        path=f"economics.{path or name}",
    )  # fmt: skip


def _number(
    name: str, label: str, value: float, unit: str, number: str, path: str | None = None
) -> Input:
    return Input(
        name=name, label=label, value=float(value), unit=unit, number=number,
        path=f"economics.{path or name}",
    )  # fmt: skip


def _renewal(machine: str, renewal: Renewal | None, currency: str) -> list[Input]:
    own = renewal or Renewal(amount=0.0, due_in_years=0)
    table = f"{machine}_renewal"
    return [
        _number(f"{machine}_amount", "Price of its replacement", own.amount, currency, "money",
                f"{table}.amount"),
        _number(f"{machine}_due_years", "Years until it is due", own.due_in_years, "years",
                "whole", f"{table}.due_in_years"),
        _number(f"{machine}_life_years", "Years until it is due again", own.life_years, "years",
                "whole", f"{table}.life_years"),
        _share(f"{machine}_avoided_frac", "Share of it that is avoided", own.avoided_frac,
               "of its price", f"{table}.avoided_frac"),
    ]  # fmt: skip


def _boiler(economics: Economics, study: StudyResult) -> list[Input]:
    """Give the boiler's renewal; where none is stated, one that burns as the old one does."""
    old_frac, renewal = study.operation.boiler_efficiency_frac, economics.boiler_renewal
    return [
        *_renewal("boiler", renewal, study.currency),
        Input(name="boiler_old_efficiency_frac", label="Efficiency of the boiler of today",
              value=old_frac, unit="of the fuel", number="share", path="boiler.efficiency_frac"),
        _share("boiler_new_efficiency_frac", "Efficiency of the one that replaces it",
               old_frac if renewal is None else renewal.efficiency_frac,
               "of the fuel", "boiler_renewal.efficiency_frac"),
    ]  # fmt: skip


def _hosting(own: Hosting, currency: str) -> list[Input]:
    return [
        _number("hosting_amount_per_kw", "Investment of a kilowatt", own.amount_per_kw,
                f"{currency}/kW", "money", "hosting.amount_per_kw"),
        _number("hosting_margin_per_kw_month", "What it brings a month", own.margin_per_kw_month,
                f"{currency}/(kW·month)", "cents", "hosting.margin_per_kw_month"),
        _number("hosting_life_years", "Years until it is bought again", own.life_years, "years",
                "whole", "hosting.life_years"),
    ]  # fmt: skip


def _items(book: Book, sheet: Worksheet, row: int, economics: Economics, currency: str) -> int:
    """Write what is bought; formulas sum over its amounts and lives."""
    sheet.write(row, 0, "What is bought", book.style("general", "group"))
    row = _head(book, sheet, row + 1, ("Item", f"Amount, {currency}", "Life, years", "", ""))
    first = row + 1
    # A range of nothing has no name, so a plant that costs nothing has one item of nought.
    for item in economics.investment or ():
        row += 1
        sheet.write(row, 0, item.name, book.style("general"))
        sheet.write_number(row, 1, item.amount, book.style("money", "input"))
        sheet.write_number(row, 2, item.life_years, book.style("whole", "input"))
    if not economics.investment:
        row += 1
        sheet.write(row, 0, "nothing", book.style("general"))
        sheet.write_number(row, 1, 0.0, book.style("money", "input"))
        sheet.write_number(row, 2, 1.0, book.style("whole", "input"))
    for column, name in (("B", "item_amount"), ("C", "item_life_years")):
        book.name(name, f"'{SHEET}'!${column}${first + 1}:${column}${row + 1}")
    return row


def _certificates(
    book: Book, sheet: Worksheet, row: int, economics: Economics, currency: str
) -> None:
    """Write certificates; only those that are contracted count."""
    sheet.write(row, 0, "Certificates and credits", book.style("general", "group"))
    row = _head(book, sheet, row + 1, ("Programme", f"{currency}/kWh", "Years", "Counts", ""))
    first = row + 1
    rows = [
        (one.name, one.amount_per_kwh, one.years, float(one.state == "contracted"))
        for one in economics.certificates
    ] or [("none", 0.0, 1, 0.0)]
    for name, amount, years, counts in rows:
        row += 1
        sheet.write(row, 0, name, book.style("general"))
        sheet.write_number(row, 1, amount, book.style("price", "input"))
        sheet.write_number(row, 2, years, book.style("whole", "input"))
        sheet.write_number(row, 3, counts, book.style("whole", "input"))
    for column, name in (
        ("B", "certificate_per_kwh"),
        ("C", "certificate_years"),
        ("D", "certificate_counts"),
    ):
        book.name(name, f"'{SHEET}'!${column}${first + 1}:${column}${row + 1}")
