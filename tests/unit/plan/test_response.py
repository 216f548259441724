"""What a fit foretells, against the very years lived by the plant."""

import math

import numpy as np
import pytest
from cases import EXAMPLES

from exotherm.plan.response import Response, respond
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import RISK_FACTORS, RiskFactor
from exotherm.usecases.workspace import load_workspace, ready


def desk_of(example: str) -> RiskDesk:
    workspace = ready(load_workspace(EXAMPLES / example))
    assert workspace is not None
    return RiskDesk(workspace.site, workspace.contract, workspace.surroundings)


@pytest.fixture(scope="module")
def school() -> tuple[RiskDesk, Response]:
    desk = desk_of("school")
    return desk, respond(desk, simulated=160, threads=2)


def test_years_that_were_not_fitted_are_foretold(school):
    desk, response = school
    values = desk.values_of(220)[180:]
    lived = np.array([desk.worth(tuple(row)).operator for row in values.tolist()])
    foretold = response.worths(desk, values)
    assert response.error_frac < 0.15
    off = float(np.sqrt(((foretold - lived) ** 2).mean()))
    assert off < 2.5 * response.error_frac * float(lived.std())


def test_both_sides_of_the_price_at_which_a_heat_pump_stops_are_foretold(school):
    desk, response = school
    plan = np.array(desk.plan)
    assert 1.2 < response.step < 1.4
    for times, runs in ((0.97, True), (1.03, False)):
        values = plan.copy()
        values[RISK_FACTORS.index(RiskFactor.ELECTRICITY)] *= response.step * times
        lived = desk.operation_at(tuple(values.tolist()))
        (foretold,) = response.operations(values[np.newaxis])
        assert (lived.auxiliary_kwh > 10_000) is runs
        assert foretold.auxiliary_kwh == pytest.approx(lived.auxiliary_kwh, rel=0.1)
        assert foretold.heat_delivered_kwh == pytest.approx(lived.heat_delivered_kwh, rel=0.05)


def test_a_plant_without_a_heat_pump_has_no_step():
    response = respond(desk_of("pool"), simulated=40, threads=2)
    assert response.step == math.inf
    assert response.simulated == 40
    assert response.error_frac < 0.05


def test_a_side_that_seldom_comes_is_lived_all_the_same():
    desk = desk_of("housing-block")
    response = respond(desk, simulated=100, threads=2)
    assert response.simulated > 100
    values = np.array(desk.plan)
    values[RISK_FACTORS.index(RiskFactor.ELECTRICITY)] = 3.5
    (foretold,) = response.operations(values[np.newaxis])
    lived = desk.operation_at(tuple(values.tolist()))
    assert lived.heat_delivered_kwh < 10_000
    assert foretold.heat_delivered_kwh < 10_000
