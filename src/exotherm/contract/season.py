"""A season that the weather decides: which days lie in it, from the temperatures of a station."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from exotherm.contract.hours import WHOLE_YEAR, InSeason
from exotherm.contract.terms import Contract
from exotherm.contract.terms.calendar import WeatherRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The days that the weather decided, and those of which the station told nothing."""

    days: Mapping[date, bool]
    silent: tuple[date, ...]

    def __call__(self, day: date) -> bool | None:
        """Tell whether a day lies in the season; None where it was not decided."""
        return self.days.get(day)


def season_of(contract: Contract, outdoor_c: Mapping[date, float], *, until: date) -> InSeason:
    """Decide the season from the first day with a temperature until a day, both included (CAL-2).

    ``outdoor_c`` is the temperature in °C of each day at the hour that the contract names, by the
    contract's clock. A day counts from its own temperature on: the last of the days in a row
    already belongs to what it begins.
    """
    rule = contract.season.weather
    if rule is None or not outdoor_c:
        return WHOLE_YEAR
    first = min(outdoor_c)
    days: dict[date, bool] = {}
    silent: list[date] = []
    state, cold, warm = rule.first_day == "in season", 0, 0
    for ordinal in range(first.toordinal(), until.toordinal() + 1):
        day = date.fromordinal(ordinal)
        told = outdoor_c.get(day)
        if told is None:
            silent.append(day)
            cold = warm = 0
            days[day] = _when_silent(rule, state=state)
            continue
        cold = cold + 1 if told < rule.outdoor_c_start else 0
        warm = warm + 1 if told > rule.outdoor_c_end else 0
        if max(cold, warm) >= rule.days_in_a_row:
            state = cold > 0
        days[day] = state
    return Season(days=days, silent=tuple(silent))


def _when_silent(rule: WeatherRule, *, state: bool) -> bool:
    if rule.station_silent == "as before":
        return state
    return rule.station_silent == "in season"
