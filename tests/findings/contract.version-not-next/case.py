"""Two versions that are no neighbours."""

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from exotherm.usecases.compare_contracts import compare_contracts

POOL = Path(__file__).parents[3] / "examples" / "pool"
ABOUT = "Two versions are compared of which one does not follow the other."


def findings():
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        new = Path("new")
        shutil.copytree(POOL, new)
        text = (new / "contract.toml").read_text("utf-8")
        for old, other in (
            ("version      = 1", f'version = 4\nprevious_hash = "{"0" * 64}"'),
            ("price_per_kwh = 0.0680", "price_per_kwh = 0.0700"),
        ):
            assert text.count(old) == 1, old
            text = text.replace(old, other)
        (new / "contract.toml").write_text(text, "utf-8")
        return compare_contracts(POOL, new, site=None).findings
