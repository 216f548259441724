"""The workspace: a folder with a site file, a contract file, series and one database."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from exotherm.contract.check import check_contract
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.documents import Document, Read
from exotherm.core.findings import Finding, Severity, has_errors
from exotherm.site.check import check_site
from exotherm.site.document import Site, points_of
from exotherm.site.reading import read_site
from exotherm.site.series import Surroundings
from exotherm.site.survey.check import check_survey
from exotherm.site.survey.document import SURVEY_FILE, Survey
from exotherm.site.survey.reading import read_survey
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.meter_profiles import with_profiles
from exotherm.usecases.surroundings import surroundings_of
from exotherm.usecases.weather import SITE_FILE

CONTRACT_FILE = "contract.toml"
STORE_FILE = "exotherm.db"

_Model = TypeVar("_Model", bound=Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What a folder says, read and checked, with every finding on the way.

    A part is None where its file is absent or an error stands against it.
    """

    folder: Path
    site: Site | None
    contract: Contract | None
    surroundings: Surroundings | None
    findings: tuple[Finding, ...]
    survey: Survey | None = None
    """what a survey found; a workspace need not have one"""

    @property
    def store(self) -> Path:
        """The workspace's database."""
        return self.folder / STORE_FILE

    @property
    def ready(self) -> bool:
        """Whether every part is there and no error stands; what runs needs no survey any more."""
        parts = (self.site, self.contract, self.surroundings)
        stands = (one for one in self.findings if one.where.file != SURVEY_FILE)
        return all(part is not None for part in parts) and not has_errors(stands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A workspace of which every part is there, for what needs them all."""

    folder: Path
    site: Site
    contract: Contract
    surroundings: Surroundings
    findings: tuple[Finding, ...] = ()
    """what stands against its files without blocking"""
    survey: Survey | None = None
    """what a survey found, where there is one"""

    @property
    def store(self) -> Path:
        """The workspace's database."""
        return self.folder / STORE_FILE


def load_workspace(folder: Path) -> Workspace:
    """Read all files of a workspace and collect every finding about them."""
    files = WorkspaceFiles(folder)
    findings = files.findings
    site_text = files.text(SITE_FILE)
    contract_text = files.text(CONTRACT_FILE)
    site = _document(read_site(site_text), findings) if site_text is not None else None
    contract = (
        _document(read_contract(contract_text), findings) if contract_text is not None else None
    )
    surroundings = None
    if site is not None:
        site = with_profiles(site, files, site_text=site_text or "")
        findings.extend(check_site(site, text=site_text or ""))
        surroundings = surroundings_of(site, files, site_text=site_text or "")
    if site is not None and contract is not None:
        findings.extend(check_contract(contract, site, points_of(site), text=contract_text or ""))
    return Workspace(
        folder=folder,
        site=site,
        contract=contract,
        surroundings=surroundings,
        survey=_survey(files, site),
        findings=tuple(findings),
    )


def site_of(folder: Path) -> Site | None:
    """Give a workspace's site, unchecked, for who it is and what clock it has; None if unreadable.

    Whoever puts back a backup may have no more of it.
    """
    text = WorkspaceFiles(folder).text(SITE_FILE)
    return read_site(text).document if text is not None else None


def _survey(files: WorkspaceFiles, site: Site | None) -> Survey | None:
    """Read and check the survey, where the workspace has one."""
    if not files.has(SURVEY_FILE):
        return None
    text = files.text(SURVEY_FILE)
    survey = _document(read_survey(text), files.findings) if text is not None else None
    if survey is not None and site is not None:
        files.findings.extend(check_survey(survey, site, text=text or ""))
    return survey


def ready(workspace: Workspace) -> Ready | None:
    """Give the workspace with all its parts, or None where an error stands."""
    return _whole(workspace) if workspace.ready else None


_NOT_OF_THE_PLAN = frozenset(
    {
        "contract.buyer-differs",
        "contract.check-meter-same",
        "contract.estimate-not-allowed",
        "contract.estimates-beyond-ladder",
        "contract.estimates-beyond-look-back",
        "contract.exclusion-not-listed",
        "contract.exclusion-unknown",
        "contract.fallback-too-small",
        "contract.fallback-trigger-above-promise",
        "contract.final-bill-before-reading",
        "contract.final-reading-not-remote",
        "contract.gap-too-short",
        "contract.iban-wrong",
        "contract.ladder-too-short",
        "contract.look-back-differs",
        "contract.look-back-too-short",
        "contract.look-back-undefined",
        "contract.losses-not-billable",
        "contract.meter-serial-differs",
        "contract.meter-too-small",
        "contract.notice-not-reachable",
        "contract.outage-class-differs",
        "contract.parties-same",
        "contract.point-unknown",
        "contract.point-wrong-kind",
        "contract.proration-undefined",
        "contract.proration-without-weather",
        "contract.read-too-seldom",
        "contract.reference-to-nothing",
        "contract.register-differs",
        "contract.retention-too-short",
        "contract.role-differs",
        "contract.roll-over-twice",
        "contract.rung-repeated",
        "contract.rungs-out-of-order",
        "contract.vat-differs",
        "contract.vat-nature-missing",
        "contract.verification-expired",
    }
)
"""Errors of a contract that cannot be billed yet, but whose money can be planned."""
_MONEY = ("TAR-", "IDX-", "CRD-")


def ready_to_plan(workspace: Workspace) -> Ready | None:
    """Give the workspace with all that a plan is made of, or None where an error stands.

    A first study has no meters yet, and no lawyer has seen its contract: what keeps it from being
    billed or signed does not keep it from being planned.
    """
    parts = (workspace.site, workspace.contract, workspace.surroundings)
    hindered = any(hinders_plan(one) for one in workspace.findings)
    return None if hindered or None in parts else _whole(workspace)


def hinders_plan(finding: Finding) -> bool:
    """Tell whether a finding keeps money from being reckoned at all."""
    if finding.severity is not Severity.ERROR or finding.code in _NOT_OF_THE_PLAN:
        return False
    clause = str(finding.data.get("clause", ""))
    return finding.code != "contract.clause-missing" or not clause or clause.startswith(_MONEY)


def _whole(workspace: Workspace) -> Ready:
    assert workspace.site is not None
    assert workspace.contract is not None
    assert workspace.surroundings is not None
    return Ready(
        findings=workspace.findings,
        folder=workspace.folder,
        site=workspace.site,
        contract=workspace.contract,
        surroundings=workspace.surroundings,
        survey=workspace.survey,
    )


def _document(read: Read[_Model], findings: list[Finding]) -> _Model | None:
    findings.extend(read.findings)
    return read.document
