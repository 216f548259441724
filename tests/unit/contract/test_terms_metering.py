"""The clauses MET, BIL, FBK: each can be built, is said in full, refuses contradictions."""

from enum import Enum
from typing import Any, Literal, get_args, get_origin

import pytest
from metering_clauses import PLAUSIBLE, built
from pydantic import ValidationError

from exotherm.contract.terms import (
    billing,
    corrections,
    fallback,
    metering,
    metering_data,
    payment,
)
from exotherm.contract.terms.clause import Clause, Need, Part, Weight
from exotherm.contract.wording import read_piece, say_clause
from exotherm.core.register import RegisterFormat

KINDS = list(PLAUSIBLE)
NEEDED_SOMETIMES = {
    "FBK-2": Need.FALLBACK,
    "FBK-3": Need.FALLBACK,
    "FBK-4": Need.FALLBACK,
    "MET-15": Need.SEVERAL_UNITS,
    "BIL-5": Need.USED,
    "BIL-16": Need.USED,
}
BLOCKS = "FBK-1 FBK-2 FBK-3 MET-1 MET-3 MET-4 MET-8 MET-9 MET-10 BIL-1 BIL-4 BIL-5 BIL-6 BIL-7 \
BIL-8 BIL-9 BIL-12"
HIGH = "FBK-6 MET-2 MET-5 MET-6 MET-14 MET-15 BIL-2 BIL-3 BIL-10 BIL-11 BIL-13 BIL-14 BIL-16"
WEIGHTS = (
    dict.fromkeys(BLOCKS.split(), Weight.BLOCKS)
    | dict.fromkeys(HIGH.split(), Weight.HIGH)
    | {"BIL-17": Weight.LOW}
)


def said(clause):
    return say_clause(clause, table="clause", document=clause, currency="GBP")


def text_of(clause):
    return "".join(piece.text for piece in said(clause)).replace("\u00a0", " ")


def leaves(value, path="clause"):
    """List the path of every plain value of a clause that is given."""
    if isinstance(value, Clause | Part):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from leaves(entry, f"{path}[{index}]")
    elif value is not None:
        yield path


def choices(annotation):
    """List what a field may be chosen from: the words of a list, or true and false."""
    if annotation is bool:
        return (True, False)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(annotation)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(one for inner in get_args(annotation) for one in choices(inner))


def variants(table, path="clause"):
    """Give a table once for each choice in it, with the path of that choice."""
    for name, field in type(table).model_fields.items():
        value, own = getattr(table, name), f"{path}.{name}"
        if isinstance(value, tuple) and value and isinstance(value[0], Part):
            for at, changed in variants(value[0], f"{own}[0]"):
                yield at, table.model_copy(update={name: (changed, *value[1:])})
            continue
        in_list = isinstance(value, tuple)
        for choice in choices(field.annotation):
            updated = table.model_copy(update={name: (choice,) if in_list else choice})
            yield f"{own}[0]" if in_list else own, updated


