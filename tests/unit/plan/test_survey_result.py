"""What a survey comes to, and what it does to the plan of the example pool."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from surveys import CLEAN, result_with, survey_with

from exotherm.plan.study import make_study
from exotherm.plan.survey.effect import LARGE_FRAC, effect_of, judge_survey, with_survey
from exotherm.plan.survey.findings import survey_findings
from exotherm.plan.survey.items import Kind
from exotherm.plan.survey.result import survey_result
from exotherm.plan.verdict import Verdict

BEGINS = date(2026, 1, 1)


def programme_of(result):
    assert result.programme is not None
    return result.programme


WINDOW = [{"from_on": date(2025, 8, 4), "until_on": date(2025, 8, 24)}]
ASBESTOS = ("routes.0.asbestos", True)


def test_a_clean_survey_adds_nothing_and_takes_the_usual_time(pool_site):
    result = result_with(pool_site)
    assert result.added.low == result.added.expected == result.added.high == 0
    # Design 45, delivery 70, works 20, tie-in 2, commissioning 10.
    assert result.first_heat_on == date(2025, 3, 3) + timedelta(days=147)
    assert result.first_heat_on_min == date(2025, 3, 3) + timedelta(days=30 + 40 + 10 + 1 + 5)
    assert result.first_heat_on_max == date(2025, 3, 3) + timedelta(days=75 + 120 + 35 + 4 + 20)
    assert result.delay_days == 0
    assert with_survey(pool_site, result) == pool_site


def test_what_is_added_is_the_mean_of_each_times_its_chance(pool_site):
    result = result_with(pool_site, ("routes.0.walls", 2), ("controls.network", None))
    walls = (2 * 120 + 2 * 250 + 2 * 600) / 3
    cable = 0.3 * (200 + 600 + 1500) / 3
    assert float(result.added.expected) == pytest.approx(walls + cable, abs=0.01)
    assert result.added.low == 240
    assert result.added.high == 1200 + 1500
    more = with_survey(pool_site, result).economics.investment
    assert more[:-1] == pool_site.economics.investment
    assert more[-1].amount == pytest.approx(walls + cable, abs=0.01)
    assert more[-1].name == "What the survey of 11 Feb 2025 found"


def test_a_quote_goes_before_the_range_once_for_all_items_of_its_point(pool_site):
    quote = {"rule": "valves", "amount": Decimal(900), "source": "offer 17"}
    result = result_with(
        pool_site,
        ("tie_in.valves_close", False),
        ("tie_in.branches_free", False),
        ("quotes", [quote]),
    )
    assert [one.rule for one in result.items] == ["valves", "valves"]
    assert result.added.expected == result.added.high == 900
    assert {one.source for one in result.items} == {"offer 17"}


def test_what_the_site_file_pays_for_is_not_paid_twice(pool_site):
    result = result_with(pool_site, ("routes.0.walls", 2), ("survey.priced", ("openings",)))
    assert result.added.high == 0
    assert result.items[0].source == "in the investment of the site file"


def test_a_finding_off_the_critical_path_delays_nothing_and_on_it_the_rest(pool_site):
    # 21 days of asbestos run beside 70 of delivery; 300 of a transformer from the first day do not.
    assert result_with(pool_site, ASBESTOS).delay_days == 0
    late = result_with(pool_site, ("electricity.transformer", "to be replaced"))
    # It ends on day 300, where works would have ended on 135.
    assert late.delay_days == 300 - 135
    critical = [one.activity.title for one in programme_of(late).scheduled if one.is_critical]
    assert critical == ["Transformer", "Tie-in, heat off", "Commissioning"]


def test_works_wait_for_the_agreed_shutdown(pool_site):
    result = result_with(pool_site, ("shutdowns", WINDOW))
    # Works end on 16 July, the tie-in begins on 4 August, commissioning takes ten days.
    assert result.first_heat_on == date(2025, 8, 16)
    assert programme_of(result).waited == (date(2025, 8, 4) - date(2025, 7, 16)).days
    # If all takes long they end on 2025-10-19: after it.
    assert result.first_heat_on_max is None
    assert [(one.rule, one.kind) for one in result.items] == [("shutdown", Kind.RISK)]


def test_where_no_shutdown_is_left_it_stops(pool_site):
    survey = survey_with(("shutdowns", WINDOW))
    result = survey_result(survey, pool_site, starts_on=date(2025, 6, 1))
    assert result.programme is None
    assert result.first_heat_on is None
    assert [one.rule for one in result.stops] == ["shutdown"]


def test_a_building_that_bears_less_is_warmed_by_a_hired_boiler(pool_site):
    result = result_with(pool_site, ("building.without_heat_days_max", 1.0))
    (item,) = result.items
    assert (item.rule, item.kind) == ("temporary-plant", Kind.COST)
    # 180 kW for two days, and bringing it.
    assert item.cost.likely == Decimal(3000) + Decimal("1.2") * 180 * 2
    less = (("building.without_heat_days_max", 1.0), ("temporary_plant.heat_kw", 60.0))
    assert result_with(pool_site, *less).items[0].cost.likely == Decimal("3144.00")


PHASES = [
    {"name": "plan", "days": 10, "days_min": 5, "days_max": 20},
    {"name": "dig", "days": 30, "after": ("plan",)},
    {"name": "switch", "days": 1, "after": ("dig",), "shutdown": True},
]


def test_phases_of_the_file_go_before_the_usual_ones(pool_site):
    result = result_with(pool_site, ("phases", PHASES))
    assert programme_of(result).days == 41
    assert result.first_heat_on_min == date(2025, 3, 3) + timedelta(days=36)
    # Findings then begin at once, and what cuts the building off waits for them.
    found = result_with(pool_site, ("phases", PHASES), ("electricity.used_kva_max", 100.0))
    assert programme_of(found).days == 181
    assert found.delay_days == 140


def answers(raw, path=""):
    for name, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if isinstance(value, dict | list):
            yield from answers(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


NEEDED = {"surveyed_on", "surveyed_by", "visited", "name", "at", "level", "holds", "kind", "seen"}
DROPPABLE = [
    path for path in answers(CLEAN) if not set(path.split(".")) & (NEEDED | {"from_on", "until_on"})
]


@given(st.sets(st.sampled_from(DROPPABLE)), st.sampled_from([CLEAN["shutdowns"], WINDOW, []]))
def test_the_ends_of_ranges_hold_what_lies_between(pool_site, dropped, shutdowns):
    changes = [(path, None) for path in sorted(dropped)]
    result = result_with(pool_site, *changes, ("shutdowns", shutdowns))
    assert result.added.low <= result.added.expected <= result.added.high
    days = [result.first_heat_on_min, result.first_heat_on, result.first_heat_on_max]
    known = [day for day in days if day is not None]
    assert known == sorted(known)
    # Where a slower end still finds a shutdown, a faster one does.
    assert [day is None for day in days] == sorted(day is None for day in days)
    assert all(item.cost.low <= item.cost.likely <= item.cost.high for item in result.items)


EXTREME = (
    ("places.0.floor_kn_per_m2", 0.1),
    ("places.0.load_kg", 1e12),
    ("places.0.load_area_m2", 1e-12),
    ("routes.0.length_m", 100_000.0),
    ("routes.0.walls", 1000),
    ("noise.sources.0.sound_power_db", 150.0),
    ("noise.sources.0.window_m", 0.5),
    ("electricity.used_kva_max", 1e12),
    ("electricity.offer_days", 3650.0),
    ("water.treated", False),
    ("water.fill_m3", 1e12),
    ("water.hardness_mmol_per_l", 1e12),
    ("meter_place.pipe_m", 1e12),
)


def test_extreme_answers_are_reckoned_with(pool_site, pool_contract, pool_surroundings):
    result = result_with(pool_site, *EXTREME)
    assert result.added.expected > 10**13
    study = make_study(pool_site, pool_contract, pool_surroundings, survey=result)
    assert study.verdict is Verdict.DO_NOT_BUILD


# --- In the study


@given(high=st.integers(0, 10**6), npv=st.floats(-1e6, 1e6))
def test_conditions_are_what_is_large(pool_site, high, npv):
    quote = {"rule": "data-network", "amount": 0, "amount_max": high, "source": "offer"}
    result = result_with(pool_site, ("controls.network", None), ("quotes", [quote]))
    effect = effect_of(
        result, npv=npv, invested=50_000.0, surplus_per_year=8_000.0, contract_starts_on=BEGINS
    )
    worse = high - 0.3 * high / 3
    assert bool(effect.conditions) is (worse > npv or worse >= LARGE_FRAC * 50_000)
    assert effect.lost_amount == 0


def effect_with(site, *changes, npv=30_000.0):
    result = result_with(site, *changes)
    return effect_of(
        result, npv=npv, invested=50_000.0, surplus_per_year=8_000.0, contract_starts_on=BEGINS
    )


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_small_open_answer_leaves_the_verdict(pool_site, verdict):
    effect = effect_with(pool_site, ("controls.network", None))
    assert judge_survey(verdict, "Says so.", 30_000.0, effect) == (verdict, "Says so.")


def test_a_large_open_answer_makes_a_condition_that_is_named(pool_site):
    effect = effect_with(pool_site, ("routes.0.asbestos", None), ("building.built_in", 1974))
    verdict, text = judge_survey(Verdict.ROBUST, "Robust.", 30_000.0, effect)
    assert verdict is Verdict.CONDITIONAL
    assert "conditional on what the survey leaves open (asbestos)" in text
    verdict, text = judge_survey(Verdict.HIGH_RISK, "High risk.", 30_000.0, effect)
    assert verdict is Verdict.HIGH_RISK
    assert text.startswith("High risk. ")
    assert "asbestos" in text


STOPPED = (
    ("places.0.level", "upper floor"),
    ("places.0.floor_kn_per_m2", 3.0),
    ("places.0.area_m2", 5.0),
)


def test_a_stop_says_do_not_build_until(pool_site):
    verdict, text = judge_survey(
        Verdict.ROBUST, "Robust.", 30_000.0, effect_with(pool_site, *STOPPED)
    )
    assert verdict is Verdict.DO_NOT_BUILD
    assert text.startswith("Do not build until this is settled: ")
    assert "The tank loads the floor of plant room with" in text


def test_the_study_holds_the_money_the_delay_and_the_verdict(
    pool_site, pool_contract, pool_surroundings
):
    plain = make_study(pool_site, pool_contract, pool_surroundings)
    late = result_with(pool_site, ("electricity.transformer", "to be replaced"))
    study = make_study(pool_site, pool_contract, pool_surroundings, survey=late)
    added = float(late.added.expected)
    assert added == pytest.approx((25_000 + 60_000 + 150_000) / 3, abs=0.01)
    # Paid in year 0, never replaced, worth nothing at the end: its whole amount and no more.
    assert study.finance.npv == pytest.approx(plain.finance.npv - added, abs=0.01)
    assert study.survey is not None
    surplus = plain.finance.cash[1].operating
    assert study.survey.lost_amount == pytest.approx(surplus * 165 / 365.25)
    assert study.verdict is Verdict.DO_NOT_BUILD  # 78 000 EUR are more than it is worth
    # The transformer comes on day 300, the first heat on day 312: 9 January, 8 days too late.
    assert study.survey.late_days == (date(2026, 1, 9) - pool_contract.term.starts_on).days == 8
    stopped = make_study(
        pool_site, pool_contract, pool_surroundings, survey=result_with(pool_site, *STOPPED)
    )
    assert stopped.verdict is Verdict.DO_NOT_BUILD
    assert stopped.finance.npv > 0
    assert plain.survey is None


def test_findings_stop_and_ask_with_their_lines(pool_site):
    result = result_with(pool_site, *STOPPED, ("controls.network", None))
    text = "[survey]\n\n[[places]]\nname = 'x'\nfloor_kn_per_m2 = 3.0\n"
    stop, asked = survey_findings(result, text=text)
    assert (stop.code, stop.where.line) == ("survey.stops", 5)
    # What stands nowhere is added at the end.
    assert (asked.code, asked.where.line) == ("survey.answer-open", 5)
    assert asked.data["rule"] == "data-network"


def test_without_unit_rates_the_verdict_asks_for_quotes(pool_site):
    place = pool_site.site.model_copy(update={"currency": "PLN"})
    site = pool_site.model_copy(update={"site": place})
    result = result_with(site, ("routes.0.walls", 2))
    assert [one.code for one in survey_findings(result)] == ["survey.currency-without-rates"]
    effect = effect_of(
        result, npv=1000.0, invested=50_000.0, surplus_per_year=1.0, contract_starts_on=BEGINS
    )
    verdict, text = judge_survey(Verdict.ROBUST, "Robust.", 1000.0, effect)
    assert verdict is Verdict.CONDITIONAL
    assert "conditional on quotes in PLN" in text
