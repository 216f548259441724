"""Conditions: three-valued, with reasons, and indifferent to what does not matter."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.comply.conditions import Compare, Group, leaves, read_condition
from exotherm.comply.values import UNBOUNDED, Several, Span, Value

POOL = Compare(fact="pool", op="is", target=True)
HOMES = Compare(fact="homes", op="is", target=True)
NETWORK = Compare(fact="network", op="is", target=True)
LARGE = Compare(fact="it_power_kw_rated", op="min", target=500.0)


def _kw(low: float, high: float | None = None) -> Mapping[str, Value]:
    return {"it_power_kw_rated": Span(low, low if high is None else high)}


class TestCompare:
    @pytest.mark.parametrize(
        ("op", "at", "below", "above"),
        [
            ("min", True, False, True),
            ("above", False, False, True),
            ("max", True, True, False),
            ("below", False, True, False),
        ],
    )
    def test_numbers_at_and_beside_the_threshold(self, op, at, below, above):
        one = Compare(fact="it_power_kw_rated", op=op, target=500.0)
        assert one.answer(_kw(500.0)).met is at
        assert one.answer(_kw(499.999)).met is below
        assert one.answer(_kw(500.001)).met is above

    @pytest.mark.parametrize(
        ("op", "on_the_day", "day_before", "day_after"),
        [
            ("min", True, False, True),
            ("above", False, False, True),
            ("max", True, True, False),
            ("below", False, True, False),
        ],
    )
    def test_days(self, op, on_the_day, day_before, day_after):
        one = Compare(fact="operation_starts_on", op=op, target=date(2026, 7, 1))
        assert one.answer({"operation_starts_on": date(2026, 7, 1)}).met is on_the_day
        assert one.answer({"operation_starts_on": date(2026, 6, 30)}).met is day_before
        assert one.answer({"operation_starts_on": date(2026, 7, 2)}).met is day_after

    def test_a_span_across_the_threshold_decides_nothing(self):
        answer = LARGE.answer(_kw(400.0, 600.0))
        assert answer.met is None
        assert answer.missing == ("it_power_kw_rated",)

    def test_a_span_on_one_side_decides(self):
        assert LARGE.answer(_kw(500.0, UNBOUNDED)).met is True
        assert LARGE.answer(_kw(0.0, 499.0)).met is False

    def test_a_list_that_may_hold_more_says_no_to_nothing(self):
        one = Compare(fact="building_kinds", op="includes", target=("school", "office"))
        assert one.answer({"building_kinds": Several(("office",), complete=False)}).met is True
        assert one.answer({"building_kinds": Several((), complete=False)}).met is None
        assert one.answer({"building_kinds": Several(("care home",))}).met is False

    @pytest.mark.parametrize(
        ("facts", "because"),
        [
            (_kw(28.0), "the rated power of the servers is 28 kW, below 500 kW"),
            (_kw(500.0), "the rated power of the servers is 500 kW, at least 500 kW"),
            (
                _kw(600.0, 1234.5),
                "the rated power of the servers is between 600 kW and 1 234 kW, at least 500 kW",
            ),
            (
                _kw(600.0, UNBOUNDED),
                "the rated power of the servers is 600 kW or more, at least 500 kW",
            ),
        ],
    )
    def test_reasons_of_numbers(self, facts: Mapping[str, Value], because: str):
        (reason,) = LARGE.answer(facts).because
        assert reason.replace("\u00a0", " ").replace("\u202f", " ") == because

    def test_reasons_of_words(self):
        wet = Compare(fact="cooler_kind", op="one_of", target=("open wet", "closed wet"))
        assert wet.answer({"cooler_kind": "dry"}).because == (
            "the cooler is dry, not open wet or closed wet",
        )
        assert wet.answer({"cooler_kind": "open wet"}).because == ("the cooler is open wet",)
        country = Compare(fact="supplier_country", op="is", target="DE")
        assert country.answer({"supplier_country": "AT"}).because == (
            "the supplier's country is AT, not DE",
        )
        assert country.answer({"supplier_country": "DE"}).because == (
            "the supplier's country is DE",
        )
        schools = Compare(fact="building_kinds", op="includes", target=("school",))
        assert schools.answer({"building_kinds": Several(())}).because == (
            "the buildings: none, not school",
        )

    def test_reasons_of_yes_no_and_days(self):
        assert POOL.answer({"pool": False}).because == ("no pool is heated",)
        late = Compare(fact="operation_starts_on", op="min", target=date(2027, 7, 1))
        assert late.answer({"operation_starts_on": date(2026, 12, 24)}).because == (
            "the first day of operation is 24 Dec 2026, before 1 Jul 2027",
        )

    @pytest.mark.parametrize(
        ("fact", "op", "target"),
        [
            ("pool", "is", "yes"),
            ("pool", "min", 1.0),
            ("it_power_kw_rated", "is", 500.0),
            ("cooler_kind", "one_of", "dry"),
            ("cooler_kind", "includes", ("dry",)),
            ("building_kinds", "is", "school"),
            ("operation_starts_on", "min", 2026.0),
        ],
    )
    def test_a_comparison_that_its_fact_does_not_allow_is_ours_to_mend(self, fact, op, target):
        with pytest.raises(AssertionError):
            Compare(fact=fact, op=op, target=target)

    def test_a_fact_that_the_catalogue_lacks_is_ours_to_mend(self):
        with pytest.raises(KeyError):
            Compare(fact="moon_phase", op="is", target=True)


_STATES: tuple[bool | None, ...] = (True, False, None)


def _facts(pool, homes) -> Mapping[str, Value]:
    states = {"pool": pool, "homes": homes}
    return {name: state for name, state in states.items() if state is not None}


class TestGroup:
    @pytest.mark.parametrize(("pool", "homes"), tuple(product(_STATES, _STATES)))
    def test_all_any_and_none_by_every_state(self, pool, homes):
        facts = _facts(pool, homes)
        every, either = Group(all=(POOL, HOMES)), Group(any=(POOL, HOMES))
        neither = Group(none=(POOL, HOMES))
        states = {pool, homes}
        both = False if False in states else None if None in states else True
        one = True if True in states else None if None in states else False
        assert every.answer(facts).met is both
        assert either.answer(facts).met is one
        assert neither.answer(facts).met is (None if one is None else not one)

    def test_only_what_decides_is_a_reason(self):
        facts = {"pool": True, "homes": False}
        assert Group(all=(POOL, HOMES)).answer(facts).because == ("no homes get the heat",)
        assert Group(any=(POOL, HOMES)).answer(facts).because == ("a pool is heated",)

    def test_only_what_could_decide_is_missing(self):
        assert Group(all=(POOL, HOMES)).answer({"pool": True}).missing == ("homes",)
        assert Group(all=(POOL, HOMES)).answer({"pool": False}).missing == ()
        assert Group(any=(POOL, HOMES)).answer({"pool": False}).missing == ("homes",)

    def test_what_holds_together_holds_all(self):
        group = Group(all=(POOL,), none=(HOMES,))
        assert group.answer({"pool": True, "homes": False}).met is True
        assert group.answer({"pool": True, "homes": True}).met is False
        assert group.answer({"pool": False}).met is False
        assert group.answer({"pool": True}).missing == ("homes",)

    @given(
        low=st.floats(0.0, 1e6),
        high=st.floats(0.0, 1e6),
        told=st.floats(0.0, 1.0),
        pool=st.sampled_from(_STATES),
    )
    def test_to_know_more_never_turns_a_decision(self, low, high, told, pool):
        low, high = sorted((low, high))
        group = Group(any=(Group(all=(LARGE, POOL)), HOMES), none=(NETWORK,))
        vague: Mapping[str, Value] = {**_kw(low, high), **_facts(pool, None), "network": False}
        number = min(high, low + told * (high - low))
        closer: Mapping[str, Value] = {**vague, **_kw(number), "homes": False, "pool": bool(pool)}
        before, after = group.answer(vague).met, group.answer(closer).met
        if before is not None:
            assert after is before


class TestReading:
    def test_a_condition_as_a_pack_holds_it(self):
        raw = {
            "all": [{"fact": "it_power_kw_rated", "min": 500}],
            "none": [{"any": [{"fact": "pool", "is": True}, {"fact": "homes", "is": True}]}],
        }
        read = read_condition(raw)
        assert read == Group(all=(LARGE,), none=(Group(any=(POOL, HOMES)),))
        assert [leaf.fact for leaf in leaves(read)] == ["it_power_kw_rated", "pool", "homes"]

    @pytest.mark.parametrize(
        "raw",
        [
            {},
            {"some": []},
            {"fact": "pool", "equals": True},
            "pool",
        ],
    )
    def test_what_is_no_condition_is_ours_to_mend(self, raw: object):
        with pytest.raises(AssertionError):
            read_condition(raw)
