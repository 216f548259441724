"""What a survey leaves to be done, as findings with their lines."""

from dataclasses import replace

from exotherm.core.documents import Source
from exotherm.core.findings import Finding, Where
from exotherm.plan.survey.items import Item
from exotherm.plan.survey.result import SurveyResult
from exotherm.site.survey.document import SURVEY_FILE


def survey_findings(
    result: SurveyResult, *, text: str = "", file: str = SURVEY_FILE
) -> tuple[Finding, ...]:
    """Say what stops, what is not known, and what has no price, each with its line.

    ``text`` is the file that the survey was read from.
    """
    source = Source(file=file, text=text)
    stops = [
        _placed(
            source.error(
                "survey.stops",
                *item.path,
                message=item.what,
                remedy=item.remedy,
                rule=item.rule,
                source=item.source,
            ),
            text,
        )
        for item in result.stops
    ]
    opened = [
        _placed(
            source.warning(
                "survey.answer-open",
                *item.path,
                message=item.what,
                remedy=item.remedy,
                **_numbers(item),
            ),
            text,
        )
        for item in result.open_items
    ]
    return (*stops, *opened, *_without_rates(result, source))


def _without_rates(result: SurveyResult, source: Source) -> tuple[Finding, ...]:
    """Say that nothing is priced where unit rates are not known in the site's currency."""
    if not result.unpriced:
        return ()
    rules = list(dict.fromkeys(item.rule for item in result.unpriced))
    return (
        source.warning(
            "survey.currency-without-rates",
            "survey",
            message=f"The program knows no unit rates in {result.currency}: "
            f"{len(result.unpriced)} items count as nought in the plan.",
            remedy="Give a price of each in `[[quotes]]`.",
            currency=result.currency,
            rules=rules,
        ),
    )


def _numbers(item: Item) -> dict[str, object]:
    return {
        "rule": item.rule,
        "amount_max": float(item.cost.high),
        "days_max": item.days.high,
        "likelihood_frac": float(item.likelihood_frac),
    }


def _placed(finding: Finding, text: str) -> Finding:
    """Give a finding about what stands nowhere the end of the file, where it is added."""
    where = finding.where
    if where.line is not None or not text:
        return finding
    end = text.rstrip("\n").count("\n") + 1
    return replace(finding, where=Where(file=where.file, line=end, path=where.path))
