"""The proposal as one HTML file that needs nothing else; paper is read off it.

What the contract says stands in the contract's words. A clause that claims what nothing backs is
left out, and so are such words anywhere else on the page; the findings say where they stood.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from exotherm import __version__
from exotherm.contract.explain import Sentence
from exotherm.contract.terms import Contract
from exotherm.core.documents import Assumption
from exotherm.core.units import NO_BREAK_SPACE, format_quantity
from exotherm.plan.own_heat import Situation
from exotherm.plan.proposal import Proposal
from exotherm.plan.proposal_cost import Moves
from exotherm.plan.proposal_faults import AFTER_H, FaultTried
from exotherm.plan.proposal_served import Supply
from exotherm.plan.risk_ranges import RiskFactor
from exotherm.plan.risk_verdict import write_value
from exotherm.prove.wording import Unbacked, unbacked_in, without_unbacked
from exotherm.render.contract_paper import roles_table
from exotherm.render.contract_words import Clauses, charges_of, clauses_about
from exotherm.render.pages import page_environment, value_groups
from exotherm.render.proposal_charts import render_proposal_charts, saving_title
from exotherm.render.site_words import (
    CustomerWords,
    capital,
    customer_words,
    customers_of,
    money_words,
    parts_of,
)
from exotherm.render.templating import style_sheet
from exotherm.site.document import Site

_OFFER = (
    ("BND-1", "QOS-1", "QOS-2", "QOS-5", "QOS-6", "QOS-7"),
    ("IDX-1", "IDX-6", "IDX-7", "TAR-7", "TAR-11", "FBK-6", "BIL-9", "LEG-1"),
)
"""what is promised, and after the charges what bounds them; prices stand between"""
_OPTIONAL = frozenset(
    {"IDX-1", "IDX-6", "IDX-7", "TAR-7", "TAR-11", "FBK-6", "OUT-3", "CAL-5", "CRD-6"}
)
"""clauses that a contract may well do without: their absence is not told"""
_FALLBACK = ("FBK-1", "FBK-2", "FBK-3", "FBK-4", "FBK-5", "OUT-2", "OUT-3", "OUT-6", "QOS-8")
_CALENDAR = ("CAL-2", "CAL-3", "CAL-4", "CAL-5", "LEG-17")
_PROTECTION = (
    ("CRD-1", "CRD-2", "CRD-6", "CRD-7", "OUT-7"),
    ("LEG-2", "LEG-3", "LEG-4", "OWN-4"),
    ("LEG-7", "LEG-8", "LEG-9"),
    ("OWN-3", "MET-5", "MET-7", "BIL-13", "LEG-11", "MET-14", "LEG-20"),
)
_PROTECTION_TITLES = (
    "If a promise is missed",
    "If it ends early",
    "Liability and insurance",
    "Measuring and data",
)
LEFT_OUT = "This clause is left out here: it claims what nothing backs. The contract has its words."
_TEXT = re.compile(r"(<style>.*?</style>)|(<[^>]*>)|([^<]+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Words that nothing can back, and the table of the clause in which they stand.

    ``table`` is empty where they stand elsewhere on the page.
    """

    table: str
    unbacked: Unbacked


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """A page, and what was left out of it because nothing backs it."""

    html: str
    left_out: tuple[Claim, ...]


def render_proposal(
    proposal: Proposal, site: Site, contract: Contract, *, made_at: datetime
) -> ProposalPage:
    """Write a proposal as one self-contained page, its claims checked for words."""
    names = names_of(site, contract)
    clerk = _Clerk(contract, names)
    words = customer_words(site)
    page = (
        page_environment()
        .get_template("proposal.html.j2")
        .render(
            proposal=proposal,
            site=site,
            contract=contract,
            words=words,
            parts=parts_of(site),
            money=money_words(site.economics),
            headline=headline(proposal, contract, words),
            saving=saving_title(proposal),
            promise=clerk.clauses(_OFFER[0]),
            charges=clerk.charges(),
            bounds=clerk.clauses(_OFFER[1]),
            fallback=clerk.clauses(_FALLBACK),
            calendar=clerk.clauses(_CALENDAR),
            protections=tuple(
                (title, clerk.clauses(numbers))
                for title, numbers in zip(_PROTECTION_TITLES, _PROTECTION, strict=True)
            ),
            silent=clerk.silent(),
            roles=None if contract.roles is None else roles_table(contract.roles),
            charts=render_proposal_charts(proposal, words),
            situations=_situations(words, proposal),
            moves=tuple(_moved(one) for one in proposal.cost.moves),
            supply=_supply,
            meaning=lambda one: _meaning(one, contract),
            after_h=AFTER_H,
            groups=value_groups(_stated(proposal), site.site.currency),
            made_at=made_at,
            version=__version__,
            style=Markup(style_sheet()),  # noqa: S704 - our own file
        )
    )
    page, others = _without_claims(page, names)
    return ProposalPage(html=page, left_out=(*clerk.left_out, *others))


def names_of(site: Site, contract: Contract) -> tuple[str, ...]:
    """Give the names of parties and places, which claim nothing."""
    parties = contract.parties
    own = (parties.supplier.name, parties.customer.name, site.site.name, *customers_of(site))
    files = (site.computing.utilisation_file, *(one.file for one in site.measured))
    return tuple(sorted({*own, *files}, key=len, reverse=True))


