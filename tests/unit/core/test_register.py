from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.register import Advance, RegisterFormat, advance_of

formats = st.integers(1, 18).flatmap(
    lambda digits: st.builds(
        RegisterFormat,
        unit=st.just("kwh"),
        digits=st.just(digits),
        decimals=st.integers(0, digits),
    )
)
counted = formats.flatmap(
    lambda register: st.tuples(st.just(register), st.integers(0, register.modulus - 1))
)


@given(counted, st.data())
def test_an_advance_is_found_again_over_the_top(start, data):
    register, earlier = start
    moved = data.draw(st.integers(0, register.modulus - 1))
    later = (earlier + moved) % register.modulus
    rolled_over = earlier + moved >= register.modulus
    expected = Advance(count=moved, rolled_over=rolled_over)
    assert advance_of(register, earlier=earlier, later=later, count_max=moved) == expected


@given(counted, st.data())
def test_a_register_that_went_further_back_than_it_can_roll_went_backwards(start, data):
    register, earlier = start
    back = data.draw(st.integers(0, earlier))
    later = earlier - back
    over_the_top = register.modulus - back
    advance = advance_of(register, earlier=earlier, later=later, count_max=over_the_top - 1)
    assert (advance is None) is (back > 0)


@given(counted)
def test_what_is_written_is_the_value(start):
    register, count = start
    shown = register.write(count)
    assert Decimal(shown) == register.value_of(count)
    assert len(shown.replace(".", "")) == register.digits


def test_a_count_is_written_as_the_display_shows_it():
    register = RegisterFormat(unit="m3", digits=8, decimals=2)
    assert register.write(12345) == "000123.45"
    assert str(register.value_of(12300)) == "123.00"
    assert RegisterFormat(unit="kwh", digits=8, decimals=0).write(42) == "00000042"


@pytest.mark.parametrize("count", [-1, 10_000])
def test_a_count_fits_its_digits(count):
    register = RegisterFormat(unit="kwh", digits=4, decimals=0)
    with pytest.raises(AssertionError):
        register.write(count)


@pytest.mark.parametrize(("digits", "decimals"), [(0, 0), (19, 0), (3, 4), (3, -1)])
def test_a_register_has_digits_and_no_more_decimals_than_those(digits, decimals):
    with pytest.raises(AssertionError):
        RegisterFormat(unit="kwh", digits=digits, decimals=decimals)
