"""Every quarter of an hour has one outcome: by the table, and by a second way written apart."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exotherm.contract.check_total import findings_of_table
from exotherm.contract.hours import WHOLE_YEAR, hour_of, in_maintenance, is_within
from exotherm.contract.outcome import (
    Outcome,
    Situation,
    Tally,
    facts_of,
    outcome,
    table_of,
    tally_of,
)
from exotherm.contract.rules import (
    Announced,
    Conflict,
    Facts,
    Hole,
    Hour,
    Judgement,
    Limit,
    OutcomeTable,
    Reading,
)
from exotherm.contract.series import Series, intervals_of, judge_series
from exotherm.contract.terms.calendar import (
    Closure,
    Closures,
    MaintenanceWindow,
    Season,
    YearlySpan,
)
from exotherm.contract.terms.outage import ExcusedEvent
from exotherm.core.documents import Source
from exotherm.core.period import Period, local_midnight

ROME = ZoneInfo("Europe/Rome")
QUARTER = timedelta(minutes=15)
# By the contract's clock Tuesday 4 to 6 o'clock is the maintenance window.
PLAIN = Period(datetime(2026, 10, 7, 10, tzinfo=UTC), datetime(2026, 10, 7, 10, 15, tzinfo=UTC))
WINDOW = Period(datetime(2026, 10, 6, 2, tzinfo=UTC), datetime(2026, 10, 6, 2, 15, tzinfo=UTC))


def plain(contract, **changes):
    """The pool's contract with what the second way below knows: no limits of the customer's own."""
    return changed(contract, return_temperature=None, flow_limits=None, **changes)


def expected_outcome(situation, contract, *, in_window):
    """Judge by a list of rules from the last word to the first: an independent second way."""
    kept_c = contract.supply_temperature.supply_c_min - contract.supply_temperature.tolerance_k
    bearers = {
        "unknown": (contract.cause_allocation.unknown_borne_by, "OUT-4"),
        "server load low": (contract.it_load.borne_by, "QOS-7"),
        "servers moved or off": (contract.it_load.removal_borne_by, "QOS-7"),
        "supplier's plant": ("supplier", "OUT-4"),
        "customer's plant": ("customer", "OUT-4"),
        "held back": ("supplier", "QOS-6"),
        "no access": ("customer", "OUT-4"),
    }
    bearer, clause = bearers.get(situation.cause, ("nobody", "OUT-5"))
    verdict = (Outcome.DELIVERED, "QOS-2")
    if situation.supply_c is not None and situation.supply_c < kept_c:
        verdict = (Outcome.REDUCED, "HEAT-2")
    if situation.supply_c is None:
        verdict = (Outcome.NOT_MEASURED, "QOS-5")
    if situation.heated is False:
        verdict = (Outcome.FAILED, "QOS-5")
    if verdict[0] in (Outcome.REDUCED, Outcome.FAILED) and bearer != "supplier":
        verdict = (Outcome.EXCUSED, clause)
    if situation.called is False:
        verdict = (Outcome.DELIVERED, "HEAT-1")
    if situation.called is None or situation.heated is None:
        verdict = (Outcome.NOT_MEASURED, "QOS-5")
    if in_window:
        verdict = (Outcome.EXCUSED, "CAL-3")
    return verdict


@pytest.mark.parametrize(
    ("unknown_by", "load_by"), list(product(["supplier", "customer"], repeat=2))
)
def test_every_situation_has_exactly_one_outcome(pool_contract, unknown_by, load_by):
    contract = plain(
        pool_contract,
        cause_allocation__unknown_borne_by=unknown_by,
        it_load__borne_by=load_by,
    )
    for interval, called, heated, supply_c, cause in product(
        [PLAIN, WINDOW],
        [None, False, True],
        [None, False, True],
        [None, 20.0, 29.49, 29.5, 29.99, 30.0, 45.0],
        table_of(contract).causes,
    ):
        situation = Situation(
            interval=interval,
            called=called,
            heated=heated,
            supply_c=supply_c,
            cause=cause,
            announced=True if interval is WINDOW else None,
        )
        judged = outcome(contract, situation)
        expected = expected_outcome(situation, contract, in_window=interval is WINDOW)
        assert (judged.outcome, judged.clause) == expected, situation
        assert judged.reason


def test_the_whole_table_is_total_and_single_valued(pool_contract):
    table = OutcomeTable(pool_contract.clauses)
    found = [table.look_up(facts) for facts in table.all_facts()]
    assert all(isinstance(one, Judgement) for one in found)
    assert len(found) == 5 * 5 * len(table.causes) * 3 * 4 * 2
    assert {one.outcome for one in table.judgements} >= {
        Outcome.DELIVERED,
        Outcome.REDUCED,
        Outcome.FAILED,
        Outcome.EXCUSED,
        Outcome.NOT_MEASURED,
        Outcome.NO_OBLIGATION,
    }


@pytest.mark.parametrize(
    ("table", "clause", "words"),
    [
        ("it_load", "QOS-7", "Meter fine, supply low, cause server load low"),
        ("below_spec_heat", "HEAT-2", "Meter fine, supply low"),
        ("unrequested_heat", "HEAT-3", "Meter fine, supply as promised, out of season"),
        ("cause_allocation", "OUT-4", "Meter fine, supply low"),
        ("availability", "QOS-5", "Meter fine, no heat though called for"),
        ("firmness", "QOS-6", "Meter fine, supply low, cause held back"),
        ("delivered_heat", "HEAT-1", "Meter fine, no call for heat"),
        ("supply_temperature", "QOS-2", "Meter fine, supply as promised"),
    ],
)
def test_a_clause_that_is_left_out_leaves_a_hole_that_names_it(pool_contract, table, clause, words):
    clauses = {name: one for name, one in pool_contract.clauses.items() if name != table}
    found = list(findings_of_table(OutcomeTable(clauses), Source(file="contract.toml")))
    own = [one for one in found if one.data.get("clause") == clause]
    assert [one.code for one in own] == ["contract.outcome-undefined"]
    assert own[0].message == f"{words}: no clause says what happens."
    assert clause in own[0].remedy


@pytest.mark.parametrize(
    ("changes", "clauses"),
    [
        ({"cause_allocation__customer_bears": ("supplier's plant",)}, {"OUT-4"}),
        ({"cause_allocation__supplier_bears": ("supplier's plant", "flood")}, {"OUT-4", "OUT-5"}),
        ({"cause_allocation__supplier_bears": ("server load low",)}, {"OUT-4", "QOS-7"}),
        ({"credit_without_data__counts_as": "left out"}, {"QOS-5", "CRD-8"}),
    ],
)
def test_clauses_that_disagree_are_a_conflict(pool_contract, changes, clauses):
    event = ExcusedEvent(name="flood", lasting_h_max=72.0, evidence="notice of the authority")
    contract = changed(
        pool_contract,
        excused_events__events=(event,),
        it_load__borne_by="customer",
        cause_allocation__supplier_bears=("supplier's plant",),
        cause_allocation__customer_bears=("customer's plant",),
    )
    contract = changed(contract, **changes)
    table = OutcomeTable(contract.clauses)
    found = [one for one in map(table.look_up, table.all_facts()) if not isinstance(one, Judgement)]
    conflicts = [one for one in found if isinstance(one, Conflict)]
    # What a supplier bears is judged by what it costs, HEAT-2 and QOS-5; the rest by its clause.
    named = {judged.clause for one in conflicts for judged in one.judgements}
    assert named & clauses
    said = list(findings_of_table(table, Source(file="contract.toml")))
    assert "contract.outcomes-conflict" in {one.code for one in said}
    assert all(isinstance(one, Hole | Conflict) for one in found)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(hour=Hour.CLOSED, reading=Reading.NO_HEAT), (Outcome.NO_OBLIGATION, "CAL-5")),
        (Facts(hour=Hour.OFF_SEASON, reading=Reading.SILENT), (Outcome.NO_OBLIGATION, "CAL-2")),
        (Facts(hour=Hour.OFF_SEASON, reading=Reading.KEPT), (Outcome.NO_OBLIGATION, "HEAT-3")),
        (Facts(hour=Hour.COMMISSIONING, reading=Reading.COOL), (Outcome.EXCUSED, "CAL-6")),
        (Facts(hour=Hour.COMMISSIONING), (Outcome.DELIVERED, "QOS-2")),
        (Facts(reading=Reading.COOL, limit=Limit.CAPACITY), (Outcome.EXCUSED, "QOS-1")),
        (Facts(reading=Reading.NO_HEAT, limit=Limit.CAPACITY), (Outcome.FAILED, "QOS-5")),
        (Facts(reading=Reading.COOL, limit=Limit.RETURN), (Outcome.EXCUSED, "QOS-3")),
        (Facts(hour=Hour.MAINTENANCE, announced=Announced.YES), (Outcome.EXCUSED, "CAL-3")),
        (
            Facts(hour=Hour.MAINTENANCE, reading=Reading.NO_HEAT, announced=Announced.NO),
            (Outcome.FAILED, "QOS-5"),
        ),
    ],
)
def test_what_the_facts_are(pool_contract, facts, expected):
    contract = changed(
        pool_contract,
        return_temperature__if_warmer="excused",
        interruption_notice__if_missed="not excused",
    )
    judged = OutcomeTable(contract.clauses).judge(facts)
    assert (judged.outcome, judged.clause) == expected


def test_heat_that_is_held_back_is_excused_only_where_it_may_be_and_was_announced(pool_contract):
    firm = OutcomeTable(pool_contract.clauses)
    may = changed(
        pool_contract,
        firmness__kind="interruptible",
        firmness__curtailed_h_max=100.0,
        firmness__notice_h=4.0,
    )
    held = Facts(reading=Reading.NO_HEAT, cause="held back", announced=Announced.YES)
    assert firm.judge(held).outcome is Outcome.FAILED
    assert OutcomeTable(may.clauses).judge(held).outcome is Outcome.EXCUSED
    unannounced = Facts(reading=Reading.NO_HEAT, cause="held back", announced=Announced.NO)
    assert OutcomeTable(may.clauses).judge(unannounced).outcome is Outcome.FAILED


def test_an_event_excuses_for_as_long_as_is_agreed(pool_contract):
    event = ExcusedEvent(name="flood", lasting_h_max=72.0, evidence="notice of the authority")
    contract = plain(pool_contract, excused_events__events=(event,))
    for lasted_h, expected in ((72.0, Outcome.EXCUSED), (72.25, Outcome.FAILED)):
        situation = Situation(
            interval=PLAIN,
            called=True,
            heated=False,
            supply_c=None,
            cause="flood",
            lasted_h=lasted_h,
        )
        assert outcome(contract, situation).outcome is expected


def test_heat_that_is_far_too_cool_is_unpaid_where_it_costs_nothing(pool_contract):
    contract = plain(pool_contract, below_spec_heat__price_frac=0.0)
    situation = Situation(interval=PLAIN, called=True, heated=True, supply_c=20.0)
    assert outcome(contract, situation).outcome is Outcome.UNPAID


def test_a_short_dip_is_delivered_until_it_has_lasted(pool_contract):
    contract = plain(pool_contract, below_spec_heat__lasting_min=45)
    for cool_min, expected in (
        (15.0, Outcome.DELIVERED),
        (30.0, Outcome.DELIVERED),
        (45.0, Outcome.REDUCED),
        (None, Outcome.REDUCED),
    ):
        situation = Situation(
            interval=PLAIN, called=True, heated=True, supply_c=20.0, cool_min=cool_min
        )
        assert outcome(contract, situation).outcome is expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tenths=st.integers(1, 50), promised=st.integers(200, 600), short=st.integers(-3, 3))
def test_a_supply_at_its_limit_keeps_the_promise(pool_contract, tenths, promised, short):
    contract = plain(
        pool_contract,
        supply_temperature__supply_c_min=promised / 10,
        supply_temperature__tolerance_k=tenths / 10,
    )
    count = (promised - tenths) * 10 + short
    situation = Situation(interval=PLAIN, called=True, heated=True, supply_c=count / 100)
    kept = outcome(contract, situation).outcome is Outcome.DELIVERED
    assert kept is (short >= 0)


@pytest.mark.parametrize("supply_c", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_measured(pool_contract, supply_c):
    situation = Situation(interval=PLAIN, called=True, heated=True, supply_c=supply_c)
    assert outcome(pool_contract, situation).outcome is Outcome.NOT_MEASURED


def window(weekday: int, starts_at: int, ends_at: int) -> tuple[MaintenanceWindow, ...]:
    return (MaintenanceWindow(weekday=weekday, starts_at=starts_at, ends_at=ends_at),)


@pytest.mark.parametrize(
    ("day", "quarters"),
    [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 10, 27), 96)],
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_quarter_of_a_day_of_changed_clocks_has_one_outcome(
    pool_contract, day, quarters, data
):
    weekday = data.draw(st.integers(1, 7))
    starts_at = data.draw(st.integers(0, 23))
    ends_at = data.draw(st.integers(starts_at + 1, 24))
    contract = plain(pool_contract, maintenance__windows=window(weekday, starts_at, ends_at))
    whole = Period(
        local_midnight(day, ROME), local_midnight(date.fromordinal(day.toordinal() + 1), ROME)
    )
    intervals = list(whole.split(QUARTER))
    judged = [
        outcome(
            contract,
            Situation(interval=one, called=True, heated=True, supply_c=35.0, announced=True),
        ).outcome
        for one in intervals
    ]
    # The same from the other side: count wall-clock quarters that show an hour of the window.
    shown = [one.start.astimezone(ROME) for one in intervals]
    excused = [
        one.isoweekday() == weekday and starts_at * 60 <= one.hour * 60 + one.minute < ends_at * 60
        for one in shown
    ]
    assert len(judged) == quarters
    assert [one is Outcome.EXCUSED for one in judged] == excused
    assert tally_of(judged) == Tally(delivered=quarters - sum(excused), excused=sum(excused))


def test_an_interval_that_leaves_the_window_is_not_excused(pool_contract):
    start = datetime(2026, 10, 6, 3, 50, tzinfo=UTC)
    assert in_maintenance(pool_contract, Period(start, start + timedelta(minutes=10)))
    assert not in_maintenance(pool_contract, Period(start, start + timedelta(minutes=11)))
    before = datetime(2026, 10, 6, 1, 59, tzinfo=UTC)
    assert not in_maintenance(pool_contract, Period(before, before + QUARTER))


def test_an_interval_over_midnight_is_in_no_window(pool_contract):
    contract = plain(pool_contract, maintenance__windows=window(2, 0, 24))
    midnight = local_midnight(date(2026, 10, 7), ROME)
    assert in_maintenance(contract, Period(midnight - QUARTER, midnight))
    assert not in_maintenance(
        contract, Period(midnight - timedelta(minutes=10), midnight + timedelta(minutes=5))
    )


def test_no_window_opens_on_days_of_blackout(pool_contract):
    december = YearlySpan(first="12-01", last="01-10")
    contract = plain(pool_contract, maintenance__blackouts=(december,))
    for day, opens in (
        (date(2026, 12, 8), False),
        (date(2027, 1, 5), False),
        (date(2027, 1, 12), True),
    ):
        start = local_midnight(day, ROME) + timedelta(hours=4)
        assert in_maintenance(contract, Period(start, start + QUARTER)) is opens, day


@pytest.mark.parametrize(
    ("first", "last", "day", "inside"),
    [
        ("10-01", "04-30", date(2026, 10, 1), True),
        ("10-01", "04-30", date(2027, 4, 30), True),
        ("10-01", "04-30", date(2027, 5, 1), False),
        ("10-01", "04-30", date(2027, 1, 1), True),
        ("02-01", "02-29", date(2027, 2, 28), True),
        ("02-01", "02-29", date(2028, 2, 29), True),
        ("02-29", "03-31", date(2027, 3, 1), True),
        ("02-29", "03-31", date(2027, 2, 28), False),
    ],
)
def test_a_yearly_span_may_run_over_new_year_and_leap_days(first, last, day, inside):
    assert is_within(day, YearlySpan(first=first, last=last)) is inside


def seasonal(contract):
    """A contract with season, closure, window, blackout, dips and limits all at once."""
    return changed(
        contract,
        season=Season(by="dates", spans=(YearlySpan(first="09-15", last="05-31"),)),
        closures=Closures(
            closures=(Closure(why="revision", span=YearlySpan(first="12-24", last="01-02")),),
            lead_days=10,
            reduce_minimum=True,
        ),
        maintenance__blackouts=(YearlySpan(first="02-01", last="02-29"),),
        below_spec_heat__lasting_min=30,
    )


@pytest.mark.parametrize("seed", range(3))
def test_many_at_once_are_judged_as_one_by_one(pool_contract, seed):
    """A year with both clock changes: arrays and single situations, the same outcome and clause."""
    contract = seasonal(pool_contract)
    year = Period(local_midnight(date(2027, 1, 1), ROME), local_midnight(date(2028, 1, 1), ROME))
    steps = tuple(year.split(QUARTER))
    draw = np.random.default_rng(seed)
    number = len(steps)
    series = Series(
        called=draw.random(number) < 0.8,
        heated=draw.random(number) < 0.9,
        supply_c=draw.uniform(27.0, 32.0, number),
        heat_kw=draw.uniform(0.0, 14.0, number),
        return_c=draw.uniform(20.0, 45.0, number),
        flow_m3h=np.where(draw.random(number) < 0.1, 0.0, draw.uniform(0.0, 6.0, number)),
        causes=draw.integers(0, len(table_of(contract).causes), number),
        lasted_h=draw.uniform(0.0, 800.0, number),
        silent=draw.random(number) < 0.1,
    )
    judged = judge_series(contract, intervals_of(contract, year), series)
    kept_c = contract.supply_temperature.supply_c_min - contract.supply_temperature.tolerance_k
    cool_min, month, causes = 0.0, 0, table_of(contract).causes
    assert number == 35_040
    assert series.return_c is not None
    assert series.flow_m3h is not None
    assert series.causes is not None
    assert series.lasted_h is not None
    assert series.silent is not None
    for index, step in enumerate(steps):
        local = step.start.astimezone(ROME)
        is_cool = series.called[index] and series.heated[index] and series.supply_c[index] < kept_c
        told = not series.silent[index]
        cool_min = cool_min * (local.month == month) + 15.0 if is_cool else 0.0
        month = local.month
        one = outcome(
            contract,
            Situation(
                interval=step,
                called=bool(series.called[index]) if told else None,
                heated=bool(series.heated[index]) if told else None,
                supply_c=float(series.supply_c[index]) if told else None,
                cool_min=cool_min or None,
                heat_kw=float(series.heat_kw[index]),
                return_c=float(series.return_c[index]),
                flow_m3h=float(series.flow_m3h[index]),
                cause=causes[series.causes[index]],
                lasted_h=float(series.lasted_h[index]),
            ),
        )
        assert judged.judgements[judged.codes[index]] == one, (step, index)
    assert judged.tally().total == number


@pytest.mark.parametrize(
    ("flow_m3h", "expected"),
    [(None, Outcome.EXCUSED), (0.4, Outcome.EXCUSED), (0.0, Outcome.FAILED)],
)
def test_where_nothing_flows_no_return_is_too_warm(pool_contract, flow_m3h, expected):
    """A sensor in standing water shows the room, and would excuse the supplier's own fault."""
    limit = pool_contract.return_temperature.return_c_max
    situation = Situation(
        interval=PLAIN,
        called=True,
        heated=False,
        supply_c=None,
        return_c=limit + 5.0,
        flow_m3h=flow_m3h,
        cause="supplier's plant",
    )
    assert outcome(pool_contract, situation).outcome is expected


