"""Which assumption the present value's spread is due to, and which is worth finding out.

Sobol' indices take thousands of runs, and a plant takes hundredths of a second for a year. So plant
and contract live some hundred years of assumptions, spread evenly; what these bring (heat,
electricity, bills, fuel) is fitted, and each of the thousands of runs takes its year from there and
its money exactly. How well the fit foretells years that it has not seen is said beside the indices.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from exotherm.contract.terms import Contract
from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.finding_out import Weighed, explain_weighed, weigh
from exotherm.plan.response import Response, respond
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import RISK_FACTORS, RiskFactor, deviates_of, sequence
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

RUNS = 16_384
SIMULATED = 400
_KNOWING_DEGREE = 4
_FITTED_MIN = 100
_BOOTSTRAPS = 200
_BOOTSTRAP_SEED = 7
_FACTORS = len(RISK_FACTORS)
_FIT_ERROR_FRAC_MAX = 0.1
_STILL_FRAC = 1e-9
"""of a present value, below which a difference is rounding"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What one assumption does to the spread of the present value, others moving as well.

    ``first_frac`` is the part of the variance that would go if it were known; ``total_frac`` the
    part that would stay if it alone were not. ``first_error`` and ``total_error`` are standard
    errors of both. ``worth_knowing`` is what knowing it before the decision is worth.
    """

    factor: RiskFactor
    first_frac: float
    first_error: float
    total_frac: float
    total_error: float
    worth_knowing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The indices of all assumptions, the largest first, and how far they may be trusted."""

    indices: tuple[Index, ...]
    runs: int
    simulated: int
    fit_error_frac: float
    """standard error of foretold present values, relative to their spread"""
    mean: float
    spread: float
    """standard deviation of the present value"""
    worth_knowing_all: float
    """what knowing everything before the decision is worth"""
    text: str
    still: tuple[tuple[RiskFactor, str], ...] = ()
    """assumptions that cannot move this plan, with the reason; their indices are nought"""
    finding_out: tuple[Weighed, ...] = ()
    """ways to find out whose cost the site states, that which may gain most first"""


