"""The evidence pack: a folder of plain files from which a stranger recomputes the claim.

Every file is named in ``manifest-sha256.txt``; the readings are also the leaves of a Merkle tree.
The signed checkpoint covers both, so one signature covers everything. ``verify.py`` checks it.
"""

import base64
import hashlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType

from exotherm.core.period import Period, write_instant
from exotherm.core.register import Break
from exotherm.core.samples import Point, Sample
from exotherm.prove import merkle
from exotherm.prove.balance import ROUNDING
from exotherm.prove.carbon import COVERAGE, CarbonInputs, unit_of_factor
from exotherm.prove.checkpoint import Checkpoint, SigningKey, origin_of, sign_note, write_checkpoint
from exotherm.prove.claim import Claim, claim_of
from exotherm.prove.lines import SECONDS_PER_HOUR, Block, blocks_of, utc_s_of, write_lines
from exotherm.prove.measured import CLOCK_SLACK_S, RegisterUse, Role, hours_in, measured_hours
from exotherm.prove.meters import MeterRecord
from exotherm.prove.readme import readme
from exotherm.prove.verify import canonical_zip

FORMAT = "exotherm-evidence-1"
_RULES = {
    "coverage": str(COVERAGE),
    "rounding": ROUNDING.value,
    "clock_slack_s": CLOCK_SLACK_S,
}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time without readings of a point, and why, as far as it is known."""

    point: str
    period: Period
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The files of an evidence pack by name, and the claim that they prove."""

    files: Mapping[str, bytes]
    claim: Claim


def build_pack(
    *,
    site_name: str,
    site_slug: str,
    period: Period,
    points: Iterable[Point],
    samples: Mapping[str, Sequence[Sample]],
    gaps: Iterable[Gap] = (),
    registers: Mapping[Role, RegisterUse],
    inputs: CarbonInputs,
    meters: Iterable[MeterRecord],
    invoice: Mapping[str, object],
    signing_key: SigningKey,
    salt_key: bytes,
    boundary_s: int = 0,
    invoice_reading_s_max: int = SECONDS_PER_HOUR,
) -> Pack:
    """Build the evidence pack of a period.

    ``samples`` by the name of their point may reach beyond the period; those further out than the
    two tolerances are left out. ``boundary_s``: a reading this near to an end of the period
    stands for that end; keep it shorter than the time between readings. ``invoice_reading_s_max``:
    how old the readings that the invoice bills may be at the ends of the period. Raises
    ValueError for what cannot be written or has no meaning.
    """
    ordered = _ordered_points(points)
    meters = _checked_meters(meters, ordered)
    _check_frame(site_slug, period, signing_key)
    near = _samples_near(samples, ordered, period, max(boundary_s, invoice_reading_s_max))
    claim = claim_of(
        period=period,
        points=ordered,
        samples=near,
        registers=registers,
        inputs=inputs,
        boundary_s=boundary_s,
    )
    frame = _frame_json(site_name, site_slug, period)
    rules = {"boundary_s": boundary_s, "invoice_reading_s_max": invoice_reading_s_max, **_RULES}
    lines = {point.name: write_lines(point, near[point.name]) for point in ordered}
    blocks = [b for point in ordered for b in blocks_of(lines[point.name], salt_key=salt_key)]
    files = {
        "README.txt": readme(site_name=site_name, period=period, vkey=signing_key.vkey).encode(),
        "claim.json": _json({**frame, "key": signing_key.vkey, **_claim_json(claim)}),
        "inputs.json": _json({**frame, **_inputs_json(ordered, registers, inputs, rules)}),
        "meters.json": _json([_meter_json(meter) for meter in meters]),
        "invoice.json": _json(invoice),
        "gaps.csv": _gaps_csv(near, period, tuple(gaps)),
        "log/leaves.csv": _leaves_csv(blocks),
        "verify.py": verifier_source(),
        **_reading_files(ordered, lines),
    }
    return Pack(files=_signed(files, blocks, site_slug, signing_key), claim=claim)


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write files as a zip in the one canonical way: sorted, stored, all of 1980-01-01."""
    return canonical_zip(dict(files))


def verifier_source() -> bytes:
    """Give the text of the verifier that goes into every pack: part of this program's code."""
    source = pkgutil.get_data("exotherm.prove", "verify.py")
    assert source is not None
    return source


def _ordered_points(points: Iterable[Point]) -> tuple[Point, ...]:
    ordered = tuple(sorted(points, key=lambda point: (point.meter, point.name)))
    if not ordered or len({point.name for point in ordered}) != len(ordered):
        raise ValueError("a pack has one point or more, each named once")
    return ordered


def _checked_meters(
    meters: Iterable[MeterRecord], points: Sequence[Point]
) -> tuple[MeterRecord, ...]:
    ordered = tuple(sorted(meters, key=lambda meter: meter.name))
    if [meter.name for meter in ordered] != sorted({point.meter for point in points}):
        raise ValueError("every meter of the points has one record, and no other meter has")
    return ordered


def _check_frame(site_slug: str, period: Period, signing_key: SigningKey) -> None:
    if not _SLUG.fullmatch(site_slug):
        raise ValueError(f"a site's slug is small letters, digits and hyphens, not {site_slug!r}")
    if signing_key.name != origin_of(site_slug):
        raise ValueError(f"the key of this site is named {origin_of(site_slug)}")
    if period.start.microsecond or period.end.microsecond:
        raise ValueError("the period of a pack starts and ends on a whole second")


