"""What the survey of a workspace comes to, and as plain values."""

from datetime import date
from pathlib import Path

from exotherm.core.findings import Finding, Severity, has_errors
from exotherm.core.toml_lines import write_path
from exotherm.plan.survey.effect import SurveyEffect
from exotherm.plan.survey.findings import survey_findings
from exotherm.plan.survey.items import Cost, Days, Item
from exotherm.plan.survey.phases import POINTS
from exotherm.plan.survey.programme import Programme, Scheduled
from exotherm.plan.survey.result import SurveyResult, survey_result
from exotherm.site.survey.document import SURVEY_FILE
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.weather import SITE_FILE
from exotherm.usecases.workspace import Ready, Workspace

OWN_FILES = (SITE_FILE, SURVEY_FILE)
"""the files that a survey is made of"""

Shown = dict[str, object]


def survey_of(
    workspace: Workspace | Ready, *, starts_on: date | None = None
) -> SurveyResult | None:
    """Hold a workspace's survey against the rules; None where it has none, no site, or errors.

    ``starts_on`` is the day on which works may be ordered, in place of the file's.
    """
    if workspace.survey is None or workspace.site is None:
        return None
    # Phases that wait for each other, for one, have no programme.
    if has_errors(one for one in workspace.findings if one.where.file in OWN_FILES):
        return None
    return survey_result(workspace.survey, workspace.site, starts_on=starts_on)


def findings_of_survey(folder: Path, result: SurveyResult) -> tuple[Finding, ...]:
    """Say what a survey stops and leaves open, with the lines of its file."""
    text = WorkspaceFiles(folder).text(SURVEY_FILE)
    return survey_findings(result, text=text or "")


def stops_of_survey(workspace: Workspace) -> tuple[Finding, ...]:
    """Say what of a workspace's survey stops it; what is open costs, and is the survey's to say."""
    result = survey_of(workspace)
    if result is None:
        return ()
    found = findings_of_survey(workspace.folder, result)
    return tuple(one for one in found if one.severity is Severity.ERROR)


# --- As JSON


def show_survey(result: SurveyResult) -> Shown:
    """Give a survey's result as plain values; amounts keep their digits as text."""
    return {
        "surveyed_on": result.surveyed_on.isoformat(),
        "surveyed_by": list(result.surveyed_by),
        "starts_on": result.starts_on.isoformat(),
        "currency": result.currency,
        "items": [_item(item) for item in result.items],
        "programme": None if result.programme is None else _programme(result.programme),
        "first_heat_on": _day(result.first_heat_on),
        "first_heat_on_min": _day(result.first_heat_on_min),
        "first_heat_on_max": _day(result.first_heat_on_max),
        "delay_days": result.delay_days,
        "added": {
            "amount_min": str(result.added.low),
            "amount": str(result.added.expected),
            "amount_max": str(result.added.high),
        },
        "open": len(result.open_items),
        "stops": len(result.stops),
    }


def show_effect(effect: SurveyEffect | None) -> Shown | None:
    """Give a survey as it stands in a study, or nothing where there is none."""
    if effect is None:
        return None
    return {
        **show_survey(effect.result),
        "lost_amount": effect.lost_amount,
        "late_days": effect.late_days,
        "conditions": [item.rule for item in effect.conditions],
    }


def _item(item: Item) -> Shown:
    return {
        "kind": item.kind.value,
        "rule": item.rule,
        "point": POINTS[item.rule],
        "what": item.what,
        "where": write_path(item.path),
        "remedy": item.remedy,
        "is_open": item.is_open,
        "cost": _cost(item.cost),
        "days": _days(item.days),
        "likelihood_frac": float(item.likelihood_frac),
        "expected_amount": str(round(item.expected, 2)),
        "source": item.source,
        "needs_price": item.needs_price,
    }


def _cost(cost: Cost) -> Shown:
    return {
        "amount_min": str(cost.low),
        "amount": str(cost.likely),
        "amount_max": str(cost.high),
    }


def _days(days: Days) -> Shown:
    return {"days_min": days.low, "days": days.likely, "days_max": days.high}


def _programme(programme: Programme) -> Shown:
    return {
        "days": programme.days,
        "off_days": programme.off_days,
        "activities": [_activity(one, programme) for one in programme.scheduled],
    }


def _activity(one: Scheduled, programme: Programme) -> Shown:
    return {
        "name": one.activity.name,
        "title": one.activity.title,
        "begins_on": programme.day(one.start).isoformat(),
        "ends_before": programme.day(one.end).isoformat(),
        "days": one.activity.days,
        "after": list(one.activity.after),
        "shutdown": one.activity.shutdown,
        "waited_days": one.waited,
        "slack_days": one.slack,
        "critical": one.is_critical,
        "from_survey": one.activity.is_added,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
