"""What a year brings in dependence on its assumptions, fitted to years that were lived.

Polynomials in the assumptions, with straight pieces in the use of the servers, where minimum
purchase and credits have kinks. A heat pump that stops paying leaves a step that no polynomial
has: the price at which it stops is sought, and both sides of it are fitted apart. Which of these
foretells best the years that it has not seen is taken, and how well stands beside it.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import Operation
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import FACTOR_MIN, OF_THE_TERM, RISK_FACTORS, RiskFactor

_OUTPUTS = (
    "heat_delivered_kwh",
    "auxiliary_kwh",
    "cooling_saved_kwh",
    "heat_revenue",
    "fuel_saved",
)
# What changes the cash of the term alone is reckoned, not fitted.
_FITTED = [at for at, factor in enumerate(RISK_FACTORS) if factor not in OF_THE_TERM]
_FACTORS = len(_FITTED)
_UTILISATION = RISK_FACTORS.index(RiskFactor.UTILISATION)
_ELECTRICITY = RISK_FACTORS.index(RiskFactor.ELECTRICITY)
_FUEL = RISK_FACTORS.index(RiskFactor.FUEL)
_HEAT_PUMP = RISK_FACTORS.index(RiskFactor.HEAT_PUMP)

_FOLDS = 8
_DEGREES = (1, 2, 3)
_KNOTS = 10
_TERMS_FRAC_MAX = 0.6
"""of the years that are fitted, at most so many terms"""
_STEP_FRAC_MIN = 0.25
"""of its electricity that a plant has to lose with its heat pump, for that to be a step"""
_DEARER = 8.0
"""how many times dearer or cheaper electricity may be beside fuel where the step is sought"""
_HALVINGS = 16
_BEYOND = 1.3
"""by what years that are lived for the rarer side lie beyond the step"""
_NEAR, _NEAR_MIN = 1.15, 8
"""around a step, the years that say where just it is, and how many they have to be"""
_SIDE_MIN = 80
"""years that each side of a step is fitted to"""

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What a surface is made of: a polynomial's degree, pieces or none, one side or two."""

    degree: int
    in_pieces: bool
    in_sides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surface:
    """Polynomials for what a year brings, in the values of the assumptions.

    ``middle`` and ``width``, shape (assumptions that move a year,), bring all values to like
    sizes.
    """

    middle: FloatArray
    width: FloatArray
    knots: FloatArray
    """use of the servers at which straight pieces meet; none where there are none"""
    terms: tuple[tuple[int, ...], ...]
    coefficients: FloatArray
    """shape (terms and pieces, outputs of all years)"""

    def at(self, values: FloatArray) -> FloatArray:
        """Give the outputs at each row of values."""
        return _sized(values, self) @ self.coefficients


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a year brings at any values of the assumptions, and how far that may be trusted."""

    surfaces: tuple[_Surface, ...]
    """one, or that of the years in which the heat pump pays and that in which it does not"""
    step: float
    """of electricity over fuel, beyond which the heat pump does not pay; infinite for none"""
    years: int
    """years that are fitted: the steady one, and those before all servers are there"""
    is_indexed: bool
    simulated: int
    """years that were lived for it"""
    error_frac: float
    """standard error of foretold present values, relative to their spread"""

    def operations(self, values: FloatArray) -> list[Operation]:
        """Give the operation at each row of values."""
        found = np.empty((values.shape[0], self.years * len(_OUTPUTS)))
        for surface, rows in zip(self.surfaces, _sides(values, self.step), strict=True):
            if rows.any():
                found[rows] = surface.at(values[rows])
        rows_of = found.reshape(values.shape[0], self.years, len(_OUTPUTS))
        return [_operation(row, is_indexed=self.is_indexed) for row in rows_of]

    def worths(self, desk: RiskDesk, values: FloatArray) -> FloatArray:
        """Give the operator's present values at each row of values, the money reckoned exactly."""
        return _worths(desk, values, self.operations(values))


