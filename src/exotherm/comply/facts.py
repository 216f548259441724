"""What is known of a project: from its site file, its contract, and what a person told besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from exotherm.comply.catalogue import catalogue, kind_of
from exotherm.comply.from_contract import ContractTerms, contract_facts
from exotherm.comply.from_site import site_facts
from exotherm.comply.refrigerants import refrigerant_laws
from exotherm.comply.values import Several, Span, Value
from exotherm.site.document import Site

Told = Mapping[str, object]
"""What a person tells besides the files, by the names of the catalogue."""
TOLD = "told"
"""The source of a fact that a person told."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with the place that it was taken from."""

    value: Value
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known of a project on a day; what is not here is not known."""

    on: date
    country: str
    """where the site lies, by ISO 3166"""
    facts: Mapping[str, Fact]

    def __post_init__(self) -> None:
        for name, fact in self.facts.items():
            assert kind_of(name).fits(fact.value), (name, fact)

    @property
    def known(self) -> Mapping[str, Value]:
        """The values alone, by name."""
        return {name: fact.value for name, fact in self.facts.items()}


def facts_of(
    site: Site, contract: ContractTerms | None, on: date, *, told: Told | None = None
) -> Facts:
    """Gather what is known of a project on a day.

    ``contract`` is None while there is none; then nothing is assumed of it. ``told`` are answers to
    questions that neither file holds (``duties.open_questions``). An answer may narrow what a file
    only bounds, such as the connected load; it never overrules a file. Raises ValueError, in plain
    words, for an answer to no question, of the wrong kind, or against a file.
    """
    facts: dict[str, Fact] = {}
    for name, value, source in _from_files(site, contract):
        # The contract is read last and knows its customer better than the site file.
        facts[name] = Fact(value, source)
    for name, raw in (told or {}).items():
        facts[name] = Fact(_answer(name, raw, facts.get(name)), TOLD)
    _add_charge(facts, site)
    return Facts(on=on, country=site.site.country, facts=facts)


def _from_files(site: Site, contract: ContractTerms | None) -> Iterator[tuple[str, Value, str]]:
    for name, value, table in site_facts(site):
        yield name, value, f"site file: {table}"
    if contract is None:
        return
    has_pool = site.pool is not None
    for name, value, table in contract_facts(contract):
        yield name, value, f"contract: {table}"
        if name == "domestic" and has_pool:
            # Who bathes in the pool of a school, a club or a hotel is no single household.
            yield "pool_public", not value, f"contract: {table}"


def _add_charge(facts: dict[str, Fact], site: Site) -> None:
    """Work out what the heat pump's charge means for the climate, once it is told."""
    charge, pump = facts.get("refrigerant_charge_kg"), site.heat_pump
    if charge is None or pump is None or "refrigerant_charge_tco2e" in facts:
        return
    assert isinstance(charge.value, Span)
    per_kg = refrigerant_laws()[pump.refrigerant].charge_tco2e(1.0)
    facts["refrigerant_charge_tco2e"] = Fact(charge.value.times(per_kg), charge.source)


# --- Answers


def _answer(name: str, raw: object, before: Fact | None) -> Value:
    kind = catalogue().get(name)
    if kind is None:
        near = get_close_matches(name, catalogue(), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"no rule asks for {name}{meant}")
    value = kind.read(raw)
    if before is not None and not _narrows(before.value, value):
        known = kind.describe(before.value)
        raise ValueError(f"{name} cannot be {raw}: {known} ({before.source})")
    return value


def _narrows(before: Value, value: Value) -> bool:
    """Whether an answer only tells more closely what a file bounds, or says the same."""
    if isinstance(before, Span) and isinstance(value, Span):
        return before.low <= value.low and value.high <= before.high
    if isinstance(before, Several) and isinstance(value, Several):
        known, told = set(before.words), set(value.words)
        return known == told if before.complete else known <= told
    return before == value
