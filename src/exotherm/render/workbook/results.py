"""The sheet of results: each figure as we found it, as the formulas find it, and the difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from exotherm.plan.ownership import Arrangement, Deal
from exotherm.plan.study import StudyResult
from exotherm.render.workbook.flows import Rows
from exotherm.render.workbook.sheets import Book, Row, Value

_NOMINAL = "((1+discount_frac)*(1+inflation_frac)-1)"
_CUSTOMER = "((1+customer_discount_frac)*(1+inflation_frac)-1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: what it is, what we found, and the formula that finds it again."""

    label: str
    value: Value
    formula: str
    unit: str
    number: str


class ResultsSheet:
    """The sheet of results, which stands before those that it is found from."""

    def __init__(self, book: Book) -> None:
        self._book = book
        widths = (46.0, 16.0, 16.0, 12.0, 12.0)
        self._sheet = book.sheet("Results", "Results, found twice", widths=widths)
        self._sheet.fit_to_pages(1, 1)
        self._sheet.activate()

    def write(self, study: StudyResult, rows: Rows) -> None:
        """Write every figure of a study, and name the price that its own sheet needs."""
        sheet, style, row = self._sheet, self._book.style, 2
        for column, word in enumerate(("Figure", "exotherm", "Formula", "Difference", "")):
            look = "right" if 1 <= column <= 3 else "head"
            sheet.write(row, column, word, style("general", look))
        for group, figures in _groups(study, rows):
            row += 2
            sheet.write(row, 0, group, style("general", "group"))
            for one in figures:
                row += 1
                self._figure(row, one)
        price = study.finance.price_for_target_per_kwh
        if price is not None:
            row += 2
            sheet.write(row, 0, "Price per kWh for the wanted return", style("general"))
            sheet.write_number(row, 1, price, style("price", "stated"))
            said = "found by halving; the sheet Target is worth nought at it"
            sheet.write(row, 2, said, style("general", "unit"))
            self._book.name("target_per_kwh", f"'Results'!$B${row + 1}")
        sheet.freeze_panes(3, 1)

    def _figure(self, row: int, one: Figure) -> None:
        sheet, book = self._sheet, self._book
        style = book.style(one.number, "found")
        sheet.write(row, 0, one.label, book.style("general"))
        sheet.write(row, 1, "none" if one.value is None else one.value, style)
        book.formula(sheet, row, 2, one.formula, one.value, style)
        ours, theirs = f"B{row + 1}", f"C{row + 1}"
        both = f"AND(ISNUMBER({ours}),ISNUMBER({theirs}))"
        differs = f'IF({ours}={theirs},0,"differs")'
        difference = f"=IF({both},ROUND({theirs}-{ours},6),{differs})"
        book.formula(sheet, row, 3, difference, 0.0, book.style("cents", "found"))
        sheet.write(row, 4, one.unit, book.style("general", "unit"))


def _npv(rate: str, row: Row) -> str:
    return f"SUMPRODUCT({row.all}/(1+{rate})^{row.numbers})"


def _irr(row: Row) -> str:
    """Give the formula of a return, of nothing where year 0 invests nothing.

    Flows that lose are sought below nought, or not found.
    """
    found = f'IFERROR(IRR({row.all},IF(SUM({row.all})<0,-0.05,0.1)),"none")'
    return f'=IF(INDEX({row.all},1)<0,{found},"none")'


def _paid_back(running: Row, stays: Row, flows: Row) -> str:
    """Give the formula of the year from which a running sum stays, parts of a year in line."""
    at = f"MATCH(1,{stays.all},0)"

    def cell(row: Row, shift: int) -> str:
        return f"INDEX({row.all},{at}{shift:+d})" if shift else f"INDEX({row.all},{at})"

    part = f"{at}-1-{cell(running, 0)}/{cell(flows, 0)}"
    return f'=IF(SUM({stays.all})=0,"none",IF({at}=1,0,{part}))'


