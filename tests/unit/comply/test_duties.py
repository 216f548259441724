"""Duties: dates bite, drafts bind nobody, and what is not known is asked for."""

from datetime import timedelta

import pytest

from exotherm.comply.duties import Duty, duties_of, judge, open_questions
from exotherm.comply.facts import facts_of
from exotherm.comply.rules import AREAS, every_rule, rule_of

DAY = timedelta(days=1)
LAW = [rule for rule in every_rule() if rule.in_force_from is not None]
ENDING = [rule for rule in LAW if rule.until is not None]
DRAFTS = [rule for rule in every_rule() if rule.status == "draft"]


def _of(duties: tuple[Duty, ...], identifier: str) -> Duty:
    return next(duty for duty in duties if duty.rule.id == identifier)


class TestDates:
    @pytest.mark.parametrize("rule", LAW, ids=lambda rule: rule.id)
    def test_a_rule_holds_from_its_first_day(self, rule, known):
        country = rule.countries[0]
        assert judge(rule, known(country, on=rule.in_force_from)).stage == "in force"
        early = judge(rule, known(country, on=rule.in_force_from - DAY))
        assert early.stage == "not yet in force"
        assert early.applies == "does not apply"
        assert early.is_ahead
        assert str(rule.in_force_from.year) in early.because

    @pytest.mark.parametrize("rule", ENDING, ids=lambda rule: rule.id)
    def test_a_rule_holds_until_its_last_day(self, rule, known):
        country = rule.countries[0]
        assert judge(rule, known(country, on=rule.until)).stage == "in force"
        late = judge(rule, known(country, on=rule.until + DAY))
        assert late.stage == "no longer in force"
        assert late.applies == "does not apply"
        assert not late.is_ahead

    @pytest.mark.parametrize(
        ("ends", "begins"),
        [
            ("EU-MACHINERY-2006", "EU-MACHINERY-2023"),
            ("DE-ENEFG-11-5-50", "DE-ENEFG-11-5-100"),
            ("SE-BBR-LEGIONELLA", "SE-HOT-WATER"),
            ("GB-HN-REGISTER", "GB-HN-APPLY"),
        ],
    )
    def test_a_rule_that_takes_over_leaves_no_day_between(self, ends, begins):
        last, first = rule_of(ends).until, rule_of(begins).in_force_from
        assert last is not None
        assert first == last + DAY

    def test_a_rule_to_come_is_told_with_what_it_would_find(self, known, today):
        rule = rule_of("DE-ENEFG-11-5-100")
        ahead = judge(rule, known("DE", on=today, dc_input_kw_rated=300))
        assert ahead.applies == "does not apply"
        assert ahead.met is True
        assert ahead.because == "it is in force from 1 Jan 2027 only"
        small = judge(rule, known("DE", on=today, dc_input_kw_rated=299))
        assert not small.is_ahead


class TestDrafts:
    @pytest.mark.parametrize("rule", DRAFTS, ids=lambda rule: rule.id)
    def test_a_draft_never_applies_and_says_so(self, rule, known, today):
        duty = judge(rule, known(rule.countries[0], on=today))
        assert duty.stage == "draft"
        assert duty.applies == "does not apply"
        assert "draft" in duty.because
        assert rule.in_force_from is None

    def test_a_draft_still_tells_whether_it_would_hold(self, known):
        duty = judge(rule_of("DE-ENEFG-DRAFT-PUE"), known("DE", dc_input_kw_rated=300))
        assert duty.met is True
        assert duty.is_ahead

    def test_what_only_a_draft_asks_is_not_asked(self, known):
        duties = duties_of(known("GB", heat_sold=False))
        assert "in_heat_zone" not in {question.fact for question in open_questions(duties)}


class TestElsewhere:
    def test_law_of_another_country_does_not_apply(self, known):
        duty = judge(rule_of("DE-ENEFG-13"), known("FR", dc_input_kw_rated=3000))
        assert duty.stage == "elsewhere"
        assert duty.applies == "does not apply"
        assert "Germany" in duty.because
        assert not duty.is_ahead

    @pytest.mark.parametrize("country", ["GB", "CH", "NO"])
    def test_the_union_ends_at_its_borders(self, country, known):
        assert all(duty.rule.jurisdiction != "European Union" for duty in duties_of(known(country)))

    def test_a_country_without_packs_has_no_duties_here(self, known):
        assert duties_of(known("US")) == ()


class TestOutcomes:
    def test_each_outcome_has_its_reason_or_its_question(self, known):
        rule = rule_of("EU-EED-12")
        large = judge(rule, known("DE", it_power_kw_rated=500))
        assert (large.applies, large.missing) == ("applies", ())
        assert large.because.replace("\u00a0", " ") == (
            "the rated power of the servers is 500 kW, at least 500 kW"
        )
        small = judge(rule, known("DE", it_power_kw_rated=499.9))
        assert (small.applies, small.missing) == ("does not apply", ())
        unknown = judge(rule, known("DE"))
        assert (unknown.applies, unknown.because) == ("cannot be told", "")
        assert unknown.missing == ("it_power_kw_rated",)

    def test_duties_come_by_area(self, known):
        order = [AREAS.index(duty.rule.area) for duty in duties_of(known("DE"))]
        assert order == sorted(order)
        assert len(order) == len({duty.rule.id for duty in duties_of(known("DE"))})

    def test_questions_come_with_the_rules_that_wait(self, known):
        questions = open_questions(duties_of(known("DE")))
        counts = [len(question.rules) for question in questions]
        assert counts == sorted(counts, reverse=True)
        heat_sold = next(one for one in questions if one.fact == "heat_sold")
        assert {"DE-AVB", "DE-FFVAV", "EU-EED-21", "EU-MID"} <= set(heat_sold.rules)
        assert heat_sold.tell.startswith("whether the heat is sold")

    def test_no_rule_passes_in_silence(self, known):
        for country in ("DE", "GB", "FR", "SE", "NL", "DK", "FI", "IT"):
            for duty in duties_of(known(country)):
                assert duty.met is None
                assert duty.missing


