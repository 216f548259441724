"""A contract without a site beside it."""

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from exotherm.usecases.compare_contracts import compare_contracts

POOL = Path(__file__).parents[3] / "examples" / "pool"
ABOUT = "Beside the later version there is no site to simulate, so the difference has no amount."


def findings():
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        new = Path("new")
        new.mkdir()
        shutil.copy(POOL / "contract.toml", new / "contract.toml")
        return compare_contracts(POOL, new, site=None).findings
