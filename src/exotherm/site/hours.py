"""When people are at a site's customers: the opening hours of its pool and its buildings."""

from dataclasses import dataclass

from exotherm.core.toml_lines import Path
from exotherm.site.customers import OpeningHours
from exotherm.site.document import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursOfUse:
    """Whose hours they are, in words, and where they stand in the file."""

    who: str
    path: Path
    openings: tuple[OpeningHours, ...]


def hours_of_use(site: Site) -> tuple[HoursOfUse, ...]:
    """List the hours of use of each customer that has some."""
    hours = [
        HoursOfUse(who=f"`{one.name}`", path=("buildings", index, "opening"), openings=one.opening)
        for index, one in enumerate(site.buildings)
    ]
    if site.pool is None:
        return tuple(hours)
    pool = HoursOfUse(who="the pool", path=("pool", "opening"), openings=site.pool.opening)
    return (pool, *hours)
