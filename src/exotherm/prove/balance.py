"""The energy balance of a month, and the gates of the first law that it has to pass.

PUE, ERF and ERE as in EN 50600-4-2, EN 50600-4-6 (ISO/IEC 30134-2, -6) and the Green Grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.money import RoundingRule, round_decimal
from exotherm.core.units import format_quantity
from exotherm.prove.measured import EXACT

RATIO_DECIMALS = 4
ROUNDING = RoundingRule.HALF_UP
"""How every figure of evidence is rounded, once, at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyBalance:
    """What went in and out in a period, exact, in kWh; None where it is not known.

    ``unaccounted_kwh`` closes the balance of the servers' heat: what was neither delivered nor
    measured as rejected. Without a meter on the heat rejected it holds that heat too, with
    losses, storage and the errors of the meters. It is shown, never hidden.
    """

    site_kwh: Decimal | None
    it_kwh: Decimal | None
    delivered_kwh: Decimal | None
    auxiliary_kwh: Decimal | None
    fuel_kwh: Decimal | None
    rejected_kwh: Decimal | None
    unaccounted_kwh: Decimal | None
    pue: Decimal | None
    """E_DC / E_IT, to four places"""
    erf: Decimal | None
    """E_reuse / E_DC, to four places"""
    ere: Decimal | None
    """(E_DC - E_reuse) / E_IT, to four places"""


def balance_of(
    *,
    site_kwh: Decimal | None,
    it_kwh: Decimal | None,
    delivered_kwh: Decimal | None,
    auxiliary_kwh: Decimal | None,
    fuel_kwh: Decimal | None,
    rejected_kwh: Decimal | None = None,
) -> EnergyBalance:
    """Draw up the balance of a period from exact register advances in kWh.

    ``rejected_kwh`` is heat measured on its way to the outside air, None where no meter does.
    """
    kept = site_kwh - delivered_kwh if site_kwh is not None and delivered_kwh is not None else None
    unaccounted = None
    if it_kwh is not None and delivered_kwh is not None:
        unaccounted = it_kwh - delivered_kwh - (rejected_kwh or Decimal(0))
    return EnergyBalance(
        site_kwh=site_kwh,
        it_kwh=it_kwh,
        delivered_kwh=delivered_kwh,
        auxiliary_kwh=auxiliary_kwh,
        fuel_kwh=fuel_kwh,
        rejected_kwh=rejected_kwh,
        unaccounted_kwh=unaccounted,
        pue=_ratio(site_kwh, it_kwh),
        erf=_ratio(delivered_kwh, site_kwh),
        ere=_ratio(kept, it_kwh),
    )


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    with localcontext(EXACT):
        return round_decimal(part / whole, rule=ROUNDING, decimals=RATIO_DECIMALS)


def check_balance(balance: EnergyBalance, *, where: Where) -> tuple[Finding, ...]:
    """Check a balance against the first law and for what is not known."""
    return (*_check_known(balance, where), *_check_heat(balance, where), *_check_it(balance, where))


def _check_known(balance: EnergyBalance, where: Where) -> Iterator[Finding]:
    for name in ("site_kwh", "it_kwh", "delivered_kwh", "auxiliary_kwh", "fuel_kwh"):
        if getattr(balance, name) is None:
            yield Finding(
                code="prove.register-not-measured",
                severity=Severity.WARNING,
                where=where,
                message=f"No reading tells {name} of this period.",
                remedy="Read the meter, or name the register that stands for it; until then"
                " nothing is claimed from it.",
                data={"quantity": name},
            )


def _check_heat(balance: EnergyBalance, where: Where) -> Iterator[Finding]:
    """Compare heat with electricity: all heat of a data centre was electricity before.

    Only a heat pump whose electricity is counted as auxiliary can deliver more.
    """
    site, delivered = balance.site_kwh, balance.delivered_kwh
    if site is None or delivered is None or delivered <= site:
        return
    explained = delivered <= site + (balance.auxiliary_kwh or Decimal(0))
    yield Finding(
        code="prove.more-heat-than-electricity",
        severity=Severity.WARNING if explained else Severity.ERROR,
        where=where,
        message=f"The heat meter shows {format_quantity('heat_kwh', delivered)}, more than the"
        f" {format_quantity('site_kwh', site)} of electricity that went in.",
        remedy="Check that no heat pump draws its electricity past both registers, and whether"
        " the heat meter's flow sensor, temperature pair or pulse value is wrong.",
        data={"delivered_kwh": str(delivered), "site_kwh": str(site)},
    )


def _check_it(balance: EnergyBalance, where: Where) -> Iterator[Finding]:
    site, it = balance.site_kwh, balance.it_kwh
    if site is None or it is None or it <= site:
        return
    yield Finding(
        code="prove.more-it-than-site",
        severity=Severity.ERROR,
        where=where,
        message=f"The servers' register shows {format_quantity('it_kwh', it)}, more than the"
        f" {format_quantity('site_kwh', site)} of the whole site.",
        remedy="Check which feeds the site's meter covers and whether the two are exchanged.",
        data={"it_kwh": str(it), "site_kwh": str(site)},
    )
