from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_clauses import PLAUSIBLE, clause, table_of

from exotherm.contract.index import (
    Factor,
    Missing,
    PriceBook,
    Release,
    factor,
    factor_of_values,
)
from exotherm.contract.terms.index_changes import (
    IndexExample,
    IndexLimits,
    IndexRounding,
    IndexTiming,
)
from exotherm.contract.terms.indexation import (
    IndexObservation,
    IndexRebasing,
    IndexSeriesList,
    PriceFormula,
)
from exotherm.contract.terms.tariff_limits import PriceLimits
from exotherm.contract.terms.tariff_models import SharedSavings

with_fixture = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
LATER = date(2040, 1, 1)
GAS_START, WAGES_START = Fraction("105.4"), Fraction(112)


@pytest.fixture
def indexed(pool_contract):
    """The formula AP = AP0 (0.13 + 0.52 gas / 105.4 + 0.35 wages / 112), of each first of January.

    What counts is the September before, as it was first released.
    """
    return changed(
        pool_contract,
        composition__order=("indexation", "standing fee", "heat"),
        price_base__priced_on=date(2026, 1, 1),
        price_formula=clause(PriceFormula),
        index_series=clause(IndexSeriesList),
        index_observation=clause(IndexObservation, lag_months=4, averaging_months=1),
        index_rebasing=clause(IndexRebasing, successors=None),
        index_rounding=clause(IndexRounding),
        index_timing=clause(IndexTiming, each="year"),
        index_limits=None,
        price_limits=None,
        shared_savings=None,
    )


