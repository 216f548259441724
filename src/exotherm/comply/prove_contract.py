"""Proofs of what was agreed and what it is worth: clauses, outcomes, plan, term, limits, cover."""

from collections import Counter
from collections.abc import Mapping

from exotherm.comply.papers import Papers, Proof, ProofOf, of_contract, refuted
from exotherm.contract.outcome import table_of
from exotherm.contract.rules import Judgement
from exotherm.contract.terms import Contract, clauses_of
from exotherm.core.units import format_number, format_quantity


def _contract_complete(papers: Papers, contract: Contract) -> Proof:
    wrong = papers.stands("contract.clause-missing")
    if wrong is not None:
        return refuted(wrong)
    there = contract.clauses.values()
    filled = sum(clause.preset is not None for clause in there)
    codes = Counter(finding.code for finding in papers.findings)
    advised = codes["contract.clause-open"] + codes["contract.clause-left-out"]
    presets = f", {filled} of them by presets" if filled else ""
    return Proof(
        holds=True,
        words=f"{len(there)} of {len(clauses_of())} clauses are there{presets}; the others are "
        f"not needed here{f', but for {advised} that are advised' if advised else ''} "
        "(contract.toml)",
    )


def _outcomes_total(_: Papers, contract: Contract) -> Proof:
    table = table_of(contract)
    found = [table.look_up(facts) for facts in table.all_facts()]
    open_ones = sum(not isinstance(one, Judgement) for one in found)
    combinations = f"{format_number(len(found), 0)} combinations of calendar, meter, cause, notice"
    if open_ones:
        return Proof(
            holds=False,
            words=f"{format_number(open_ones, 0)} of {combinations} and limit have no outcome or "
            "several",
            remedy="Mend the clauses that the findings name.",
        )
    return Proof(holds=True, words=f"{combinations} and limit, each with one outcome")


def _no_plan(words: str) -> Proof:
    return Proof(holds=None, words=words, remedy="Run the check with `--plan`.")


def _plan(papers: Papers) -> Proof:
    if papers.plan is None:
        return _no_plan("this check made no plan")
    return Proof(
        holds=papers.plan.worth_building,
        words=papers.plan.words.rstrip("."),
        remedy="Change the project or its terms; `exotherm plan run` shows what sinks it.",
    )


def _customer_saves(papers: Papers) -> Proof:
    plan = papers.plan
    if plan is None:
        return _no_plan("this check made no plan")
    gain = format_quantity("npv", plan.customer_npv, currency=plan.currency)
    return Proof(
        holds=plan.customer_npv > 0.0,
        words=f"over the term the customer gains {gain}, as a present value",
        remedy="Lower the price of heat, or say why the customer buys all the same.",
    )


def _term(papers: Papers, contract: Contract) -> Proof:
    years, planned = contract.term.length_months / 12.0, papers.site.economics.term_years
    holds = years >= planned
    return Proof(
        holds=True if holds else None,
        words=f"the contract runs {format_quantity('term_years', years)}, the plan counts on "
        f"{format_quantity('term_years', planned)}",
        remedy="" if holds else "Lengthen the term, or judge the plan over fewer years.",
    )


def _exposure(_: Papers, contract: Contract) -> Proof:
    limits, liability, ending = (
        contract.credit_limits,
        contract.liability,
        contract.termination_payment,
    )
    if limits is None or liability is None or ending is None:
        clauses = (("CRD-2", limits), ("LEG-7", liability), ("LEG-3", ending))
        open_ones = " and ".join(number for number, clause in clauses if clause is None)
        return Proof(
            holds=None,
            words=f"the contract says nothing by {open_ones}",
            remedy=f"Agree on {open_ones}.",
        )
    amount = format_quantity(
        "amount", liability.supplier_amount_max, currency=contract.currency, decimals=0
    )
    return Proof(
        holds=True,
        words=f"credits at most {format_quantity('_frac', limits.year_frac_max)} of a year's base "
        f"(CRD-2), the supplier's liability at most {amount} a {liability.per} (LEG-7), an early "
        "end by LEG-3",
    )


def _insurance(_: Papers, contract: Contract) -> Proof:
    insurance = contract.insurance
    if insurance is None:
        return Proof(
            holds=None, words="no insurance is agreed", remedy="Agree on `[insurance]` (LEG-9)."
        )
    kinds = ", ".join(f"{one.kind} ({one.insured})" for one in insurance.policies)
    return Proof(holds=None, words=f"agreed are {kinds} (LEG-9)")


def _award(_: Papers, contract: Contract) -> Proof:
    clause = contract.procurement
    if clause is None:
        return Proof(
            holds=None,
            words="the contract names no procedure of award",
            remedy="Agree on `[procurement]` (LEG-19).",
        )
    return Proof(holds=None, words=f"awarded by {clause.procedure}, {clause.legal_basis} (LEG-19)")


def _authorisation(_: Papers, contract: Contract) -> Proof:
    status = contract.regulatory_status
    if status is None or status.authorisation is None:
        return Proof(holds=None, words="the contract names no authorisation (PAR-3)")
    return Proof(holds=True, words=f"authorised by {status.authorisation} (PAR-3)")


CONTRACT_PROOFS: Mapping[str, ProofOf] = {
    "contract complete": of_contract(_contract_complete),
    "outcomes total": of_contract(_outcomes_total),
    "plan": _plan,
    "customer saves": _customer_saves,
    "term": of_contract(_term),
    "exposure": of_contract(_exposure),
    "insurance": of_contract(_insurance),
    "award": of_contract(_award),
    "authorisation": of_contract(_authorisation),
}
