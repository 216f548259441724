"""A whole simulated year, read off its meters month by month, is judged as the plan judges it."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from changing import changed

from exotherm.contract.measure import consumption_of
from exotherm.contract.reading import read_contract
from exotherm.contract.series import intervals_of
from exotherm.contract.terms import Contract
from exotherm.contract.terms.calendar import Closure, Closures, Season, YearlySpan
from exotherm.core.period import months_of
from exotherm.core.samples import Point, Quality, Sample
from exotherm.operate.limits import limits_of
from exotherm.plan.rating import consumptions_of, judge_year, season_of_year
from exotherm.plan.year import Year, simulate_year
from exotherm.site.document import Site, points_of
from exotherm.site.reading import read_site
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.surroundings import surroundings_of

EXAMPLES = Path(__file__).parents[2] / "examples"
QUARTER = timedelta(minutes=15)


def seasonal(contract: Contract) -> Contract:
    """The same contract with a season, a closure, dips that have to last, and a return limit."""
    return changed(
        contract,
        season=Season(by="dates", spans=(YearlySpan(first="09-15", last="06-15"),)),
        closures=Closures(
            closures=(Closure(why="revision", span=YearlySpan(first="12-24", last="01-06")),),
            lead_days=10,
            reduce_minimum=True,
        ),
        commissioning__promise_from=date(2026, 2, 1),
        below_spec_heat__lasting_min=30,
        energy_price=contract.energy_price
        and contract.energy_price.model_validate(
            {
                "price_per_kwh": contract.energy_price.price_per_kwh,
                "hours": [
                    {"weekdays": [6, 7], "starts_at": 0, "ends_at": 24, "price_per_kwh": "0.05"}
                ],
            }
        ),
    )


def read_example(name: str) -> tuple[Site, Contract, Year]:
    files = WorkspaceFiles(EXAMPLES / name)
    site = read_site((EXAMPLES / name / "site.toml").read_text("utf-8")).document
    contract = read_contract((EXAMPLES / name / "contract.toml").read_text("utf-8")).document
    assert site is not None
    assert contract is not None
    surroundings = surroundings_of(site, files)
    assert surroundings is not None
    return site, contract, simulate_year(site, surroundings)


def metered(contract: Contract, points: dict[str, Point], year: Year) -> list[Sample]:
    """What the billed meter shows at the end of every quarter of an hour, in its own digits."""
    flows, step_h = year.with_heat.flows, year.with_heat.step_h
    meter = contract.delivered_heat.point.partition(".")[0]
    register = np.concatenate(([0.0], np.cumsum(flows["delivered_kw"]) * step_h))
    shown = {
        "heat_kw": flows["delivered_kw"],
        "flow_m3h": flows["flow_kgs"] * 3.6,
        "supply_c": flows["supply_c"],
        "return_c": flows["return_c"],
    }
    samples = []
    for number in range(len(register)):
        at = year.period.start + number * QUARTER
        heat = points[contract.delivered_heat.point]
        samples.append(sample(heat, at, int(round(register[number], 6) * 10**heat.decimals)))
        for quantity, values in shown.items():
            point = points[f"{meter}.{quantity}"]
            value = values[number - 1] if number else 0.0
            samples.append(sample(point, at, round(float(value) * 10**point.decimals)))
    return samples


def sample(point: Point, at, count: int) -> Sample:
    return Sample(point=point.name, source_at=at, received_at=at, count=count, quality=Quality.GOOD)


@pytest.mark.parametrize("terms", ["as agreed", "with season and prices by the hour"])
@pytest.mark.parametrize("name", ["pool", "care-home"])
def test_the_bill_judges_a_simulated_year_as_the_plan_does(name, terms):
    site, contract, year = read_example(name)
    contract = contract if terms == "as agreed" else seasonal(contract)
    points = dict(points_of(site))
    samples = metered(contract, points, year)
    season = season_of_year(contract, year.period, year.outdoor_c)
    intervals = intervals_of(contract, year.period, in_season=season)
    judged = judge_year(contract, year.with_heat, intervals, outdoor_c=year.outdoor_c)
    most = limits_of(site).per_hour_max[contract.delivered_heat.point]
    planned = list(consumptions_of(contract, year))
    first, differing = 0, 0
    for month, plan in zip(months_of(year.period, contract.zone), planned, strict=True):
        inside = [one for one in samples if month.start <= one.source_at <= month.end]
        measured = consumption_of(
            contract, points=points, samples=inside, period=month, heat_kw_max=most
        )
        assert measured.metered is not None, measured.findings
        own = measured.metered.judgements
        expected = [judged.judgements[code] for code in judged.codes[first : first + len(own)]]
        first += len(own)
        differing += sum(
            (one.outcome, one.clause) != (other.outcome, other.clause)
            for one, other in zip(own, expected, strict=True)
        )
        assert measured.metered.consumption.heat_kwh == plan.heat_kwh
        assert measured.metered.consumption.tally == plan.tally
        slots = measured.metered.consumption.slots
        assert {one.key for one in slots} == {one.key for one in plan.slots}
    assert first == len(judged.codes) == 35_040
    assert differing == 0
