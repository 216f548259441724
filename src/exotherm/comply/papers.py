"""What proofs look at, and what comes of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from exotherm.comply.duties import Duty
from exotherm.comply.facts import Facts
from exotherm.contract.terms import Contract
from exotherm.core.findings import Finding
from exotherm.site.document import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the study of a year says, where one was made."""

    worth_building: bool
    words: str
    """the verdict with its reason, as a sentence"""
    customer_npv: float
    """what the service is worth to the customer over the term; negative where it costs"""
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Everything that the files of a workspace hold, read and checked."""

    site: Site
    contract: Contract | None
    """None while there is none that can be read"""
    findings: tuple[Finding, ...]
    """what stands against site, contract, series and plan"""
    facts: Facts
    duties: tuple[Duty, ...]
    owners: Mapping[str, str] = field(default_factory=dict)
    """owners of duties, by role, whom the contract does not name"""
    plan: Plan | None = None

    def stands(self, *codes: str) -> Finding | None:
        """Give the first finding with one of these codes, or None."""
        return next((one for one in self.findings if one.code in codes), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the files say of an item: it holds, it does not, or they cannot tell."""

    holds: bool | None
    words: str
    """what they say, with its numbers, as a part of a sentence"""
    remedy: str = ""
    """what to do where it does not hold or cannot be told, beside a signature; a sentence"""


ProofOf = Callable[[Papers], Proof]
OfContract = Callable[[Papers, Contract], Proof]


def of_contract(prove: OfContract) -> ProofOf:
    """Make a proof that needs a contract out of one that is given it."""

    def prove_or_say_why_not(papers: Papers) -> Proof:
        if papers.contract is None:
            return Proof(
                holds=None,
                words="there is no contract that can be read",
                remedy="Write contract.toml; `exotherm new` has an example.",
            )
        return prove(papers, papers.contract)

    return prove_or_say_why_not


def refuted(finding: Finding) -> Proof:
    """Give the proof that a finding stands against."""
    return Proof(holds=False, words=finding.message.rstrip("."), remedy=finding.remedy)
