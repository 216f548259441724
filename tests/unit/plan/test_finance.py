import pytest

from exotherm.plan.finance import Operation, finance_of
from exotherm.plan.verdict import Setback, Verdict, judge
from exotherm.site.document import Economics, Investment


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
