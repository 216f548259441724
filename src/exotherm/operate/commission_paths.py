"""The second paths of commissioning: each a way to a quantity besides the reading itself. Pure.

A path gives proofs by point. One within a meter marks its proof as such: it hands on and does not
prove by itself.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from exotherm.core.samples import Point
from exotherm.core.units import format_number, format_quantity
from exotherm.operate.commission_values import Display, Look, Metered, Proof, Verdict
from exotherm.physics.water import HEAT_CAPACITY_KJ_PER_KGK, density_kg_per_m3

REGISTER_TOLERANCE_FRAC = 0.05
"""Register against power: class B meters are within 1 %, powers are means of some seconds."""
HEAT_TOLERANCE_FRAC = 0.08
"""Power against flow and temperatures, which a heat meter tells of different seconds."""
SUM_TOLERANCE_FRAC = 0.06
"""PDUs within 1 to 2 % against a meter that also has their cables' loss."""
COUNTS_MIN = 20
"""Counts a register must have gone before they prove anything: one is lost at each end."""
LIFT_K_MIN = 2.0
"""Temperature difference below which pairs of sensors prove nothing."""
_FACTORS = (1e-3, 1e-2, 1e-1, 1e1, 1e2, 1e3)
_IDLE_KW = 0.05


# --- The unit that a telegram carries


def by_telegram(meter: Metered) -> Iterator[tuple[str, Proof]]:
    """Take the word of telegrams that carry the unit of every value."""
    told = {name for look in meter.looks for name in look.values}
    for point in meter.points:
        if point.name in told:
            yield (
                f"{meter.name}.{point.name}",
                Proof(
                    path="the telegram",
                    verdict=Verdict.PROVEN,
                    message="Every telegram carries the unit and the decimals of this value.",
                ),
            )


# --- A register against the power it sums


def by_power(meter: Metered) -> Iterator[tuple[str, Proof]]:
    """Hold each register against the power, or the flow, that it sums."""
    for point in meter.points:
        power = _power_of(point.name, meter)
        if point.kind != "register" or power is None:
            continue
        looks = [look for look in meter.looks if {point.name, power} <= look.values.keys()]
        proof = _within(_summed(point, power, looks), point.name, power)
        yield f"{meter.name}.{point.name}", proof
        if proof.verdict is Verdict.PROVEN:
            yield f"{meter.name}.{power}", proof


def _within(proof: Proof, *ends: str) -> Proof:
    """Mark a proof as one within a meter, which hands on and does not prove by itself."""
    return replace(proof, hands_on=frozenset(ends))


def _power_of(register: str, meter: Metered) -> str | None:
    """Find the power, or the flow, that a register of the same meter sums."""
    names = {point.name for point in meter.points}
    if register == "volume_m3" and "flow_m3h" in names:
        return "flow_m3h"
    if not register.endswith("_kwh"):
        return None
    wanted = register.removesuffix("kwh") + "kw"
    plain = "power_kw" if register in ("energy_kwh", "it_kwh") else None
    return next((name for name in (wanted, plain) if name in names), None)


def _summed(point: Point, power: str, looks: Sequence[Look]) -> Proof:
    path = f"{point.name} against the sum of {power}"
    if len(looks) < 2:
        return _wait(path, "There are fewer than two readings of both.")
    hours = (looks[-1].at - looks[0].at) / timedelta(hours=1)
    went = looks[-1].values[point.name] - looks[0].values[point.name]
    expected = _integral(looks, power)
    step = 10.0**-point.decimals
    if abs(expected) < COUNTS_MIN * step:
        per_hour = abs(expected) / hours if hours else 0.0
        return _wait(path, _too_little(point, expected), _time_for(COUNTS_MIN * step, per_hour))
    return _compared(
        path,
        went,
        expected,
        tolerance=REGISTER_TOLERANCE_FRAC + 2.0 * step / abs(expected),
        told=f"It went {_shown(point.name, went, point.decimals)}; {power} makes "
        f"{_shown(point.name, expected, point.decimals)}",
        culprit=f"the scale of {point.name} or of {power}",
    )


def _integral(looks: Sequence[Look], power: str) -> float:
    """Sum a power or a flow over hours by trapezoids."""
    return math.fsum(
        0.5 * (one.values[power] + other.values[power]) * ((other.at - one.at) / timedelta(hours=1))
        for one, other in pairwise(looks)
    )


def _too_little(point: Point, expected: float) -> str:
    return (
        f"Only {_shown(point.name, expected, point.decimals + 1)} are due in this time, too few "
        f"for a register of {point.decimals} decimals."
    )


def _time_for(due: float, per_hour: float) -> str:
    if per_hour < _IDLE_KW:
        return "Put load on it, then commission again."
    minutes = math.ceil(60.0 * due / per_hour)
    return f"Commission for {format_quantity('wait_min', minutes)}: --minutes {minutes}."


# --- A heat meter's power against its own flow and temperatures