def _groups(study: StudyResult, rows: Rows) -> Iterator[tuple[str, list[Figure]]]:
    finance, money = study.finance, study.currency
    yield "The operator", list(_operator(study, rows))
    yield (
        "The customer",
        [
            Figure(
                label="Net present value",
                value=study.ownership.deals[0].customer.npv,
                formula="=" + _npv(_CUSTOMER, rows.customer),
                unit=money,
                number="cents",
            ),
        ],
    )
    yield "Both gain: each way to share the plant", list(_deals(study, rows))
    if finance.loan is not None:
        yield "The loan", list(_loan(study, rows))
    if finance.growing is not None:
        assert rows.hosting is not None
        yield (
            "The same capital in servers",
            [
                Figure(
                    label="Net present value",
                    value=finance.growing.npv,
                    formula="=" + _npv(_NOMINAL, rows.hosting),
                    unit=money,
                    number="cents",
                ),
                Figure(
                    label="Internal rate of return",
                    value=finance.growing.irr_frac,
                    formula=_irr(rows.hosting),
                    unit="",
                    number="share",
                ),
            ],
        )
    yield "What carries the project, before tax", list(_stack(study, rows))


def _operator(study: StudyResult, rows: Rows) -> Iterator[Figure]:
    finance, money = study.finance, study.currency
    yield Figure(
        label="Net present value",
        value=finance.npv,
        formula="=" + _npv(_NOMINAL, rows.net),
        unit=money,
        number="cents",
    )
    yield Figure(
        label="Internal rate of return",
        value=finance.irr_frac,
        formula=_irr(rows.net),
        unit="",
        number="share",
    )
    yield Figure(
        label="Paid back after",
        value=finance.payback_years,
        formula=_paid_back(rows.running, rows.stays, rows.net),
        unit="years",
        number="cents",
    )
    yield Figure(
        label="Paid back after, discounted",
        value=finance.discounted_payback_years,
        formula=_paid_back(rows.running_discounted, rows.stays_discounted, rows.discounted),
        unit="years",
        number="cents",
    )
    costs = "+".join(
        row.all for row in (rows.investment, rows.electricity, rows.upkeep, rows.residual)
    )
    numbers = rows.net.numbers
    yield Figure(
        label="Cost of delivery",
        value=finance.delivery_cost_per_kwh,
        formula=f"=IFERROR(-SUMPRODUCT(({costs})/(1+{_NOMINAL})^{numbers})/"
        f'{_npv("discount_frac", rows.heat_kwh)},"none")',
        unit=f"{money}/kWh",
        number="price",
    )
    if rows.target is not None:
        yield Figure(
            label="Worth at the price for the wanted return, by that return",
            value=0.0,
            formula=f"=ROUND({_npv('target_frac', rows.target)},2)",
            unit=money,
            number="cents",
        )


def _loan(study: StudyResult, rows: Rows) -> Iterator[Figure]:
    loan, money = study.finance.loan, study.currency
    assert loan is not None
    yield Figure(
        label="Least debt service cover",
        value=loan.dscr_min,
        formula=f"=MIN({rows.cover.all})",
        unit="",
        number="cents",
    )
    yield Figure(
        label="Net present value to the owner",
        value=loan.owner_npv,
        formula="=" + _npv(_NOMINAL, rows.owner),
        unit=money,
        number="cents",
    )
    yield Figure(
        label="Return on the owner's money",
        value=loan.owner_irr_frac,
        formula=_irr(rows.owner),
        unit="",
        number="share",
    )


def _stack(study: StudyResult, rows: Rows) -> Iterator[Figure]:
    parts = {
        "heat": f"={_npv(_NOMINAL, rows.heat_revenue)}",
        "avoided cooling": f"={_npv(_NOMINAL, rows.cooling)}+{_npv(_NOMINAL, rows.renewal)}",
        "grants": f"={_npv(_NOMINAL, rows.grant)}",
        "certificates": f"={_npv(_NOMINAL, rows.certificates)}",
    }
    for layer in study.stack.layers:
        if str(layer.layer) in parts:
            yield Figure(
                label=str(layer.layer).capitalize(),
                value=layer.worth,
                formula=parts[str(layer.layer)],
                unit=study.currency,
                number="cents",
            )
    costs = (rows.investment, rows.electricity, rows.upkeep, rows.residual)
    yield Figure(
        label="Investment, electricity, upkeep",
        value=study.stack.costs,
        formula="=" + "+".join(_npv(_NOMINAL, row) for row in costs),
        unit=study.currency,
        number="cents",
    )


