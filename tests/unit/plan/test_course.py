"""Years that run otherwise than planned, held against sums made month by month."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.cash import Operation, cash_flows
from exotherm.plan.course import Course, Parting
from exotherm.plan.own_heat import customer_cash
from exotherm.site.document import Site
from exotherm.site.economics import Economics

TERM = 12
STEPS = 120
"""parts of a year in which the second computation walks through the term"""
PARTING = Parting(amount=60_000.0, write_off_years=15, pays_frac=0.8)


def year_of(heat_kwh: float) -> Operation:
    return Operation(
        heat_delivered_kwh=heat_kwh,
        auxiliary_kwh=0.05 * heat_kwh,
        cooling_saved_kwh=0.02 * heat_kwh,
        heat_revenue=0.06 * heat_kwh + 500.0,
        fuel_saved=0.09 * heat_kwh,
        fuel_alone=20_000.0,
    )


STEADY = replace(year_of(100_000.0), first_years=(year_of(20_000.0), year_of(60_000.0)))


@pytest.fixture
def economics(pool_site: Site) -> Economics:
    return pool_site.economics.model_copy(update={"term_years": TERM, "upkeep_per_year": 1_200.0})


def walked(course: Course, year: int, of: str) -> float:
    """Sum a year in small steps: where its middle lies decides which stage it is."""
    total = 0.0
    for step in range(STEPS):
        at = year - 1 + (step + 0.5) / STEPS
        if at < course.late_years or at > course.ends_after_years:
            continue
        stage = int((at - course.late_years) // course.stage_years) if course.stage_years else 99
        lived = STEADY.first_years[stage] if stage < len(STEADY.first_years) else STEADY
        total += getattr(lived, of) / STEPS
    return total


@given(
    late=st.integers(0, 36),
    stage=st.integers(6, 36),
    ends=st.one_of(st.none(), st.integers(1, 12 * TERM)),
    year=st.integers(1, TERM),
)
def test_a_year_is_the_sum_of_its_months(late, stage, ends, year):
    course = Course(
        late_years=late / 12,
        stage_years=stage / 12,
        ends_after_years=math.inf if ends is None else ends / 12,
    )
    lived = replace(STEADY, course=course).in_year(year)
    for of in ("heat_delivered_kwh", "auxiliary_kwh", "heat_revenue", "fuel_saved"):
        assert getattr(lived, of) == pytest.approx(walked(course, year, of), rel=1e-9, abs=1e-6)
    # What the customer would burn alone goes on, whether or not heat comes.
    assert lived.fuel_alone == STEADY.fuel_alone


def test_the_planned_course_changes_no_digit(economics):
    planned = cash_flows(economics, STEADY)
    assert cash_flows(economics, replace(STEADY, course=Course(parting=PARTING))) == planned


def test_a_customer_who_leaves_takes_all_that_follows_and_pays_what_is_agreed(economics):
    leaves = Course(ends_after_years=7.25, parting=PARTING)
    planned = cash_flows(economics, STEADY)
    left = cash_flows(economics, replace(STEADY, course=leaves))
    assert left[:8] == planned[:8]
    quarter, after = left[8], left[9:]
    assert quarter.heat_revenue == pytest.approx(0.25 * planned[8].heat_revenue)
    assert quarter.upkeep == pytest.approx(0.25 * planned[8].upkeep)
    assert quarter.parting == pytest.approx(0.8 * 60_000.0 * (15 - 7.25) / 15)
    assert all(one.operating == 0.0 for one in after)
    # Nothing is replaced for nobody, and what the plant is worth at the end stays as it was.
    assert all(one.investment == 0.0 for one in after)
    paid = [
        one - other
        for one, other in zip(
            customer_cash(economics, replace(STEADY, course=leaves)),
            customer_cash(economics, replace(STEADY, course=replace(leaves, parting=None))),
            strict=True,
        )
    ]
    assert paid[8] == pytest.approx(-quarter.parting)
    assert sum(map(abs, paid)) == pytest.approx(quarter.parting)


def test_late_heat_costs_what_it_would_have_brought_while_upkeep_runs(economics):
    late = cash_flows(economics, replace(STEADY, course=Course(late_years=1.0)))
    planned = cash_flows(economics, STEADY)
    assert late[1].operating == pytest.approx(-1_200.0)
    for year in range(2, TERM + 1):
        assert late[year].heat_revenue == pytest.approx(planned[year - 1].heat_revenue)


def test_who_leaves_after_the_write_off_pays_nothing():
    assert Parting(amount=1e5, write_off_years=10, pays_frac=1.0).paid_after(11.0) == 0.0
