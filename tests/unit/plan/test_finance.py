from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.plan.cash import Operation, cash_flows
from exotherm.plan.finance import finance_of, irr_of
from exotherm.plan.own_heat import own_heat
from exotherm.plan.verdict import Setback, Verdict, judge
from exotherm.site.economics import (
    BoilerRenewal,
    Certificate,
    Debt,
    Economics,
    Grant,
    Hosting,
    Investment,
    PriceOutlook,
    Renewal,
    Tax,
)


def economics(**changes):
    given = {
        "term_years": 15,
        "discount_frac": 0.06,
        "electricity_per_kwh": 0.20,
        "fuel_per_kwh": 0.08,
        "upkeep_per_year": 900.0,
        "grant_amount": 5000.0,
        "investment": (
            Investment(name="exchanger", amount=20000.0, life_years=15),
            Investment(name="controls", amount=6000.0, life_years=7),
        ),
    }
    return Economics(**{**given, **changes})


OPERATION = Operation(
    heat_delivered_kwh=100_000.0, auxiliary_kwh=2000.0, cooling_saved_kwh=500.0, heat_revenue=7000.0
)


def test_figures_agree_with_a_computation_by_hand():
    """A second computation: annuity factors and a bisection instead of the library."""
    finance = finance_of(economics(), OPERATION)
    yearly = 7000 - 2000 * 0.20 + 500 * 0.20 - 900
    annuity = (1 - 1.06**-15) / 0.06
    replaced = 6000 / 1.06**7 + 6000 / 1.06**14
    assert finance.npv == pytest.approx(-26000 + 5000 + yearly * annuity - replaced, rel=1e-12)

    def value_at(rate):
        return (
            -21000
            + sum(yearly / (1 + rate) ** year for year in range(1, 16))
            - 6000 / (1 + rate) ** 7
            - 6000 / (1 + rate) ** 14
        )

    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if value_at(middle) > 0 else (low, middle)
    assert finance.irr_frac == pytest.approx(low, abs=1e-9)
    costs = 26000 + replaced + (2000 * 0.20 + 900) * annuity
    assert finance.delivery_cost_per_kwh == pytest.approx(costs / (100_000 * annuity), rel=1e-12)


def test_payback_is_when_the_sum_stays_positive():
    plain = economics(investment=(Investment(name="all", amount=21000.0, life_years=40),))
    finance = finance_of(plain, OPERATION)
    assert finance.payback_years == pytest.approx(16000 / 5800)
    early = economics(
        investment=(Investment(name="all", amount=21000.0, life_years=4),), term_years=15
    )
    assert finance_of(early, OPERATION).payback_years != pytest.approx(16000 / 5800)


def test_a_project_that_never_earns_has_no_return_and_no_payback():
    finance = finance_of(
        economics(grant_amount=0.0),
        Operation(
            heat_delivered_kwh=0.0, auxiliary_kwh=2000.0, cooling_saved_kwh=0.0, heat_revenue=0.0
        ),
    )
    assert finance.irr_frac is None
    assert finance.payback_years is None
    assert finance.delivery_cost_per_kwh is None
    assert finance.npv < 0


@pytest.mark.parametrize(
    "net", [[0.0, -1.0, 5.0, 5.0], [3.0, -1.0, -1.0, 4.0], [0.0, 5.0], [-1.0, -1.0], [0.0]]
)
def test_what_invests_nothing_in_year_0_or_earns_nothing_has_no_return(net):
    assert irr_of(net) is None


@pytest.mark.parametrize(
    ("npv", "after", "verdict"),
    [
        (-1, (5, 5), Verdict.DO_NOT_BUILD),
        (1, (5, 5, 5), Verdict.ROBUST),
        (1, (5, -5, 5), Verdict.CONDITIONAL),
        (1, (-5, -5, 5), Verdict.HIGH_RISK),
        (1, (-5, 5), Verdict.HIGH_RISK),
    ],
)
def test_the_rules_of_the_verdict(npv, after, verdict):
    setbacks = tuple(Setback(name=str(value), npv=value) for value in after)
    assert judge(npv, setbacks) is verdict


# --- Prices that move


@given(inflation=st.integers(0, 20), discount=st.integers(0, 20))
def test_inflation_that_moves_everything_changes_no_present_value(inflation, discount):
    """Fisher: nominal flows at a nominal rate are worth what real ones are at the real rate."""
    real = economics(discount_frac=discount / 100)
    moved = real.model_copy(update={"outlook": PriceOutlook(inflation_frac=inflation / 100)})
    before, after = finance_of(real, OPERATION), finance_of(moved, OPERATION)
    assert after.npv == pytest.approx(before.npv, rel=1e-9, abs=1e-6)
    assert after.delivery_cost_per_kwh == pytest.approx(before.delivery_cost_per_kwh)
    if before.irr_frac is not None and before.irr_frac > -0.5:
        nominal = (1 + before.irr_frac) * (1 + inflation / 100) - 1
        assert after.irr_frac == pytest.approx(nominal, abs=1e-7)


