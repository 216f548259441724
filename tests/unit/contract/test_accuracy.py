import pytest
from october import HEAT_KW_MAX, OCTOBER, POINTS, example_contract, perfect_month

from exotherm.contract.accuracy import error_frac_max, error_frac_of
from exotherm.contract.measure import consumption_of

CONTRACT = example_contract()
METER = CONTRACT.heat_meter


# A class 2 meter at its rated flow, smallest difference 3 K: sums of the maker's sheet.
@pytest.mark.parametrize(("lift_k", "per_cent"), [(30.0, 3.42), (10.0, 4.22), (5.0, 5.42)])
def test_a_class_2_meter_errs_as_its_sheet_says(lift_k: float, per_cent: float) -> None:
    error = error_frac_max(METER, flow_m3h=METER.flow_m3h_rated, lift_k=lift_k)
    assert error == pytest.approx(per_cent / 100, abs=1e-9)


def test_the_flow_sensors_part_ends_at_five_per_cent() -> None:
    error = error_frac_max(METER, flow_m3h=METER.flow_m3h_rated / 1000, lift_k=30.0)
    assert error == pytest.approx(0.05 + 0.005 + 0.003 + 0.005 + 0.001)


def test_a_month_errs_as_its_intervals_do() -> None:
    result = consumption_of(
        CONTRACT, points=POINTS, samples=perfect_month(), period=OCTOBER, heat_kw_max=HEAT_KW_MAX
    )
    assert result.metered is not None
    error = error_frac_of(METER, result.metered.intervals)
    # flow 1.05 of 3.5 m³/h, lift 10 K, class 2
    assert error == pytest.approx(0.02 + 0.0002 * 3.5 / 1.05 + 0.005 + 0.009 + 0.005 + 0.003)


def test_without_an_interval_that_tells_nothing_is_said() -> None:
    assert error_frac_of(METER, ()) is None
