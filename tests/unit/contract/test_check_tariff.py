import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from changing import changed
from money_clauses import clause, table_of

from exotherm.contract import check_tariff
from exotherm.contract.case import Case
from exotherm.contract.check_minimum import reachable_kwh
from exotherm.contract.check_tariff import TARIFF_CHECKS
from exotherm.contract.terms.calendar import Closures, Season
from exotherm.contract.terms.credits import CreditExclusions, CreditLimits
from exotherm.contract.terms.index_changes import (
    IndexElements,
    IndexExample,
    IndexLimits,
    IndexRounding,
    IndexTiming,
)
from exotherm.contract.terms.indexation import (
    IndexObservation,
    IndexRebasing,
    IndexSeriesList,
    PriceFormula,
)
from exotherm.contract.terms.quality import Firmness
from exotherm.contract.terms.tariff import CapacityFee, EnergyPrice
from exotherm.contract.terms.tariff_limits import PriceLimits, TakeOrPay
from exotherm.contract.terms.tariff_models import (
    OutdoorPrice,
    PassThrough,
    PaymentDirection,
    SharedSavings,
)
from exotherm.core.documents import Source
from exotherm.core.findings import Finding, Severity
from exotherm.site.document import points_of

NOT_REACHABLE = "contract.minimum-not-reachable"
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
ORDER = ("standing fee", "heat", "below-spec heat", "unrequested heat", "credit", "VAT")
INDEXED = ("indexation", *ORDER)
MAIN_CLAUSES = {
    "capacity_fee": None, "availability_fee": None, "take_or_pay": None, "price_limits": None,
    "outdoor_price": None, "return_bonus": None, "pass_through": None, "shared_savings": None,
    "price_formula": None, "index_series": None, "index_observation": None,
    "index_rebasing": None, "index_rounding": None, "index_timing": None, "index_limits": None,
    "index_elements": None, "index_example": None, "credit_limits": None, "closures": None,
    "self_billing": None,
}  # fmt: skip
FIXED_CAPACITY = {
    "basis": "contracted capacity", "if_unknown": None, "heat_kw_min": None,
    "outdoor_c_design": None, "outdoor_c_max": None, "cold_days_min": None,
}  # fmt: skip


def findings_of(contract, site, text="") -> list[Finding]:
    case = Case(
        contract=contract,
        site=site,
        points=points_of(site),
        source=Source(file="contract.toml", text=text),
    )
    return [finding for check in TARIFF_CHECKS for finding in check(case)]


@pytest.fixture
def quiet(pool_contract):
    """A contract with a plain tariff, against which none of these checks stands."""
    plain = changed(
        pool_contract,
        **MAIN_CLAUSES,
        composition__order=ORDER,
        vat__applies_to=ORDER[:-1],
        payment_direction=clause(PaymentDirection, payer="customer", gate_fee_per_kwh=None),
        price_base__currency="EUR",
        price_base__priced_on=date(2026, 1, 1),
        season=Season(by="all year"),
        service_credit__base="standing fee",
        energy_price=clause(EnergyPrice, tiers=None),
        term__starts_on=date(2026, 1, 1),
        term__ends_on=date(2035, 12, 31),
        credit_exclusions=None,
    )
    return changed(plain, credit_exclusions=closed_list(plain))


def closed_list(contract):
    """Give the closed list that a contract needs, by what its check says is missing."""
    everything = {own.number for own in contract.clauses.values()} - {"HEAT-3"}
    listed = [
        number for number in sorted(everything)
        if re.match(r"(HEAT|QOS|CAL|OUT)-", number)
    ]  # fmt: skip
    return clause(CreditExclusions, references=listed)


@pytest.fixture
def indexed(quiet):
    """The same with prices that follow indices."""
    return changed(
        quiet,
        composition__order=INDEXED,
        price_formula=clause(PriceFormula),
        index_series=clause(IndexSeriesList),
        index_observation=clause(IndexObservation),
        index_rebasing=clause(IndexRebasing),
        index_rounding=clause(IndexRounding),
        index_timing=clause(IndexTiming),
        index_limits=clause(IndexLimits),
        index_elements=clause(IndexElements),
        index_example=clause(IndexExample),
    )