def released(series, year, month, value, *, base="2015", on=None) -> Release:
    """Give a release of a month, out on the 20th of the month after unless told."""
    after = date(year + month // 12, month % 12 + 1, 20)
    return Release(
        series=series,
        month=date(year, month, 1),
        value=Decimal(str(value)),
        base_year=base,
        released_on=on or after,
    )


def both(year, month, gas, wages, **more):
    return (
        released("gas", year, month, gas, **more),
        released("wages", year, month, wages, **more),
    )


def value(contract, of, on, releases, known_on=LATER):
    found = factor(contract, of, on, releases, known_on)
    assert isinstance(found, Factor), found
    return found.value


def by_hand(gas, wages, places=4):
    exact = Fraction(13, 100) + Fraction(52, 100) * Fraction(str(gas)) / GAS_START
    exact += Fraction(35, 100) * Fraction(str(wages)) / WAGES_START
    return Decimal((exact * 10**places + Fraction(1, 2)).__floor__()).scaleb(-places)


# --- The formula.


def test_the_german_formula_is_counted_as_written(indexed):
    releases = both(2026, 9, "115.94", "117.6")
    found = factor(indexed, "energy price", date(2027, 3, 1), releases, LATER)
    assert isinstance(found, Factor)
    assert found.value == by_hand("115.94", "117.6") == Decimal("1.0695")
    assert found.effective_on == date(2027, 1, 1)
    assert [(one.series, one.months, one.value, one.weight_frac) for one in found.observed] == [
        ("gas", (date(2026, 9, 1),), Decimal("115.94"), Decimal("0.52")),
        ("wages", (date(2026, 9, 1),), Decimal("117.6"), Decimal("0.35")),
    ]
    assert value(indexed, "standing fee", date(2027, 3, 1), releases) == Decimal("1.0500")
    assert factor(indexed, "capacity fee", date(2027, 3, 1), releases, LATER) == Factor()


def test_until_the_first_change_the_prices_are_those_of_the_start(indexed):
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        assert factor(indexed, "energy price", day, (), LATER) == Factor()
    assert (
        factor(changed(indexed, price_formula=None), "energy price", LATER, (), LATER) == Factor()
    )


@with_fixture
@given(gas=st.integers(1, 40_000), wages=st.integers(1, 40_000), places=st.integers(0, 6))
def test_any_values_make_the_factor_of_whole_numbers(indexed, gas, wages, places):
    contract = changed(indexed, index_rounding__factor_decimals=places)
    releases = both(2026, 9, Decimal(gas).scaleb(-2), Decimal(wages).scaleb(-2))
    expected = by_hand(Decimal(gas).scaleb(-2), Decimal(wages).scaleb(-2), places)
    assert value(contract, "energy price", date(2027, 1, 1), releases) == expected


@pytest.mark.parametrize(
    ("averaging", "lag", "expected"),
    [(1, 4, "108.00"), (1, 3, "109.00"), (3, 4, "107.00"), (12, 1, "105.50")],
)
def test_months_are_averaged_up_to_the_lag(indexed, averaging, lag, expected):
    contract = changed(
        indexed, index_observation__lag_months=lag, index_observation__averaging_months=averaging
    )
    releases = [one for month in range(1, 13)
                for one in both(2026, month, 99 + month, 112, on=date(2026, 11, 1))]  # fmt: skip
    found = factor(contract, "energy price", date(2027, 1, 1), releases, LATER)
    assert isinstance(found, Factor)
    assert found.observed[0].value == Decimal(expected)
    assert len(found.observed[0].months) == averaging


@pytest.mark.parametrize(
    ("each", "effective_on", "day", "change"),
    [
        ("year", "01-01", date(2027, 7, 9), date(2027, 1, 1)),
        ("year", "04-01", date(2027, 3, 31), date(2026, 4, 1)),
        ("year", "04-01", date(2027, 4, 1), date(2027, 4, 1)),
        ("quarter", "02-01", date(2027, 1, 31), date(2026, 11, 1)),
        ("quarter", "02-01", date(2027, 5, 1), date(2027, 5, 1)),
        ("month", "01-01", date(2027, 5, 31), date(2027, 5, 1)),
        ("month", "01-01", date(2026, 1, 31), None),
        ("month", "01-01", date(2026, 2, 1), date(2026, 2, 1)),
    ],
)
def test_prices_change_on_their_days(indexed, each, effective_on, day, change):
    contract = changed(indexed, index_timing__each=each, index_timing__effective_on=effective_on)
    releases = [
        one
        for year in (2025, 2026, 2027)
        for month in range(1, 13)
        for one in both(year, month, 105.4, 112)
    ]
    found = factor(contract, "energy price", day, releases, LATER)
    assert isinstance(found, Factor)
    assert found.effective_on == change


# --- Vintages.


def test_the_first_release_counts_or_the_latest_in_time(indexed):
    releases = (
        *both(2026, 9, 110, 112, on=date(2026, 10, 20)),
        released("gas", 2026, 9, 120, on=date(2026, 11, 20)),
        released("gas", 2026, 9, 130, on=date(2026, 12, 3)),
    )
    day = date(2027, 1, 1)
    assert value(indexed, "energy price", day, releases) == by_hand(110, 112)
    latest = changed(indexed, index_observation__release="latest at the date")
    # 30 days before the change are 2 December, when the second revision was not out.
    assert value(latest, "energy price", day, releases) == by_hand(120, 112)
    sooner = changed(latest, index_timing__notice_days=29)
    assert value(sooner, "energy price", day, releases) == by_hand(130, 112)


def test_what_was_not_known_does_not_count(indexed):
    latest = changed(indexed, index_observation__release="latest at the date")
    releases = (
        *both(2026, 9, 110, 112, on=date(2026, 10, 20)),
        released("gas", 2026, 9, 120, on=date(2026, 11, 20)),
    )
    day = date(2027, 1, 1)
    assert value(latest, "energy price", day, releases, date(2026, 11, 19)) == by_hand(110, 112)
    assert value(latest, "energy price", day, releases, date(2026, 11, 20)) == by_hand(120, 112)
    assert factor(latest, "energy price", day, releases, date(2026, 10, 19)) == Missing(
        series="gas", month=date(2026, 9, 1), why="no release"
    )


def test_what_is_missing_is_named_and_never_guessed(indexed):
    (gas, _) = both(2026, 9, 110, 112)
    found = factor(indexed, "energy price", date(2027, 1, 1), (gas,), LATER)
    assert found == Missing(series="wages", month=date(2026, 9, 1), why="no release")
    assert PriceBook.on(indexed, date(2027, 1, 1), (gas,), known_on=LATER) == found


def test_a_late_release_leaves_the_price_or_holds_the_bill(indexed):
    in_time = both(2026, 9, 110, 112)
    late = both(2027, 9, 150, 112, on=date(2027, 12, 24))
    again = both(2028, 9, 130, 112)
    releases = (*in_time, *late, *again)
    assert value(indexed, "energy price", date(2028, 2, 1), releases) == by_hand(110, 112)
    assert value(indexed, "energy price", date(2029, 2, 1), releases) == by_hand(130, 112)
    assert factor(indexed, "energy price", date(2027, 1, 1), late[:0] + late, LATER) == Missing(
        series="gas", month=date(2026, 9, 1), why="no release"
    )
    waits = changed(indexed, index_observation__if_late="bill waits")
    assert value(waits, "energy price", date(2028, 2, 1), releases) == by_hand(150, 112)
    found = factor(waits, "energy price", date(2028, 2, 1), releases, date(2027, 12, 23))
    assert found == Missing(series="gas", month=date(2027, 9, 1), why="no release")


def test_a_first_change_that_is_late_leaves_the_price_of_the_start(indexed):
    late = both(2026, 9, 150, 112, on=date(2026, 12, 24))
    assert factor(indexed, "energy price", date(2027, 2, 1), late, LATER) == Factor()
    limited = changed(indexed, index_limits=clause(IndexLimits))
    assert factor(limited, "energy price", date(2027, 2, 1), late, LATER) == Factor()


# --- Rebasing and successors.


@with_fixture
@given(
    months=st.lists(st.integers(500, 3000), min_size=24, max_size=24),
    split=st.integers(12, 20),
    numerator=st.integers(1, 400),
    linked_at=st.sampled_from(["last common month", "mean of the common months"]),
    denominator=st.sampled_from([1, 2, 4, 5, 8, 10, 16, 20, 25, 32]),
)
def test_a_rebased_index_makes_the_same_price(
    indexed, months, split, numerator, denominator, linked_at
):
    """The same index told on 2015 to the end, or on 2020 from a month on with a year in common."""
    contract = changed(indexed, index_rebasing__linked_at=linked_at)
    own = [Decimal(one).scaleb(-1) for one in months]
    ratio = Decimal(numerator) / Decimal(denominator)
    wages = [released("wages", 2025 + n // 12, n % 12 + 1, 112) for n in range(24)]

    def gas(n, base, value):
        return released("gas", 2025 + n // 12, n % 12 + 1, value, base=base)

    plain = [gas(n, "2015", one) for n, one in enumerate(own)]
    moved = [gas(n, "2015", one) for n, one in enumerate(own[:split])]
    moved += [gas(n, "2020", one * ratio) for n, one in enumerate(own) if n >= split - 12]
    day = date(2027, 1, 1)
    assert value(contract, "energy price", day, [*plain, *wages]) == value(
        contract, "energy price", day, [*moved, *wages]
    )


def test_three_bases_are_joined_in_a_chain(indexed):
    """From 2015 over 2020 to 2025, where the last has no month in common with the first."""
    wages = released("wages", 2027, 9, 112)
    chain = (
        released("gas", 2022, 1, "140"),
        released("gas", 2022, 1, "112", base="2020", on=date(2023, 2, 22)),
        released("gas", 2026, 1, "126", base="2020"),
        released("gas", 2026, 1, "105", base="2025", on=date(2027, 3, 1)),
        released("gas", 2027, 9, "110", base="2025"),
    )
    # 110 × (126/105) × (140/112) = 165 on the base of the contract.
    assert value(indexed, "energy price", date(2028, 1, 1), (*chain, wages)) == by_hand(165, 112)
    torn = [one for one in chain if (one.month.year, one.base_year) != (2026, "2020")]
    found = factor(indexed, "energy price", date(2028, 1, 1), (*torn, wages), LATER)
    assert found == Missing(series="gas", month=date(2027, 9, 1), why="no link")


def test_what_links_two_bases_is_declared(indexed):
    wages = released("wages", 2026, 9, 112)
    common = (
        released("gas", 2026, 1, "100"),
        released("gas", 2026, 2, "110"),
        released("gas", 2026, 1, "80", base="2020"),
        released("gas", 2026, 2, "88.8", base="2020"),
        released("gas", 2026, 9, "90", base="2020"),
        wages,
    )
    day = date(2027, 1, 1)
    last = 90 * Fraction(110) / Fraction("88.8")
    assert value(indexed, "energy price", day, common) == by_hand(last, 112)
    mean = changed(indexed, index_rebasing__linked_at="mean of the common months")
    over_both = 90 * Fraction(210) / Fraction("168.8")
    assert value(mean, "energy price", day, common) == by_hand(over_both, 112)
    without = changed(indexed, index_rebasing=None)
    assert factor(without, "energy price", day, common, LATER) == Missing(
        series="gas", month=date(2026, 9, 1), why="no link"
    )


def test_an_index_that_ends_is_succeeded_without_a_jump(indexed):
    """As the index of central heating costs was in 2019: gas ends, the heat index goes on."""
    following = {"series": "gas", "successor": "heat index", "from_on": date(2027, 1, 1)}
    contract = changed(indexed, index_rebasing=clause(IndexRebasing, successors=[following]))
    releases = (
        *both(2026, 9, 110, 112),
        released("gas", 2026, 12, 121),
        released("heat index", 2026, 9, 77, base="2020"),
        released("heat index", 2026, 12, 96.8, base="2020"),
        released("heat index", 2027, 9, 100, base="2020"),
        released("gas", 2027, 9, 999),
        released("wages", 2027, 9, 112),
    )
    assert value(contract, "energy price", date(2027, 1, 1), releases) == by_hand(110, 112)
    # 100 × (121 / 96.8) = 125: a release of the old index after its end does not count.
    without = [one for one in releases if one.value != 999]
    assert value(contract, "energy price", date(2028, 1, 1), without) == by_hand(125, 112)
    unknown = [one for one in without if one.series != "heat index"]
    found = factor(contract, "energy price", date(2028, 1, 1), unknown, LATER)
    assert found == Missing(series="heat index", month=date(2027, 9, 1), why="no release")


def test_a_successor_of_itself_ends_the_search(indexed):
    loop = [
        {"series": "gas", "successor": "heat index", "from_on": date(2020, 1, 1)},
        {"series": "heat index", "successor": "gas", "from_on": date(2020, 1, 1)},
    ]
    contract = changed(indexed, index_rebasing=clause(IndexRebasing, successors=loop))
    found = factor(contract, "energy price", date(2027, 1, 1), both(2026, 9, 1, 1), LATER)
    assert found == Missing(series="heat index", month=date(2026, 9, 1), why="no release")


def test_of_two_bases_on_one_day_the_contracts_own_counts(indexed):
    releases = (
        *both(2026, 9, 110, 112),
        released("gas", 2026, 9, 55, base="2020"),
        released("gas", 2026, 8, 1, base="2020"),
    )
    assert value(indexed, "energy price", date(2027, 1, 1), releases) == by_hand(110, 112)


# --- Limits.


def of_years(*gas):
    """Give a value of September for each year from 2026 on, with wages that stay."""
    return [one for n, value in enumerate(gas) for one in both(2026 + n, 9, value, 112)]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, ["1.2600", "0.7400", "1.0000"]),
        ({"factor_frac_max": 1.1}, ["1.1", "0.7400", "1.0000"]),
        ({"factor_frac_min": 0.9}, ["1.2600", "0.9", "1.0000"]),
        ({"step_frac_max": 0.1}, ["1.1", "0.99", "1.0000"]),
        ({"step_frac_max": 0.1, "factor_frac_max": 1.05}, ["1.05", "0.945", "1.0000"]),
        ({"direction": "upwards only"}, ["1.2600", "1.2600", "1.2600"]),
        ({"direction": "downwards only"}, ["1", "0.7400", "0.7400"]),
    ],
)
def test_limits_hold_each_change_and_all_together(indexed, limits, expected):
    own = {"step_frac_max": None, "factor_frac_min": None, "factor_frac_max": None, **limits}
    contract = changed(indexed, index_limits=clause(IndexLimits, **own))
    releases = of_years("158.1", "52.7", "105.4")
    found = [value(contract, "energy price", date(2027 + n, 1, 1), releases) for n in range(3)]
    assert found == [Decimal(one) for one in expected]


def test_where_changes_hang_on_each_other_each_has_to_be_known(indexed):
    releases = of_years("158.1", "52.7", "105.4")[2:]
    day = date(2029, 1, 1)
    assert value(indexed, "energy price", day, releases) == Decimal("1.0000")
    limited = changed(indexed, index_limits=clause(IndexLimits))
    found = factor(limited, "energy price", day, releases, LATER)
    assert found == Missing(series="gas", month=date(2026, 9, 1), why="no release")


# --- Prices in force.


def test_a_book_has_the_prices_in_force(indexed):
    releases = both(2026, 9, "115.94", "117.6")
    before = PriceBook.on(indexed, date(2026, 12, 31), releases, known_on=LATER)
    after = PriceBook.on(indexed, date(2027, 1, 1), releases, known_on=LATER)
    assert isinstance(before, PriceBook)
    assert isinstance(after, PriceBook)
    assert str(before.price("energy price", Decimal("0.0680"))) == "0.0680"
    # 0.0680 × 1.0695 = 0.072726, to five decimals.
    assert str(after.price("energy price", Decimal("0.0680"))) == "0.07273"
    assert after.price("standing fee", Decimal("120.00")) == Decimal(126)
    assert str(after.price("capacity fee", Decimal("4.20"))) == "4.20"
    start = PriceBook.at_start(indexed)
    assert str(start.price("energy price", Decimal("0.0680"))) == "0.0680"


def test_prices_stay_where_the_order_does_not_name_indexation(indexed):
    contract = changed(indexed, composition__order=("standing fee", "heat"))
    book = PriceBook.on(contract, date(2030, 1, 1), (), known_on=LATER)
    assert book == PriceBook.at_start(contract)


def test_a_collar_holds_after_indexation(indexed):
    contract = changed(
        indexed,
        composition__order=("indexation", "heat", "price limits"),
        price_limits=clause(PriceLimits, price_per_kwh_max=Decimal("0.0700")),
    )
    releases = both(2026, 9, "115.94", "117.6")
    book = PriceBook.on(contract, date(2027, 1, 1), releases, known_on=LATER)
    assert isinstance(book, PriceBook)
    assert book.price("energy price", Decimal("0.0680")) == Decimal("0.0700")
    assert book.price("standing fee", Decimal("120.00")) == Decimal(126)


def test_a_fuel_price_follows_its_index(indexed):
    contract = changed(
        indexed, shared_savings=clause(SharedSavings), index_limits=clause(IndexLimits)
    )
    releases = both(2026, 9, "210.8", "112")
    book = PriceBook.on(contract, date(2027, 1, 1), releases, known_on=LATER)
    assert isinstance(book, PriceBook)
    # Limits are for the supplier's prices, not for the fuel that the saving is counted against.
    assert book.price("fuel", Decimal("0.0825")) == Decimal("0.165")
    fixed = changed(contract, shared_savings=clause(SharedSavings, fuel_series=None))
    assert factor(fixed, "fuel", date(2027, 1, 1), releases, LATER) == Factor()


def test_the_worked_example_is_a_test_vector(indexed):
    example = clause(IndexExample)
    values = {one.series: one.value for one in example.values}
    assert factor_of_values(indexed, example.of, values) == example.factor
    assert factor_of_values(indexed, "capacity fee", values) is None
    assert factor_of_values(indexed, example.of, {"gas": Decimal(1)}) is None
    without = changed(indexed, index_series=None)
    assert factor_of_values(without, example.of, values) is None
    series = table_of(IndexSeriesList)["series"]
    series[0].pop("base_value")
    no_start = changed(indexed, index_series=clause(IndexSeriesList, series=series))
    assert factor_of_values(no_start, example.of, values) is None


def test_a_release_is_of_a_month_and_above_nought():
    assert PLAUSIBLE
    for month, number in ((date(2026, 9, 2), "1"), (date(2026, 9, 1), "0")):
        with pytest.raises(AssertionError):
            Release(
                series="gas",
                month=month,
                value=Decimal(number),
                base_year="2015",
                released_on=LATER,
            )