def by_flow(meter: Metered) -> Iterator[tuple[str, Proof]]:
    """Hold a heat meter's power against its own flow and temperatures."""
    names = {point.name for point in meter.points}
    if not {"flow_m3h", "supply_c", "return_c"} <= names:
        return
    needed = {"flow_m3h", "supply_c", "return_c"} | ({"heat_kw"} & names)
    looks = [look for look in meter.looks if needed <= look.values.keys()]
    proof = _within(_balanced(looks, has_power="heat_kw" in names), "heat_kw", "flow_m3h")
    for name in sorted(needed):
        yield f"{meter.name}.{name}", proof


def _balanced(looks: Sequence[Look], *, has_power: bool) -> Proof:
    path = "heat_kw against flow and temperatures" if has_power else "supply against return"
    if not looks:
        return _wait(path, "There is no reading of all of them.")
    flow_m3h = _mean(looks, "flow_m3h")
    supply_c, return_c = _mean(looks, "supply_c"), _mean(looks, "return_c")
    lift_k = supply_c - return_c
    if flow_m3h <= 0.0 or abs(lift_k) < LIFT_K_MIN:
        return _wait(
            path,
            f"With {format_quantity('flow_m3h', flow_m3h)} and "
            f"{format_quantity('lift_k', lift_k)} nothing can be compared.",
            "Run the pump and take heat, then commission again.",
        )
    if lift_k < 0.0:
        return Proof(
            path=path,
            verdict=Verdict.CONTRADICTS,
            message=f"The supply at {format_quantity('supply_c', supply_c)} is colder than the "
            f"return at {format_quantity('return_c', return_c)} while "
            f"{format_quantity('flow_m3h', flow_m3h)} flow.",
            remedy="The two temperature sensors are swapped, or the meter sits in the other pipe "
            "than it is set to.",
            ratio=-1.0,
        )
    if not has_power:
        return _wait(path, "The sign is right; no power is told to compare with.")
    kgs = flow_m3h * density_kg_per_m3(return_c) / 3600.0
    expected = kgs * HEAT_CAPACITY_KJ_PER_KGK * lift_k
    told = _mean(looks, "heat_kw")
    return _compared(
        path,
        told,
        expected,
        tolerance=HEAT_TOLERANCE_FRAC,
        told=f"The meter tells {format_quantity('heat_kw', told)}; flow and temperatures make "
        f"{format_quantity('heat_kw', expected)}",
        culprit="the scale of heat_kw or of flow_m3h",
    )


# --- Parts against the meter before them


def by_sums(meters: Sequence[Metered]) -> Iterator[tuple[str, Proof]]:
    """Hold each meter that has parts against their sum.

    Which meter is before which is stated: two parts that happen to draw the same prove nothing.
    """
    told = {meter.name: power for meter in meters if (power := _mean_power(meter))}
    for total in meters:
        parts = [meter for meter in meters if meter.part_of == total.name]
        if not parts or total.name not in told:
            continue
        if missing := [part.name for part in parts if part.name not in told]:
            said = f"Of its parts {', '.join(missing)} told no power."
            yield told[total.name][0], _wait(f"{total.name} against its parts", said)
            continue
        point, total_kw = told[total.name]
        rest = dict(told[part.name] for part in parts)
        proof = _total_against(point, total_kw, rest)
        yield point, proof
        for part, kw in rest.items():
            hidden = abs(kw) < 2.0 * SUM_TOLERANCE_FRAC * total_kw
            small = proof.verdict is Verdict.PROVEN and hidden
            yield part, _too_small(proof, part, kw) if small else proof


def _mean_power(meter: Metered) -> tuple[str, float] | None:
    """Give the point of a meter's power and its mean, where it told one."""
    name = _power_name(meter)
    looks = [look for look in meter.looks if name in look.values] if name else []
    return (f"{meter.name}.{name}", _mean(looks, name)) if name and looks else None


def _too_small(proof: Proof, point: str, kw: float) -> Proof:
    """Leave a part open that would not show in the sum if it were wrong."""
    return _wait(
        proof.path,
        f"{format_quantity('power_kw', kw, decimals=3)} are too small a part of the sum to show.",
        f"Put load on it, or read its display: --display {point}=VALUE.",
    )


def _power_name(meter: Metered) -> str | None:
    names = {point.name for point in meter.points}
    return next((name for name in ("power_kw", "heat_kw") if name in names), None)


def _total_against(total: str, total_kw: float, rest: Mapping[str, float]) -> Proof:
    sum_kw = math.fsum(rest.values())
    others = " + ".join(rest)
    path = f"{total} against {others}"
    if total_kw < _IDLE_KW or sum_kw < _IDLE_KW / 1000.0:
        return _wait(path, "They are idle.", "Put load on them, then commission again.")
    told = (
        f"{total} tells {format_quantity('power_kw', total_kw, decimals=2)}; the others make "
        f"{format_quantity('power_kw', sum_kw, decimals=2)}"
    )
    compared = _compared(
        path, total_kw, sum_kw, tolerance=SUM_TOLERANCE_FRAC, told=told, culprit="one of the scales"
    )
    wrong = compared.verdict is Verdict.CONTRADICTS and compared.ratio not in _FACTORS
    named = _one_of_many(path, total_kw, rest, told) if wrong and len(rest) > 1 else None
    return named or compared


