"""A mixed water store between a heat source and a heat sink that each have their limits."""

from exotherm.core.kernel import kernel


@kernel
def settled_c(
    start_c: float,
    inertia_kw_per_k: float,
    loss_kw_per_k: float,
    room_c: float,
    source_kw: float,
    source_c: float,
    source_kw_per_k: float,
    sink_kw: float,
    sink_c: float,
    sink_kw_per_k: float,
) -> float:
    """Give the temperature of a mixed store at the end of a step, by the implicit Euler method.

    ``inertia_kw_per_k`` is the store's heat capacity over the length of the step. The source
    gives what its exchanger passes from ``source_c``, at most ``source_kw``; the sink takes what
    its exchanger passes to ``sink_c``, at most ``sink_kw``; the wall loses to the room. All three
    follow the temperature at the end of the step, so the step is stable at any length and no
    stream crosses temperatures.

    The end lies among the temperatures around the store. The balance rises with the temperature
    and is straight between four kinks, so its root is found exactly, between the two points of
    these that stand around it.
    """
    lowest_c = min(start_c, room_c, source_c, sink_c)
    highest_c = max(start_c, room_c, source_c, sink_c)
    points_c = (
        lowest_c,
        source_c - source_kw / source_kw_per_k if source_kw_per_k > 0.0 else source_c,
        source_c,
        sink_c,
        sink_c + sink_kw / sink_kw_per_k if sink_kw_per_k > 0.0 else sink_c,
        highest_c,
    )
    below_c, below_kw, above_c, above_kw = lowest_c, 0.0, highest_c, 0.0
    for point_c in points_c:
        # A kink beyond all temperatures changes nothing between them.
        here_c = min(max(point_c, lowest_c), highest_c)
        excess_kw = (
            inertia_kw_per_k * (here_c - start_c)
            + loss_kw_per_k * (here_c - room_c)
            + passed_kw(here_c, sink_c, sink_kw_per_k, sink_kw)
            - passed_kw(source_c, here_c, source_kw_per_k, source_kw)
        )
        if excess_kw <= 0.0 and here_c >= below_c:
            below_c, below_kw = here_c, excess_kw
        if excess_kw > 0.0 and here_c <= above_c:
            above_c, above_kw = here_c, excess_kw
    if above_kw == below_kw:
        return below_c
    return below_c - below_kw * (above_c - below_c) / (above_kw - below_kw)


@kernel
def passed_kw(hot_c: float, cold_c: float, kw_per_k: float, kw_max: float) -> float:
    """Give the heat that passes from hot to cold, at most ``kw_max`` and never backwards."""
    return max(0.0, min(kw_max, kw_per_k * (hot_c - cold_c)))
