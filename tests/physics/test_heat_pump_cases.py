"""Published heat pumps: what the models must reproduce, each with its source and tolerance."""

import csv
import math
import statistics
from pathlib import Path

import numpy as np
import pytest

from exotherm.feeds.cop_maps import load_cop_map
from exotherm.physics.cop_map import map_cop
from exotherm.physics.cop_points import EN_14511_GLIDE_K, points_cop
from exotherm.physics.heat_pump import COP_MAX, carnot_efficiency_frac, heat_pump_cop

KEYMARK = Path(__file__).parent.parent / "golden" / "heat_pump" / "keymark_en14511.csv"
CORNERS = {
    "b0_w35": (0.0, 35.0),
    "b0_w55": (0.0, 55.0),
    "w10_w35": (10.0, 35.0),
    "w10_w55": (10.0, 55.0),
}


def certificates() -> list[dict[str, float]]:
    lines = KEYMARK.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [{name: float(cell) for name, cell in row.items() if cell} for row in rows]


def cop_by_size(source_out_c: float, sink_out_c: float, heat_kw: float) -> float:
    return heat_pump_cop(source_out_c, sink_out_c, carnot_efficiency_frac(heat_kw), COP_MAX)


@pytest.mark.parametrize(
    ("corner", "machines", "median_cop"),
    [("w10_w35", 153, 6.00), ("w10_w55", 153, 3.73), ("b0_w35", 484, 4.58), ("b0_w55", 474, 2.91)],
)
def test_small_machines_under_en_14511(corner, machines, median_cop):
    """Heat Pump Keymark: medians of certified machines below 80 kW, within 8 %.

    The efficiency by size was calibrated on these, so they guard against regressions and wrong
    units and say nothing of the next machine: at W10/W35 a tenth stays below 5.0, a tenth
    passes 6.5.
    """
    cops = [row[f"{corner}_cop"] for row in certificates() if f"{corner}_cop" in row]
    assert len(cops) == machines
    assert statistics.median(cops) == pytest.approx(median_cop, abs=0.005)
    source_in_c, sink_out_c = CORNERS[corner]
    cop = cop_by_size(source_in_c - EN_14511_GLIDE_K, sink_out_c, 20.0)
    assert cop == pytest.approx(median_cop, rel=0.08)


@pytest.mark.parametrize(
    ("source_out_c", "sink_out_c", "heat_kw", "published_cop"),
    [
        (15, 70, 1000, 4.0),
        (15, 70, 3000, 4.5),
        (15, 70, 10000, 5.0),
        (20, 60, 3000, 5.33),
        (20, 70, 3000, 4.47),
        (20, 80, 3000, 3.88),
    ],
)
def test_large_machines_of_the_catalogue(source_out_c, sink_out_c, heat_kw, published_cop):
    """Danish Energy Agency, catalogues of district and process heat, within 8 %."""
    cop = cop_by_size(float(source_out_c), float(sink_out_c), float(heat_kw))
    assert cop == pytest.approx(published_cop, rel=0.08)


def test_an_older_machine_that_the_efficiency_by_size_flatters():
    """Mäntsälä, 3.6 MW with R134a in 2015: 40 °C to 85 °C at a COP of 3.4, by its operator.

    Its share of Carnot is 0.52, that of the catalogue at its size 0.69. A study with a machine of
    known make must take the machine's own points; then the answer is the machine's.
    """
    assert cop_by_size(30.0, 85.0, 3600.0) / 3.4 == pytest.approx(1.32, abs=0.01)
    own = np.array([[40.0, 85.0, 3.4, 3600.0]])
    assert points_cop(own, 10.0, 30.0, 85.0, COP_MAX) == pytest.approx(3.4, rel=1e-5)


GRID = """
15 5.08 4.51 4.07 3.72 3.43 3.19 2.99
20 5.92 5.16 4.58 4.13 3.77 3.48 3.24
25 7.11 6.02 5.24 4.65 4.19 3.83 3.53
30 8    7.22 6.11 5.31 4.72 4.26 3.88
35 8    8    7.33 6.20 5.39 4.79 4.32
40 8    8    8    7.44 6.29 5.47 4.86
45 8    8    8    8    7.55 6.38 5.55
"""


