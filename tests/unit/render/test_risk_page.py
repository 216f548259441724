"""The page of a risk: what its charts and tables say, against the draws themselves."""

import re
from datetime import UTC, datetime

import numpy as np
import pytest
from shown_pages import number_of, rows_of, words

from exotherm.core.units import format_number, format_quantity
from exotherm.plan.risk import RiskResult, try_assumptions
from exotherm.render.paper import render_paper
from exotherm.render.risk_page import render_risk
from exotherm.site.risk import Risk

MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def risk(pool_site, pool_contract, pool_surroundings) -> RiskResult:
    return try_assumptions(pool_site, pool_contract, pool_surroundings, draws=40, threads=2)


@pytest.fixture(scope="module")
def page(risk, pool_site) -> str:
    return render_risk(risk, pool_site, made_at=MADE_AT)


@pytest.mark.parametrize("side", ["operator", "customer"])
def test_every_draw_is_in_one_step_of_the_distribution(page, risk, side):
    worths = np.array([getattr(draw, side) for draw in risk.draws])
    rows = [tuple(map(number_of, row)) for row in rows_of(page, f"{side}-spread")]
    assert sum(count for _, _, count in rows) == 40
    for low, high, count in rows:
        assert count == ((worths >= low) & (worths < high)).sum()
        assert low >= 0.0 or high <= 0.0, "nought parts those that lose from those that gain"


def test_chances_and_quantiles_are_those_of_the_draws(page, risk):
    said = words(page)
    for share in (0.1, 0.5, 0.9):
        assert format_quantity("npv", risk.quantile(share), currency="EUR") in said
    customers = np.array([draw.customer for draw in risk.draws])
    assert format_quantity("_frac", float((customers < 0).mean())) in said
    assert format_quantity("npv", risk.worst.operator, currency="EUR") in said


def test_the_tornado_has_every_assumption_that_moves_something_the_largest_first(page, risk):
    rows = rows_of(page, "tornado")
    assert [row[0].lower() for row in rows] == [one.factor.value for one in risk.moving]
    swings = [abs(number_of(row[4]) - number_of(row[3])) for row in rows]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0.0
    for one in risk.moving:
        ends = sorted((one.at_low.operator, one.at_high.operator))
        assert " to ".join(format_number(end, 0) for end in ends) in words(page)


def test_what_moves_nothing_stands_in_one_line_with_its_reason(page, risk):
    assert len(risk.still) == 3
    said = words(page)
    assert said.count("No effect on this plan: ") == 1
    assert said.count("no effect") == len(risk.still)
    for one in risk.still:
        assert f"{one.factor.value} ({one.no_effect})" in said


def test_the_page_says_of_what_its_per_cent_are(page):
    assert "Per cent are of what the plan has, 100 % being as planned" in words(page)


def test_a_range_says_whether_it_is_given(pool_site, risk, page):
    assert "default: before quotations" in words(page)
    given = Risk.model_validate({"investment": {"frac_p10": 0.95, "frac_p90": 1.05}})
    own = render_risk(risk, pool_site.model_copy(update={"risk": given}), made_at=MADE_AT)
    assert words(own).count("given in the site file") == 1


def test_it_is_set_on_paper(page):
    paper = render_paper(page, made_at=MADE_AT, foot="Riverside Pool")
    assert paper.startswith(b"%PDF-")
    assert paper == render_paper(page, made_at=MADE_AT, foot="Riverside Pool")


def test_the_page_needs_nothing_else(page):
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:,|#)', page)
