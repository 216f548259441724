from decimal import Decimal

import pytest

from exotherm.contract.rate import rate
from exotherm.plan.changes import with_servers, with_table
from exotherm.plan.risk import try_assumptions
from exotherm.plan.study import make_study
from exotherm.plan.verdict import Verdict
from exotherm.site.economics import Certificate
from exotherm.usecases.workspace import load_workspace, ready


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


def test_servers_that_come_in_steps_are_years_of_their_own(
    pool_site, pool_contract, pool_surroundings, study
):
    """A second way: the first year is that of a site with so many servers and no steps."""
    filling = with_table(pool_site, "computing", filled_frac=(0.5, 0.8))
    stepped = make_study(filling, pool_contract, pool_surroundings)
    half = make_study(with_servers(pool_site, 0.5), pool_contract, pool_surroundings)
    first, second, third = stepped.finance.cash[1:4]
    assert first.heat_revenue == pytest.approx(half.finance.cash[1].heat_revenue)
    assert first.electricity == pytest.approx(half.finance.cash[1].electricity)
    assert first.heat_revenue < second.heat_revenue < third.heat_revenue
    assert third == study.finance.cash[3]
    assert stepped.finance.npv < study.finance.npv
    # Whoever owns the plant, both sides together have the same cash.
    sums = [
        [one + other for one, other in zip(deal.operator.cash, deal.customer.cash, strict=True)]
        for deal in stepped.ownership.deals
    ]
    assert sums[1] == pytest.approx(sums[0])
    assert sums[2] == pytest.approx(sums[0])
    risk = try_assumptions(filling, pool_contract, pool_surroundings, draws=20, threads=2)
    assert risk.planned.operator == pytest.approx(stepped.finance.npv, rel=1e-3)


def test_certificates_are_the_owners(pool_site, pool_contract, pool_surroundings):
    certificate = Certificate(
        name="white certificates",
        amount_per_kwh=0.01,
        years=4,
        condition="metered heat",
        state="contracted",
    )
    economics = pool_site.economics.model_copy(update={"certificates": (certificate,)})
    site = pool_site.model_copy(update={"economics": economics})
    study = make_study(site, pool_contract, pool_surroundings)
    sale = study.ownership.deals[1]
    assert study.finance.cash[1].certificates == pytest.approx(0.01 * study.heat_delivered_kwh)
    without = make_study(pool_site, pool_contract, pool_surroundings).ownership.deals[1]
    assert sale.operator.npv == pytest.approx(without.operator.npv)
    assert sale.customer.npv > without.customer.npv
    assert "certificates that do not come" in [one.name for one in study.setbacks]


def test_a_setback_is_not_a_gain_because_it_stops_a_heat_pump_that_loses(pool_folder):
    """Electricity half again as dear leaves the school more than planned: its heat pump rests."""
    school = ready(load_workspace(pool_folder.parent / "school"))
    assert school is not None
    found = make_study(school.site, school.contract, school.surroundings)
    dear = found.setbacks[3]
    assert dear.name.replace("\xa0", " ").endswith("electricity 30 % dearer")
    assert dear.npv < found.finance.npv
    (loses,) = found.findings
    assert loses.code == "plan.heat-pump-loses"
    # A second way: the same plant where the machine is not there, its price paid all the same.
    without = school.site.model_copy(update={"heat_pump": None})
    rests = make_study(without, school.contract, school.surroundings)
    assert loses.data["npv_at_rest"] == pytest.approx(rests.finance.npv, rel=1e-9)
    assert rests.findings == ()
