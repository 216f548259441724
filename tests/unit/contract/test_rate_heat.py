from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money_clauses import clause

from exotherm.contract.heat_lines import split_over_tiers
from exotherm.contract.outcome import Tally
from exotherm.contract.price_slots import (
    PublishedPrice,
    price_of_slot,
    slot_keys,
    varies_in_month,
)
from exotherm.contract.rate import Consumption, SlotHeat, rate
from exotherm.contract.terms.tariff import EnergyPrice
from exotherm.contract.terms.tariff_limits import PriceLimits
from exotherm.contract.terms.tariff_models import OutdoorPrice, PaymentDirection
from exotherm.core.period import Period, local_midnight, read_month

ROME = ZoneInfo("Europe/Rome")
OCTOBER = read_month("2026-10", ROME)
ORDER = ("standing fee", "heat", "below-spec heat", "unrequested heat", "credit", "VAT")
OUTDOOR = tuple("outdoor price" if one == "heat" else one for one in ORDER)
TIERS = (("10000", "0.0600"), ("20000.5", "0.0550"))
STEPS = ((-50.0, "0.090"), (-2.1, "0.075"), (10.0, "0.020"))
QUARTER = timedelta(minutes=15)
with_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def consumption(heat, reduced="0", unrequested="0", **more) -> Consumption:
    return Consumption(
        period=more.pop("period", OCTOBER),
        heat_kwh=Decimal(heat),
        reduced_heat_kwh=Decimal(reduced),
        unrequested_heat_kwh=Decimal(unrequested),
        tally=more.pop("tally", Tally(delivered=2980)),
        **more,
    )


def slot(key, heat, reduced="0", unrequested="0") -> SlotHeat:
    return SlotHeat(
        key=key,
        heat_kwh=Decimal(heat),
        reduced_heat_kwh=Decimal(reduced),
        unrequested_heat_kwh=Decimal(unrequested),
    )


def rows(rated, *clauses):
    return [
        (line.clause, str(line.quantity), str(line.price), str(line.amount))
        for line in rated.lines
        if line.clause in clauses
    ]


@pytest.fixture
def tiered(pool_contract):
    return changed(
        pool_contract,
        composition__order=ORDER,
        energy_price=clause(EnergyPrice),
        below_spec_heat__price_frac=0.5,
        unrequested_heat__price_frac=0.25,
    )


@pytest.fixture
def by_hours(pool_contract):
    hours = [
        {"weekdays": days, "starts_at": start, "ends_at": end, "price_per_kwh": Decimal(price)}
        for days, start, end, price in (
            ([1, 2, 3, 4, 5], 6, 22, "0.08"),
            ([6, 7], 8, 12, "0.07"),
        )
    ]
    return changed(
        pool_contract,
        composition__order=ORDER,
        energy_price=clause(EnergyPrice, tiers=None, hours=hours),
    )


@pytest.fixture
def by_steps(pool_contract):
    return changed(pool_contract, composition__order=OUTDOOR, outdoor_price=clause(OutdoorPrice))


@pytest.fixture
def by_list(pool_contract):
    published = clause(
        OutdoorPrice,
        kind="published",
        steps=None,
        outdoor_point=None,
        publisher="the network, on its page",
        published_at=16,
    )
    return changed(pool_contract, composition__order=OUTDOOR, outdoor_price=published)


# --- Kinds of heat.


def test_each_kind_of_heat_costs_its_share(pool_contract):
    contract = changed(
        pool_contract,
        composition__order=ORDER,
        energy_price__price_per_kwh=Decimal("0.0680"),
        below_spec_heat__price_frac=0.5,
        unrequested_heat__price_frac=0.25,
    )
    rated = rate(contract, consumption("1000", "101", "52"))
    assert rows(rated, "TAR-2", "HEAT-2", "HEAT-3") == [
        ("TAR-2", "847", "0.0680", "57.60"),
        ("HEAT-2", "101", "0.03400", "3.43"),
        ("HEAT-3", "52", "0.017000", "0.88"),
    ]
    assert rated.lines[3].text == "Heat without obligation, at 25 % of the price"