def test_every_quarter_of_the_term_has_an_hour_class(pool_contract):
    """All fifteen years with their clock changes; each quarter-hour is of exactly one class."""
    contract = seasonal(pool_contract)
    intervals = intervals_of(contract, contract.term_period)
    assert len(intervals.hours) == contract.term_period.hours * 4
    days = (date(2040, 12, 31) - date(2026, 1, 1)).days + 1
    assert len(intervals.hours) == days * 96  # as many hours are lost in spring as won in autumn
    for index in range(0, len(intervals.hours), 9973):
        start = contract.term_period.start + index * QUARTER
        assert (
            hour_of(contract, Period(start, start + QUARTER)) is list(Hour)[intervals.hours[index]]
        )


def test_tallies_add_up(pool_contract):
    one = tally_of([Outcome.DELIVERED, Outcome.EXCUSED, Outcome.NO_OBLIGATION])
    other = tally_of([Outcome.FAILED, Outcome.UNPAID, Outcome.NOT_MEASURED, Outcome.REDUCED])
    both = one + other
    assert (both.total, both.obliged) == (7, 5)
    assert (
        facts_of(
            pool_contract,
            Situation(interval=PLAIN, called=False, heated=False, supply_c=None),
            in_season=WHOLE_YEAR,
        ).words
        == "meter fine, no call for heat"
    )