def hours(*windows: tuple[list[int], int, int]) -> EnergyPrice:
    return clause(
        EnergyPrice,
        tiers=None,
        hours=[
            {"weekdays": days, "starts_at": start, "ends_at": end, "price_per_kwh": Decimal("0.08")}
            for days, start, end in windows
        ],
    )


def tiers(*limits: float) -> EnergyPrice:
    own = [{"from_kwh": one, "price_per_kwh": Decimal("0.05")} for one in limits]
    return clause(EnergyPrice, tiers=own)


def seasons(*months: list[int]) -> EnergyPrice:
    own = [{"months": one, "price_per_kwh": Decimal("0.05")} for one in months]
    return clause(EnergyPrice, tiers=None, seasons=own)


def steps(*limits: float) -> OutdoorPrice:
    own = [{"outdoor_c_min": one, "price_per_kwh": Decimal("0.05")} for one in limits]
    return clause(OutdoorPrice, steps=own)


def formulas(fixed: float, *weights: tuple[str, float], of: str = "energy price") -> PriceFormula:
    own = [{"series": name, "weight_frac": weight} for name, weight in weights]
    return clause(PriceFormula, formulas=[{"of": of, "fixed_frac": fixed, "weights": own}])


OUTDOOR = tuple("outdoor price" if one == "heat" else one for one in ORDER)
# code, severity, path of the finding, changes to the contract
CASES: list[tuple[str, Severity, str, dict[str, Any]]] = [
    ("clause-missing", ERROR, "capacity_fee",
     {"composition__order": ("capacity fee", *ORDER)}),
    ("clause-missing", ERROR, "self_billing", {"payment_direction__self_billed": True}),
    ("component-unused", ERROR, "take_or_pay", {"take_or_pay": clause(TakeOrPay)}),
    ("component-unused", ERROR, "service_credit", {"composition__order": (*ORDER[:4], "VAT")}),
    ("component-unused", WARNING, "unrequested_heat",
     {"composition__order": (*ORDER[:3], "credit", "VAT")}),
    ("heat-priced-twice", ERROR, "composition.order",
     {"composition__order": ("outdoor price", *ORDER), "outdoor_price": clause(OutdoorPrice)}),
    ("heat-not-priced", ERROR, "composition.order",
     {"composition__order": ("standing fee", *ORDER[2:]), "energy_price": None}),
    ("composition-order", ERROR, "composition.order[0]",
     {"composition__order": ("credit", *ORDER[:4], "VAT")}),
    ("composition-order", ERROR, "composition.order[0]",
     {"composition__order": ("credit", *ORDER[:4], "VAT"),
      "service_credit__base": "bill without credit"}),
    ("limits-order-differs", ERROR, "price_limits.credit_order",
     {"composition__order": (*ORDER[:5], "price limits", "VAT"),
      "price_limits": clause(PriceLimits)}),
    ("limits-order-differs", ERROR, "price_limits.credit_order",
     {"composition__order": (*ORDER[:4], "price limits", "credit", "VAT"),
      "price_limits": clause(PriceLimits, credit_order="after the credit")}),
    ("limit-vat-undefined", ERROR, "price_limits.amounts",
     {"composition__order": (*ORDER[:4], "price limits", "credit", "VAT"),
      "price_limits": clause(PriceLimits, amounts="with VAT"),
      "vat__applies_to": ("standing fee", "credit", "below-spec heat", "unrequested heat")}),
    ("price-currency-differs", ERROR, "price_base.currency", {"price_base__currency": "CHF"}),
    ("direction-unclear", WARNING, "payment_direction.payer",
     {"payment_direction": clause(PaymentDirection)}),
    ("price-negative", ERROR, "energy_price.tiers[0].price_per_kwh",
     {"energy_price": changed(tiers(100.0), tiers__0__price_per_kwh=Decimal("-0.01"))}),
    ("price-implausible", WARNING, "energy_price.seasons[0].price_per_kwh",
     {"energy_price": changed(seasons([1]), seasons__0__price_per_kwh=Decimal("6.8"))}),
    ("price-implausible", WARNING, "pass_through.price_per_kwh",
     {"composition__order": (*ORDER[:4], "pass-through", "credit", "VAT"),
      "pass_through": clause(PassThrough, price_per_kwh=Decimal(21))}),
    ("price-steps-out-of-order", ERROR, "energy_price.tiers[1]",
     {"energy_price": tiers(200.0, 100.0)}),
    ("price-steps-overlap", ERROR, "energy_price.tiers[1]", {"energy_price": tiers(200.0, 200.0)}),
    ("price-steps-overlap", ERROR, "energy_price.seasons[1].months",
     {"energy_price": seasons([1, 2], [2, 3])}),
    ("price-steps-overlap", ERROR, "energy_price.hours[1]",
     {"energy_price": hours(([1, 2], 6, 22), ([2, 3], 21, 24))}),
    ("price-steps-out-of-order", ERROR, "outdoor_price.steps[1]",
     {"composition__order": OUTDOOR, "energy_price": None, "outdoor_price": steps(10.0, -50.0)}),
    ("price-steps-overlap", ERROR, "outdoor_price.steps[1]",
     {"composition__order": OUTDOOR, "energy_price": None, "outdoor_price": steps(-50.0, -50.0)}),
    ("price-steps-incomplete", ERROR, "outdoor_price.steps",
     {"composition__order": OUTDOOR, "energy_price": None, "outdoor_price": steps(-39.9, 5.0)}),
    ("price-hours-skipped", WARNING, "energy_price.hours[0]",
     {"energy_price": hours(([7], 2, 3))}),
    ("clock-change-in-fee", NOTE, "term.starts_on", {"term__starts_on": date(2026, 3, 10)}),
    ("clock-change-in-fee", NOTE, "term.ends_on", {"term__ends_on": date(2035, 10, 30)}),
    ("minimum-not-reachable", ERROR, "take_or_pay.heat_kwh_min",
     {"composition__order": (*ORDER[:4], "take-or-pay", "credit", "VAT"),
      "take_or_pay": clause(TakeOrPay, heat_kwh_min=1e6)}),
    ("limit-below-fees", WARNING, "price_limits.month_amount_max",
     {"composition__order": (*ORDER[:4], "price limits", "credit", "VAT"),
      "price_limits": clause(PriceLimits, month_amount_min=None, month_amount_max=Decimal(119)),
      "service_credit__base": "bill without credit"}),
    ("credit-above-bill", WARNING, "service_credit.bands",
     {"composition__order": (*ORDER[:4], "price limits", "credit", "VAT"),
      "price_limits": clause(PriceLimits, month_amount_min=None, month_amount_max=Decimal(120)),
      "payment_direction": clause(PaymentDirection, payer="customer", gate_fee_per_kwh=None),
      "availability_fee": None, "capacity_fee": None,
      "standing_fee__price_per_month": Decimal(120), "__cap": Decimal(100)}),
    ("bill-may-be-negative", NOTE, "payment_direction.gate_fee_per_kwh",
     {"payment_direction": clause(PaymentDirection, payer="customer")}),
    ("bill-may-be-negative", NOTE, "credit_limits.above_bill",
     {"credit_limits": clause(CreditLimits, month_frac_max=1.0, above_bill="paid out")}),
    ("credit-above-limit", WARNING, "credit_limits.month_frac_max",
     {"credit_limits": clause(CreditLimits, month_frac_max=0.9)}),
    ("exclusion-unknown", ERROR, "credit_exclusions.references[0]", {"__references": "OUT-99"}),
    ("exclusion-not-listed", ERROR, "credit_exclusions.references", {"__without": "CAL-3"}),
]  # fmt: skip

