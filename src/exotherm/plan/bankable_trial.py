"""A contract held against its own plant over drawn years: lived, judged, rated, and why short."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from exotherm.contract.contract_year import contract_year
from exotherm.contract.outcome import Outcome, table_of
from exotherm.contract.rate import availability
from exotherm.contract.series import (
    BoolArray,
    Intervals,
    Judged,
    Series,
    is_short,
    judge_series,
)
from exotherm.contract.terms import Contract
from exotherm.core.period import Period
from exotherm.physics.computing import FloatArray
from exotherm.plan.bankable import CauseHours, Promise, TrialYear, YearMoney
from exotherm.plan.blame import Undone, cause_of, with_causes
from exotherm.plan.finance import capital_per_year
from exotherm.plan.many_years import DrawnYear, Fails, draw_year, outages_of
from exotherm.plan.rating import (
    Month,
    intervals_of_year,
    measured,
    rate_judged,
    tally_of_months,
)
from exotherm.plan.year import STEP, STEP_H
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import Exposure, expose
from exotherm.plant.outages import Outages
from exotherm.plant.parts import Plant
from exotherm.plant.simulate import Simulation, cooling_kwh_alone, simulate
from exotherm.site.document import Site
from exotherm.site.series import Surroundings, Utilisation

YEARS_MIN, YEARS_MAX = 10, 10_000


def try_promise(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    years: int,
    seed: int,
    on_year: Callable[[int], None] = lambda _: None,
) -> Promise:
    """Hold a contract against its plant over many drawn years; ``on_year`` hears each that is done.

    Every year is the first contract year that is billed whole, with prices as they begin.
    """
    assert YEARS_MIN <= years <= YEARS_MAX
    trial = _Trial(site, contract, surroundings)
    done = []
    for number in range(years):
        drawn = draw_year(site, surroundings, trial.period, seed=seed, number=number)
        done.append(trial.year(drawn))
        on_year(number + 1)
    repeated = contract.repeated_failure
    return Promise(
        years=tuple(done),
        promised_frac=float(contract.availability.available_frac_min),
        missed_months_max=repeated.missed_months if repeated else None,
        period=trial.period,
        seed=seed,
        counted_as={what: cause_of(what, contract) for what in Fails if what is not Fails.METER},
        currency=site.site.currency,
    )


def trial_period(contract: Contract) -> Period:
    """Give the contract year that is tried: the first whole one, or the first there is."""
    first = contract_year(contract, contract.term_period.start)
    if not first.is_part or first.whole.end >= contract.term_period.end:
        return first.whole
    return contract_year(contract, first.whole.end).whole


class _Trial:
    """What is alike in all drawn years."""

    def __init__(self, site: Site, contract: Contract, surroundings: Surroundings) -> None:
        self.site, self.contract = site, contract
        self.period = trial_period(contract)
        self.plant = build_plant(site)
        self.capital = capital_per_year(site.economics)
        trace = surroundings.utilisation
        self.busy = Utilisation(utilisation_frac=np.ones(1), source=trace.source)
        self._intervals: Intervals | None = None

    def year(self, drawn: DrawnYear) -> TrialYear:
        """Live a drawn year: with its faults, without them, and with busy servers besides."""
        steps = self.period.duration // STEP
        outages = outages_of(drawn.faults, steps)
        lived = self._expose(drawn.surroundings, outages)
        outdoor_c = lived.conditions.outdoor_c
        simulation = self._simulate(self.plant, lived)
        without_faults = self._series(self._expose(drawn.surroundings))
        with_busy_servers = without_faults
        if is_short(self.contract, without_faults).any():
            busy = replace(drawn.surroundings, utilisation=self.busy)
            with_busy_servers = self._series(self._expose(busy))
        undone = Undone(without_faults=without_faults, with_busy_servers=with_busy_servers)
        series = with_causes(
            self.contract, measured(simulation, outdoor_c=outdoor_c), drawn.faults, undone
        )
        judged = judge_series(self.contract, self._intervals_in(outdoor_c), series)
        months = rate_judged(self.contract, simulation, judged, outdoor_c=outdoor_c)
        return self._seen(drawn, lived, simulation, series, judged, months)

    def _expose(self, surroundings: Surroundings, outages: Outages | None = None) -> Exposure:
        return expose(self.site, surroundings, self.period, step=STEP, outages=outages)

    def _simulate(self, plant: Plant, exposure: Exposure) -> Simulation:
        return simulate(plant, exposure, initial_state(plant))

    def _series(self, exposure: Exposure) -> Series:
        lived = self._simulate(self.plant, exposure)
        return measured(lived, outdoor_c=exposure.conditions.outdoor_c)

    def _intervals_in(self, outdoor_c: FloatArray) -> Intervals:
        """Give the calendar of the year: alike in all years, unless weather makes the season."""
        if self._intervals is None or self.contract.season.weather is not None:
            self._intervals = intervals_of_year(self.contract, self.period, outdoor_c=outdoor_c)
        return self._intervals

    def _seen(
        self,
        drawn: DrawnYear,
        lived: Exposure,
        simulation: Simulation,
        series: Series,
        judged: Judged,
        months: tuple[Month, ...],
    ) -> TrialYear:
        promised = self.contract.availability.available_frac_min
        whole = availability(self.contract, tally_of_months(months))
        kept = [one.rated.available_frac for one in months]
        return TrialYear(
            available_frac=None if whole is None else float(whole),
            missed_months=sum(one is not None and one < Decimal(str(promised)) for one in kept),
            months=len(months),
            heat_kwh=simulation.energy_kwh("delivered_kw"),
            money=self._money(lived, simulation, months),
            causes=_causes(self.contract, series, judged),
            faults={what: sum(one.what is what for one in drawn.faults) for what in Fails},
        )

    def _money(
        self, lived: Exposure, simulation: Simulation, months: tuple[Month, ...]
    ) -> YearMoney:
        """Price a year. Cooling saved is what the cooler would draw more if all were rejected."""
        economics = self.site.economics
        cooling_kwh = sum(simulation.energy_kwh(name) for name in ("fan_kw", "chiller_kw"))
        saved_kwh = cooling_kwh_alone(self.plant, lived) - cooling_kwh
        return YearMoney(
            heat_revenue=float(sum(one.rated.net_amount for one in months)),
            credits=0.0 - _sum_of_lines(months, "CRD-1", "CRD-2"),
            below_minimum=_sum_of_lines(months, "TAR-6"),
            cooling_saved=saved_kwh * economics.electricity_per_kwh,
            electricity=simulation.energy_kwh("auxiliary_kw") * economics.electricity_per_kwh,
            upkeep=economics.upkeep_per_year,
            capital=self.capital,
        )


def _sum_of_lines(months: tuple[Month, ...], *clauses: str) -> float:
    lines = (line for one in months for line in one.rated.lines if line.clause in clauses)
    return float(sum(line.amount for line in lines))


METER_SILENT = "meter silent"
"""what is told beside the causes of short heat: nobody knows whether it was"""


def _causes(contract: Contract, series: Series, judged: Judged) -> dict[str, CauseHours]:
    causes = dict(_hours_by_cause(contract, series, judged))
    silent = _not_measured(judged)
    return causes if silent is None else {**causes, METER_SILENT: silent}


def _hours_by_cause(
    contract: Contract, series: Series, judged: Judged
) -> Iterator[tuple[str, CauseHours]]:
    """Count the short hours of each cause, and what the contract made of them."""
    assert series.causes is not None
    no_heat, excused = judged.are(Outcome.FAILED), judged.are(Outcome.EXCUSED)
    below = judged.are(Outcome.REDUCED) | judged.are(Outcome.UNPAID)
    # A window of maintenance is excused while heat flows as well; that is no cause's.
    short = is_short(contract, series) & (no_heat | below | excused)
    for place, cause in enumerate(table_of(contract).causes):
        own = short & (series.causes == place)
        if own.any():
            yield (
                cause,
                CauseHours(
                    short_h=_hours(own),
                    failed_h=_hours(own & no_heat),
                    below_spec_h=_hours(own & below),
                    excused_h=_hours(own & excused),
                ),
            )


def _not_measured(judged: Judged) -> CauseHours | None:
    """Count the hours of which the meter told nothing, as the contract counts them (QOS-5)."""
    silent = judged.are(Outcome.NOT_MEASURED)
    if not silent.any():
        return None
    failing = np.array([one.counts_as_failed for one in judged.judgements])[judged.codes]
    return CauseHours(
        short_h=_hours(silent),
        failed_h=_hours(silent & failing),
        excused_h=_hours(silent & ~failing),
    )


def _hours(holds: BoolArray) -> float:
    return float(holds.sum()) * STEP_H
