"""Words that nothing can back are found, and words that are only like them are not."""

import pytest

from exotherm.prove.wording import LEFT_OUT, Fault, unbacked_in, without_unbacked


@pytest.mark.parametrize(
    ("text", "words", "fault"),
    [
        ("This heat is climate neutral.", "climate neutral", Fault.NEUTRAL),
        ("CO2-neutral heat", "CO2-neutral", Fault.NEUTRAL),
        ("klimaneutrale Wärme", "klimaneutrale", Fault.NEUTRAL),
        ("Carbon-free heating", "Carbon-free", Fault.NEUTRAL),
        ("net zero by design", "net zero", Fault.NEUTRAL),
        ("zero-emission heat", "zero-emission", Fault.NEUTRAL),
        ("heat without any emissions", "without any emissions", Fault.NEUTRAL),
        ("made good by carbon offsets", "carbon offsets", Fault.OFFSET),
        ("CO₂-compensated", "CO₂-compensated", Fault.OFFSET),
        ("green heat", "green", Fault.GENERAL),
        ("eco-friendly", "eco-friendly", Fault.GENERAL),
        ("a sustainable solution", "sustainable", Fault.GENERAL),
        ("clean heat for all", "clean heat", Fault.GENERAL),
        ("100 % renewable heat", "100 % renewable heat", Fault.GENERAL),
        ("It is risk-free.", "risk-free", Fault.ABSOLUTE),
        ("guaranteed savings", "guaranteed savings", Fault.ABSOLUTE),
        ("an uninterrupted supply", "uninterrupted", Fault.ABSOLUTE),
        ("free heat", "free heat", Fault.ABSOLUTE),
        ("the cheapest way", "the cheapest", Fault.ABSOLUTE),
    ],
)
def test_a_word_that_nothing_backs_is_found_with_its_reason(text, words, fault):
    (found,) = unbacked_in(text)
    assert (found.words, found.fault) == (words, fault)
    assert text[found.start : found.start + len(words)] == words


@pytest.mark.parametrize(
    "text",
    [
        "avoided 41.2 t CO₂e, at the cautious end",
        "share of the clean heat transfer that deposits take away",
        "a voltage-free contact at neutral earth",
        "The customer may set off claims; the meter's offset is 0.1 K.",
        "Availability is guaranteed in 97 % of quarter-hours.",
        "the greenhouse, evergreen hedges, Greenwich",
        "Heat of the fallback is never delivered heat and is always metered.",
        "an economic study; the price ecosystem",
    ],
)
def test_words_that_are_only_like_them_pass(text):
    assert unbacked_in(text) == ()


def test_names_are_no_claims_but_the_same_word_elsewhere_is():
    text = "Green Lane Baths get green heat."
    (found,) = unbacked_in(text, names=["Green Lane Baths"])
    assert found.start == text.index("green")
    assert without_unbacked(text, names=["Green Lane Baths"]) == (
        f"Green Lane Baths get {LEFT_OUT} heat."
    )


def test_a_text_without_them_is_clean_and_a_clean_text_stays():
    text = "Our green, climate-neutral, eco-friendly and risk-free heat."
    clean = without_unbacked(text)
    assert clean.count(LEFT_OUT) == 4
    assert unbacked_in(clean) == ()
    assert without_unbacked(clean) == clean
