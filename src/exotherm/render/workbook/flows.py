"""The sheets of years: energy, the operator's cash, tax, loan, the customer and other deals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import (
    Growth,
    YearOfCash,
    cash_flows,
    growth_of,
    rates_of,
)
from exotherm.plan.finance import hosting_flows
from exotherm.plan.study import StudyResult
from exotherm.render.workbook.customer_sheet import write_customer
from exotherm.render.workbook.sheets import At, Book, Row, Value, YearSheet, due

_Formula = Callable[[At], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that results are found from."""

    general: Row
    heat_kwh: Row
    billed: Row
    investment: Row
    grant: Row
    heat_revenue: Row
    cooling: Row
    certificates: Row
    electricity: Row
    upkeep: Row
    renewal: Row
    residual: Row
    operating: Row
    untaxed: Row
    tax: Row
    written_off: Row
    net: Row
    discounted: Row
    running: Row
    stays: Row
    running_discounted: Row
    stays_discounted: Row
    fuel: Row
    bill: Row
    customer: Row
    owner: Row
    cover: Row
    hosting: Row | None
    target: Row | None


class Writer:
    """Writes the sheets of years in an order in which each refers only to those before."""

    def __init__(self, book: Book, study: StudyResult) -> None:
        self._book, self._study = book, study
        self._cash = study.finance.cash
        self._economics, self._operation = study.economics, study.operation
        self._growth: Growth = growth_of(self._economics, is_indexed=self._operation.is_indexed)
        self._money = study.currency
        self._price = study.finance.price_for_target_per_kwh

    def write(self) -> Rows:
        """Write all sheets of years and give their rows."""
        stated = self._energy()
        operator = self._operator(stated)
        customer = write_customer(self._book, self._study, stated)
        return Rows(
            **{name: stated[name] for name in ("general", "heat_kwh", "billed")},
            **operator,
            **customer,
            **self._loan(operator),
            hosting=self._hosting(stated, operator) if self._study.finance.growing else None,
            target=self._target(stated, operator) if self._price is not None else None,
        )

    def _years(self) -> range:
        return range(self._book.years + 1)

    def _energy(self) -> dict[str, Row]:
        """Write how prices move, and what the simulation and the contract's rate give."""
        sheet = YearSheet(self._book, "Year", "What the year brings, and how prices move")
        sheet.group("By what prices of year 0 are multiplied")
        rows = {
            "general": sheet.row(
                "All prices", "", lambda at: f"=(1+inflation_frac)^{at.number}",
                self._growth.general, "factor",
            ),
            "electricity_growth": sheet.row(
                "Electricity", "",
                lambda at: f"=((1+inflation_frac)*(1+electricity_rise_frac))^{at.number}",
                self._growth.electricity, "factor",
            ),
            "fuel_growth": sheet.row(
                "Fuel", "", lambda at: f"=((1+inflation_frac)*(1+fuel_rise_frac))^{at.number}",
                self._growth.fuel, "factor",
            ),
        }  # fmt: skip
        general = rows["general"]
        rows["heat_growth"] = sheet.row(
            "Heat", "", lambda at: f"=IF(is_indexed=1,{general.at(at)},1)",
            self._growth.heat, "factor",
        )  # fmt: skip
        sheet.group("Stated: simulated, and rated by the contract, at the prices of year 0")
        for name, label, unit, number in (
            ("heat_kwh", "Heat delivered", "kWh", "energy"),
            ("auxiliary_kwh", "Electricity to deliver", "kWh", "energy"),
            ("cooling_kwh", "Cooling saved", "kWh", "energy"),
            ("billed", "Heat billed", self._money, "cents"),
            ("fuel_alone", "Fuel the customer burns alone", self._money, "cents"),
            ("fuel_stated", "Fuel saved by the customer", self._money, "cents"),
        ):
            rows[name] = sheet.stated(label, unit, self._stated(name), number)
        return rows

    def _stated(self, name: str) -> list[float]:
        of = {
            "heat_kwh": "heat_delivered_kwh",
            "auxiliary_kwh": "auxiliary_kwh",
            "cooling_kwh": "cooling_saved_kwh",
            "billed": "heat_revenue",
            "fuel_alone": "fuel_alone",
            "fuel_stated": "fuel_saved",
        }[name]
        return [
            0.0 if year == 0 else getattr(self._operation.in_year(year), of)
            for year in self._years()
        ]

    def _part(self, name: str) -> list[float]:
        return [getattr(year, name) for year in self._cash]

    def _operator(self, stated: dict[str, Row]) -> dict[str, Row]:
        sheet = YearSheet(self._book, "Operator", "The operator's cash, in the money of each year")
        sheet.group("Building and running")
        growth = stated["general"]
        rows = {
            **self._built(sheet, growth),
            **self._run(sheet, stated),
            **self._beside(sheet, growth),
        }
        running = ("heat_revenue", "cooling", "certificates", "electricity", "upkeep")
        rows["operating"] = self._money_row(
            sheet, "Running, before tax", "operating", lambda at: _sum(at, rows, running)
        )
        others = ("investment", "grant", "operating", "renewal", "residual")
        rows["untaxed"] = sheet.row(
            "Before tax", self._money, lambda at: _sum(at, rows, others),
            [year.net - year.tax for year in self._cash],
        )  # fmt: skip
        rows["written_off"], rows["tax"] = self._tax(rows)
        return rows | self._after_tax(sheet, rows)

    def _built(self, sheet: YearSheet, growth: Row) -> dict[str, Row]:
        """Write what building and replacing costs, and what is granted for it."""
        return {
            "investment": self._money_row(
                sheet, "Investment and replacements", "investment",
                lambda at: f"=IF({at.number}<term_years,-{growth.at(at)}*SUMPRODUCT("
                f"item_amount*(MOD({at.number},item_life_years)=0)),0)",
            ),
            "grant": self._money_row(
                sheet, "Grants", "grant", lambda at: "=grants_amount" if at.year == 0 else "=0"
            ),
        }  # fmt: skip

    def _run(self, sheet: YearSheet, stated: dict[str, Row]) -> dict[str, Row]:
        """Write what running the plant brings and costs."""
        growth = stated["general"]

        def times(price: str, energy: str, moved: str, sign: str = "") -> _Formula:
            return lambda at: f"={sign}{price}*{stated[energy].at(at)}*{stated[moved].at(at)}"

        return {
            "heat_revenue": self._money_row(
                sheet, "Heat sold", "heat_revenue",
                lambda at: f"={stated['billed'].at(at)}*{stated['heat_growth'].at(at)}",
            ),
            "cooling": self._money_row(
                sheet, "Cooling saved", "cooling_saved",
                times("electricity_per_kwh", "cooling_kwh", "electricity_growth"),
            ),
            "certificates": self._money_row(
                sheet, "Certificates", "certificates",
                lambda at: f"={stated['heat_kwh'].at(at)}*SUMPRODUCT(certificate_per_kwh"
                f"*certificate_counts*({at.number}<=certificate_years)*({at.number}>=1))",
            ),
            "electricity": self._money_row(
                sheet, "Electricity to deliver", "electricity",
                times("electricity_per_kwh", "auxiliary_kwh", "electricity_growth", "-"),
            ),
            "upkeep": self._money_row(
                sheet, "Upkeep", "upkeep",
                lambda at: "=0" if at.year == 0 else f"=-upkeep_per_year*{growth.at(at)}",
            ),
        }  # fmt: skip

    def _beside(self, sheet: YearSheet, growth: Row) -> dict[str, Row]:
        """Write a cooler's renewal that is avoided, and what is left of the plant at the end."""
        last = self._book.years

        def renewed(at: At) -> str:
            return f"=IF({due('cooler', at)},cooler_amount*cooler_avoided_frac*{growth.at(at)},0)"

        return {
            "renewal": self._money_row(
                sheet, "Renewal of a cooler avoided", "renewal_avoided", renewed
            ),
            "residual": self._money_row(
                sheet, "What is left at the end", "residual",
                lambda at: f"={growth.at(at)}*residual_counts*SUMPRODUCT(item_amount"
                "*MOD(-term_years,item_life_years)/item_life_years)" if at.year == last else "=0",
            ),
        }  # fmt: skip

    def _after_tax(self, sheet: YearSheet, rows: dict[str, Row]) -> dict[str, Row]:
        """Write what is left, discounted, and both summed from year to year."""
        sheet.group("After tax")
        left = sheet.row(
            "Left", self._money, lambda at: _sum(at, rows, ("untaxed", "tax")),
            self._part("net"), "money", "total",
        )  # fmt: skip
        nominal = "((1+discount_frac)*(1+inflation_frac))"
        rate = rates_of(self._economics)[0]
        net = np.array(self._part("net"))
        values = net / (1.0 + rate) ** np.arange(net.size)
        discounted = sheet.row(
            "Discounted to year 0", self._money,
            lambda at: f"={left.at(at)}/{nominal}^{at.number}", values.tolist(),
        )  # fmt: skip
        return {
            "net": left,
            "discounted": discounted,
            **self._running(sheet, left, net, ""),
            **self._running(sheet, discounted, values, "_discounted"),
        }

    def _running(
        self, sheet: YearSheet, flows: Row, values: FloatArray, kind: str
    ) -> dict[str, Row]:
        """Write the running sum, and from which year on it stays at nought or above."""
        sums = np.cumsum(values)
        stays = [float(sums[year:].min() >= 0.0) for year in self._years()]
        what = "discounted" if kind else "so far"
        running = sheet.ahead(1)
        sheet.row(
            f"Sum, {what}", self._money,
            lambda at: f"={running.before(at)}+{flows.at(at)}", sums.tolist(),
        )  # fmt: skip
        staying = sheet.row(
            "Stays at nought or above (1)", "",
            lambda at: f"=IF(MIN({running.from_here(at)})>=0,1,0)", stays, "whole", "soft",
        )  # fmt: skip
        return {f"running{kind}": running, f"stays{kind}": staying}

    def _money_row(self, sheet: YearSheet, label: str, name: str, formula: _Formula) -> Row:
        return sheet.row(label, self._money, formula, self._part(name))

    def _tax(self, rows: dict[str, Row]) -> tuple[Row, Row]:
        """Write tax on profit: straight depreciation, losses carried forward.

        Gives the rows of what is written off and of the tax.
        """
        sheet = YearSheet(self._book, "Tax", "Tax: straight depreciation, losses carried on")
        off, profit, carried = self._tax_values()
        last = self._book.years
        invested = sheet.row(
            "Invested, less grants", self._money,
            lambda at: f"=-({rows['investment'].at(at)}+{rows['grant'].at(at)})",
            [-(year.investment + year.grant) for year in self._cash],
        )  # fmt: skip

        def written_off(at: At) -> str:
            early, all_ = invested.numbers, invested.all
            if at.year < last:
                inside = f"({early}<{at.number})*({early}>={at.number}-depreciation_years)"
                return f"=SUMPRODUCT({all_}*{inside})/depreciation_years"
            # All that is not written off by the last year is, in it.
            left = f"(depreciation_years-({last}-{early}-1))"
            rest = f"(({early}<{last})*({left}>0)*{left}+({early}={last})*depreciation_years)"
            return f"=SUMPRODUCT({all_}*{rest})/depreciation_years"

        wrote = sheet.row("Written off", self._money, written_off, off)
        loss = sheet.ahead(2)
        profits = sheet.row(
            "Profit, losses of before taken off", self._money,
            lambda at: f"={rows['operating'].at(at)}+{rows['renewal'].at(at)}"
            f"+{rows['residual'].at(at)}-{wrote.at(at)}-{loss.before(at)}",
            profit,
        )  # fmt: skip
        sheet.row("Loss carried on", self._money, lambda at: f"=MAX(0,-{profits.at(at)})", carried)
        tax = sheet.row(
            "Tax", self._money, lambda at: f"=-tax_frac*MAX(0,{profits.at(at)})",
            self._part("tax"), "money", "total",
        )  # fmt: skip
        return wrote, tax

    def _tax_values(self) -> tuple[list[float], list[float], list[float]]:
        """Give what the tax sheet shows: written off, profit, loss carried on."""
        years = self._economics.tax.depreciation_years
        last, off = self._book.years, [0.0] * (self._book.years + 1)
        for year in self._cash:
            for later in range(year.year + 1, year.year + years + 1):
                off[min(later, last)] -= (year.investment + year.grant) / years
        return off, *_profit(self._cash, off)

    def _loan(self, rows: dict[str, Row]) -> dict[str, Row]:
        sheet = YearSheet(self._book, "Loan", "A loan on the plant, and what is left to its owner")
        loan, debt, last = self._study.finance.loan, self._economics.debt, self._book.years
        amount = loan.amount if loan else 0.0
        service = loan.service_per_year if loan else 0.0
        lent = sheet.row(
            "Lent", self._money,
            lambda at: f"=debt_frac*MAX(0,-({rows['investment'].first}+{rows['grant'].first}))"
            if at.year == 0 else "=0",
            [amount] + [0.0] * last,
        )  # fmt: skip
        paid = sheet.row(
            "Interest and repayment", self._money,
            lambda at: "=0" if at.year == 0 else
            f"=IF({at.number}<=debt_years,-PMT(interest_frac,debt_years,{lent.first}),0)",
            [service if 1 <= year <= debt.years else 0.0 for year in self._years()],
        )  # fmt: skip
        owner = list(loan.owner_cash) if loan else self._part("net")
        owed = -(owner[-1] - self._cash[-1].net) - (service if last <= debt.years else 0.0)
        if last == 0 or not loan:
            owed = 0.0
        left = sheet.row(
            "Still owed at the end", self._money,
            lambda at: "=IF(debt_years>term_years,-PV(interest_frac,debt_years-term_years,"
            f"{paid.at(at)}),0)" if at.year == last else "=0",
            [0.0] * last + [owed],
        )  # fmt: skip
        cash = sheet.row(
            "Left to the owner", self._money,
            lambda at: f"={rows['net'].at(at)}+{lent.at(at)}-{paid.at(at)}-{left.at(at)}",
            owner, "money", "total",
        )  # fmt: skip
        cover: list[Value] = [
            (year.operating + year.tax) / service if service and 1 <= year.year <= debt.years
            else ""
            for year in self._cash
        ]  # fmt: skip
        covers = sheet.row(
            "Debt service cover", "",
            lambda at: f'=IF({paid.at(at)}>0,({rows["operating"].at(at)}+{rows["tax"].at(at)})'
            f'/{paid.at(at)},"")',
            cover, "cents",
        )  # fmt: skip
        return {"owner": cash, "cover": covers}

    def _hosting(self, stated: dict[str, Row], rows: dict[str, Row]) -> Row:
        sheet = YearSheet(self._book, "Hosting", "The same capital in plain hosting growth")
        growing = self._study.finance.growing
        assert growing is not None
        capital = f"MAX(0,-({rows['investment'].first}+{rows['grant'].first}))"

        def flow(at: At) -> str:
            brings = "0" if at.year == 0 else "12*hosting_margin_per_kw_month"
            bought = (
                f"IF(AND({at.number}<term_years,MOD({at.number},hosting_life_years)=0),"
                "hosting_amount_per_kw,0)"
            )
            power = f"IF(hosting_amount_per_kw>0,{capital}/hosting_amount_per_kw,0)"
            return f"={stated['general'].at(at)}*{power}*({brings}-{bought})"

        values = hosting_flows(self._economics, growing.power_kw)
        return sheet.row("Cash", self._money, flow, values)

    def _target(self, stated: dict[str, Row], rows: dict[str, Row]) -> Row:
        """Write the cash at the price for the wanted return, by which it is worth nought."""
        sheet = YearSheet(self._book, "Target", "At the price for the wanted return")
        assert self._price is not None
        cash = cash_flows(self._economics, self._operation.at_price(self._price))
        revenue = sheet.row(
            "Heat at that price", self._money,
            lambda at: f"=target_per_kwh*{stated['heat_kwh'].at(at)}"
            f"*{stated['heat_growth'].at(at)}",
            [year.heat_revenue for year in cash],
        )  # fmt: skip
        profit_row, loss_row = sheet.ahead(1), sheet.ahead(2)
        profit, carried = self._target_profit(cash)
        sheet.row(
            "Profit, losses of before taken off", self._money,
            lambda at: f"={rows['operating'].at(at)}-{rows['heat_revenue'].at(at)}"
            f"+{revenue.at(at)}+{rows['renewal'].at(at)}+{rows['residual'].at(at)}"
            f"-{rows['written_off'].at(at)}-{loss_row.before(at)}",
            profit,
        )  # fmt: skip
        sheet.row(
            "Loss carried on", self._money, lambda at: f"=MAX(0,-{profit_row.at(at)})", carried
        )
        return sheet.row(
            "Left after tax", self._money,
            lambda at: f"={rows['untaxed'].at(at)}-{rows['heat_revenue'].at(at)}"
            f"+{revenue.at(at)}-tax_frac*MAX(0,{profit_row.at(at)})",
            [year.net for year in cash], "money", "total",
        )  # fmt: skip

    def _target_profit(self, cash: tuple[YearOfCash, ...]) -> tuple[list[float], list[float]]:
        off, _, _ = self._tax_values()
        return _profit(cash, off)


def _profit(cash: tuple[YearOfCash, ...], off: list[float]) -> tuple[list[float], list[float]]:
    """Give the profit of each year, and the loss that it carries on."""
    profit, carried, loss = [], [], 0.0
    for year, written in zip(cash, off, strict=True):
        earned = year.operating + year.renewal_avoided + year.residual - written - loss
        loss = max(0.0, -earned)
        profit.append(earned)
        carried.append(loss)
    return profit, carried


def _sum(at: At, rows: dict[str, Row], names: tuple[str, ...]) -> str:
    return "=" + "+".join(rows[name].at(at) for name in names)
