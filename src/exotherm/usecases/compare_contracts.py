"""Two versions of a contract side by side: what they say, and what the difference costs."""

from dataclasses import dataclass, replace
from pathlib import Path

from exotherm.contract.canonical import check_chain, hash_of
from exotherm.contract.diff import ClauseChange, diff_contracts
from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.documents import Source
from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import name_of_month
from exotherm.plan.contract_change import AmountChange, MoneyChange, money_of_change
from exotherm.plan.year import simulate_year
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.workspace import CONTRACT_FILE, load_workspace

SITE_FILE = "site.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing: the changes where both could be read, the money where it is known."""

    before: Contract | None
    after: Contract | None
    changes: tuple[ClauseChange, ...]
    money: MoneyChange | None
    findings: tuple[Finding, ...]


def compare_contracts(old: Path, new: Path, *, site: Path | None) -> Comparison:
    """Compare two contract files, or those of two workspaces; money on the year of a site.

    The site is that of the later version's folder unless another workspace is named.
    """
    findings: list[Finding] = []
    before, after = _read(old, findings), _read(new, findings)
    if before is None or after is None:
        return Comparison(
            before=before, after=after, changes=(), money=None, findings=tuple(findings)
        )
    if before != after:
        source = Source(file=_name(new), text=_text(new))
        findings.extend(check_chain(before, after, source=source))
    money = None
    if before.currency != after.currency:
        findings.append(_currencies(before, after, new))
    else:
        money = _money(before, after, site or _folder(new), findings)
    return Comparison(
        before=before,
        after=after,
        changes=diff_contracts(before, after),
        money=money,
        findings=tuple(findings),
    )


def _read(path: Path, findings: list[Finding]) -> Contract | None:
    files = WorkspaceFiles(_folder(path))
    text = files.text(_file(path))
    whose = Where(file=_name(path))
    findings.extend(replace(finding, where=whose) for finding in files.findings)
    if text is None:
        return None
    read = read_contract(text, file=_name(path))
    findings.extend(read.findings)
    return read.document


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _file(path: Path) -> str:
    return CONTRACT_FILE if path.is_dir() else path.name


def _name(path: Path) -> str:
    """Name the file so that two of the same name are told apart."""
    return str(_folder(path) / _file(path))


def _text(path: Path) -> str:
    return WorkspaceFiles(_folder(path)).text(_file(path)) or ""


def _money(
    before: Contract, after: Contract, folder: Path, findings: list[Finding]
) -> MoneyChange | None:
    """Rate both on the simulated year of a workspace; None where it has no site to simulate."""
    workspace = load_workspace(folder)
    site, surroundings = workspace.site, workspace.surroundings
    own = [one for one in workspace.findings if one.where.file != CONTRACT_FILE]
    if site is None or surroundings is None or has_errors(own):
        findings.append(_no_year(folder))
        return None
    return money_of_change(before, after, simulate_year(site, surroundings))


def _no_year(folder: Path) -> Finding:
    return Finding(
        code="contract.no-year-to-price",
        severity=Severity.WARNING,
        where=Where(file=str(folder / SITE_FILE)),
        message="There is no site here that could be simulated, so the difference has no amount.",
        remedy="Name a workspace with `--site`; `exotherm check` says what is wrong with this one.",
    )


def _currencies(before: Contract, after: Contract, new: Path) -> Finding:
    return Source(file=_name(new), text=_text(new)).warning(
        "contract.currency-changed",
        "payment",
        "currency",
        message=f"One version is in {before.currency}, the other in {after.currency}: amounts are "
        "not compared.",
        remedy="Compare versions of one currency; nothing is converted by guess.",
        before=before.currency,
        after=after.currency,
    )


def comparison_json(comparison: Comparison) -> dict[str, object]:
    """Give a comparison as plain values; amounts keep their digits as text."""
    before, after, money = comparison.before, comparison.after, comparison.money
    assert before is not None
    assert after is not None
    return {
        "before": _head(before),
        "after": _head(after),
        "changes": [
            {
                "clause": one.number,
                "title": one.title,
                "kind": one.kind,
                "before": one.before,
                "after": one.after,
                "fields": [
                    {
                        "path": field.path,
                        "before": _plain(field.before),
                        "after": _plain(field.after),
                    }
                    for field in one.fields
                ],
            }
            for one in comparison.changes
        ],
        "money": money and _money_json(money, after),
    }


def _head(contract: Contract) -> dict[str, object]:
    return {
        "reference": contract.contract.reference,
        "version": contract.contract.version,
        "sha256": hash_of(contract),
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _money_json(money: MoneyChange, contract: Contract) -> dict[str, object]:
    return {
        "currency": contract.currency,
        "year": _amounts(money.year),
        "months": [
            {"month": name_of_month(period, contract.zone), **_amounts(amounts)}
            for period, amounts in money.months
        ],
        "lines": [
            {"clause": clause, "description": words, **_amounts(amounts)}
            for clause, words, amounts in money.lines
        ],
    }


def _amounts(amounts: AmountChange) -> dict[str, object]:
    return {
        "before": str(amounts.before),
        "after": str(amounts.after),
        "difference": str(amounts.difference),
    }
