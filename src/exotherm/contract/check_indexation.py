"""Checks of how prices follow indices: shares, names, dates, fairness, and the worked example."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from exotherm.contract.case import Case, Check, percent
from exotherm.contract.index import factor_of_values
from exotherm.contract.spans import days, months
from exotherm.contract.terms.indexation import Indexed
from exotherm.core.findings import Finding
from exotherm.core.money import round_decimal
from exotherm.core.units import format_number

# Statistical offices release a month within three weeks after its end, or a little later.
_RELEASED_DAYS = 21
_MONTH_DAYS_MIN = 28


def _weights_are_one(case: Case) -> Iterator[Finding]:
    """Check that the fixed and the moving shares of a formula sum to 1 exactly (X2)."""
    clause = case.contract.price_formula
    for index, formula in enumerate(clause.formulas if clause else ()):
        shares = [formula.fixed_frac, *(one.weight_frac for one in formula.weights)]
        total = sum(Fraction(str(share)) for share in shares)
        if total != 1:
            yield case.source.error(
                "contract.weights-not-one",
                "price_formula",
                "formulas",
                index,
                message=f"The shares of the {formula.of} sum to {percent(float(total))}, not to "
                f"{percent(1)}: with indices that stand still the price would change.",
                remedy="Let `fixed_frac` and all `weight_frac` sum to 1.",
                total=float(total),
            )


def _series_are_listed(case: Case) -> Iterator[Finding]:
    """Check that every index which a clause names is identified, with its value at the start."""
    contract = case.contract
    if contract.index_series is None:
        return
    for place, name in _named_series(case):
        series = contract.index_series.named(name)
        if series is None:
            listed = ", ".join(one.name for one in contract.index_series.series)
            yield case.source.error(
                "contract.series-unknown",
                *place,
                message=f"“{name}” is none of the indices that IDX-2 identifies.",
                remedy=f"Name one of them ({listed}), or add it to `[[index_series.series]]`.",
                series=name,
            )
        elif series.base_value is None and place[0] != "index_rebasing":
            yield case.source.error(
                "contract.series-without-start",
                *place,
                message=f"“{name}” has no value at the start in IDX-2, so nothing can be divided "
                "by it.",
                remedy="Add its `base_value`: the value that holds for the day of the prices "
                "(TAR-12).",
                series=name,
            )


def _named_series(case: Case) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give every name of an index with its place in the file."""
    contract = case.contract
    for index, formula in enumerate(
        contract.price_formula.formulas if contract.price_formula else ()
    ):
        for number, weight in enumerate(formula.weights):
            yield ("price_formula", "formulas", index, "weights", number), weight.series
    savings = contract.shared_savings
    if savings is not None and savings.fuel_series is not None:
        yield ("shared_savings", "fuel_series"), savings.fuel_series
    rebasing = contract.index_rebasing
    for index, one in enumerate(rebasing.successors if rebasing else ()):
        for name in (one.series, one.successor):
            yield ("index_rebasing", "successors", index), name


_TABLES: dict[Indexed, tuple[str, ...]] = {
    "energy price": ("energy_price", "outdoor_price"),
    "standing fee": ("standing_fee",),
    "capacity fee": ("capacity_fee",),
}


def _formulas_have_prices(case: Case) -> Iterator[Finding]:
    """Check that every formula moves a price that the contract has (X23)."""
    clause, there = case.contract.price_formula, case.contract.clauses
    for index, formula in enumerate(clause.formulas if clause else ()):
        if not any(table in there for table in _TABLES[formula.of]):
            yield case.source.error(
                "contract.formula-without-price",
                "price_formula",
                "formulas",
                index,
                message=f"Formula {index + 1} moves the {formula.of}, but the contract has none.",
                remedy=f"Remove the formula, or add `[{_TABLES[formula.of][0]}]`.",
                of=formula.of,
            )


def _fuel_index_is_in_the_order(case: Case) -> Iterator[Finding]:
    """Check that an index for a fuel price has the clauses that every index needs (X2)."""
    contract = case.contract
    savings = contract.shared_savings
    if savings is None or savings.fuel_series is None:
        return
    if "indexation" not in contract.composition.order:
        yield case.source.error(
            "contract.indexation-not-named",
            "shared_savings",
            "fuel_series",
            message=f"The fuel's price follows “{savings.fuel_series}”, but the order of the bill "
            "(TAR-4) does not name indexation, so clauses IDX-1 to IDX-6 do not hold.",
            remedy='Add "indexation" to `composition.order`, or leave `fuel_series` out.',
            series=savings.fuel_series,
        )