def _one_of_many(path: str, total_kw: float, rest: Mapping[str, float], told: str) -> Proof | None:
    """Find the one meter whose scale, put right by a power of ten, makes the sum."""
    for point, kw in rest.items():
        for factor in _FACTORS:
            put_right = math.fsum(rest.values()) + kw * (1.0 / factor - 1.0)
            if abs(put_right / total_kw - 1.0) <= SUM_TOLERANCE_FRAC:
                return Proof(
                    path=path,
                    verdict=Verdict.CONTRADICTS,
                    message=f"{told}. They agree if {point} tells {_times(factor)} what it is.",
                    remedy=f"Correct the scale of {point} in its profile.",
                    ratio=factor,
                )
    return None


# --- A person's look at the display


def by_display(
    meters: Sequence[Metered], displays: Sequence[Display]
) -> Iterator[tuple[str, Proof]]:
    """Hold what was read against what a person saw on the display."""
    points = {
        f"{meter.name}.{point.name}": (meter, point) for meter in meters for point in meter.points
    }
    for display in displays:
        if display.point not in points:
            continue
        meter, point = points[display.point]
        looks = [look for look in meter.looks if point.name in look.values]
        if not looks:
            continue
        told, shown = looks[-1].values[point.name], float(display.value)
        went = abs(told - looks[0].values[point.name])
        step = 10.0**-point.decimals
        # A value of the moment moves on while somebody reads it; a register but by a little.
        loose = 0.001 if point.kind == "register" else SUM_TOLERANCE_FRAC
        allowed = loose + (went + 2.0 * step) / max(abs(shown), step)
        yield (
            display.point,
            _compared(
                "the display",
                told,
                shown,
                tolerance=min(allowed, 0.5),
                told=f"We read {_shown(point.name, told, point.decimals)}; the display shows "
                f"{_shown(point.name, shown, point.decimals)}",
                culprit=f"the scale of {point.name}",
            ),
        )


# --- The servers' rating, which can contradict and never prove


def by_rating(meter: Metered, it_kw_max: float | None) -> Iterator[tuple[str, Proof]]:
    """Hold the servers' power against the most they can draw, which never proves."""
    gateway = meter.measures is None and any(point.name == "it_kwh" for point in meter.points)
    told = _mean_power(meter) if gateway or meter.measures == "it" else None
    if told is None or it_kw_max is None or told[1] <= it_kw_max:
        return
    point, mean_kw = told
    yield (
        point,
        Proof(
            path="the servers' rating",
            verdict=Verdict.CONTRADICTS,
            message=f"It tells {format_quantity('power_kw', mean_kw)}; the servers can "
            f"draw {format_quantity('power_kw', it_kw_max)} at most.",
            remedy="Correct its scale, or the rating in site.toml.",
            ratio=mean_kw / it_kw_max,
        ),
    )


# --- Comparing


def _compared(
    path: str, told_value: float, expected: float, *, tolerance: float, told: str, culprit: str
) -> Proof:
    """Judge two numbers of the same: equal, off by a power of ten, of other sign, or apart."""
    if expected == 0.0:
        return _wait(path, f"{told}.")
    ratio = told_value / expected
    if abs(ratio - 1.0) <= tolerance:
        return Proof(path=path, verdict=Verdict.PROVEN, message=f"{told}.", ratio=ratio)
    for factor in _FACTORS:
        if abs(ratio / factor - 1.0) <= tolerance:
            size = "large" if factor > 1.0 else "small"
            wrong = f"{culprit} is {_times(max(factor, 1.0 / factor))} too {size}"
            return Proof(
                path=path,
                verdict=Verdict.CONTRADICTS,
                message=f"{told}: {wrong}.",
                remedy="Correct `scale` in the profile, or the unit the device is set to.",
                ratio=factor,
            )
    if abs(ratio + 1.0) <= tolerance:
        return Proof(
            path=path,
            verdict=Verdict.CONTRADICTS,
            message=f"{told}: the signs differ.",
            remedy="Turn the current transformers, or swap the pair of sensors.",
            ratio=-1.0,
        )
    return Proof(
        path=path,
        verdict=Verdict.CONTRADICTS,
        message=f"{told}: they differ by the factor {format_number(ratio, 3)}.",
        remedy="Check transformer ratio, pulse weight, glycol and what each of them measures.",
        ratio=ratio,
    )


def _times(factor: float) -> str:
    if factor >= 1.0:
        return f"{format_number(factor, 0)} times"
    return f"{format_number(factor, 3).rstrip('0')} times"


def _wait(path: str, message: str, remedy: str = "Commission for longer.") -> Proof:
    return Proof(path=path, verdict=Verdict.OPEN, message=message, remedy=remedy)


def _mean(looks: Sequence[Look], name: str) -> float:
    return math.fsum(look.values[name] for look in looks) / len(looks)


def _shown(name: str, value: float, decimals: int) -> str:
    return format_quantity(name, value, decimals=decimals)
