"""A heat network's year: energy, cost and money against second computations; both ways to feed."""

import dataclasses
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from dispatch_lp import cost_of_sources

from exotherm.contract.reading import read_contract
from exotherm.core.documents import Source, read_document
from exotherm.feeds.normals import load_cities, make_weather
from exotherm.feeds.utilisation import read_utilisation
from exotherm.plan.heat_network import NetworkYear, run_year
from exotherm.plan.heat_network_findings import findings_of_network
from exotherm.plan.heat_network_money import contract_by, prices_by, rate_heat
from exotherm.plan.heat_network_study import study_network
from exotherm.plant.dispatch.merit import Sources, route
from exotherm.plant.heat_network.laid import Laid, NetworkInputs, lay_network
from exotherm.plant.heat_network.store import store_kwh_of, store_loss_frac_per_h_of
from exotherm.site.heat_network import HeatNetwork

EXAMPLE = Path(__file__).parents[3] / "examples" / "district-heating"


@cache
def network_of_example() -> HeatNetwork:
    read = read_document((EXAMPLE / "network.toml").read_text(), HeatNetwork, file="network.toml")
    assert read.document is not None, read.findings
    return read.document


@cache
def laid_example() -> Laid:
    network = network_of_example()
    city = next(one for one in load_cities() if one.name == network.weather.city)
    trace, _ = read_utilisation(
        (EXAMPLE / "utilisation.csv").read_text(), file="u", column="cpu_usage", in_percent=False
    )
    assert trace is not None
    inputs = NetworkInputs(
        weather=make_weather(city, seed=1),
        utilisations={"utilisation.csv": trace},
        load_profiles={},
    )
    return lay_network(network, inputs)


@cache
def year_of_example() -> NetworkYear:
    return run_year(laid_example())


def contract_of_example():
    read = read_contract((EXAMPLE / "contract.toml").read_text())
    assert read.document is not None
    return read.document


def test_energy_closes_in_every_hour_of_dispatch_and_pipes():
    year = year_of_example()
    assert year.balance_error_kw < 1e-5
    assert year.flows.missed_kw.max() < 1e-6
    assert year.spilled_kw.max() < 1e-9


def test_the_year_closes_as_a_sum_of_its_own_parts():
    """All heat fed in is taken, lost in pipes or lost in the store, summed another way."""
    year = year_of_example()
    lost_kwh = ((1.0 - year.sources.kept_frac) * year.routed.content_kwh).sum()
    fed_kwh = year.routed.heat_kw.sum() + year.routed.unmet_kw.sum()
    taken_kwh = sum(year.laid.demand.heat_kw[:, one].sum() for one in range(9))
    assert fed_kwh == pytest.approx(taken_kwh + year.flows.loss_kw.sum() + lost_kwh, rel=1e-9)


def test_no_week_could_be_cheaper_says_highs():
    """The same sources in two weeks, with the year's own losses in the demand."""
    year = year_of_example()
    for first in (200, 3_600):
        part = slice(first, first + 168)
        week = Sources(
            heat_kw_max=year.sources.heat_kw_max[part],
            cost_per_kwh=year.sources.cost_per_kwh[part],
            demand_kw=year.sources.demand_kw[part],
            step_h=1.0,
            store_kwh=year.sources.store_kwh,
            store_loss_frac_per_h=year.sources.store_loss_frac_per_h,
            unmet_cost_per_kwh=year.sources.unmet_cost_per_kwh,
        )
        assert route(week).cost == pytest.approx(cost_of_sources(week), rel=1e-9)


def test_the_whole_year_is_proved_but_for_what_the_plant_room_bears():
    assert year_of_example().routed.gap_frac < 1e-5


def test_nobody_gives_more_than_it_has():
    year = year_of_example()
    heat_kw, most_kw = year.routed.heat_kw, year.sources.heat_kw_max
    assert (heat_kw >= -1e-9).all()
    assert (heat_kw <= most_kw + 1e-6).all()
    for number, offer in enumerate(year.offers):
        used_kw = heat_kw[:, number] * offer.source_frac
        assert (used_kw <= year.laid.coolant_kw[number] + 1e-6).all()


def test_the_return_is_warmed_by_no_more_than_it_may():
    year = year_of_example()
    node = year.laid.pipes.at("school")
    rise_k = year.routed.heat_kw[:, 2] / (4.18 * year.flows.return_flow_kgs[:, node])
    assert rise_k.max() <= 5.0 + 0.01
    assert rise_k.mean() > 1.0


def test_the_incineration_and_the_overhaul_keep_their_days():
    year = year_of_example()
    month = year.laid.year.date // 100
    names = [one.name for one in year.laid.sources]
    waste = year.routed.heat_kw[:, names.index("Waste incineration")]
    assert waste[(month < 4) | (month > 9)].max() == 0.0
    biomass = year.routed.heat_kw[:, names.index("Biomass boiler")]
    july = (year.laid.year.date >= 701) & (year.laid.year.date <= 714)
    assert biomass[july].max() == 0.0


def test_the_store_by_hand():
    """1,000 m³ from 38 to 68 °C: 979.0 kg/m³ · 4.18 · 30 K / 3,600 = 34.1 MWh."""
    network = network_of_example()
    assert store_kwh_of(network) == pytest.approx(34_102, rel=1e-3)
    # 10.84 m across and high: 553.6 m² at 0.2 W/m²K and 59 K are 6.53 kW.
    kw = store_loss_frac_per_h_of(network) * store_kwh_of(network)
    assert kw == pytest.approx(6.53, rel=0.002)


