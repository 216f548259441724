"""How pages name who takes the heat, what warms them without it, and what the plant is made of."""

from dataclasses import dataclass

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.site.document import Site
from exotherm.site.economics import Economics

_NETWORK = "the heat network"
_OWN_HEAT = {"electricity": "electric heater", "district heat": "district heat"}
_COOLER = {
    "dry": "dry cooler",
    "adiabatic": "adiabatic cooler",
    "open wet": "wet cooling tower",
    "closed wet": "closed wet cooling tower",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerWords:
    """Words for the customers of a site and their own heat, to stand within sentences."""

    who: str
    """the pool, Hillside School, the heat network, the 3 customers"""
    many: bool
    own: str
    """what warms them without the service: boiler, electric heater, district heat, plant"""
    the_own: str
    """the same with its article: the boiler, district heat"""
    fuel: str
    """what is paid for it: fuel, electricity, district heat"""

    @property
    def whose(self) -> str:
        """Name them as owners: the pool's, the 3 customers'."""
        return f"{self.who}'" if self.who.endswith("s") else f"{self.who}'s"

    @property
    def own_alone(self) -> str:
        """Name their own heat in a key, without saying whose."""
        return "Own plant" if self.own == "plant" else capital(self.own)

    def do(self, one: str, many: str) -> str:
        """Choose the form of a verb: ``do("needs", "need")``."""
        return many if self.many else one


def customer_words(site: Site) -> CustomerWords:
    """Choose the words for a site's customers."""
    names, fuel = customers_of(site), site.boiler.fuel
    alone = names[0] if len(names) == 1 else None
    own = own_heat_of(site)
    the_own = own if fuel == "district heat" else f"the {own}"
    if alone == _NETWORK:
        own, the_own = "plant", "its own plant"
    return CustomerWords(
        who=alone or f"the {len(names)} customers",
        many=alone is None,
        own=own,
        the_own=the_own,
        fuel=fuel if fuel in _OWN_HEAT else "fuel",
    )


def customers_of(site: Site) -> tuple[str, ...]:
    """Name each customer; buildings on a network are served by the network."""
    pool = ("the pool",) if site.pool is not None else ()
    measured = tuple(one.name for one in site.measured)
    if site.network is not None:
        return (*pool, _NETWORK, *measured)
    return (*pool, *(one.name for one in site.buildings), *measured)


def parts_of(site: Site) -> str:
    """List what the plant is made of, from the servers to the cooler."""
    parts = ["servers"]
    if site.exchanger is not None:
        parts.append("exchanger")
    if site.heat_pump is not None:
        parts.append("heat pump")
    parts += ["buffer", "customers" if customer_words(site).many else "customer"]
    parts += [own_heat_of(site), cooler_of(site)]
    return listed(parts)


def own_heat_of(site: Site) -> str:
    """Name what warms the customers without the servers."""
    return _OWN_HEAT.get(site.boiler.fuel, "boiler")


def cooler_of(site: Site) -> str:
    """Name what rejects the heat that nobody takes."""
    cooler = _COOLER[site.rejection.kind]
    return f"{cooler} with a chiller" if site.rejection.chiller_eer else cooler


def capital(words: str) -> str:
    """Begin words with a capital letter and leave the rest as it is."""
    return words[:1].upper() + words[1:]


def money_words(economics: Economics) -> str:
    """Say in what money a plan is, and whether tax is off it."""
    inflation = economics.outlook.inflation_frac
    tax = "after" if economics.tax.rate_frac else "before"
    if not inflation:
        return f"real terms, {tax} tax"
    return f"the money of each year at {format_quantity('_frac', inflation)} inflation, {tax} tax"
