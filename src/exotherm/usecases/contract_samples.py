"""The readings that a contract measures by, out of the store."""

from datetime import timedelta

from exotherm.contract.measure import outdoor_point_of
from exotherm.contract.terms import Contract
from exotherm.core.period import Period
from exotherm.core.samples import Sample
from exotherm.store.sqlite import Store


def contract_samples(contract: Contract, store: Store, period: Period) -> tuple[Sample, ...]:
    """Read what the contract measures by: the billed register, its temperatures and flow.

    A reading may stand before the edge that it counts for, so the margin is the contract's own.
    """
    meter, outdoor = contract.delivered_heat.point.partition(".")[0], outdoor_point_of(contract)
    names = [name for name in store.points() if name.partition(".")[0] == meter or name == outdoor]
    margin = timedelta(minutes=contract.reading_plan.edge_gap_min_max)
    return tuple(
        sample for series in store.samples(names, period, margin).values() for sample in series
    )
