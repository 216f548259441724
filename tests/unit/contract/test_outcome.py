from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from changing import changed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exotherm.contract.outcome import (
    Cause,
    Outcome,
    Situation,
    Tally,
    in_maintenance,
    outcome,
    tally_of,
)
from exotherm.core.period import Period, local_midnight

ROME = ZoneInfo("Europe/Rome")
QUARTER = timedelta(minutes=15)
# By the contract's clock Tuesday 4 to 6 o'clock is the maintenance window.
PLAIN = Period(datetime(2026, 10, 7, 10, tzinfo=UTC), datetime(2026, 10, 7, 10, 15, tzinfo=UTC))
WINDOW = Period(datetime(2026, 10, 6, 2, tzinfo=UTC), datetime(2026, 10, 6, 2, 15, tzinfo=UTC))
CLAUSES = {"CAL-3", "HEAT-1", "HEAT-2", "QOS-2", "QOS-5", "QOS-7", "OUT-4"}


def expected_outcome(situation, *, in_window, kept_c, unknown_by, load_by):
    """Judge by a list of rules from the last word to the first: an independent second way."""
    verdict = (Outcome.DELIVERED, "QOS-2")
    bearer = load_by if situation.cause is Cause.IT_LOAD else unknown_by
    excuse = "QOS-7" if situation.cause is Cause.IT_LOAD else "OUT-4"
    if situation.supply_c is not None and situation.supply_c < kept_c:
        verdict = (Outcome.REDUCED, "HEAT-2")
    if situation.supply_c is None:
        verdict = (Outcome.NOT_MEASURED, "QOS-5")
    if situation.heated is False:
        verdict = (Outcome.FAILED, "QOS-5")
    if verdict[0] in (Outcome.REDUCED, Outcome.FAILED) and bearer == "customer":
        verdict = (Outcome.EXCUSED, excuse)
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
    contract = changed(
        pool_contract, cause_allocation__unknown_borne_by=unknown_by, it_load__borne_by=load_by
    )
    seen = set()
    for interval, called, heated, supply_c, cause in product(
        [PLAIN, WINDOW],
        [None, False, True],
        [None, False, True],
        [None, 20.0, 29.49, 29.5, 29.99, 30.0, 45.0],
        Cause,
    ):
        situation = Situation(
            interval=interval, called=called, heated=heated, supply_c=supply_c, cause=cause
        )
        judged = outcome(contract, situation)
        expected = expected_outcome(
            situation,
            in_window=interval is WINDOW,
            kept_c=29.5,
            unknown_by=unknown_by,
            load_by=load_by,
        )
        assert (judged.outcome, judged.clause) == expected, situation
        assert judged.reason
        seen.add(judged.clause)
    assert seen <= CLAUSES


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tenths=st.integers(1, 50), promised=st.integers(200, 600), short=st.integers(-3, 3))
def test_a_supply_at_its_limit_keeps_the_promise(pool_contract, tenths, promised, short):
    contract = changed(
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
    contract = changed(
        pool_contract,
        maintenance__weekday=weekday,
        maintenance__starts_at=starts_at,
        maintenance__ends_at=ends_at,
    )
    whole = Period(
        local_midnight(day, ROME), local_midnight(date.fromordinal(day.toordinal() + 1), ROME)
    )
    intervals = list(whole.split(QUARTER))
    judged = [
        outcome(contract, Situation(interval=one, called=True, heated=True, supply_c=35.0)).outcome
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
    contract = changed(pool_contract, maintenance__starts_at=0, maintenance__ends_at=24)
    start = datetime(2026, 10, 6, 21, 50, tzinfo=UTC)
    assert in_maintenance(contract, Period(start, start + timedelta(minutes=10)))
    assert not in_maintenance(contract, Period(start, start + timedelta(minutes=15)))


@given(st.lists(st.sampled_from(Outcome)))
def test_a_tally_counts_every_outcome_once(outcomes):
    tally = tally_of(outcomes)
    assert tally.total == len(outcomes)
    counts = {one: outcomes.count(one) for one in Outcome}
    assert counts == {
        Outcome.DELIVERED: tally.delivered,
        Outcome.REDUCED: tally.reduced,
        Outcome.FAILED: tally.failed,
        Outcome.EXCUSED: tally.excused,
        Outcome.NOT_MEASURED: tally.not_measured,
    }
