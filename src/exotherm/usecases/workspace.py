"""The workspace: a folder with a site file, a contract file, series and one database."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from exotherm.contract.check import check_contract
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.documents import Document, Read
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.feeds.utilisation import read_utilisation
from exotherm.site.check import check_site
from exotherm.site.document import Site, points_of
from exotherm.site.reading import read_site
from exotherm.site.series import Utilisation, Weather
from exotherm.usecases.weather import SITE_FILE, weather_of

CONTRACT_FILE = "contract.toml"
STORE_FILE = "exotherm.db"
_BYTES_MAX = 64 * 1024 * 1024

_Model = TypeVar("_Model", bound=Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What a folder says, read and checked, with every finding on the way.

    A part is None where its file is absent or an error stands against it.
    """

    folder: Path
    site: Site | None
    contract: Contract | None
    weather: Weather | None
    utilisation: Utilisation | None
    findings: tuple[Finding, ...]

    @property
    def store(self) -> Path:
        """The workspace's database."""
        return self.folder / STORE_FILE

    @property
    def ready(self) -> bool:
        """Whether every part is there and no error stands."""
        parts = (self.site, self.contract, self.weather, self.utilisation)
        return all(part is not None for part in parts) and not has_errors(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A workspace of which every part is there, for what needs them all."""

    folder: Path
    site: Site
    contract: Contract
    weather: Weather
    utilisation: Utilisation

    @property
    def store(self) -> Path:
        """The workspace's database."""
        return self.folder / STORE_FILE


def load_workspace(folder: Path) -> Workspace:
    """Read all files of a workspace and collect every finding about them."""
    findings: list[Finding] = []
    site_text = _text(folder, SITE_FILE, findings)
    contract_text = _text(folder, CONTRACT_FILE, findings)
    site = _document(read_site(site_text), findings) if site_text is not None else None
    contract = (
        _document(read_contract(contract_text), findings) if contract_text is not None else None
    )
    weather = utilisation = None
    if site is not None:
        findings.extend(check_site(site, text=site_text or ""))
        weather, utilisation = _series(folder, site, site_text or "", findings)
    if site is not None and contract is not None:
        findings.extend(check_contract(contract, site, points_of(site), text=contract_text or ""))
    return Workspace(
        folder=folder,
        site=site,
        contract=contract,
        weather=weather,
        utilisation=utilisation,
        findings=tuple(findings),
    )


def ready(workspace: Workspace) -> Ready | None:
    """Give the workspace with all its parts, or None where an error stands."""
    if not workspace.ready:
        return None
    assert workspace.site is not None
    assert workspace.contract is not None
    assert workspace.weather is not None
    assert workspace.utilisation is not None
    return Ready(
        folder=workspace.folder,
        site=workspace.site,
        contract=workspace.contract,
        weather=workspace.weather,
        utilisation=workspace.utilisation,
    )


def _document(read: Read[_Model], findings: list[Finding]) -> _Model | None:
    findings.extend(read.findings)
    return read.document


def _series(
    folder: Path, site: Site, site_text: str, findings: list[Finding]
) -> tuple[Weather | None, Utilisation | None]:
    utilisation = None
    weather, found = weather_of(
        site, lambda name: _text(folder, name, findings), site_text=site_text
    )
    findings.extend(found)
    text = _text(folder, site.computing.utilisation_file, findings)
    if text is not None:
        utilisation, found = read_utilisation(
            text,
            file=site.computing.utilisation_file,
            column=site.computing.utilisation_column,
            in_percent=site.computing.utilisation_in_percent,
        )
        findings.extend(found)
    return weather, utilisation


def _text(folder: Path, name: str, findings: list[Finding]) -> str | None:
    """Read a file of the workspace; what stands against it becomes a finding."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            findings.append(_unreadable(name, "lies outside the workspace"))
            return None
        if path.exists() and not path.is_file():
            findings.append(_unreadable(name, "is no plain file"))
            return None
        if path.stat().st_size > _BYTES_MAX:
            findings.append(_unreadable(name, f"is larger than {_BYTES_MAX // 2**20} MiB"))
            return None
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        findings.append(_unreadable(name, "is not there"))
    except UnicodeDecodeError:
        save = f"Open `{name}` in an editor and save it as UTF-8."
        findings.append(_unreadable(name, "is not text in UTF-8", remedy=save))
    except OSError as error:
        findings.append(_unreadable(name, f"cannot be read: {error.strerror}"))
    return None


def _unreadable(name: str, problem: str, *, remedy: str = "") -> Finding:
    return Finding(
        code="workspace.file-unreadable",
        severity=Severity.ERROR,
        where=Where(file=name),
        message=f"`{name}` {problem}.",
        remedy=remedy
        or f"Put `{name}` into the workspace; `exotherm new DIR` writes an example of each.",
    )
