from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.money import (
    RoundingRule,
    decimals_of_currency,
    round_decimal,
    round_money,
    split_exactly,
)

CURRENCIES = ["EUR", "JPY", "TND"]
rules = st.sampled_from(RoundingRule)
amounts = st.integers(-(10**15), 10**15).map(lambda units: Decimal(units).scaleb(-6))


def rounded_by_hand(amount: Decimal, places: int, rule: RoundingRule) -> Fraction:
    """Round with whole numbers only, as an independent second computation."""
    scaled = abs(Fraction(amount)) * 10**places
    whole, rest = scaled.numerator // scaled.denominator, scaled % 1
    up = rest > Fraction(1, 2) or (
        rest == Fraction(1, 2) and (rule is RoundingRule.HALF_UP or whole % 2 == 1)
    )
    return Fraction(whole + up, 10**places) * (1 if amount >= 0 else -1)


@given(amounts, rules, st.sampled_from(CURRENCIES))
def test_rounding_is_that_of_its_rule(amount, rule, currency):
    places = decimals_of_currency(currency)
    rounded = round_money(amount, rule=rule, currency=currency)
    assert Fraction(rounded) == rounded_by_hand(amount, places, rule)
    assert rounded.as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("0.125", RoundingRule.HALF_UP, "0.13"),
        ("0.125", RoundingRule.HALF_EVEN, "0.12"),
        ("0.135", RoundingRule.HALF_EVEN, "0.14"),
        ("-0.125", RoundingRule.HALF_UP, "-0.13"),
        ("-0.125", RoundingRule.HALF_EVEN, "-0.12"),
        ("2.675", RoundingRule.HALF_UP, "2.68"),
    ],
)
def test_half_a_cent_goes_where_its_rule_says(text, rule, expected):
    assert round_money(Decimal(text), rule=rule, currency="EUR") == Decimal(expected)


@given(amounts, st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=12), rules)
def test_the_parts_of_a_split_sum_to_the_whole(total, weights, rule):
    total = round_money(total, rule=rule, currency="EUR")
    if not sum(weights):
        weights = [*weights, Decimal(1)]
    parts = split_exactly(total, weights, rule=rule, currency="EUR")
    assert sum(parts) == total
    assert len(parts) == len(weights)
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(total) * Fraction(weight) / Fraction(whole)) <= (
            Fraction(1, 100)
        )


@pytest.mark.parametrize("weights", [[], ["0"], ["0", "0"], ["2", "-1"]])
def test_weights_of_a_split_have_a_positive_sum(weights):
    with pytest.raises(ValueError, match="weights"):
        split_exactly(
            Decimal(1), [Decimal(w) for w in weights], rule=RoundingRule.HALF_UP, currency="EUR"
        )


def test_decimals_may_be_chosen():
    value = round_decimal(Decimal("0.123456"), rule=RoundingRule.HALF_EVEN, decimals=4)
    assert str(value) == "0.1235"
