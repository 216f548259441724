"""Checks of what a site's values are said to rest on."""

from collections.abc import Iterator

from exotherm.core.documents import Source, assumptions_of
from exotherm.core.findings import Finding
from exotherm.site.check_words import SiteCheck
from exotherm.site.document import Site


def _basis_is_of_a_value(site: Site, source: Source) -> Iterator[Finding]:
    """Check that every basis names a value or a table that the file has."""
    if not site.basis:
        return
    paths = [one.path for one in assumptions_of(site)]
    for index, basis in enumerate(site.basis):
        if not any(basis.covers(path) for path in paths):
            yield source.warning(
                "site.basis-of-nothing",
                f"basis[{index}]",
                "values",
                message=f"`{basis.values}` is no field and no table of this file, so nothing "
                "rests on what is said of it.",
                remedy="Name a field as the report's list of assumptions does, or a table.",
                values=basis.values,
            )


BASIS_CHECKS: tuple[SiteCheck, ...] = (_basis_is_of_a_value,)