def test_a_price_that_no_index_moves_loses_against_inflation():
    moved = economics(outlook=PriceOutlook(inflation_frac=0.03))
    fixed = finance_of(moved, replace(OPERATION, is_indexed=False))
    indexed = finance_of(moved, OPERATION)
    lost = sum(7000 * (1 - 1.03**-year) / 1.06**year for year in range(1, 16))
    assert indexed.npv - fixed.npv == pytest.approx(lost)


def test_electricity_and_fuel_rise_on_their_own():
    moved = economics(outlook=PriceOutlook(electricity_frac=0.02, fuel_frac=0.05))
    third = cash_flows(moved, OPERATION)[3]
    assert third.electricity == pytest.approx(-2000 * 0.20 * 1.02**3)
    assert third.cooling_saved == pytest.approx(500 * 0.20 * 1.02**3)
    assert third.upkeep == -900.0
    saved = own_heat(moved, replace(OPERATION, fuel_saved=8000.0)).saved
    assert saved[0] == 0.0
    assert saved[3] == pytest.approx(8000 * 1.05**3)


# --- What comes beside the running


def test_a_part_with_life_left_is_worth_that_share():
    """Controls of 7 years are bought in year 14 last: 6 of their 7 years are left after 15."""
    left = finance_of(economics(residual="remaining life"), OPERATION)
    assert left.cash[-1].residual == pytest.approx(6000 * 6 / 7)
    assert finance_of(economics(), OPERATION).cash[-1].residual == 0.0


def test_grants_count_when_they_are_granted():
    offers = [
        Grant(name="region", amount=3000.0, condition="built by 2027", state="granted"),
        Grant(name="state", amount=9000.0, condition="first come", state="applied for"),
    ]
    assert cash_flows(economics(grants=tuple(offers)), OPERATION)[0].grant == 8000.0


def test_what_is_due_in_any_case_is_saved_when_it_is_due():
    renewal = Renewal(amount=30_000.0, due_in_years=2, life_years=10, avoided_frac=0.5)
    boiler = BoilerRenewal.model_validate(renewal.model_dump())
    given_ = economics(cooler_renewal=renewal, boiler_renewal=boiler)
    flows = cash_flows(given_, OPERATION)
    assert [year.year for year in flows if year.renewal_avoided] == [2, 12]
    assert flows[2].renewal_avoided == 15_000.0
    saved = own_heat(given_, replace(OPERATION, fuel_saved=1000.0)).saved
    assert saved[2] - saved[1] == 15_000.0


def test_what_is_due_in_the_last_year_serves_the_years_after():
    """Like the plant's own parts: a cooler due again in year 15 of 15 is not spared any more."""
    renewal = Renewal(amount=30_000.0, due_in_years=5, life_years=10, avoided_frac=1.0)
    boiler = BoilerRenewal.model_validate(renewal.model_dump())
    given_ = economics(cooler_renewal=renewal, boiler_renewal=boiler)
    flows = cash_flows(given_, OPERATION)
    assert [year.year for year in flows if year.renewal_avoided] == [5]
    own = own_heat(given_, OPERATION)
    assert [year for year, amount in enumerate(own.bought_alone) if amount] == [5]
    assert [year for year, amount in enumerate(own.bought_served) if amount] == []


def test_years_in_which_servers_are_missing():
    """40 % and 70 % in the first two years: each year brings and costs its own."""
    filling = tuple(
        replace(OPERATION, heat_revenue=share * 7000.0, heat_delivered_kwh=share * 100_000.0)
        for share in (0.4, 0.7)
    )
    ramped = replace(OPERATION, first_years=filling)
    flows = cash_flows(economics(), ramped)
    assert [year.heat_revenue for year in flows[:5]] == pytest.approx([0, 2800, 4900, 7000, 7000])
    full, less = finance_of(economics(), OPERATION), finance_of(economics(), ramped)
    missed = 4200 / 1.06 + 2100 / 1.06**2
    assert full.npv - less.npv == pytest.approx(missed)
    # The same costs are spread over less heat.
    heat = 100_000 * sum(1.06**-year for year in range(1, 16))
    costs = (full.delivery_cost_per_kwh or 0.0) * heat
    less_heat = heat - 60_000 / 1.06 - 30_000 / 1.06**2
    assert less.delivery_cost_per_kwh == pytest.approx(costs / less_heat)
    wanted = finance_of(economics(irr_frac_target=0.08), ramped).price_for_target_per_kwh
    assert wanted is not None
    priced = finance_of(economics(), ramped.at_price(wanted))
    assert priced.irr_frac == pytest.approx(0.08, abs=1e-6)


