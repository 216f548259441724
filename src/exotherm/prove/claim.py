"""The claim of a period: registers, balance and avoided emissions from one set of readings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exotherm.core.findings import Finding, Severity, Where, has_errors
from exotherm.core.period import Period
from exotherm.core.samples import Point, Sample
from exotherm.prove.balance import EnergyBalance, balance_of, check_balance
from exotherm.prove.carbon import AvoidedEmissions, CarbonInputs, avoided_emissions, explain_claim
from exotherm.prove.measured import (
    Measured,
    RegisterUse,
    Role,
    hours_in,
    measure_register,
    measured_hours,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """All that is claimed for a period, and what stands against it.

    ``claimable`` is False where a finding of the first law blocks the claim; the figures then
    show why.
    """

    period: Period
    measured: Mapping[Role, Measured]
    balance: EnergyBalance
    avoided: AvoidedEmissions
    hours_measured: int
    """hours in which every register of the account gave a good reading"""
    hours_total: int
    findings: tuple[Finding, ...]
    statement: tuple[str, ...]

    @property
    def claimable(self) -> bool:
        """Whether nothing blocks the claim."""
        return not has_errors(self.findings)


def claim_of(
    *,
    period: Period,
    points: Iterable[Point],
    samples: Mapping[str, Sequence[Sample]],
    registers: Mapping[Role, RegisterUse],
    inputs: CarbonInputs,
    boundary_s: int = 0,
) -> Claim:
    """Work out the claim of a period, every benefit at the least and every burden at the most.

    Delivered heat and the servers' electricity count as measured, the site's and auxiliary
    electricity and backup fuel at the most they can be. Raises ValueError where a role has no
    register stated, or one that is no point of the pack.
    """
    by_name = {point.name: point for point in points}
    _check_registers(registers, by_name)
    measured = {
        role: measure_register(
            use=registers[role],
            point=by_name.get(registers[role].point or ""),
            samples=samples.get(registers[role].point or "", ()),
            period=period,
            boundary_s=boundary_s,
        )
        for role in Role
    }
    balance = balance_of(
        site_kwh=measured[Role.SITE].most_kwh,
        it_kwh=measured[Role.IT].least_kwh,
        delivered_kwh=measured[Role.DELIVERED].least_kwh,
        auxiliary_kwh=measured[Role.AUXILIARY].most_kwh,
        fuel_kwh=measured[Role.FUEL].most_kwh,
    )
    avoided = avoided_emissions(
        delivered_kwh=measured[Role.DELIVERED].least_kwh,
        auxiliary_kwh=measured[Role.AUXILIARY].most_kwh,
        fuel_kwh=measured[Role.FUEL].most_kwh,
        site_kwh=measured[Role.SITE].most_kwh,
        inputs=inputs,
    )
    hours = _hours_by_point(measured.values(), samples, period)
    hours_measured = len(frozenset.intersection(*hours.values())) if hours else 0
    findings = (
        *_check_measured(measured.values(), hours, hours_in(period)),
        *check_balance(balance, where=Where(path="energy")),
    )
    return Claim(
        period=period,
        measured=measured,
        balance=balance,
        avoided=avoided,
        hours_measured=hours_measured,
        hours_total=hours_in(period),
        findings=findings,
        statement=explain_claim(
            avoided,
            inputs=inputs,
            hours_measured=hours_measured,
            hours_total=hours_in(period),
            claimable=not has_errors(findings),
        ),
    )


def _check_registers(registers: Mapping[Role, RegisterUse], points: Mapping[str, Point]) -> None:
    for role in Role:
        if role not in registers:
            raise ValueError(f"no register is stated for {role.value}")
        name = registers[role].point
        if name is not None and name not in points:
            raise ValueError(f"{name}, the register of {role.value}, is no point of the pack")


def _hours_by_point(
    measured: Iterable[Measured], samples: Mapping[str, Sequence[Sample]], period: Period
) -> dict[str, frozenset[int]]:
    return {
        one.point: measured_hours(samples.get(one.point, ()), period)
        for one in measured
        if one.point is not None
    }


def _check_measured(
    measured: Iterable[Measured], hours: Mapping[str, frozenset[int]], hours_total: int
) -> Iterator[Finding]:
    for one in measured:
        if one.point is None:
            continue
        where = Where(path=one.point)
        if one.implausible:
            yield Finding(
                code="prove.register-implausible",
                severity=Severity.WARNING,
                where=where,
                message=f"{one.point} goes backwards, or faster than the plant can.",
                remedy="Mark the wrong readings invalid, or record the change of the meter;"
                " until then the register counts as not measured.",
            )
        missing = hours_total - len(hours[one.point])
        if missing:
            yield Finding(
                code="prove.hours-not-measured",
                severity=Severity.WARNING,
                where=where,
                message=f"{one.point} has no good reading in {missing} of {hours_total} hours.",
                remedy="Import the meter's own log if it keeps one; otherwise nothing: what is"
                " not measured is not claimed.",
                data={"hours_missing": missing, "hours_total": hours_total},
            )
