"""Which share of the plant each meter of the twin shows, so that meters add up to what flows. Pure.

Meters of a kind hang side by side and share it equally, as redundant feeds do; those that are part
of another share what that one shows, so a second meter in the same line shows the same. What is
delivered passes one meter after another in one pipe, and each shows all of it. A meter that does
not say what it measures is of the kind of the one before it; before others it shows what they
show together, and by itself what the servers draw.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from exotherm.site.counting import meters_before
from exotherm.site.document import Site
from exotherm.site.meters import Measured, Meter

Share = Mapping[Measured, Fraction]
"""How much of each kind a meter shows."""

_WHOLE = Fraction(1)
_HEAT = ("heat", "rejected")
_ALONE: Share = MappingProxyType({"it": _WHOLE})


def shares_of(site: Site) -> Mapping[str, Share]:
    """Give what each meter of a site shows of the plant, by its name.

    A gateway that counts a kind in a register called by it (``it_kwh``) shows the whole, and takes
    no share from the meters beside or behind it.
    """
    places = dict(_places(site))
    beside = Counter(places.values())

    def frac(name: str) -> Fraction:
        place = places[name]
        if place.kind == "heat":
            return _WHOLE
        return (frac(place.part_of) if place.part_of else _WHOLE) / beside[place]

    said: dict[str, Share] = {name: {place.kind: frac(name)} for name, place in places.items()}
    firsts = [name for name, place in places.items() if not place.part_of]
    return {
        meter.name: said.get(meter.name)
        or _sum(said[one.name] for one in _behind(site, meter) if one.name in firsts)
        or _ALONE
        for meter in site.meters
    }


class _Place(NamedTuple):
    """Where a meter hangs: what it measures, and of which of that kind it is part."""

    kind: Measured
    part_of: str | None


def _places(site: Site) -> Iterator[tuple[str, _Place]]:
    """Give the places of the meters that share what they measure."""
    kinds = {meter.name: _kind(site, meter) for meter in site.meters}
    for meter in site.meters:
        kind = kinds[meter.name]
        if kind is not None and not _is_gateway(meter, kind):
            alike = (
                one.name
                for one in meters_before(site, meter)
                if kinds[one.name] == kind and not _is_gateway(one, kind)
            )
            yield meter.name, _Place(kind, next(alike, None))


def _kind(site: Site, meter: Meter) -> Measured | None:
    """Tell what a meter measures; electricity that is not said is what the one before measures."""
    if meter.measures is not None:
        return meter.measures
    before = next((one.measures for one in meters_before(site, meter) if one.measures), None)
    return before if before in meter.countable and before not in _HEAT else None


def _is_gateway(meter: Meter, kind: Measured) -> bool:
    return kind not in _HEAT and any(point.name == f"{kind}_kwh" for point in meter.points)


def _behind(site: Site, meter: Meter) -> list[Meter]:
    return [one for one in site.meters if meter in meters_before(site, one)]


def _sum(shares: Iterable[Share]) -> Share:
    summed: dict[Measured, Fraction] = {}
    for share in shares:
        for kind, frac in share.items():
            summed[kind] = summed.get(kind, Fraction(0)) + frac
    return summed