def test_the_three_families_are_whole():
    numbers = {kind.number for kind in KINDS}
    wanted = [("FBK", 6), ("MET", 15), ("BIL", 17)]
    assert {f"{name}-{at}" for name, last in wanted for at in range(1, last + 1)} == numbers
    assert len(KINDS) == len(numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_weight_and_need_are_those_of_the_catalogue(kind):
    assert WEIGHTS.get(kind.number, Weight.MEDIUM) == kind.weight
    assert NEEDED_SOMETIMES.get(kind.number, Need.ALWAYS) == kind.needed
    assert not kind.why.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_said_once_and_numbers_are_read_back(kind):
    clause = built(kind)
    pieces = said(clause)
    paths = [piece.path for piece in pieces if piece.path]
    assert sorted(leaves(clause)) == sorted(paths)
    for piece in pieces:
        if piece.is_number:
            assert read_piece(piece) == piece.value
    text = "".join(piece.text for piece in pieces)
    assert text.endswith(".")
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_comes_back_from_its_json(kind):
    clause = built(kind)
    assert kind.model_validate_json(clause.model_dump_json()) == clause


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_words_of_its_own(kind):
    words: dict[str, list[str]] = {}
    for path, clause in variants(built(kind)):
        (text,) = (piece.text for piece in said(clause) if piece.path == path)
        words.setdefault(path, []).append(text)
    for path, texts in words.items():
        assert len(texts) == len(set(texts)), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described_and_has_no_full_stop(kind):
    schema = kind.model_json_schema()
    for node in (schema, *schema.get("$defs", {}).values()):
        for field, about in node.get("properties", {}).items():
            assert "description" in about, field
            assert not about["description"].endswith("."), field


RATIO = "a heat meter's permanent flow is at least ten times its smallest flow"
TRIGGER = "nothing makes the fallback take over: neither cool supply nor none"
SECURED = "a security has a condition, a largest amount and a day of return"
REASONS = "reasons for an estimate belong to bills that may be estimated, and only to them"
CONTRADICTIONS: list[tuple[type[Clause], dict[str, Any], str]] = [
    (fallback.FallbackPlant, {"fuel": None}, "a fallback has a fuel"),
    (fallback.FallbackPlant, {"heat_kw": 0}, "a fallback has a fuel"),
    (fallback.FallbackSwitch, {"supply_c_below": None, "no_heat_min": None}, TRIGGER),
    (
        fallback.FallbackCost,
        dict.fromkeys(("supplier_failure", "server_load", "unknown"), "customer"),
        "the supplier pays for none of the fallback, so it needs no limit",
    ),
    (
        fallback.Exclusivity,
        {"purchase_frac_min": 0},
        "a customer that need not buy may use other sources of heat",
    ),
    (
        fallback.Exclusivity,
        {"purchase_frac_min": 1, "other_sources": "allowed"},
        "a customer that buys all heat here has no other sources",
    ),
    (metering.HeatMeter, {"flow_m3h_min": 0.36}, RATIO),
    (
        metering.Registers,
        {"digits": 4, "decimals": 4},
        "the register has no digit before the point",
    ),
    (
        metering.MeterExchange,
        {"overlap_h": 24},
        "meters that run side by side leave no time without a meter",
    ),
    (
        metering.SubMetering,
        {"points__1": "unit_1.heat_kwh"},
        "the register unit_1.heat_kwh stands twice among those of the units",
    ),
    (
        metering_data.ReadingPlan,
        {"clock_s_max": 451},
        "a clock that may be wrong by more than half an interval does not tell in which",
    ),
    (
        metering_data.DataAccess,
        {"customer_access__1": "on a web page"},
        "the access on a web page stands twice",
    ),
    (
        metering_data.ErrorCorrection,
        {"methods__1": "measured error"},
        "the method measured error stands twice",
    ),
    (
        metering_data.ErrorCorrection,
        {"unknown_start_months": 25},
        "an error whose beginning is unknown is corrected further back",
    ),
    (
        metering_data.MissingData,
        {"gap_h_max": 48, "rungs": [{"method": "register", "days_max": 2}]},
        "no rung fills a gap that is longer than those the register bridges",
    ),
    (billing.BillContent, {"shows__1": "where to complain"}, "where to complain stands twice"),
    (corrections.Estimates, {"allowed_when__1": "no reading"}, "the reason no reading stands"),
    (corrections.Estimates, {"allowed_when": None}, REASONS),
    (corrections.Estimates, {"consecutive_max": 0}, REASONS),
    (
        corrections.LookBack,
        {"limits__1__cause": "meter error"},
        "the cause meter error has two limits",
    ),
    (
        payment.Advances,
        {"settlement": "an invoice that takes off all advances"},
        "an e-invoice cannot tell the VAT of advances that it takes off",
    ),
    (payment.Vat, {"applies_to__1": "credit"}, "credit stands twice among what bears VAT"),
    (payment.Vat, {"applies_to__1": "VAT"}, "VAT bears no VAT itself"),
    (payment.EInvoice, {"customer_id": None}, "on Peppol both parties have an address"),
    (payment.EInvoice, {"format": "PDF"}, "this way carries no invoice that only people can read"),
    (payment.Security, {"amount_max": None}, SECURED),
    (payment.Security, {"kind": "none", "interest_frac": None}, SECURED),
    (payment.Security, {"kind": "guarantee"}, "interest belongs to a deposit"),
    (payment.Security, {"interest_frac": None}, "interest belongs to a deposit"),
]


@pytest.mark.parametrize(("kind", "changes", "words"), CONTRADICTIONS)
def test_a_contradiction_is_refused_in_plain_words(kind, changes, words):
    with pytest.raises(ValidationError) as refused:
        built(kind, **changes)
    (details,) = refused.value.errors()
    assert words in str(details["ctx"]["error"])
    assert not str(details["ctx"]["error"]).endswith(".")


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (metering.HeatMeter, {"medium": "glycol"}),
        (metering_data.MissingData, {"rungs": []}),
        (metering_data.MissingData, {"replaced_by": "nothing"}),
        (metering.Registers, {"multiplier": 10}),
        (corrections.Corrections, {"by": "delta"}),
        (billing.Proration, {"meter_exchange": "days"}),
        (payment.Vat, {"applies_to": ["rent"]}),
    ],
)
def test_what_the_engine_does_not_do_is_refused(kind, changes):
    with pytest.raises(ValidationError):
        built(kind, **changes)


