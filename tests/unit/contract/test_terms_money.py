from decimal import Decimal
from string import Formatter
from typing import Any, get_args

import pytest
from money_clauses import PLAUSIBLE, clause, table_of
from pydantic import ValidationError

from exotherm.contract.terms import (
    clauses_of,
    index_changes,
    indexation,
    tariff,
    tariff_limits,
    tariff_models,
)
from exotherm.contract.terms import credits as crd
from exotherm.contract.terms.clause import Clause, Part
from exotherm.contract.terms.components import TABLE_OF, Component
from exotherm.contract.wording import Piece, say_clause
from exotherm.core.documents import Document

FAMILIES = ("TAR", "IDX", "CRD")
TABLES = {
    kind: table for table, kind in clauses_of().items() if kind.number.split("-")[0] in FAMILIES
}


def said(kind: type[Clause], contract: Document, **other: Any) -> tuple[Piece, ...]:
    """Say a plausible clause; every number in it is read back by the way."""
    own = clause(kind, **other)
    return say_clause(own, table=TABLES[kind], document=contract, currency="EUR")


def fields_said(kind: type[Document]) -> list[str]:
    """List the own fields that the sentences of a clause or a part name."""
    assert issubclass(kind, Clause | Part)
    names = [name for text in kind.says for _, name, _, _ in Formatter().parse(text) if name]
    return [name for name in names if "." not in name]


def parts_of(kind: type[Document]) -> set[type[Document]]:
    """Find a clause and all tables in it."""
    found: set[type[Document]] = {kind}
    waiting = [field.annotation for field in kind.model_fields.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, Document):
            found |= parts_of(one)
        waiting.extend(get_args(one))
    return found


def test_every_clause_of_money_has_a_plausible_table():
    assert set(PLAUSIBLE) == set(TABLES)
    numbers = sorted(kind.number for kind in PLAUSIBLE)
    wanted = [f"{family}-{n}" for family, last in zip(FAMILIES, (14, 9, 9), strict=True)
              for n in range(1, last + 1)]  # fmt: skip
    assert numbers == sorted(wanted)


@pytest.mark.parametrize("kind", PLAUSIBLE, ids=lambda kind: kind.number)
def test_every_field_is_said_exactly_once(kind):
    for part in parts_of(kind):
        assert sorted(fields_said(part)) == sorted(part.model_fields), part


@pytest.mark.parametrize("kind", PLAUSIBLE, ids=lambda kind: kind.number)
def test_a_clause_is_said_in_sentences_that_end(kind, pool_contract):
    text = "".join(piece.text for piece in said(kind, pool_contract))
    assert text[0].isupper() or text[0] == "“"
    assert text.endswith(".")
    assert ".." not in text
    assert "  " not in text
    assert "{" not in text
    assert "None" not in text


@pytest.mark.parametrize("kind", PLAUSIBLE, ids=lambda kind: kind.number)
def test_a_clause_comes_back_from_its_json(kind):
    own = clause(kind)
    assert kind.model_validate_json(own.model_dump_json()) == own


@pytest.mark.parametrize(
    ("kind", "other", "words"),
    [
        (tariff.StandingFee, {}, ("Standing ready costs 120.00 EUR/month; where the term covers "
         "a part of a month, the fee counts by its hours.")),
        (tariff.EnergyPrice, {"tiers": None}, "Delivered heat costs 0.0680 EUR/kWh."),
        (tariff.EnergyPrice, {"tiers": None, "hours": [
            {"weekdays": [1, 5], "starts_at": 6, "ends_at": 22, "price_per_kwh": Decimal("0.08")}]},
         ("Delivered heat costs 0.0680 EUR/kWh. On Monday and Friday from 06:00 to 22:00 it costs "
         "0.0800 EUR/kWh.")),
        (tariff.EnergyPrice, {"tiers": None, "seasons": [
            {"months": [1, 2, 12], "price_per_kwh": Decimal("0.08")}]},
         ("Delivered heat costs 0.0680 EUR/kWh. In January, February and December it costs "
         "0.0800 EUR/kWh.")),
        (tariff.Composition, {}, ("A bill is made in this order: standing fee, heat, below-spec "
         "heat, credit and VAT.")),
        (tariff_models.OtherCharges, {"charges": []},
         "Nothing is charged that this contract does not name."),
        (tariff_models.OtherCharges, {}, ("Nothing is charged that this contract does not name. "
         "A call-out without fault costs 80.00 EUR.")),
        (index_changes.IndexTiming, {}, ("Prices change each quarter, counted from 1 January, for "
         "the first time after the day of the prices (TAR-12). A change is announced 30 days "
         "before.")),
        (index_changes.IndexExample, {}, ("Let “gas” be 115.94. Let “wages” be 117.6. Then the "
         "factor of the energy price is 1.0695, and the price is 0.07273.")),
        (indexation.PriceFormula, {}, (
            "A price is the price at the start (TAR-12) times the sum of its shares, each share "
            "that moves times its index over the index at the start. Of the energy price 13 % "
            "stay as they are; 52 % move with “gas” and 35 % move with “wages”. Of the standing "
            "fee 0 % stay as they are; 100 % move with “wages”. With the energy price move its "
            "tiers, seasons, hours and outdoor steps.")),
        (crd.ServiceCredit, {}, ("Where the promise of a month is missed, a share of the standing "
         "fee is credited. Below 97 % availability 25 % are credited. Below 90 % availability "
         "100 % are credited. The lowest band that applies counts.")),
        (crd.CreditExclusions, {}, ("What is excused or without obligation by CAL-2, CAL-3 and "
         "OUT-5 does not count towards a credit. Nothing else is left out.")),
    ],
)  # fmt: skip
def test_a_clause_says_what_it_means(pool_contract, kind, other, words):
    text = "".join(piece.text for piece in said(kind, pool_contract, **other))
    assert text.replace("\u00a0", " ").replace("\u202f", " ") == words


