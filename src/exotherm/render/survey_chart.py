"""The programme of a survey as lying bars over its days."""

from markupsafe import Markup

from exotherm.core.period import write_day
from exotherm.core.units import format_quantity
from exotherm.plan.survey.programme import Programme, Scheduled
from exotherm.plan.survey.result import SurveyResult
from exotherm.render.figure import Table, Words, definitions, figure
from exotherm.render.svg import Tone, join, rectangle, swatch, tag, text

_STEP, _NAME, _TOP, _BOTTOM = 42.0, 14.0, 20.0, 34.0
_HEAD = ("Activity", "Begins", "Ends before", "Days", "May slip, days")


def render_programme(result: SurveyResult) -> Markup | None:
    """Draw the programme: a bar for each activity, agreed shutdowns above; None without one."""
    programme = result.programme
    if programme is None or not programme.days:
        return None
    rows = [_windows(programme)] if programme.runs else []
    rows += [_bar(one, programme) for one in programme.scheduled]
    height = _STEP * len(rows)
    placed = [
        tag("g", {"transform": f"translate(0 {number * _STEP:.0f})"}, row)
        for number, row in enumerate(rows)
    ]
    drawing = join([definitions("programme", (Tone.COST,)), *placed])
    words = Words(
        name="programme",
        title=_title(result, programme),
        summary=f"Lying bars: {len(programme.scheduled)} activities from "
        f"{write_day(programme.starts_on)} to {write_day(programme.ends_on)}.",
        source="durations of survey.toml, or those usual in the trade; earliest dates, likely "
        "durations, and what is sure to come",
    )
    key, table = _key(programme), _table(programme)
    return figure(words, drawing, height=height, key=key, table=table, flush=True)


def _title(result: SurveyResult, programme: Programme) -> str:
    first = f"First heat on {write_day(programme.ends_on)}"
    if result.delay_days:
        return f"{first}: findings move it by {format_quantity('_days', result.delay_days)}."
    if programme.waited:
        waits = format_quantity("_days", programme.waited)
        return f"{first}: the tie-in waits {waits} for an agreed shutdown."
    return f"{first}: no finding moves it."


def _bar(one: Scheduled, programme: Programme) -> Markup:
    """Draw an activity: its name, first day and length, its bar; a dot where all hangs on it."""
    begins = write_day(programme.day(one.start))
    days = format_quantity("_days", one.activity.days)
    # A telephone has room for the first day alone.
    value = join([begins, tag("tspan", {"class": "wide"}, f", {days}")])
    hangs = " ●" if one.is_critical else ""
    tone = Tone.COST if one.activity.is_added else Tone.PLAIN
    across = (one.start / programme.days, max(one.end, one.start + 0.5) / programme.days)
    return join(
        [
            text(0.0, _NAME, f"{one.activity.title}{hangs}", kind="name"),
            text("100%", _NAME, value, kind="value", anchor="end"),
            rectangle("programme", tone, across=across, down=(_TOP, _BOTTOM)),
        ]
    )


def _windows(programme: Programme) -> Markup:
    """Draw the days on which the building can be cut off, as far as the programme reaches."""
    within = [(begin, min(end, programme.days)) for begin, end in programme.runs]
    bars = [
        rectangle(
            "programme",
            Tone.GAIN,
            across=(begin / programme.days, end / programme.days),
            down=(_TOP, _BOTTOM),
        )
        for begin, end in within
        if begin < end
    ]
    return join([text(0.0, _NAME, "Agreed shutdowns", kind="name"), *bars])


def _key(programme: Programme) -> Markup:
    kinds = [(Tone.PLAIN, "phase")]
    if any(one.activity.is_added for one in programme.scheduled):
        kinds.append((Tone.COST, "brought by a finding"))
    if programme.runs:
        kinds.append((Tone.GAIN, "heat may be off"))
    marks = [tag("li", {}, join([swatch("programme", tone), words])) for tone, words in kinds]
    return join([*marks, tag("li", {}, "● the first heat hangs on it")])


def _table(programme: Programme) -> Table:
    return Table(
        caption="The programme by its earliest days",
        head=_HEAD,
        rows=tuple(
            (
                one.activity.title,
                write_day(programme.day(one.start)),
                write_day(programme.day(one.end)),
                str(one.activity.days),
                str(one.slack),
            )
            for one in programme.scheduled
        ),
    )
