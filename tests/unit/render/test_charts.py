"""The charts: what is drawn is what is said, and both stay inside the strict page policy."""

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exotherm.render.charts import (
    Bar,
    Part,
    render_bars,
    render_cash,
    render_columns,
    render_flow,
    render_steps,
    shares_of,
)
from exotherm.render.figure import Axis, Line, Mark, Series, Table, Words
from exotherm.render.svg import Tone, path_of, ticks_between

WORDS = Words(name="one", title="Heat <rises> & stays.", summary="A picture.", source="a test")
TABLE = Table(caption="All", head=("Step", "kW"), rows=(("1", "2"),))


def read(figure: str) -> Any:
    return etree.fromstring(str(figure))


def columns() -> str:
    return render_columns(
        WORDS,
        labels=("Jan", "Feb"),
        series=(
            Series(label="Recovered", tone=Tone.RECOVERED, values=(100.0, 300.0)),
            Series(label="Boiler", tone=Tone.BOILER, values=(50.0, 0.0)),
        ),
        unit="kWh",
    )


def steps() -> str:
    return render_steps(
        WORDS,
        areas=(Series(label="Heat", tone=Tone.BOILER, values=(1.0, 2.0, 4.0)),),
        lines=(Line(label="Need", kind="demand", values=(1.0, None, 3.0)),),
        marks=(Mark(at=0.5, label="noon", more=" today"),),
        table=TABLE,
    )


def cash() -> str:
    return render_cash(
        WORDS, cumulative=(-30.0, -10.0, 10.0), paid_back=(1.5, "Paid back"), head=("Year", "EUR")
    )


def bars(value: float = -5.0) -> str:
    bar = Bar(label="worse", value=value, written="as written")
    return render_bars(
        WORDS, reference=Bar(label="plan", value=10.0, written="10"), bars=(bar,), head=("A", "B")
    )


def flow() -> str:
    return render_flow(
        WORDS,
        inflows=(Part(label="In", tone=Tone.PLAIN, value=10.0),),
        outflows=(
            Part(label="Used", tone=Tone.RECOVERED, value=7.0),
            Part(label="Lost", tone=Tone.LOST, value=3.0),
        ),
        unit="kW",
    )


EVERY = pytest.mark.parametrize("draw", [columns, steps, cash, bars, flow])


@EVERY
def test_says_what_is_to_be_seen_in_title_summary_source_and_table(draw) -> None:
    figure = read(draw())
    assert figure.findtext("figcaption/h3") == "Heat <rises> & stays."
    assert figure.find("svg").get("role") == "img"
    assert figure.find("svg").get("aria-label") == "A picture."
    assert "Source: a test" in [p.text for p in figure.findall("p")]
    assert figure.find("details//table/thead/tr/th") is not None


@EVERY
def test_keeps_to_a_policy_without_inline_style_and_script(draw) -> None:
    elements = list(read(draw()).iter())
    assert not [one for one in elements if one.get("style") or one.tag in ("style", "script")]
    assert not [one for one in elements if one.get("onclick") or one.get("href")]


@EVERY
def test_refers_only_to_what_it_defines_under_its_own_name(draw) -> None:
    markup = str(draw())
    identities = re.findall(r'\bid="([^"]+)"', markup)
    assert len(set(identities)) == len(identities)
    assert all(one.startswith("one") for one in identities)
    assert set(re.findall(r"url\(#([^)]+)\)", markup)) <= set(identities)


def test_columns_are_as_high_as_their_values() -> None:
    heights = [float(r.get("height")) for r in read(columns()).findall("svg[@role='img']/rect")]
    assert heights[0] == pytest.approx(heights[2] / 3, abs=0.02)
    assert heights[1] == pytest.approx(heights[0] / 2, abs=0.02)
    assert heights[3] == 0.0


def test_columns_say_the_same_in_their_table() -> None:
    cells = ["".join(one.itertext()) for one in read(columns()).findall("details//tbody/tr/*")]
    assert cells == ["Jan", "100", "50", "150", "Feb", "300", "0", "300"]


def test_tones_differ_in_pattern_and_not_in_colour_alone() -> None:
    tones = set(Tone) - {Tone.RECOVERED, Tone.GAIN, Tone.PLAIN}
    parts = [Part(label=tone.value, tone=tone, value=1.0) for tone in tones]
    figure = read(render_flow(WORDS, inflows=parts, outflows=parts, unit="kW"))
    lines = [path.get("d") for path in figure.findall("svg[@role='img']/defs/pattern/path")]
    assert len(lines) == len(tones)
    assert len(set(lines)) == len(tones)


