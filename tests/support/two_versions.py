"""Two versions of the example's contract, the later one with words exchanged."""

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from exotherm.core.findings import Finding
from exotherm.usecases.compare_contracts import compare_contracts

POOL = Path(__file__).parents[2] / "examples" / "pool"


def findings_of_version(*changes: tuple[str, str]) -> tuple[Finding, ...]:
    """Compare the example with a copy in which each of these texts, there once, is another."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        new = Path("new")
        shutil.copytree(POOL, new)
        text = (new / "contract.toml").read_text("utf-8")
        for old, other in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, other)
        (new / "contract.toml").write_text(text, "utf-8")
        return compare_contracts(POOL, new, site=None).findings
