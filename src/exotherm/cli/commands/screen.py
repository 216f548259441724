"""``exotherm screen``: which kind of customer is worth a survey."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import NumberRange, as_json
from exotherm.cli.output import (
    exit_code_of,
    findings_json,
    note,
    progress,
    say,
    say_json,
    say_table,
    show_findings,
)
from exotherm.cli.paths import FilePath
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
    from exotherm.plan.leads import Ranked
    from exotherm.usecases.screen import Screening


class CountryCode(click.ParamType[str]):
    """The code of a country that can be screened."""

    name = "country"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read a code like DE, in whatever case."""
        from exotherm.usecases.screen import known_countries

        code = str(value).upper()
        if code not in known_countries():
            known = ", ".join(known_countries())
            self.fail(f"{value!r} is none of {known}; take the one nearest in climate", param, ctx)
        return code


_PRICE_MAX = 10.0


class PricePerKwh(NumberRange):
    """A price of a kilowatt hour in euros; one in cents or per MWh is told as it was meant."""

    def __init__(self) -> None:
        super().__init__(0.0, _PRICE_MAX)

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a price; one that is possible but far from what is usual is taken with a note."""
        from exotherm.site.prices import IN_EUR

        try:
            price = Decimal(str(value))
            is_usual = price == 0 or IN_EUR.low <= price <= IN_EUR.high
            meant = "" if is_usual else IN_EUR.meant(price)
        except ArithmeticError:
            meant = ""
        if not meant:
            return super().convert(value, param, ctx)
        told = f"{IN_EUR.write(price)} is far from what a kilowatt hour costs: {meant}."
        if price > _PRICE_MAX:
            self.fail(told, param, ctx)
        note(told)
        return float(price)


_PRICE = PricePerKwh()


@click.command("screen")
@click.argument(
    "leads",
    required=False,
    type=FilePath(),
    metavar="[LEADS.csv]",
)
@click.option("--archetypes", is_flag=True, help="Put all kinds of customers beside each other.")
@click.option("--country", type=CountryCode(), default="DE", show_default=True, help="Country.")
@click.option(
    "--power-kw",
    type=NumberRange(1.0, 5000.0),
    help="Power of the servers at full load; left out, each example keeps its own.",
)
@click.option("--electricity", type=_PRICE, help="Price of electricity in EUR/kWh, if you know it.")
@click.option("--fuel", type=_PRICE, help="Price of the customer's fuel in EUR/kWh, likewise.")
@as_json
def screen_command(
    leads: Path | None,
    *,
    archetypes: bool,
    country: str,
    power_kw: float | None,
    electricity: float | None,
    fuel: float | None,
    as_json: bool,
) -> int:
    r"""Say which kind of customer is worth a survey, or which prospect to call first.

    --archetypes runs pool, school, care home, housing block and heat network through the plant
    model in the country's weather and prices: can heat be delivered for less than their own?
    LEADS.csv lists prospects; they are ranked by that, and by how much they long for steady heat.

    \b
    Examples:
      exotherm screen --archetypes --country SE --power-kw 50
      exotherm screen leads.csv --country GB
    """
    if archetypes and leads is not None:
        raise click.UsageError("These are two tables: screen --archetypes, or the list of leads.")
    if not archetypes and leads is None:
        raise click.UsageError("Say what to screen: a list of leads, or --archetypes.")
    if leads is not None:
        if (power_kw, electricity, fuel) != (None, None, None):
            raise click.UsageError("A list of leads has its own prices: name them in the list.")
        return _show_leads(leads, country, as_json=as_json)
    from exotherm.usecases.screen import screen_archetypes, screening_json

    with progress("Screen") as advance:
        screening = screen_archetypes(
            country,
            power_kw_rated=power_kw,
            electricity_per_kwh=electricity,
            fuel_per_kwh=fuel,
            on_archetype=lambda name: advance(0.5, name),
        )
    if as_json:
        say_json(screening_json(screening))
        return 0
    say(_headline(screening), style="bold")
    say_table(_rows(screening))
    say()
    for one in screening.screened:
        say(f"  {one.archetype}: {one.why}.")
    note(
        f"\nPrices: {screening.source}. Weather of {screening.country.city}. Customers and plants "
        "are those of the examples; `exotherm new DIR --example KIND` begins a site of its own."
    )
    return 0


def _show_leads(path: Path, country: str, *, as_json: bool) -> int:
    from exotherm.usecases.screen import leads_json, rank_leads

    with progress("Screen") as advance:
        leads = rank_leads(path, country=country, on_lead=lambda name: advance(0.5, name))
    if as_json:
        say_json({**leads_json(leads), "findings": findings_json(leads.findings)})
        return exit_code_of(leads.findings)
    show_findings(leads.findings)
    if not leads.ranked:
        return exit_code_of(leads.findings)
    first = leads.ranked[0]
    say(
        f"Call {first.lead.name} first: {first.screened.outlook.value}, heat anxiety "
        f"{format_number(first.anxiety, 0)} of 100.",
        style="bold",
    )
    say_table(_lead_rows(leads.ranked))
    for one in leads.ranked:
        say(f"\n{one.lead.name} ({one.lead.kind}, {one.lead.country})", style="bold")
        say(f"  {one.screened.why}.")
        for part in one.points:
            share = f"{format_number(part.points, 0)} of {format_number(part.most, 0)}"
            say(f"  {share:>8}  {part.name}: {part.why}.")
    return 0


def _lead_rows(ranked: "tuple[Ranked, ...]") -> Iterator[tuple[str, ...]]:
    yield "", "outlook", "heat anxiety", "servers", "to share", "to ask"
    for one in ranked:
        yield (
            one.lead.name,
            one.screened.outlook.value,
            format_number(one.anxiety, 0),
            "not known"
            if one.lead.heat_kwh is None
            else format_quantity("power_kw", one.screened.power_kw_rated),
            "not known"
            if one.saving is None
            else f"{format_quantity('npv', one.saving, currency='EUR')} a year",
            str(len(one.questions)),
        )


def _headline(screening: "Screening") -> str:
    good = [one.archetype for one in screening.screened if one.outlook.value == "promising"]
    size = (
        ""
        if screening.power_kw_rated is None
        else f" and {format_quantity('power_kw', screening.power_kw_rated)} of servers"
    )
    electricity, fuel = _price(screening.electricity_per_kwh), _price(screening.fuel_per_kwh)
    place = f"In {screening.country.code}, with electricity at {electricity}, fuel at {fuel}{size}"
    if not good:
        return f"{place}, none of them is promising."
    return f"{place}, worth a survey: {', '.join(good)}."


def _rows(screening: "Screening") -> Iterator[tuple[str, ...]]:
    yield (
        "", "outlook", "heat asked", "taken off", "servers' heat used", "electricity", "delivery",
        "own heat",
    )  # fmt: skip
    for one in screening.screened:
        cost = one.delivery_cost_per_kwh
        yield (
            one.archetype,
            one.outlook.value,
            format_quantity("heat_kwh", one.heat_demand_kwh),
            format_quantity("_frac", one.displaced_frac, decimals=0),
            format_quantity("_frac", one.used_frac, decimals=0),
            f"{format_quantity('npv', one.auxiliary_cost, currency='EUR')} a year",
            "none" if cost is None else _price(cost),
            _price(one.own_cost_per_kwh),
        )


def _price(value: float) -> str:
    return f"{format_number(value, 3)} EUR/kWh"