def test_a_missing_value_breaks_the_line() -> None:
    (line,) = read(steps()).findall("svg[@role='img']/svg/path")
    assert line.get("d").count("M") == 2


def test_a_missing_value_is_no_area_and_no_fault() -> None:
    areas = (Series(label="Heat", tone=Tone.RECOVERED, values=(None, 2.0)),)
    drawn = render_steps(WORDS, areas=areas, marks=(), table=TABLE)
    (clip,) = read(drawn).findall("svg[@role='img']/defs/clipPath/path")
    first, *_ = re.findall(r"[ML]([\d.]+),([\d.]+)", clip.get("d"))
    assert (float(first[0]), float(first[1])) == (0.0, 1.0)


def test_what_is_not_a_number_is_never_drawn() -> None:
    with pytest.raises((AssertionError, ValueError)):
        bars(float("nan"))


def test_cash_crosses_nought_where_it_is_paid_back() -> None:
    (curve,) = read(cash()).findall("svg[@role='img']/svg/path")
    points = [tuple(map(float, p)) for p in re.findall(r"([\d.]+),([\d.]+)", curve.get("d"))]
    nought = float(read(cash()).find("svg[@role='img']/circle").get("cy"))
    assert (750.0, nought) in points


def test_a_negative_bar_is_patterned_as_cost_and_a_positive_one_is_not() -> None:
    assert "url(#one-cost)" in str(bars(-5.0))
    assert "url(#one-cost)" not in str(bars(5.0))


def test_a_flow_whose_sides_differ_is_a_fault_of_the_program() -> None:
    with pytest.raises(AssertionError):
        render_flow(
            WORDS,
            inflows=(Part(label="In", tone=Tone.PLAIN, value=10.0),),
            outflows=(Part(label="Out", tone=Tone.LOST, value=9.0),),
            unit="kW",
        )


@given(st.lists(st.floats(min_value=0.0, max_value=1e9), min_size=1, max_size=8))
def test_shares_sum_to_one_hundred_exactly(values: list[float]) -> None:
    shares = shares_of([Part(label="x", tone=Tone.LOST, value=value) for value in values])
    tenths = [round(10 * share) for share in shares]
    assert sum(tenths) == (1000 if sum(values) > 0 else 0)
    whole = sum(values) or 1.0
    assert all(
        abs(share - 100 * value / whole) <= 0.1001
        for share, value in zip(shares, values, strict=True)
    )


@given(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7))
def test_ticks_are_even_and_cover_the_values_and_nought(one: float, two: float) -> None:
    ticks = ticks_between(min(one, two), max(one, two))
    step = ticks[1] - ticks[0]
    assert ticks[0] <= min(one, two, 0.0) + 1e-6 * step
    assert ticks[-1] >= max(one, two, 0.0) - 1e-6 * step
    assert len(ticks) <= 8
    assert {round((after - before) / step, 6) for before, after in pairwise(ticks)} == {1.0}


def test_an_axis_puts_its_ends_at_its_edges() -> None:
    axis = Axis(ticks=(0.0, 5.0, 10.0), height=100.0)
    top, bottom = axis.down
    assert (axis.y(10.0), axis.y(0.0), axis.y(5.0)) == (top, bottom, (top + bottom) / 2)


@pytest.mark.parametrize(
    ("ticks", "written"),
    [
        ((0.0, 0.5, 1.0), ["0", "0.5", "1.0"]),
        ((0.0, 250_000.0, 500_000.0), ["0", "250\u202f000", "500\u202f000"]),
        ((-5e6, 0.0, 5e6), ["\u22125\u00a0M", "0", "5\u00a0M"]),
        ((0.0, 250_000.0, 1_000_000.0), ["0", "0.25\u00a0M", "1.00\u00a0M"]),
    ],
)
def test_ticks_are_written_short_enough_for_a_telephone(ticks, written) -> None:
    axis = Axis(ticks=ticks, height=100.0)
    assert [axis.written(tick) for tick in ticks] == written


@pytest.mark.parametrize(("year", "anchor"), [(0.2, "start"), (1.0, "middle"), (1.9, "end")])
def test_what_is_said_of_paying_back_stays_in_the_drawing(year, anchor) -> None:
    drawn = render_cash(
        WORDS, cumulative=(-30.0, -10.0, 10.0), paid_back=(year, "Paid back"), head=("Year", "EUR")
    )
    (said,) = (
        one for one in read(drawn).findall("svg[@role='img']/text") if one.text == "Paid back"
    )
    assert said.get("text-anchor") == anchor


def test_a_path_begins_anew_after_a_gap() -> None:
    assert path_of([(0, 1), (1, 1), None, (2, 3)]) == "M0,1 L1,1 M2,3"
