"""The rules of a project as sentences, for the terminal, a report and the gate before building."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exotherm.comply.catalogue import kind_of
from exotherm.comply.classify import Classification, Reason, load_criteria
from exotherm.comply.duties import Duty
from exotherm.comply.rules import Confidence, Rule, has_own_pack, packs_of
from exotherm.core.period import write_day

NOT_ADVICE = (
    "This informs and is not legal advice. It knows the rules that it names, as they were read on "
    "the day that is named; who signs or builds has them confirmed by somebody who answers for it."
)
_CONFIDENCE: Mapping[Confidence, str] = {
    "primary": "by the text itself",
    "secondary": "by what others write of it",
    "expert": "by trade knowledge only, so verify before relying on it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule as a line of a table and as a paragraph."""

    id: str
    area: str
    title: str
    verdict: str
    """a few words: "applies", "cannot be told", "from 1 Jul 2027", "draft" """
    text: str
    """the whole, in sentences"""


def rows(duties: Iterable[Duty], *, every: bool = False) -> tuple[Row, ...]:
    """Write duties as rows; those that do not apply now or later only where ``every`` is asked."""
    return tuple(
        Row(
            id=duty.rule.id,
            area=duty.rule.area,
            title=duty.rule.title,
            verdict=verdict(duty),
            text=sentence(duty),
        )
        for duty in duties
        if every or duty.applies != "does not apply" or duty.is_ahead
    )


def verdict(duty: Duty) -> str:
    """Say in a few words what comes of a rule."""
    if duty.stage == "in force" or duty.met is False:
        return duty.applies
    if duty.stage == "not yet in force":
        assert duty.rule.in_force_from is not None
        return f"from {write_day(duty.rule.in_force_from)}"
    return duty.stage


def sentence(duty: Duty) -> str:
    """Say whether a rule applies and why, what it asks of whom, what shows it, and its source."""
    said = f"{duty.rule.id}, {duty.rule.title}: {_outcome(duty)}"
    if duty.rule.status == "standard" and duty.applies != "does not apply":
        said += " It is a standard and binds where law or a contract names it."
    if duty.applies == "does not apply" and not duty.is_ahead:
        return f"{said} {_whence(duty.rule)}"
    ask = (
        f"{duty.rule.duty} Answerable is the {duty.rule.answerable}; it is shown by"
        f" {duty.rule.evidence}."
    )
    return f"{said} {ask} {_whence(duty.rule)}"


def _outcome(duty: Duty) -> str:
    if duty.applies == "cannot be told":
        return f"cannot be told: tell {_tell(duty.missing)}."
    reason = f"{duty.applies} because {duty.because}."
    if duty.stage == "in force" or not duty.is_ahead:
        return reason
    later = "As drafted" if duty.stage == "draft" else "From then on"
    if duty.met is None:
        return f"{reason} {later} it cannot be told: tell {_tell(duty.missing)}."
    return f"{reason} {later} it would apply to what is known now."


def _tell(names: Iterable[str]) -> str:
    return "; ".join(kind_of(name).tell for name in names)


def _whence(rule: Rule) -> str:
    checked = f"checked on {write_day(rule.checked_on)}"
    return f"Source: {rule.source}; {checked} {_CONFIDENCE[rule.confidence]}."


# --- What the project is, and what is not covered


def classified(found: Classification) -> tuple[str, ...]:
    """Say what the project is, each reason, and what could change it, as sentences."""
    article = "an" if found.kind[0] in "eI" else "a"
    counts_from = load_criteria().counts_from
    first = (
        f"The project is {article} {found.kind}: {_points(found.energy_points)} for an energy asset"
        f" and {_points(found.it_points)} for an IT asset, where a side counts from {counts_from}."
    )
    lines = [first, *(_reason(one) for one in found.reasons)]
    if found.could_be:
        lines.append(
            f"It could still come out as {' or '.join(found.could_be)}: tell"
            f" {_tell(dict.fromkeys(name for one in found.open for name in one.missing))}."
        )
    return tuple(lines)


def _reason(one: Reason) -> str:
    mark = one.criterion
    return f"{_points(mark.points)} for {mark.side}: {mark.says} ({mark.source})."


def _points(count: int) -> str:
    return f"{count} {'point' if count == 1 else 'points'}"


def coverage(country: str) -> tuple[str, ...]:
    """Say which law was looked at for a country, and what was left out."""
    found = packs_of(country)
    if not found:
        return (f"No rule of {country} is known here: nothing was checked.",)
    lines = [f"{pack.title}, {len(pack.rules)} rules. {pack.note}" for pack in found]
    if not has_own_pack(country):
        lines.append(f"The law of {country} itself was not checked: there is no pack for it.")
    return tuple(lines)
