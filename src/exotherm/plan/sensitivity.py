"""Which assumption the present value's spread is due to, and which is worth finding out.

Sobol' indices take thousands of runs, and a plant takes hundredths of a second for a year. So plant
and contract live some hundred years of assumptions, spread evenly; what these bring (heat,
electricity, bills, fuel) is fitted by polynomials in the assumptions, and each of the thousands of
runs takes its year from there and its money exactly. How well the fit foretells years that it has
not seen is said beside the indices.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np

from exotherm.contract.terms import Contract
from exotherm.core.sentences import listed
from exotherm.core.units import format_quantity
from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import Operation
from exotherm.plan.risk import RISK_FACTORS, RiskDesk, RiskFactor, deviates_of, sequence
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

RUNS = 16_384
SIMULATED = 400
_FOLDS = 8
_BINS, _IN_BIN = 48, 50
_BOOTSTRAPS = 200
_BOOTSTRAP_SEED = 7
_OUTPUTS = (
    "heat_delivered_kwh",
    "auxiliary_kwh",
    "cooling_saved_kwh",
    "heat_revenue",
    "fuel_saved",
)
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
    surface = _fit(desk, simulated, threads, on_stage)
    base = max(8, runs // (_FACTORS + 2))
    points = deviates_of(sequence(base, 2 * _FACTORS))
    first, second = points[:, :_FACTORS], points[:, _FACTORS:]
    on_stage(0.6, "running the money")
    of_first, of_second = (_npvs(desk, surface, one) for one in (first, second))
    mixed = []
    for column in range(_FACTORS):
        on_stage(0.6 + 0.4 * (column + 1) / (_FACTORS + 1), "running the money")
        changed = first.copy()
        changed[:, column] = second[:, column]
        mixed.append(_npvs(desk, surface, changed))
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
        simulated=simulated,
        fit_error_frac=surface.error_frac,
        mean=float(both.mean()),
        spread=float(both.std()),
        worth_knowing_all=float(np.maximum(both, 0.0).mean() - max(0.0, both.mean())),
        text="",
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


def worth_of_knowing(values: FloatArray, npvs: FloatArray) -> float:
    """Give what knowing one assumption is worth before the decision whether to build.

    E[max(0, E[NPV | value])] - max(0, E[NPV]): whoever knows the value builds where the mean of
    what is then left is above nought. Conditional means are those of bins of equal numbers.
    """
    # A mean of few scatters by itself, and would look like knowledge.
    bins = max(1, min(_BINS, values.size // _IN_BIN))
    parts = np.array_split(np.argsort(values, kind="stable"), bins)
    means = [float(npvs[part].mean()) for part in parts]
    informed = float(np.average(np.maximum(means, 0.0), weights=[part.size for part in parts]))
    return max(0.0, informed - max(0.0, float(npvs.mean())))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surface:
    """Polynomials for what a year brings, in the values of the assumptions.

    ``middle`` and ``width``, shape (assumptions,), bring all values to like sizes.
    """

    middle: FloatArray
    width: FloatArray

    terms: tuple[tuple[int, ...], ...]
    coefficients: FloatArray
    """shape (terms, outputs of all years)"""
    years: int
    """years that are fitted: the steady one, and those before all servers are there"""
    is_indexed: bool
    error_frac: float

    def operations(self, values: FloatArray) -> list[Operation]:
        """Give the operation at each row of values."""
        sized = (values - self.middle) / self.width
        found = _terms_at(sized, self.terms) @ self.coefficients
        rows = found.reshape(values.shape[0], self.years, len(_OUTPUTS))
        return [_operation(row, is_indexed=self.is_indexed) for row in rows]


def _fit(
    desk: RiskDesk, simulated: int, threads: int, on_stage: Callable[[float, str], None]
) -> _Surface:
    """Live years spread evenly over the assumptions, and fit what they bring."""
    values = desk.values_of(simulated)
    lived: list[Operation] = []
    with ThreadPoolExecutor(threads) as pool:
        for operation in pool.map(desk.operation_at, map(tuple, values.tolist())):
            lived.append(operation)
            on_stage(0.6 * len(lived) / simulated, "living years")
    outputs = np.array([_row(operation) for operation in lived])
    exact = np.array(
        [
            desk.worth_of(tuple(row), operation).operator
            for row, operation in zip(values.tolist(), lived, strict=True)
        ]
    )
    fits = [_surface(values, outputs, degree, lived[0]) for degree in (1, 2, 3)]
    errors = [
        _foretold_error(desk, values, outputs, exact, degree, lived[0]) for degree in (1, 2, 3)
    ]
    best = int(np.argmin(errors))
    return replace(fits[best], error_frac=errors[best])


def _surface(values: FloatArray, outputs: FloatArray, degree: int, like: Operation) -> _Surface:
    terms = tuple(
        term
        for size in range(degree + 1)
        for term in combinations_with_replacement(range(_FACTORS), size)
    )
    middle, spread = values.mean(axis=0), values.std(axis=0)
    width = np.where(spread > 0.0, spread, 1.0)
    sized = _terms_at((values - middle) / width, terms)
    coefficients, *_ = np.linalg.lstsq(sized, outputs, rcond=None)
    return _Surface(
        middle=middle,
        width=width,
        terms=terms,
        coefficients=np.asarray(coefficients, dtype=np.float64),
        years=1 + len(like.first_years),
        is_indexed=like.is_indexed,
        error_frac=0.0,
    )


def _foretold_error(
    desk: RiskDesk,
    values: FloatArray,
    outputs: FloatArray,
    exact: FloatArray,
    degree: int,
    like: Operation,
) -> float:
    """Leave an eighth of the years out in turn, and foretell their present values."""
    wrong = np.zeros_like(exact)
    folds = np.arange(exact.size) % _FOLDS
    for fold in range(_FOLDS):
        out = folds == fold
        surface = _surface(values[~out], outputs[~out], degree, like)
        wrong[out] = _worths(desk, surface, values[out]) - exact[out]
    spread = float(exact.std())
    return float(np.sqrt((wrong**2).mean())) / spread if spread > 0.0 else 0.0


def _npvs(desk: RiskDesk, surface: _Surface, deviates: FloatArray) -> FloatArray:
    """Give the operator's present values at deviates."""
    return _worths(desk, surface, desk.values_from(deviates))


