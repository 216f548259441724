"""The pages of a proposal: what they say, what they keep to themselves, and how paper has them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from lxml import html

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_number, format_quantity
from exotherm.plan.proposal import Proposal, make_proposal
from exotherm.plan.study import make_study
from exotherm.prove.wording import unbacked_in
from exotherm.render.paper import render_paper
from exotherm.render.paper_blocks import blocks_of
from exotherm.render.proposal import LEFT_OUT, names_of, render_proposal
from exotherm.site.basis import Basis
from exotherm.site.economics import BoilerRenewal

MADE_AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
OPEN = Source(file="contract.toml").error(
    "contract.clause-missing", "insurance", message="LEG-9 is missing.", remedy="Fill it."
)


def proposal_of(site, contract, surroundings, *against: Finding) -> Proposal:
    return make_proposal(
        site,
        contract,
        surroundings,
        against=against,
        survey=None,
        draws=20,
        threads=2,
    )


@pytest.fixture(scope="module")
def pool(pool_site, pool_contract, pool_surroundings):
    return pool_site, pool_contract, pool_surroundings


@pytest.fixture(scope="module")
def proposal(pool) -> Proposal:
    return proposal_of(*pool)


@pytest.fixture(scope="module")
def page(proposal, pool) -> str:
    return render_proposal(proposal, pool[0], pool[1], made_at=MADE_AT).html


@pytest.fixture(scope="module")
def page_of(pool):
    def rendered(other: Proposal) -> str:
        return render_proposal(other, pool[0], pool[1], made_at=MADE_AT).html

    return rendered


def text_of(page: str) -> str:
    main = html.document_fromstring(page).find(".//main")
    assert main is not None
    for element in main.iter():
        element.tail = f" {element.tail or ''}"
    return re.sub(r"[ \n]+", " ", "".join(map(str, main.itertext())))


def test_the_first_sentence_is_of_figures_that_nine_of_ten_keep_to(proposal, page):
    year = proposal.cost.year
    heat = format_quantity("heat_kwh", year.heat_kwh_min)
    price = format_quantity("per_kwh", year.bill_per_kwh_max or 0.0)
    assert f"at least {heat} of heat a year" in text_of(page)
    assert f"for at most {price} all in" in text_of(page)
    assert "20 draws of all assumptions at once, nine in ten come out no worse" in text_of(page)


def test_the_headings_stand_in_their_order(page):
    heads = [head.text for head in html.document_fromstring(page).iterfind(".//h2")]
    assert heads == [
        "What is offered",
        "What heat costs over the term",
        "When things come otherwise",
        "When one thing fails",
        "Fallback",
        "Seasons and maintenance windows",
        "Protections",
        "What these figures rest on",
        "What is open",
        "Values of the site",
    ]


@pytest.mark.parametrize(
    "words",
    [
        # The contract's own words, clause by clause.
        "Delivered heat costs 0.0680\u00a0EUR/kWh.",
        "The contract runs from 1 Jan 2026 to 31 Dec 2040, both days included.",
        "The plant may stand still for maintenance on Tuesdays from 04:00 to 06:00",
        "The fallback takes over where supply is below 29.5\u00a0°C while heat is called for.",
        "insolvency of the supplier and no heat for 30",
        "The supplier keeps public liability, with damage by water",
        # What is not known is said.
        "What a new boiler costs, and when it is due, is not known here",
        "How long faults last is not stated for this site",
        "No survey of the buildings was made",
        "Emissions None are claimed here.",
    ],
)
def test_it_says(page, words):
    assert words in text_of(page)


def test_a_saving_that_is_not_sure_is_not_promised(proposal, page, page_of):
    saved = proposal.cost.kept.present.saved_min
    assert saved < 0
    assert "No saving is promised over 15 years" in text_of(page)
    rosy = replace(proposal.cost.kept.present, saved_min=1234.4)
    kept = replace(proposal.cost.kept, present=rosy)
    better = replace(proposal, cost=replace(proposal.cost, lifetimes=(kept,)))
    said = text_of(page_of(better))
    assert (
        "In nine of ten cases the service saves 1\u202f234\u00a0EUR or more over 15 years." in said
    )
    assert "No saving is promised" not in said


def test_numbers_of_the_tables_are_those_of_the_proposal(proposal, page):
    said = text_of(page)
    for one in proposal.scenarios.tried:
        row = (one.wanted_kwh, one.served.service_kwh, one.served.own_kwh, one.served.short_kwh)
        assert " ".join(format_number(value, 0) for value in row) in said
    for fault in proposal.faults.tried:
        served = fault.served
        row = (fault.lasts_h, served.service_kwh, served.own_kwh, served.short_kwh)
        assert " ".join(format_number(value, 0) for value in row) in said


def test_what_the_operator_invests_and_earns_is_not_in_it(pool, page):
    site = pool[0]
    study = make_study(*pool)
    for path in (
        "economics.investment",
        "upkeep_per_year",
        "electricity_per_kwh",
        "risk.investment",
    ):
        assert path not in page
    said = text_of(page)
    amounts = [one.amount for one in site.economics.investment]
    # The contract itself tells what a buy-out costs; none of it is the operator's own money.
    for amount in (study.finance.npv, site.economics.upkeep_per_year, *amounts):
        assert f" {format_number(amount, 0)} " not in said


def test_it_is_one_file_and_asks_nothing_of_the_world(page):
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page)
    assert "<script" not in page


def test_a_draft_says_so_at_its_head_and_on_every_sheet(pool):
    draft = proposal_of(*pool, OPEN)
    assert draft.is_draft
    page = render_proposal(draft, pool[0], pool[1], made_at=MADE_AT).html
    assert "Draft" in text_of(page)
    assert "The contract is not ready to sign: 1 point to settle first." in text_of(page)
    assert '@top-left { content: "Draft' in page
    paper = render_paper(page, made_at=MADE_AT, foot="DRAFT, not ready")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 5
    assert b"proposal for heat (draft)" in paper


def test_a_contract_that_is_ready_is_no_draft(proposal, page):
    assert not proposal.is_draft
    assert "draft" not in text_of(page).lower()


def test_no_word_that_nothing_backs_is_on_the_page(pool, page):
    assert unbacked_in(text_of(page), names=names_of(pool[0], pool[1])) == ()
    assert render_proposal(proposal_of(*pool), *pool[:2], made_at=MADE_AT).left_out == ()


def test_a_clause_with_such_words_is_left_out_and_told(proposal, pool):
    site, contract, _ = pool
    works = contract.included_maintenance.model_copy(
        update={"works": ("upkeep of the climate-neutral plant",)}
    )
    boastful = contract.model_copy(update={"included_maintenance": works})
    made = render_proposal(proposal, site, boastful, made_at=MADE_AT)
    assert [(one.table, one.unbacked.words) for one in made.left_out] == [
        ("included_maintenance", "climate-neutral")
    ]
    assert LEFT_OUT in text_of(made.html)
    assert "neutral" not in text_of(made.html)


def test_such_words_elsewhere_are_left_out_as_well_and_names_stay(pool):
    site, contract, surroundings = pool
    guess = Basis(
        values="economics.fuel_per_kwh",
        kind="quoted",
        source="offer of the eco-friendly fuel trade",
        dated_on=date(2026, 1, 5),
    )
    place = site.site.model_copy(update={"name": "Green Lane Pool"})
    other = site.model_copy(update={"basis": (*site.basis, guess), "site": place})
    made = render_proposal(
        proposal_of(other, contract, surroundings), other, contract, made_at=MADE_AT
    )
    assert [one.unbacked.words for one in made.left_out] == ["eco-friendly"]
    assert "Green Lane Pool" in text_of(made.html)
    assert "quoted" in text_of(made.html)


def test_a_new_boiler_is_compared_where_its_price_is_known(pool):
    site, contract, surroundings = pool
    renewal = BoilerRenewal(amount=40_000.0, due_in_years=6)
    economics = site.economics.model_copy(update={"boiler_renewal": renewal})
    other = site.model_copy(update={"economics": economics})
    made = proposal_of(other, contract, surroundings)
    said = text_of(render_proposal(made, other, contract, made_at=MADE_AT).html)
    for words in ("Boiler kept", "Boiler replaced now", "Boiler replaced in 6\u00a0years"):
        assert words in said
    assert "A new boiler costs 40\u202f000\u00a0EUR and is due in 6 years" in said
    assert "is not known here" not in said
    assert "90\u00a0% of the heat in its fuel (default: a condensing boiler)" in said
    kept, replaced = made.cost.lifetimes[:2]
    assert replaced.present.alone_min < kept.present.alone_min + 40_000.0


def test_clauses_that_are_not_there_are_named_and_no_reason_to_fail(proposal, pool):
    site, contract, _ = pool
    bare = contract.model_copy(update={"insurance": None, "step_in": None, "roles": None})
    said = text_of(render_proposal(proposal, site, bare, made_at=MADE_AT).html)
    assert "The contract says nothing of: step-in, continuity and insolvency, insurance." in said
    assert "Who owns, runs, maintains and pays for each part is not settled" in said


def test_a_promise_that_is_missed_is_in_the_title_of_its_chart(proposal, page, page_of):
    assert "keeps its promise in all years" in text_of(page)
    tried = list(proposal.scenarios.tried)
    tried[1] = replace(tried[1], available_frac=Decimal("0.9"))
    worse = replace(proposal, scenarios=replace(proposal.scenarios, tried=tuple(tried)))
    assert "keeps its promise in 4 of 5 years" in text_of(page_of(worse))


def test_paper_has_every_table_and_chart_of_the_page(page):
    main = html.document_fromstring(page).find(".//main")
    assert main is not None
    blocks = list(_flat(blocks_of(main)))
    kinds = [block["kind"] for block in blocks]
    unfolded = len(main.findall(".//details//table"))
    assert kinds.count("chart") == len(main.findall(".//figure")) == 3
    assert kinds.count("table") == len(main.findall(".//table")) - unfolded


def _flat(blocks):
    for block in blocks:
        yield block
        yield from _flat(block.get("blocks", []))
        for cell in block.get("cells", []):
            yield from _flat(cell)


def test_the_same_proposal_gives_the_same_bytes(proposal, page, page_of):
    assert page_of(proposal) == page
    first, second = (render_paper(page, made_at=MADE_AT, foot="x") for _ in range(2))
    assert first == second
