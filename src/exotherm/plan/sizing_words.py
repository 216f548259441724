"""What the sizes found mean, in words."""

from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.plan.sized import PARTS, QUANTITY_OF, Part
from exotherm.plan.sizing import Edge, Objective, Sizing, Tried


def explain_sizing(found: Sizing, currency: str) -> str:
    """Say what to change, and what it brings."""
    best = found.best
    if not found.parts:
        return (
            "No size can be sought: no investment says what it is sized by. Give `sized_by` to "
            "those of heat pump, store or exchanger."
        )
    if best is None:
        broken = listed(sorted({name for one in found.tried for name in one.broken}))
        return f"Nothing that was tried keeps the limits: {broken}."
    gain = best.worth(found.objective) - found.now.worth(found.objective)
    whom = "the operator" if found.objective is Objective.OPERATOR else "both sides together"
    if best is found.now or (gain <= 0 and not found.now.broken):
        return f"The present sizes are the best of {len(found.tried)} that were tried for {whom}."
    changed = [
        f"{part} {_written(best, part)} for {_written(found.now, part)}"
        for part in found.parts
        if best.shares[PARTS.index(part)] != 1.0
    ]
    worth = format_quantity("npv", best.worth(found.objective), currency=currency)
    more = format_quantity("npv", abs(gain), currency=currency)
    how = f"{more} {'more' if gain >= 0 else 'less'} than the present sizes"
    if found.now.broken:
        how += f", which break {listed(list(found.now.broken))}"
    return f"Best for {whom}: {listed(changed)}. Worth {worth}, {how}."


def _written(tried: Tried, part: Part) -> str:
    size = tried.sizes[PARTS.index(part)]
    return format_quantity(QUANTITY_OF[part], size) if size is not None else "none"


def explain_edges(found: Sizing) -> tuple[str, ...]:
    """Say where the best stands at an edge, and what that means; and where even the best loses."""
    best = found.best
    if best is None or not found.parts:
        return ()
    said = [_edge(best, edge) for edge in found.edges]
    if best.worth(found.objective) < 0:
        whom = "the operator" if found.objective is Objective.OPERATOR else "both sides together"
        said.append(f"None of the sizes that were tried is worth building for {whom}.")
    return tuple(said)


def _edge(best: Tried, edge: Edge) -> str:
    size = f"{edge.part} of {_written(best, edge.part)}"
    which = "smaller" if edge.is_smallest else "larger"
    if edge.broken:
        return f"A {which} one than the {size} is worth more, but breaks {listed(edge.broken)}."
    if not edge.is_smallest:
        return (
            f"The {size} is the largest that was tried, and larger was always better: the best "
            "may lie beyond. Give a larger one in site.toml, or a limit under `[limits]`, and seek "
            "again."
        )
    return (
        f"The {size} is the smallest that was tried, and smaller was always better: "
        f"{_MEANS_SMALLEST[edge.part]}"
    )


_MEANS_SMALLEST = {
    Part.SERVERS: "another kilowatt of servers and its heat costs more than it brings.",
    Part.HEAT_PUMP: "what a heat pump brings here does not pay for it. Plan without `[heat_pump]` "
    "and compare.",
    Part.STORE: "a store brings less here than it costs. Plan with the smallest that heat pump and "
    "controls can do with.",
    Part.EXCHANGER: "what passes by itself does not pay for an exchanger. Plan without "
    "`[exchanger]` and compare.",
}