def seasons(*months: int) -> list[dict[str, Any]]:
    return [{"months": list(months), "price_per_kwh": Decimal("0.05")}]


@pytest.mark.parametrize(
    ("kind", "other", "words"),
    [
        (tariff.EnergyPrice, {"seasons": seasons(1)}, "either tiers, seasons or hours"),
        (tariff.EnergyPrice, {"tiers": [], "hours": [
            {"weekdays": [1], "starts_at": 22, "ends_at": 6, "price_per_kwh": Decimal(1)}]},
         "runs over midnight has two entries"),
        (tariff.CapacityFee, {"outdoor_c_design": None}, "belong to the outdoor regression"),
        (tariff.CapacityFee, {"heat_kw_min": None}, "the outdoor regression needs `heat_kw_min`"),
        (tariff.CapacityFee, {"if_unknown": None}, "`if_unknown` belongs to a measured basis"),
        (tariff.CapacityFee, {"basis": "peak of the month"}, "belong to the outdoor regression"),
        (tariff.CapacityFee, {"basis": "contracted capacity", "outdoor_c_design": None,
                              "outdoor_c_max": None, "cold_days_min": None},
         "`if_unknown` belongs to a measured basis"),
        (tariff.CapacityFee, {"basis": "peak of the month", "outdoor_c_design": None,
                              "outdoor_c_max": None, "cold_days_min": None, "heat_kw_min": None,
                              "if_unknown": "smallest billed capacity"},
         "the smallest billed capacity needs `heat_kw_min`"),
        (tariff.Composition, {"order": ["heat", "heat"]}, "heat stands twice"),
        (tariff.Composition, {"order": ["VAT", "heat"]}, "VAT stands last"),
        (tariff_limits.TakeOrPay, {"price_per_kwh": None}, "belongs to a price of its own"),
        (tariff_limits.TakeOrPay, {"priced": "energy price"}, "belongs to a price of its own"),
        (tariff_limits.PriceLimits, {"price_per_kwh_min": Decimal("0.2")}, "above its upper"),
        (tariff_limits.PriceLimits, {"month_amount_min": Decimal(9999)}, "above its upper"),
        (tariff_limits.PriceLimits, {
            name: None for name in tariff_limits.PriceLimits.model_fields if name[-4:] in
            ("_min", "_max")}, "needs at least one limit"),
        (tariff_models.OutdoorPrice, {"outdoor_point": None}, "belong to a price in steps"),
        (tariff_models.OutdoorPrice, {"publisher": "the network"}, "belong to a published price"),
        (tariff_models.ReturnBonus, {"return_c_min": 38.0}, "ends below its beginning"),
        (tariff_models.ReturnBonus, {"shift_frac": None}, "go together"),
        (tariff_models.PaymentDirection, {"gate_fee_per_kwh": None}, "needs `gate_fee_per_kwh`"),
        (indexation.PriceFormula, {"formulas": [
            {"of": "energy price", "fixed_frac": 0.0, "weights": [
                {"series": "gas", "weight_frac": 0.5}, {"series": "gas", "weight_frac": 0.5}]}]},
         "gas stands twice"),
        (indexation.PriceFormula, {"formulas": [
            {"of": "energy price", "fixed_frac": 0.0, "weights": [
                {"series": "gas", "weight_frac": 1.0}]}] * 2}, "has two formulas"),
        (indexation.IndexSeriesList, {
            "series": PLAUSIBLE[indexation.IndexSeriesList]["series"][:1] * 2},
         "gas stands twice"),
        (index_changes.IndexTiming, {"effective_on": "04-15"}, "on the first of a month"),
        (crd.CreditExclusions, {"references": ["CRD-9"]}, "pattern"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(kind, other, words):
    with pytest.raises(ValidationError, match=words):
        kind.model_validate(table_of(kind, **other))


def test_every_component_names_a_table_of_the_contract():
    assert set(TABLE_OF) == set(get_args(Component))
    assert set(TABLE_OF.values()) <= set(clauses_of())