INDEX_CASES: list[tuple[str, Severity, str, dict[str, Any]]] = [
    ("composition-order", ERROR, "composition.order[0]",
     {"composition__order": ("standing fee", "indexation", *ORDER[1:])}),
    ("weights-not-one", ERROR, "price_formula.formulas[0]",
     {"price_formula": formulas(0.13, ("gas", 0.52), ("wages", 0.34)), "index_example": None}),
    ("series-unknown", ERROR, "price_formula.formulas[0].weights[0]",
     {"price_formula": formulas(0.0, ("coal", 1.0)), "index_example": None}),
    ("series-unknown", ERROR, "index_rebasing.successors[0]",
     {"index_rebasing": clause(IndexRebasing, successors=[
         {"series": "gas", "successor": "coal", "from_on": date(2029, 1, 1)}])}),
    ("series-without-start", ERROR, "price_formula.formulas[0].weights[0]",
     {"price_formula": formulas(0.0, ("heat index", 1.0)), "index_example": None}),
    ("formula-without-price", ERROR, "price_formula.formulas[0]",
     {"price_formula": formulas(0.0, ("gas", 1.0), of="capacity fee"), "index_example": None}),
    ("indexation-not-named", ERROR, "shared_savings.fuel_series",
     {"composition__order": (*ORDER[:4], "shared savings", "credit", "VAT"),
      "price_formula": None, "index_example": None, "shared_savings": clause(SharedSavings)}),
    ("index-too-late", WARNING, "index_observation.lag_months",
     {"index_observation": clause(IndexObservation, lag_months=2)}),
    ("index-one-way", WARNING, "index_limits.direction",
     {"index_limits": clause(IndexLimits, direction="upwards only")}),
    ("elements-above-one", ERROR, "index_elements.market_frac",
     {"index_elements": clause(IndexElements, market_frac=0.6)}),
    ("element-missing", WARNING, "index_elements.market_frac",
     {"index_elements": clause(IndexElements, market_frac=0.0)}),
    ("element-missing", WARNING, "index_elements.cost_frac",
     {"index_elements": clause(IndexElements, cost_frac=0.0)}),
    ("index-example-differs", ERROR, "index_example.factor",
     {"index_example": clause(IndexExample, factor=Decimal("1.0696"))}),
    ("index-example-differs", ERROR, "index_example.result",
     {"index_example": clause(IndexExample, result=Decimal("0.07274"))}),
    ("index-example-incomplete", ERROR, "index_example.values",
     {"index_example": clause(IndexExample, values=table_of(IndexExample)["values"][:1])}),
]  # fmt: skip


