"""The carbon account's inputs: factors, baseline and meter error, for a month and for a plan."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from exotherm.core.period import Period
from exotherm.core.samples import Quality, Sample
from exotherm.physics.water import KJ_PER_KWH
from exotherm.plan.study import StudyResult
from exotherm.plan.year import simulate_year
from exotherm.prove.carbon import AvoidedEmissions, CarbonInputs, Factor, avoided_emissions
from exotherm.prove.meters import heat_meter_mpe_frac
from exotherm.site.document import Factor as SiteFactor
from exotherm.usecases.workspace import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterWork:
    """Where a heat meter works on the mean: temperature difference and share of nominal flow."""

    lift_k: Decimal
    flow_frac: Decimal


def carbon_inputs_of_month(
    workspace: Ready, samples: Mapping[str, Sequence[Sample]], period: Period
) -> CarbonInputs:
    """Gather what the account of a measured month needs besides its readings."""
    contract = workspace.contract
    meter = contract.delivered_heat.point.partition(".")[0]
    rated_m3h = _exact(contract.heat_meter.flow_m3h_rated)
    lift_k = _mean(samples, f"{meter}.supply_c", 2) - _mean(samples, f"{meter}.return_c", 2)
    work = MeterWork(lift_k=lift_k, flow_frac=_mean(samples, f"{meter}.flow_m3h", 3) / rated_m3h)
    demand_kwh = modelled_demand_kwh(workspace, period)
    return _carbon_inputs(workspace, demand=_cautious_demand(workspace, demand_kwh), work=work)


def planned_emissions(workspace: Ready, study: StudyResult) -> AvoidedEmissions:
    """Account for the planned year as a measured month is accounted for, by the same function.

    The middle takes the demand as it is modelled, for what is delivered comes from the same model;
    the cautious end takes off what the model may be wrong by, as every claim will.
    """
    flows = study.year.with_heat.flows
    running = flows["called"] > 0
    lift_k = (flows["supply_c"] - flows["return_c"])[running]
    flow_m3h = flows["flow_kgs"][running] * KJ_PER_KWH / 1000.0
    rated_m3h = workspace.contract.heat_meter.flow_m3h_rated
    work = MeterWork(
        lift_k=_exact(round(float(np.mean(lift_k)), 2)) if lift_k.size else Decimal(0),
        flow_frac=_exact(round(float(np.mean(flow_m3h)) / rated_m3h, 3))
        if flow_m3h.size
        else Decimal(0),
    )
    modelled = Factor(
        value=Decimal(int(study.heat_demand_kwh)),
        source="the site's plant model with the boiler alone, typical weather",
        vintage=str(workspace.site.study.year),
    )
    middle, cautious = (
        _account_of_plan(study, _carbon_inputs(workspace, demand=demand, work=work))
        for demand in (modelled, _cautious_demand(workspace, study.heat_demand_kwh))
    )
    return replace(middle, conservative_kgco2e=cautious.conservative_kgco2e)


def _account_of_plan(study: StudyResult, inputs: CarbonInputs) -> AvoidedEmissions:
    return avoided_emissions(
        delivered_kwh=Decimal(int(study.heat_delivered_kwh)),
        auxiliary_kwh=_exact(round(study.auxiliary_kwh, 1)),
        fuel_kwh=Decimal(int(study.year.with_heat.energy_kwh("fuel_kw"))),
        site_kwh=_exact(round(study.site_energy_kwh, 1)),
        inputs=inputs,
    )


def modelled_demand_kwh(workspace: Ready, period: Period) -> float:
    """Give the heat that the customer's boiler alone would give in a period, by the plant model.

    The typical weather is laid on the period's own year.
    """
    year = period.start.astimezone(workspace.site.zone).year
    study = workspace.site.study.model_copy(update={"year": year})
    site = workspace.site.model_copy(update={"study": study})
    alone = simulate_year(site, workspace.surroundings).boiler_alone
    covered = period.overlap(alone.period)
    return float(alone.part(covered)["backup_kw"].sum()) * alone.step_h if covered else 0.0


def _cautious_demand(workspace: Ready, demand_kwh: float) -> Factor:
    """Give a modelled demand at its low end, less what the model may be wrong by."""
    wrong_frac = workspace.site.carbon.baseline_uncertainty_frac
    return Factor(
        value=Decimal(int(demand_kwh * (1.0 - wrong_frac))),
        source="the site's plant model with the boiler alone, typical weather, less "
        f"{100 * wrong_frac:g} % for its uncertainty",
        vintage=str(workspace.site.study.year),
    )


def _carbon_inputs(workspace: Ready, *, demand: Factor, work: MeterWork) -> CarbonInputs:
    site = workspace.site
    carbon, vintage = site.carbon, str(site.study.year)
    return CarbonInputs(
        boiler_frac=Factor(
            value=_exact(site.boiler.efficiency_frac),
            source="site.toml boiler.efficiency_frac: seasonal, gross calorific value",
            vintage=vintage,
            uncertainty_frac=_exact(carbon.boiler_uncertainty_frac),
        ),
        fuel_gco2e_per_kwh=_factor(carbon.fuel),
        grid_gco2e_per_kwh=_factor(carbon.grid),
        baseline_demand_kwh=demand,
        induced_frac=Factor(
            value=_exact(carbon.induced_frac),
            source="site.toml carbon.induced_frac",
            vintage=vintage,
        ),
        heat_meter_mpe_frac=_heat_meter_error(workspace, work),
        electricity_meter_mpe_frac=Factor(
            value=_exact(carbon.electricity_meter_error_frac),
            source="site.toml carbon.electricity_meter_error_frac: MID class B",
            vintage="2014/32/EU",
        ),
    )


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _factor(factor: SiteFactor) -> Factor:
    year = re.search(r"\b(?:19|20)\d\d\b", factor.source)
    return Factor(
        value=_exact(factor.gco2e_per_kwh),
        source=factor.source,
        vintage=year[0] if year else "not stated",
        uncertainty_frac=_exact(factor.uncertainty_frac),
    )


def _heat_meter_error(workspace: Ready, work: MeterWork) -> Factor:
    """Work out the meter's largest permitted error where it really works.

    A meter may not be read below its least lift; there the error at that lift is taken.
    """
    meter = workspace.contract.heat_meter
    least_k = _exact(meter.lift_k_min)
    error = heat_meter_mpe_frac(
        accuracy_class=meter.accuracy_class,
        delta_k=max(least_k, round(work.lift_k, 2)),
        delta_k_min=least_k,
        flow_frac=max(Decimal("0.01"), round(work.flow_frac, 3)),
    )
    return Factor(
        value=round(error, 5),
        source=f"EN 1434-1 class {meter.accuracy_class} at a mean lift of {work.lift_k:.1f} K "
        f"and flow of {work.flow_frac:.2f} of nominal",
        vintage="EN 1434-1",
    )


def _mean(samples: Mapping[str, Sequence[Sample]], point: str, decimals: int) -> Decimal:
    """Average the good samples of a point that are not nought, or give nought for none."""
    counts = [one.count for one in samples.get(point, ()) if one.quality is Quality.GOOD]
    counts = [count for count in counts if count]
    return (Decimal(sum(counts)) / len(counts)).scaleb(-decimals) if counts else Decimal(0)
