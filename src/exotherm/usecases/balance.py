"""The heat account of a month, drawn from the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from exotherm.core.errors import UnableTo
from exotherm.core.findings import Finding
from exotherm.core.period import Period, read_month, write_day
from exotherm.operate.balance import Balance, Readings, balance_of
from exotherm.operate.first_law import finding_of
from exotherm.site.counting import registers_counting
from exotherm.site.document import points_of
from exotherm.site.meters import Measured
from exotherm.store.sqlite import Store
from exotherm.usecases.storekeeping import Asked, ask_store
from exotherm.usecases.workspace import Ready

Floats = npt.NDArray[np.float64]


class UnableToBalance(UnableTo):
    """The readings do not tell what an account of the heat needs."""


def balance_of_month(workspace: Ready, store: Store, month: str, *, now: datetime) -> Balance:
    """Draw up the heat account of a month by the contract's clock; of one that runs, so far.

    A month of a twin may lie ahead. Raises ValueError for what is no month, UnableToBalance where
    readings are missing, and UnableToAskStore for a register that was never read or went backwards.
    """
    site, contract = workspace.site, workspace.contract
    period = read_month(month, contract.zone)
    desk = _Desk(workspace, store, period)
    billed = contract.delivered_heat
    meter = billed.point.partition(".")[0]
    readings = desk.readings(
        delivered=billed.point,
        volume=f"{meter}.volume_m3",
        supply=billed.supply_point,
        back=f"{meter}.return_c",
    )
    balance = balance_of(site, workspace.surroundings, readings)
    if balance is None:
        raise _nothing_read(month, period, contract.zone, now=now)
    return balance


def _nothing_read(month: str, period: Period, zone: ZoneInfo, *, now: datetime) -> UnableToBalance:
    """Say why a month has no account: by the calendar where that is why, else by its readings."""
    begins, over = (write_day(one.astimezone(zone).date()) for one in (period.start, period.end))
    if now < period.start:
        return UnableToBalance(
            f"{month} has not begun: it runs from {begins}, and it is "
            f"{write_day(now.astimezone(zone).date())} now",
            remedy=f"Ask for a month that has begun; for practice `exotherm operate simulate "
            f"--month {month}` lives it ahead.",
        )
    running = f"{month} is not over before {over}, and there is no time in it yet"
    none = f"There is no time in {month}"
    return UnableToBalance(
        f"{running if now < period.end else none} of which all registers were read",
        remedy="`exotherm operate run` reads them; `exotherm store query` shows what is there.",
    )


def findings_on(workspace: Ready, balance: Balance) -> tuple[Finding, ...]:
    """Say what the account of a site shows, which is nothing where it closes."""
    found = finding_of(balance.suspicion, site=workspace.site.site.name)
    return () if found is None else (found,)


class _Desk:
    """Takes the points of a period out of the store, in intervals of the site's metering."""

    def __init__(self, workspace: Ready, store: Store, period: Period) -> None:
        self._site, self._store, self._period = workspace.site, store, period
        self._step = timedelta(minutes=workspace.site.metering.interval_min)
        self._points = points_of(workspace.site)
        self._stored = store.points()

    def readings(self, *, delivered: str, volume: str, supply: str, back: str) -> Readings:
        """Gather all that the account rests on."""
        names = {
            "it_kwh": self._counting("it"),
            "delivered_kwh": (delivered,),
            "rejected_kwh": self._rejected(),
            "auxiliary_kwh": self._counting("auxiliary"),
            "volume_m3": self._there(volume),
            "supply_c": self._there(supply),
            "return_c": self._there(back),
            "coolant_c": self._there(*(one for one in self._points if one.endswith(".coolant_c"))),
        }
        if not names["it_kwh"]:
            raise UnableToBalance(
                "The site has no register of the servers' electricity",
                remedy='Add the meter with `measures = "it"` to `[[meters]]` in site.toml.',
            )
        return Readings(
            period=self._period,
            step=self._step,
            it_kwh=self._sum(names["it_kwh"]),
            delivered_kwh=self._sum(names["delivered_kwh"]),
            rejected_kwh=self._sum_if(names["rejected_kwh"]),
            auxiliary_kwh=self._sum_if(names["auxiliary_kwh"]),
            volume_m3=self._sum_if(names["volume_m3"]),
            supply_c=self._mean_if(names["supply_c"]),
            return_c=self._mean_if(names["return_c"]),
            coolant_c=self._mean_if(names["coolant_c"]),
            sources={field: ", ".join(points) for field, points in names.items() if points},
        )

    def _rejected(self) -> tuple[str, ...]:
        """Name what counts the rejected heat; none in a month before all of it was there."""
        names = self._counting("rejected")
        known = [
            name in self._stored and bool(np.isfinite(self._advance(name)).any()) for name in names
        ]
        return names if names and all(known) else ()

    def _counting(self, kind: Measured) -> tuple[str, ...]:
        return registers_counting(self._site, kind)

    def _there(self, *names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in self._points)[:1]

    def _sum_if(self, names: Sequence[str]) -> Floats | None:
        return self._sum(names) if names else None

    def _mean_if(self, names: Sequence[str]) -> Floats | None:
        return self._mean(names[0]) if names else None

    def _sum(self, names: Sequence[str]) -> Floats:
        return np.asarray(np.sum([self._advance(name) for name in names], axis=0))

    def _advance(self, name: str) -> Floats:
        """Give how far a register went in each interval, NaN where no reading tells it.

        What a silent meter counted meanwhile is told with its next reading; nobody knows to which
        interval it belongs, so that one is not told either.
        """
        asked = self._asked(name)
        assert asked.advances is not None, name
        counts = np.array([np.nan if one.count is None else one.count for one in asked.advances])
        late = np.concatenate(([False], np.isnan(counts[:-1])))
        return np.where(late, np.nan, counts / 10.0**asked.point.decimals)

    def _mean(self, name: str) -> Floats:
        """Give the mean of a value of the moment in each interval, NaN where none was read."""
        found = self._asked(name).moments
        assert found is not None, name
        means = np.full(-(-self._period.duration // self._step), np.nan)
        begin = int(self._period.start.timestamp())
        means[(found.start - begin) // int(self._step.total_seconds())] = found.mean
        return means

    def _asked(self, name: str) -> Asked:
        period, step = self._period, self._step
        return ask_store(
            self._store, name, start=period.start, end=period.end, step=step, opening=step
        )