def _samples_near(
    samples: Mapping[str, Sequence[Sample]], points: Sequence[Point], period: Period, margin_s: int
) -> dict[str, tuple[Sample, ...]]:
    first, last = utc_s_of(period.start) - margin_s, utc_s_of(period.end) + margin_s
    return {
        point.name: tuple(
            sample
            for sample in samples.get(point.name, ())
            if first <= utc_s_of(sample.source_at) <= last
        )
        for point in points
    }


def _reading_files(
    points: Sequence[Point], lines: Mapping[str, tuple[str, ...]]
) -> dict[str, bytes]:
    return {
        f"readings/{meter}.csv": "".join(
            line for point in group for line in lines[point.name]
        ).encode("ascii")
        for meter, group in groupby(points, key=lambda point: point.meter)
    }


def _leaves_csv(blocks: Iterable[Block]) -> bytes:
    rows = ["index,point,hour_s,lines,salt,leaf\n"]
    for index, block in enumerate(blocks):
        leaf = merkle.leaf_hash(block.data).hex()
        shown = f"{block.point},{block.hour_s},{len(block.lines)},{block.salt.hex()},{leaf}"
        rows.append(f"{index},{shown}\n")
    return "".join(rows).encode("ascii")


def _gaps_csv(
    samples: Mapping[str, Sequence[Sample]], period: Period, gaps: Sequence[Gap]
) -> bytes:
    """List every run of hours in which a point has no good reading, with the reason if known."""
    rows = ["point,start_s,end_s,reason\n"]
    for point, taken in samples.items():
        for gap in _runs_missing(measured_hours(taken, period), period):
            known = (g.reason for g in gaps if g.point == point and g.period.overlap(gap))
            reason = next(known, "no good reading")
            if not reason.isprintable():
                raise ValueError(f"a reason is one line of text, not {reason!r}")
            quoted = reason.replace('"', '""')
            rows.append(f'{point},{utc_s_of(gap.start)},{utc_s_of(gap.end)},"{quoted}"\n')
    return "".join(rows).encode()


def _runs_missing(measured: frozenset[int], period: Period) -> Iterator[Period]:
    hour = timedelta(hours=1)
    missing = (number for number in range(hours_in(period)) if number not in measured)
    for _, group in groupby(enumerate(missing), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        end = min(period.start + hour * (run[-1] + 1), period.end)
        yield Period(period.start + hour * run[0], end)


def _signed(
    files: dict[str, bytes], blocks: Sequence[Block], site_slug: str, key: SigningKey
) -> Mapping[str, bytes]:
    """Add the manifest, and the checkpoint that signs it together with the root of the readings."""
    listed = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    manifest = "".join(listed).encode("ascii")
    digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
    checkpoint = Checkpoint(
        origin=origin_of(site_slug),
        size=len(blocks),
        root=merkle.root_of([merkle.leaf_hash(block.data) for block in blocks]),
        extensions=(f"manifest-sha256 {digest}",),
    )
    note = sign_note(write_checkpoint(checkpoint), key).encode()
    whole = {**files, "manifest-sha256.txt": manifest, "log/checkpoint": note}
    return MappingProxyType(dict(sorted(whole.items())))


def _frame_json(site_name: str, site_slug: str, period: Period) -> dict[str, object]:
    return {
        "format": FORMAT,
        "site": {"name": site_name, "slug": site_slug},
        "period": {"start": write_instant(period.start), "end": write_instant(period.end)},
    }


def _claim_json(claim: Claim) -> dict[str, object]:
    balance, avoided = claim.balance, claim.avoided
    return {
        "hours": {"measured": claim.hours_measured, "total": claim.hours_total},
        "claimable": claim.claimable,
        "registers": {
            role.value: {
                "point": one.point,
                "opening_count": one.opening_count,
                "closing_count": one.closing_count,
                "least_kwh": _number(one.least_kwh),
                "most_kwh": _number(one.most_kwh),
                "implausible": one.implausible,
            }
            for role, one in claim.measured.items()
        },
        "energy": {
            name: _number(getattr(balance, name))
            for name in balance.__slots__
            if name != "rejected_kwh"
        },
        "emissions": {name: _number(getattr(avoided, name)) for name in avoided.__slots__},
    }


def _inputs_json(
    points: Sequence[Point],
    registers: Mapping[Role, RegisterUse],
    inputs: CarbonInputs,
    rules: Mapping[str, object],
) -> dict[str, object]:
    return {
        "points": [
            {
                "name": point.name,
                "kind": point.kind,
                "unit": point.unit,
                "decimals": point.decimals,
                "digits": point.digits,
            }
            for point in points
        ],
        "registers": {
            role.value: {
                "point": use.point,
                "kw_max": _number(use.kw_max),
                "source": use.source,
                **({"breaks": [_break_json(one) for one in use.breaks]} if use.breaks else {}),
            }
            for role, use in registers.items()
        },
        "factors": {
            name: {
                "value": _number(factor.value),
                "unit": unit_of_factor(name),
                "source": factor.source,
                "vintage": factor.vintage,
                "uncertainty_frac": _number(factor.uncertainty_frac),
            }
            for name, factor in inputs.named()
        },
        "rules": rules,
    }


def _break_json(one: Break) -> dict[str, object]:
    return {
        "at_s": utc_s_of(one.at),
        "why": one.why,
        "count_before": one.count_before,
        "count_after": one.count_after,
    }


def _meter_json(meter: MeterRecord) -> dict[str, object]:
    return {
        "name": meter.name,
        "serial": meter.serial,
        "measures": meter.measures,
        "position": meter.position,
        "accuracy_class": meter.accuracy_class,
        "delta_k_min": _number(meter.delta_k_min),
        "valid_until": meter.valid_until.isoformat() if meter.valid_until else None,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _json(value: object) -> bytes:
    """Write JSON in the one way in which the verifier accepts it."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()