def test_heat_for_nothing_is_a_line_all_the_same(pool_contract):
    """The lines of heat always sum to what the register advanced."""
    contract = changed(
        pool_contract, below_spec_heat__price_frac=0.0, unrequested_heat__price_frac=0.0
    )
    rated = rate(contract, consumption("1000", "101", "52"))
    heat = [line for line in rated.lines if line.unit == "kwh"]
    assert [line.amount for line in heat[1:]] == [0, 0]
    assert sum(line.quantity for line in heat) == 1000


def test_kinds_of_heat_that_the_order_forgets_are_billed_with_heat(pool_contract):
    contract = changed(pool_contract, composition__order=("heat", "standing fee"))
    rated = rate(contract, consumption("1000", "101", "52"))
    assert [line.clause for line in rated.lines] == ["TAR-2", "HEAT-2", "HEAT-3", "TAR-1"]


def test_the_order_of_the_contract_is_the_order_of_the_bill(pool_contract):
    order = ("unrequested heat", "below-spec heat", "heat", "standing fee")
    rated = rate(changed(pool_contract, composition__order=order), consumption("1000", "9", "8"))
    assert [line.clause for line in rated.lines] == ["HEAT-3", "HEAT-2", "TAR-2", "TAR-1"]


def test_without_a_price_there_is_no_line_of_heat(pool_contract):
    contract = changed(pool_contract, energy_price=None)
    rated = rate(contract, consumption("1000"))
    assert [line.clause for line in rated.lines] == ["TAR-1"]


def test_a_curve_of_promises_has_no_one_temperature(pool_contract):
    curve = ({"outdoor_c": -10.0, "supply_c": 60.0}, {"outdoor_c": 10.0, "supply_c": 40.0})
    kind = type(pool_contract.supply_temperature)
    promise = kind.model_validate(
        {
            **pool_contract.supply_temperature.model_dump(),
            "curve": curve,
            "outdoor_point": "weather.outdoor_c",
        }
    )
    rated = rate(changed(pool_contract, supply_temperature=promise), consumption("10", "5"))
    assert rated.lines[2].text.startswith("Heat below promised")


# --- Tiers: a month fills them in turn.


@pytest.mark.parametrize(
    ("heat", "expected"),
    [
        ("0", [("TAR-2", "0", "0.0680", "0.00")]),
        ("9999.9", [("TAR-2", "9999.9", "0.0680", "679.99")]),
        ("10000", [("TAR-2", "10000", "0.0680", "680.00")]),
        ("10001", [("TAR-2", "10000", "0.0680", "680.00"), ("TAR-2", "1", "0.0600", "0.06")]),
        ("25000", [("TAR-2", "10000", "0.0680", "680.00"), ("TAR-2", "10000.5", "0.0600", "600.03"),
                   ("TAR-2", "4999.5", "0.0550", "274.97")]),
    ],
)  # fmt: skip
def test_heat_fills_the_tiers_of_its_month(tiered, heat, expected):
    assert rows(rate(tiered, consumption(heat)), "TAR-2") == expected


def test_kinds_of_heat_fill_the_tiers_in_their_order(tiered):
    rated = rate(tiered, consumption("25000", "3000", "4000"))
    assert rows(rated, "TAR-2", "HEAT-2", "HEAT-3") == [
        ("TAR-2", "10000", "0.0680", "680.00"),
        ("TAR-2", "8000", "0.0600", "480.00"),
        ("HEAT-2", "2000.5", "0.03000", "60.02"),
        ("HEAT-2", "999.5", "0.02750", "27.49"),
        ("HEAT-3", "4000", "0.013750", "55.00"),
    ]
    assert rated.lines[2].text == "Heat delivered, beyond 10000 kWh"