def sense(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    runs: int = RUNS,
    simulated: int = SIMULATED,
    threads: int = 1,
    on_stage: Callable[[float, str], None] = lambda _, __: None,
) -> Sensitivity:
    """Find the Sobol' indices of a project's assumptions and what knowing each is worth.

    Estimators of Saltelli 2010 (first order) and Jansen 1999 (total) on A, B and A with each
    column of B. ``on_stage`` hears the share done and what is done; what it raises ends it.
    """
    desk = RiskDesk(site, contract, surroundings)
    response = respond(
        desk,
        simulated=simulated,
        threads=threads,
        on_lived=lambda share: on_stage(0.6 * share, "living years"),
    )
    base = max(8, -(-runs // (_FACTORS + 2)))
    points = deviates_of(sequence(base, 2 * _FACTORS))
    first, second = points[:, :_FACTORS], points[:, _FACTORS:]
    on_stage(0.6, "running the money")
    of_first, of_second = (_npvs(desk, response, one) for one in (first, second))
    mixed = []
    for column in range(_FACTORS):
        on_stage(0.6 + 0.4 * (column + 1) / (_FACTORS + 1), "running the money")
        changed = first.copy()
        changed[:, column] = second[:, column]
        mixed.append(_npvs(desk, response, changed))
    of_mixed = np.array(mixed)
    firsts, totals = indices_of(of_first, of_second, of_mixed)
    first_errors, total_errors = _errors(of_first, of_second, of_mixed)
    both = np.concatenate([of_first, of_second])
    knowing = [
        worth_of_knowing(np.concatenate([first[:, at], second[:, at]]), both)
        for at in range(_FACTORS)
    ]
    found = Sensitivity(
        indices=tuple(
            sorted(
                (
                    Index(
                        factor=factor,
                        first_frac=float(firsts[at]),
                        first_error=float(first_errors[at]),
                        total_frac=float(totals[at]),
                        total_error=float(total_errors[at]),
                        worth_knowing=knowing[at],
                    )
                    for at, factor in enumerate(RISK_FACTORS)
                ),
                key=lambda one: -one.total_frac,
            )
        ),
        runs=base * (_FACTORS + 2),
        simulated=response.simulated,
        fit_error_frac=response.error_frac,
        mean=float(both.mean()),
        spread=float(both.std()),
        worth_knowing_all=float(np.maximum(both, 0.0).mean() - max(0.0, both.mean())),
        text="",
        still=tuple((one, why) for one in RISK_FACTORS if (why := desk.why_still(one))),
        finding_out=weigh(site.risk.finding_out, dict(zip(RISK_FACTORS, knowing, strict=True))),
    )
    return replace(found, text=_text(found, site.site.currency))


def indices_of(
    of_first: FloatArray, of_second: FloatArray, of_mixed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give first-order and total indices.

    ``of_first`` and ``of_second`` have shape (points,), ``of_mixed`` (factors, points): the model
    at A, at B, and at A with one column of B. A model that does not move has indices of nought.
    """
    variance = float(np.concatenate([of_first, of_second]).var())
    scale = max(1.0, float(np.abs(of_first).max()))
    if variance <= (_STILL_FRAC * scale) ** 2:
        nothing = np.zeros(of_mixed.shape[0])
        return nothing, nothing
    # Their mean taken off, products of large numbers do not hide the small ones sought.
    centred = of_second - np.concatenate([of_first, of_second]).mean()
    firsts = (centred * (of_mixed - of_first)).mean(axis=1) / variance
    totals = 0.5 * ((of_first - of_mixed) ** 2).mean(axis=1) / variance
    return np.asarray(firsts), np.asarray(totals)


def worth_of_knowing(deviates: FloatArray, npvs: FloatArray) -> float:
    """Give what knowing one assumption is worth before the decision whether to build.

    E[max(0, E[NPV | value])] - max(0, E[NPV]): whoever knows the value builds where the mean of
    what is then left is above nought. The conditional mean is a polynomial in the assumption's
    normal deviates fitted to all runs (Strong, Oakley, Brennan 2014): means of a few runs each
    would scatter by themselves, and look like knowledge.
    """
    if deviates.size < _FITTED_MIN:
        return 0.0
    fit = np.polynomial.Polynomial.fit(deviates, npvs, _KNOWING_DEGREE)
    informed = float(np.maximum(fit(deviates), 0.0).mean())
    return max(0.0, informed - max(0.0, float(npvs.mean())))


def _npvs(desk: RiskDesk, response: Response, deviates: FloatArray) -> FloatArray:
    """Give the operator's present values at deviates."""
    return response.worths(desk, desk.values_from(deviates))


def _errors(
    of_first: FloatArray, of_second: FloatArray, of_mixed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the standard errors of the indices, by drawing the points again with replacement."""
    rng = np.random.default_rng(_BOOTSTRAP_SEED)
    found = []
    for _ in range(_BOOTSTRAPS):
        again = rng.integers(0, of_first.size, of_first.size)
        found.append(indices_of(of_first[again], of_second[again], of_mixed[:, again]))
    firsts, totals = (np.array([one[at] for one in found]) for at in (0, 1))
    return np.asarray(firsts.std(axis=0)), np.asarray(totals.std(axis=0))


def _text(found: Sensitivity, currency: str) -> str:
    """Say what the spread is due to, and what to find out before the decision."""
    if found.spread <= _STILL_FRAC * max(1.0, abs(found.mean)):
        return "Nothing moves the present value: every assumption is as planned."
    largest = [one for one in found.indices if one.total_frac >= 0.1] or [found.indices[0]]
    names = listed([one.factor.value for one in largest])
    share = format_quantity("_frac", min(1.0, sum(one.first_frac for one in largest)), decimals=0)
    said = f"{share} of the spread is due to {names}."
    if found.fit_error_frac > _FIT_ERROR_FRAC_MAX:
        off = format_quantity("_frac", found.fit_error_frac, decimals=0)
        said = f"About {said[:-1]}, foretold to {off} of it only."
    first = max(found.indices, key=lambda one: one.worth_knowing)
    if first.worth_knowing < 0.001 * found.spread:
        return f"{said} Knowing any one of them better would not change the decision."
    worth = format_quantity("npv", first.worth_knowing, currency=currency)
    said += (
        f" Find out about the {first.factor.value} first: knowing it before the decision is "
        f"worth up to {worth}."
    )
    costs = explain_weighed(found.finding_out, currency)
    return f"{said} {costs}" if costs else said