def _releases_are_out_in_time(case: Case) -> Iterator[Finding]:
    """Check that the last observed month is usually released before the notice is due (X20)."""
    observation, timing = case.contract.index_observation, case.contract.index_timing
    if observation is None or timing is None:
        return
    room = (observation.lag_months - 1) * _MONTH_DAYS_MIN - timing.notice_days
    if room < _RELEASED_DAYS:
        yield case.source.warning(
            "contract.index-too-late",
            "index_observation",
            "lag_months",
            message=f"The last month that counts lies {months(observation.lag_months)} before a "
            f"change, which is announced {days(timing.notice_days)} before: an index that is "
            f"released {days(_RELEASED_DAYS)} after its month comes too late.",
            remedy="Observe earlier months, or announce a change later.",
            lag_months=observation.lag_months,
            notice_days=timing.notice_days,
        )


def _prices_move_both_ways(case: Case) -> Iterator[Finding]:
    """Check that prices rise and fall with their indices."""
    limits = case.contract.index_limits
    if limits is not None and limits.direction != "both ways":
        yield case.source.warning(
            "contract.index-one-way",
            "index_limits",
            "direction",
            message=f"Prices move {limits.direction} (IDX-7), and one party bears every change of "
            "an index; in Germany such a clause is void.",
            remedy='Write `direction = "both ways"`.',
            direction=limits.direction,
        )


def _is_indexed(case: Case) -> bool:
    return "indexation" in case.contract.composition.order


def _elements_are_one(case: Case) -> Iterator[Finding]:
    """Check that cost and market element make up the whole price (AVBFernwaermeV § 24(4))."""
    clause = case.contract.index_elements
    if clause is None:
        return
    total = Fraction(str(clause.cost_frac)) + Fraction(str(clause.market_frac))
    if total > 1:
        yield case.source.error(
            "contract.elements-above-one",
            "index_elements",
            "market_frac",
            message=f"Cost and market element make up {percent(float(total))} of the energy price.",
            remedy="Let both shares sum to 1 at most; what is left is the fixed share.",
            total=float(total),
        )
    elif _is_indexed(case) and not (clause.cost_frac and clause.market_frac):
        yield case.source.warning(
            "contract.element-missing",
            "index_elements",
            "market_frac" if clause.cost_frac else "cost_frac",
            message=f"The energy price follows {percent(clause.cost_frac)} the supplier's cost and "
            f"{percent(clause.market_frac)} the heat market; German law wants both to count.",
            remedy="Give both elements a share.",
            cost_frac=clause.cost_frac,
            market_frac=clause.market_frac,
        )


def _example_is_right(case: Case) -> Iterator[Finding]:
    """Work the example of IDX-9 through by the contract's own formula, and compare."""
    contract = case.contract
    example, rounding = contract.index_example, contract.index_rounding
    if example is None or rounding is None:
        return
    values = {one.series: one.value for one in example.values}
    found, price = factor_of_values(contract, example.of, values), _price_at_start(case, example.of)
    if found is None or price is None:
        yield case.source.error(
            "contract.index-example-incomplete",
            "index_example",
            "values",
            message=f"The example of the {example.of} has {format_number(len(values), 0)} values "
            "and cannot be worked through: a value, an index or the price is missing.",
            remedy="Give a value for each index in the formula of that price.",
            values=sorted(values),
        )
        return
    result = round_decimal(price * found, rule=rounding.rule, decimals=rounding.price_decimals)
    if (found, result) != (example.factor, example.result):
        yield case.source.error(
            "contract.index-example-differs",
            "index_example",
            "result" if found == example.factor else "factor",
            message=f"By IDX-1 and IDX-5 the example makes a factor of {found} and a price of "
            f"{result}; IDX-9 says {example.factor} and {example.result}.",
            remedy="Correct the example, or the formula that it was made with.",
            factor=str(found),
            result=str(result),
        )


def _price_at_start(case: Case, of: Indexed) -> Decimal | None:
    contract = case.contract
    if of == "standing fee":
        return contract.standing_fee.price_per_month if contract.standing_fee else None
    if of == "capacity fee":
        return contract.capacity_fee.price_per_kw_month if contract.capacity_fee else None
    return contract.energy_price.price_per_kwh if contract.energy_price else None


INDEXATION_CHECKS: tuple[Check, ...] = (
    _weights_are_one,
    _series_are_listed,
    _formulas_have_prices,
    _fuel_index_is_in_the_order,
    _releases_are_out_in_time,
    _prices_move_both_ways,
    _elements_are_one,
    _example_is_right,
)