@with_fixture
@given(heat=st.integers(0, 400_000), cuts=st.lists(st.integers(0, 400_000), max_size=6))
def test_heat_that_is_split_anywhere_fills_the_same_tiers(heat, cuts):
    """Two ways: all at once, and part by part in the order in which it came."""
    tiers = clause(EnergyPrice).tiers
    edges = sorted({0, heat, *(cut for cut in cuts if cut < heat)})
    parts = split_over_tiers(Decimal(heat), tiers)
    whole = {None if tier is None else tier.from_kwh: part for tier, part in parts}
    summed: dict[float | None, Decimal] = {}
    for low, high in pairwise(edges):
        parts = split_over_tiers(Decimal(high - low), tiers[::-1], before_kwh=Decimal(low))
        for tier, part in parts:
            name = None if tier is None else tier.from_kwh
            summed[name] = summed.get(name, Decimal(0)) + part
    assert summed == {name: part for name, part in whole.items() if heat}
    below = [
        min(heat, Fraction(10000)),
        min(max(heat - 10000, 0), Fraction("10000.5")),
        max(heat - Fraction("20000.5"), 0),
    ]
    assert [Fraction(part) for part in whole.values()] == ([one for one in below if one] or [0])


# --- Seasons and hours.


def test_a_season_has_its_price(pool_contract):
    seasons = [{"months": [10, 11], "price_per_kwh": Decimal("0.09")}]
    contract = changed(pool_contract, energy_price=clause(EnergyPrice, tiers=None, seasons=seasons))
    assert not varies_in_month(contract)
    assert rows(rate(contract, consumption("1000")), "TAR-2")[0][2] == "0.09"
    july = consumption("1000", period=read_month("2026-07", ROME))
    assert rows(rate(contract, july), "TAR-2")[0][2] == "0.0680"


def test_hours_are_told_by_the_contracts_clock(by_hours):
    assert varies_in_month(by_hours)
    week = Period(local_midnight(date(2026, 10, 19), ROME),
                  local_midnight(date(2026, 10, 26), ROME))  # fmt: skip
    intervals = tuple(week.split(QUARTER))
    keys = slot_keys(by_hours, intervals)
    # 26 October ends summer time, so its Sunday has 25 hours, all of the extra one in the night.
    assert len(intervals) == (7 * 24 + 1) * 4
    assert keys.count("hours:0") == 5 * 16 * 4
    assert keys.count("hours:1") == 2 * 4 * 4
    assert set(keys) == {"hours:0", "hours:1", "base"}
    for key, interval in zip(keys, intervals, strict=True):
        local = interval.start.astimezone(ROME)
        by_day = local.weekday() < 5 and 6 <= local.hour < 22
        at_weekend = local.weekday() >= 5 and 8 <= local.hour < 12
        assert key == ("hours:0" if by_day else "hours:1" if at_weekend else "base")


def test_hours_have_their_prices(by_hours):
    slots = (slot("base", "100"), slot("hours:1", "50", "10"), slot("hours:0", "200"))
    rated = rate(by_hours, consumption("350", "10", slots=slots))
    assert [(line.text, str(line.quantity), line.price) for line in rated.lines[1:4]] == [
        ("Heat delivered, at other hours", "100", Decimal("0.0680")),
        ("Heat delivered, Mon, Tue, Wed, Thu, Fri 06:00 to 22:00", "200", Decimal("0.08")),
        ("Heat delivered, Sat, Sun 08:00 to 12:00", "40", Decimal("0.07")),
    ]
    assert rated.lines[4].text == "Heat below 30 °C, at 50 % of the price, Sat, Sun 08:00 to 12:00"


def test_where_nothing_tells_the_hour_the_price_of_other_hours_holds(by_hours):
    line = rate(by_hours, consumption("350")).lines[1]
    assert (line.text, line.price) == ("Heat delivered, at other hours", Decimal("0.0680"))


@with_fixture
@given(
    heats=st.lists(st.tuples(st.sampled_from(["base", "hours:0", "hours:1"]), st.integers(0, 500),
                             st.integers(0, 500), st.integers(0, 500)), max_size=8),
    seed=st.randoms(),
)  # fmt: skip
def test_a_bill_is_the_same_in_whatever_order_its_slots_come(by_hours, heats, seed):
    slots = [slot(key, full + cool + other, cool, other) for key, full, cool, other in heats]
    totals = [sum(one) for one in zip(*((a + b + c, b, c) for _, a, b, c in heats), strict=True)]
    whole = consumption(*map(str, totals or (0, 0, 0)), slots=tuple(slots))
    shuffled = list(slots)
    seed.shuffle(shuffled)
    again = consumption(*map(str, totals or (0, 0, 0)), slots=tuple(shuffled))
    rated = rate(by_hours, whole)
    assert rate(by_hours, again) == rated
    assert sum(line.quantity for line in rated.lines if line.unit == "kwh") == whole.heat_kwh