def _worths(desk: RiskDesk, surface: _Surface, values: FloatArray) -> FloatArray:
    """Give the operator's present values at values, the money reckoned exactly."""
    return np.array(
        [
            desk.worth_of(tuple(row), operation).operator
            for row, operation in zip(values.tolist(), surface.operations(values), strict=True)
        ]
    )


def _terms_at(deviates: FloatArray, terms: tuple[tuple[int, ...], ...]) -> FloatArray:
    return np.stack([deviates[:, term].prod(axis=1) for term in map(list, terms)], axis=1)


def _row(operation: Operation) -> list[float]:
    years = (operation, *operation.first_years)
    return [float(getattr(year, name)) for year in years for name in _OUTPUTS]


def _operation(row: FloatArray, *, is_indexed: bool) -> Operation:
    """Make an operation of fitted outputs; no energy and no bill is below nought."""
    steady, *before = (
        Operation(
            **dict(zip(_OUTPUTS, np.maximum(year, 0.0).tolist(), strict=True)),
            is_indexed=is_indexed,
        )
        for year in row
    )
    return replace(steady, first_years=tuple(before))


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
        # A heat pump that some prices switch off leaves a step that no polynomial has.
        off = format_quantity("_frac", found.fit_error_frac, decimals=0)
        said = f"About {said[:-1]}, foretold to {off} of it only."
    first = max(found.indices, key=lambda one: one.worth_knowing)
    if first.worth_knowing < 0.001 * found.spread:
        return f"{said} Knowing any one of them better would not change the decision."
    worth = format_quantity("npv", first.worth_knowing, currency=currency)
    return (
        f"{said} Find out about the {first.factor.value} first: knowing it before the decision is "
        f"worth up to {worth}."
    )
