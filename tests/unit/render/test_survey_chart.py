import re
from datetime import date

from surveys import result_with

from exotherm.render.survey_chart import render_programme

WINDOW = [{"from_on": date(2025, 8, 4), "until_on": date(2025, 8, 24)}]


def drawn(*arguments):
    chart = render_programme(result_with(*arguments))
    assert chart is not None
    return str(chart)


def test_the_title_says_what_the_first_heat_hangs_on(pool_site):
    assert "First heat on 16 Aug 2025: the tie-in waits 19\xa0days for an agreed" in drawn(
        pool_site, ("shutdowns", WINDOW)
    )
    assert "no finding moves it" in drawn(pool_site)
    late = drawn(pool_site, ("electricity.transformer", "to be replaced"))
    assert "First heat on 9 Jan 2026: findings move it by 165\xa0days." in late


def test_each_activity_is_a_bar_within_the_drawing(pool_site):
    svg = drawn(pool_site, ("routes.0.asbestos", True), ("shutdowns", WINDOW))
    bars = re.findall(r'<rect x="([\d.]+)%" y="20" width="([\d.]+)%" height="14"', svg)
    # Five phases, one finding, one window.
    assert len(bars) == 7
    assert all(float(left) + float(width) <= 100.01 for left, width in bars)
    assert "brought by a finding" in svg
    assert "<td>17 Apr 2025</td>" in svg  # design ends before


def test_names_of_a_file_are_escaped_and_no_programme_is_no_chart(pool_site):
    past = [{"from_on": date(2020, 8, 4), "until_on": date(2020, 8, 24)}]
    assert render_programme(result_with(pool_site, ("shutdowns", past))) is None
