from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Consumption, availability, rate
from exotherm.contract.terms.credits import CreditBand
from exotherm.core.money import RoundingRule
from exotherm.core.period import Period, read_month
from exotherm.core.units import NO_BREAK_SPACE

ROME = ZoneInfo("Europe/Rome")
OCTOBER = read_month("2026-10", ROME)
FULL = Tally(delivered=2900, excused=80)
with_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
counts = st.integers(0, 2980)
tallies = st.builds(
    Tally, delivered=counts, reduced=counts, failed=counts, excused=counts, not_measured=counts
)


def consumption(heat: str = "10000", reduced: str = "0", **more) -> Consumption:
    return Consumption(
        period=more.get("period", OCTOBER),
        heat_kwh=Decimal(heat),
        reduced_heat_kwh=Decimal(reduced),
        tally=more.get("tally", FULL),
    )


def cents(amount: Fraction, rule: RoundingRule) -> int:
    """Round an amount to whole cents with whole numbers only."""
    whole, rest = divmod(abs(amount) * 100, 1)
    half = Fraction(1, 2)
    up = rest > half or (rest == half and (rule is RoundingRule.HALF_UP or whole % 2 == 1))
    return (int(whole) + up) * (1 if amount >= 0 else -1)


def test_a_full_month_is_fee_and_heat(pool_contract):
    contract = changed(
        pool_contract,
        standing_fee__price_per_month=Decimal("120.00"),
        energy_price__price_per_kwh=Decimal("0.0680"),
    )
    rated = rate(contract, consumption("5031"))
    rows = [(line.clause, str(line.quantity), line.unit, line.amount) for line in rated.lines]
    assert rows == [
        ("TAR-1", "1", "month", Decimal("120.00")),
        ("TAR-2", "5031", "kwh", Decimal("342.11")),
    ]
    assert rated.net_amount == Decimal("462.11")
    assert rated.available_frac == 1


def test_cooler_heat_costs_its_share(pool_contract):
    contract = changed(
        pool_contract,
        below_spec_heat__price_frac=0.3,
        energy_price__price_per_kwh=Decimal("0.0750"),
    )
    rated = rate(contract, consumption("1000", "101"))
    full, cool = rated.lines[1:]
    assert (full.quantity, full.amount) == (Decimal(899), Decimal("67.43"))
    assert (cool.clause, cool.quantity, cool.price) == ("HEAT-2", Decimal(101), Decimal("0.02250"))
    assert cool.amount == Decimal("2.27")
    assert cool.text == "Heat below 30 °C, at 30 % of the price"


@pytest.mark.parametrize(
    ("delivered", "failed", "frac", "credit"),
    [
        (100, 0, "1.0000", None),
        (97, 3, "0.9700", None),
        (9699, 301, "0.9699", "-30.00"),
        (90, 10, "0.9000", "-30.00"),
        (8999, 1001, "0.8999", "-120.00"),
        (0, 5, "0.0000", "-120.00"),
    ],
)
def test_the_band_that_applies_is_credited(pool_contract, delivered, failed, frac, credit):
    rated = rate(pool_contract, consumption(tally=Tally(delivered=delivered, failed=failed)))
    assert str(rated.available_frac) == frac
    credited = [line.amount for line in rated.lines if line.clause == "CRD-1"]
    assert credited == ([Decimal(credit)] if credit else [])


def test_a_missed_promise_is_never_rounded_into_a_kept_one(pool_contract):
    tally = Tally(delivered=2842, failed=88)
    assert Fraction(2842, 2930) < Fraction(97, 100)
    rated = rate(pool_contract, consumption(tally=tally))
    assert rated.lines[-1].clause == "CRD-1"
    assert "96.99 % of quarter-hours kept, promised 97.00 %" in rated.lines[-1].text


def test_the_order_of_bands_does_not_matter(pool_contract):
    bands = (
        CreditBand(available_frac_below=0.5, credit_frac=1.0),
        CreditBand(available_frac_below=0.97, credit_frac=0.25),
        CreditBand(available_frac_below=0.8, credit_frac=0.5),
    )
    tally = Tally(delivered=60, failed=40)
    for turned in (bands, bands[::-1]):
        contract = changed(pool_contract, service_credit__bands=turned)
        rated = rate(contract, consumption(tally=tally))
        assert rated.lines[-1].quantity == Decimal("-0.5")


