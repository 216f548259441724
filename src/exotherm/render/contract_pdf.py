"""The contract as PDF/A-3: tagged, the file it was written from inside, always the same bytes."""

import json
from datetime import UTC, datetime, time
from importlib.resources import files

from exotherm.contract.canonical import hash_of, write_canonical
from exotherm.contract.terms import Contract
from exotherm.render.contract_paper import ContractPaper, PaperClause, Table, paper_of
from exotherm.render.pdf import set_pdf


def render_contract_pdf(contract: Contract, *, text: str) -> bytes:
    """Set a contract as PDF/A-3 with the TOML ``text`` it was read from. Raises UnableToRender."""
    template = files("exotherm.render").joinpath("templates/contract.typ").read_bytes()
    inputs = {
        "data": json.dumps(contract_data(contract, paper_of(contract)), ensure_ascii=False),
        "toml": text,
        "canonical": write_canonical(contract),
    }
    # The paper is dated by its terms, so it is the same whenever it is made.
    at = datetime.combine(contract.contract.effective_on, time.min, tzinfo=UTC)
    return set_pdf(template, inputs, at=at)


def contract_data(contract: Contract, paper: ContractPaper) -> dict[str, object]:
    """Write out all that the template sets."""
    day = contract.contract.effective_on
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "effective": {"year": day.year, "month": day.month, "day": day.day},
        "supplier": list(paper.supplier),
        "customer": list(paper.customer),
        "sections": [
            {"title": section.title, "clauses": [_clause(one) for one in section.clauses]}
            for section in paper.sections
        ],
        "signings": [
            {"party": one.party, "name": one.name, "people": [list(who) for who in one.people]}
            for one in paper.signings
        ],
        "chain": [list(row) for row in paper.chain],
        "notice": paper.notice,
        "sha256": hash_of(contract),
        "foot": paper.foot,
    }


def _clause(clause: PaperClause) -> dict[str, object]:
    return {
        "number": clause.number,
        "title": clause.title,
        # Names of points stand between backticks; every second part is one.
        "parts": clause.text.split("`"),
        "table": _table(clause.table) if clause.table else None,
        "origin": clause.origin,
    }


def _table(table: Table) -> dict[str, object]:
    return {"head": list(table.head), "rows": [list(row) for row in table.rows]}
