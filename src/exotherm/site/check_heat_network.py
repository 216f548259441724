"""Checks of `network.toml`: what can be read from the file alone."""

from collections import Counter
from collections.abc import Callable, Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding, has_errors
from exotherm.site.check_words import celsius
from exotherm.site.heat_network import DataCentre, HeatNetwork
from exotherm.site.heat_network_tree import walk

NETWORK_FILE = "network.toml"
_Check = Callable[[HeatNetwork, Source], Iterator[Finding]]
_PLACED = ("buildings", "data_centres", "plants")


def check_heat_network(
    network: HeatNetwork, *, text: str = "", file: str = NETWORK_FILE
) -> tuple[Finding, ...]:
    """Check that a network hangs together, and that its sources reach its temperatures."""
    source = Source(file=file, text=text)
    findings = [one for check in _TREE for one in check(network, source)]
    if has_errors(findings):
        return tuple(findings)
    return (*findings, *(one for check in _HEAT for one in check(network, source)))


# --- A tree that reaches everybody


def _is_a_tree(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    walked = walk(network)
    for number in walked.rings:
        pipe = network.pipes[number]
        yield source.error(
            "network.pipe-closes-ring",
            "pipes",
            number,
            message=f"The pipe from “{pipe.from_node}” to “{pipe.to_node}” closes a ring: both "
            "are reached without it.",
            remedy="Leave out the pipe of the ring that is shut in normal operation.",
        )
    for number in walked.unreached:
        pipe = network.pipes[number]
        yield source.error(
            "network.pipe-unconnected",
            "pipes",
            number,
            message=f"No pipe leads from the plant room at “{network.network.plant_node}” to the "
            f"one from “{pipe.from_node}” to “{pipe.to_node}”.",
            remedy="Add the pipe between, or mend the names of the nodes.",
        )


def _everybody_is_on_it(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    nodes = set(walk(network).nodes)
    for table in _PLACED:
        for number, one in enumerate(getattr(network, table)):
            if one.node not in nodes:
                yield source.error(
                    "network.node-unknown",
                    table,
                    number,
                    "node",
                    message=f"“{one.name}” stands at “{one.node}”, where no pipe leads.",
                    remedy=f"Give one of {', '.join(f'`{node}`' for node in sorted(nodes)[:12])}, "
                    "or add a pipe to it.",
                )


def _names_differ(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    known: Counter[str] = Counter()
    for table in _PLACED:
        for number, one in enumerate(getattr(network, table)):
            known[one.name] += 1
            if known[one.name] == 2:
                yield source.error(
                    "network.name-repeated",
                    table,
                    number,
                    "name",
                    message=f"Two are called “{one.name}”, so results could not tell them apart.",
                    remedy="Give one of them another name.",
                )


def _somebody_heats(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    if not network.data_centres and not network.plants:
        yield source.error(
            "network.no-source",
            "network",
            message="The network has neither data centres nor other plants: nobody heats it.",
            remedy="Add `[[data_centres]]` or `[[plants]]`.",
        )


def _tariffs_are_known(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    known = {tariff.name for tariff in network.tariffs}
    used: list[tuple[str | None, tuple[str | int, ...]]] = [
        (centre.tariff, ("data_centres", number, "tariff"))
        for number, centre in enumerate(network.data_centres)
    ]
    used.append((network.prices.customers_tariff, ("prices", "customers_tariff")))
    for name, path in used:
        if name is not None and name not in known:
            names = ", ".join(f"“{one}”" for one in sorted(known)) or "none so far"
            yield source.error(
                "network.tariff-unknown",
                *path,
                message=f"There is no tariff “{name}”.",
                remedy=f"Name one of `[[tariffs]]`, {names}, or add it.",
            )


# --- Temperatures


def _buildings_are_reached(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    water = network.water
    for number, building in enumerate(network.buildings):
        back_c = water.return_c if building.return_c is None else building.return_c
        if not water.ground_c < back_c < water.supply_c_min - 1.0:
            yield source.error(
                "network.return-out-of-range",
                "buildings",
                number,
                "return_c" if building.return_c is not None else "node",
                message=f"“{building.name}” gives back {celsius(back_c)}; that is not between the "
                f"ground's {celsius(water.ground_c)} and the supply's "
                f"{celsius(water.supply_c_min)}.",
                remedy="Correct `return_c`, or run the network warmer.",
            )
        asked_c = building.hot_water_c if building.hot_water_l_per_m2_day else 0.0
        wanted_c = asked_c + building.station_k
        if asked_c and wanted_c > water.supply_c_min:
            yield source.warning(
                "network.supply-too-cold",
                "buildings",
                number,
                message=f"“{building.name}” makes hot water of {celsius(asked_c)}, for which the "
                f"network has to have {celsius(wanted_c)}; in mild weather it has "
                f"{celsius(water.supply_c_min)}.",
                remedy="Raise `supply_c_min`, give the hot water a booster, or a better station.",
                wanted_c=wanted_c,
            )


def _sources_reach(network: HeatNetwork, source: Source) -> Iterator[Finding]:
    water = network.water
    for number, centre in enumerate(network.data_centres):
        reached_c = reached_c_of(centre)
        asked_c = water.supply_c_min if centre.feed == "supply" else water.return_c
        if reached_c < asked_c or (centre.feed == "return" and reached_c <= asked_c):
            yield source.error(
                "network.source-out-of-reach",
                "data_centres",
                number,
                message=f"“{centre.name}” reaches {celsius(reached_c)}, the network's {centre.feed}"
                f" has {celsius(asked_c)}: nothing can be fed.",
                remedy="Give it a heat pump, `heat_pump_kw_rated` and `sink_c_max`, or feed the "
                "return.",
                reached_c=reached_c,
            )
        elif centre.feed == "supply" and reached_c < water.supply_c_max:
            yield source.warning(
                "network.source-stops-in-cold",
                "data_centres",
                number,
                message=f"“{centre.name}” reaches {celsius(reached_c)}; in cold weather the supply "
                f"has up to {celsius(water.supply_c_max)}, and then it gives nothing.",
                remedy="Take a machine for warmer water, lower `supply_c_max`, or feed the return.",
                reached_c=reached_c,
            )


def reached_c_of(centre: DataCentre) -> float:
    """Give the warmest water that a data centre gives, by its heat pump or its coolant alone."""
    by_itself_c = centre.coolant_c - centre.approach_k
    return max(by_itself_c, centre.sink_c_max) if centre.heat_pump_kw_rated else by_itself_c


_TREE: tuple[_Check, ...] = (
    _is_a_tree,
    _everybody_is_on_it,
    _names_differ,
    _somebody_heats,
    _tariffs_are_known,
)
_HEAT: tuple[_Check, ...] = (_buildings_are_reached, _sources_reach)
