"""What the project survives: all assumptions off at once, each draw simulated and rated anew.

Draws are points of a quasi-random sequence, so the first hundred are the same whether a hundred or
ten thousand are drawn, by however many threads. Each of a point's numbers is the chance that an
assumption comes out lower; a range's ends are what one in ten lies below and above, and on either
side of the plan the assumption is normally distributed.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from exotherm.contract.terms import Contract
from exotherm.physics.computing import FloatArray
from exotherm.plan.customer import SMALLEST
from exotherm.plan.finance import finance_of
from exotherm.plan.revenue_stack import Layer, without_granted
from exotherm.plan.risk_alone import Alone, Worth
from exotherm.plan.risk_desk import RiskDesk
from exotherm.plan.risk_ranges import RISK_FACTORS
from exotherm.site.document import Site
from exotherm.site.series import Surroundings

DRAWS_MIN, DRAWS_MAX = 20, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskResult:
    """What the project is worth when assumptions fail, one by one and together."""

    planned: Worth
    draws: tuple[Worth, ...]
    values: FloatArray
    """the assumptions of each draw, shape (draws, assumptions)"""
    alone: tuple[Alone, ...]
    """the one that moves most first"""
    worst: Worth
    """all at their worse ends at once"""
    currency: str
    ungranted: Mapping[Layer, float] = field(default_factory=dict)
    """what the plan leaves the operator without each layer that a programme grants"""

    @property
    def _operator(self) -> FloatArray:
        return np.array([draw.operator for draw in self.draws])

    @property
    def loss_frac(self) -> float:
        """The share of draws in which the operator loses."""
        return float((self._operator < 0).mean())

    @property
    def customer_loss_frac(self) -> float:
        """The share of draws in which the customer loses."""
        return float(np.mean([draw.customer < 0 for draw in self.draws]))

    @property
    def customer_loses(self) -> bool:
        """Whether the customer loses by the plan itself, which it then has no reason to sign."""
        return self.planned.customer <= -SMALLEST

    def quantile(self, share: float) -> float:
        """Give the operator's present value that a share of the draws stays below."""
        return float(np.quantile(self._operator, share))

    @property
    def moving(self) -> tuple[Alone, ...]:
        """Assumptions that move what the operator has, the one that moves most first."""
        return tuple(one for one in self.alone if not one.no_effect)

    @property
    def still(self) -> tuple[Alone, ...]:
        """Those that move nothing in this plan, each with its reason."""
        return tuple(one for one in self.alone if one.no_effect)

    @property
    def sinking(self) -> tuple[Alone, ...]:
        """Assumptions whose worse end alone makes the project lose."""
        return tuple(one for one in self.alone if one.adverse < 0)

    @property
    def granted(self) -> tuple[Layer, ...]:
        """Layers that a programme grants and without which the plan loses."""
        return tuple(layer for layer, left in self.ungranted.items() if left < 0)


def try_assumptions(
    site: Site,
    contract: Contract,
    surroundings: Surroundings,
    *,
    draws: int,
    threads: int,
    on_draw: Callable[[int], None] = lambda _: None,
) -> RiskResult:
    """Try the plan with its assumptions off, one by one and all at once."""
    assert DRAWS_MIN <= draws <= DRAWS_MAX
    desk = RiskDesk(site, contract, surroundings)
    operation = desk.operation_at(desk.plan)
    values = desk.values_of(draws)
    worths: list[Worth] = []
    with ThreadPoolExecutor(threads) as pool:
        for worth in pool.map(desk.worth, map(tuple, values.tolist())):
            worths.append(worth)
            on_draw(len(worths))
        alone = tuple(pool.map(lambda one: desk.alone(one, operation), RISK_FACTORS))
    worst = desk.worth(tuple(one.adverse_value for one in alone))
    return RiskResult(
        planned=desk.worth_of(desk.plan, operation),
        draws=tuple(worths),
        values=values,
        alone=tuple(sorted(alone, key=lambda one: -one.swing)),
        worst=worst,
        currency=site.site.currency,
        ungranted={
            layer: finance_of(economics, operation).npv
            for layer, economics in without_granted(site.economics).items()
        },
    )