def test_slots_sum_to_the_heat():
    with pytest.raises(AssertionError):
        consumption("100", slots=(slot("base", "99"),))


# --- Prices by the weather, in steps as of Stockholm's retail prices.


@pytest.mark.parametrize(
    ("outdoor_c", "price"),
    [(-60.0, "0.090"), (-20.0, "0.090"), (-2.2, "0.090"), (-2.1, "0.075"), (9.9, "0.075"),
     (10.0, "0.020"), (25.0, "0.020")],
)  # fmt: skip
def test_the_warmest_step_that_is_reached_counts(by_steps, outdoor_c, price):
    (key,) = slot_keys(by_steps, (Period(OCTOBER.start, OCTOBER.start + QUARTER),), (outdoor_c,))
    assert price_of_slot(by_steps, key) == Decimal(price)
    # A second way: count down the list as a person reads it.
    reached = [one for one in STEPS if one[0] <= outdoor_c] or [STEPS[0]]
    assert Decimal(reached[-1][1]) == Decimal(price)


def test_an_unknown_temperature_falls_to_what_is_declared_and_is_told(by_steps):
    intervals = tuple(Period(OCTOBER.start, OCTOBER.end).split(QUARTER))[:5]
    known = (None, 12.0, None, float("nan"), 3.0)
    before = slot_keys(by_steps, intervals, known)
    assert before == ("fallback", "step:10.0", "step:10.0", "step:10.0", "step:-2.1")
    own = changed(by_steps, outdoor_price__if_unpublished="fallback price")
    assert slot_keys(own, intervals, known) == (
        "fallback", "step:10.0", "fallback", "fallback", "step:-2.1",
    )  # fmt: skip
    assert slot_keys(own, intervals) == ("fallback",) * 5
    slots = (slot("fallback", "5"), slot("step:10.0", "7"), slot("step:-2.1", "3"))
    lines = rate(own, consumption("15", slots=slots)).lines[1:]
    assert [(line.clause, line.text, line.amount) for line in lines] == [
        ("TAR-8", "Heat delivered, outdoor temperature unknown, at the fallback price",
         Decimal("0.25")),
        ("TAR-8", "Heat delivered, from −2.1 °C outside", Decimal("0.23")),
        ("TAR-8", "Heat delivered, from 10 °C outside", Decimal("0.14")),
    ]  # fmt: skip
    silent = rate(own, consumption("15")).lines[1]
    assert (silent.price, "unknown" in silent.text) == (Decimal("0.05"), True)


# --- A published list, as of Open District Heating: by 16:00 of the day before.


def published(hour: datetime, price: str, at: datetime) -> PublishedPrice:
    return PublishedPrice(starts_at=hour, price_per_kwh=Decimal(price), published_at=at)


def test_only_what_was_published_in_time_counts(by_list):
    first = datetime(2026, 10, 12, 6, tzinfo=ROME)
    in_time, late = (datetime(2026, 10, 11, 16, minute, tzinfo=ROME) for minute in (0, 1))
    hours = [(first + timedelta(hours=n)).astimezone(UTC) for n in range(4)]
    prices = (
        published(hours[0], "0.031", in_time),
        published(hours[1], "0.044", late),
        published(hours[2], "-0.002", in_time),
        published(hours[0], "0.030", in_time - timedelta(hours=3)),
    )
    intervals = tuple(Period(hours[0], hours[3] + timedelta(hours=1)).split(QUARTER))
    keys = slot_keys(by_list, intervals, published=prices)
    assert keys == ("list:0.031",) * 8 + ("list:-0.002",) * 8
    own = changed(by_list, outdoor_price__if_unpublished="fallback price")
    keys = slot_keys(own, intervals, published=prices)
    assert keys == (
        ("list:0.031",) * 4 + ("fallback",) * 4 + ("list:-0.002",) * 4 + ("fallback",) * 4
    )
    slots = (slot("list:0.031", "100"), slot("list:-0.002", "50"), slot("fallback", "10"))
    lines = rate(own, consumption("160", slots=slots)).lines[1:]
    assert [(line.text, line.amount) for line in lines] == [
        ("Heat delivered, published price unknown, at the fallback price", Decimal("0.50")),
        ("Heat delivered, at the published price", Decimal("0.00")),
        ("Heat delivered, at the published price", Decimal("3.10")),
    ]


