"""What self-contained pages are made with: their templates, and the values of a site as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from jinja2 import Environment

from exotherm.core.documents import Assumption
from exotherm.render.site_words import capital
from exotherm.render.templating import exact, make_environment


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
    given: bool
    source: str


def value_groups(
    assumptions: Iterable[Assumption], currency: str
) -> tuple[tuple[str, tuple[ValueRow, ...]], ...]:
    """Sort values by the part of the file in which they stand."""
    return tuple(
        (part, tuple(_row(one, currency) for one in group))
        for part, group in groupby(assumptions, key=_part_of)
    )


def _part_of(assumption: Assumption) -> str:
    return assumption.path.replace("[", ".").partition(".")[0]


def _row(assumption: Assumption, currency: str) -> ValueRow:
    return ValueRow(
        path=assumption.path,
        description=assumption.description,
        value=exact(assumption.value, assumption.path.rpartition(".")[2], currency),
        given=assumption.given,
        source=assumption.source,
    )
