"""The evidence of a month: readings, factors and invoice, packed and signed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period, name_of_month, read_month
from exotherm.core.samples import Quality, Sample
from exotherm.operate.limits import power_kw_max
from exotherm.plan.year import simulate_year
from exotherm.prove.carbon import CarbonInputs, Factor
from exotherm.prove.claim import Claim
from exotherm.prove.measured import RegisterUse, Role
from exotherm.prove.meters import MeterRecord, heat_meter_mpe_frac
from exotherm.prove.pack import Pack, build_pack, write_zip
from exotherm.site.document import Factor as SiteFactor
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.store.values import StoredDocument
from exotherm.usecases.billing import INVOICE
from exotherm.usecases.keys import load_or_make_keys, slug_of
from exotherm.usecases.workspace import Ready

EVIDENCE = "evidence"
EVIDENCE_FOLDER = "evidence"
# Meters tell the time to the minute, so a reading that near to an edge stands for it.
_CLOCK_SLACK_S = 60
_ROLES = {
    Role.SITE: "site_kwh",
    Role.IT: "it_kwh",
    Role.DELIVERED: "heat_kwh",
    Role.AUXILIARY: "auxiliary_kwh",
    Role.FUEL: "fuel_kwh",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The pack of a month and where it was written."""

    pack: Pack
    number: str
    file: Path

    @property
    def claim(self) -> Claim:
        """What the pack proves."""
        return self.pack.claim


def make_pack(workspace: Ready, store: Store, month: str) -> Pack | tuple[Finding, ...]:
    """Build the evidence pack of a month, or say what stands in its way; nothing is stored.

    Raises ValueError for what is no month.
    """
    contract, site = workspace.contract, workspace.site
    period = read_month(month, contract.zone)
    invoice = _invoice_of(store, period)
    if invoice is None:
        return (_not_billed(month),)
    points = points_of(site)
    margin = timedelta(minutes=contract.reading_plan.edge_gap_min_max)
    samples = store.samples([name for name in store.points() if name in points], period, margin)
    keys = load_or_make_keys(workspace.folder, site_name=site.site.name)
    return build_pack(
        site_name=site.site.name,
        site_slug=slug_of(site.site.name),
        period=invoice.period,
        points=[points[name] for name in samples],
        samples=samples,
        registers=registers_of(site),
        inputs=carbon_inputs(workspace, samples, period),
        meters=meters_of(site, contract),
        invoice=json.loads(invoice.json),
        signing_key=keys.signing,
        salt_key=keys.salt,
        boundary_s=_CLOCK_SLACK_S,
        invoice_reading_s_max=contract.reading_plan.edge_gap_min_max * 60,
    )


def issue_pack(
    workspace: Ready, store: Store, month: str, *, issued_on: date
) -> Proof | tuple[Finding, ...]:
    """Build the evidence pack of a month, store it for good, and write it as a zip."""
    pack = make_pack(workspace, store, month)
    if not isinstance(pack, Pack):
        return pack
    number = store.next_number(EVIDENCE, f"EV-{month}-")
    content = write_zip(pack.files)
    store.save_document(
        kind=EVIDENCE,
        number=number,
        issued_on=issued_on,
        period=pack.claim.period,
        text=pack.files["claim.json"].decode(),
        content=content,
    )
    folder = workspace.folder / EVIDENCE_FOLDER
    folder.mkdir(exist_ok=True)
    file = folder / f"{number}.zip"
    file.write_bytes(content)
    return Proof(pack=pack, number=number, file=file)


def registers_of(site: Site) -> dict[Role, RegisterUse]:
    """Say which point stands for each role of the account, and the most that can pass it.

    A role without a meter keeps its most: what is not measured counts as a burden in full.
    """
    most = power_kw_max(site)
    named = {name.partition(".")[2]: name for name in points_of(site)}
    return {
        role: RegisterUse(
            point=named.get(quantity),
            kw_max=Decimal(str(round(most[quantity.removesuffix("h")], 3))),
            source="ratings in site.toml with a margin of a half",
        )
        for role, quantity in _ROLES.items()
    }


