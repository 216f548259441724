"""Why heat was short in a simulated year: by undoing one thing after the other.

An interval that is short with the faults and not without them is the faults'; one that is short
without them and not with busy servers is idle servers'; one that is short even then is the plant's.
"""

from dataclasses import dataclass, replace

import numpy as np

from exotherm.contract.outcome import SERVER_LOAD_LOW, table_of
from exotherm.contract.series import BoolArray, FloatArray, IntArray, Series, is_short
from exotherm.contract.terms import Contract
from exotherm.plan.many_years import Fails, Fault, silent_steps
from exotherm.plan.year import STEP_H

GRID_EVENT = "outage of the electricity grid"
"""the excused event by which a contract may take the grid's outages out of the promise"""

SUPPLIERS_PLANT, CUSTOMERS_PLANT, WORK_MOVED = (
    "supplier's plant",
    "customer's plant",
    "servers moved or off",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The same year as it would have been: without faults, and with busy servers besides."""

    without_faults: Series
    with_busy_servers: Series


def cause_of(what: Fails, contract: Contract) -> str:
    """Give the cause, in the words of the contract, that a fault is.

    The grid's outage is an excused event where the contract names it, else the supplier's plant.
    """
    match what:
        case Fails.GRID if GRID_EVENT in table_of(contract).causes:
            return GRID_EVENT
        case Fails.MOVED_WORK:
            return WORK_MOVED
        case Fails.CUSTOMER:
            return CUSTOMERS_PLANT
        case _:
            return SUPPLIERS_PLANT


def with_causes(
    contract: Contract, series: Series, faults: tuple[Fault, ...], undone: Undone
) -> Series:
    """Give a year as its meter and its records would tell it: when heat was called for, and why.

    A customer who gets nothing calls all the same: where heat would have flowed without the
    faults, it was called for.
    """
    called = series.called | undone.without_faults.called
    wanted = replace(series, called=called)
    causes, lasted_h = _causes(contract, wanted, faults, undone)
    return replace(
        wanted,
        causes=causes,
        lasted_h=lasted_h,
        silent=silent_steps(faults, len(called)),
    )


def _causes(
    contract: Contract, series: Series, faults: tuple[Fault, ...], undone: Undone
) -> tuple[IntArray, FloatArray]:
    places = {cause: place for place, cause in enumerate(table_of(contract).causes)}
    own, active, since = _faults_by_step(contract, faults, len(series.called), places)
    short_anyway = is_short(contract, undone.without_faults)
    short_when_busy = is_short(contract, undone.with_busy_servers)
    without = np.where(short_when_busy, places[SUPPLIERS_PLANT], places[SERVER_LOAD_LOW])
    by_fault = active | (~short_anyway & (own >= 0))
    causes = np.where(by_fault, own, without)
    steps = np.arange(len(causes))
    lasted_h = np.where(by_fault, (steps + 1 - since) * STEP_H, 0.0)
    return causes.astype(np.int64), lasted_h


def _faults_by_step(
    contract: Contract, faults: tuple[Fault, ...], steps: int, places: dict[str, int]
) -> tuple[IntArray, BoolArray, IntArray]:
    """Give for each step the cause of its fault, whether one lasts, and since when.

    Of faults that last it is the one that began last; what a plant needs to recover is that of the
    fault that ended last. The cause is -1 before the first.
    """
    own = np.full(steps, -1, dtype=np.int64)
    since = np.zeros(steps, dtype=np.int64)
    active = np.zeros(steps, dtype=np.bool_)
    stopping = [fault for fault in faults if fault.what is not Fails.METER]
    for fault in sorted(stopping, key=lambda one: one.last):
        own[fault.last :] = places[cause_of(fault.what, contract)]
        since[fault.last :] = fault.first
    for fault in stopping:
        lasting = slice(fault.first, fault.last)
        own[lasting] = places[cause_of(fault.what, contract)]
        since[lasting] = fault.first
        active[lasting] = True
    return own, active, since
