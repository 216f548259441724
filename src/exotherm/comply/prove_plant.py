"""Proofs of what the plant can do: heat, warmth, cold, fallback, meters."""

from collections.abc import Mapping

from exotherm.comply.papers import Papers, Proof, ProofOf, of_contract, refuted
from exotherm.contract.terms import Contract
from exotherm.core.period import write_day
from exotherm.core.sentences import counted
from exotherm.core.units import format_quantity
from exotherm.physics.water import KJ_PER_KWH
from exotherm.site.document import points_of
from exotherm.site.heat_path import coolant_heat_kw, deliverable_kw, reachable_supply_c

_WATER_KG_PER_M3 = 1000.0
_MONTHS = range(1, 13)


def _promised_kw(contract: Contract) -> float:
    """Give the most that is promised in any month."""
    return max(contract.capacity.in_month(month) for month in _MONTHS)


def _capacity(papers: Papers, contract: Contract) -> Proof:
    site, supply_c = papers.site, contract.supply_temperature.supply_c_min
    pairs = (
        ("", _promised_kw(contract), 1.0),
        (" with idle servers", contract.it_load.heat_kw_min, site.computing.idle_frac),
    )
    said, holds = [], True
    for when, promised_kw, power_frac in pairs:
        possible_kw = deliverable_kw(site, supply_c=supply_c, power_frac=power_frac)
        holds &= promised_kw <= possible_kw
        said.append(f"{_kw(promised_kw)} promised{when}, {_kw(possible_kw)} possible")
    return Proof(
        holds=holds,
        words=f"{'; '.join(said)} (site.toml)",
        remedy="Promise less in `[capacity]` or `[it_load]`, or enlarge the plant.",
    )


def _supply_temperature(papers: Papers, contract: Contract) -> Proof:
    wrong = papers.stands(
        "contract.supply-not-reachable",
        "contract.supply-not-above-pool",
        "contract.supply-not-above-return",
        "contract.supply-below-network",
    )
    if wrong is not None:
        return refuted(wrong)
    promised_c, heat_kw = contract.supply_temperature.supply_c_min, contract.capacity.heat_kw
    reached_c = reachable_supply_c(papers.site, heat_kw=heat_kw)
    return Proof(
        holds=True,
        words=f"{_celsius(promised_c)} promised, the plant makes water of {_celsius(reached_c)} "
        f"while it gives {_kw(heat_kw)} (site.toml)",
    )


def _heat_rejection(papers: Papers) -> Proof:
    wrong = papers.stands(
        "site.rejection-too-small",
        "site.coolant-below-outdoor",
        "site.coolant-flow-too-small",
        "plan.coolant-over-limit",
    )
    if wrong is not None:
        return refuted(wrong)
    rejection, hottest_c = papers.site.rejection, papers.site.weather.outdoor_c_design
    behind = "" if rejection.chiller_eer is None else " with a cooling machine behind it"
    return Proof(
        holds=True,
        words=f"{_kw(coolant_heat_kw(papers.site))} to reject at up to {_celsius(hottest_c)} "
        f"outside; the cooler{behind} is rated for {_kw(rejection.heat_kw_rated)} at "
        f"{format_quantity('lift_k', rejection.lift_k_rated)} (site.toml)",
    )


def _fallback(_: Papers, contract: Contract) -> Proof:
    plant, promised_kw = contract.fallback_plant, _promised_kw(contract)
    return Proof(
        holds=plant.heat_kw >= promised_kw,
        words=f"{_kw(plant.heat_kw)} of fallback, {_kw(promised_kw)} promised (contract.toml)",
        remedy="Promise less, or agree on a larger fallback in `[fallback_plant]`.",
    )


def _meters(papers: Papers, contract: Contract) -> Proof:
    wrong = papers.stands(
        "contract.point-unknown",
        "contract.point-wrong-kind",
        "contract.register-differs",
        "contract.meter-serial-differs",
        "contract.meter-too-small",
        "contract.lift-below-meter",
        "site.meters-missing",
        "site.heat-meter-missing",
    )
    if wrong is not None:
        return refuted(wrong)
    flow_m3h = papers.site.delivery.flow_kgs * KJ_PER_KWH / _WATER_KG_PER_M3
    meter, points = contract.heat_meter, len(points_of(papers.site))
    return Proof(
        holds=True,
        words=f"{counted(len(papers.site.meters), 'meter')} for {counted(points, 'point')}; "
        f"`{contract.delivered_heat.point}` of meter {meter.serial} is billed; "
        f"{_m3h(flow_m3h)} flow, it is made for {_m3h(meter.flow_m3h_rated)}",
    )


def _verification(_: Papers, contract: Contract) -> Proof:
    meter, term, again = contract.heat_meter, contract.term, contract.verification
    until, ends = meter.verified_until, write_day(term.ends_on)
    words = (
        f"certificate {meter.certificate}, class {meter.accuracy_class}; verified until "
        f"{write_day(until)}"
    )
    if until >= term.ends_on:
        return Proof(holds=True, words=f"{words}, past the term's end on {ends} (contract.toml)")
    if until >= term.starts_on and again is not None:
        years = format_quantity("interval_years", again.interval_years, decimals=0)
        return Proof(
            holds=True,
            words=f"{words}, then every {years} at the {again.payer}'s cost (contract.toml)",
        )
    return Proof(
        holds=False,
        words=f"{words}, but the term runs from {write_day(term.starts_on)} to {ends}",
        remedy="Have the meter verified, and agree in `[verification]` on how it goes on.",
    )


def _demand_measured(papers: Papers) -> Proof:
    site = papers.site
    measured, modelled = len(site.measured), len(site.buildings) + (site.pool is not None)
    modelled += site.network is not None
    return Proof(
        holds=True if measured and not modelled else None,
        words=f"{measured} customers are measured, {modelled} modelled",
        remedy="Name what was measured as [[measured]] in site.toml.",
    )


def _kw(value: float) -> str:
    return format_quantity("heat_kw", value)


def _celsius(value: float) -> str:
    return format_quantity("supply_c", value)


def _m3h(value: float) -> str:
    return format_quantity("flow_m3h", value)


PLANT_PROOFS: Mapping[str, ProofOf] = {
    "capacity": of_contract(_capacity),
    "supply temperature": of_contract(_supply_temperature),
    "heat rejection": _heat_rejection,
    "fallback": of_contract(_fallback),
    "meters": of_contract(_meters),
    "verification": of_contract(_verification),
    "demand measured": _demand_measured,
}
