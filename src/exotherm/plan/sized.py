"""The same site in other sizes: its parts, how they change together, and what they then cost."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from exotherm.core.documents import Document
from exotherm.site.document import Site
from exotherm.site.economics import Economics
from exotherm.site.machines import HeatPump


class Part(StrEnum):
    """What has a size, in the words of ``economics.investment.sized_by``."""

    SERVERS = "servers"
    HEAT_PUMP = "heat pump"
    STORE = "store"
    EXCHANGER = "exchanger"


_Table = TypeVar("_Table", bound=Document)
PARTS = tuple(Part)
QUANTITY_OF = {
    Part.SERVERS: "servers_kw",
    Part.HEAT_PUMP: "heat_kw",
    Part.STORE: "store_m3",
    Part.EXCHANGER: "exchanger_kw_per_k",
}
"""the name by which a size of each part is written with its unit"""
_SURFACE_EXPONENT = 2.0 / 3.0


def sized(site: Site, shares: Sequence[float]) -> Site:
    """Give the same site with every part as large as a multiple of what it is.

    Coolers and coolant flow go with the servers, a store's loss with its surface, an exchanger's
    flow with its plates, upkeep with the investment. What goes by no size keeps its price.
    """
    by = dict(zip(PARTS, shares, strict=True))
    more, plates = by[Part.SERVERS], by[Part.EXCHANGER]
    store = by[Part.STORE]
    changes: dict[str, object] = {
        "computing": _scaled(site.computing, more, "power_kw_rated"),
        "capture": _scaled(site.capture, more, "flow_kgs", "pump_kw", "ua_kw_per_k"),
        "rejection": _scaled(site.rejection, more, "heat_kw_rated", "fan_kw_rated"),
        "buffer": _scaled(
            _scaled(site.buffer, store, "volume_m3"), store**_SURFACE_EXPONENT, "loss_w_per_k"
        ),
        "economics": _priced(site.economics, by),
    }
    if site.exchanger is not None:
        changes["exchanger"] = _scaled(site.exchanger, plates, "ua_kw_per_k", "flow_kgs")
    if site.heat_pump is not None:
        changes["heat_pump"] = _sized_pump(site.heat_pump, by[Part.HEAT_PUMP])
    return site.model_copy(update=changes)


def _sized_pump(pump: HeatPump, share: float) -> HeatPump:
    points = tuple(
        point if point.heat_kw is None else _scaled(point, share, "heat_kw")
        for point in pump.points
    )
    return _scaled(pump, share, "heat_kw_rated").model_copy(update={"points": points})


def _scaled(model: _Table, share: float, *names: str) -> _Table:
    return model.model_copy(update={name: share * getattr(model, name) for name in names})


def _priced(economics: Economics, by: dict[Part, float]) -> Economics:
    """Give the same economics with every part at the price of its size, upkeep as all of them."""
    investment = tuple(
        item
        if item.sized_by is None
        else item.model_copy(
            update={"amount": item.amount * by[Part(item.sized_by)] ** item.size_exponent}
        )
        for item in economics.investment
    )
    before, after = (
        sum(item.amount for item in items) for items in (economics.investment, investment)
    )
    upkeep = economics.upkeep_per_year * (after / before if before else 1.0)
    return economics.model_copy(update={"investment": investment, "upkeep_per_year": upkeep})
