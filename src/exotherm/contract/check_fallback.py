"""Checks of the fallback: when it takes over, and who pays for it."""

from collections.abc import Iterator

from exotherm.contract.case import Case, Check, celsius
from exotherm.core.findings import Finding


def _trigger_is_a_missed_promise(case: Case) -> Iterator[Finding]:
    """Check that the fallback does not take over while the promise is kept."""
    switch, promised_c = (
        case.contract.fallback_switch,
        case.contract.supply_temperature.supply_c_min,
    )
    if switch is None or switch.supply_c_below is None:
        return
    if switch.supply_c_below > promised_c:
        yield case.source.error(
            "contract.fallback-trigger-above-promise",
            "fallback_switch",
            "supply_c_below",
            message=f"The fallback takes over below {celsius(switch.supply_c_below)}, but supply "
            f"is as promised from {celsius(promised_c)}: it would burn fuel while the promise is "
            "kept.",
            remedy=f"Take over below {celsius(promised_c)} or less.",
            supply_c_below=switch.supply_c_below,
            supply_c_min=promised_c,
        )


def _cost_follows_the_cause(case: Case) -> Iterator[Finding]:
    """Check that who bears an interruption also pays for the fallback.

    Where the service credit is the sole remedy (CRD-7), it makes up for that energy.
    """
    cost, remedy = case.contract.fallback_cost, case.contract.sole_remedy
    if cost is None or (remedy is not None and remedy.sole):
        return
    bearers = (
        ("supplier_failure", cost.supplier_failure, "supplier", "a failure of its own", "QOS-5"),
        (
            "server_load",
            cost.server_load,
            case.contract.it_load.borne_by,
            "low server load",
            "QOS-7",
        ),
        (
            "unknown",
            cost.unknown,
            case.contract.cause_allocation.unknown_borne_by,
            "an unknown cause",
            "OUT-4",
        ),
    )
    for field, payer, bearer, cause, clause in bearers:
        if payer != bearer:
            yield case.source.warning(
                "contract.fallback-cost-differs",
                "fallback_cost",
                field,
                message=f"The {bearer} bears {cause} ({clause}), but the {payer} pays for the "
                "fallback's energy then.",
                remedy=f'Write `{field} = "{bearer}"`, or be ready to say why the two differ.',
                payer=payer,
                bearer=bearer,
                clause=clause,
            )


FALLBACK_CHECKS: tuple[Check, ...] = (_trigger_is_a_missed_promise, _cost_follows_the_cause)
