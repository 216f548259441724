"""Verdicts that an expert would give, with the reasons written down.

None of these looks for a number: sign, order and the named assumption are what an expert would
stand for. Each is the plan of an example with something changed that people do change.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from exotherm.contract.repricing import with_heat_price
from exotherm.feeds.normals import load_cities, make_weather
from exotherm.plan.changes import with_table
from exotherm.plan.ownership import Arrangement, Deal
from exotherm.plan.risk import RiskResult, try_assumptions
from exotherm.plan.risk_ranges import RiskFactor
from exotherm.plan.risk_verdict import explain_risk, judge_risk
from exotherm.plan.study import StudyResult, make_study
from exotherm.plan.verdict import Verdict
from exotherm.site.document import Site
from exotherm.site.economics import BoilerRenewal, Grant
from exotherm.site.series import HeatDemand
from exotherm.usecases.workspace import Ready, load_workspace, ready

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> Ready:
    whole = ready(load_workspace(EXAMPLES / name))
    assert whole is not None
    return whole


def tried(own: Ready, **changes) -> RiskResult:
    given = {
        "site": own.site,
        "contract": own.contract,
        "surroundings": own.surroundings,
        **changes,
    }
    return try_assumptions(
        given["site"], given["contract"], given["surroundings"], draws=40, threads=2
    )


def test_a_pool_in_a_mild_climate_is_robust():
    """A hall's pool loses heat by evaporation, which knows no season.

    It takes water of 30 °C, so no heat pump stands between, and it takes it all year: a mild
    winter costs it nothing. Servers that fill slowly and a dear installation hurt, but neither
    alone nor together as much as a fuel bill of eight cents.
    """
    pool = example("pool")
    lisbon = next(city for city in load_cities() if city.name == "Lisbon")
    mild = replace(pool.surroundings, weather=make_weather(lisbon, seed=1))
    risk = tried(pool, surroundings=mild)
    assert judge_risk(risk) is Verdict.ROBUST
    at_home = make_study(pool.site, pool.contract, pool.surroundings)
    assert risk.planned.operator == pytest.approx(at_home.finance.npv, rel=0.05)
    outdoor = next(one for one in risk.alone if one.factor is RiskFactor.OUTDOOR)
    assert outdoor.swing < 0.05 * risk.planned.operator


def test_a_school_with_a_due_boiler_is_worth_it_at_another_price():
    """Six weeks of holidays and radiators of 60 °C: a school is a poor customer of warm water.

    At the offered price the operator loses in every draw, whatever the boiler's age: a boiler is
    the customer's. But a customer who need not buy a new one can pay more, and then both may gain:
    by another price, or by renting the plant in the boiler's stead. How much more hangs
    on what the new one would have burnt, since the old one beside the service burns on as it does:
    one no better leaves its whole price, 60,000, to share; one of 90 % instead of 84 % would have
    saved 4,000 of fuel a year, and then that price is not enough; 95,000 would be.
    """
    school = example("school")
    assert judge_risk(tried(school)) is Verdict.DO_NOT_BUILD
    old, no_better = (
        studied_with(school, None),
        studied_with(school, 60_000.0, efficiency_frac=0.84),
    )
    assert service_of(old).amount_low > service_of(old).amount_high
    assert service_of(no_better).amount_low < service_of(no_better).amount_high
    assert old.ownership.text.startswith("In none of them do both sides gain, at any amount")
    assert no_better.ownership.text.startswith("Both sides gain by lease alone")
    assert no_better.finance.npv == old.finance.npv
    better = studied_with(school, 60_000.0, efficiency_frac=0.90)
    forgone = old.customer.fuel_before * (1.0 - 0.84 / 0.90)
    assert forgone == pytest.approx(4_000.0, rel=0.02)
    assert service_of(better).amount_high == pytest.approx(
        service_of(no_better).amount_high - forgone
    )
    assert service_of(old).amount_high < service_of(better).amount_high
    assert better.ownership.text == old.ownership.text
    dearer = studied_with(school, 95_000.0, efficiency_frac=0.90)
    assert service_of(dearer).amount_low < service_of(dearer).amount_high


def studied_with(own: Ready, boiler: float | None, *, efficiency_frac: float = 0.9) -> StudyResult:
    """Study a site whose service spares a boiler that is due now, at a price and an efficiency."""
    due = None
    if boiler is not None:
        due = BoilerRenewal(
            amount=boiler, due_in_years=0, avoided_frac=1.0, efficiency_frac=efficiency_frac
        )
    economics = own.site.economics.model_copy(update={"boiler_renewal": due})
    site = own.site.model_copy(update={"economics": economics})
    return make_study(site, own.contract, own.surroundings)


def service_of(study: StudyResult) -> Deal:
    return next(one for one in study.ownership.deals if one.arrangement is Arrangement.SERVICE)


def summer_only(site: Site) -> tuple[Site, HeatDemand]:
    """Give a site whose only customer takes heat from June to August."""
    start = datetime(2025, 12, 31, 23, tzinfo=UTC)
    hours = np.arange(8_760)
    heat_kw = np.where((hours >= 151 * 24) & (hours < 243 * 24), 25.0, 0.0)
    demand = HeatDemand(start=start, step=timedelta(hours=1), heat_kw=heat_kw, source="made")
    raw = site.model_dump(exclude_unset=True)
    raw.pop("pool")
    raw["measured"] = [
        {"name": "Lido", "file": "lido.csv", "supply_c_design": 30.0, "return_c_design": 24.0}
    ]
    return Site.model_validate(raw), demand


def test_heat_that_is_wanted_in_summer_alone_is_not_worth_a_plant():
    """A lido takes heat a quarter of the year, and in that quarter the sun heats it as well.

    The plant stands idle for nine months and costs as much: over twelve months a fee may carry
    it, but the kilowatt-hours do not.
    """
    pool = example("pool")
    site, demand = summer_only(pool.site)
    lido = replace(pool.surroundings, measured=(demand,))
    risk = tried(pool, site=site, surroundings=lido)
    whole_year = tried(pool)
    assert risk.planned.operator < 0.2 * whole_year.planned.operator
    assert judge_risk(risk) is Verdict.DO_NOT_BUILD


def test_an_optimists_spreadsheet_is_high_risk_and_says_why():
    """Electricity at five cents for twenty years, since "the data centre gets it cheaply".

    A block of flats takes 55 °C, so every kilowatt-hour is lifted by a heat pump, and the heat is
    sold cheaply to win the tender. On paper it pays well. Every other plant buys electricity at
    eighteen cents: the project is that one assumption.
    """
    block = example("housing-block")
    site = with_table(block.site, "economics", electricity_per_kwh=0.05)
    contract = with_heat_price(block.contract, Decimal("0.75"))
    risk = tried(block, site=site, contract=contract)
    assert risk.planned.operator > 0
    assert judge_risk(risk) is Verdict.HIGH_RISK
    assert [one.factor for one in risk.sinking] == [RiskFactor.ELECTRICITY]
    assert "works only if the price of electricity is at most" in explain_risk(risk)


def test_a_school_that_stands_on_a_grant_is_conditional_on_it():
    """The grant pays for nearly all of the plant, so no price and no winter alone sinks it.

    But a programme that closes can, and it is the only reason to build: who lends on this plan
    lends on the grant. As long as that is only applied for, there is no project.
    """
    school = example("school")
    granted = with_table(school.site, "economics", grant_amount=150_000.0)
    risk = tried(school, site=granted)
    assert risk.sinking == ()
    assert risk.loss_frac < 0.1
    assert judge_risk(risk) is Verdict.CONDITIONAL
    assert "that the grants come as planned" in explain_risk(risk)
    study = make_study(granted, school.contract, school.surroundings)
    assert study.verdict is Verdict.CONDITIONAL
    assert "but grants that do not come would make it negative" in study.verdict_text
    asked = Grant(name="Warm Schools", amount=150_000.0, condition="funds", state="applied for")
    hoping = with_table(school.site, "economics", grants=(asked,))
    hoped = make_study(hoping, school.contract, school.surroundings)
    assert hoped.verdict is Verdict.DO_NOT_BUILD
    assert "It works only with “Warm Schools”" in hoped.verdict_text
    assert hoped.finance.npv < 0 < study.finance.npv
