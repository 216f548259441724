"""Facts: what the files tell, what they only bound, what a person may tell besides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from exotherm.comply.catalogue import catalogue, kind_of
from exotherm.comply.facts import TOLD, facts_of
from exotherm.comply.from_site import drawn_kw
from exotherm.comply.refrigerants import refrigerant_laws
from exotherm.comply.values import UNBOUNDED, Several, Span
from exotherm.physics.refrigerants import REFRIGERANTS


class TestOfASite:
    @pytest.mark.parametrize(
        "example", ["pool", "school", "care-home", "housing-block", "district-heating"]
    )
    def test_every_example_gives_facts_of_the_catalogue(self, example, site_of, today):
        facts = facts_of(site_of(example), None, today)
        assert facts.country == site_of(example).site.country
        assert facts.on == today
        assert set(facts.facts) <= set(catalogue())
        assert all(fact.source.startswith("site file: ") for fact in facts.facts.values())

    def test_the_pool(self, site_of, today):
        known = facts_of(site_of("pool"), None, today).known
        assert known["it_power_kw_rated"] == Span.exactly(28.0)
        assert known["pool"] is True
        assert known["hot_water"] is False
        assert known["heat_pump"] is False
        assert known["refrigerant_charge_tco2e"] == Span.exactly(0.0)
        assert known["heat_buildings"] == Span.exactly(1.0)
        assert known["building_kinds"] == Several(())
        assert known["heat_meter_remote"] is True
        assert "pool_public" not in known
        assert "heat_sold" not in known
        assert "oil_volume_l" not in known

    def test_what_the_data_centre_draws_is_the_sum_of_its_parts(self, site_of, today):
        # 28 kW of servers with 4 % lost in their UPS, controls 0.25, coolant pump 0.4, fans 0.8.
        assert drawn_kw(site_of("pool")) == pytest.approx(28.0 * 1.04 + 0.25 + 0.4 + 0.8)
        connected = facts_of(site_of("pool"), None, today).known["dc_input_kw_rated"]
        assert connected == Span(drawn_kw(site_of("pool")), 2.0 * drawn_kw(site_of("pool")))

    def test_air_conditioning_and_chillers_draw_too(self, site_of, other_site):
        school = site_of("school")
        without = other_site("school", air_cooling=None)
        assert drawn_kw(school) > drawn_kw(without)
        cooler = school.rejection.model_dump(exclude_unset=True) | {"chiller_eer": 4.0}
        assert drawn_kw(other_site("school", rejection=cooler)) > drawn_kw(school)

    def test_the_school(self, site_of, today):
        known = facts_of(site_of("school"), None, today).known
        assert known["heat_pump"] is True
        assert known["refrigerant_family"] == "natural"
        assert known["refrigerant_safety_class"] == "A3"
        assert known["heat_pump_power_kw_rated"] == Span(30.0 / 8.0, 15.0)
        assert known["cooling_machine"] is True
        assert "cooling_charge_tco2e" not in known
        # The sports hall's heat was measured, what it is used for is not in the file.
        assert known["building_kinds"] == Several(("school",), complete=False)
        assert "homes" not in known
        assert known["hot_water"] is True
        assert known["hot_water_large"] is True
        assert "showers" not in known
        assert known["heat_buildings"] == Span.exactly(2.0)
        assert known["boiler_input_kw"] == Span(600.0, 600.0 / 0.84)

    def test_the_network(self, site_of, today):
        known = facts_of(site_of("district-heating"), None, today).known
        assert known["network"] is True
        assert known["heat_buildings"] == Span(450.0, UNBOUNDED)
        assert known["boiler_input_kw"] == Span.exactly(0.0)
        assert "hot_water" not in known
        assert "homes" not in known

    def test_homes_and_care(self, site_of, today):
        housing = facts_of(site_of("housing-block"), None, today).known
        assert housing["homes"] is True
        assert "homes_metered" not in housing
        assert housing["refrigerant_family"] == "HFO"
        care = facts_of(site_of("care-home"), None, today).known
        assert care["homes"] is False
        assert care["homes_metered"] is False
        assert care["showers"] is True

    def test_a_building_without_hot_water(self, site_of, other_site, today):
        (home,) = site_of("care-home").buildings
        dry = home.model_dump(exclude_unset=True) | {"hot_water_l_per_m2_day": 0.0}
        known = facts_of(other_site("care-home", buildings=[dry]), None, today).known
        assert known["hot_water"] is False
        assert known["hot_water_large"] is False
        assert known["showers"] is False

    def test_a_small_hot_water_installation_is_not_called_large_or_small(
        self, site_of, other_site, today
    ):
        (home,) = site_of("care-home").buildings
        small = {"preheat_store_m3": 0.4, "circulation_m_per_m2": 0.001}
        little = home.model_dump(exclude_unset=True) | small
        known = facts_of(other_site("care-home", buildings=[little]), None, today).known
        assert "hot_water_large" not in known

    def test_an_adiabatic_cooler_leaves_its_water_open(self, site_of, other_site, today):
        cooler = site_of("pool").rejection.model_dump(exclude_unset=True) | {"kind": "adiabatic"}
        known = facts_of(other_site("pool", rejection=cooler), None, today).known
        assert "adiabatic_recirculates" not in known
        assert known["cooler_kind"] == "adiabatic"

    def test_law_knows_every_refrigerant_of_the_site_file(self):
        assert set(refrigerant_laws()) == {one.name for one in REFRIGERANTS}

    @pytest.mark.parametrize(
        ("refrigerant", "family", "tco2e"),
        [("R134a", "HFC", 5.005), ("R1234ze", "HFO", 0.0048), ("R717", "natural", 0.0)],
    )
    def test_a_charge_is_weighed_by_law(self, refrigerant, family, tco2e):
        law = refrigerant_laws()[refrigerant]
        assert law.family == family
        assert law.charge_tco2e(3.5) == pytest.approx(tco2e, abs=1e-4)


class TestOfAContract:
    def test_who_sells_to_whom(self, site_of, terms, today):
        contract = terms("IT", supplier_country="CH", other_buyers=("Example Gym",), heat_kw=24.0)
        facts = facts_of(site_of("pool"), contract, today)
        known = facts.known
        assert known["heat_sold"] is True
        assert known["supplier_country"] == "CH"
        assert known["customer_country"] == "IT"
        assert known["heat_customers"] == Span.exactly(2.0)
        assert known["connection_kw"] == Span.exactly(24.0)
        assert known["public_body"] is True
        assert known["final_customer"] is True
        assert known["pool_public"] is True
        assert known["charity"] is False
        assert "central_government" not in known
        assert facts.facts["heat_sold"].source == "contract: [parties]"

    @pytest.mark.parametrize(
        ("supplier_is", "customer_class", "final"),
        [
            ("supplier", "industrial", True),
            ("supplier", "heat network", False),
            ("bulk supplier", "industrial", False),
        ],
    )
    def test_who_sells_on_is_no_final_customer(
        self, supplier_is, customer_class, final, site_of, terms, today
    ):
        contract = terms("IT", supplier_is=supplier_is, customer_class=customer_class)
        known = facts_of(site_of("pool"), contract, today).known
        assert known["final_customer"] is final
        assert known["central_government"] is False

    def test_a_household(self, site_of, terms, today):
        known = facts_of(site_of("pool"), terms("IT", customer_class="domestic"), today).known
        assert known["domestic"] is True
        assert known["homes"] is True
        assert known["pool_public"] is False

    @pytest.mark.parametrize(("operator", "ours"), [("supplier", True), ("customer", False)])
    def test_who_runs_the_fallback(self, operator, ours, site_of, terms, today):
        known = facts_of(site_of("pool"), terms("IT", fallback=operator), today).known
        assert known["fallback_by_supplier"] is ours

    def test_clauses_that_are_missing_tell_nothing(self, site_of, terms, today):
        bare = replace(terms("IT"), roles=None, regulatory_status=None)
        known = facts_of(site_of("pool"), bare, today).known
        assert known["heat_sold"] is True
        assert not {"fallback_by_supplier", "customer_class", "final_customer"} & set(known)


class TestTold:
    def test_an_answer_fills_what_no_file_holds(self, site_of, today):
        told = {"hosts_for_others": True, "operation_starts_on": date(2027, 3, 1)}
        facts = facts_of(site_of("pool"), None, today, told=told)
        assert facts.known["hosts_for_others"] is True
        assert facts.known["operation_starts_on"] == date(2027, 3, 1)
        assert facts.facts["hosts_for_others"].source == TOLD

    def test_an_answer_narrows_what_a_file_bounds(self, site_of, today):
        facts = facts_of(site_of("pool"), None, today, told={"dc_input_kw_rated": 40.0})
        assert facts.known["dc_input_kw_rated"] == Span.exactly(40.0)

    @pytest.mark.parametrize("answer", [20.0, 400.0])
    def test_an_answer_never_overrules_a_file(self, answer, site_of, today):
        with pytest.raises(ValueError, match=r"dc_input_kw_rated cannot be .*site file"):
            facts_of(site_of("pool"), None, today, told={"dc_input_kw_rated": answer})

    def test_an_answer_that_says_the_same_is_taken(self, site_of, today):
        facts = facts_of(site_of("pool"), None, today, told={"pool": True})
        assert facts.known["pool"] is True
        with pytest.raises(ValueError, match="a pool is heated"):
            facts_of(site_of("pool"), None, today, told={"pool": False})

    def test_a_list_is_completed_but_nothing_is_taken_from_it(self, site_of, today):
        kinds = ["school", "leisure centre"]
        facts = facts_of(site_of("school"), None, today, told={"building_kinds": kinds})
        assert facts.known["building_kinds"] == Several(("school", "leisure centre"))
        with pytest.raises(ValueError, match="the buildings: school"):
            facts_of(site_of("school"), None, today, told={"building_kinds": ["office"]})

    def test_the_heat_pumps_charge_is_weighed(self, site_of, today):
        facts = facts_of(site_of("housing-block"), None, today, told={"refrigerant_charge_kg": 20})
        weighed = facts.known["refrigerant_charge_tco2e"]
        assert isinstance(weighed, Span)
        assert weighed.low == pytest.approx(20 * 1.37 / 1000)

    def test_a_misspelt_name_is_answered_with_the_near_one(self, site_of, today):
        with pytest.raises(ValueError, match="did you mean hosts_for_others"):
            facts_of(site_of("pool"), None, today, told={"host_for_others": True})
        with pytest.raises(ValueError, match=r"no rule asks for moon$"):
            facts_of(site_of("pool"), None, today, told={"moon": True})

    @pytest.mark.parametrize(
        ("name", "raw", "wanted"),
        [
            ("hosts_for_others", "yes", "a yes or no"),
            ("hosts_for_others", 1, "a yes or no"),
            ("oil_volume_l", True, "a number that is not negative"),
            ("oil_volume_l", -1.0, "a number that is not negative"),
            ("oil_volume_l", float("nan"), "a number that is not negative"),
            ("oil_volume_l", float("inf"), "a number that is not negative"),
            ("customer_class", "", "a word"),
            ("building_kinds", "school", "a list of words"),
            ("operation_starts_on", "2026-07-01", "a day"),
        ],
    )
    def test_an_answer_of_another_kind_is_refused(self, name, raw, wanted):
        with pytest.raises(ValueError, match=f"{name} is {wanted}"):
            kind_of(name).read(raw)

    def test_the_day_is_the_callers(self, site_of, today):
        later = today + timedelta(days=400)
        assert facts_of(site_of("pool"), None, later).on == later
