"""A heat pump that cannot run as slowly as it likes: the optimum mended, with a certified gap.

A lowest load breaks convexity. The convex optimum is still a bound: no dispatch that keeps the
lowest load costs less. Steps in which it breaks that load are put off or on, and the rest is
solved anew, until none is left; the gap to the bound stands beside the schedule.
"""

from dataclasses import replace

import numpy as np

from exotherm.plant.dispatch.problem import Dispatch
from exotherm.plant.dispatch.solve import Desk, Infeasible, Schedule, dispatch_year, solve_desk

_ROUNDS_MAX = 400
_SLACK_FRAC = 1e-9
_WAYS = ((0.5, 0.0), (0.5, 0.5), (2.0, 2.0))
"""shares of the lowest load from which on a step is put on: in the first rounds, and after them"""
_FIRST_ROUNDS = 5


def dispatch_with_lowest_load(problem: Dispatch, load_frac_min: float) -> Schedule | Infeasible:
    """Find a good dispatch in which the heat pump rests or runs at its lowest load or above.

    ``cost_min`` of the schedule is the convex optimum, so its gap is certified. Steps are put on
    where they are nearer to it, in the end all of them; where that has nowhere to go with the
    heat, fewer, and at last none.
    """
    assert 0.0 <= load_frac_min <= 1.0
    convex = dispatch_year(problem)
    if isinstance(convex, Infeasible):
        return convex
    found: Schedule | Infeasible = convex
    for first, then in _WAYS:
        found = _mended(problem, convex, load_frac_min, first, then)
        if isinstance(found, Schedule):
            return replace(found, cost_min=convex.cost_min)
    return found


def _mended(
    problem: Dispatch, convex: Schedule, load_frac_min: float, first: float, then: float
) -> Schedule | Infeasible:
    lowest_kw = load_frac_min * problem.heat_pump_kw_max
    slack_kw = _SLACK_FRAC * (1.0 + problem.heat_pump_kw_max)
    # Where the source cannot feed its lowest load it never runs.
    can_run = (problem.cop - 1.0) * lowest_kw <= problem.source_kw
    least_kw = np.zeros(problem.steps)
    most_kw = np.where(can_run, problem.heat_pump_kw_max, 0.0)
    found: Schedule | Infeasible = convex
    if not can_run.all():
        found = solve_desk(Desk(problem, power_kw_max=most_kw))
    for number in range(_ROUNDS_MAX):
        if isinstance(found, Infeasible):
            return found
        power_kw = found.heat_pump_power_kw
        broken = (power_kw > slack_kw) & (power_kw < lowest_kw - slack_kw)
        if not broken.any():
            return found
        share = first if number < _FIRST_ROUNDS else then
        put_on = broken & (power_kw >= share * lowest_kw)
        least_kw[put_on] = lowest_kw
        most_kw[broken & ~put_on] = 0.0
        found = solve_desk(Desk(problem, power_kw_min=least_kw, power_kw_max=most_kw))
    return Infeasible(step=int(broken.argmax()))
