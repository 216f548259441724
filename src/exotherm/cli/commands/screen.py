"""``exotherm screen``: which kind of customer is worth a survey."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from exotherm.cli.options import as_json
from exotherm.cli.output import note, progress, say, say_json, say_table
from exotherm.core.units import format_number, format_quantity

if TYPE_CHECKING:
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


_PRICE = click.FloatRange(0.0, 10.0)


@click.command("screen")
@click.option(
    "--archetypes", is_flag=True, help="Screen all kinds of customers (the only way so far)."
)
@click.option("--country", type=CountryCode(), default="DE", show_default=True, help="Country.")
@click.option(
    "--power-kw",
    type=click.FloatRange(1.0, 5000.0),
    help="Power of the servers at full load; left out, each example keeps its own.",
)
@click.option("--electricity", type=_PRICE, help="Price of electricity in EUR/kWh, if you know it.")
@click.option("--fuel", type=_PRICE, help="Price of the customer's fuel in EUR/kWh, likewise.")
@as_json
def screen_command(
    *,
    archetypes: bool,
    country: str,
    power_kw: float | None,
    electricity: float | None,
    fuel: float | None,
    as_json: bool,
) -> int:
    r"""Put pool, school, care home, housing block and heat network beside each other.

    Each runs its year through the plant model in the country's weather and prices. What counts is
    whether heat can be delivered for less than the customer's own costs.

    \b
    Example:
      exotherm screen --archetypes --country SE --power-kw 50
    """
    from exotherm.usecases.screen import screen_archetypes, screening_json

    if not archetypes:
        raise click.UsageError(
            "Say what to screen: --archetypes puts all kinds of customers beside each other."
        )
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
