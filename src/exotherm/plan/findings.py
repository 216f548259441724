"""What a planned year shows that nobody can read off the files alone."""

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.units import format_quantity
from exotherm.plan.cash import Operation
from exotherm.plan.changes import with_heat_pump_at_rest
from exotherm.plan.customer import Loss
from exotherm.plan.finance import finance_of
from exotherm.plan.operation import Rater
from exotherm.plan.year import Year
from exotherm.site.document import Site

_FILLING_FRAC_MAX = 0.005
"""Share of the delivered heat from which on what stays in the store is said."""
_GAIN_FRAC = 0.01
"""Share of the investment from which on what a plan would gain is said."""

UNMET = frozenset({"plan.demand-unmet", "plan.load-unmet"})
"""what says that a customer is left cold"""


def findings_of(site: Site, year: Year) -> tuple[Finding, ...]:
    """Say what of the planned year somebody should know before it is built."""
    return (
        *_coolant_findings(site, year),
        *_pool_findings(site, year),
        *_unmet_findings(year),
        *_heat_pump_findings(site, year),
        *_store_findings(year),
    )


def _coolant_findings(site: Site, year: Year) -> tuple[Finding, ...]:
    """The servers come first: say where rejection alone did not keep them cool."""
    coolant_c = year.with_heat.flows["coolant_c"]
    over_h = float((coolant_c > site.capture.coolant_c_max + 0.01).sum() * year.with_heat.step_h)
    if not over_h:
        return ()
    return (
        Finding(
            code="plan.coolant-over-limit",
            severity=Severity.ERROR,
            where=Where(file="site.toml", path="rejection.heat_kw_rated"),
            message=f"For {format_quantity('over_h', over_h)} of the year the coolant passes "
            f"{format_quantity('coolant_c', site.capture.coolant_c_max)}, up to "
            f"{format_quantity('coolant_c', float(coolant_c.max()))}: the cooler is too small.",
            remedy="Choose a cooler that rejects all server heat on the hottest day alone.",
            data={"hours": over_h, "coolant_c_max": float(coolant_c.max())},
        ),
    )


def _pool_findings(site: Site, year: Year) -> tuple[Finding, ...]:
    """The customer stays warm: say where boiler and heat together did not hold the pool."""
    if site.pool is None:
        return ()
    pool_c = year.with_heat.flows["pool_c"]
    cold_h = float((pool_c < site.pool.water_c_set - 0.5).sum() * year.with_heat.step_h)
    if not cold_h:
        return ()
    return (
        Finding(
            code="plan.demand-unmet",
            severity=Severity.WARNING,
            where=Where(file="site.toml", path="boiler.heat_kw_rated"),
            message=f"For {format_quantity('cold_h', cold_h)} of the year the pool is colder than "
            f"{format_quantity('water_c', site.pool.water_c_set - 0.5)}, down to "
            f"{format_quantity('water_c', float(pool_c.min()))}.",
            remedy="Check the boiler's output and the pool's losses; backup must carry the pool.",
            data={"hours": cold_h, "pool_c_min": float(pool_c.min())},
        ),
    )


def _unmet_findings(year: Year) -> tuple[Finding, ...]:
    """Say where boiler and heat together did not give what the other customers asked."""
    unmet_kw = year.with_heat.flows["unmet_kw"]
    short_h = float((unmet_kw > 1e-6).sum() * year.with_heat.step_h)
    if not short_h:
        return ()
    short_kwh, worst_kw = year.with_heat.energy_kwh("unmet_kw"), float(unmet_kw.max())
    return (
        Finding(
            code="plan.load-unmet",
            severity=Severity.WARNING,
            where=Where(file="site.toml", path="boiler.heat_kw_rated"),
            message=f"For {format_quantity('short_h', short_h)} of the year customers get less "
            f"than they ask, {format_quantity('short_kwh', short_kwh)} in all and up to "
            f"{format_quantity('worst_kw', worst_kw)} at once.",
            remedy="Check the boiler's output and the customers' heat; backup must carry the "
            "coldest day alone.",
            data={"hours": short_h, "unmet_kwh": short_kwh, "unmet_kw_max": worst_kw},
        ),
    )