LEFT_OUT = [
    (fallback.FallbackPlant, {"heat_kw": 0, "fuel": None}),
    (fallback.FallbackSwitch, {"supply_c_below": None}),
    (fallback.FallbackSwitch, {"no_heat_min": None}),
    (fallback.FallbackCost, {"supplier_per_year_max": None}),
    (fallback.Exclusivity, {"purchase_frac_min": 0, "other_sources": "allowed"}),
    (metering.SubMetering, {"points": None}),
    (billing.BillContent, {"profile": None}),
    (corrections.Estimates, {"allowed_when": None, "consecutive_max": 0}),
    (billing.Proration, {"capacity_change": None}),
    (
        payment.EInvoice,
        {"channel": "e-mail", "format": "PDF", "supplier_id": None, "customer_id": None},
    ),
    (
        payment.Security,
        {
            "kind": "none",
            "asked_when": None,
            "amount_max": None,
            "interest_frac": None,
            "returned_days": None,
        },
    ),
    (payment.Security, {"kind": "guarantee", "interest_frac": None}),
]


@pytest.mark.parametrize(("kind", "changes"), LEFT_OUT)
def test_what_may_be_left_out_is_left_out_of_the_sentences(kind, changes):
    clause = built(kind, **changes)
    pieces = said(clause)
    assert sorted(leaves(clause)) == sorted(piece.path for piece in pieces if piece.path)
    assert "None" not in "".join(piece.text for piece in pieces)


def test_the_ladder_of_missing_data_reads_as_one_says_it():
    assert text_of(built(metering_data.MissingData)) == (
        "Through a gap of at most 48.0 h the register runs on, so its heat is known from both ends;"
        " a longer one stops the bill until a person has looked. It is then filled by the first of"
        " these that can be had: the register itself for at most 31 days, the same period of"
        " the year before for at most 62 days and an estimate that both parties agree on for at"
        " most 366 days. That needs the approval of both parties. What was filled is always"
        " replaced once there is an actual reading."
    )


def test_the_look_back_names_each_way():
    assert text_of(built(corrections.LookBack)) == (
        "For an error of the meter at most 12 months are charged later and at most 24 months"
        " refunded. For an error of the bill at most 0 months are charged later and at most 36"
        " months refunded."
    )


def test_the_look_back_knows_its_limits():
    look_back = built(corrections.LookBack)
    assert look_back.months_max == 36
    assert look_back.limit_of("meter error") == look_back.limits[0]
    assert look_back.limit_of("tampering") is None


def test_a_register_knows_its_way_of_counting():
    own = built(metering.Registers).format
    assert own == RegisterFormat(unit="kwh", digits=8, decimals=2)