def with_changes(contract, changes):
    """Apply the changes of a case; those of two underscores need the contract itself."""
    changes = dict(changes)
    cap, without, extra = (changes.pop(f"__{one}", None) for one in
                           ("cap", "without", "references"))  # fmt: skip
    contract = changed(contract, **changes)
    listed = contract.credit_exclusions.references
    if cap is not None:
        contract = changed(contract, price_limits__month_amount_max=cap)
    if without is not None:
        kept = tuple(one for one in listed if one != without)
        contract = changed(contract, credit_exclusions__references=kept)
    if extra is not None:
        contract = changed(contract, credit_exclusions__references=(extra, *listed))
    return contract


def check_one(contract, site, code, severity, path):
    found = findings_of(contract, site)
    assert [finding.code for finding in found] == [f"contract.{code}"], found
    (finding,) = found
    assert (finding.severity, finding.where.path) == (severity, path)
    assert finding.remedy.endswith(".")
    assert finding.message.endswith(("." , "?"))  # fmt: skip
    assert re.search(r"\d", finding.message)
    assert json.loads(json.dumps(finding.to_json())) == finding.to_json()


@pytest.mark.parametrize(
    ("code", "severity", "path", "changes"),
    CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(CASES)],
)
def test_what_does_not_hold_is_found(quiet, pool_site, code, severity, path, changes):
    if code == "credit-above-bill":
        # The cap is below the fee as well, which another case tells.
        found = findings_of(with_changes(quiet, changes), pool_site)
        assert [one.code for one in found] == ["contract.limit-below-fees", f"contract.{code}"]
        assert (found[1].severity, found[1].where.path) == (severity, path)
        return
    check_one(with_changes(quiet, changes), pool_site, code, severity, path)


@pytest.mark.parametrize(
    ("code", "severity", "path", "changes"),
    INDEX_CASES,
    ids=[f"{case[0]}-{number}" for number, case in enumerate(INDEX_CASES)],
)
def test_what_does_not_hold_of_an_index_is_found(indexed, pool_site, code, severity, path, changes):
    check_one(with_changes(indexed, changes), pool_site, code, severity, path)


