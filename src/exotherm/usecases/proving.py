"""The evidence of a month: readings, factors and invoice, packed and signed."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.period import Period, read_month
from exotherm.operate.limits import power_kw_max
from exotherm.prove.claim import Claim
from exotherm.prove.measured import RegisterUse, Role
from exotherm.prove.meters import MeterRecord
from exotherm.prove.pack import Pack, build_pack, write_zip
from exotherm.site.document import Site, points_of
from exotherm.store.sqlite import Store
from exotherm.store.values import StoredDocument
from exotherm.usecases.billing import INVOICE
from exotherm.usecases.carbon import carbon_inputs_of_month
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
        inputs=carbon_inputs_of_month(workspace, samples, period),
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
