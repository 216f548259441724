"""The evidence of a month: readings, factors and invoice, packed and signed."""

import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from exotherm.contract.terms import Contract
from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.ledger import Entry, breaks_of, standing
from exotherm.core.period import Period, read_month
from exotherm.operate.limits import power_kw_max
from exotherm.operate.simulated import SIMULATED_CODE
from exotherm.prove.claim import Claim
from exotherm.prove.measured import RegisterUse, Role
from exotherm.prove.meters import MeterRecord
from exotherm.prove.pack import Pack, build_pack, write_zip
from exotherm.prove.verify import main as verify_pack
from exotherm.site.counting import registers_counting
from exotherm.site.document import Site, points_of
from exotherm.site.meters import Measured
from exotherm.store.sqlite import Store
from exotherm.store.values import StoredDocument
from exotherm.usecases.billing import INVOICE, notes_on_readings
from exotherm.usecases.carbon import carbon_inputs_of_month
from exotherm.usecases.files import write_whole
from exotherm.usecases.keys import load_or_make_keys, slug_of
from exotherm.usecases.workspace import Ready

EVIDENCE = "evidence"
EVIDENCE_FOLDER = "evidence"
# Meters tell the time to the minute, so a reading that near to an edge stands for it.
_CLOCK_SLACK_S = 60
_ROLES: dict[Role, Measured] = {
    Role.SITE: "site",
    Role.IT: "it",
    Role.DELIVERED: "heat",
    Role.AUXILIARY: "auxiliary",
    Role.FUEL: "fuel",
}


class UnableToProve(UnableTo):
    """What is stored does not prove what was billed."""


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
    billed = json.loads(invoice.json)
    keys = load_or_make_keys(
        workspace.folder, site_name=site.site.name, named=billed["evidence_key"]
    )
    if keys.signing.vkey != billed["evidence_key"]:
        raise UnableToProve(
            f"Invoice {invoice.number} names the key {billed['evidence_key']}, but the workspace "
            f"signs with {keys.signing.vkey}",
            remedy="Restore the key file that the invoice was issued with.",
        )
    simulated = SIMULATED_CODE in {note.code for note in notes_on_readings(store, period)}
    return build_pack(
        site_name=site.site.name + (" (simulated readings)" if simulated else ""),
        site_slug=slug_of(site.site.name),
        period=invoice.period,
        points=[points[name] for name in samples],
        samples=samples,
        registers=registers_of(site, contract, standing(store.entries())),
        inputs=carbon_inputs_of_month(workspace, samples, period),
        meters=meters_of(site, contract),
        invoice=billed,
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
    _check_verifies(content)
    store.save_document(
        kind=EVIDENCE,
        number=number,
        issued_on=issued_on,
        period=pack.claim.period,
        text=pack.files["claim.json"].decode(),
        content=content,
    )
    file = workspace.folder / EVIDENCE_FOLDER / f"{number}.zip"
    write_whole(file, content)
    return Proof(pack=pack, number=number, file=file)


def _check_verifies(content: bytes) -> None:
    """Refuse to hand out a pack that its own verifier would refuse."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(content)
        verdict = StringIO()
        with redirect_stdout(verdict):
            accepted = verify_pack([str(path)]) == 0
    if not accepted:
        cause = next(line for line in verdict.getvalue().splitlines() if "FAILED" in line)
        raise UnableToProve(
            f"The pack would not verify: {cause.partition('FAILED ')[2]}",
            remedy="The store no longer holds what was billed. Put back the last backup of it; "
            "nothing was written.",
        )


def registers_of(
    site: Site, contract: Contract, entries: Sequence[Entry] = ()
) -> dict[Role, RegisterUse]:
    """Say which point stands for each role of the account, and the most that can pass it.

    ``entries`` are those of the meter ledger that count; they explain its jumps.

    Heat is what the contract bills. A role without one register of its own keeps its most: what is
    not measured counts as a burden in full.
    """
    most = power_kw_max(site)
    standing_for = {role: _only(registers_counting(site, kind)) for role, kind in _ROLES.items()}
    standing_for[Role.DELIVERED] = contract.delivered_heat.point
    return {
        role: RegisterUse(
            point=standing_for[role],
            kw_max=Decimal(str(round(most[f"{kind}_kw"], 3))),
            source="ratings in site.toml with a margin of a half",
            breaks=breaks_of(entries, standing_for[role] or ""),
        )
        for role, kind in _ROLES.items()
    }


def _only(registers: Sequence[str]) -> str | None:
    return registers[0] if len(registers) == 1 else None


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