def headline(proposal: Proposal, contract: Contract, words: CustomerWords) -> str:
    """Say the offer in one sentence of figures that nine of ten cases keep to."""
    year = proposal.cost.year
    warm = format_quantity("supply_c", contract.supply_temperature.supply_c_min)
    heat = format_quantity("heat_kwh", year.heat_kwh_min)
    if year.bill_per_kwh_max is None or year.heat_kwh_min <= 0.0:
        return f"No heat can be promised to {words.who}: one year in ten has none."
    price = format_quantity("per_kwh", year.bill_per_kwh_max, currency=proposal.currency)
    return (
        f"For {words.who} at least {heat} of heat a year from servers, promised at {warm} or "
        f"warmer, for at most {price} all in."
    )


class _Clerk:
    """Takes clauses off the contract, and notes those whose words nothing backs."""

    def __init__(self, contract: Contract, names: tuple[str, ...]) -> None:
        self._contract, self._names = contract, names
        self.left_out: list[Claim] = []
        self._silent: list[str] = []

    def clauses(self, numbers: tuple[str, ...]) -> tuple[tuple[Sentence, str], ...]:
        """Give clauses with their words, in the order asked; what is not there is noted."""
        found = clauses_about(self._contract, numbers)
        self._silent += clauses_about(
            self._contract, [one for one in numbers if one not in _OPTIONAL]
        ).silent
        return self._checked(found)

    def charges(self) -> tuple[tuple[Sentence, str], ...]:
        """Give the clauses that the contract charges by."""
        every = clauses_about(self._contract, (f"TAR-{number}" for number in range(1, 15)))
        charged = charges_of(self._contract)
        said = tuple(one for one in every.said if one.table in charged)
        return self._checked(Clauses(said=said, silent=()))

    def silent(self) -> str:
        """List what the contract says nothing of; ask when all clauses were taken."""
        return ", ".join(dict.fromkeys(self._silent))

    def _checked(self, clauses: Clauses) -> tuple[tuple[Sentence, str], ...]:
        return tuple((one, self._words(one)) for one in clauses.said)

    def _words(self, sentence: Sentence) -> str:
        found = unbacked_in(sentence.text, names=self._names)
        self.left_out += [Claim(table=sentence.table, unbacked=one) for one in found]
        return LEFT_OUT if found else sentence.text


def _without_claims(page: str, names: tuple[str, ...]) -> tuple[str, tuple[Claim, ...]]:
    """Take words that nothing backs out of all that a page shows; gives what was taken."""
    found: list[Claim] = []

    def clean(part: re.Match[str]) -> str:
        shown = part[3]
        if shown is None:
            return part[0]
        found.extend(Claim(table="", unbacked=one) for one in unbacked_in(shown, names=names))
        return without_unbacked(shown, names=names)

    return _TEXT.sub(clean, page), tuple(found)


def _situations(words: CustomerWords, proposal: Proposal) -> dict[Situation, str]:
    own = capital(words.own_alone)
    renewal = proposal.cost.renewal
    due = ""
    if renewal is not None:
        due = f"{own} replaced in {format_quantity('_years', renewal.due_in_years, decimals=0)}"
    return {
        Situation.KEPT: f"{own} kept",
        Situation.NOW: f"{own} replaced now",
        Situation.DUE: due,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """An assumption as a row: its name, its ends, and what is saved at the worse of them."""

    name: str
    low: str
    high: str
    saved_min: float
    widened: str


def _moved(one: Moves) -> _Moved:
    return _Moved(
        name=one.factor.value,
        low=_end(one.factor, one.range.low),
        high=_end(one.factor, one.range.high),
        saved_min=one.saved_min,
        widened=one.range.widened,
    )


def _end(factor: RiskFactor, value: float) -> str:
    if factor is not RiskFactor.OUTDOOR:
        return write_value(factor, value)
    return f"{format_quantity('_k', abs(value))} {'colder' if value < 0 else 'warmer'}"


def _supply(supply: Supply | None) -> str:
    """Write the worst supply as a cell: with its promise, or that none came or none is owed."""
    if supply is None:
        return "none owed"
    if supply.supply_c is None:
        return f"none{NO_BREAK_SPACE}/{NO_BREAK_SPACE}{supply.promised_c:.1f}"
    return f"{supply.supply_c:.1f}{NO_BREAK_SPACE}/{NO_BREAK_SPACE}{supply.promised_c:.1f}"


def _meaning(one: FaultTried, contract: Contract) -> str:
    """Say what the contract makes of a fault, in a sentence."""
    if one.counted_as is None:
        return "The service goes on as promised."
    parts = []
    if one.failed_h:
        failed = format_quantity("failed_h", one.failed_h, decimals=1)
        credit = "" if contract.service_credit is None else " and towards a credit"
        parts.append(f"{failed} count against the supplier{credit}")
    if one.excused_h:
        parts.append(f"{format_quantity('excused_h', one.excused_h, decimals=1)} are excused")
    if not parts:
        return f"No quarter-hour falls short of the promise. Cause: {one.counted_as}."
    return f"{capital(' and '.join(parts))}. Cause: {one.counted_as}."


def _stated(proposal: Proposal) -> tuple[Assumption, ...]:
    """Leave out what is empty."""
    return tuple(one for one in proposal.assumptions if one.value is not None and one.value != ())