def test_certificates_are_paid_for_their_years():
    certificate = Certificate(
        name="white", amount_per_kwh=0.01, years=3, condition="metered", state="contracted"
    )
    hoped = certificate.model_copy(update={"state": "hoped for"})
    flows = cash_flows(economics(certificates=(certificate, hoped)), OPERATION)
    assert [year.certificates for year in flows] == [0.0, *[1000.0] * 3, *[0.0] * 12]


def test_tax_by_hand():
    """10,000 written off over 4 years, 3,000 a year earned: a loss is carried on, then taxed."""
    plain = economics(
        investment=(Investment(name="all", amount=10_000.0, life_years=40),),
        grant_amount=2_000.0,
        upkeep_per_year=0.0,
        term_years=5,
        tax=Tax(rate_frac=0.25, depreciation_years=2),
    )
    flows = cash_flows(plain, replace(OPERATION, auxiliary_kwh=0.0, cooling_saved_kwh=0.0,
                                      heat_revenue=3_000.0))  # fmt: skip
    # Written off 4,000 in years 1 and 2, so 1,000 are lost in each; year 3 bears 1,000 of 3,000.
    assert [year.tax for year in flows] == [0.0, 0.0, 0.0, -250.0, -750.0, -750.0]


@given(revenue=st.integers(0, 50_000), rate=st.integers(0, 60), years=st.integers(1, 30))
def test_tax_never_takes_more_than_the_rate_of_all_profit(revenue, rate, years):
    taxed = economics(tax=Tax(rate_frac=rate / 100, depreciation_years=years))
    year = replace(OPERATION, heat_revenue=float(revenue))
    flows = cash_flows(taxed, year)
    untaxed = sum(one.net for one in cash_flows(economics(), year))
    paid = -sum(one.tax for one in flows)
    assert paid >= 0.0
    # Losses that end with the term relieve nobody, so no less is paid than on the sum.
    assert paid >= rate / 100 * untaxed - 1e-6
    assert paid <= rate / 100 * sum(max(0.0, one.operating) for one in flows) + 1e-6


def test_a_loan_by_hand():
    lent = economics(debt=Debt(share_frac=0.6, interest_frac=0.04, years=10))
    finance = finance_of(lent, OPERATION)
    loan = finance.loan
    assert loan is not None
    assert loan.amount == pytest.approx(0.6 * 21_000)
    assert loan.service_per_year == pytest.approx(12_600 * 0.04 / (1 - 1.04**-10))
    assert loan.dscr_min == pytest.approx(5_800 / loan.service_per_year)
    # At the rate of the loan itself, owner and lender together are the plant.
    lender = [-loan.amount] + [loan.service_per_year] * 10 + [0.0] * 5
    for owner, other, whole in zip(loan.owner_cash, lender, finance.cash, strict=True):
        assert owner + other == pytest.approx(whole.net)
    assert sum(paid / 1.04**year for year, paid in enumerate(lender)) == pytest.approx(
        0.0, abs=1e-6
    )


def test_a_loan_longer_than_the_term_is_paid_back_at_its_end():
    short = economics(term_years=5, debt=Debt(share_frac=1.0, interest_frac=0.05, years=10))
    finance = finance_of(short, OPERATION)
    assert finance.loan is not None
    lender = [
        year.net - owner for year, owner in zip(finance.cash, finance.loan.owner_cash, strict=True)
    ]
    assert sum(paid / 1.05**year for year, paid in enumerate(lender)) == pytest.approx(
        0.0, abs=1e-6
    )


@given(target=st.integers(1, 25), taxed=st.booleans())
def test_the_price_for_a_return_brings_that_return(target, taxed):
    wanted = economics(irr_frac_target=target / 100, tax=Tax(rate_frac=0.25 * taxed))
    price = finance_of(wanted, OPERATION).price_for_target_per_kwh
    assert price is not None
    priced = finance_of(wanted, replace(OPERATION, heat_revenue=price * 100_000.0))
    assert priced.irr_frac == pytest.approx(target / 100, abs=1e-6)


def test_the_same_capital_in_servers():
    other = economics(
        hosting=Hosting(amount_per_kw=10_500.0, margin_per_kw_month=250.0, life_years=5)
    )
    growing = finance_of(other, OPERATION).growing
    assert growing is not None
    assert growing.power_kw == pytest.approx(2.0)
    worth = sum(6_000 / 1.06**year for year in range(1, 16)) - sum(
        21_000 / 1.06**year for year in (0, 5, 10)
    )
    assert growing.npv == pytest.approx(worth)
