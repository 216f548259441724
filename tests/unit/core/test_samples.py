from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.register import RegisterFormat
from exotherm.core.samples import Point

SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)


def test_a_point_names_its_meter():
    assert SUPPLY.meter == "heat_meter"


def test_a_count_is_the_value_without_its_point():
    assert str(SUPPLY.value_of(2831)) == "28.31"
    assert SUPPLY.count_of(Decimal("28.31")) == 2831
    assert SUPPLY.count_of(28.31) == 2831


@pytest.mark.parametrize(("value", "count"), [(28.314, 2831), (28.316, 2832), (-0.004, 0)])
def test_the_nearest_count_is_taken(value, count):
    assert SUPPLY.count_of(value) == count


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_every_count_is_found_again(count, decimals):
    point = Point(name="m.x_kwh", kind="register", unit="kwh", decimals=decimals)
    assert point.count_of(point.value_of(count)) == count


def test_a_point_counts_as_its_register():
    point = Point(name="m.heat_kwh", kind="register", unit="kwh", decimals=1, digits=8)
    assert point.register == RegisterFormat(unit="kwh", digits=8, decimals=1)
