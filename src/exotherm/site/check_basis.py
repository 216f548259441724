"""Checks of what a site's values are said to rest on."""

import re
from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.site.check_words import SiteCheck
from exotherm.site.document import Site

_PART = re.compile(r"([a-z][a-z0-9_]*)(?:\[(\d{1,4})\])?")


def _basis_is_of_a_value(site: Site, source: Source) -> Iterator[Finding]:
    """Check that every basis names a value or a table that the file has."""
    for index, basis in enumerate(site.basis):
        if not _is_there(site, basis.values):
            yield source.warning(
                "site.basis-of-nothing",
                "basis",
                index,
                "values",
                message=f"`{basis.values}` is no field and no table of this file, so nothing "
                "rests on what is said of it.",
                remedy="Name a field as the report's list of assumptions does, or a table.",
                values=basis.values,
            )


def _is_there(site: Site, values: str) -> bool:
    """Tell whether the file has a field or table of a name, like economics.investment[0]."""
    found: object = site
    for name, place in _PART.findall(values):
        found = getattr(found, name, None)
        if place and isinstance(found, tuple):
            found = found[int(place)] if int(place) < len(found) else None
    return found is not None and _PART.sub("", values).strip(".") == ""


BASIS_CHECKS: tuple[SiteCheck, ...] = (_basis_is_of_a_value,)