def _deals(study: StudyResult, rows: Rows) -> Iterator[Figure]:
    """Give what each deal is worth to both sides, before tax, and the range in which both gain."""
    makers = {
        Arrangement.SERVICE: _service,
        Arrangement.SALE: _sale,
        Arrangement.LEASE: _lease,
    }
    for deal in study.ownership.deals:
        sums = makers[deal.arrangement](deal, rows)
        yield from _deal(deal, sums, study.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Formulas of a deal: what is paid, and each side's worth without it."""

    amount: str
    paid_mine: str
    paid_other: str
    operator: str
    customer: str


def _mine(*rows: Row) -> str:
    return "(" + "+".join(_npv(_NOMINAL, row) for row in rows) + ")"


def _other(*rows: Row) -> str:
    return "(" + "+".join(_npv(_CUSTOMER, row) for row in rows) + ")"


def _later(rate: str, row: Row) -> str:
    """Discount all but year 0, which is the building."""
    return f"({_npv(rate, row)}-{row.first})"


def _service(deal: Deal, rows: Rows) -> _Sums:
    del deal
    # Per amount of a year in which all servers are there, at the prices of year 0.
    steady = _last(rows.billed)
    return _Sums(
        amount=steady,
        paid_mine=f"({_npv(_NOMINAL, rows.bill)}/{steady})",
        paid_other=f"({_npv(_CUSTOMER, rows.bill)}/{steady})",
        operator=f"({_npv(_NOMINAL, rows.untaxed)}-{_npv(_NOMINAL, rows.heat_revenue)})",
        customer=_npv(_CUSTOMER, rows.fuel),
    )


def _last(row: Row) -> str:
    return f"INDEX({row.all},term_years+1)"


def _heat(price: str, rate: str, rows: Rows) -> str:
    """Give what heat brings at another price: the delivered heat, at the growth of its price."""
    growth = f"IF(is_indexed=1,{rows.general.all},{rows.general.all}^0)"
    return f"({price}*SUMPRODUCT({rows.heat_kwh.all}*{growth}/(1+{rate})^{rows.heat_kwh.numbers}))"


def _owned(rate: str, rows: Rows) -> str:
    """Give what whoever owns the plant gets and pays beside its building and its upkeep."""
    parts = "+".join(_npv(rate, row) for row in (rows.grant, rows.residual, rows.certificates))
    return f"({_later(rate, rows.investment)}+{parts})"


def _sale(deal: Deal, rows: Rows) -> _Sums:
    del deal
    building = rows.investment.first
    mine, other = (_heat("sale_heat_per_kwh", rate, rows) for rate in (_NOMINAL, _CUSTOMER))
    return _Sums(
        amount=f"IF(sale_amount>0,sale_amount,-{building}*(1+sale_margin_frac))",
        paid_mine="1",
        paid_other="1",
        operator=f"({building}+{_mine(rows.cooling, rows.renewal)}+{mine})",
        customer=f"({_npv(_CUSTOMER, rows.fuel)}+{_owned(_CUSTOMER, rows)}"
        f"+{_other(rows.electricity, rows.upkeep)}-{other})",
    )


def _lease(deal: Deal, rows: Rows) -> _Sums:
    del deal
    invested = f"-({_npv(_NOMINAL, rows.investment)}+{_npv(_NOMINAL, rows.grant)})"
    capital = f"-PMT(discount_frac,term_years,{invested})"
    growth = rows.general
    mine, other = (_heat("lease_heat_per_kwh", rate, rows) for rate in (_NOMINAL, _CUSTOMER))
    return _Sums(
        amount=f"IF(lease_amount>0,lease_amount,({capital}+upkeep_per_year)*(1+lease_margin_frac))",
        paid_mine=f"({_npv(_NOMINAL, growth)}-1)",
        paid_other=f"({_npv(_CUSTOMER, growth)}-1)",
        operator=f"({rows.investment.first}+{_owned(_NOMINAL, rows)}+"
        f"{_mine(rows.upkeep, rows.cooling, rows.renewal)}+{mine})",
        customer=f"({_npv(_CUSTOMER, rows.fuel)}+{_npv(_CUSTOMER, rows.electricity)}-{other})",
    )


def _deal(deal: Deal, sums: _Sums, money: str) -> Iterator[Figure]:
    name = deal.arrangement.value.capitalize()
    for label, value, formula in (
        ("the customer pays", deal.amount, sums.amount),
        ("operator gains from", deal.amount_low, f"-{sums.operator}/{sums.paid_mine}"),
        ("customer gains up to", deal.amount_high, f"{sums.customer}/{sums.paid_other}"),
        (
            "net present value, operator",
            deal.operator.npv,
            f"{sums.operator}+({sums.amount})*{sums.paid_mine}",
        ),
        (
            "net present value, customer",
            deal.customer.npv,
            f"{sums.customer}-({sums.amount})*{sums.paid_other}",
        ),
    ):
        yield Figure(
            label=f"{name}: {label}", value=value, formula=f"={formula}", unit=money, number="cents"
        )
