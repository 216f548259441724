"""What a person tells of a project besides site and contract: answers, and owners of duties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import Field, StringConstraints, create_model

from exotherm.comply.catalogue import FactKind, Kind, catalogue, kind_of
from exotherm.comply.facts import Facts, facts_of
from exotherm.comply.from_contract import ContractTerms
from exotherm.comply.owners import owners_of
from exotherm.contract.terms import Contract
from exotherm.core.complaints import write_value
from exotherm.core.documents import Document, Read, Source, read_document
from exotherm.core.findings import Finding
from exotherm.core.schema import write_schema
from exotherm.core.units import unit_of
from exotherm.site.document import Site

REGULATION_FILE = "regulation.toml"

_Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_SHARE: Any = Annotated[float, Ge(0), Le(1)]
_TYPES: Mapping[Kind, Any] = {
    "yes or no": bool,
    "number": Annotated[float, Ge(0)],
    "word": _Word,
    "words": Annotated[tuple[_Word, ...], Field(max_length=100)],
    "day": date,
}


class Owners(Document):
    """Who answers for duties whom the contract does not name: companies or offices."""

    data_centre_operator: _Word | None = None
    """who operates the servers, where the contract leaves it to a third party"""
    plant_operator: _Word | None = None
    """who operates exchanger and heat pump, where the contract leaves it to a third party"""
    building_owner: _Word | None = None
    """who owns the building in which plant stands"""
    installer: _Word | None = None
    """who installs the plant"""
    manufacturer: _Word | None = None
    """who makes it and declares that it conforms"""
    network_operator: _Word | None = None
    """who operates the heat network"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person told besides the files."""

    answers: Mapping[str, object] = field(default_factory=dict)
    """answers by the names of the catalogue of facts"""
    owners: Mapping[str, str] = field(default_factory=dict)
    """owners of duties by role"""


@lru_cache(maxsize=1)
def regulation_document() -> type[Document]:
    """Give the document of ``regulation.toml``, whose answers are the catalogue of facts."""
    fields: dict[str, Any] = {name: _field(kind) for name, kind in catalogue().items()}
    answers = create_model(
        "Answers",
        __base__=Document,
        __doc__="Facts that neither the site file nor the contract tells.",
        **fields,
    )
    return create_model(
        "Regulation",
        __base__=Document,
        __doc__="What a person tells of a project, for the rules that follow from it.",
        answers=(answers | None, Field(default=None, description="answers to open questions")),
        owners=(Owners | None, Field(default=None, description="owners of duties")),
    )


def _field(kind: FactKind) -> tuple[Any, Any]:
    unit = unit_of(kind.name)
    share = unit is not None and unit.suffix == "frac"
    # The kind alone, not "or nothing": so the document refuses what it would convert by guess.
    wanted = _SHARE if share else _TYPES[kind.kind]
    return wanted, Field(default=None, description=kind.tell)


def read_regulation(text: str, *, file: str = REGULATION_FILE) -> Read[Document]:
    """Read the text of a regulation file, or explain each thing that stands against it."""
    return read_document(text, regulation_document(), file=file)


def write_regulation_schema() -> str:
    """Write the JSON Schema that an editor needs for ``regulation.toml``."""
    return write_schema(regulation_document(), title="exotherm regulation")


def told_by(document: Document) -> Told:
    """Take the answers and owners out of a regulation file."""
    given = document.model_dump(exclude_unset=True)
    owners = {role.replace("_", " "): name for role, name in given.get("owners", {}).items()}
    return Told(answers=given.get("answers", {}), owners=owners)


def weigh(
    told: Told,
    site: Site,
    contract: ContractTerms | None,
    on: date,
    *,
    text: str = "",
    file: str = REGULATION_FILE,
) -> tuple[Facts, tuple[Finding, ...]]:
    """Gather what is known with the answers; one that a file contradicts is a finding.

    ``text`` is the file that the answers were read from; with it findings have lines.
    """
    source, findings, good = Source(file=file, text=text), list[Finding](), dict[str, object]()
    plain = facts_of(site, contract, on)
    for name, answer in told.answers.items():
        try:
            facts_of(site, contract, on, told={name: answer})
        except ValueError:
            findings.append(_contradicted(name, answer, plain, source))
        else:
            good[name] = answer
    return facts_of(site, contract, on, told=good), tuple(findings)


def check_owners(
    told: Told, contract: Contract | None, *, text: str = "", file: str = REGULATION_FILE
) -> tuple[Finding, ...]:
    """Check that no owner is named whom the contract names otherwise."""
    source, known = Source(file=file, text=text), owners_of(contract, {})
    return tuple(
        source.warning(
            "regulation.owner-differs",
            "owners",
            role.replace(" ", "_"),
            message=f"By the contract the {role} is {known[role]}, but here it is {name}: the "
            "contract counts.",
            remedy="Take it out here, or correct the roles of the contract (PAR-2).",
            contract=known[role],
        )
        for role, name in told.owners.items()
        if known.get(role, name) != name
    )


def _contradicted(name: str, answer: object, plain: Facts, source: Source) -> Finding:
    # The document has checked name and kind, so that only a file can stand against an answer.
    known = plain.facts[name]
    return source.error(
        "regulation.answer-wrong",
        "answers",
        name,
        message=f"`{name}` cannot be {write_value(answer)}: {kind_of(name).describe(known.value)} "
        f"({known.source}).",
        remedy="Correct the answer, or what the file says; where the file is right take the "
        "answer out.",
        known=kind_of(name).describe(known.value),
        source=known.source,
    )
