"""Projects to hold rules against: the examples' sites, contracts, and facts alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from exotherm.comply.catalogue import kind_of
from exotherm.comply.facts import Fact, Facts
from exotherm.contract.terms.parties import Parties, Party, RegulatoryStatus, Role, Roles
from exotherm.site.document import Site
from exotherm.site.reading import read_site

_EXAMPLES = Path(__file__).parents[3] / "examples"
_TODAY = date(2026, 11, 26)


@lru_cache
def _site_of(example: str) -> Site:
    read = read_site((_EXAMPLES / example / "site.toml").read_text(encoding="utf-8"))
    assert read.document is not None, read.findings
    return read.document


def _other_site(example: str, **tables: Any) -> Site:
    """The example with other tables; None leaves one out."""
    raw = _site_of(example).model_dump(exclude_unset=True) | tables
    return Site.model_validate({name: value for name, value in raw.items() if value is not None})


@dataclass(frozen=True, kw_only=True)
class Ready:
    heat_kw: float


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The clauses that rules read, as a contract holds them."""

    parties: Parties
    roles: Roles | None
    regulatory_status: RegulatoryStatus | None
    capacity: Ready


def _party(name: str, country: str) -> Party:
    return Party(
        name=name,
        registration="register of examples 1",
        vat_id=f"{country}{name.replace(' ', '')}",
        street="Example Street 1",
        postcode="1000",
        city="Exampletown",
        country=country,
        email="heat@hosting.example",
        contact="heat desk, +00 0000",
    )


def _terms(
    country: str,
    *,
    customer_class: Any = "public body",
    supplier_is: Any = "supplier",
    supplier_country: str | None = None,
    other_buyers: tuple[str, ...] = (),
    fallback: str = "customer",
    authorisation: str | None = None,
    heat_kw: float = 30.0,
) -> Terms:
    ours = dict.fromkeys(("owner", "operator", "maintainer", "payer"), "supplier")
    roles = {asset: Role.model_validate(ours) for asset in Roles.model_fields}
    backup = dict.fromkeys(("owner", "operator", "maintainer", "payer"), fallback)
    roles["fallback"] = Role.model_validate(backup)
    return Terms(
        parties=Parties(
            supplier=_party("Example Hosting", supplier_country or country),
            customer=_party("Example Customer", country),
            other_buyers=other_buyers,
        ),
        roles=Roles(**roles),
        regulatory_status=RegulatoryStatus(
            supplier_is=supplier_is, customer_class=customer_class, authorisation=authorisation
        ),
        capacity=Ready(heat_kw=heat_kw),
    )


def _known(country: str = "DE", *, on: date = _TODAY, **facts: object) -> Facts:
    """A project of which these facts are known and no others."""
    read = {name: Fact(kind_of(name).read(raw), "test") for name, raw in facts.items()}
    return Facts(on=on, country=country, facts=read)


@pytest.fixture(scope="session")
def site_of() -> Callable[[str], Site]:
    return _site_of


@pytest.fixture(scope="session")
def other_site() -> Callable[..., Site]:
    return _other_site


@pytest.fixture(scope="session")
def terms() -> Callable[..., Terms]:
    return _terms


@pytest.fixture(scope="session")
def known() -> Callable[..., Facts]:
    return _known


@pytest.fixture(scope="session")
def today() -> date:
    return _TODAY
