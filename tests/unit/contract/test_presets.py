"""The presets: dated data with sources that fills clauses, suggests words and sets bounds."""

from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import get_args

import pytest

from exotherm.contract import presets
from exotherm.contract.presets import PRESET_NAMES, Rule, fill, preset_of, suggestion_for
from exotherm.contract.presets.bounds import keeps
from exotherm.contract.terms import clauses_of
from exotherm.contract.terms.billing import BillContent, BillFrequency
from exotherm.contract.terms.calendar import InterruptionNotice
from exotherm.contract.terms.clause import Clause, Part, Weight
from exotherm.contract.terms.conduct import CapacityChange
from exotherm.contract.terms.corrections import Estimates, LookBack
from exotherm.contract.terms.law import Liability, Term
from exotherm.contract.terms.outage import RestoreTimes
from exotherm.contract.terms.parties import RegulatoryStatus

PRESETS = [preset_of(name) for name in PRESET_NAMES]
FILLINGS = [(preset, table) for preset in PRESETS for table in preset.clauses]
RULES = [(preset, rule) for preset in PRESETS for rule in preset.rules]


def shown(case):
    return case.name if isinstance(case, presets.Preset) else getattr(case, "id", str(case))


def rule(ident):
    return next(one for _, one in RULES if one.id == ident)


def built(kind, **values):
    """Build a clause without asking for fields that the rule at hand is not about."""
    return kind.model_construct(**values)


def test_every_preset_that_a_contract_may_name_is_a_file_and_no_other_is():
    kept = {file.name for file in files(presets).iterdir() if file.name.endswith(".toml")}
    assert {f"{name}.toml" for name in PRESET_NAMES} == kept
    with pytest.raises(KeyError):
        preset_of("it-arera")


@pytest.mark.parametrize("preset", PRESETS, ids=shown)
def test_a_preset_is_dated_and_says_where_it_is_from(preset):
    assert date(2026, 11, 26) == preset.checked_on
    assert preset.title
    assert preset.status
    assert preset.source
    assert preset.rules
    for one in (*preset.clauses.values(), *preset.suggestions.values(), *preset.rules):
        assert one.source
        assert one.confidence in get_args(presets.Confidence)
    for suggestion in preset.suggestions.values():
        assert not suggestion.words.endswith(".")


@pytest.mark.parametrize(("preset", "table"), FILLINGS, ids=shown)
def test_what_a_preset_fills_is_a_whole_clause_that_does_not_block(preset, table):
    filling, kind = preset.clauses[table], clauses_of()[table]
    assert kind.weight is not Weight.BLOCKS
    clause = kind.model_validate(dict(filling.values))
    assert set(filling.chosen) <= set(filling.values)
    for bound in preset.rules:
        assert bound.table != table or keeps(bound, clause), bound.id


@pytest.mark.parametrize("preset", PRESETS, ids=shown)
def test_a_preset_suggests_only_for_clauses_that_it_does_not_fill(preset):
    assert set(preset.suggestions) <= set(clauses_of())
    assert not set(preset.suggestions) & set(preset.clauses)


def field_of(kind, path):
    """Find the class that a rule's last field belongs to, through the tables in a clause."""
    *tables, field = path.split(".")
    for table in tables:
        annotation = kind.model_fields[table].annotation
        inner = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
        kind = next(one for one in inner if issubclass(one, Part))
    return kind, field


@pytest.mark.parametrize(("preset", "bound"), RULES, ids=shown)
def test_a_rule_is_about_a_field_that_there_is(preset, bound):
    assert bound.id.startswith(f"{preset.name}-")
    assert bound.words.endswith(".")
    assert bound.op in get_args(presets.Op)
    assert (bound.value is None) == (bound.op == "present")
    assert set(bound.customers) <= set(
        get_args(RegulatoryStatus.model_fields["customer_class"].annotation)
    )
    kind = clauses_of()[bound.table]
    if bound.field:
        holder, field = field_of(kind, bound.field)
        assert field in holder.model_fields or isinstance(vars(holder)[field], property)


def test_every_rule_has_a_name_of_its_own():
    names = [bound.id for _, bound in RULES]
    assert sorted(set(names)) == sorted(names)


def test_every_letter_of_article_21_wants_a_clause():
    letters = {bound.id.split("-")[1] for bound in preset_of("eed21").rules if "-" in bound.id}
    assert set("abcdefghi") <= letters
    for bound in preset_of("eed21").rules:
        letter = bound.id.split("-")[1]
        if len(letter) == 1:
            assert bound.op == "present"
            assert bound.source == f"Directive (EU) 2023/1791, Article 21(2)({letter})"


TERM = {"starts_on": date(2026, 1, 1), "notice_months": 9, "renews_months": 60}
TERM_10 = TERM | {"ends_on": date(2035, 12, 31)}


def limits(*pairs):
    return LookBack.model_validate(
        {
            "limits": [
                {"cause": cause, "back_charge_months": months, "refund_months": 36}
                for cause, months in pairs
            ]
        }
    )


def times(**hours):
    return RestoreTimes.model_validate(
        {
            "runs": "always",
            "times": [
                {"name": name, "response_h": 4.0, "restore_h": restore}
                for name, restore in hours.items()
            ],
        }
    )


