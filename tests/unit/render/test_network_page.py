"""The page of a heat network: what its charts and tables say, against the study itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from cases import EXAMPLES
from shown_pages import number_of, parsed, rows_of, words

from exotherm.core.units import format_number
from exotherm.plan.heat_network_study import NetworkStudy
from exotherm.render.figure import Table, Words
from exotherm.render.network_map import Spot, render_map
from exotherm.render.network_page import _shown, render_network
from exotherm.render.paper import render_paper
from exotherm.usecases.heat_network import study_network_file

MADE_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def study() -> NetworkStudy:
    done = study_network_file(EXAMPLES / "district-heating" / "network.toml")
    assert done.study is not None
    return done.study


@pytest.fixture(scope="module")
def page(study) -> str:
    return render_network(study, made_at=MADE_AT)


def test_the_months_add_up_to_what_each_source_gave(page, study):
    rows = rows_of(page, "months")
    assert len(rows) == 12
    for number, source in enumerate(study.sources, start=1):
        whole = sum(number_of(row[number]) for row in rows)
        assert whole == pytest.approx(source.heat_kwh / 1000.0, abs=6.0), source.name


def test_the_sorted_hours_fall_and_hold_the_year(page, study):
    rows = rows_of(page, "duration")
    sums = [sum(number_of(cell) for cell in row[1:]) for row in rows]
    assert sums == sorted(sums, reverse=True)
    most = study.year.routed.heat_kw.sum(axis=1).max()
    assert f"The largest hour is {format_number(most, 0)}" in words(page)


def test_every_node_is_drawn_with_who_is_there(page, study):
    figure = parsed(page).get_element_by_id("map")
    drawn = [one.text_content() for one in figure.findall("./svg/text")]
    network = study.year.laid.network
    nodes = {pipe.from_node for pipe in network.pipes} | {pipe.to_node for pipe in network.pipes}
    assert nodes <= set(drawn)
    circles = figure.findall("./svg/circle")
    assert len(circles) == len(nodes)
    giving = {source.node for source in study.year.laid.sources}
    assert sum("gives" in one.get("class") for one in circles) == len(giving)
    assert len(rows_of(page, "map")) == len(network.pipes)


def test_no_two_nodes_of_a_tree_share_a_row():
    rng = np.random.default_rng(3)
    spots = [
        Spot(
            name=f"n{number}",
            parent=-1 if number == 0 else int(rng.integers(number)),
            dn=50,
            gives=False,
            said="",
            carries="",
        )
        for number in range(40)
    ]
    table = Table(caption="none", head=("none",), rows=())
    drawn = parsed(
        render_map(Words(name="m", title="t", summary="s", source="x"), spots=spots, table=table)
    )
    places = {(one.get("cx"), one.get("cy")) for one in drawn.iter("circle")}
    assert len({y for _, y in places if float(y) != 7.0}) == 40
    assert all(float(x.rstrip("%")) <= 60.0 for x, _ in places if x.endswith("%"))


def test_what_the_file_does_not_say_stands_once_with_its_source(page):
    said = words(page)
    assert "pipes[].fittings" in said
    assert said.count("pipes[].fittings") == 1
    assert "pipes[0]" not in said


def test_it_is_set_on_paper_and_needs_nothing_else(page):
    paper = render_paper(page, made_at=MADE_AT, foot="Lysbakke")
    assert paper.startswith(b"%PDF-")
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:,|#)', page)


def test_no_tone_stands_for_two(study):
    """Nine data centres and nine plants: those that give least share a tone, and say so."""
    routed = study.year.routed
    many = replace(
        study,
        sources=study.sources * 3,
        year=replace(study.year, routed=replace(routed, heat_kw=np.tile(routed.heat_kw, 3))),
    )
    shown = _shown(many)
    assert len({one.tone for one in shown}) == len(shown) == 12
    assert [one.label for one in shown if "other" in one.label] == [
        "4 other data centres",
        "4 other plants",
    ]
    assert sorted(number for one in shown for number in one.sources) == list(range(18))
    least = max(
        many.sources[number].heat_kwh
        for one in shown
        for number in one.sources
        if one.label == "4 other plants"
    )
    alone = (one.sources[0] for one in shown if len(one.sources) == 1)
    plants = [number for number in alone if many.sources[number].rejected_kwh is None]
    assert all(many.sources[number].heat_kwh >= least for number in plants)
    page = render_network(many, made_at=MADE_AT)
    whole = sum(number_of(cell) for row in rows_of(page, "months") for cell in row[1:13])
    assert whole == pytest.approx(3 * routed.heat_kw.sum() / 1000.0, abs=80.0)