# --- The study


@cache
def study_of_example():
    return study_network(laid_example())


def test_more_store_saves_more_but_each_cubic_metre_less():
    stores = study_of_example().stores
    costs = [one.cost for one in stores]
    assert costs == sorted(costs, reverse=True)
    slopes = [
        (after.saved - before.saved) / (after.volume_m3 - before.volume_m3)
        for before, after in pairwise(stores)
    ]
    assert slopes == sorted(slopes, reverse=True)
    assert stores[-1].carried_kwh > 30 * stores[2].carried_kwh
    assert stores[-1].rejected_kwh < stores[0].rejected_kwh


def test_another_cubic_metre_saves_what_its_slope_says():
    laid, study = laid_example(), study_of_example()
    store = laid.network.store
    assert store is not None
    per_kwh = study.year.routed.saved_per_store_kwh
    before = study.year.sources
    after = dataclasses.replace(before, store_kwh=before.store_kwh + 20.0)
    saved = (route(before).cost - route(after).cost) / 20.0
    assert per_kwh == pytest.approx(saved, rel=0.02)
    assert study.saved_per_m3 == pytest.approx(per_kwh * before.store_kwh / store.volume_m3)


def test_feeding_the_other_way_is_dearer_in_this_network_for_its_reasons():
    feeds = {(one.name, one.feed): one for one in study_of_example().feeds}
    assert feeds["Nordhal", "return"].heat_kwh_max == 0.0  # nothing comes by at its dead end
    assert feeds["Skolekaelder", "supply"].heat_kwh_max == 0.0  # no heat pump
    back, into = feeds["Lysbakke", "return"], feeds["Lysbakke", "supply"]
    assert back.cost_per_kwh < into.cost_per_kwh
    assert back.heat_kwh_max < into.heat_kwh_max
    assert all(one.cost_more >= -1e-6 for one in feeds.values())


def test_cost_of_sources_sums_to_the_years():
    study = study_of_example()
    assert sum(one.cost for one in study.sources) == pytest.approx(study.year.routed.cost)


def test_the_example_has_nothing_against_it():
    text = (EXAMPLE / "network.toml").read_text()
    assert [] == list(findings_of_network(study_of_example(), Source(file="n", text=text)))


# --- Money


@pytest.mark.parametrize("number", [0, 1])
def test_the_weathers_prices_sum_as_a_spreadsheet_would(number):
    """Each hour's heat at the step of its outdoor temperature; a bill rounds each line."""
    year, contract = year_of_example(), contract_of_example()
    laid = year.laid
    tariff = next(one for one in laid.network.tariffs if one.name == "Supply")
    heat_kw = year.routed.heat_kw[:, number]
    rated = rate_heat(
        laid,
        contract_by(tariff, contract),
        who="x",
        tariff=tariff.name,
        heat_kw=heat_kw,
        supply_c=year.offers[number].asked_c,
        return_c=year.water.return_c[:, 0],
    )
    prices = np.zeros(heat_kw.size)
    for step in tariff.steps:
        prices = np.where(
            laid.year.outdoor_c >= step.outdoor_c_min, float(step.price_per_kwh), prices
        )
    assert float(rated.amount) == pytest.approx(float((heat_kw * prices).sum()), rel=2e-4)
    assert rated.amount == sum((amount for _, _, amount in rated.lines), Decimal(0))
    assert prices_by(tariff, contract, laid) == pytest.approx(prices)


def test_heat_cooler_than_the_tariff_presumes_is_paid_as_below_spec():
    year, contract = year_of_example(), contract_of_example()
    tariff = year.laid.network.tariffs[0]
    rated = rate_heat(
        year.laid,
        contract_by(tariff, contract),
        who="x",
        tariff=tariff.name,
        heat_kw=np.full(year.laid.supply_c.size, 100.0),
        supply_c=np.full(year.laid.supply_c.size, 50.0),
        return_c=np.full(year.laid.supply_c.size, 40.0),
    )
    below = [text for text, heat, _ in rated.lines if text.startswith("Heat below") and heat]
    assert below


def test_routed_by_price_a_dear_offer_stands_behind_the_boilers():
    laid, contract = laid_example(), contract_of_example()
    tariff = laid.network.tariffs[0]
    paid = prices_by(tariff, contract, laid)
    priced = dataclasses.replace(laid, paid_per_kwh={"Nordhal": np.maximum(paid, 0.7)})
    before, after = year_of_example(), run_year(priced)
    assert after.routed.heat_kw[:, 1].sum() < 0.05 * before.routed.heat_kw[:, 1].sum()
    assert after.balance_error_kw < 1e-5


def test_above_its_outdoor_temperature_the_network_takes_none():
    laid = laid_example()
    centres = tuple(
        one.model_copy(update={"outdoor_c_max": 10.0}) if one.name == "Lysbakke" else one
        for one in laid.network.data_centres
    )
    network = laid.network.model_copy(update={"data_centres": centres})
    year = run_year(dataclasses.replace(laid, network=network))
    warm = laid.year.outdoor_c > 10.0
    assert year.routed.heat_kw[warm, 0].max() == 0.0
    assert year.routed.heat_kw[~warm, 0].sum() > 0.0
