"""The factor of a price: its formula on published indices, dated, rounded, limited (IDX-1 to 7).

The formula is the one of German heat contracts: ``AP = AP0 (f + w1 I1/I1_0 + w2 I2/I2_0 + …)``,
with a fixed share f, weights w, indices I and their values at the start I_0. Where a value is not
known, what is missing is given instead of a price: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from exotherm.contract.index_values import Late, Missing, Release, Vintage
from exotherm.contract.terms import Contract
from exotherm.contract.terms.index_changes import IndexLimits, IndexRounding
from exotherm.contract.terms.indexation import Indexed, IndexSeries
from exotherm.core.money import round_decimal

_MONTHS_BETWEEN = {"month": 1, "quarter": 3, "year": 12}
Moved = Literal["energy price", "standing fee", "capacity fee", "fuel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """An index as it counted in a factor: its mean on the contract's base, its share, its start."""

    series: str
    months: tuple[date, ...]
    value: Decimal
    base_value: Decimal
    weight_frac: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What a price at the start is multiplied by, since when, and from which values."""

    value: Decimal = Decimal(1)
    effective_on: date | None = None
    """day of the change; None where the price is still that of the start"""
    observed: tuple[Observed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """How a price moves: its fixed share and the shares that follow an index."""

    fixed_frac: Decimal
    weights: tuple[tuple[IndexSeries, Decimal], ...]


def factor(
    contract: Contract,
    formula_of: Moved,
    on: date,
    releases: Iterable[Release],
    known_on: date,
) -> Factor | Missing:
    """Give the factor of a price on a day, by the releases that were known on another.

    Two calls with the same ``known_on`` give the same factor whatever was released later. Raises
    AssertionError for a formula without the clauses that it needs; the checks find these.
    """
    move = _move_of(contract, formula_of)
    if move is None:
        return Factor()
    known = tuple(one for one in releases if one.released_on <= known_on)
    days = tuple(_changes(contract, on))
    limits = None if formula_of == "fuel" else contract.index_limits
    if limits is not None and (limits.direction != "both ways" or limits.step_frac_max):
        return _step_by_step(contract, move, days, known, limits)
    for day in reversed(days):
        found = _at_change(contract, move, day, known)
        if not isinstance(found, Late):
            return found if isinstance(found, Missing) else _limited(found, limits, Decimal(1))
    return Factor()


def _step_by_step(
    contract: Contract,
    move: _Move,
    days: Iterable[date],
    known: tuple[Release, ...],
    limits: IndexLimits,
) -> Factor | Missing:
    """Walk through all changes, where each is limited by the one before."""
    current = Factor()
    for day in days:
        found = _at_change(contract, move, day, known)
        if isinstance(found, Missing):
            return found
        if isinstance(found, Factor):
            current = _limited(found, limits, current.value)
    return current


def _limited(found: Factor, limits: IndexLimits | None, before: Decimal) -> Factor:
    """Hold a factor within its limits: the direction, the step, then all changes together."""
    if limits is None:
        return found
    value = found.value
    if limits.direction != "both ways":
        value = max(value, before) if limits.direction == "upwards only" else min(value, before)
    if limits.step_frac_max is not None:
        step = Decimal(str(limits.step_frac_max))
        value = min(max(value, before * (1 - step)), before * (1 + step))
    if limits.factor_frac_min is not None:
        value = max(value, Decimal(str(limits.factor_frac_min)))
    if limits.factor_frac_max is not None:
        value = min(value, Decimal(str(limits.factor_frac_max)))
    return Factor(value=value, effective_on=found.effective_on, observed=found.observed)


def _move_of(contract: Contract, formula_of: Moved) -> _Move | None:
    series = contract.index_series
    if formula_of == "fuel":
        savings = contract.shared_savings
        if savings is None or savings.fuel_series is None:
            return None
        shares = [(savings.fuel_series, Decimal(1))]
        fixed = Decimal(0)
    else:
        formulas = contract.price_formula.formulas if contract.price_formula else ()
        own = next((one for one in formulas if one.of == formula_of), None)
        if own is None:
            return None
        fixed = Decimal(str(own.fixed_frac))
        shares = [(one.series, Decimal(str(one.weight_frac))) for one in own.weights]
    assert series is not None, "a formula needs IDX-2"
    weights = []
    for name, weight in shares:
        named = series.named(name)
        assert named is not None, f"IDX-2 has no {name}"
        weights.append((named, weight))
    return _Move(fixed_frac=fixed, weights=tuple(weights))


def _changes(contract: Contract, on: date) -> Iterator[date]:
    """Walk through the days on which prices changed, after the day of the prices (IDX-6)."""
    timing, start = contract.index_timing, contract.price_base.priced_on
    assert timing is not None, "a formula needs IDX-6"
    first, step = int(timing.effective_on[:2]) - 1, _MONTHS_BETWEEN[timing.each]
    begin, end = (day.year * 12 + day.month - 1 for day in (start, on))
    for month in range(begin, end + 1):
        day = date(month // 12, month % 12 + 1, 1)
        if (month - first) % step == 0 and start < day <= on:
            yield day


def _at_change(
    contract: Contract, move: _Move, day: date, known: tuple[Release, ...]
) -> Factor | Missing | Late:
    """Work out the factor of one change, rounded and without limits."""
    timing, observation, rounding = (
        contract.index_timing,
        contract.index_observation,
        contract.index_rounding,
    )
    assert timing, "a formula needs IDX-6"
    assert observation, "a formula needs IDX-3"
    assert rounding, "a formula needs IDX-5"
    assert contract.index_series, "a formula needs IDX-2"
    vintage = Vintage(
        decided_on=day - timedelta(days=timing.notice_days),
        releases=known,
        series=contract.index_series,
        observation=observation,
        rebasing=contract.index_rebasing,
    )
    last = day.year * 12 + day.month - 1 - observation.lag_months
    months = tuple(
        date(month // 12, month % 12 + 1, 1)
        for month in range(last - observation.averaging_months + 1, last + 1)
    )
    means: dict[str, Fraction] = {}
    for series, _ in move.weights:
        mean = _mean(vintage, series, months)
        if not isinstance(mean, Fraction):
            return mean
        means[series.name] = mean
    return Factor(
        value=_sum(move, means, rounding),
        effective_on=day,
        observed=tuple(_observed(one, months, means) for one in move.weights),
    )


def _mean(
    vintage: Vintage, series: IndexSeries, months: tuple[date, ...]
) -> Fraction | Missing | Late:
    """Average the months of an index; a month that is missing goes before one that is late."""
    values = [vintage.value_of(series, month) for month in months]
    missing = next((one for one in values if isinstance(one, Missing)), None)
    if missing is not None:
        return missing
    known = [one for one in values if isinstance(one, Fraction)]
    return sum(known, Fraction(0)) / len(known) if len(known) == len(values) else Late()


def _sum(move: _Move, means: Mapping[str, Fraction], rounding: IndexRounding) -> Decimal:
    total = Fraction(move.fixed_frac)
    for series, weight in move.weights:
        assert series.base_value is not None, f"IDX-2 has no value at the start for {series.name}"
        total += Fraction(weight) * means[series.name] / Fraction(series.base_value)
    return round_decimal(_decimal(total), rule=rounding.rule, decimals=rounding.factor_decimals)


def _observed(
    weight: tuple[IndexSeries, Decimal], months: tuple[date, ...], means: Mapping[str, Fraction]
) -> Observed:
    series, share = weight
    assert series.base_value is not None
    return Observed(
        series=series.name,
        months=months,
        value=_decimal(means[series.name]),
        base_value=series.base_value,
        weight_frac=share,
    )


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def factor_of_values(
    contract: Contract, formula_of: Indexed, values: Mapping[str, Decimal]
) -> Decimal | None:
    """Give the factor for stated values of the indices, as a worked example has them (IDX-9).

    None where a value, a series or the formula is missing.
    """
    formulas = contract.price_formula.formulas if contract.price_formula else ()
    own = next((one for one in formulas if one.of == formula_of), None)
    listed, rounding = contract.index_series, contract.index_rounding
    if own is None or listed is None or rounding is None:
        return None
    named = [listed.named(one.series) for one in own.weights]
    if any(one is None or one.base_value is None or one.name not in values for one in named):
        return None
    move = _move_of(contract, formula_of)
    assert move is not None
    return _sum(move, {name: Fraction(value) for name, value in values.items()}, rounding)
