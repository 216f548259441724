"""A writer that is killed at any moment loses nothing it called kept, and leaves nothing twice."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "kill_rounds.py"


def test_twenty_writers_are_killed_and_nothing_is_lost_or_there_twice():
    done = subprocess.run(
        [sys.executable, str(TOOL), "--rounds", "20", "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "20 rounds, 20 killed while writing, 0 with a fault\n"
    assert done.returncode == 0
