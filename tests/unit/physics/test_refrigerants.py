import pytest

from exotherm.feeds.cop_maps import COP_MAPS
from exotherm.physics.refrigerants import REFRIGERANTS, refrigerant


@pytest.mark.parametrize("entry", REFRIGERANTS, ids=lambda entry: entry.name)
def test_limits_are_in_order_and_below_what_physics_allows(entry):
    assert entry.source_c_max < entry.standard_sink_c_max < entry.special_sink_c_max
    assert 20 <= entry.source_c_max <= 40
    assert entry.needs_cool_return == (entry.special_sink_c_max > entry.critical_c)


def test_a_refrigerant_is_found_by_its_number():
    propane = refrigerant("R290")
    assert propane is not None
    assert propane.standard_sink_c_max == 70.0
    assert refrigerant("R22") is None


def test_every_map_has_a_refrigerant_with_limits():
    assert all(refrigerant(name.split("-")[0]) is not None for name in COP_MAPS)
