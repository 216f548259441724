"""A site laid out to be tried with other assumptions: each year simulated and rated anew."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from exotherm.contract.outcome import table_of
from exotherm.contract.series import Intervals
from exotherm.contract.terms import Contract
from exotherm.physics.computing import FloatArray
from exotherm.plan.cash import Operation, cash_flows, rates_of
from exotherm.plan.changes import (
    with_demand,
    with_investment,
    with_servers,
    with_table,
    with_utilisation,
    with_warmth,
)
from exotherm.plan.course import Course, Parting
from exotherm.plan.finance import npv_of
from exotherm.plan.operation import YearKwh, rests, summed
from exotherm.plan.own_heat import customer_cash
from exotherm.plan.rating import MEASURED, intervals_of_year, judge_year, rate_judged
from exotherm.plan.risk_alone import Alone, Worth, find_break_even, turn_of
from exotherm.plan.risk_ranges import (
    OF_THE_TERM,
    RISK_FACTORS,
    RiskFactor,
    bounded,
    deviates_of,
    ranges_of,
    sequence,
)
from exotherm.plan.risk_still import why_no_effect, why_still
from exotherm.plan.year import STEP, STEP_H, year_period
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.outages import Outages, no_outages
from exotherm.plant.simulate import cooling_kwh_alone, fuel_kwh_alone, sum_and_keep
from exotherm.site.document import Site
from exotherm.site.economics import Economics
from exotherm.site.series import Surroundings

_OUTAGE_H = 24.0
_PRICES_OF_HEAT = (RiskFactor.ELECTRICITY, RiskFactor.FUEL)


class RiskDesk:
    """A site laid out to be tried with other assumptions."""

    def __init__(self, site: Site, contract: Contract, surroundings: Surroundings) -> None:
        self.ranges = ranges_of(site, surroundings)
        self.plan = tuple(one.plan for one in self.ranges.values())
        self._site, self._contract, self._surroundings = site, contract, surroundings
        self._period = year_period(site)
        self._parting = parting_of(contract)
        self._intervals: Intervals | None = None
        # Made once, before threads ask for it.
        assert table_of(contract).judgements
        if contract.season.weather is None:
            outdoor_c = np.zeros(self._period.duration // STEP)
            self._intervals = intervals_of_year(contract, self._period, outdoor_c=outdoor_c)

    def values_of(self, draws: int) -> FloatArray:
        """Give the assumptions of every draw, with the prices of electricity and fuel together."""
        return self.values_from(deviates_of(sequence(draws, len(RISK_FACTORS))))

    def values_from(self, independent: FloatArray) -> FloatArray:
        """Give the assumptions at standard normal deviates, shape (draws, assumptions).

        That of fuel is what its price has of its own beside that of electricity.
        """
        deviates = independent.copy()
        electricity = RISK_FACTORS.index(RiskFactor.ELECTRICITY)
        fuel = RISK_FACTORS.index(RiskFactor.FUEL)
        shared = self._site.risk.electricity_fuel_correlation
        deviates[:, fuel] = (
            shared * deviates[:, electricity] + math.sqrt(1.0 - shared**2) * deviates[:, fuel]
        )
        return np.array(
            [
                [
                    bounded(name, self.ranges[name].at(float(one)))
                    for name, one in zip(RISK_FACTORS, row, strict=True)
                ]
                for row in deviates
            ]
        )

    def alone(self, factor: RiskFactor, planned_operation: Operation) -> Alone:
        """Move one assumption on its own: to both ends, and to where the project breaks even."""
        planned = self.worth_of(self.plan, planned_operation)
        own = self.ranges[factor]

        def lived(value: float) -> tuple[Worth, Operation]:
            values = tuple(
                value if name is factor else self.ranges[name].plan for name in RISK_FACTORS
            )
            same_years = factor in OF_THE_TERM
            operation = planned_operation if same_years else self.operation_at(values)
            return self.worth_of(values, operation), operation

        (at_low, low), (at_high, high) = lived(own.low), lived(own.high)
        resting = [
            end
            for end, operation in ((own.low, low), (own.high, high))
            if factor in _PRICES_OF_HEAT and rests(operation, planned_operation)
        ]
        turn = turn_of(
            own.plan,
            resting,
            planned,
            better=min(at_low.operator, at_high.operator),
            worth=lambda value: lived(value)[0],
        )
        worse_low = at_low.operator <= at_high.operator
        rises = planned.operator < 0
        end = own.low if worse_low != rises else own.high
        farthest = bounded(factor, own.plan + 3.0 * (end - own.plan))
        if turn is not None and turn.worth.operator < 0 <= planned.operator:
            farthest = turn.value
        break_even = find_break_even(
            lambda value: lived(value)[0].operator, own.plan, farthest, planned.operator
        )
        found = Alone(
            factor=factor,
            range=own,
            at_low=at_low,
            at_high=at_high,
            break_even=break_even,
            turn=turn,
        )
        return replace(found, no_effect=why_no_effect(self._site, found, planned))

    def why_still(self, factor: RiskFactor) -> str:
        """Say why an assumption cannot move the plan as it is stated; empty where it may."""
        return why_still(self._site, factor, self.ranges[factor])

    def worth(self, values: tuple[float, ...]) -> Worth:
        """Simulate and rate the planned year with other assumptions, and value the term."""
        return self.worth_of(values, self.operation_at(values))

    def operation_at(self, values: tuple[float, ...]) -> Operation:
        """Simulate and rate the planned year with other assumptions."""
        by = dict(zip(RISK_FACTORS, values, strict=True))
        site, surroundings = self._changed(by)
        return replace(
            self._operation(*self._laid_out(site, surroundings, by)),
            first_years=tuple(
                self._operation(*self._laid_out(with_servers(site, share), surroundings, by))
                for share in site.computing.filled_frac
            ),
        )

    def worth_of(self, values: tuple[float, ...], operation: Operation) -> Worth:
        """Value the term of an operation with other prices and another investment."""
        by = dict(zip(RISK_FACTORS, values, strict=True))
        own = with_investment(self._site, by[RiskFactor.INVESTMENT]).economics
        economics = own.model_copy(update=_prices(own, by))
        mine, other = rates_of(economics)
        course = self.course_at(values, economics.term_years)
        lived = replace(operation, course=course)
        kept_to = replace(operation, course=replace(course, ends_after_years=math.inf))
        return Worth(
            operator=npv_of(mine, [year.net for year in cash_flows(economics, lived)]),
            customer=npv_of(other, customer_cash(economics, kept_to)),
        )

    def course_at(self, values: tuple[float, ...], term_years: int) -> Course:
        """Say how the years of the term run: from when on, how they fill, and to which end."""
        by = dict(zip(RISK_FACTORS, values, strict=True))
        stays = by[RiskFactor.CUSTOMER]
        return Course(
            late_years=by[RiskFactor.FIRST_HEAT],
            stage_years=by[RiskFactor.BUILD_OUT],
            ends_after_years=stays * term_years if stays < 1.0 else math.inf,
            parting=self._parting,
        )

    def _laid_out(
        self, site: Site, surroundings: Surroundings, by: Mapping[RiskFactor, float]
    ) -> tuple[Site, Exposure]:
        outages = _standstill(self._period.duration // STEP, by[RiskFactor.DOWNTIME])
        lived = expose(site, surroundings, self._period, step=STEP, outages=outages)
        return site, _with_efficiency(lived, by[RiskFactor.HEAT_PUMP])

    def _changed(self, by: Mapping[RiskFactor, float]) -> tuple[Site, Surroundings]:
        site, surroundings = self._site, self._surroundings
        if by[RiskFactor.DEMAND] != 1.0:
            site, surroundings = with_demand(site, surroundings, by[RiskFactor.DEMAND])
        site = with_table(site, "economics", **_prices(self._site.economics, by))
        surroundings = with_utilisation(surroundings, by[RiskFactor.UTILISATION])
        return site, with_warmth(surroundings, by[RiskFactor.OUTDOOR])

    def _operation(self, site: Site, lived: Exposure) -> Operation:
        """Sum the year. What the boiler alone would do is summed in hours."""
        plant, outdoor_c = build_plant(site), lived.conditions.outdoor_c
        start = initial_state(plant)
        year, sums = sum_and_keep(plant, lived, start, MEASURED)
        intervals = self._intervals or intervals_of_year(
            self._contract, self._period, outdoor_c=outdoor_c
        )
        judged = judge_year(self._contract, year, intervals, outdoor_c=outdoor_c)
        months = rate_judged(self._contract, year, judged, outdoor_c=outdoor_c)
        fuel_alone_kwh = fuel_kwh_alone(plant, _in_hours(lived), start)
        cooling_kwh = cooling_kwh_alone(plant, lived)
        kwh = YearKwh(
            delivered=sums["delivered_kw"],
            auxiliary=sums["auxiliary_kw"],
            cooling_saved=cooling_kwh - sums["fan_kw"] - sums["chiller_kw"],
            fuel=sums["fuel_kw"],
            fuel_alone=fuel_alone_kwh,
        )
        return summed(site, self._contract, kwh, months)


def parting_of(contract: Contract) -> Parting | None:
    """Give what a customer who leaves pays by the contract; None where it says nothing of that."""
    clause = contract.termination_payment
    if clause is None:
        return None
    return Parting(
        amount=float(clause.investment_amount),
        write_off_years=clause.write_off_years,
        pays_frac=clause.customer_pays_frac,
    )


def _prices(economics: Economics, by: Mapping[RiskFactor, float]) -> dict[str, float]:
    return {
        "electricity_per_kwh": by[RiskFactor.ELECTRICITY] * economics.electricity_per_kwh,
        "fuel_per_kwh": by[RiskFactor.FUEL] * economics.fuel_per_kwh,
    }


def _standstill(steps: int, share: float) -> Outages:
    """Let the plant stand still for a share of the year: a day at a time, evenly apart."""
    outages = no_outages(steps)
    length = round(_OUTAGE_H / STEP_H)
    lost = round(share * steps)
    number = math.ceil(lost / length)
    for outage in range(number):
        first = round((outage + 0.5) * steps / number) - length // 2
        own = min(length, lost - outage * length)
        outages.delivery[max(0, first) : max(0, first) + own] = True
    return outages


def _with_efficiency(lived: Exposure, factor: float) -> Exposure:
    """Give the same exposure with a heat pump that works better or worse."""
    if factor == 1.0:
        return lived
    conditions = lived.conditions
    changed = conditions._replace(
        pump_efficiency_frac=np.clip(conditions.pump_efficiency_frac * factor, 0.0, 1.0)
    )
    return replace(lived, conditions=changed)


def _in_hours(lived: Exposure) -> Exposure:
    """Take every hour's first quarter for the hour: weather, servers and customers are hourly."""
    conditions = lived.conditions
    every = round(1.0 / lived.step_h)
    hourly = {
        name: values[::every]
        for name, values in conditions._asdict().items()
        if name not in ("station_kw_per_k", "acceptance")
    }
    return Exposure(
        period=lived.period,
        step_h=1.0,
        conditions=conditions._replace(**hourly),
        load_names=lived.load_names,
    )