def respond(
    desk: RiskDesk,
    *,
    simulated: int,
    threads: int,
    on_lived: Callable[[float], None] = lambda _: None,
) -> Response:
    """Live years spread evenly over the assumptions, and fit what they bring.

    ``on_lived`` hears the share of the years that were lived; what it raises ends it.
    """
    step = _step(desk)
    values = desk.values_of(simulated)
    beyond = _years_beyond(desk, values, step)
    lived: list[Operation] = []
    every = np.concatenate([values, beyond])
    with ThreadPoolExecutor(threads) as pool:
        for operation in pool.map(desk.operation_at, map(tuple, every.tolist())):
            lived.append(operation)
            on_lived(len(lived) / every.shape[0])
    outputs = np.array([_row(operation) for operation in lived])
    blank = Response(
        surfaces=(),
        step=math.inf,
        years=1 + len(lived[0].first_years),
        is_indexed=lived[0].is_indexed,
        simulated=every.shape[0],
        error_frac=0.0,
    )
    exact = _worths(desk, values, lived[:simulated])
    found = (
        _tried(desk, blank, shape, every, outputs, exact, step)
        for shape in _shapes(simulated, step)
    )
    return min(found, key=lambda one: one.error_frac)


def _shapes(years: int, step: float) -> Iterator[_Shape]:
    for in_sides in (False, True) if math.isfinite(step) else (False,):
        for in_pieces in (False, True):
            for degree in _DEGREES:
                terms = math.comb(_FACTORS + degree, degree) + in_pieces * (_KNOTS - 1)
                if degree == _DEGREES[0] or terms <= _TERMS_FRAC_MAX * years:
                    yield _Shape(degree=degree, in_pieces=in_pieces, in_sides=in_sides)


def _tried(
    desk: RiskDesk,
    blank: Response,
    shape: _Shape,
    every: FloatArray,
    outputs: FloatArray,
    exact: FloatArray,
    step: float,
) -> Response:
    """Fit a shape; leave an eighth of the years out in turn, and foretell their present values.

    Years beyond a step that are not likely by themselves are fitted with, and not foretold.
    """
    blank = replace(blank, step=step if shape.in_sides else math.inf)
    likely = np.arange(every.shape[0]) < exact.size
    folds = np.arange(every.shape[0]) % _FOLDS
    wrong = np.zeros_like(exact)
    for fold in range(_FOLDS):
        out = likely & (folds == fold)
        response = _fitted(blank, shape, every[~out], outputs[~out])
        wrong[out[: exact.size]] = response.worths(desk, every[out]) - exact[out[: exact.size]]
    spread = float(exact.std())
    error_frac = float(np.sqrt((wrong**2).mean())) / spread if spread > 0.0 else 0.0
    return replace(_fitted(blank, shape, every, outputs), error_frac=error_frac)


def _fitted(blank: Response, shape: _Shape, values: FloatArray, outputs: FloatArray) -> Response:
    if shape.in_sides:
        blank = replace(blank, step=_parting(blank.step, values, outputs))
    sides = _sides(values, blank.step)
    surfaces = tuple(_surface(shape, values[rows], outputs[rows]) for rows in sides)
    return replace(blank, surfaces=surfaces)


def _surface(shape: _Shape, values: FloatArray, outputs: FloatArray) -> _Surface:
    """Fit a polynomial, of a lower degree where there are few years."""
    degree, knots = shape.degree, np.empty(0)
    years = values.shape[0]
    while degree > 0 and math.comb(_FACTORS + degree, degree) > _TERMS_FRAC_MAX * years:
        degree -= 1
    if shape.in_pieces and math.comb(_FACTORS + degree, degree) + _KNOTS < _TERMS_FRAC_MAX * years:
        knots = np.unique(np.quantile(values[:, _UTILISATION], np.linspace(0.0, 1.0, _KNOTS)))
    fitted = values[:, _FITTED]
    middle, spread = fitted.mean(axis=0), fitted.std(axis=0)
    blank = _Surface(
        middle=middle,
        width=np.where(spread > 0.0, spread, 1.0),
        knots=knots,
        terms=tuple(
            term
            for size in range(degree + 1)
            for term in combinations_with_replacement(range(_FACTORS), size)
        ),
        coefficients=np.empty(0),
    )
    coefficients, *_ = np.linalg.lstsq(_sized(values, blank), outputs, rcond=None)
    return replace(blank, coefficients=np.asarray(coefficients, dtype=np.float64))