def test_a_minimum_without_a_price_is_found(quiet, pool_site):
    """A contract without a price of heat has two findings: no line for heat, none for the rest."""
    minimum = clause(TakeOrPay, priced="energy price", price_per_kwh=None, heat_kwh_min=1000.0)
    contract = changed(
        quiet,
        energy_price=None,
        take_or_pay=minimum,
        composition__order=("standing fee", *ORDER[2:4], "take-or-pay", "credit", "VAT"),
    )
    assert [one.code for one in findings_of(contract, pool_site)] == [
        "contract.heat-not-priced",
        "contract.minimum-without-price",
    ]


def test_a_sensible_tariff_may_be_signed(quiet, indexed, pool_site):
    assert findings_of(quiet, pool_site) == []
    assert findings_of(indexed, pool_site) == []


def test_other_sensible_tariffs_may_be_signed(quiet, pool_site):
    settled = (*ORDER[:4], "take-or-pay", "price limits", "credit", "VAT")
    minimum = clause(TakeOrPay, priced="energy price", price_per_kwh=None, heat_kwh_min=1000.0)
    rich = changed(
        quiet,
        energy_price=tiers(100.0, 200.0),
        take_or_pay=minimum,
        price_limits=clause(PriceLimits, amounts="with VAT"),
        composition__order=settled,
        vat__applies_to=settled[:-1],
    )
    for contract in (
        rich,
        changed(rich, energy_price=seasons([1, 2], [3])),
        changed(rich, energy_price=hours(([1], 6, 9), ([1], 9, 12), ([2], 6, 12))),
        changed(rich, price_limits__month_amount_max=None),
        changed(quiet, payment_direction=clause(PaymentDirection),
                energy_price__price_per_kwh=Decimal(0)),
        changed(quiet, composition__order=OUTDOOR, energy_price=None,
                outdoor_price=clause(OutdoorPrice)),
    ):  # fmt: skip
        assert findings_of(contract, pool_site) == []


def test_without_a_closed_list_there_is_nothing_to_compare(quiet, pool_site):
    assert findings_of(changed(quiet, credit_exclusions=None), pool_site) == []


def test_an_exclusion_that_this_contract_lacks_is_found(quiet, pool_site):
    listed = quiet.credit_exclusions.references
    contract = changed(quiet, holidays=None, credit_exclusions__references=(*listed, "CAL-7"))
    found = findings_of(contract, pool_site)
    assert any("is not in this contract" in finding.message for finding in found)


def test_only_what_can_happen_has_to_be_listed(quiet, pool_site):
    """A contract for all year without closures need not list season and closures; others must."""
    listed = tuple(
        one for one in quiet.credit_exclusions.references if one not in {"CAL-2", "CAL-5"}
    )
    contract = changed(quiet, credit_exclusions__references=listed)
    assert findings_of(contract, pool_site) == []
    winter = Season.model_validate({"by": "dates", "spans": [{"first": "10-01", "last": "04-30"}]})
    found = findings_of(changed(contract, season=winter), pool_site)
    assert [(one.code, one.data["clause"]) for one in found] == [
        ("contract.exclusion-not-listed", "CAL-2")
    ]
    closures = Closures.model_validate(
        {
            "closures": [{"why": "revision", "span": {"first": "08-01", "last": "08-14"}}],
            "lead_days": 30,
            "reduce_minimum": False,
        }
    )
    found = findings_of(changed(contract, closures=closures), pool_site)
    assert [one.data["clause"] for one in found] == ["CAL-5"]


def test_a_fuel_that_follows_an_index_needs_the_order_to_say_so(indexed, pool_site):
    order = (*INDEXED[:5], "shared savings", "credit", "VAT")
    contract = changed(
        indexed,
        shared_savings=clause(SharedSavings),
        composition__order=order,
        vat__applies_to=order[1:-1],
    )
    assert findings_of(contract, pool_site) == []


def test_a_term_by_days_has_no_hour_too_many(quiet, pool_site):
    contract = changed(quiet, term__starts_on=date(2026, 3, 10), proration__term_edge="days")
    assert findings_of(contract, pool_site) == []
    july = changed(quiet, term__starts_on=date(2026, 7, 10))
    assert findings_of(july, pool_site) == []
    cents = changed(
        quiet,
        term__starts_on=date(2026, 3, 10),
        standing_fee__price_per_month=Decimal("0.50"),
    )
    assert findings_of(cents, pool_site) == []


