from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_clauses import clause

from exotherm.contract.contract_year import Carried, YearSoFar, contract_year
from exotherm.contract.index import Factor, PriceBook
from exotherm.contract.outcome import Tally
from exotherm.contract.rate import Consumption, rate, rate_in_turn
from exotherm.contract.settle import closed_intervals, minimum_of_year
from exotherm.contract.terms.calendar import Closures, Commissioning
from exotherm.contract.terms.credits import CreditLimits
from exotherm.contract.terms.index_changes import IndexRounding
from exotherm.contract.terms.tariff import AvailabilityFee, CapacityFee, EnergyPrice
from exotherm.contract.terms.tariff_limits import PriceLimits, TakeOrPay
from exotherm.contract.terms.tariff_models import (
    OutdoorPrice,
    PassThrough,
    ReturnBonus,
    SharedSavings,
)
from exotherm.core.money import round_money
from exotherm.core.period import Period, local_midnight, months_of, read_month

ROME = ZoneInfo("Europe/Rome")
HEAT = ("standing fee", "heat", "below-spec heat", "unrequested heat")
NO_LIMITS = {
    "price_per_kwh_min": None, "price_per_kwh_max": None, "month_amount_min": None,
    "month_amount_max": None, "year_amount_max": None,
}  # fmt: skip
with_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def year_of(contract, heats, first=(2026, 1), tallies=None):
    """Give one consumption for each month from the first on."""
    term, (year, month) = contract.term_period, first
    periods = months_of(
        Period(local_midnight(date(year, month, 1), ROME), local_midnight(date(2040, 1, 1), ROME)),
        ROME,
    )
    found = []
    for number, (period, heat) in enumerate(zip(periods, heats, strict=False)):
        covered = period.overlap(term)
        assert covered is not None
        tally = tallies[number] if tallies else Tally(delivered=2976)
        found.append(Consumption(period=covered, heat_kwh=Decimal(heat), tally=tally))
    return found


def amounts(rated, number):
    return [str(line.amount) for line in rated.lines if line.clause == number]


@pytest.fixture
def contract(pool_contract):
    return changed(
        pool_contract,
        term__starts_on=date(2026, 1, 1),
        term__ends_on=date(2035, 12, 31),
        commissioning=None,
        closures=None,
        standing_fee__price_per_month=Decimal("100.00"),
        energy_price__price_per_kwh=Decimal("0.0600"),
        composition__order=(*HEAT, "credit", "VAT"),
    )


# --- The contract year.


