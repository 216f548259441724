"""What the coolant carries step by step is what the checks of a site reckon with at one load."""

from itertools import pairwise

import numpy as np
import pytest
from changing import changed
from sites import CAPTURES, HEAT_PUMP, SCHOOL, building_site

from exotherm.plant.capture import captured_by
from exotherm.site.heat_path import capture_at


@pytest.mark.parametrize("kind", CAPTURES)
@pytest.mark.parametrize("power_frac", [0.0, 0.3, 0.7, 1.0])
def test_a_step_captures_what_the_checks_reckon_with(pool_site, kind, power_frac):
    site = building_site(pool_site, SCHOOL, capture=CAPTURES[kind], heat_pump=HEAT_PUMP)
    power_kw = site.computing.power_kw_rated * power_frac
    steps = captured_by(site.capture, np.array([power_kw]))
    alone = capture_at(site, power_frac=power_frac)
    assert steps.captured_kw[0] == pytest.approx(alone.captured_kw)
    assert steps.hot_c[0] == pytest.approx(alone.water_out_c)
    assert steps.fan_kw[0] == pytest.approx(alone.fan_kw)


@pytest.mark.parametrize("kind", [kind for kind in CAPTURES if kind != "immersion"])
def test_warmer_coolant_never_captures_more(pool_site, kind):
    site = building_site(pool_site, SCHOOL, capture=CAPTURES[kind], heat_pump=HEAT_PUMP)
    it_kw = np.linspace(0.0, 40.0, 9)
    captured = [
        captured_by(changed(site.capture, coolant_c_set=float(set_c)), it_kw).captured_kw
        for set_c in range(12, 31, 3)
    ]
    for cooler, warmer in pairwise(captured):
        assert (warmer <= cooler + 1e-9).all()
    assert (captured[-1] <= it_kw * 1.06).all()