@pytest.mark.parametrize(("rule", "frac"), [("failed", "0.8000"), ("left out", "0.8888")])
def test_what_was_not_measured_counts_as_the_contract_says(pool_contract, rule, frac):
    contract = changed(pool_contract, availability__not_measured_is=rule)
    tally = Tally(delivered=80, failed=5, reduced=5, not_measured=10, excused=50)
    assert str(availability(contract, tally)) == frac


def test_where_nothing_counts_nothing_is_credited(pool_contract):
    contract = changed(pool_contract, availability__not_measured_is="left out")
    for tally in (Tally(), Tally(excused=10), Tally(not_measured=10)):
        rated = rate(contract, consumption(tally=tally))
        assert rated.available_frac is None
        assert [line.clause for line in rated.lines] == ["TAR-1", "TAR-2"]


@pytest.mark.parametrize(
    ("month", "hours", "part_h", "quantity", "amount"),
    [
        ("2026-10", 745, 372, "0.499329", "59.92"),
        ("2026-03", 743, 372, "0.500673", "60.08"),
        ("2026-07", 744, 372, "0.5", "60.00"),
    ],
)
def test_a_part_of_a_month_costs_its_hours(pool_contract, month, hours, part_h, quantity, amount):
    whole = read_month(month, ROME)
    assert whole.hours == hours
    part = Period(whole.start, whole.start + timedelta(hours=part_h))
    line = rate(pool_contract, consumption(period=part)).lines[0]
    assert (str(line.quantity), line.amount) == (quantity, Decimal(amount))


def test_a_rated_period_lies_within_one_month(pool_contract):
    start = datetime(2026, 10, 15, tzinfo=UTC)
    with pytest.raises(AssertionError):
        rate(pool_contract, consumption(period=Period(start, start + timedelta(days=30))))


@pytest.mark.parametrize(("heat", "reduced"), [("1", "2"), ("1", "-1"), ("-1", "-2")])
def test_reduced_heat_is_a_part_of_all_heat(heat, reduced):
    with pytest.raises(AssertionError):
        consumption(heat, reduced)


@with_fixture
@given(
    heat=st.integers(0, 10**6),
    share=st.integers(0, 100),
    price=st.integers(0, 5000),
    fee=st.integers(0, 10**6),
    frac=st.integers(0, 100),
    tally=tallies,
    rule=st.sampled_from(RoundingRule),
    quarters=st.integers(1, 2980),
)
def test_a_bill_is_what_whole_cents_make_it(
    pool_contract, heat, share, price, fee, frac, tally, rule, quarters
):
    """Compute every line again in fractions and whole cents, and compare to the cent."""
    contract = changed(
        pool_contract,
        energy_price__price_per_kwh=Decimal(price).scaleb(-4),
        standing_fee__price_per_month=Decimal(fee).scaleb(-2),
        below_spec_heat__price_frac=frac / 100,
        rounding__rule=rule,
    )
    cool = heat * share // 100
    period = Period(OCTOBER.start, OCTOBER.start + quarters * timedelta(minutes=15))
    rated = rate(contract, consumption(str(heat), str(cool), period=period, tally=tally))

    month_share = Fraction(cents(Fraction(quarters, 2980) * 10_000, rule), 1_000_000)
    standing = cents(Fraction(fee, 100) * month_share, rule)
    expected = [standing, cents((heat - cool) * Fraction(price, 10_000), rule)]
    if cool:
        expected.append(cents(cool * Fraction(price, 10_000) * Fraction(frac, 100), rule))
    counted = tally.total - tally.excused
    kept = Fraction(tally.delivered, counted) if counted else Fraction(1)
    if kept < Fraction(90, 100):
        expected.append(-standing)
    elif kept < Fraction(97, 100):
        expected.append(cents(Fraction(-standing, 400), rule))

    assert [int(line.amount * 100) for line in rated.lines] == expected
    assert rated.net_amount * 100 == sum(expected)
    assert rated.net_amount >= 0


def test_what_a_line_says_is_what_it_sums_to(pool_contract):
    rated = rate(pool_contract, consumption("9001", "77", tally=Tally(delivered=9, failed=1)))
    for line in rated.lines:
        assert abs(line.quantity * line.price - line.amount) <= Decimal("0.005")
        assert line.text
        assert NO_BREAK_SPACE not in line.text
    assert rated.net_amount == sum(line.amount for line in rated.lines)