def test_the_grid_of_a_small_machine():
    """55 % of Carnot between outlets: sources of 15 to 45 °C, sinks of 50 to 80 °C, by hand."""
    for line in GRID.split("\n")[1:-1]:
        source_c, *published = (float(cell) for cell in line.split())
        cops = [heat_pump_cop(source_c, 50.0 + 5 * step, 0.55, COP_MAX) for step in range(7)]
        assert [round(cop, 2) for cop in cops] == published


@pytest.mark.parametrize("corner", CORNERS)
def test_points_of_a_machine_foretell_the_one_left_out(corner):
    """150 certified machines with four points: the fourth from three, median error below 7 %.

    A plane through the three COPs, which is what a table's user would do, errs by more.
    """
    machines = [row for row in certificates() if all(f"{name}_cop" in row for name in CORNERS)]
    assert len(machines) == 150
    errors, plane_errors = [], []
    for machine in machines:
        known = [
            (*CORNERS[name], machine[f"{name}_cop"], 0.0) for name in CORNERS if name != corner
        ]
        source_in_c, sink_out_c = CORNERS[corner]
        foretold = points_cop(
            np.array(known), EN_14511_GLIDE_K, source_in_c - EN_14511_GLIDE_K, sink_out_c, 20.0
        )
        slopes = np.linalg.solve(
            [[1.0, point[0], point[1]] for point in known], [point[2] for point in known]
        )
        plane = float(slopes @ [1.0, source_in_c, sink_out_c])
        errors.append(abs(foretold / machine[f"{corner}_cop"] - 1))
        plane_errors.append(abs(plane / machine[f"{corner}_cop"] - 1))
    assert statistics.median(errors) < 0.07
    assert statistics.median(errors) < statistics.median(plane_errors)


@pytest.mark.parametrize(
    ("name", "source_out_c", "sink_out_c", "cop"),
    [
        ("R290", 31.52, 75.54, 3.55259),
        ("R290", 26.02, 38.85, 9.93948),
        ("R600a", 42.84, 90.17, 3.67621),
        ("R600a", 35.85, 49.51, 10.32693),
        ("R717", 42.84, 90.17, 3.83848),
        ("R717", 35.85, 49.51, 10.16656),
        ("R1234ze", 42.84, 90.17, 3.35300),
        ("R1234ze", 35.85, 49.51, 10.09157),
        ("R744-return-20", 12.65, 83.85, 4.06902),
        ("R744-return-20", 9.65, 39.59, 5.79811),
        ("R744-return-30", 12.65, 84.87, 3.52540),
        ("R744-return-30", 9.65, 48.0, 4.10597),
        ("R744-return-40", 12.65, 85.9, 2.95657),
        ("R744-return-40", 9.65, 56.4, 2.88987),
    ],
)
def test_the_maps_give_back_the_cycle(name, source_out_c, sink_out_c, cop):
    """Cycles solved with CoolProp 8.0.0 between the maps' points (tools/make_cop_maps.py)."""
    read = map_cop(load_cop_map(name), source_out_c, sink_out_c, 100.0)
    assert read == pytest.approx(cop, rel=0.01)


def test_a_propane_cycle_by_hand():
    """R290 evaporating at 25 and condensing at 60 °C: 5.82 at 0.72 isentropic, without motor.

    The map's compressor has 0.836 at that pressure ratio of 2.2 and its motor 0.93; heat is
    what the evaporator takes up plus the work, so 1 + (5.82 - 1)(0.836 / 0.72), then the motor.
    """
    by_hand = (1 + 4.82 * 0.836 / 0.72) * 0.93
    read = map_cop(load_cop_map("R290"), 30.0, 55.0, 100.0)
    assert read == pytest.approx(by_hand, rel=0.03)
    assert math.isclose(read, 6.25, rel_tol=0.01)
