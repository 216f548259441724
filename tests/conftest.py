"""The example site, read once for all tests that live on it."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.core.samples import Point
from exotherm.site.document import Site, points_of
from exotherm.site.reading import read_site
from exotherm.site.series import Surroundings
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.surroundings import surroundings_of

# Workers are given a terminal's width, but what they write goes to none.
os.environ.pop("COLUMNS", None)

# No test asserts a time, hypothesis' own included: machines are shared, and kernels compile.
# What passed here passes there: examples are drawn alike everywhere, unless they are searched for
# with `--hypothesis-profile=search`.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")

POOL = Path(__file__).parent.parent / "examples" / "pool"


@pytest.fixture(scope="session")
def pool_folder() -> Path:
    return POOL


@pytest.fixture(scope="session")
def pool_site() -> Site:
    read = read_site((POOL / "site.toml").read_text(encoding="utf-8"))
    assert read.document is not None, read.findings
    return read.document


@pytest.fixture(scope="session")
def pool_contract() -> Contract:
    read = read_contract((POOL / "contract.toml").read_text(encoding="utf-8"))
    assert read.document is not None, read.findings
    return read.document


@pytest.fixture(scope="session")
def pool_surroundings(pool_site: Site) -> Surroundings:
    files = WorkspaceFiles(POOL)
    surroundings = surroundings_of(pool_site, files)
    assert surroundings is not None, files.findings
    return surroundings


@pytest.fixture(scope="session")
def pool_points(pool_site: Site) -> dict[str, Point]:
    return dict(points_of(pool_site))