def _store_findings(year: Year) -> tuple[Finding, ...]:
    """Say where filling the store takes a noticeable part of the year's heat."""
    stored_kwh = year.with_heat.energy_kwh("buffer_stored_kw")
    delivered_kwh = year.with_heat.energy_kwh("delivered_kw")
    if stored_kwh <= _FILLING_FRAC_MAX * delivered_kwh or not delivered_kwh:
        return ()
    return (
        Finding(
            code="plan.store-filled-first",
            severity=Severity.NOTE,
            where=Where(file="site.toml", path="buffer.volume_m3"),
            message=f"The year begins with a cold store and ends with "
            f"{format_quantity('stored_kwh', stored_kwh)} in it, which no customer got.",
            remedy="Later years deliver that much more: for a seasonal store read this plan as its "
            "first year.",
            data={"stored_kwh": stored_kwh, "delivered_kwh": delivered_kwh},
        ),
    )


def _heat_pump_findings(site: Site, year: Year) -> tuple[Finding, ...]:
    """Say where a heat pump that is there never ran in the year."""
    if site.heat_pump is None or year.with_heat.flows["heat_pump_power_kw"].any():
        return ()
    return (
        Finding(
            code="plan.heat-pump-idle",
            severity=Severity.WARNING,
            where=Where(file="site.toml", path="heat_pump.runs"),
            message="The heat pump does not run in any hour of the year: at these prices its "
            "electricity costs more than the boiler's fuel, or its limits are never met.",
            remedy="Leave `[heat_pump]` out, set `runs` to `always`, or correct prices and limits.",
        ),
    )


def losing_heat_pump(
    site: Site, rater: Rater, operation: Operation, npv: float
) -> tuple[Finding, ...]:
    """Say where the plan would be worth more if its heat pump were bought and never ran.

    It runs when its electricity costs less than the customer's fuel, which is best for both
    together; what the contract pays for its heat may still be less than that electricity.
    ``operation`` and ``npv`` are those of the plan.
    """
    if site.heat_pump is None or not operation.auxiliary_kwh:
        return ()
    rests = finance_of(site.economics, rater.operation(with_heat_pump_at_rest(site))).npv
    invested = sum(item.amount for item in site.economics.investment)
    if rests - npv <= _GAIN_FRAC * invested:
        return ()
    currency, price = site.site.currency, site.economics.electricity_per_kwh
    planned, left, gained = (
        format_quantity("npv", value, currency=currency) for value in (npv, rests, rests - npv)
    )
    return (
        Finding(
            code="plan.heat-pump-loses",
            severity=Severity.WARNING,
            where=Where(file="site.toml", path="heat_pump"),
            message=f"The plan would gain {gained} if its heat pump were off: it would be worth "
            f"{left}, and is worth {planned}. At "
            f"{format_quantity('price_per_kwh', price, currency=currency)} its electricity costs "
            "more than its heat brings by the contract. So whatever stops it, dear electricity "
            "or cheap fuel, makes this plan better.",
            remedy="Ask a price of heat that carries its electricity, or plan without "
            "`[heat_pump]`, which spares its investment as well.",
            data={"npv": npv, "npv_at_rest": rests},
        ),
    )


def losing_customer(loss: Loss | None, *, currency: str) -> tuple[Finding, ...]:
    """Say where the customer loses over the term against its own heat."""
    if loss is None:
        return ()
    since = f" from year {loss.from_year} on, once its boiler is new" if loss.from_year > 1 else ""
    yearly = (
        f": it pays {format_quantity('npv', loss.amount, currency=currency)} a year more than its "
        f"own heat would cost it{since}"
        if loss.amount
        else ", as what it pays rises faster than what it saves"
    )
    return (
        Finding(
            code="plan.customer-loses",
            severity=Severity.WARNING,
            where=Where(file="contract.toml", path="energy_price"),
            message="By this contract the customer loses "
            f"{format_quantity('npv', -loss.npv, currency=currency)} over the term, as a present "
            f"value{yearly}. It has no reason to sign, whatever the plan is worth to the operator.",
            remedy="Lower the price of heat: under who should own the plant the study says up to "
            "which price the customer gains. Or say in the proposal what else it is paid for.",
            data={
                "customer_npv": loss.npv,
                "lost_per_year": loss.amount,
                "from_year": loss.from_year,
            },
        ),
    )
