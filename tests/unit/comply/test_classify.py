"""Energy asset, IT asset or hybrid."""

import pytest

from exotherm.comply.classify import classify, load_criteria
from exotherm.comply.facts import facts_of

IT_ONLY = {"induced_it_frac": 0.0, "heat_sold": False, "network": False}


class TestKind:
    def test_servers_that_heat_their_owners_house_are_it(self, known):
        found = classify(known(**IT_ONLY))
        assert found.kind == "IT asset"
        assert (found.energy_points, found.it_points) == (0, 2)

    def test_servers_whose_heat_is_sold_are_both(self, known):
        found = classify(known(**IT_ONLY | {"heat_sold": True}))
        assert found.kind == "hybrid"
        assert [reason.criterion.id for reason in found.reasons] == ["it-own-sake", "energy-sold"]

    def test_servers_that_run_for_their_heat_are_an_energy_asset(self, known):
        found = classify(known(**IT_ONLY | {"heat_sold": True, "induced_it_frac": 0.5}))
        assert found.kind == "energy asset"

    def test_a_large_data_centre_stays_it_beside(self, known):
        facts = IT_ONLY | {"heat_sold": True, "induced_it_frac": 1.0, "it_power_kw_rated": 500}
        assert classify(known(**facts)).kind == "hybrid"

    @pytest.mark.parametrize(("share", "kind"), [(0.5, "energy asset"), (0.4999, "IT asset")])
    def test_half_of_the_load_is_the_edge(self, share, kind, known):
        assert classify(known(**IT_ONLY | {"induced_it_frac": share})).kind == kind

    def test_one_small_mark_does_not_make_a_side_count(self, known):
        found = classify(known(**IT_ONLY | {"network": True}))
        assert found.energy_points == 1
        assert found.kind == "IT asset"

    def test_two_small_marks_do(self, known):
        assert classify(known(**IT_ONLY | {"network": True, "homes": True})).kind == "hybrid"

    def test_nothing_known_is_undecided(self, known):
        found = classify(known())
        assert found.kind == "hybrid"
        assert found.could_be == ("energy asset", "IT asset")
        assert not found.is_firm


class TestFirmness:
    def test_what_is_open_could_change_it(self, site_of, today):
        found = classify(facts_of(site_of("pool"), None, today))
        assert found.kind == "IT asset"
        assert found.could_be == ("hybrid",)
        assert "heat_sold" in {name for reason in found.open for name in reason.missing}

    def test_what_is_open_but_cannot_change_it_leaves_it_firm(self, site_of, terms, today):
        found = classify(facts_of(site_of("school"), terms("GB"), today))
        assert found.kind == "hybrid"
        assert found.is_firm
        assert found.open  # whether homes get the measured heat

    def test_the_contract_tells_who_answers_for_warmth(self, site_of, terms, today):
        ours = terms("IT", fallback="supplier", authorisation="register of examples 7")
        found = classify(facts_of(site_of("pool"), ours, today))
        holding = {reason.criterion.id for reason in found.reasons}
        assert {"energy-firm", "energy-authorised"} <= holding
        assert "it-fallback" not in holding


class TestCriteria:
    def test_each_side_has_marks_with_a_source(self):
        criteria = load_criteria().criteria
        assert {one.side for one in criteria} == {"energy asset", "IT asset"}
        assert len({one.id for one in criteria}) == len(criteria)
        assert all(one.source and one.points > 0 for one in criteria)