def carbon_inputs(
    workspace: Ready, samples: Mapping[str, Sequence[Sample]], period: Period
) -> CarbonInputs:
    """Gather what the carbon account needs besides readings, each with its source."""
    site, contract = workspace.site, workspace.contract
    carbon = site.carbon
    return CarbonInputs(
        boiler_frac=Factor(
            value=_exact(site.boiler.efficiency_frac),
            source="site.toml boiler.efficiency_frac: seasonal, gross calorific value",
            vintage=str(site.study.year),
            uncertainty_frac=_exact(carbon.boiler_uncertainty_frac),
        ),
        fuel_gco2e_per_kwh=_factor(carbon.fuel),
        grid_gco2e_per_kwh=_factor(carbon.grid),
        baseline_demand_kwh=baseline_demand(workspace, period),
        induced_frac=Factor(
            value=_exact(carbon.induced_frac),
            source="site.toml carbon.induced_frac",
            vintage=str(site.study.year),
        ),
        heat_meter_mpe_frac=_heat_meter_error(contract, samples),
        electricity_meter_mpe_frac=Factor(
            value=_exact(carbon.electricity_meter_error_frac),
            source="site.toml carbon.electricity_meter_error_frac: MID class B",
            vintage="2014/32/EU",
        ),
    )


def baseline_demand(workspace: Ready, period: Period) -> Factor:
    """Give the heat the customer would have needed, by the plant model, at its cautious end."""
    year = simulate_year(workspace.site, workspace.weather, workspace.utilisation).boiler_alone
    covered = period.overlap(year.period)
    modelled_kwh = float(year.part(covered)["backup_kw"].sum()) * year.step_h if covered else 0.0
    less = 1.0 - workspace.site.carbon.baseline_uncertainty_frac
    return Factor(
        value=Decimal(int(modelled_kwh * less)),
        source="the site's plant model with the boiler alone, typical weather, less "
        f"{workspace.site.carbon.baseline_uncertainty_frac:.0%} for its uncertainty",
        vintage=str(workspace.site.study.year),
    )


def meters_of(site: Site, contract: Contract) -> tuple[MeterRecord, ...]:
    """Record the meters that the evidence rests on."""
    billed = contract.delivered_heat.point.partition(".")[0]
    return tuple(
        MeterRecord(
            name=meter.name,
            serial=meter.serial,
            measures="heat at the delivery point",
            position=contract.delivery_point.place,
            accuracy_class=f"MID annex VI class {contract.heat_meter.accuracy_class}",
            delta_k_min=_exact(contract.heat_meter.lift_k_min),
            valid_until=contract.heat_meter.verified_until,
        )
        if meter.name == billed
        else MeterRecord(
            name=meter.name,
            serial=meter.serial,
            measures="electricity, fuel and coolant of the plant room",
            position="plant room gateway",
            accuracy_class="electricity MID class B as stated in site.toml",
        )
        for meter in site.meters
    )


def _invoice_of(store: Store, period: Period) -> StoredDocument | None:
    billing = [one for one in store.documents(INVOICE) if one.period.overlap(period)]
    return billing[-1] if billing else None


def _not_billed(month: str) -> Finding:
    return Finding(
        code="prove.not-billed",
        severity=Severity.ERROR,
        where=Where(path=month),
        message=f"No invoice bills {month}, so its evidence would prove a heat nobody has stated.",
        remedy=f"Run `exotherm bill close --month {month}` first.",
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


def _heat_meter_error(contract: Contract, samples: Mapping[str, Sequence[Sample]]) -> Factor:
    """Work out the meter's largest permitted error where it really works: mean lift and flow.

    A meter may not be read below its least lift; there the error at that lift is taken.
    """
    meter = contract.delivered_heat.point.partition(".")[0]
    lift_k = _mean(samples, f"{meter}.supply_c", 2) - _mean(samples, f"{meter}.return_c", 2)
    flow_frac = _mean(samples, f"{meter}.flow_m3h", 3) / _exact(contract.heat_meter.flow_m3h_rated)
    least_k = _exact(contract.heat_meter.lift_k_min)
    error = heat_meter_mpe_frac(
        accuracy_class=contract.heat_meter.accuracy_class,
        delta_k=max(least_k, round(lift_k, 2)),
        delta_k_min=least_k,
        flow_frac=max(Decimal("0.01"), round(flow_frac, 3)),
    )
    return Factor(
        value=round(error, 5),
        source=f"EN 1434-1 class {contract.heat_meter.accuracy_class} at the period's mean "
        f"lift of {lift_k:.1f} K and flow of {flow_frac:.2f} of nominal",
        vintage="EN 1434-1",
    )


def _mean(samples: Mapping[str, Sequence[Sample]], point: str, decimals: int) -> Decimal:
    """Average the good samples of a point that are not nought, or give nought for none."""
    counts = [one.count for one in samples.get(point, ()) if one.quality is Quality.GOOD]
    counts = [count for count in counts if count]
    return (Decimal(sum(counts)) / len(counts)).scaleb(-decimals) if counts else Decimal(0)


def month_name(workspace: Ready, period: Period) -> str:
    """Name the month of a period by the contract's clock."""
    return name_of_month(period, workspace.contract.zone)