@pytest.mark.parametrize(
    ("starts_on", "at", "number", "first", "covered_first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), 0, date(2026, 1, 1), date(2026, 1, 1),
         date(2027, 1, 1)),
        (date(2026, 3, 15), date(2026, 3, 20), 0, date(2026, 3, 1), date(2026, 3, 15),
         date(2027, 3, 1)),
        (date(2026, 3, 15), date(2027, 2, 28), 0, date(2026, 3, 1), date(2026, 3, 15),
         date(2027, 3, 1)),
        (date(2026, 3, 15), date(2027, 3, 1), 1, date(2027, 3, 1), date(2027, 3, 1),
         date(2028, 3, 1)),
        (date(2026, 3, 15), date(2035, 12, 31), 9, date(2035, 3, 1), date(2035, 3, 1),
         date(2036, 1, 1)),
    ],
)  # fmt: skip
def test_a_contract_year_has_twelve_calendar_months(
    contract, starts_on, at, number, first, covered_first, last
):
    contract = changed(contract, term__starts_on=starts_on)
    year = contract_year(contract, local_midnight(at, ROME))
    assert year.number == number
    assert year.whole.start == local_midnight(first, ROME)
    assert year.covered == Period(local_midnight(covered_first, ROME), local_midnight(last, ROME))
    hours = Fraction(year.covered.duration // timedelta(hours=1))
    whole = Fraction(year.whole.duration // timedelta(hours=1))
    assert abs(Fraction(year.share) - hours / whole) < Fraction(1, 10**20)
    assert year.is_part is (hours != whole)


def test_a_contract_year_begins_with_the_first_bill(contract):
    started = Commissioning(
        acceptance_test="a day at full load",
        first_bill_on=date(2026, 2, 1),
        promise_from=date(2026, 3, 1),
    )
    year = contract_year(
        changed(contract, commissioning=started), datetime(2026, 5, 1, tzinfo=ROME)
    )
    assert year.covered.start == local_midnight(date(2026, 2, 1), ROME)
    later = changed(contract, commissioning=changed(started, first_bill_on=date(2028, 1, 1)))
    year = contract_year(later, datetime(2026, 5, 1, tzinfo=ROME))
    assert year.covered.start == local_midnight(date(2026, 1, 1), ROME)


def test_a_year_with_a_hole_is_not_settled(contract):
    contract = changed(
        contract, take_or_pay=clause(TakeOrPay), composition__order=(*HEAT, "take-or-pay")
    )
    months = year_of(contract, ["1000"] * 12)
    whole = rate_in_turn(contract, months)
    assert [rated.unsettled for rated in whole] == [()] * 12
    assert amounts(whole[-1], "TAR-6") != []
    assert whole[-1].year == YearSoFar(
        carried=(Carried(year=0, heat_kwh=Decimal(48000), price_per_kwh=Decimal("0.040")),)
    )
    holed = YearSoFar(months=whole[4].year.months[1:] if whole[4].year else ())
    for year in (None, whole[4].year, holed, YearSoFar()):
        alone = rate(contract, months[-1], year=year)
        assert (amounts(alone, "TAR-6"), alone.unsettled, alone.year) == ([], ("TAR-6",), None)
    late = rate_in_turn(contract, months[3:])
    assert [rated.unsettled for rated in late] == [()] * 8 + [("TAR-6",)]


# --- Take-or-pay.


def test_what_was_not_taken_is_paid_for(contract):
    """60 000 kWh are the minimum, 48 000 were taken: 12 000 kWh at 80 % of 0.05 are 480."""
    contract = changed(
        contract, take_or_pay=clause(TakeOrPay), composition__order=(*HEAT, "take-or-pay")
    )
    rated = rate_in_turn(contract, year_of(contract, ["4000"] * 12))
    assert [amounts(one, "TAR-6") for one in rated[:-1]] == [[]] * 11
    (line,) = (line for line in rated[-1].lines if line.clause == "TAR-6")
    assert (str(line.quantity), line.unit, str(line.price)) == ("12000", "kwh not taken", "0.040")
    assert line.amount == Decimal("480.00")
    assert line.text == "Minimum of the year 60000 kWh, taken 48000 kWh"
    assert sum(one.net_amount for one in rated) == 1200 + 2880 + 480


def test_a_minimum_at_the_energy_price_follows_the_book(contract):
    minimum = clause(TakeOrPay, priced="energy price", price_per_kwh=None, pay_frac=1.0)
    contract = changed(contract, take_or_pay=minimum, composition__order=(*HEAT, "take-or-pay"))
    months = year_of(contract, ["4000"] * 12)
    assert amounts(rate_in_turn(contract, months)[-1], "TAR-6") == ["720.00"]
    factor = Factor(value=Decimal("1.1"), effective_on=date(2026, 12, 1))
    book = PriceBook(factors={"energy price": factor}, rounding=clause(IndexRounding))
    rated = rate_in_turn(contract, months, book_of=lambda _: book)
    assert amounts(rated[-1], "TAR-6") == ["792.00"]
    by_weather = changed(
        contract,
        energy_price=None,
        outdoor_price=clause(OutdoorPrice),
        composition__order=("outdoor price", "take-or-pay"),
    )
    assert amounts(rate_in_turn(by_weather, months)[-1], "TAR-6") == ["600.00"]


def test_heat_that_was_paid_for_is_paid_back_when_it_is_taken(contract):
    """Year 0 lacks 12 000 kWh, year 1 takes 5000 too many, year 2 takes 20 000 too many."""
    contract = changed(
        contract,
        take_or_pay=clause(TakeOrPay, make_up_years=2),
        composition__order=(*HEAT, "take-or-pay"),
    )
    heats = ["4000"] * 12 + ["5000"] * 11 + ["10000"] + ["5000"] * 11 + ["25000"]
    rated = rate_in_turn(contract, year_of(contract, heats))
    ends = [amounts(rated[12 * n + 11], "TAR-6") for n in range(3)]
    assert ends == [["480.00"], ["-200.00"], ["-280.00"]]
    assert rated[23].year == YearSoFar(
        carried=(Carried(year=0, heat_kwh=Decimal(7000), price_per_kwh=Decimal("0.040")),)
    )
    assert rated[35].year == YearSoFar()


@pytest.mark.parametrize(("years", "back"), [(0, []), (1, []), (2, ["-480.00"])])
def test_heat_that_was_paid_for_is_lost_after_its_years(contract, years, back):
    contract = changed(
        contract,
        take_or_pay=clause(TakeOrPay, make_up_years=years),
        composition__order=(*HEAT, "take-or-pay"),
    )
    heats = ["4000"] * 12 + ["5000"] * 12 + ["9000"] * 12
    rated = rate_in_turn(contract, year_of(contract, heats))
    assert amounts(rated[35], "TAR-6") == back


def test_paying_back_never_makes_a_bill_negative(contract):
    contract = changed(
        contract,
        take_or_pay=clause(TakeOrPay, pay_frac=1.0, price_per_kwh=Decimal("0.30")),
        composition__order=(*HEAT, "take-or-pay"),
    )
    heats = ["0"] * 12 + ["20000"] * 11 + ["100"]
    rated = rate_in_turn(contract, year_of(contract, heats))
    last = rated[23]
    # The bill of 106.00 pays back 353 kWh of 60 000, the rest is carried on.
    assert amounts(last, "TAR-6") == ["-105.90"]
    assert last.net_amount == Decimal("0.10")
    left = Carried(year=0, heat_kwh=Decimal(60000 - 353), price_per_kwh=Decimal("0.300"))
    assert last.year == YearSoFar(carried=(left,))


def test_the_oldest_heat_is_made_up_first(contract):
    """Of 15 000 kWh beyond the minimum 9000 are those of year 0, and 6000 those of year 1."""
    minimum = clause(TakeOrPay, make_up_years=3)
    contract = changed(contract, take_or_pay=minimum, composition__order=(*HEAT, "take-or-pay"))
    months = year_of(contract, ["6250"] * 12, first=(2028, 1))
    old = tuple(
        Carried(year=number, heat_kwh=Decimal(9000), price_per_kwh=Decimal(price))
        for number, price in ((0, "0.01"), (1, "0.02"))
    )
    rated = rate_in_turn(contract, months, year=YearSoFar(carried=old))
    assert amounts(rated[-1], "TAR-6") == ["-90.00", "-120.00"]
    left = Carried(year=1, heat_kwh=Decimal(3000), price_per_kwh=Decimal("0.02"))
    assert rated[-1].year == YearSoFar(carried=(left,))


def test_heat_that_cost_nothing_is_made_up_without_limit(contract):
    """What is too old is left alone; what was paid nothing for needs no room on the bill."""
    minimum = clause(TakeOrPay, make_up_years=1, pay_frac=0.0)
    contract = changed(contract, take_or_pay=minimum, composition__order=(*HEAT, "take-or-pay"))
    months = year_of(contract, ["6000"] * 12, first=(2028, 1))
    old = tuple(
        Carried(year=number, heat_kwh=Decimal(9000), price_per_kwh=Decimal(0)) for number in (0, 1)
    )
    rated = rate_in_turn(contract, months, year=YearSoFar(carried=old))
    lines = [line for line in rated[-1].lines if line.clause == "TAR-6"]
    assert [(str(line.quantity), line.amount) for line in lines] == [("-9000", Decimal(0))]
    assert rated[-1].year == YearSoFar()


@pytest.mark.parametrize(
    ("tally", "excused_reduces", "minimum"),
    [
        (Tally(delivered=35040), True, 60000),
        (Tally(delivered=31536, failed=3504), False, 54000),
        (Tally(delivered=31536, excused=3504), True, 54000),
        (Tally(delivered=31536, excused=3504), False, 60000),
        (Tally(delivered=14016, failed=3504, no_obligation=17520), True, 48000),
        (Tally(delivered=31536, reduced=1000, unpaid=1000, not_measured=1504), True, 60000),
        (Tally(no_obligation=35040), True, 60000),
        (Tally(failed=35040), True, 0),
    ],
)
def test_what_the_supplier_failed_to_bring_need_not_be_taken(
    contract, tally, excused_reduces, minimum
):
    own = clause(TakeOrPay, excused_reduces=excused_reduces)
    year = contract_year(contract, local_midnight(date(2026, 1, 1), ROME))
    assert minimum_of_year(contract, own, year, [tally, Tally()]) == minimum


def test_closed_days_reduce_the_minimum_where_the_contract_says_so(contract):
    """Two weeks of August: 14 of the 214 days on which something would have been owed."""
    closures = Closures.model_validate(
        {
            "closures": [{"why": "pool revision", "span": {"first": "08-03", "last": "08-16"}}],
            "lead_days": 30,
            "reduce_minimum": True,
        }
    )
    closed = changed(contract, closures=closures)
    year = contract_year(closed, local_midnight(date(2026, 1, 1), ROME))
    assert closed_intervals(closed, year.covered) == 14 * 96
    off, owed = 151 * 96, 200 * 96
    tallies = [Tally(delivered=owed - 960, failed=960, no_obligation=off + 14 * 96)]
    exact = 60000 * Fraction(owed - 960, owed + 14 * 96)
    assert minimum_of_year(closed, clause(TakeOrPay), year, tallies) == round(exact)
    keeps = changed(closed, closures__reduce_minimum=False)
    exact = 60000 * Fraction(owed - 960, owed)
    assert minimum_of_year(keeps, clause(TakeOrPay), year, tallies) == round(exact)
    assert closed_intervals(contract, year.covered) == 0


def test_a_day_that_changes_the_clock_has_its_own_length(contract):
    closures = Closures.model_validate(
        {
            "closures": [{"why": "holidays", "span": {"first": "10-25", "last": "10-25"}}],
            "lead_days": 30,
            "reduce_minimum": True,
        }
    )
    year = contract_year(contract, local_midnight(date(2026, 1, 1), ROME))
    assert closed_intervals(changed(contract, closures=closures), year.covered) == 100


@pytest.mark.parametrize(
    ("part_year", "lacking"), [("in proportion", "30247"), ("not settled", None)]
)
def test_a_part_of_a_year_has_its_part_of_the_minimum(contract, part_year, lacking):
    """From 1 July, 184 days and an hour of 365 days: 60000 × 4417 h / 8760 h = 30 253.4 kWh."""
    contract = changed(
        contract,
        term__starts_on=date(2025, 7, 1),
        term__ends_on=date(2026, 12, 31),
        take_or_pay=clause(TakeOrPay, part_year=part_year),
        composition__order=(*HEAT, "take-or-pay"),
    )
    rated = rate_in_turn(contract, year_of(contract, ["1"] * 6, first=(2026, 7)))
    found = [str(line.quantity) for line in rated[-1].lines if line.clause == "TAR-6"]
    assert found == ([lacking] if lacking else [])
    if lacking:
        hours = (
            read_month("2026-12", ROME).end - read_month("2026-07", ROME).start
        ).total_seconds()
        assert int(lacking) == round(60000 * Fraction(int(hours), 8760 * 3600)) - 6


# --- Peaks of twelve months.


def test_a_year_is_settled_to_its_largest_peak(contract):
    fee = clause(
        CapacityFee, basis="peak of twelve months", heat_kw_min=10.0,
        outdoor_c_design=None, outdoor_c_max=None, cold_days_min=None,
    )  # fmt: skip
    contract = changed(
        contract, capacity__heat_kw=12.0, capacity_fee=fee, composition__order=("capacity fee",)
    )
    peaks = [20.0, 25.0, 8.0, None, 18.0, 9.0, 5.0, 5.0, 12.0, 30.0, 28.0, 29.94]
    months = [
        Consumption(period=one.period, heat_kwh=Decimal(0), tally=one.tally, heat_kw_peak=peak)
        for one, peak in zip(year_of(contract, ["0"] * 12), peaks, strict=True)
    ]
    rated = rate_in_turn(contract, months)
    billed = [20, 25, 25, 12, 25, 25, 25, 25, 25, 30, 30, 30]
    assert [one.lines[0].quantity for one in rated] == billed
    assert [len(one.lines) for one in rated] == [1] * 11 + [2]
    settled = rated[-1].lines[1]
    assert settled.quantity == sum(30 - one for one in billed) == 63
    assert "settled to its largest heat of 30.0 kW" in settled.text
    assert sum(one.net_amount for one in rated) == 12 * 30 * Decimal("4.20")
    # Known alone, a month is billed by its own peak, and the year waits.
    alone = rate(contract, months[-1])
    assert (alone.lines[0].quantity, alone.unsettled) == (Decimal("29.9"), ("TAR-3",))


def test_a_year_of_one_peak_has_nothing_to_settle(contract):
    fee = clause(
        CapacityFee, basis="peak of twelve months", heat_kw_min=10.0,
        outdoor_c_design=None, outdoor_c_max=None, cold_days_min=None,
    )  # fmt: skip
    contract = changed(contract, capacity_fee=fee, composition__order=("capacity fee",))
    months = [
        Consumption(period=one.period, heat_kwh=Decimal(0), tally=one.tally, heat_kw_peak=20.0)
        for one in year_of(contract, ["0"] * 12)
    ]
    assert [len(one.lines) for one in rate_in_turn(contract, months)] == [1] * 12


# --- Limits of amounts.


def limited(contract, order, **limits):
    own = clause(PriceLimits, **{**NO_LIMITS, **limits})
    return changed(contract, price_limits=own, composition__order=(*HEAT, *order))


@pytest.mark.parametrize(
    ("heat", "net", "adjusted"),
    [("1000", "200.00", ["40.00"]), ("2000", "220.00", []), ("4000", "300.00", ["-40.00"])],
)
def test_a_month_costs_no_less_and_no_more(contract, heat, net, adjusted):
    contract = limited(
        contract, ("price limits",), month_amount_min=Decimal(200), month_amount_max=Decimal(300)
    )
    rated = rate(contract, year_of(contract, [heat])[0])
    assert (str(rated.net_amount), amounts(rated, "TAR-7")) == (net, adjusted)


def test_a_limit_of_a_part_of_a_month_is_its_part(contract):
    contract = limited(contract, ("price limits",), month_amount_max=Decimal(300))
    july = read_month("2026-07", ROME)
    half = Period(july.start, july.start + july.duration / 2)
    rated = rate(
        contract, Consumption(period=half, heat_kwh=Decimal(9000), tally=Tally(delivered=1488))
    )
    assert rated.net_amount == Decimal("150.00")


@pytest.mark.parametrize("vat_frac", [0.0, 0.1, 0.19, 0.22])
@pytest.mark.parametrize("cap", ["300", "299.99", "123.45"])
def test_a_limit_with_vat_is_never_exceeded_with_vat(contract, vat_frac, cap):
    contract = changed(
        limited(contract, ("price limits",), month_amount_max=Decimal(cap), amounts="with VAT"),
        vat__vat_frac=vat_frac,
    )
    net = rate(contract, year_of(contract, ["9000"])[0]).net_amount
    vat = round(Fraction(net) * Fraction(str(vat_frac)) * 100 + Fraction(1, 10**9))
    assert net * 100 + vat <= Decimal(cap) * 100
    with_one_more = (net * 100 + 1) + round(Fraction(net * 100 + 1) * Fraction(str(vat_frac)))
    assert with_one_more > Decimal(cap) * 100 - 1


def test_a_year_costs_no_more_than_its_cap(contract):
    contract = limited(contract, ("price limits",), year_amount_max=Decimal(2000))
    rated = rate_in_turn(contract, year_of(contract, ["5000"] * 24))
    nets = [one.net_amount for one in rated]
    assert nets[:12] == [400] * 5 + [0] * 7
    assert nets[12:] == nets[:12]
    assert amounts(rated[5], "TAR-7") == ["-400.00"]
    alone = rate(contract, year_of(contract, ["5000"] * 2)[1])
    assert (str(alone.net_amount), alone.unsettled) == ("400.00", ("TAR-7",))


@with_fixture
@given(
    heats=st.lists(st.integers(0, 9000), min_size=12, max_size=12),
    cap=st.integers(0, 6000),
    month=st.integers(0, 900),
)
def test_a_year_is_what_running_totals_make_it(contract, heats, cap, month):
    contract = limited(
        contract, ("price limits",), year_amount_max=Decimal(cap), month_amount_max=Decimal(month)
    )
    rated = rate_in_turn(contract, year_of(contract, [str(heat) for heat in heats]))
    # In cents, by another way: what is due so far, cut off at the cap.
    total = 0
    for heat, one in zip(heats, rated, strict=True):
        due = min(10000 + heat * 6, month * 100)
        now = min(total + due, cap * 100)
        assert one.net_amount * 100 == now - total
        total = now


# --- Caps and credits: the order changes the amount.


def test_the_order_of_cap_and_credit_changes_the_amount(contract):
    """A bill of 340 with a cap of 300 and a credit of 25 % of it."""
    months = year_of(contract, ["4000"], tallies=[Tally(delivered=96, failed=4)])
    found = {}
    for order in permutations(("price limits", "credit")):
        own = changed(
            limited(contract, order, month_amount_max=Decimal(300)),
            service_credit__base="bill without credit",
            credit_limits=None,
        )
        found[order[0]] = rate(own, months[0]).net_amount
    assert found == {"price limits": Decimal("225.00"), "credit": Decimal("255.00")}


def test_credits_of_a_month_have_a_limit(contract):
    contract = changed(
        contract,
        credit_limits=clause(CreditLimits, month_frac_max=0.5, year_frac_max=1.0),
    )
    tallies = [Tally(delivered=50, failed=50)]
    rated = rate(contract, year_of(contract, ["0"], tallies=tallies)[0], year=YearSoFar())
    assert amounts(rated, "CRD-1") == ["-100.00"]
    assert amounts(rated, "CRD-2") == ["50.00"]
    assert rated.net_amount == 50


def test_credits_of_a_year_have_a_limit_that_grows_with_it(contract):
    """Of bases of 100 each month at most 10 % are credited, so 100 are given over ten months."""
    contract = changed(
        contract,
        credit_limits=clause(CreditLimits, month_frac_max=1.0, year_frac_max=0.1),
    )
    bad, good = Tally(delivered=50, failed=50), Tally(delivered=100)
    rated = rate_in_turn(contract, year_of(contract, ["0"] * 13, tallies=[bad, *[good] * 12]))
    given_back = [100 - one.net_amount for one in rated]
    assert given_back == [10] * 10 + [0] * 3
    assert amounts(rated[0], "CRD-2") == ["90.00"]
    assert amounts(rated[1], "CRD-2") == ["-10.00"]
    alone = rate(contract, year_of(contract, ["0"], tallies=[bad])[0])
    assert (str(alone.net_amount), alone.unsettled) == ("0.00", ("CRD-2",))


@pytest.mark.parametrize(("above_bill", "net"), [("lost", "0.00"), ("paid out", "-40.00")])
def test_a_credit_above_the_bill_is_lost_or_paid_out(contract, above_bill, net):
    """A cap of 60 stands before a credit of the whole standing fee of 100."""
    contract = changed(
        limited(contract, ("price limits", "credit"), month_amount_max=Decimal(60)),
        credit_limits=clause(
            CreditLimits, month_frac_max=1.0, year_frac_max=1.0, above_bill=above_bill
        ),
    )
    tallies = [Tally(delivered=50, failed=50)]
    months = year_of(contract, ["0"], tallies=tallies)
    for year in (None, YearSoFar()):
        assert str(rate(contract, months[0], year=year).net_amount) == net
    without = changed(contract, credit_limits=None)
    assert rate(without, months[0]).net_amount == 0


def test_without_a_standing_fee_there_is_nothing_to_credit(contract):
    contract = changed(contract, composition__order=("heat", "credit"))
    tallies = [Tally(delivered=50, failed=50)]
    rated = rate(contract, year_of(contract, ["10"], tallies=tallies)[0])
    assert [line.clause for line in rated.lines] == ["TAR-2"]


@with_fixture
@given(
    losses=st.lists(st.sampled_from([0, 5, 50]), min_size=12, max_size=12),
    month=st.integers(0, 20),
    year=st.integers(0, 20),
    heat=st.integers(0, 5000),
    base=st.sampled_from(["standing fee", "bill without credit"]),
)
def test_credits_are_what_is_due_so_far_within_the_limit_so_far(
    contract, losses, month, year, heat, base
):
    contract = changed(
        contract,
        service_credit__base=base,
        credit_limits=clause(CreditLimits, month_frac_max=month / 20, year_frac_max=year / 20),
    )
    tallies = [Tally(delivered=100 - lost, failed=lost) for lost in losses]
    rated = rate_in_turn(contract, year_of(contract, [str(heat)] * 12, tallies=tallies))
    bill = 10000 + 6 * heat
    own_base = 10000 if base == "standing fee" else bill
    due, given_so_far = 0, 0
    for number, (lost, one) in enumerate(zip(losses, rated, strict=True), start=1):
        share = Fraction({0: 0, 5: 25, 50: 100}[lost], 100)
        due += min(cents(own_base * share), cents(own_base * Fraction(month, 20)))
        # A limit of the year that is no less than that of the months takes nothing off.
        most = min(due, cents(number * own_base * Fraction(year, 20))) if year < month else due
        assert one.net_amount * 100 == bill - (most - given_so_far)
        given_so_far = most
        assert one.net_amount >= 0


def cents(amount: Fraction) -> int:
    """Round half a cent up, in whole numbers."""
    return (2 * Fraction(amount).numerator + Fraction(amount).denominator) // (
        2 * Fraction(amount).denominator
    )


# --- What holds of every bill.

EVERYTHING = (
    "indexation", "standing fee", "capacity fee", "availability fee", "heat", "below-spec heat",
    "unrequested heat", "return bonus", "shared savings", "pass-through", "take-or-pay",
    "price limits", "credit", "VAT",
)  # fmt: skip


@pytest.fixture
def everything(contract):
    """A contract with every component that goes with an energy price, in an order that counts."""
    return changed(
        contract,
        composition__order=EVERYTHING,
        energy_price=clause(EnergyPrice),
        capacity_fee=clause(CapacityFee, cold_days_min=3),
        availability_fee=clause(AvailabilityFee),
        return_bonus=clause(ReturnBonus),
        shared_savings=clause(SharedSavings, fuel_series=None),
        pass_through=clause(PassThrough),
        take_or_pay=clause(TakeOrPay),
        price_limits=clause(PriceLimits),
        credit_limits=clause(CreditLimits),
        service_credit__base="bill without credit",
    )


@with_fixture
@given(data=st.data())
def test_every_bill_holds_its_invariants(everything, data):
    months = []
    for one in year_of(everything, ["0"] * 14):
        heat, cool, other = (data.draw(st.integers(0, top)) for top in (30_000, 5000, 5000))
        lost = data.draw(st.sampled_from([0, 10, 400]))
        months.append(
            Consumption(
                period=one.period,
                heat_kwh=Decimal(heat + cool + other).scaleb(-1),
                reduced_heat_kwh=Decimal(cool).scaleb(-1),
                unrequested_heat_kwh=Decimal(other).scaleb(-1),
                tally=Tally(delivered=2900 - lost, failed=lost, excused=60),
                return_c_mean=data.draw(st.one_of(st.none(), st.floats(20, 50))),
                supply_c_mean=data.draw(st.one_of(st.none(), st.floats(50, 80))),
                heat_pump_power_kwh=Decimal(data.draw(st.integers(0, 900))),
            )
        )
    for month, rated in zip(months, rate_in_turn(everything, months), strict=True):
        rounding = everything.rounding.rule
        for line in rated.lines:
            exact = line.quantity * line.price
            assert round_money(exact, rule=rounding, currency="EUR") == line.amount
            assert line.price >= 0
        assert sum(line.amount for line in rated.lines) == rated.net_amount >= 0
        metered = sum(line.quantity for line in rated.lines if line.unit == "kwh")
        assert metered == month.heat_kwh
        places = [EVERYTHING.index(COMPONENT_OF[line.clause]) for line in rated.lines]
        assert places == sorted(places)


COMPONENT_OF = {
    "TAR-1": "standing fee", "TAR-2": "heat", "TAR-3": "capacity fee", "TAR-5": "availability fee",
    "TAR-6": "take-or-pay", "TAR-7": "price limits", "TAR-9": "return bonus",
    "TAR-11": "pass-through", "TAR-13": "shared savings", "HEAT-2": "below-spec heat",
    "HEAT-3": "unrequested heat", "CRD-1": "credit", "CRD-2": "credit",
}  # fmt: skip
