"""The proposal: what is offered to a customer's procurement, in numbers that nine of ten keep to.

Everything in it is the customer's side; what the operator invests and earns is not told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption, assumptions_of
from exotherm.core.findings import Finding, Severity, has_errors
from exotherm.core.units import format_quantity
from exotherm.plan.basis import Kind, kind_of_path
from exotherm.plan.findings import findings_of
from exotherm.plan.proposal_cost import LifetimeCost, lifetime_cost
from exotherm.plan.proposal_faults import Faults, try_faults
from exotherm.plan.proposal_scenarios import Scenarios, try_scenarios
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.survey.result import SurveyResult
from exotherm.plan.year import simulate_year
from exotherm.site.basis import basis_of
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

_OPERATORS = (
    "economics.",
    "strategy",
    "limits",
    "basis",
    "metering",
    "meters",
    "uplink",
    "risk.investment",
)
"""tables of a site that are the operator's own, or say nothing of the heat"""
_CUSTOMERS = (
    "economics.fuel_per_kwh",
    "economics.customer_discount_frac",
    "economics.boiler_renewal",
    "economics.outlook",
)
"""values among these that the customer's numbers rest on"""
_SHOWN = (
    ("price of the customer's fuel", "economics.fuel_per_kwh"),
    ("work of the servers", "computing.utilisation_file"),
    ("power of the servers", "computing.power_kw_rated"),
    ("share of their heat that is caught", "capture.capture_frac"),
    ("efficiency of the customer's own heat", "boiler.efficiency_frac"),
    ("output of the customer's own heat", "boiler.heat_kw_rated"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """One number that the proposal stands on, and what it rests on."""

    name: str
    path: str
    kind: Kind
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """All that a proposal says; amounts before VAT, in ``currency``."""

    cost: LifetimeCost
    scenarios: Scenarios
    faults: Faults
    rests: tuple[Rests, ...]
    assumptions: tuple[Assumption, ...]
    """values of the site that the customer's numbers rest on"""
    open_points: tuple[str, ...]
    """what is not known or not settled, in sentences"""
    is_draft: bool
    """whether the contract is not ready to sign"""
    promised_frac: Decimal
    """availability that the contract promises"""
    currency: str
    weather_source: str
    utilisation_source: str
    findings: tuple[Finding, ...]
    """what the planned year shows that somebody should know"""


def make_proposal(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    against: tuple[Finding, ...],
    survey: SurveyResult | None,
    draws: int,
    threads: int,
    on_stage: Callable[[str], None] = lambda _: None,
    on_draw: Callable[[int], None] = lambda _: None,
) -> Proposal:
    """Make the proposal of a site under its contract; ``against`` is what stands against that."""
    on_stage("simulating the year")
    usual = simulate_year(site, surroundings)
    on_stage("trying scenarios")
    scenarios = try_scenarios(site, contract, surroundings, usual)
    on_stage("trying single faults")
    faults = try_faults(site, contract, surroundings, usual)
    desk = RiskDesk(site, contract, surroundings)
    cost = lifetime_cost(site, contract, desk, draws=draws, threads=threads, on_draw=on_draw)
    rests = tuple(_rests(site))
    is_draft = has_errors(against)
    return Proposal(
        cost=cost,
        scenarios=scenarios,
        faults=faults,
        rests=rests,
        assumptions=tuple(one for one in assumptions_of(site) if _is_customers(one.path)),
        open_points=tuple(_open_points(site, cost, faults, rests, against, survey)),
        is_draft=is_draft,
        promised_frac=Decimal(str(contract.availability.available_frac_min)),
        currency=site.site.currency,
        weather_source=surroundings.weather.source,
        utilisation_source=surroundings.utilisation.source,
        findings=findings_of(site, usual),
    )


def _is_customers(path: str) -> bool:
    """Tell whether a value is one that the customer's numbers rest on."""
    return path.startswith(_CUSTOMERS) or not path.startswith(_OPERATORS)


def _rests(site: Site) -> Iterator[Rests]:
    """Say of each number that matters most to the customer what it rests on."""
    demand = tuple(_demand_paths(site))
    for name, path in (*demand, *_SHOWN):
        basis = basis_of(path, site.basis)
        default = next((one for one in assumptions_of(site) if one.path == path), None)
        kind = kind_of_path(site, path)
        source = f"{basis.source}, {basis.dated_on:%d %b %Y}" if basis is not None else ""
        if basis is None and default is not None and not default.given:
            kind, source = "default", default.source
        yield Rests(name=name, path=path, kind=kind, source=source)


def _demand_paths(site: Site) -> Iterator[tuple[str, str]]:
    """Name what the customers' heat is from."""
    if site.pool is not None:
        yield "heat of the pool", "pool.area_m2"
    for index, one in enumerate(site.buildings):
        yield f"heat of {one.name}", f"buildings[{index}].space_heat_kwh_per_m2"
    if site.network is not None and not site.buildings:
        yield "heat of the network", "network.heat_kwh"
    for index, measured in enumerate(site.measured):
        yield f"heat of {measured.name}", f"measured[{index}].file"


def _open_points(
    site: Site,
    cost: LifetimeCost,
    faults: Faults,
    rests: tuple[Rests, ...],
    against: tuple[Finding, ...],
    survey: SurveyResult | None,
) -> Iterator[str]:
    """Say plainly what is not known or not settled."""
    yield from _of_contract(against)
    yield from _of_survey(survey)
    guesses = [one.name for one in rests if one.kind not in ("measured", "quoted")]
    if guesses:
        yield (
            f"Of the {len(rests)} numbers that matter most, {len(guesses)} are neither measured "
            "nor quoted by anybody; they stand in the table above."
        )
    if not site.risk.model_fields_set:
        yield (
            "How far assumptions may be off is not stated for this site (`[risk]`): the usual "
            "ranges were taken."
        )
    if not faults.stated:
        yield (
            "How long faults last is not stated for this site (`[faults]`): the usual times were "
            "taken, with their sources in the table."
        )
    if not faults.has_own_heat:
        yield (
            "The customer has no heat of its own: nothing stands behind the service but what the "
            "contract says of a fallback."
        )
    yield from _of_cost(cost)


def _of_contract(against: tuple[Finding, ...]) -> Iterator[str]:
    errors = [one for one in against if one.severity is Severity.ERROR]
    warnings = [one for one in against if one.severity is Severity.WARNING]
    if errors:
        yield f"The contract is not ready to sign: {_count(len(errors), 'point')} to settle first."
    for one in (*errors, *warnings):
        yield f"Contract: {one.message}"


def _of_survey(survey: SurveyResult | None) -> Iterator[str]:
    if survey is None:
        yield "No survey of the buildings was made: what they add in works and days is not known."
        return
    for item in survey.stops:
        yield f"Survey, stops the works until it is settled: {item.what}"
    questions = len(survey.open_items)
    if questions:
        yield f"The survey leaves {_count(questions, 'question')} open."


def _of_cost(cost: LifetimeCost) -> Iterator[str]:
    if cost.renewal is None:
        yield (
            "What replacing the customer's own heat costs, and when it is due, is not stated "
            "(`[economics.boiler_renewal]`): only keeping it is compared."
        )
    else:
        yield (
            "A new boiler is taken to make "
            f"{format_quantity('efficiency_frac', cost.renewal.efficiency_frac)} of its fuel's "
            "gross calorific value, and never less than the old one. One that burns less makes "
            "the boiler alone cheaper, and what the service saves less: ask its maker."
        )
    if cost.left_months:
        yield (
            f"{_count(cost.left_months, 'month')} of the term beyond its whole years are not in "
            "the lifetime cost."
        )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
