from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_clauses import clause

from exotherm.contract.capacity_fee import heat_kw_at
from exotherm.contract.outcome import Tally
from exotherm.contract.proration import month_of, plain, share_of_month, split_quantity
from exotherm.contract.rate import Consumption, DayHeat, bill_credit, rate
from exotherm.contract.rate_lines import return_share
from exotherm.contract.terms.credits import BillCredit
from exotherm.contract.terms.tariff import AvailabilityFee, CapacityFee
from exotherm.contract.terms.tariff_models import PassThrough, ReturnBonus, SharedSavings
from exotherm.core.period import Period, read_month

ROME = ZoneInfo("Europe/Rome")
OCTOBER = read_month("2026-10", ROME)
with_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
BARE_CAPACITY = {"outdoor_c_design": None, "outdoor_c_max": None, "cold_days_min": None}


def consumption(heat="1000", **more) -> Consumption:
    return Consumption(
        period=more.pop("period", OCTOBER),
        heat_kwh=Decimal(heat),
        tally=more.pop("tally", Tally(delivered=2980)),
        **more,
    )


def the_line(rated, number):
    (line,) = (one for one in rated.lines if one.clause == number)
    return line


# --- Proration: running totals.


@with_fixture
@given(
    month=st.sampled_from(["2026-03", "2026-07", "2026-10", "2027-02"]),
    cuts=st.lists(st.integers(1, 2900), max_size=9, unique=True),
    edge=st.sampled_from(["hours", "days"]),
)
def test_the_parts_of_a_month_sum_to_it_wherever_it_is_cut(pool_contract, month, cuts, edge):
    contract = changed(pool_contract, proration__term_edge=edge)
    whole = read_month(month, ROME)
    at = [whole.start + cut * timedelta(minutes=15) for cut in sorted(cuts)]
    edges = [whole.start, *(one for one in at if one < whole.end), whole.end]
    parts = [Period(a, b) for a, b in pairwise(edges)]
    assert sum(share_of_month(contract, part) for part in parts) == 1
    for part in parts:
        exact = Fraction(part.duration // timedelta(seconds=1), 60 * 15)
        share = exact / Fraction(whole.duration // timedelta(seconds=1), 60 * 15)
        near = Fraction(1, 10**6) if edge == "hours" else Fraction(1, 25)
        assert abs(Fraction(share_of_month(contract, part)) - share) <= near


@pytest.mark.parametrize(("edge", "share"), [("hours", "0.500671"), ("days", "0.516129")])
def test_a_term_that_begins_within_a_month_pays_its_rest(pool_contract, edge, share):
    """By hours: 16 days and the hour that the clock gains, 373 h of 745 h; by days 16 of 31."""
    contract = changed(pool_contract, proration__term_edge=edge)
    start = month_of(contract, OCTOBER.start).start + timedelta(days=15, hours=12)
    by_days = Period(OCTOBER.start + timedelta(days=15), OCTOBER.end)
    part = by_days if edge == "days" else Period(start, OCTOBER.end)
    assert str(share_of_month(contract, part)) == share
    whole = Fraction(373, 745) if edge == "hours" else Fraction(16, 31)
    assert abs(Fraction(share) - whole) < Fraction(1, 10**6)


@with_fixture
@given(
    total=st.integers(0, 10**7),
    weights=st.lists(st.integers(0, 500), min_size=1, max_size=9),
    decimals=st.integers(0, 3),
)
def test_heat_is_split_by_degree_days_without_a_rest(total, weights, decimals):
    heat = Decimal(total).scaleb(-decimals)
    if not sum(weights):
        with pytest.raises(AssertionError):
            split_quantity(heat, [Decimal(one) for one in weights], decimals=decimals)
        return
    parts = split_quantity(heat, [Decimal(one) for one in weights], decimals=decimals)
    assert sum(parts) == heat
    for part, weight in zip(parts, weights, strict=True):
        share = Fraction(heat) * Fraction(weight, sum(weights))
        assert abs(Fraction(part) - share) <= Fraction(1, 10**decimals)
        assert part >= 0


@pytest.mark.parametrize(
    ("value", "written"),
    [("10000.0", "10000"), ("120", "120"), ("0.500", "0.5"), ("0.0", "0"), ("-1.20", "-1.2")],
)
def test_a_plain_decimal_has_neither_noughts_nor_exponent(value, written):
    assert str(plain(Decimal(value))) == written


# --- Guaranteed availability.


@pytest.mark.parametrize(
    ("delivered", "loss", "quantity"),
    [
        (9700, "in proportion", "1"),
        (9699, "in proportion", "0.999897"),
        (4850, "in proportion", "0.5"),
        (9700, "all below the promise", "1"),
        (9699, "all below the promise", "0"),
    ],
)
def test_a_fee_for_availability_is_earned_by_it(pool_contract, delivered, loss, quantity):
    contract = changed(
        pool_contract,
        availability__available_frac_min=0.97,
        availability_fee=clause(AvailabilityFee, loss=loss),
        composition__order=("availability fee",),
    )
    tally = Tally(delivered=delivered, failed=10_000 - delivered)
    line = the_line(rate(contract, consumption(tally=tally)), "TAR-5")
    assert str(line.quantity) == quantity
    assert line.amount == round(Decimal("75.50") * line.quantity, 2)
    assert ("kept of 97.00 %" in line.text) is (delivered < 9700)
    if loss == "in proportion":
        exact = min(Fraction(delivered, 9700), Fraction(1))
        assert abs(Fraction(quantity) - exact) <= Fraction(1, 2 * 10**6)


def test_where_nothing_counts_the_fee_is_due(pool_contract):
    contract = changed(
        pool_contract,
        availability_fee=clause(AvailabilityFee),
        composition__order=("availability fee",),
    )
    rated = rate(contract, consumption(tally=Tally(no_obligation=2980)))
    assert (rated.available_frac, rated.net_amount) == (None, Decimal("75.50"))


# --- Capacity.


@pytest.mark.parametrize(
    ("basis", "peak", "other", "quantity", "text"),
    [
        ("contracted capacity", None, {"if_unknown": None}, "12", "12.0 kW, contracted capacity"),
        ("contracted capacity", None, {"if_unknown": None, "heat_kw_min": 15.0}, "15",
         "15.0 kW, contracted capacity"),
        ("peak of the month", 18.26, {}, "18.3", "18.3 kW, peak of the month"),
        ("peak of the month", 8.26, {}, "10", "10.0 kW, peak of the month"),
        ("peak of the month", None, {}, "12", "12.0 kW, contracted capacity"),
        ("peak of the month", None, {"if_unknown": "smallest billed capacity"}, "10",
         "10.0 kW, smallest billed capacity"),
        ("peak of twelve months", 18.26, {}, "18.3", "18.3 kW, peak of twelve months"),
        ("peak of twelve months", None, {}, "12", "12.0 kW, contracted capacity"),
    ],
)  # fmt: skip
def test_capacity_is_billed_by_its_basis(pool_contract, basis, peak, other, quantity, text):
    fee = {**BARE_CAPACITY, "heat_kw_min": 10.0, **other}
    if basis == "contracted capacity" and "heat_kw_min" not in other:
        fee["heat_kw_min"] = None
    contract = changed(
        pool_contract,
        capacity__heat_kw=12.0,
        capacity_fee=clause(CapacityFee, basis=basis, **fee),
        composition__order=("capacity fee",),
    )
    line = the_line(rate(contract, consumption(heat_kw_peak=peak)), "TAR-3")
    assert (str(line.quantity), line.unit) == (quantity, "kw_month")
    assert line.amount == round(Decimal("4.20") * Decimal(quantity), 2)
    assert line.text == f"Capacity of {text}"


def test_capacity_of_a_part_of_a_month_is_its_share(pool_contract):
    fee = clause(
        CapacityFee, basis="contracted capacity", if_unknown=None, heat_kw_min=None, **BARE_CAPACITY
    )
    contract = changed(
        pool_contract,
        capacity__heat_kw=12.0,
        capacity_fee=fee,
        composition__order=("capacity fee",),
    )
    july = read_month("2026-07", ROME)
    half = Period(july.start, july.start + july.duration / 2)
    line = the_line(rate(contract, consumption(period=half)), "TAR-3")
    assert (str(line.quantity), line.amount) == ("6", Decimal("25.20"))


def line_through(points: list[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """Solve the normal equations exactly."""
    n = len(points)
    nought = Fraction(0)
    sx, sy = sum((x for x, _ in points), nought), sum((y for _, y in points), nought)
    sxx, sxy = sum((x * x for x, _ in points), nought), sum((x * y for x, y in points), nought)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return sy / n + slope * (at - sx / n)


def days_of(points, start=date(2026, 1, 1)):
    return tuple(
        DayHeat(day=start + timedelta(days=n), heat_kw_mean=heat, outdoor_c_mean=outdoor)
        for n, (outdoor, heat) in enumerate(points)
    )


def test_stockholms_line_gives_the_heat_at_fifteen_below():
    """A house of 0.5 kW/K with a base of 2 kW from 17 °C on takes 18 kW at −15 °C."""
    days = days_of([(t, 2.0 + 0.5 * (17.0 - t)) for t in (-8.0, -3.0, 0.0, 4.0, 9.0)])
    summer = days_of([(10.0, 2.0), (25.0, 2.0), (None, 9.0), (-20.0, None)])
    found = heat_kw_at(
        (*days, *summer), outdoor_c_design=-15.0, outdoor_c_max=10.0, cold_days_min=5
    )
    assert found == pytest.approx(18.0, rel=1e-12)


@given(
    points=st.lists(st.tuples(st.integers(-30, 9), st.integers(0, 900)), min_size=3, max_size=40)
)
def test_the_line_is_that_of_least_squares(points):
    found = heat_kw_at(
        days_of([(float(x), y / 10) for x, y in points]),
        outdoor_c_design=-15.0, outdoor_c_max=10.0, cold_days_min=3,
    )  # fmt: skip
    if len({x for x, _ in points}) < 2:
        assert found is None
        return
    exact = line_through([(Fraction(x), Fraction(y, 10)) for x, y in points], Fraction(-15))
    assert found == pytest.approx(max(float(exact), 0.0), abs=1e-8)


def test_the_line_is_billed_to_a_tenth_and_never_below_the_smallest(pool_contract):
    contract = changed(
        pool_contract,
        capacity__heat_kw=12.0,
        capacity_fee=clause(CapacityFee, cold_days_min=3),
        composition__order=("capacity fee",),
    )
    cold = days_of([(-8.0, 14.52), (0.0, 10.5), (8.0, 6.5)])
    mild = days_of([(-8.0, 1.5), (0.0, 1.0), (8.0, 0.5)])
    for daily, quantity in ((cold, "18"), (mild, "10"), (cold[:2], "12"), ((), "12")):
        line = the_line(rate(contract, consumption(daily=daily)), "TAR-3")
        assert str(line.quantity) == quantity


# --- Return temperature: rules that Danish networks publish.

GRENAA = {
    "return_c_min": 36.0, "return_c_max": 40.0, "bonus_per_k": 0.01, "malus_per_k": 0.01,
    "bonus_frac_max": 1.0, "malus_frac_max": 1.0,
    "lift_k_min": None, "supply_c_below": None, "shift_frac": None,
}  # fmt: skip
ROENDE = {
    "return_c_min": 30.0, "return_c_max": 37.0, "bonus_per_k": 0.02, "malus_per_k": 0.02,
    "bonus_frac_max": 1.0, "malus_frac_max": 1.0,
    "lift_k_min": None, "supply_c_below": 65.0, "shift_frac": 0.5,
}  # fmt: skip
HOLEBY = {
    "return_c_min": 1.0, "return_c_max": 40.0, "bonus_per_k": 0.0, "malus_per_k": 0.01,
    "bonus_frac_max": 0.0, "malus_frac_max": 1.0,
    "lift_k_min": 23.0, "supply_c_below": None, "shift_frac": None,
}  # fmt: skip


def grenaa(back, _):
    """±1 % per kelvin outside a band of 4 K."""
    return max(back - 40, 0) - max(36 - back, 0)


def roende(back, supply):
    """−2 %/K below 30 °C, +2 %/K above 37 °C; both rise by 0.5 K per kelvin of supply below 65."""
    rise = max(65 - supply, 0) * Fraction(1, 2)
    return 2 * max(back - 37 - rise, 0) - 2 * max(30 + rise - back, 0)


def holeby(back, supply):
    """+1 % per kelvin of cooling below 23 K, and nothing where the return is 40 °C or less."""
    return 0 if back <= 40 else max(23 - (supply - back), 0)


@pytest.mark.parametrize(("table", "rule"), [(GRENAA, grenaa), (ROENDE, roende), (HOLEBY, holeby)])
@pytest.mark.parametrize("supply", [58.0, 64.0, 65.0, 70.0])
@pytest.mark.parametrize("back", [25.0, 30.0, 32.4, 36.0, 38.5, 40.0, 41.0, 47.5])
def test_published_motivation_tariffs_are_counted_as_published(
    pool_contract, table, rule, back, supply
):
    contract = changed(pool_contract, return_bonus=clause(ReturnBonus, **table))
    share = return_share(contract, consumption(return_c_mean=back, supply_c_mean=supply))
    assert Fraction(share) == rule(Fraction(str(back)), Fraction(str(supply))) / Fraction(100)


@pytest.mark.parametrize(
    ("back", "share", "amount", "word"),
    [(27.0, "-0.06", "-4.08", "bonus"), (40.0, "0.06", "4.08", "malus"), (10.0, "-0.2", "-13.60",
     "bonus"), (60.0, "0.25", "17.00", "malus")],
)  # fmt: skip
def test_a_return_changes_the_price_of_heat_within_limits(pool_contract, back, share, amount, word):
    bonus = clause(ReturnBonus, lift_k_min=None, supply_c_below=None, shift_frac=None)
    contract = changed(
        pool_contract,
        energy_price__price_per_kwh=Decimal("0.0680"),
        return_bonus=bonus,
        composition__order=("standing fee", "heat", "return bonus"),
    )
    line = the_line(rate(contract, consumption(return_c_mean=back)), "TAR-9")
    assert (str(line.quantity), line.unit, line.price) == (share, "heat charge", Decimal("68.00"))
    assert line.amount == Decimal(amount)
    assert line.text == f"Return-temperature {word}, mean return {back:.1f} °C"


def test_a_return_in_its_band_or_unknown_makes_no_line(pool_contract):
    contract = changed(
        pool_contract,
        return_bonus=clause(ReturnBonus),
        composition__order=("standing fee", "heat", "return bonus"),
    )
    for more in ({}, {"return_c_mean": 33.0}, {"return_c_mean": 20.0, "heat": "0"}):
        rated = rate(contract, consumption(**more))
        assert [line.clause for line in rated.lines] == ["TAR-1", "TAR-2"]


def test_what_hangs_on_no_clause_makes_no_line(pool_contract):
    order = (
        "standing fee", "capacity fee", "availability fee", "return bonus", "shared savings",
        "pass-through", "take-or-pay", "price limits", "indexation",
    )  # fmt: skip
    contract = changed(pool_contract, standing_fee=None, composition__order=order)
    rated = rate(contract, consumption(return_c_mean=10.0))
    assert (rated.lines, rated.unsettled) == ((), ())


# --- Shared savings, pass-through, late bills.


def test_a_saving_is_shared(pool_contract):
    """1000 kWh of a boiler of 88 % cost 93.75, on the bill 68.00; 40 % of 25.75 are 10.30."""
    contract = changed(
        pool_contract,
        energy_price__price_per_kwh=Decimal("0.0680"),
        shared_savings=clause(SharedSavings, fuel_series=None),
        composition__order=("heat", "shared savings"),
    )
    line = the_line(rate(contract, consumption("1000")), "TAR-13")
    boiler = round(1000 * Fraction("0.0825") / Fraction("0.88"), 2)
    assert line.price == Decimal(str(float(boiler))) - Decimal("68.00") == Decimal("25.75")
    assert (line.quantity, line.amount) == (Decimal("0.4"), Decimal("10.30"))
    assert "1000 kWh from the pool's gas boiler for 93.75" in line.text
    dear = changed(contract, energy_price__price_per_kwh=Decimal("0.094"))
    assert [one.clause for one in rate(dear, consumption("1000")).lines] == ["TAR-2"]


def test_electricity_is_passed_on_or_waits(pool_contract):
    contract = changed(
        pool_contract, pass_through=clause(PassThrough), composition__order=("heat", "pass-through")
    )
    rated = rate(contract, consumption("1000", heat_pump_power_kwh=Decimal("333.3")))
    line = the_line(rated, "TAR-11")
    assert (str(line.quantity), line.unit) == ("166.65", "kwh of electricity")
    assert line.amount == Decimal("35.00")
    assert line.text == "Electricity of the heat pump, 50 % of 333.3 kWh"
    silent = rate(contract, consumption("1000"))
    assert ([one.clause for one in silent.lines], silent.unsettled) == (["TAR-2"], ("TAR-11",))


@pytest.mark.parametrize(
    ("late_days", "was_wrong", "amounts"),
    [(10, False, []), (11, False, ["-10"]), (0, True, ["-7.50"]), (30, True, ["-10", "-7.50"])],
)
def test_a_late_or_wrong_bill_is_reduced(pool_contract, late_days, was_wrong, amounts):
    contract = changed(pool_contract, bill_credit=clause(BillCredit))
    lines = bill_credit(contract, late_days=late_days, was_wrong=was_wrong)
    assert [str(line.amount) for line in lines] == amounts
    assert {line.clause for line in lines} <= {"CRD-9"}
    without = changed(pool_contract, bill_credit=None)
    assert bill_credit(without, late_days=late_days, was_wrong=was_wrong) == ()
