"""What self-contained pages are made with: their templates, and the values of a site as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment

from exotherm.core.documents import Assumption
from exotherm.render.site_words import capital
from exotherm.render.templating import exact_parts, make_environment


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """Prepare the templates of studies, proposals and the like."""
    environment = make_environment("exotherm.render")
    environment.filters["capital"] = capital
    return environment


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """A value of a document as a person reads it."""

    path: str
    description: str
    value: str
    unit: str
    given: bool
    source: str


def value_groups(
    assumptions: Iterable[Assumption], currency: str
) -> tuple[tuple[str, tuple[ValueRow, ...]], ...]:
    """Sort values by the part of the file in which they stand."""
    return tuple(
        (part, tuple(value_row(one, currency) for one in group))
        for part, group in groupby(assumptions, key=_part_of)
    )


def _part_of(assumption: Assumption) -> str:
    return assumption.path.replace("[", ".").partition(".")[0]


def value_row(assumption: Assumption, currency: str) -> ValueRow:
    """Write a value with the unit of its field beside it."""
    name = assumption.path.rpartition(".")[2]
    value, unit = exact_parts(assumption.value, name, currency)
    return ValueRow(
        path=assumption.path,
        description=assumption.description,
        value=value,
        unit=unit,
        given=assumption.given,
        source=assumption.source,
    )
