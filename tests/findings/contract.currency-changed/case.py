"""Versions in two currencies."""

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from exotherm.usecases.compare_contracts import compare_contracts

POOL = Path(__file__).parents[3] / "examples" / "pool"
ABOUT = "The versions count in different currencies, so their amounts are not compared."


def findings():
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        new = Path("new")
        shutil.copytree(POOL, new)
        text = (new / "contract.toml").read_text("utf-8")
        for old, other in (
            ('currency       = "EUR"', 'currency = "CHF"'),
            ('currency   = "EUR"', 'currency = "CHF"'),
            ("version      = 1", f'version = 2\nprevious_hash = "{"0" * 64}"'),
        ):
            assert text.count(old) == 1, old
            text = text.replace(old, other)
        (new / "contract.toml").write_text(text, "utf-8")
        return compare_contracts(POOL, new, site=None).findings
