#!/usr/bin/env python3
"""Kill a gateway under load many times, and count what is lost or there twice.

    .venv/bin/python tools/kill_gateway.py --rounds 1000

A gateway reads a twin's meters through their real protocols and passes what it keeps on to a real
broker; it is killed at a random moment of its first second and a half, again and again.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(_ROOT / "tests" / "support"))

from gateway_rounds import run_rounds  # noqa: E402 - found in the tests
from servers import mosquitto  # noqa: E402


def main() -> int:
    """Run the rounds and say what came of them; exits with 1 where anything is lost or invented."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    interrupted: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: interrupted.append(number))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(_ROOT / "examples" / "pool", Path(made) / "pool"))
        with mosquitto(Path(made)) as port:
            found = run_rounds(
                folder,
                port,
                rounds=options.rounds,
                seed=options.seed,
                goes_on=lambda number: not interrupted and _tell(f"\r{number}"),
            )
    _tell("\n")
    sys.stdout.write(
        f"{found.killed} kills: {found.stored} samples stored, {found.heard} heard upstairs, "
        f"{found.again} of them again, {len(found.lost)} lost, {len(found.invented)} invented\n"
    )
    return 1 if found.lost or found.invented else 0


def _tell(words: str) -> bool:
    sys.stderr.write(words)
    sys.stderr.flush()
    return True


if __name__ == "__main__":
    sys.exit(main())
