"""Checks of a survey: what contradicts itself, or the site file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.site.document import Site
from exotherm.site.survey.document import SURVEY_FILE, Survey

SurveyCheck = Callable[[Survey, Site, Source], Iterator[Finding]]

# A way that is measured twice differs by a tenth; more is another way.
_LENGTH_APART_FRAC = 0.1


def check_survey(
    survey: Survey, site: Site, *, text: str = "", file: str = SURVEY_FILE
) -> tuple[Finding, ...]:
    """Check that a survey agrees with itself and its site, and give every finding about it.

    ``text`` is the file that the survey was read from; with it findings have lines.
    """
    source = Source(file=file, text=text)
    return tuple(finding for check in _CHECKS for finding in check(survey, site, source))


def _names_are_distinct(survey: Survey, _: Site, source: Source) -> Iterator[Finding]:
    """Check that each place, way, machine and phase has a name of its own."""
    lists: tuple[tuple[tuple[str, ...], Iterable[str]], ...] = (
        (("places",), [one.name for one in survey.places]),
        (("routes",), [one.name for one in survey.routes]),
        (("noise", "sources"), [one.name for one in survey.noise.sources]),
        (("phases",), [one.name for one in survey.phases]),
    )
    for path, names in lists:
        seen = Counter[str]()
        for index, name in enumerate(names):
            seen[name] += 1
            if seen[name] == 2:
                yield source.error(
                    "survey.name-repeated",
                    *path,
                    index,
                    "name",
                    message=f"`{name}` is named twice in `{'.'.join(path)}`; nobody could say "
                    "which of them is meant.",
                    remedy="Give each a name of its own.",
                    name=name,
                )


def _windows_go_forward(survey: Survey, _: Site, source: Source) -> Iterator[Finding]:
    """Check that a span of shutdown ends after it began and has a day in it."""
    for index, one in enumerate(survey.shutdowns):
        if one.until_on < one.from_on:
            yield source.error(
                "survey.window-backwards",
                "shutdowns",
                index,
                "until_on",
                message=f"A shutdown ends on {one.until_on} before it begins on {one.from_on}.",
                remedy="Correct the days; until_on is the last day on which heat may be off.",
                from_on=one.from_on.isoformat(),
                until_on=one.until_on.isoformat(),
            )


def _phases_are_known(survey: Survey, _: Site, source: Source) -> Iterator[Finding]:
    """Check that phases wait only for phases that there are."""
    names = {one.name for one in survey.phases}
    for index, one in enumerate(survey.phases):
        for other in one.after:
            if other not in names:
                yield source.error(
                    "survey.phase-unknown",
                    "phases",
                    index,
                    "after",
                    message=f"`{one.name}` waits for `{other}`, and there is no such phase.",
                    remedy=f"Name one of {listed(sorted(names), before_last='or')}.",
                    phase=one.name,
                    after=other,
                )


def _phases_end(survey: Survey, _: Site, source: Source) -> Iterator[Finding]:
    """Check that no phase waits for itself by way of others."""
    left = {one.name: set(one.after) for one in survey.phases}
    known = set(left)
    while True:
        free = {name for name, after in left.items() if not (after & known & set(left))}
        if not free:
            break
        left = {name: after for name, after in left.items() if name not in free}
    if left:
        first = next(index for index, one in enumerate(survey.phases) if one.name in left)
        yield source.error(
            "survey.phases-in-circle",
            "phases",
            first,
            "after",
            message=f"{listed([f'`{name}`' for name in sorted(left)])} wait for each other, so "
            "none of them ever begins.",
            remedy="Take one `after` out of the circle.",
            phases=sorted(left),
        )


def _power_is_within_connection(survey: Survey, _: Site, source: Source) -> Iterator[Finding]:
    """Check that what was drawn does not pass what may be drawn."""
    power = survey.electricity
    if power.connection_kva is None or power.used_kva_max is None:
        return
    if power.used_kva_max > power.connection_kva:
        yield source.warning(
            "survey.power-above-connection",
            "electricity",
            "used_kva_max",
            message=f"The past year's peak of {format_quantity('_kva', power.used_kva_max)} is "
            f"above the connection of {format_quantity('_kva', power.connection_kva)}.",
            remedy="Read both off the network operator's bill; one is in kW or of another meter.",
            used_kva_max=power.used_kva_max,
            connection_kva=power.connection_kva,
        )


def _length_is_that_of_the_site(survey: Survey, site: Site, source: Source) -> Iterator[Finding]:
    """Check that a network's trench is as long as the ways that were walked."""
    lengths = [one.length_m for one in survey.routes]
    known = [one for one in lengths if one is not None]
    if site.network is None or not site.network.trench_m or None in lengths or not lengths:
        return
    walked_m, planned_m = sum(known), site.network.trench_m
    if abs(walked_m - planned_m) > _LENGTH_APART_FRAC * max(walked_m, planned_m):
        yield source.warning(
            "survey.length-differs",
            "routes",
            message=f"The ways are {format_quantity('_m', walked_m)} long together, "
            f"`network.trench_m` of the site file is {format_quantity('_m', planned_m)}.",
            remedy="Correct `network.trench_m`, by which losses are reckoned, or the ways.",
            walked_m=walked_m,
            planned_m=planned_m,
        )


def _hot_water_is_that_of_the_site(survey: Survey, site: Site, source: Source) -> Iterator[Finding]:
    """Check that a survey does not deny the hot water that the plan delivers."""
    if survey.hot_water.served is not False or site.network is not None:
        return
    asking = [one.name for one in site.buildings if one.hot_water_l_per_m2_day]
    if asking:
        yield source.warning(
            "survey.hot-water-differs",
            "hot_water",
            "served",
            message="The survey says that no drinking water is warmed, but the site file has hot "
            f"water of {listed([f'`{name}`' for name in asking])}.",
            remedy="Correct one of them: what is warmed has to be kept from Legionella.",
            buildings=asking,
        )


_CHECKS: tuple[SurveyCheck, ...] = (
    _names_are_distinct,
    _windows_go_forward,
    _phases_are_known,
    _phases_end,
    _power_is_within_connection,
    _length_is_that_of_the_site,
    _hot_water_is_that_of_the_site,
)
