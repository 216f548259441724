"""Commissioning: is the scale of each meter right? Proved by a second path, never assumed. Pure.

A wrong decimal point looks like a reading. What tells it is another way to the same quantity: a
register against the power it sums, a heat meter's power against its own flow and temperatures, the
rack PDUs against the meter before them, a person's look at the display. A second path that
disagrees by ten or a thousand says which scale is wrong; one that disagrees in sign says which two
sensors are swapped.

What a meter tells of itself can contradict it, but not prove it: with a wrong transformer ratio its
power and its register are wrong alike. Such an agreement hands on a proof from one of its ends to
the other; the proof itself has to come from outside the meter, or from a telegram that carries the
unit of every value.
"""

from collections.abc import Mapping, Sequence

from exotherm.operate.commission_paths import (
    by_display,
    by_flow,
    by_power,
    by_rating,
    by_sums,
    by_telegram,
)
from exotherm.operate.commission_values import Display, Metered, PointProof, Proof, Verdict


def prove_scales(
    meters: Sequence[Metered], *, displays: Sequence[Display] = (), it_kw_max: float | None = None
) -> tuple[PointProof, ...]:
    """Prove or contradict the scale of every point of some meters.

    A point is contradicted where any path contradicts it, proven where one proves it and none
    contradicts, and open otherwise. ``it_kw_max`` is the most the servers can draw.
    """
    by_point: dict[str, list[Proof]] = {
        f"{meter.name}.{point.name}": [] for meter in meters for point in meter.points
    }
    found = [
        *(one for meter in meters if meter.tells_units for one in by_telegram(meter)),
        *(one for meter in meters for one in by_power(meter)),
        *(one for meter in meters for one in by_flow(meter)),
        *by_sums(meters),
        *by_display(meters, displays),
        *(one for meter in meters for one in by_rating(meter, it_kw_max)),
    ]
    for point, proof in found:
        by_point[point].append(proof)
    silent = {meter.name for meter in meters if not meter.looks}
    proven = _handed_on(by_point)
    return tuple(
        _concluded(point, proofs, silent, proven=point in proven)
        for point, proofs in by_point.items()
    )


def _handed_on(by_point: Mapping[str, Sequence[Proof]]) -> set[str]:
    """Give the points that are proven: from outside, or by an agreement with one that is."""
    doubted = {
        point
        for point, proofs in by_point.items()
        if any(proof.verdict is Verdict.CONTRADICTS for proof in proofs)
    }
    proven = {
        point
        for point, proofs in by_point.items()
        if any(one.verdict is Verdict.PROVEN and one.hands_on is None for one in proofs)
    } - doubted
    grown = True
    while grown:
        more = {
            point
            for point, proofs in by_point.items()
            if any(_is_from(proof, point.partition(".")[0], proven) for proof in proofs)
        } - doubted
        grown = not more <= proven
        proven |= more
    return proven


def _is_from(proof: Proof, meter: str, proven: set[str]) -> bool:
    """Tell whether an agreement within a meter has an end that is proven."""
    ends = proof.hands_on or frozenset()
    agrees = proof.verdict is Verdict.PROVEN
    return agrees and any(f"{meter}.{quantity}" in proven for quantity in ends)


def _concluded(point: str, proofs: list[Proof], silent: set[str], *, proven: bool) -> PointProof:
    if not proofs:
        proofs = [_nothing(point, silent)]
    if any(proof.verdict is Verdict.CONTRADICTS for proof in proofs):
        return PointProof(point=point, verdict=Verdict.CONTRADICTS, proofs=tuple(proofs))
    if proven:
        return PointProof(point=point, verdict=Verdict.PROVEN, proofs=tuple(proofs))
    if all(proof.verdict is Verdict.PROVEN for proof in proofs):
        proofs = [*proofs, _only_inside(point)]
    return PointProof(point=point, verdict=Verdict.OPEN, proofs=tuple(proofs))


def _only_inside(point: str) -> Proof:
    return Proof(
        path="outside",
        verdict=Verdict.OPEN,
        message="The meter agrees with itself; nothing outside it says that both are not wrong.",
        remedy=f"Read the display and give it: --display {point}=VALUE.",
    )


def _nothing(point: str, silent: set[str]) -> Proof:
    if point.partition(".")[0] in silent:
        return Proof(
            path="reading",
            verdict=Verdict.OPEN,
            message="The meter gave no reading that counts.",
            remedy="See why with `exotherm operate poll`, and mend that first.",
        )
    return Proof(
        path="none",
        verdict=Verdict.OPEN,
        message="No second path leads to it.",
        remedy=f"Read the display and give it: --display {point}=VALUE.",
    )
