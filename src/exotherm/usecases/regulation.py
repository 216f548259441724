"""Which duties follow for a workspace, with what a person told in ``regulation.toml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from exotherm.comply.answers import (
    REGULATION_FILE,
    Told,
    check_owners,
    read_regulation,
    told_by,
    weigh,
)
from exotherm.comply.catalogue import kind_of
from exotherm.comply.classify import Classification, Reason, classify
from exotherm.comply.duties import Duty, Question, duties_of, open_questions
from exotherm.comply.facts import Fact, Facts
from exotherm.comply.owners import owners_of
from exotherm.comply.values import Several, Span, Value
from exotherm.comply.words import NOT_ADVICE, classified, coverage, verdict
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding
from exotherm.site.document import Site
from exotherm.usecases.files import WorkspaceFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """What follows from law for a project on a day."""

    facts: Facts
    classification: Classification
    duties: tuple[Duty, ...]
    questions: tuple[Question, ...]
    owners: Mapping[str, str]
    """who stands behind each role, by contract and ``regulation.toml``"""
    told: Told
    findings: tuple[Finding, ...]
    """what stands against ``regulation.toml``"""


def day_at(site: Site, now: datetime) -> date:
    """Give the day that an instant is on at a site."""
    return now.astimezone(site.zone).date()


def regulation_of(folder: Path, site: Site, contract: Contract | None, *, on: date) -> Regulation:
    """Hold the rules of the site's country against a project, on a day of the place."""
    told, text, findings = _told(folder)
    facts, wrong = weigh(told, site, contract, on, text=text)
    duties = duties_of(facts)
    return Regulation(
        facts=facts,
        classification=classify(facts),
        duties=duties,
        questions=open_questions(duties),
        owners=owners_of(contract, told.owners),
        told=told,
        findings=(*findings, *wrong, *check_owners(told, contract, text=text)),
    )


def _told(folder: Path) -> tuple[Told, str, tuple[Finding, ...]]:
    """Read what a person told, with the text it stands in; nothing where there is no file."""
    if not (folder / REGULATION_FILE).exists():
        return Told(), "", ()
    files = WorkspaceFiles(folder)
    text = files.text(REGULATION_FILE)
    if text is None:
        return Told(), "", tuple(files.findings)
    read = read_regulation(text)
    return (told_by(read.document) if read.document else Told()), text, read.findings


# --- As JSON


def show_regulation(found: Regulation) -> dict[str, object]:
    """Give everything as plain values, also the rules that do not apply, with the reason."""
    facts = found.facts
    return {
        "country": facts.country,
        "on": facts.on.isoformat(),
        "classification": _classification(found.classification),
        "duties": [_duty(duty, found.owners) for duty in found.duties],
        "questions": [
            {"fact": one.fact, "tell": one.tell, "rules": list(one.rules)}
            for one in found.questions
        ],
        "facts": {name: _fact(name, fact) for name, fact in facts.facts.items()},
        "coverage": list(coverage(facts.country)),
        "not_advice": NOT_ADVICE,
    }


def _classification(found: Classification) -> dict[str, object]:
    return {
        "kind": found.kind,
        "is_firm": found.is_firm,
        "could_be": list(found.could_be),
        "energy_points": found.energy_points,
        "it_points": found.it_points,
        "reasons": [_reason(one) for one in found.reasons],
        "open": [_reason(one) for one in found.open],
        "words": list(classified(found)),
    }


def _reason(one: Reason) -> dict[str, object]:
    mark = one.criterion
    return {
        "id": mark.id,
        "side": mark.side,
        "points": mark.points,
        "says": mark.says,
        "source": mark.source,
        "missing": list(one.missing),
    }


def _duty(duty: Duty, owners: Mapping[str, str]) -> dict[str, object]:
    rule = duty.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "area": rule.area,
        "jurisdiction": rule.jurisdiction,
        "verdict": verdict(duty),
        "applies": duty.applies,
        "stage": duty.stage,
        "because": duty.because,
        "missing": list(duty.missing),
        "duty": rule.duty,
        "answerable": rule.answerable,
        "owner": owners.get(rule.answerable),
        "evidence": rule.evidence,
        "status": rule.status,
        "in_force_from": rule.in_force_from.isoformat() if rule.in_force_from else None,
        "until": rule.until.isoformat() if rule.until else None,
        "source": rule.source,
        "checked_on": rule.checked_on.isoformat(),
        "confidence": rule.confidence,
    }


def _fact(name: str, fact: Fact) -> dict[str, object]:
    says = kind_of(name).describe(fact.value)
    return {"value": _plain(fact.value), "says": says, "source": fact.source}


def _plain(value: Value) -> object:
    match value:
        case Span():
            high = value.high if isfinite(value.high) else None
            return value.low if value.is_exact else {"min": value.low, "max": high}
        case Several():
            return list(value.words)
        case date():
            return value.isoformat()
    return value
