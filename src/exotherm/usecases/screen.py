"""Screening: the archetypes beside each other, for a country and a size."""

import importlib.resources
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exotherm.core.currencies import PER_EUR
from exotherm.core.findings import Finding, has_errors
from exotherm.feeds.countries import SOURCE, Country, load_countries
from exotherm.feeds.leads import CURRENCY, read_leads
from exotherm.feeds.normals import load_cities, make_weather
from exotherm.plan.leads import Lead, Ranked, rank
from exotherm.plan.screen import Screened, Trial, at_prices, of_size, of_trial, try_year
from exotherm.site.document import Site
from exotherm.site.series import Surroundings
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.new import EXAMPLES, examples_folder
from exotherm.usecases.workspace import load_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """All archetypes at one place and size."""

    country: Country
    power_kw_rated: float | None
    """size of the data centre; None where each example keeps its own"""
    electricity_per_kwh: float
    fuel_per_kwh: float
    screened: tuple[Screened, ...]
    source: str = SOURCE


def known_countries() -> tuple[str, ...]:
    """Give the codes of the countries that can be screened."""
    return tuple(load_countries())


def screen_archetypes(
    country: str,
    *,
    power_kw_rated: float | None,
    electricity_per_kwh: float | None,
    fuel_per_kwh: float | None,
    on_archetype: Callable[[str], None] = lambda _: None,
) -> Screening:
    """Screen every archetype; prices that are left out are the country's."""
    place = load_countries()[country]
    electricity = place.electricity_per_kwh if electricity_per_kwh is None else electricity_per_kwh
    fuel = place.fuel_per_kwh if fuel_per_kwh is None else fuel_per_kwh
    screened = []
    for name in EXAMPLES:
        on_archetype(name)
        screened.append(
            of_trial(
                _tried(name, place, electricity=electricity, fuel=fuel, power_kw=power_kw_rated)
            )
        )
    order = {"promising": 0, "marginal": 1, "no": 2}
    return Screening(
        country=place,
        power_kw_rated=power_kw_rated,
        electricity_per_kwh=electricity,
        fuel_per_kwh=fuel,
        screened=tuple(sorted(screened, key=lambda one: (order[one.outlook.value], _gap(one)))),
    )


def _tried(
    name: str, place: Country, *, electricity: float, fuel: float, power_kw: float | None
) -> Trial:
    """Run an example's year in a country, at prices in EUR per kWh and a size."""
    site, surroundings = _example(name)
    site = at_prices(
        site,
        electricity_per_kwh=electricity,
        fuel_per_kwh=fuel,
        per_currency=1.0 / PER_EUR[site.site.currency],
    )
    if power_kw is not None:
        site = of_size(site, power_kw)
    return try_year(*_at(place, site, surroundings), archetype=name)


def _gap(one: Screened) -> float:
    cost = one.delivery_cost_per_kwh
    own = one.own_cost_per_kwh
    return float("inf") if cost is None or own <= 0.0 else cost / own


def _example(name: str) -> tuple[Site, Surroundings]:
    with importlib.resources.as_file(examples_folder() / name) as folder:
        workspace = load_workspace(folder)
    assert workspace.site is not None, name
    assert workspace.surroundings is not None, name
    return workspace.site, workspace.surroundings


def _at(place: Country, site: Site, surroundings: Surroundings) -> tuple[Site, Surroundings]:
    """Put a site into a country: its clock, and the weather of its city."""
    city = next(one for one in load_cities() if one.name == place.city)
    moved = site.site.model_copy(
        update={
            "zone": place.zone,
            "country": place.code,
            "currency": CURRENCY,
            "latitude_deg": city.latitude_deg,
            "longitude_deg": city.longitude_deg,
        }
    )
    weather = make_weather(city, seed=site.weather.seed)
    return site.model_copy(update={"site": moved}), replace(surroundings, weather=weather)


def screening_json(screening: Screening) -> dict[str, object]:
    """Give a screening as plain values."""
    return {
        "country": screening.country.code,
        "city": screening.country.city,
        "power_kw_rated": screening.power_kw_rated,
        "currency": CURRENCY,
        "electricity_per_kwh": screening.electricity_per_kwh,
        "fuel_per_kwh": screening.fuel_per_kwh,
        "prices_source": screening.source,
        "archetypes": list(_rows(screening)),
    }


def _rows(screening: Screening) -> Iterator[dict[str, object]]:
    for one in screening.screened:
        yield {
            "archetype": one.archetype,
            "outlook": one.outlook.value,
            "why": one.why,
            "heat_demand_kwh": one.heat_demand_kwh,
            "heat_delivered_kwh": one.heat_delivered_kwh,
            "displaced_frac": one.displaced_frac,
            "used_frac": one.used_frac,
            "auxiliary_cost_per_year": one.auxiliary_cost,
            "delivery_cost_per_kwh": one.delivery_cost_per_kwh,
            "own_cost_per_kwh": one.own_cost_per_kwh,
        }


# --- Leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What came of a list of leads: ranked where nothing blocks, and all findings."""

    ranked: tuple[Ranked, ...]
    findings: tuple[Finding, ...]


def rank_leads(
    path: Path, *, country: str, on_lead: Callable[[str], None] = lambda _: None
) -> Leads:
    """Read leads and rank them, each by its own heat.

    The year of a kind is run once for a country and a price of fuel.
    """
    files = WorkspaceFiles(path.parent)
    text = files.text(path.name)
    if text is None:
        return Leads(ranked=(), findings=tuple(files.findings))
    leads, findings = read_leads(text, file=path.name, countries=known_countries(), country=country)
    if has_errors(findings):
        return Leads(ranked=(), findings=findings)
    known: dict[tuple[str, str, float], Trial] = {}

    def screened_of(lead: Lead) -> Screened:
        place = load_countries()[lead.country]
        fuel = place.fuel_per_kwh if lead.fuel_per_kwh is None else lead.fuel_per_kwh
        key = (lead.kind, lead.country, fuel)
        if key not in known:
            on_lead(lead.name)
            known[key] = _tried(
                lead.kind, place, electricity=place.electricity_per_kwh, fuel=fuel, power_kw=None
            )
        return of_trial(known[key], heat_kwh=lead.heat_kwh)

    return Leads(ranked=rank(leads, screened_of), findings=findings)


def leads_json(leads: Leads) -> dict[str, object]:
    """Give ranked leads as plain values, the first to call first."""
    return {
        "currency": CURRENCY,
        "leads": [
            {
                "name": one.lead.name,
                "kind": one.lead.kind,
                "country": one.lead.country,
                "heat_anxiety": round(one.anxiety, 1),
                "outlook": one.screened.outlook.value,
                "why": one.screened.why,
                "power_kw_rated": one.screened.power_kw_rated,
                "heat_demand_kwh": one.screened.heat_demand_kwh,
                "displaced_frac": one.screened.displaced_frac,
                "delivery_cost_per_kwh": one.screened.delivery_cost_per_kwh,
                "own_cost_per_kwh": one.screened.own_cost_per_kwh,
                "saving_per_year": one.saving,
                "questions": list(one.questions),
                "points": [
                    {"name": part.name, "points": part.points, "most": part.most, "why": part.why}
                    for part in one.points
                ],
            }
            for one in leads.ranked
        ],
    }
