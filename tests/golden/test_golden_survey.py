"""The example pool's survey as the command line shows it, and by hand.

By hand: the tank of 2 m³ stands on 0.795 m² and weighs 2.3 t, 28.4 kN/m² on a slab of 20, so it
needs 22.6 / 20 = 1.13 m² of foundation: 1,500 + 1.13 × 350 = 1,895 EUR. One seal and its opening
are 550 + 250. The fill: 700 + 4.5 × 120 = 1,240, at one chance of two. The system's maker offers
1,900. New branches cost 900. Works end 45 + 70 + 20 days after 3 March, on 16 July, and wait for
the yearly cleaning that begins on 4 August; two days of tie-in and ten of commissioning end on 16
August.
"""

import io
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from pathlib import Path

from exotherm.cli.main import run
from exotherm.usecases.survey import survey_of
from exotherm.usecases.workspace import load_workspace

POOL = Path(__file__).parents[2] / "examples" / "pool"
GOLDEN = Path(__file__).parent / "survey" / "pool.txt"


def shown() -> str:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        assert run(["survey", str(POOL)]) == 0
    return out.getvalue()


def test_the_survey_reads_as_it_did():
    assert shown() == GOLDEN.read_text(encoding="utf-8")


def test_it_fits_80_columns():
    assert max(len(line) for line in shown().splitlines()) <= 80


def test_its_sums_are_those_by_hand():
    result = survey_of(load_workspace(POOL))
    assert result is not None
    likely = {one.rule: one.cost.likely for one in result.items if one.cost}
    assert {rule: int(amount) for rule, amount in likely.items()} == {
        "floor-load": 1894,
        "bms": 1900,
        "valves": 900,
        "fire-stopping": 800,
        "fill-water": 1240,
    }
    means = [
        (1025.62 + 1894.84 + 4289.68) / 3,
        (1700 + 1900 + 2400) / 3,
        (300 + 900 + 2500) / 3,
        (370 + 800 + 2000) / 3,
        0.5 * (570 + 1240 + 2850) / 3,
    ]
    assert result.added.expected == Decimal(str(round(sum(means), 2)))