def test_a_list_may_be_due_at_the_midnight_before(by_list):
    contract = changed(by_list, outdoor_price__published_at=24)
    hour = datetime(2026, 10, 12, 0, tzinfo=ROME)
    interval = Period(hour, hour + QUARTER)
    for late, key in ((0, "list:0.03"), (1, "fallback")):
        price = published(interval.start, "0.03", hour + timedelta(seconds=late))
        assert slot_keys(contract, (interval,), published=(price,)) == (key,)


def test_no_list_at_all_is_the_fallback(by_list):
    interval = Period(OCTOBER.start, OCTOBER.start + QUARTER)
    assert slot_keys(by_list, (interval,)) == ("fallback",)


def test_weather_and_lists_make_slots_of_a_month(by_steps, by_list, pool_contract):
    assert [varies_in_month(one) for one in (by_steps, by_list)] == [True, True]
    assert not varies_in_month(changed(pool_contract, energy_price=None))


def test_both_prices_of_heat_bill_heat_once(by_steps):
    contract = changed(by_steps, composition__order=("heat", *OUTDOOR))
    rated = rate(contract, consumption("15"))
    assert sum(line.quantity for line in rated.lines if line.unit == "kwh") == 15


# --- Collars and the gate fee.


@pytest.mark.parametrize(
    ("price", "limited"),
    [("0.0200", "0.04"), ("0.0400", "0.0400"), ("0.0680", "0.0680"), ("0.1300", "0.12")],
)
def test_a_collar_holds_the_price_of_heat(pool_contract, price, limited):
    contract = changed(
        pool_contract,
        energy_price__price_per_kwh=Decimal(price),
        price_limits=clause(PriceLimits),
    )
    assert rows(rate(contract, consumption("1000")), "TAR-2")[0][2] == price
    named = changed(contract, composition__order=(*ORDER[:-1], "price limits"))
    assert rows(rate(named, consumption("1000")), "TAR-2")[0][2] == limited


def test_a_collar_holds_a_published_price(by_list):
    contract = changed(
        by_list,
        price_limits=clause(PriceLimits),
        composition__order=(*OUTDOOR[:-1], "price limits"),
    )
    assert price_of_slot(contract, "list:-0.5") == Decimal("0.04")
    assert price_of_slot(contract, "list:0.5") == Decimal("0.12")


def test_a_gate_fee_is_taken_off_the_bill(pool_contract):
    contract = changed(pool_contract, payment_direction=clause(PaymentDirection))
    rated = rate(contract, consumption("1000", "100"))
    (fee,) = (line for line in rated.lines if line.clause == "TAR-10")
    assert (str(fee.quantity), fee.unit, str(fee.price)) == ("-1000", "kwh taken off", "0.012")
    assert fee.amount == Decimal("-12.00")
    assert sum(line.quantity for line in rated.lines if line.unit == "kwh") == 1000
    apart = changed(contract, payment_direction__netting="billed apart")
    assert rows(rate(apart, consumption("1000")), "TAR-10") == []


def test_a_bill_is_negative_only_where_the_contract_says_so(pool_contract):
    contract = changed(
        pool_contract,
        payment_direction=clause(PaymentDirection),
        energy_price__price_per_kwh=Decimal(0),
        standing_fee__price_per_month=Decimal(0),
    )
    assert rate(contract, consumption("1000")).net_amount == Decimal("-12.00")
