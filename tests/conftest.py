"""The example site, read once for all tests that live on it."""

from pathlib import Path

import pytest

from exotherm.contract.reading import read_contract
from exotherm.contract.terms import Contract
from exotherm.feeds.utilisation import read_utilisation
from exotherm.feeds.weather import read_pvgis
from exotherm.site.document import Site
from exotherm.site.reading import read_site
from exotherm.site.series import Utilisation, Weather

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
def pool_weather() -> Weather:
    weather, findings = read_pvgis(
        (POOL / "weather.csv").read_text(encoding="utf-8"), file="weather.csv"
    )
    assert weather is not None, findings
    return weather


@pytest.fixture(scope="session")
def pool_utilisation() -> Utilisation:
    utilisation, findings = read_utilisation(
        (POOL / "utilisation.csv").read_text(encoding="utf-8"),
        file="utilisation.csv",
        column="cpu_util_percent",
        in_percent=True,
    )
    assert utilisation is not None, findings
    return utilisation
