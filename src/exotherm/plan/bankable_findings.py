"""What many years show of a promise, as findings at the clause that gives it."""

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.plan.bankable import (
    ENDED_FRAC_MAX,
    LOSS_FRAC_MAX,
    MISSED_FRAC_MAX,
    Promise,
)


def findings_of_promise(promise: Promise, source: Source) -> tuple[Finding, ...]:
    """Say what keeps a promise from being bankable, and what to do; ``source`` is the contract."""
    findings = []
    if promise.loss_frac > LOSS_FRAC_MAX:
        findings.append(_loses_money(promise, source))
    if promise.ended_frac > ENDED_FRAC_MAX:
        findings.append(_may_be_ended(promise, source))
    elif promise.missed_frac > MISSED_FRAC_MAX:
        findings.append(_needs_reserve(promise, source))
    return tuple(findings)


def _loses_money(promise: Promise, source: Source) -> Finding:
    net = promise.spread_of(lambda one: one.money.net)
    mean = format_quantity("npv", net.mean, currency=promise.currency)
    cash = "all pay for their running"
    if promise.cash_loss_frac:
        cash = f"{_percent(promise.cash_loss_frac)} do not even pay for their running"
    return source.warning(
        "contract.promise-loses-money",
        "composition",
        message=f"{_percent(promise.loss_frac)} of years lose money after the plant's yearly cost, "
        f"{cash}; the mean year leaves {mean}.",
        remedy="Raise the price, invest less or deliver more: `exotherm plan run` shows what the "
        "planned year earns. What faults cost stands in the table of causes.",
        loss_frac=promise.loss_frac,
        net_mean=net.mean,
    )


def _may_be_ended(promise: Promise, source: Source) -> Finding:
    return source.warning(
        "contract.promise-often-missed",
        "repeated_failure",
        "missed_months",
        message=f"In {_percent(promise.ended_frac)} of years {promise.missed_months_max} or more "
        f"months miss the promised {_percent(promise.promised_frac)}, so that the customer may "
        "leave.",
        remedy=f"Promise less{_or_mend(promise)}.",
        ended_frac=promise.ended_frac,
        missed_months=promise.missed_months_max,
    )


def _needs_reserve(promise: Promise, source: Source) -> Finding:
    credited = promise.spread_of(lambda one: one.money.credits)
    high = format_quantity("npv", credited.high, currency=promise.currency)
    return source.warning(
        "contract.promise-needs-reserve",
        "availability",
        "available_frac_min",
        message=f"{_percent(promise.missed_frac)} of months miss the promised "
        f"{_percent(promise.promised_frac)}, more than {_percent(MISSED_FRAC_MAX)}; one year in "
        f"ten costs more than {high} of credits.",
        remedy=f"Set that much aside for each year, promise less{_or_mend(promise)}.",
        missed_frac=promise.missed_frac,
        credits_high=credited.high,
    )


def _or_mend(promise: Promise) -> str:
    """Name the cause that costs most hours for which the supplier answers; nothing where none."""
    borne = {cause: one.failed_h + one.below_spec_h for cause, one in promise.causes.items()}
    worst = max(borne, key=lambda cause: borne[cause], default=None)
    if worst is None or not borne[worst]:
        return ""
    return f", or mend what fails most: {worst}"


def _percent(frac: float) -> str:
    return format_quantity("_frac", frac)
