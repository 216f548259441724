from decimal import Decimal

import pytest

from exotherm.contract.rate import rate
from exotherm.plan.study import make_study
from exotherm.plan.verdict import Verdict


@pytest.fixture(scope="module")
def study(pool_site, pool_contract, pool_surroundings):
    return make_study(pool_site, pool_contract, pool_surroundings)


def test_months_are_the_year(study):
    assert len(study.months) == 12
    assert study.months[2].period.hours == 743
    assert study.months[9].period.hours == 745
    metered = sum(month.consumption.heat_kwh for month in study.months)
    assert abs(float(metered) - study.heat_delivered_kwh) < 1
    assert study.tally.total == 35040


def test_every_month_is_rated_by_the_function_that_makes_invoices(study, pool_contract):
    for month in study.months:
        assert month.rated == rate(pool_contract, month.consumption)


def test_energy_closes_over_the_whole_plant(study):
    """A second account: electricity in is heat delivered, rejected, lost, stored."""
    year = study.year.with_heat
    out = sum(
        year.energy_kwh(name)
        for name in ("uncaptured_kw", "rejected_kw", "buffer_loss_kw", "buffer_stored_kw")
    )
    assert study.it_energy_kwh == pytest.approx(out + study.heat_delivered_kwh, abs=1e-6)
    assert study.energy_balance_error_kwh < 1e-6


def test_the_core_variables(study):
    assert study.recoverable_frac == pytest.approx(
        study.heat_delivered_kwh / study.it_energy_kwh, rel=1e-12
    )
    assert 0 < study.recoverable_frac <= 0.96
    assert study.heat_displaced_kwh <= study.heat_delivered_kwh
    assert study.delivery_cost_per_kwh > 0


def test_the_verdict_falls_with_the_price_of_heat(pool_site, pool_contract, pool_surroundings):
    free = pool_contract.energy_price.model_copy(update={"price_per_kwh": Decimal(0)})
    contract = pool_contract.model_copy(update={"energy_price": free})
    study = make_study(pool_site, contract, pool_surroundings)
    assert study.verdict is Verdict.DO_NOT_BUILD
    assert study.verdict_text.startswith("Do not build")


def test_a_dry_cooler_that_is_too_small_is_said(pool_site, pool_contract, pool_surroundings):
    rejection = pool_site.rejection.model_copy(update={"heat_kw_rated": 3.0})
    pool = pool_site.pool.model_copy(update={"area_m2": 20.0})
    site = pool_site.model_copy(update={"rejection": rejection, "pool": pool})
    study = make_study(site, pool_contract, pool_surroundings)
    assert [finding.code for finding in study.findings] == ["plan.coolant-over-limit"]


def test_a_boiler_that_cannot_carry_the_pool_is_said(pool_site, pool_contract, pool_surroundings):
    boiler = pool_site.boiler.model_copy(update={"heat_kw_rated": 1.0})
    site = pool_site.model_copy(update={"boiler": boiler})
    study = make_study(site, pool_contract, pool_surroundings)
    assert [finding.code for finding in study.findings] == ["plan.demand-unmet"]