def test_hours_around_the_change_of_clocks_are_not_swallowed(quiet, pool_site):
    for window in (([7], 1, 3), ([7], 2, 4), ([1, 2, 3, 4, 5, 6], 2, 3)):
        assert findings_of(changed(quiet, energy_price=hours(window)), pool_site) == []


def test_what_can_be_delivered_is_summed_over_the_year(quiet, pool_site):
    """Winter has 212 days, less 14 of a closure, less 104 h of maintenance and 96 h held back."""
    winter = Season.model_validate({"by": "dates", "spans": [{"first": "10-01", "last": "04-30"}]})
    closures = Closures.model_validate(
        {
            "closures": [{"why": "revision", "span": {"first": "12-20", "last": "01-02"}}],
            "lead_days": 30,
            "reduce_minimum": False,
        }
    )
    contract = changed(
        quiet,
        capacity__heat_kw=12.0,
        capacity__seasonal=(),
        season=winter,
        closures=closures,
        maintenance__hours_h_max=104.0,
        firmness=Firmness(kind="interruptible", curtailed_h_max=96.0, notice_h=4.0),
    )
    case = Case(contract=contract, site=pool_site, points={}, source=Source(file="contract.toml"))
    assert reachable_kwh(case) == pytest.approx(12.0 * ((212 - 14) * 24 - 200), rel=1e-12)
    never = changed(contract, season__spans=())
    case = Case(contract=never, site=pool_site, points={}, source=Source(file="contract.toml"))
    assert reachable_kwh(case) == 0.0


@pytest.mark.parametrize(("reduce_minimum", "codes"), [(True, []), (False, [NOT_REACHABLE])])
def test_a_minimum_that_closures_reduce_is_checked_as_it_is_billed(
    quiet, pool_site, reduce_minimum, codes
):
    """10 kW over 334 days are 79,168 kWh; of 84,000 the open days leave 76,866."""
    closures = Closures.model_validate(
        {
            "closures": [{"why": "works", "span": {"first": "07-01", "last": "07-31"}}],
            "lead_days": 30,
            "reduce_minimum": reduce_minimum,
        }
    )
    contract = changed(
        quiet,
        capacity__heat_kw=10.0,
        capacity__seasonal=(),
        closures=closures,
        maintenance__hours_h_max=99.2,
        take_or_pay=clause(TakeOrPay, heat_kwh_min=84_000),
    )
    case = Case(contract=contract, site=pool_site, points={}, source=Source(file="contract.toml"))
    assert reachable_kwh(case) == pytest.approx(79_168.0)
    found = [one.code for one in findings_of(contract, pool_site)]
    assert [code for code in found if code == NOT_REACHABLE] == codes


@pytest.mark.parametrize(
    ("of", "series", "price", "result"),
    [
        ("standing fee", "wages", "126.00", "126.00000"),
        ("capacity fee", "wages", "4.41", "4.41000"),
    ],
)
def test_an_example_of_another_price_is_worked_through(
    indexed, pool_site, of, series, price, result
):
    example = clause(
        IndexExample,
        of=of,
        values=[{"series": series, "value": Decimal("117.6")}],
        factor=Decimal("1.05"),
        result=Decimal(price),
    )
    contract = changed(
        indexed,
        standing_fee__price_per_month=Decimal(120),
        capacity_fee=clause(CapacityFee, **FIXED_CAPACITY),
        composition__order=("indexation", "capacity fee", *ORDER),
        vat__applies_to=("capacity fee", *ORDER[:-1]),
        price_formula=formulas(0.0, (series, 1.0), of=of),
        index_example=example,
    )
    assert findings_of(contract, pool_site) == []
    assert Decimal(result) == Decimal(price)


def test_every_check_has_a_case():
    folder = Path(str(check_tariff.__file__)).parent
    names = ("tariff", "prices", "price_size", "indexation", "minimum")
    sources = [(folder / f"check_{name}.py").read_text("utf-8") for name in names]
    written = set(re.findall(r'"contract\.(?!toml)([a-z-]+)"', "".join(sources)))
    cased = {case[0] for case in (*CASES, *INDEX_CASES)} | {"minimum-without-price"}
    assert written == cased
