from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.core.period import Period
from exotherm.plan.year import simulate_year, year_period
from exotherm.plant.build import build_plant, expose, initial_state
from exotherm.plant.simulate import balance_errors_kw, simulate
from exotherm.plant.step import Conditions, Flows, State, step_plant

JANUARY_WEEK = Period(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_energy_closes_in_every_step_of_any_plant(pool_site, data):
    plant = build_plant(pool_site)
    number = lambda low, high: data.draw(st.floats(low, high))  # noqa: E731
    plant = plant._replace(
        buffer_kwh_per_k=number(0.01, 100),
        buffer_loss_kw_per_k=number(0, 0.5),
        exchanger_kw_per_k=number(0.01, 50),
        # An exchanger passes at most the capacity rate of its loop.
        delivery_kw_per_k=number(0, plant.delivery_flow_kgs * 4.18),
        pool_kwh_per_k=number(50, 2000),
        boiler_kw=number(0, 500),
        rejection_kw_per_k=number(0.1, 20),
    )
    state = State(buffer_c=number(5, 60), pool_c=number(20, 34))
    conditions = Conditions(
        it_kw=number(0, 200),
        outdoor_c=number(-30, 45),
        mains_c=number(2, 25),
        activity=number(0, 2),
        makeup_kgs=number(0, 5),
    )
    _, flows = step_plant(plant, state, conditions, number(1 / 60, 1))
    table = {name: np.array([value]) for name, value in zip(Flows._fields, flows, strict=True)}
    for error in balance_errors_kw(table):
        assert abs(error[0]) < 1e-7
    assert flows.exchanged_kw >= 0
    assert flows.delivered_kw >= 0
    assert flows.rejected_kw >= -1e-9
    # No stream crosses temperatures.
    if flows.exchanged_kw > 1e-9:
        assert flows.coolant_c >= flows.buffer_c
    if flows.delivered_kw > 1e-9:
        assert flows.buffer_c >= state.pool_c
        assert flows.buffer_c >= flows.return_c >= state.pool_c - 1e-9


def test_steps_of_an_hour_a_quarter_and_a_minute_give_the_same_year(
    pool_site, pool_weather, pool_utilisation
):
    plant = build_plant(pool_site)
    years = [
        simulate(
            plant,
            expose(
                pool_site,
                pool_weather,
                pool_utilisation,
                year_period(pool_site),
                step=timedelta(minutes=minutes),
            ),
            initial_state(plant),
        )
        for minutes in (60, 15, 1)
    ]
    for name in ("delivered_kw", "backup_kw", "evaporation_kw", "site_kw"):
        hour, quarter, minute = (year.energy_kwh(name) for year in years)
        assert hour == pytest.approx(minute, rel=0.01)
        assert quarter == pytest.approx(minute, rel=0.01)


def test_servers_come_first_when_nobody_wants_heat(pool_site, pool_weather, pool_utilisation):
    year = simulate_year(pool_site, pool_weather, pool_utilisation)
    alone = year.servers_alone.flows
    assert alone["delivered_kw"].max() == 0
    assert alone["coolant_c"].max() <= pool_site.capture.coolant_c_max + 1e-9
    assert alone["fan_kw"].max() > 0


def test_without_a_cover_the_pool_needs_more(pool_site, pool_weather, pool_utilisation):
    bare = pool_site.model_copy(update={"pool": pool_site.pool.model_copy(update={"cover": False})})
    demand = [
        simulate_year(site, pool_weather, pool_utilisation).boiler_alone.energy_kwh("backup_kw")
        for site in (pool_site, bare)
    ]
    assert demand[0] < demand[1]


def test_a_warmer_customer_gets_no_more_heat(pool_site, pool_weather, pool_utilisation):
    """Water near the coolant's own limit leaves no difference for the exchangers."""
    delivered = []
    for water_c in (28.0, 40.0, 49.0):
        pool = pool_site.pool.model_copy(
            update={"water_c_set": water_c, "water_c_max": water_c + 0.5}
        )
        site = pool_site.model_copy(update={"pool": pool})
        year = simulate_year(site, pool_weather, pool_utilisation)
        delivered.append(year.with_heat.energy_kwh("delivered_kw"))
    assert delivered[0] >= delivered[1] > delivered[2]


def test_occupation_follows_the_local_clock_over_a_change(
    pool_site, pool_weather, pool_utilisation
):
    """The pool opens at 7 by the wall clock before and after the clocks go back."""
    opening = {}
    for day in (23, 26):  # Friday before and Monday after 25 October 2026
        period = Period(
            datetime(2026, 10, day, tzinfo=UTC), datetime(2026, 10, day + 1, tzinfo=UTC)
        )
        exposure = expose(
            pool_site, pool_weather, pool_utilisation, period, step=timedelta(minutes=15)
        )
        opening[day] = int(np.argmax(exposure.makeup_kgs > 0))
    assert opening == {23: 5 * 4, 26: 6 * 4}


def test_a_leap_day_is_lived_as_the_28th(pool_site, pool_weather, pool_utilisation):
    days = [
        expose(
            pool_site,
            pool_weather,
            pool_utilisation,
            Period(
                datetime(2028, month, day, tzinfo=UTC), datetime(2028, month, day, 23, tzinfo=UTC)
            ),
            step=timedelta(hours=1),
        ).outdoor_c
        for month, day in ((2, 28), (2, 29), (3, 1))
    ]
    assert list(days[0]) == list(days[1])
    assert list(days[1]) != list(days[2])
    march = (31 + 28) * 24
    assert list(days[2]) == list(pool_weather.outdoor_c[march : march + 23])