def _sized(values: FloatArray, surface: _Surface) -> FloatArray:
    """Give the terms of a surface at each row of values: products, then pieces."""
    like = (values[:, _FITTED] - surface.middle) / surface.width
    terms = [like[:, term].prod(axis=1) for term in map(list, surface.terms)]
    # The pieces of all knots add up to one, which is a term already.
    pieces = [
        np.interp(values[:, _UTILISATION], surface.knots, np.eye(surface.knots.size)[knot])
        for knot in range(1, surface.knots.size)
    ]
    return np.stack([*terms, *pieces], axis=1)


# --- Where the heat pump stops paying


def _ratio(values: FloatArray) -> FloatArray:
    """Give by how much electricity is dearer beside fuel than planned, for the heat it makes."""
    ratio = values[..., _ELECTRICITY] / values[..., _FUEL] / values[..., _HEAT_PUMP]
    return np.asarray(ratio, dtype=np.float64)


def _sides(values: FloatArray, step: float) -> tuple[BoolArray, ...]:
    if not math.isfinite(step):
        return (np.ones(values.shape[0], dtype=np.bool_),)
    beyond = _ratio(values) > step
    return ~beyond, beyond


def _step(desk: RiskDesk) -> float:
    """Find how dear electricity may be beside fuel before the heat pump rests; infinite for never.

    With all other assumptions as planned, by what all of the heat's side draws in a year.
    """

    def drawn_kwh(ratio: float) -> float:
        values = np.array(desk.plan)
        values[_ELECTRICITY] *= ratio / float(_ratio(values))
        values[_ELECTRICITY] = max(FACTOR_MIN, values[_ELECTRICITY])
        return desk.operation_at(tuple(values.tolist())).auxiliary_kwh

    low, high = 1.0 / _DEARER, _DEARER
    pays_kwh, rests_kwh = drawn_kwh(low), drawn_kwh(high)
    if pays_kwh - rests_kwh < _STEP_FRAC_MIN * pays_kwh:
        return math.inf
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        if drawn_kwh(middle) > 0.5 * (pays_kwh + rests_kwh):
            low = middle
        else:
            high = middle
    return math.sqrt(low * high)


def _parting(step: float, values: FloatArray, outputs: FloatArray) -> float:
    """Move a step to where it parts the years near it best, by what their heat's side draws.

    The other assumptions move it a little. Best is where both sides' squares are least.
    """
    ratios, drawn_kwh = _ratio(values), outputs[:, _OUTPUTS.index("auxiliary_kwh")]
    near = np.flatnonzero(np.abs(np.log(ratios / step)) < math.log(_NEAR))
    near = near[np.argsort(ratios[near], kind="stable")]
    if near.size < _NEAR_MIN:
        return step
    own = drawn_kwh[near]
    squares = [
        own[:part].var() * part + own[part:].var() * (near.size - part)
        for part in range(1, near.size)
    ]
    part = 1 + int(np.argmin(squares))
    return math.sqrt(float(ratios[near[part - 1]] * ratios[near[part]]))


def _years_beyond(desk: RiskDesk, values: FloatArray, step: float) -> FloatArray:
    """Give years for the side of a step that few of the likely ones lie on; none where enough do.

    What follows in the sequence, with the price of electricity that brings it to that side.
    """
    nothing = np.empty((0, len(RISK_FACTORS)))
    if not math.isfinite(step):
        return nothing
    numbers = [int(rows.sum()) for rows in _sides(values, step)]
    missing = _SIDE_MIN - min(numbers)
    if missing <= 0:
        return nothing
    more = desk.values_of(values.shape[0] + missing)[values.shape[0] :]
    wanted = step * _BEYOND if numbers[1] < numbers[0] else step / _BEYOND
    more[:, _ELECTRICITY] = np.maximum(FACTOR_MIN, more[:, _ELECTRICITY] * wanted / _ratio(more))
    return more


# --- Years as rows of numbers


def _worths(desk: RiskDesk, values: FloatArray, operations: list[Operation]) -> FloatArray:
    return np.array(
        [
            desk.worth_of(tuple(row), operation).operator
            for row, operation in zip(values.tolist(), operations, strict=True)
        ]
    )


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
