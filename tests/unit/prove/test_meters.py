from decimal import Decimal

import pytest

from exotherm.prove.meters import heat_meter_mpe_frac

# Class 2 with a least difference of 3 K: K, then per cent at full, a tenth and a fiftieth flow.
TABLE = [
    ("3", "7.02", "7.20", "8.00"),
    ("5", "5.42", "5.60", "6.40"),
    ("10", "4.22", "4.40", "5.20"),
    ("20", "3.62", "3.80", "4.60"),
    ("30", "3.42", "3.60", "4.40"),
]


@pytest.mark.parametrize(("delta_k", "full", "tenth", "fiftieth"), TABLE)
def test_class_2_follows_the_standard(delta_k, full, tenth, fiftieth):
    for flow, percent in (("1", full), ("0.1", tenth), ("0.02", fiftieth)):
        found = heat_meter_mpe_frac(
            accuracy_class=2,
            delta_k=Decimal(delta_k),
            delta_k_min=Decimal(3),
            flow_frac=Decimal(flow),
        )
        assert Decimal(percent) / 100 == round(found, 6)


def test_the_flow_sensor_is_never_worse_than_five_per_cent():
    found = heat_meter_mpe_frac(
        accuracy_class=3, delta_k=Decimal(30), delta_k_min=Decimal(3), flow_frac=Decimal("0.001")
    )
    assert Decimal("0.064") == found


def test_below_its_range_a_meter_has_no_accuracy():
    with pytest.raises(ValueError, match="no accuracy at 2 K"):
        heat_meter_mpe_frac(
            accuracy_class=2, delta_k=Decimal(2), delta_k_min=Decimal(3), flow_frac=Decimal(1)
        )