CAUGHT = [
    ("de-avb-term", Term(**TERM_10), Term(**TERM, ends_on=date(2036, 1, 1))),
    ("de-avb-renewal", Term(**TERM_10), Term(**TERM_10 | {"renews_months": 61})),
    ("de-avb-notice", Term(**TERM_10), Term(**TERM_10 | {"notice_months": 10})),
    (
        "de-avb-look-back",
        limits(("meter error", 24), ("tampering", 36)),
        limits(("tampering", 36), ("billing error", 25)),
    ),
    (
        "de-avb-small-damage",
        built(Liability, damage_amount_min=None),
        built(Liability, damage_amount_min=Decimal("15.01")),
    ),
    (
        "de-avb-capacity-cut",
        built(CapacityChange, cut_frac_max=0.5),
        built(CapacityChange, cut_frac_max=0.49),
    ),
    (
        "de-avb-capacity-renewables",
        built(CapacityChange, renewables_free=True),
        built(CapacityChange, renewables_free=False),
    ),
    (
        "de-avb-monthly-information",
        built(BillFrequency, information_months=1),
        built(BillFrequency, information_months=3),
    ),
    (
        "de-avb-bill-taxes",
        built(BillContent, shows=("taxes and levies", "unit prices")),
        built(BillContent, shows=("unit prices",)),
    ),
    (
        "gb-ofgem-estimates",
        built(Estimates, allowed_when=("no reading", "no access")),
        built(Estimates, allowed_when=("no reading", "meter fault")),
    ),
    (
        "gb-ofgem-look-back",
        limits(("estimate", 12), ("tampering", 60)),
        limits(("estimate", 13)),
    ),
    (
        "heat-trust-notice",
        built(InterruptionNotice, lead_days=5),
        built(InterruptionNotice, lead_days=4),
    ),
    ("heat-trust-restore", times(burst=24.0, pump=12.0), times(burst=12.0, pump=24.5)),
]


@pytest.mark.parametrize(("name", "good", "bad"), CAUGHT, ids=shown)
def test_a_rule_tells_a_clause_that_keeps_it_from_one_that_does_not(name, good, bad):
    assert keeps(rule(name), good)
    assert not keeps(rule(name), bad)


def test_the_rate_of_vat_is_one_of_those_that_french_law_knows():
    vat = clauses_of()["vat"]
    assert keeps(rule("fr-tva-rate"), built(vat, vat_frac=0.055))
    assert keeps(rule("fr-tva-rate"), built(vat, vat_frac=0.2))
    assert not keeps(rule("fr-tva-rate"), built(vat, vat_frac=0.1))


def test_a_clause_that_is_missing_breaks_only_what_wants_it_to_be_present():
    assert not keeps(rule("eed21-c-maintenance"), None)
    assert keeps(rule("eed21-c-maintenance"), built(clauses_of()["included_maintenance"]))
    assert keeps(rule("de-avb-due"), None)
    complaints = clauses_of()["complaints"]
    assert not keeps(rule("gb-ofgem-ombudsman"), built(complaints, ombudsman=None))
    assert keeps(rule("gb-ofgem-ombudsman-weeks"), built(complaints, ombudsman_days=None))


def test_a_list_without_entries_breaks_no_bound():
    assert keeps(rule("gb-ofgem-estimates"), built(Estimates, allowed_when=()))


@pytest.mark.parametrize("op", [op for op in get_args(presets.Op) if op != "present"])
def test_each_way_to_compare_is_one_that_can_be_kept_and_broken(op):
    values = {"one of": (2, 3), "includes": 2}
    bound = Rule(
        id="x-y",
        table="capacity_change",
        field="notice_days",
        op=op,
        value=values.get(op, 2),
        words="Two.",
        source="nowhere",
    )
    assert keeps(bound, built(CapacityChange, notice_days=2))
    found = {keeps(bound, built(CapacityChange, notice_days=days)) for days in (1, 4)}
    assert False in found


RAW = {"term": {"starts_on": date(2026, 1, 1)}, "verification": {"interval_years": 5}}


def test_filling_adds_what_was_left_out_and_changes_nothing_that_stands():
    filled, origin = fill(RAW, ("de-avb",))
    assert filled["term"] is RAW["term"]
    assert filled["verification"] == {"interval_years": 5}
    assert filled["capacity_change"]["cut_frac_max"] == Decimal("0.5")
    assert origin["capacity_change"] == "de-avb"
    assert set(RAW) == {"term", "verification"}
    assert set(origin) == set(filled) - set(RAW)


def test_the_first_preset_that_has_a_clause_gives_it():
    filled, origin = fill({}, ("de-avb", "gb-ofgem"))
    assert origin["bill_content"] == "de-avb"
    assert filled["bill_content"]["profile"] == "de-avb"
    assert fill({}, ("gb-ofgem", "de-avb"))[1]["bill_content"] == "gb-ofgem"


def test_what_is_filled_may_be_changed_without_changing_the_preset():
    filled, _ = fill({}, ("gb-ofgem",))
    filled["bill_content"]["shows"].clear()
    assert fill({}, ("gb-ofgem",))[0]["bill_content"]["shows"]


@pytest.mark.parametrize("names", [(), ("it-arera",), (7, ["de-avb"], None)])
def test_names_that_are_no_preset_are_left_to_the_reading(names):
    assert ({}, {}) == fill({}, names)
    assert suggestion_for("term", names) == ""


def test_a_suggestion_names_preset_words_and_source():
    assert suggestion_for("term", ("de-avb", "heat-trust", "de-avb")) == (
        "AVBFernwärmeV and FFVAV, Germany: at most 10 years, then 5 years at a time, with 9 months"
        " of notice (AVBFernwärmeV, section 32)."
    )
    assert suggestion_for("nothing", PRESET_NAMES) == ""


def test_what_is_filled_is_clauses_only():
    for preset, table in FILLINGS:
        assert issubclass(clauses_of()[table], Clause), (preset.name, table)
