"""The clauses PAR, BND, OWN, LEG: each can be built, is said in full, refuses contradictions."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import ValidationError

from exotherm.contract.terms import boundary, conduct, law, ownership, parties
from exotherm.contract.terms.clause import Clause, Need, Part, Weight
from exotherm.contract.wording import read_piece, say_clause

HASH = "0123456789abcdef" * 4
NOWHERE = dict.fromkeys(("owner", "operator", "maintainer", "payer"), "none")
OURS = dict.fromkeys(("owner", "operator", "maintainer", "payer"), "supplier")
SIDE = dict.fromkeys(("water", "pressure", "leak", "losses", "repair"), "supplier")
SUPPLIER = {
    "name": "Example Hosting Ltd",
    "registration": "Companies House 00000000",
    "vat_id": "GB000000000",
    "street": "Example Street 1",
    "postcode": "G1 1AA",
    "city": "Exampletown",
    "country": "GB",
    "email": "billing@hosting.example",
    "contact": "heat desk, +44 0000 000000",
}
CUSTOMER = SUPPLIER | {"name": "Example Pool Trust", "vat_id": "GB000000001"}

PLAUSIBLE: dict[type[Clause], dict[str, Any]] = {
    parties.Parties: {
        "supplier": SUPPLIER,
        "customer": CUSTOMER,
        "other_buyers": ["Example School", "Example Library"],
    },
    parties.Roles: {
        "it": OURS,
        "heat_exchanger": OURS,
        "heat_pump": OURS,
        "pipes": OURS | {"maintainer": "third party"},
        "thermal_store": NOWHERE,
        "meter": OURS | {"owner": "customer"},
        "data_link": OURS,
        "fallback": dict.fromkeys(OURS, "customer"),
        "building_side": dict.fromkeys(OURS, "customer"),
    },
    parties.RegulatoryStatus: {
        "supplier_is": "supplier and operator",
        "authorisation": "number 12 of the register",
        "customer_class": "small or medium business",
        "packs": ["eed21", "gb-ofgem"],
    },
    parties.Precedence: {
        "documents": [
            {"name": "These terms", "version": "version 3", "sha256": HASH},
            {"name": "General terms of heat supply", "version": "as of 2017"},
        ],
    },
    parties.Definitions: {
        "day": "midnight to midnight",
        "month": "a calendar month",
        "interval": "a quarter of an hour",
        "units": [
            {"symbol": "Q", "means": "heat that is delivered", "unit": "kWh"},
            {"symbol": "T", "means": "temperature of the water", "unit": "°C"},
        ],
        "terms": [{"term": "site", "means": "the building with its plant room"}],
    },
    parties.Notices: {
        "channel": "e-mail and letter",
        "supplier_address": "billing@hosting.example",
        "customer_address": "accounts@pool.example",
        "deemed_h": 24.0,
        "deemed_by": "hours of working days",
    },
    parties.ConditionsPrecedent: {
        "conditions": [
            {
                "kind": "lease",
                "what": "a lease of the plant room",
                "obtained_by": "customer",
                "met_on": date(2026, 3, 1),
            },
            {"kind": "planning", "what": "leave to set up a dry cooler", "obtained_by": "supplier"},
        ],
        "long_stop_on": date(2026, 9, 30),
        "if_missed": "either party may withdraw",
    },
    parties.Signatories: {
        "supplier": [
            {"name": "the managing director", "authority": "sole power of representation"},
            {"name": "the finance director", "authority": "joint power of representation"},
        ],
        "customer": [
            {
                "name": "the chair of the trust",
                "authority": "resolution 7 of the board",
                "signed_on": date(2026, 2, 2),
            }
        ],
        "method": "with a qualified electronic signature",
    },
    boundary.DeliveryPoint: {
        "place": "Plant room in the cellar, behind the filter tanks",
        "drawing": "H-101 revision C",
        "pipe_labels": ["V3 supply", "V4 return"],
        "coordinates": "55.8600 N, 4.2500 W",
        "side": "supplier",
        "meter_at_boundary": True,
    },
    boundary.RiskSplit: {
        "supplier_side": SIDE,
        "customer_side": SIDE | {"leak": "customer", "repair": "customer"},
    },
    boundary.LossesToBoundary: {
        "counted_as": "share",
        "loss_frac": 0.025,
        "direction": "taken off",
        "review_on": date(2028, 7, 1),
    },
    boundary.Access: {
        "given_by": "customer",
        "weekdays": [1, 2, 3, 4, 5],
        "opens_at": 7,
        "closes_at": 17,
        "escort": True,
        "keys": "one badge for the supplier, kept in a safe at the reception",
        "emergency_h": 1.5,
    },
    boundary.ConnectionWorks: {
        "built_by": "supplier",
        "scope": "pipes from the plant to the station, with insulation",
        "charge_amount": Decimal("12500.00"),
        "vat": "plus VAT",
        "due_days": 30,
        "owner_after": "supplier",
    },
    ownership.ItTitle: {
        "owner": "third party",
        "lien": "waived",
        "removable": True,
        "removal_notice_days": 14,
    },
    ownership.PlantTitle: {
        "owner": "supplier",
        "buy_out": [
            {"after_years": 5, "price_amount": Decimal(60000)},
            {"after_years": 10, "price_amount": Decimal("20000.50")},
        ],
        "vat": "plus VAT",
    },
    ownership.MeterTitle: {
        "owner": "supplier",
        "key_holder": "third party",
        "data_licence": "both parties use and pass on all readings, free of charge",
    },
    ownership.RemovalAtEnd: {
        "at_end": "is removed unless the customer buys it",
        "done_by": "supplier",
        "paid_by": "supplier",
        "make_good": "pipes capped and drained, walls closed",
        "deadline_days": 90,
    },
    ownership.HostingExchange: {
        "space_licence": "plant room of 14 square metres, licence for the term",
        "rent_per_month": Decimal("250.00"),
        "rent_vat": "plus VAT",
        "electricity_payer": "supplier",
        "electricity_price": "own supply contract and meter",
        "linked_to_heat_price": True,
        "exchange_per_month": Decimal("120.00"),
    },
    law.Term: {
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2035, 12, 31),
        "notice_months": 9,
        "renews_months": 60,
    },
    law.TerminationEvents: {
        "supplier_grounds": ["payment late by two months"],
        "customer_grounds": ["no heat for 30 days", "insolvency of the supplier"],
        "cure_days": 28,
        "site_closure_months": 12,
        "site_closure_is": "ended by the supplier",
    },
    law.TerminationPayment: {
        "investment_amount": Decimal(85000),
        "write_off_years": 15,
        "customer_pays_frac": 0.9,
        "supplier_pays_months": 6,
        "supplier_pays_amount_max": Decimal("10000.00"),
        "formula": "residual value times share, and the plant stays the supplier's",
        "due_days": 30,
        "nature": "damages without VAT",
    },
    law.StepIn: {
        "triggers": ["insolvency of the supplier", "no heat for five days in the season"],
        "substitute": "the customer or an operator of the customer's choice",
        "handed_over": ["access to the plant", "meter and its keys", "readings of three years"],
        "handover_days": 3,
    },
    law.Assignment: {
        "consent": "not needed within a group",
        "notice_days": 30,
        "run_off_reading_days": 5,
        "leaver_liable": True,
    },
    law.ChangeInLaw: {
        "borne_by": "equal shares",
        "reopeners": ["heat zoning", "carbon price", "VAT", "metering law"],
        "negotiation_days": 60,
        "then": "the expert decides",
    },
    law.Liability: {
        "supplier_amount_max": Decimal(250000),
        "customer_amount_max": Decimal(50000),
        "per": "year",
        "carve_outs": ["injury", "intent and gross negligence"],
        "statutory_floor": "liability that the law of the contract does not let them limit",
        "damage_amount_min": Decimal("15.00"),
    },
    law.Indemnities: {
        "water_damage": "causer",
        "data_loss": "supplier",
        "third_parties": "causer",
        "claim_days": 14,
    },
    law.Insurance: {
        "policies": [
            {
                "kind": "public liability",
                "insured": "both",
                "sum_amount": Decimal(5000000),
                "evidence_on": date(2025, 12, 1),
            },
        ],
        "renewed_months": 12,
    },
    conduct.Safety: {
        "supplier_office": "the head of operations",
        "customer_office": "the manager of the pool",
        "hygiene_plan": "water safety plan, revision 2",
        "reviewed_months": 24,
        "may_stop": True,
    },
    conduct.DataProtection: {
        "supplier_role": "processor",
        "customer_role": "controller",
        "uses": ["billing", "control of the plant", "proof of savings"],
        "security": "readings are encrypted on the way and kept behind passwords",
        "breach_h": 24.0,
    },
    conduct.Disputes: {
        "escalation": "the managers of both parties",
        "escalation_days": 21,
        "expert": "an expert named by the chamber of engineers",
        "adr": "a request to the energy ombudsman, by letter or on its site",
        "final": "courts",
        "service_goes_on": True,
    },
    conduct.GoverningLaw: {
        "country": "GB",
        "law": "the law of Scotland",
        "language": "English",
        "courts": "Exampletown",
    },
    conduct.Paper: {
        "reference": "EX-C9",
        "version": 2,
        "effective_on": date(2026, 1, 1),
        "amended_in": "writing, signed by both parties",
        "previous_hash": HASH,
    },
    conduct.Disconnection: {
        "grounds": ["a bill unpaid for two months", "danger"],
        "notice_days": 14,
        "vulnerable_protected": True,
        "reconnection_h": 24.0,
    },
    conduct.Complaints: {
        "procedure": "by phone, e-mail or letter; a number is given for each",
        "contacts": ["care@hosting.example", "the heat desk"],
        "answer_days": 10,
        "ombudsman": "the energy ombudsman",
        "ombudsman_days": 56,
        "rights": "on the back of each bill and on the supplier's site",
    },
    conduct.IncludedMaintenance: {
        "works": ["yearly service of plant and station", "verification of the meter"]
    },
    conduct.CapacityChange: {
        "cut_frac_max": 0.5,
        "notice_days": 28,
        "renewables_free": True,
    },
    conduct.Procurement: {
        "procedure": "open procedure",
        "legal_basis": "the procurement act, section 20",
        "subsidies": "none",
        "state_aid": "none, since the price is that of the market",
    },
    conduct.PerformanceReport: {
        "each": "quarter",
        "content": ["availability", "heat delivered", "outages and their causes"],
        "deadline_days": 20,
        "if_missing": "availability of that time counts as failed",
    },
}
KINDS = list(PLAUSIBLE)
NEEDED_SOMETIMES = {
    "BND-3": Need.METER_AWAY,
    "LEG-15": Need.HOMES,
    "LEG-16": Need.HOMES,
    "LEG-18": Need.GERMANY,
    "LEG-19": Need.PUBLIC,
}
BLOCKING = {"PAR-1", "PAR-2", "PAR-5", "BND-1", "BND-3", "LEG-1", "LEG-14"}


def built(kind, **changes):
    """Build a clause from its plausible table with some fields changed, or left out by None."""
    # Each table is copied for itself, so that none of them is the same object as another.
    raw = {field: deepcopy(value) for field, value in PLAUSIBLE[kind].items()}
    for path, value in changes.items():
        holder: Any = raw
        *tables, field = path.split("__")
        for table in tables:
            holder = holder[int(table) if table.isdigit() else table]
        if value is None:
            del holder[field]
        else:
            holder[field] = value
    return kind.model_validate(raw)


def said(clause):
    return say_clause(clause, table="clause", document=clause, currency="GBP")


def leaves(value, path="clause"):
    """List the path of every plain value of a clause that is given."""
    if isinstance(value, Clause | Part):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from leaves(entry, f"{path}[{index}]")
    elif value is not None:
        yield path


def test_the_four_families_are_whole():
    numbers = {kind.number for kind in KINDS}
    wanted = [("PAR", 8), ("BND", 5), ("OWN", 5), ("LEG", 20)]
    assert {f"{name}-{at}" for name, last in wanted for at in range(1, last + 1)} == numbers
    assert len(KINDS) == len(numbers)


@pytest.mark.parametrize("kind", KINDS)
def test_weight_and_need_are_those_of_the_catalogue(kind):
    assert (kind.number in BLOCKING) == (kind.weight is Weight.BLOCKS)
    assert NEEDED_SOMETIMES.get(kind.number, Need.ALWAYS) == kind.needed
    assert not kind.why.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_said_once_and_numbers_are_read_back(kind):
    clause = built(kind)
    pieces = said(clause)
    paths = [piece.path for piece in pieces if piece.path]
    assert sorted(leaves(clause)) == sorted(paths)
    for piece in pieces:
        if piece.is_number:
            assert read_piece(piece) == piece.value
    text = "".join(piece.text for piece in pieces)
    assert text.endswith(".")
    assert "{" not in text
    assert "  " not in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_comes_back_from_its_json(kind):
    clause = built(kind)
    assert kind.model_validate_json(clause.model_dump_json()) == clause


def choices(annotation):
    """List what a field may be chosen from: the words of a list, or true and false."""
    if annotation is bool:
        return (True, False)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(one for inner in get_args(annotation) for one in choices(inner))


def variants(table, path="clause"):
    """Give a table once for each choice in it, with the path of that choice."""
    for name, field in type(table).model_fields.items():
        value, own = getattr(table, name), f"{path}.{name}"
        if isinstance(value, Part):
            for at, changed in variants(value, own):
                yield at, table.model_copy(update={name: changed})
        elif isinstance(value, tuple) and isinstance(value[0], Part):
            for at, changed in variants(value[0], f"{own}[0]"):
                yield at, table.model_copy(update={name: (changed, *value[1:])})
        elif isinstance(value, tuple):
            for choice in choices(field.annotation):
                yield f"{own}[0]", table.model_copy(update={name: (choice,)})
        else:
            for choice in choices(field.annotation):
                yield own, table.model_copy(update={name: choice})


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_has_words_of_its_own(kind):
    words: dict[str, list[str]] = {}
    for path, clause in variants(built(kind)):
        (text,) = (piece.text for piece in said(clause) if piece.path == path)
        words.setdefault(path, []).append(text)
    for path, texts in words.items():
        assert len(texts) == len(set(texts)), path
        assert len(texts) > 1 or kind is parties.Definitions, path


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described_and_has_no_full_stop(kind):
    schema = kind.model_json_schema()
    for node in (schema, *schema.get("$defs", {}).values()):
        for field, about in node["properties"].items():
            assert "description" in about or "$ref" in about, field
            words = about.get("description", "a")
            assert not words.endswith("."), field


ROLE = "an asset that is not there has none in every role, any other in no"
SHARE = "a share of losses belongs to losses counted as a share, and only there"
FLOW = "a heat flow belongs to losses counted as a heat flow, and only there"
COUNTED = "losses that count have a direction and a day of review, others neither"
CONTRADICTIONS: list[tuple[type[Clause], dict[str, Any], str]] = [
    (
        parties.Parties,
        {"other_buyers": ["example pool trust"]},
        "example pool trust stands twice among supplier, customer and other buyers",
    ),
    (parties.Roles, {"it__payer": "none"}, ROLE),
    (parties.Roles, {"thermal_store__payer": "customer"}, ROLE),
    (
        parties.Roles,
        {"meter": NOWHERE},
        "without the meter there is no heat to sell, so each role has one",
    ),
    (parties.RegulatoryStatus, {"packs": ["eed21", "eed21"]}, "the pack eed21 stands twice"),
    (
        parties.RegulatoryStatus,
        {"supplier_is": "bulk supplier", "customer_class": "domestic"},
        "a bulk supplier sells to who sells on, so no household is its buyer",
    ),
    (
        parties.Precedence,
        {"documents__1__name": "these terms"},
        "these terms has two ranks, so it would stand above itself",
    ),
    (parties.Definitions, {"terms__0__term": "Q.", "units__0__symbol": "Q."}, "Q. is defined"),
    (
        parties.ConditionsPrecedent,
        {"long_stop_on": date(2026, 2, 28)},
        "a condition was met after the last day for it",
    ),
    (boundary.LossesToBoundary, {"loss_frac": None}, SHARE),
    (boundary.LossesToBoundary, {"counted_as": "heat flow"}, SHARE),
    (boundary.LossesToBoundary, {"loss_kw": 0.4}, FLOW),
    (boundary.LossesToBoundary, {"direction": None}, COUNTED),
    (boundary.LossesToBoundary, {"counted_as": "nothing", "loss_frac": None}, COUNTED),
    (boundary.Access, {"closes_at": 7}, "access closes at or before it opens"),
    (
        boundary.Access,
        {"weekdays": [5, 1]},
        "the days of access are each named once, in the order of the week",
    ),
    (
        ownership.PlantTitle,
        {"owner": "customer"},
        "the plant is the customer's already, so there is nothing to buy",
    ),
    (
        ownership.PlantTitle,
        {"buy_out": None},
        "prices say how VAT stands to them, and without prices there is none",
    ),
    (
        ownership.PlantTitle,
        {"buy_out__1__after_years": 5},
        "the prices of the plant are not in the order of their years",
    ),
    (
        ownership.PlantTitle,
        {"buy_out__1__price_amount": Decimal(60000)},
        "the price of the plant does not fall from year 5 to year 10",
    ),
    (
        ownership.HostingExchange,
        {"exchange_per_month": None},
        "the price of heat is linked to the space, so its value has to be named",
    ),
    (
        ownership.HostingExchange,
        {"linked_to_heat_price": False},
        "a value is given in exchange though the price of heat is not linked",
    ),
    (
        law.Term,
        {"ends_on": date(2026, 1, 1)},
        "the term ends on or before the day it starts",
    ),
    (
        law.Term,
        {"renews_months": 6},
        "the notice is longer than a renewal, so nobody could end one",
    ),
    (law.ChangeInLaw, {"reopeners": ["VAT", "VAT"]}, "VAT stands twice among the changes"),
    (
        conduct.DataProtection,
        {"customer_role": "no role"},
        "a processor works for a controller, and here neither party is one",
    ),
    (
        conduct.DataProtection,
        {"supplier_role": "joint controller"},
        "joint controllers are two, and here one party is another thing",
    ),
    (
        conduct.Paper,
        {"version": 1},
        "version 1 has no version before it, so `previous_hash` is left out",
    ),
    (
        conduct.Paper,
        {"previous_hash": None},
        "version 2 follows another, so `previous_hash` has to name it",
    ),
    (
        conduct.Complaints,
        {"ombudsman_days": None},
        "an ombudsman and the days until one may be asked go together",
    ),
]


@pytest.mark.parametrize(("kind", "changes", "words"), CONTRADICTIONS)
def test_a_contradiction_is_refused_in_plain_words(kind, changes, words):
    with pytest.raises(ValidationError) as refused:
        built(kind, **changes)
    (details,) = refused.value.errors()
    assert words in str(details["ctx"]["error"])
    assert not str(details["ctx"]["error"]).endswith(".")


LEFT_OUT = [
    (parties.Parties, {"other_buyers": None}),
    (parties.RegulatoryStatus, {"authorisation": None, "packs": None}),
    (parties.Definitions, {"terms": None}),
    (boundary.DeliveryPoint, {"coordinates": None, "meter_at_boundary": False}),
    (boundary.LossesToBoundary, {"counted_as": "heat flow", "loss_frac": None, "loss_kw": 0.75}),
    (
        boundary.LossesToBoundary,
        {"counted_as": "nothing", "loss_frac": None, "direction": None, "review_on": None},
    ),
    (ownership.PlantTitle, {"buy_out": None, "vat": None, "owner": "customer"}),
    (
        ownership.HostingExchange,
        {"linked_to_heat_price": False, "exchange_per_month": None},
    ),
    (law.Term, {"renews_months": 0}),
    (law.ChangeInLaw, {"reopeners": None}),
    (law.Liability, {"damage_amount_min": None}),
    (
        conduct.DataProtection,
        {"supplier_role": "joint controller", "customer_role": "joint controller"},
    ),
    (conduct.Paper, {"version": 1, "previous_hash": None}),
    (conduct.Complaints, {"ombudsman": None, "ombudsman_days": None}),
]


@pytest.mark.parametrize(("kind", "changes"), LEFT_OUT)
def test_what_may_be_left_out_is_left_out_of_the_sentences(kind, changes):
    clause = built(kind, **changes)
    pieces = said(clause)
    assert sorted(leaves(clause)) == sorted(piece.path for piece in pieces if piece.path)
    assert "None" not in "".join(piece.text for piece in pieces)


def test_the_sentences_of_a_term_are_those_a_lawyer_signs():
    text = "".join(piece.text for piece in said(built(law.Term)))
    assert text.replace("\u00a0", " ") == (
        "The contract runs from 1 Jan 2026 to 31 Dec 2035, both days included. Either party may end"
        " it on that day with 9 months of notice. Without notice it runs on for 60 months at a"
        " time; 0 months mean that it ends."
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "months"),
    [
        (date(2026, 1, 1), date(2035, 12, 31), 120),
        (date(2026, 1, 15), date(2036, 1, 14), 120),
        (date(2026, 1, 15), date(2036, 1, 15), 121),
        (date(2026, 3, 1), date(2027, 2, 28), 12),
        (date(2026, 1, 31), date(2026, 12, 31), 12),
    ],
)
def test_a_term_knows_how_many_months_it_has_begun(starts_on, ends_on, months):
    assert months == built(law.Term, starts_on=starts_on, ends_on=ends_on).length_months


def test_an_asset_that_is_not_there_has_nobody():
    text = "".join(piece.text for piece in said(built(parties.Roles)))
    assert (
        "Thermal store: the owner is nobody, as it is not there, the operator nobody, the"
        " maintainer nobody, the payer nobody." in text
    )
    assert not built(parties.Roles).thermal_store.is_there
    assert built(parties.Roles).fallback.is_there
