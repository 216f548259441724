"""The sheet of the customer: own fuel and boilers with the service and without, and the bill."""

from exotherm.plan.own_heat import OwnHeat, heat_bills, own_heat
from exotherm.plan.study import StudyResult
from exotherm.render.workbook.sheets import At, Book, Row, YearSheet, due


def write_customer(book: Book, study: StudyResult, stated: dict[str, Row]) -> dict[str, Row]:
    """Write what the customer saves and pays each year, and give the rows results are found from.

    ``stated`` are the rows of the sheet Year: what was simulated, and how prices move.
    """
    sheet = YearSheet(book, "Customer", "The customer's cash, in the money of each year")
    own, money = own_heat(study.economics, study.operation), study.currency
    bills = heat_bills(study.economics, study.operation)
    alone, served = _own_fuel(sheet, stated, own, money)
    spared = sheet.row(
        "Renewal of a boiler avoided", money,
        lambda at: f"=IF({due('boiler', at)},boiler_amount*boiler_avoided_frac"
        f"*{stated['general'].at(at)},0)",
        [one - less for one, less in zip(own.bought_alone, own.bought_served, strict=True)],
    )  # fmt: skip
    fuel = sheet.row(
        "Fuel saved, and a boiler's renewal", money,
        lambda at: f"={alone.at(at)}-{served.at(at)}+{spared.at(at)}", own.saved,
    )  # fmt: skip
    bill = sheet.row(
        "Heat bill", money,
        lambda at: f"={stated['billed'].at(at)}*{stated['heat_growth'].at(at)}", bills,
    )  # fmt: skip
    left = sheet.row(
        "Left", money, lambda at: f"={fuel.at(at)}-{bill.at(at)}",
        [one - paid for one, paid in zip(own.saved, bills, strict=True)], "money", "total",
    )  # fmt: skip
    return {"fuel": fuel, "bill": bill, "customer": left}


def _own_fuel(
    sheet: YearSheet, stated: dict[str, Row], own: OwnHeat, money: str
) -> tuple[Row, Row]:
    """Write the customer's own fuel: all of it, and what is left beside the service.

    A new boiler burns less, and stands beside the service too unless that spares it.
    """

    def without(at: At) -> str:
        new = "MIN(1,boiler_old_efficiency_frac/boiler_new_efficiency_frac)"
        return f"=IF({at.number}>boiler_due_years,{new},1)"

    def fuel(share: Row, amount: str, at: At) -> str:
        return f"={share.at(at)}*{amount}*{stated['fuel_growth'].at(at)}"

    def still_needed(at: At) -> str:
        return f"({stated['fuel_alone'].at(at)}-{stated['fuel_stated'].at(at)})"

    burnt_alone = sheet.row(
        "Fuel per heat, of today's: alone", "", without, own.burnt_alone_frac, "factor", "soft"
    )
    burnt_served = sheet.row(
        "Fuel per heat, of today's: served", "",
        lambda at: f"=IF(boiler_avoided_frac=1,1,{burnt_alone.at(at)})",
        own.burnt_served_frac, "factor", "soft",
    )  # fmt: skip
    alone = sheet.row(
        "Own fuel without the service", money,
        lambda at: fuel(burnt_alone, stated["fuel_alone"].at(at), at), own.fuel_alone,
    )  # fmt: skip
    served = sheet.row(
        "Own fuel beside the service", money,
        lambda at: fuel(burnt_served, still_needed(at), at), own.fuel_served,
    )  # fmt: skip
    return alone, served