class TestExamples:
    """What the rules come to for the example sites, each against the reading of the law."""

    def test_the_pool_in_italy(self, site_of, terms, today):
        duties = duties_of(facts_of(site_of("pool"), terms("IT"), today))
        assert _of(duties, "EU-EED-12").applies == "does not apply"
        assert _of(duties, "EU-EED-26-6").applies == "does not apply"
        assert _of(duties, "EU-EED-21").applies == "applies"
        assert _of(duties, "EU-MID").applies == "applies"
        assert _of(duties, "EU-EED-16").applies == "does not apply"
        assert _of(duties, "EU-HD60364-7-702").applies == "applies"
        assert _of(duties, "IT-LEGIONELLA").applies == "does not apply"
        assert _of(duties, "EU-EINVOICE-PUBLIC").applies == "applies"
        assert _of(duties, "EU-PROCUREMENT").missing == ("contract_value_eur",)
        assert _of(duties, "EU-FGAS-5").applies == "does not apply"

    def test_the_school_in_great_britain(self, site_of, terms, today):
        duties = duties_of(facts_of(site_of("school"), terms("GB"), today))
        # Two buildings get the heat, so it is a district heat network.
        assert _of(duties, "GB-HN-AUTHORISATION").applies == "applies"
        assert _of(duties, "GB-HN-REGISTER").missing == ("operation_starts_on",)
        assert _of(duties, "GB-HN-APPLY").stage == "not yet in force"
        assert _of(duties, "GB-L8").applies == "applies"
        assert _of(duties, "GB-DSEAR").applies == "applies"
        assert _of(duties, "GB-PSSR").applies == "does not apply"
        assert _of(duties, "GB-FGAS").missing == ("cooling_charge_tco2e",)
        assert _of(duties, "GB-MCP").applies == "does not apply"

    def test_a_network_bought_in_bulk_is_its_operators_own(self, other_site, terms, today):
        place = {"country": "GB", "zone": "Europe/London", "currency": "GBP"}
        raw = other_site("district-heating").model_dump(exclude_unset=True)["site"] | place
        site = other_site("district-heating", site=raw)
        contract = terms("GB", supplier_is="bulk supplier", customer_class="heat network")
        duties = duties_of(facts_of(site, contract, today))
        assert _of(duties, "GB-HN-AUTHORISATION").applies == "does not apply"
        assert _of(duties, "GB-HN-BULK").applies == "applies"

    def test_the_care_home_in_germany(self, site_of, terms, today):
        duties = duties_of(facts_of(site_of("care-home"), terms("DE"), today))
        assert _of(duties, "DE-ENEFG-13").applies == "does not apply"
        assert _of(duties, "DE-AVB").applies == "applies"
        assert _of(duties, "DE-FFVAV").applies == "applies"
        assert _of(duties, "DE-FFVAV-RETROFIT").applies == "does not apply"
        assert _of(duties, "DE-TRINKWV-31").applies == "applies"
        assert _of(duties, "DE-W551").applies == "applies"
        assert _of(duties, "DE-AWSV").missing == ("oil_volume_l",)
        assert _of(duties, "DE-FIRE").missing == ("servers_in_used_building",)

    def test_the_housing_block_in_france(self, site_of, terms, today):
        block = facts_of(site_of("housing-block"), terms("FR"), today)
        duties = duties_of(block)
        # One customer, supplied straight: no network, so the full rate.
        assert _of(duties, "FR-TVA-DIRECT").applies == "applies"
        assert _of(duties, "FR-TVA-RESEAU").applies == "does not apply"
        assert _of(duties, "EU-FGAS-5").missing == ("refrigerant_charge_kg", "hermetic")
        two = terms("FR", other_buyers=("Example Neighbour",))
        shared = duties_of(facts_of(site_of("housing-block"), two, today))
        assert _of(shared, "FR-TVA-RESEAU").applies == "applies"
        assert _of(shared, "FR-TVA-DIRECT").applies == "does not apply"

    def test_the_network_in_denmark(self, site_of, terms, today):
        contract = terms("DK", customer_class="heat network")
        duties = duties_of(facts_of(site_of("district-heating"), contract, today))
        assert _of(duties, "EU-EED-12").applies == "applies"
        assert _of(duties, "EU-2024-1364").applies == "applies"
        assert _of(duties, "DK-SURPLUS-PRICE").applies == "applies"
        assert _of(duties, "EU-EED-21").applies == "does not apply"

    def test_a_connected_load_near_the_threshold_is_asked_for(self, site_of, other_site, today):
        computing = site_of("care-home").computing.model_dump(exclude_unset=True)
        large = other_site("care-home", computing=computing | {"power_kw_rated": 200.0})
        asked = _of(duties_of(facts_of(large, None, today)), "DE-ENEFG-13")
        assert asked.missing == ("dc_input_kw_rated",)
        told = facts_of(large, None, today, told={"dc_input_kw_rated": 300.0})
        assert _of(duties_of(told), "DE-ENEFG-13").applies == "applies"
        told = facts_of(large, None, today, told={"dc_input_kw_rated": 299.0})
        assert _of(duties_of(told), "DE-ENEFG-13").applies == "does not apply"
