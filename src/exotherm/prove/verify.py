"""Verify an evidence pack. One file, standard library only, so that anyone can read and run it.

    python3 -S -I verify.py PACK [--key VKEY] [--json]

PACK is the .zip or the unpacked folder; VKEY the operator's public key from contract or invoice.
Ends with 0 if everything holds, 1 with a named cause if anything does not, 2 if called wrongly.

AUTHENTIC    the holder of the key signed this pack
UNCHANGED    nothing in it was changed, added or taken away since it was signed
COMPLETE     the readings are numbered without a gap and every hour without one is listed
RECOMPUTED   every figure of claim and invoice follows from readings and inputs to the last digit
PLAUSIBLE    the figures do not contradict the conservation of energy
"""

from __future__ import annotations

import argparse
import calendar
import hashlib
import itertools
import json
import math
import re
import struct
import sys
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "exotherm-evidence-1"
CLOCK_SLACK_S = 120
RULES = {"coverage": "1.645", "rounding": "half-up", "clock_slack_s": CLOCK_SLACK_S}
BYTES_MAX, FILES_MAX, SECONDS_MAX = 256 * 1024 * 1024, 200, 400 * 86400
CHECKPOINT, MANIFEST = "log/checkpoint", "manifest-sha256.txt"
DOCUMENTS = ("claim.json", "inputs.json", "meters.json", "invoice.json", "gaps.csv")
FIXED_FILES = {*DOCUMENTS, "README.txt", "verify.py", "log/leaves.csv", CHECKPOINT, MANIFEST}
READING_FILE = re.compile(r"readings/[a-z0-9_-]+\.csv")
EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
Json = dict[str, Any]
Files = dict[str, bytes]
Key = tuple[str, str, bytes, bytes]  # vkey, name, key id, public key
Reading = tuple[int, int, bool]  # second (UTC), count, whether it may be believed


class Refused(Exception):  # noqa: N818 - "refused: …" is what the person reads
    """The pack does not hold: the cause, one word for programs, and the message for people."""


def require(holds: bool, cause: str, message: str) -> None:  # noqa: FBT001
    """Go on only if something holds."""
    if not holds:
        raise Refused(cause, message)


def sha256(data: bytes) -> bytes:
    """Give the SHA-256 of bytes."""
    return hashlib.sha256(data).digest()


# ---------------------------------------------------------------- container: a zip or a folder
_LOCAL = struct.Struct("<4s5H3I2H")


def canonical_zip(files: Mapping[str, bytes]) -> bytes:
    """Write a zip in the one way this verifier accepts: sorted, stored, dated 1980-01-01."""
    body, directory, offset = [], [], 0
    for name in sorted(files):
        data, raw = files[name], name.encode("ascii")
        shape = (20, 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(raw), 0)
        body += [_LOCAL.pack(b"PK\x03\x04", *shape), raw, data]
        central = (b"PK\x01\x02", 3 << 8 | 20, *shape, 0, 0, 0, 0o100644 << 16, offset)
        directory += [struct.pack("<4s6H3I5H2I", *central), raw]
        offset += _LOCAL.size + len(raw) + len(data)
    count, size = len(files), sum(map(len, directory))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, offset, 0)
    return b"".join([*body, *directory, end])


def read_zip(data: bytes) -> Files:
    """Read the files of a canonical zip; nothing is ever decompressed."""
    files: Files = {}
    at = 0
    while data[at : at + 4] == b"PK\x03\x04" and at + 30 <= len(data) and len(files) < FILES_MAX:
        crc, _, size, name_size = _LOCAL.unpack_from(data, at)[6:10]
        start = at + _LOCAL.size + name_size
        name, at = data[start - name_size : start].decode("ascii", "replace"), start + size
        intact = zlib.crc32(data[start:at]) == crc
        require(intact, "container", f"{name[:80]!a} does not match its checksum in the zip")
        files[name] = data[start:at]
    same = all(name.isascii() for name in files) and canonical_zip(files) == data
    require(same, "container", "the zip is not written byte for byte as such a pack is")
    return files


def read_folder(root: Path) -> Files:
    """Read the files of an unpacked pack; links and further folders are refused."""
    files: Files = {}
    for entry in root.rglob("*"):
        name = entry.relative_to(root).as_posix()
        if name in ("log", "readings") and entry.is_dir() and not entry.is_symlink():
            continue
        plain = entry.is_file() and not entry.is_symlink() and len(files) < FILES_MAX
        require(plain, "container", f"{name!a} is no plain file, or one too many")
        files[name] = read_bounded(entry, BYTES_MAX - sum(map(len, files.values())))
    return files


def read_bounded(path: Path, bytes_max: int) -> bytes:
    """Read a file that is no larger than it may be."""
    require(path.stat().st_size <= bytes_max, "container", f"larger than {BYTES_MAX} bytes")
    return path.read_bytes()


def check_files(files: Files) -> None:
    """Check that exactly the files of a pack are there, each with its SHA-256 in the manifest."""
    strange = {name for name in files if not READING_FILE.fullmatch(name)} - FIXED_FILES
    for name in sorted(strange | FIXED_FILES - files.keys()):
        wrong = "is missing" if name in FIXED_FILES else "does not belong in a pack"
        raise Refused("container", f"{name!a} {wrong}")
    listed, expected = text_lines(files, MANIFEST), []
    names = {row[66:] for row in listed}
    for name in sorted(files.keys() - {CHECKPOINT, MANIFEST}):
        expected.append(f"{sha256(files[name]).hex()}  {name}")
        wrong = "does not match its sha256" if name in names else "is not listed"
        require(expected[-1] in listed, "manifest", f"{name} {wrong}")
    require(listed == expected, "manifest", f"{MANIFEST} lists what is not there, or in disorder")


def text_lines(files: Files, name: str) -> list[str]:
    """Split a text file into its lines, every one of which ends with a line feed."""
    *lines, rest = files[name].decode("utf-8").split("\n")
    require(rest == "", "format", f"{name} does not end with a line feed")
    return lines


def write_json(value: object) -> str:
    """Write JSON in the one canonical way."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read_json(files: Files, name: str) -> Any:  # noqa: ANN401
    """Read JSON that is written in the one canonical way and holds no floating point."""
    text = files[name].decode("utf-8")
    value = json.loads(text, parse_float=str, parse_constant=str)
    require(write_json(value) == text, "format", f"{name} is not written in the canonical way")
    return value


# ---------------------------------------------------------------- Ed25519 (RFC 8032, strict)
# A point is (X, Y, Z, T) with x = X/Z, y = Y/Z and xy = T/Z.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_NEUTRAL = (0, 1, 1, 0)
Curve = tuple[int, int, int, int]


def _add(p: Curve, q: Curve) -> Curve:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Curve) -> Curve:
    rest = _times(scalar >> 1, _add(point, point)) if scalar else _NEUTRAL
    return _add(rest, point) if scalar & 1 else rest


def _encode(point: Curve) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(raw: bytes) -> Curve | None:
    """Read a point, or None where the bytes are no point or not the one way to write it."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _P - x
    return (x, y, 1, x * y % _P)


_BASE = _decode((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little")) or _NEUTRAL


def signature_fits(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is right; a key of small order fits nothing."""
    key = _decode(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or s >= _L or _encode(_times(8, key)) == _encode(_NEUTRAL):
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % _L
    minus_key = (_P - key[0], key[1], 1, _P - key[3])
    return _encode(_add(_times(s, _BASE), _times(k, minus_key))) == signature[:32]


# ---------------------------------------------------------------- the signed checkpoint
def vkey(text: str) -> Key:
    """Read a C2SP vkey: itself, name, key id, public key. Raises ValueError if they disagree."""
    name, shown_id, rest = text.split("+", 2)
    raw = b64decode(rest, validate=True)
    key_id = sha256(name.encode() + b"\n" + raw)[:4]
    if raw[:1] != b"\x01" or (shown_id, rest) != (key_id.hex(), b64encode(raw).decode()):
        raise ValueError("not a vkey for Ed25519")
    return text, name, key_id, raw[1:]


def check_note(files: Files, key: Key, slug: str, size: int, root: bytes) -> None:
    """Check that the key signed this site's name, these readings and this manifest."""
    (shown, name, key_id, public), origin = key, f"exotherm/{slug}".encode()
    signed = origin, size, b64encode(root), b64encode(sha256(files[MANIFEST]))
    body = b"%b\n%d\n%b\nmanifest-sha256 %b\n" % signed
    stated, right = files[CHECKPOINT].split(b"\n"), body.split(b"\n")
    for i, part in enumerate(("site", "number of blocks", "root", "manifest", "empty line")):
        require(stated[i : i + 1] == [right[i]], "checkpoint", f"the {part} is not what was signed")
    last = re.fullmatch(rb".* ([A-Za-z0-9+/]{91}=)", stated[-2])
    blob = b64decode(last[1]) if last else b""
    line = b"\xe2\x80\x94 %b %b" % (name.encode(), b64encode(key_id + blob[4:]))
    by_key = name.encode() == origin and stated[5:] == [line, b""]
    require(by_key, "key", f"the checkpoint is not signed by the key {shown}")
    require(signature_fits(public, body, blob[4:]), "signature", "the signature is wrong")


# ---------------------------------------------------------------- readings and their tree
class Readings(NamedTuple):
    """The points, the readings of each, and the lines of each block (point and hour)."""

    points: dict[str, Json]
    taken: dict[str, list[Reading]]
    blocks: dict[tuple[str, int], list[str]]
    meters: list[str]


def read_readings(files: Files, points: Sequence[Json]) -> Readings:
    """Read every line of every meter, in order."""
    named = {point["name"]: point for point in points}
    ordered = sorted(named, key=lambda name: (name.split(".")[0], name))
    meters = sorted({name.split(".")[0] for name in named})
    readings = Readings(named, {name: [] for name in ordered}, {}, meters)
    expected = [f"readings/{meter}.csv" for meter in meters]
    stored = {name for name in files if READING_FILE.fullmatch(name)}
    require(stored == set(expected), "lines", "the reading files are not those of the points")
    for file in expected:
        last = ""
        for place, line in enumerate(text_lines(files, file), 1):
            last = take_line(readings, line, last, f"{file}, line {place}")
    return readings


def take_line(readings: Readings, line: str, last: str, where: str) -> str:
    """Take one line and give the name of its point, which must not come before the last one."""
    _, name, _, at, count, _, _, quality = line.split(",")
    require(name in readings.points, "lines", f"{where} is of a point that inputs.json lacks")
    point, taken, utc_s = readings.points[name], readings.taken[name], int(at)
    end = f"{point['unit']},{point['decimals']},{quality}"
    right = f"v1,{name},{len(taken)},{utc_s},{int(count)},{end}"
    plain = line == right and quality in ("good", "suspect", "invalid")
    require(plain, "lines", f"{where} should read {right!a}")
    in_order = name >= last and (not taken or utc_s >= taken[-1][0])
    require(in_order, "lines", f"{where} is earlier than the one before")
    taken.append((utc_s, int(count), quality == "good"))
    readings.blocks.setdefault((name, utc_s - utc_s % 3600), []).append(line + "\n")
    return name


def check_leaves(files: Files, readings: Readings) -> bytes:
    """Check each block of readings against its leaf, and give the Merkle root of the leaves."""
    header, *rows = text_lines(files, "log/leaves.csv")
    require(header == "index,point,hour_s,lines,salt,leaf", "leaves", "the header of leaves.csv")
    require(len(rows) == len(readings.blocks), "leaves", "there is not one leaf for each block")
    level = []
    for index, ((name, hour_s), lines) in enumerate(readings.blocks.items()):
        salt = next(iter(re.findall(r",([0-9a-f]{32}),", rows[index])), "")
        level.append(sha256(b"\x00" + bytes.fromhex(salt) + "".join(lines).encode()))
        row = f"{index},{name},{hour_s},{len(lines)},{salt},{level[-1].hex()}"
        require(rows[index] == row, "leaves", f"leaf {index} is not that of {name} at {hour_s}")
    while len(level) > 1:
        pairs = range(0, len(level) - 1, 2)
        above = [sha256(b"\x01" + level[i] + level[i + 1]) for i in pairs]
        level = above + level[len(above) * 2 :]
    return level[0] if level else sha256(b"")


# ---------------------------------------------------------------- what registers show
class Span(NamedTuple):
    """The period in seconds (UTC), and how far outside a reading still stands for an end."""

    start: int
    end: int
    slack: int
    hours: int


class Measured(NamedTuple):
    """What a register shows of the period."""

    point: str | None
    least_kwh: Decimal
    most_kwh: Decimal
    opening_count: int | None = None
    closing_count: int | None = None
    implausible: bool = False


def number(text: object) -> Decimal:
    """Read a decimal number that is written plainly and is not beyond all bounds."""
    plain = r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?"
    if not isinstance(text, str) or re.fullmatch(plain, text) is None:
        raise Refused("format", f"not a decimal number: {text!a:.60}")
    return Decimal(text)


def read_span(period: Json, slack: int) -> Span:
    """Read the period; a last hour that is cut off counts."""
    times = [time.strptime(period[name], "%Y-%m-%dT%H:%M:%SZ") for name in ("start", "end")]
    start, end = map(calendar.timegm, times)
    require(0 < end - start <= SECONDS_MAX, "format", "the period is empty or over a year long")
    return Span(start, end, slack, -((start - end) // 3600))


def power_of_ten(point: Json) -> int:
    """Give the power of ten by which a count of an energy register becomes kWh."""
    return int({"wh": -3, "kwh": 0, "mwh": 3}[point["unit"].lower()] - point["decimals"])


def measure(use: Json, readings: Readings, span: Span) -> Measured:
    """Tell the least and the most a register can have advanced, in kWh."""
    kw, seconds, name = number(use["kw_max"]), span.end - span.start, use["point"]
    if name is None:
        return Measured(name, Decimal(0), kw * (Decimal(seconds) / 3600))
    power = power_of_ten(readings.points[name])
    rate, unit = kw.scaleb(-power), Decimal(1).scaleb(power)
    first, last = span.start - span.slack, span.end + span.slack
    taken = [r for r in readings.taken[name] if r[2] and first <= r[0] <= last]
    counts = count_on(taken, 10 ** readings.points[name]["digits"], rate, use.get("breaks", []))
    timed = [(min(max(taken[i][0], span.start), span.end), n * 3600) for i, n in enumerate(counts)]
    room = rate * CLOCK_SLACK_S + 3600  # the clock's slack, and the digit that is cut off
    high = [n + (at < span.end) * (room + rate * (span.end - at)) for at, n in timed]
    low = [n - (at > span.start) * (room + rate * (at - span.start)) for at, n in timed]
    least = counts[-1] - counts[0] if counts else 0
    most = math.ceil((min(high) - max(low)) / 3600) if counts else 0
    if not counts or least > most + math.ceil(2 * room / 3600):
        full = math.ceil((rate * seconds + 2 * room) / 3600)
        return Measured(name, Decimal(0), full * unit, implausible=bool(taken))
    return Measured(name, least * unit, max(least, most) * unit, taken[0][1], taken[-1][1])


def count_on(taken: Sequence[Reading], modulus: int, rate: Decimal, breaks: Any) -> list[int]:  # noqa: ANN401
    """Count on over roll-overs; nothing where a register goes backwards or faster than it can."""
    pairs = list(itertools.pairwise(taken))
    steps = [(way(a, b, modulus, breaks), b[0] - a[0] + CLOCK_SLACK_S) for a, b in pairs]
    too_fast = any(step > int(rate * seconds / 3600) + 1 for step, seconds in steps)
    if too_fast or any(not 0 <= count < modulus for _, count, _ in taken):
        return []
    return list(itertools.accumulate([taken[0][1], *(s for s, _ in steps)])) if taken else []


def way(earlier: Reading, later: Reading, modulus: int, breaks: Sequence[Json]) -> int:
    """Give how far a register went, from jump to jump: meters that were exchanged or reset."""
    between = [one for one in breaks if earlier[0] < one["at_s"] <= later[0]]
    starts = [earlier[1], *(int(one["count_after"]) for one in between)]
    ends = [*(int(one["count_before"]) for one in between), later[1]]
    return sum(b - a + modulus * (b < a) for a, b in zip(starts, ends, strict=True))


def check_gaps(files: Files, hours: dict[str, set[int]], span: Span) -> None:
    """Check that the gaps listed are the hours without a good reading, no more and no less."""
    expected = ["point,start_s,end_s,reason"]
    for name, measured in hours.items():
        missing = set(range(span.hours)) - measured
        starts = sorted(hour for hour in missing if hour - 1 not in missing)
        ends = sorted(hour + 1 for hour in missing if hour + 1 not in missing)
        for i, hour in enumerate(starts):
            end = min(span.start + ends[i] * 3600, span.end)
            expected.append(f"{name},{span.start + hour * 3600},{end}")
    rows = text_lines(files, "gaps.csv")
    listed = rows[:1] + [re.sub(r',"(?:[^"]|"")*"$', "", row) for row in rows[1:]]
    require(listed == expected, "gaps", "gaps.csv does not list the hours without a reading")


# ---------------------------------------------------------------- the claim, recomputed
def rounded(value: Decimal, places: int = 3) -> str:
    """Round half up, once, and write the number plainly."""
    exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return format(exact + 0, "f")


def ratio(part: Decimal, whole: Decimal, places: int = 4) -> str | None:
    """Round a ratio, None where there is nothing to divide by."""
    return rounded(part / whole, places) if whole else None


def energy_of(measured: dict[str, Measured]) -> Json:
    """Draw up the energy balance in kWh: benefits at the least, burdens at the most."""
    site, it = measured["site"].most_kwh, measured["it"].least_kwh
    heat = measured["delivered"].least_kwh
    return {
        "site_kwh": format(site, "f"),
        "it_kwh": format(it, "f"),
        "delivered_kwh": format(heat, "f"),
        "auxiliary_kwh": format(measured["auxiliary"].most_kwh, "f"),
        "fuel_kwh": format(measured["fuel"].most_kwh, "f"),
        "unaccounted_kwh": format(it - heat, "f"),
        "pue": ratio(site, it),
        "erf": ratio(heat, site),
        "ere": ratio(site - heat, it),
    }


def emissions_of(measured: dict[str, Measured], factors: Json) -> Json:
    """Work out avoided emissions, their uncertainty and the cautious end, in kg CO2e."""
    value = {name: number(factor["value"]) for name, factor in factors.items()}
    spread = {name: number(factor["uncertainty_frac"]) for name, factor in factors.items()}
    zero, heat, site = Decimal(0), measured["delivered"].least_kwh, measured["site"].most_kwh
    fuel_kwh, eta = measured["fuel"].most_kwh, value["boiler_frac"]
    grid = value["grid_gco2e_per_kwh"] + value.get("grid_upstream_gco2e_per_kwh", zero)
    displaced = min(heat, max(zero, value["baseline_demand_kwh"] - fuel_kwh * eta))
    baseline = displaced / eta * value["fuel_gco2e_per_kwh"] / 1000
    auxiliary = measured["auxiliary"].most_kwh * grid / 1000
    induced = site * value["induced_frac"] * grid / 1000
    other = value.get("other_kgco2e", zero)
    avoided = baseline - auxiliary - induced - other
    heat_kg = baseline + fuel_kwh * value["fuel_gco2e_per_kwh"] / 1000
    heat_spread = value["heat_meter_mpe_frac"] ** 2 / 3 + spread["boiler_frac"] ** 2
    grid_spread = value["electricity_meter_mpe_frac"] ** 2 / 3 + spread["grid_gco2e_per_kwh"] ** 2
    variance = heat_kg**2 * heat_spread + (auxiliary + induced) ** 2 * grid_spread
    variance += (baseline * spread["fuel_gco2e_per_kwh"]) ** 2
    variance += (other * spread.get("other_kgco2e", zero)) ** 2
    charged_kwh = measured["auxiliary"].most_kwh + site * value["induced_frac"]
    return {
        "displaced_kwh": rounded(displaced),
        "backup_heat_kwh": rounded(fuel_kwh * eta),
        "baseline_kgco2e": rounded(baseline),
        "project_kgco2e": rounded(auxiliary + other),
        "induced_kgco2e": rounded(induced),
        "avoided_kgco2e": rounded(avoided),
        "uncertainty_kgco2e": rounded(variance.sqrt()),
        "conservative_kgco2e": rounded(avoided - Decimal("1.645") * variance.sqrt()),
        "energy_allocated_kgco2e": rounded(avoided - heat * grid / 1000),
        "allocation_frac": ratio(heat, site),
        "break_even_gco2e_per_kwh": ratio((baseline - other) * 1000, charged_kwh, 3),
    }


def claim_of(inputs: Json, readings: Readings, span: Span, hours: dict[str, set[int]]) -> Json:
    """Work out the whole claim from inputs and readings."""
    uses = inputs["registers"]
    measured = {role: measure(use, readings, span) for role, use in uses.items()}
    metered = [hours[use["point"]] for use in uses.values() if use["point"] is not None] or [set()]
    together = len(set(range(span.hours)).intersection(*metered))
    site, heat = measured["site"].most_kwh, measured["delivered"].least_kwh
    within = heat <= site + measured["auxiliary"].most_kwh and measured["it"].least_kwh <= site
    registers = {
        role: {k: format(v, "f") if isinstance(v, Decimal) else v for k, v in one._asdict().items()}
        for role, one in measured.items()
    }
    return {
        **{name: inputs[name] for name in ("format", "site", "period")},
        "hours": {"measured": together, "total": span.hours},
        "claimable": within,
        "registers": registers,
        "energy": energy_of(measured),
        "emissions": emissions_of(measured, inputs["factors"]),
    }


# ---------------------------------------------------------------- the invoice, recomputed
_COIN_PLACES = {"ISK": 0, "JPY": 0, "KRW": 0, "CLP": 0, "BHD": 3, "KWD": 3, "TND": 3}


def check_invoice(invoice: Json, readings: Readings, span: Span, uses: Json) -> int:
    """Check every sum of the invoice and every quantity for which a register is named."""
    mode = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN}[invoice["rounding_rule"]]
    coin = Decimal(1).scaleb(-_COIN_PLACES.get(invoice["currency"], 2))
    for place, line in enumerate(invoice["lines"], 1):
        amount = (number(line["quantity"]) * number(line["price"])).quantize(coin, rounding=mode)
        wrong = f"line {place}: quantity times price is {amount}, not its amount"
        require(amount == number(line["amount"]), "invoice", wrong)
    net = sum((number(line["amount"]) for line in invoice["lines"]), Decimal(0))
    vat = (net * number(invoice["vat_frac"])).quantize(coin, rounding=mode)
    for name, value in (("net_amount", net), ("vat_amount", vat), ("total_amount", net + vat)):
        require(value == number(invoice[name]), "invoice", f"{name} comes out as {value}")
    for name, utc_s in (("period_start", span.start), ("period_end", span.end)):
        day = calendar.timegm(time.strptime(invoice[name], "%Y-%m-%d"))
        require(abs(day - utc_s) <= 86400, "invoice", f"{name} is not that of the readings")
    metered = [line for line in invoice["lines"] if line["registers"] is not None]
    for name in sorted({line["registers"]["point"] for line in metered}):
        of_point = [line for line in metered if line["registers"]["point"] == name]
        breaks = [
            one for use in uses.values() if use["point"] == name for one in use.get("breaks", [])
        ]
        check_billed(name, of_point, readings, span, breaks)
    return len(metered)


def check_billed(
    name: str, lines: Sequence[Json], readings: Readings, span: Span, breaks: Sequence[Json]
) -> None:
    """Check that all that is billed of a register is its advance from start to end."""
    point, billed = readings.points[name], Decimal(0)
    register = lines[0]["registers"]
    same = all(register[key] == point[key] for key in ("decimals", "digits"))
    same = same and all(line["registers"] == register for line in lines)
    require(same, "invoice", f"{name} does not count as the invoice says, or not in every line")
    for line in lines:
        billed += number(line["quantity"]).scaleb({"kwh": 0, "mwh": 3}[line["unit"].lower()])
    opening, closing = register["opening_count"], register["closing_count"]
    ends: list[Reading] = []
    for edge, count in ((span.start, opening), (span.end, closing)):
        # the last at or before; as seconds are rounded down, the one before it is possible
        near = [one for one in readings.taken[name] if edge - span.slack <= one[0] <= edge]
        same_count = [one for one in [one for one in near if one[2]][-2:] if one[1] == count]
        require(bool(same_count), "invoice", f"{name} has no reading of {count} at that end")
        ends.append(same_count[-1])
    went = way(ends[0], ends[1], 10 ** point["digits"], breaks)
    advance = Decimal(went).scaleb(power_of_ten(point))
    require(billed == advance, "invoice", f"{billed} kWh of {name} billed, but it shows {advance}")


# ---------------------------------------------------------------- all of it
def verify(path: Path, key: Key | None, report: Json) -> None:
    """Check everything in order and note each verdict that is reached. Raises Refused."""
    files = read_folder(path) if path.is_dir() else read_zip(read_bounded(path, BYTES_MAX))
    check_files(files)
    inputs = read_json(files, "inputs.json")
    used = key or vkey(read_json(files, "claim.json")["key"])
    report["key"] = used[0]
    readings = read_readings(files, inputs["points"])
    root = check_leaves(files, readings)
    check_note(files, used, inputs["site"]["slug"], len(readings.blocks), root)
    named = f"that the pack itself names; compare it with contract or invoice: {used[0]}"
    report["verdicts"]["AUTHENTIC"] = f"signed by the key {used[0] if key else named}"
    count = sum(map(len, readings.taken.values()))
    report["verdicts"]["UNCHANGED"] = f"{len(files)} files and {count} readings are as signed"
    with localcontext(EXACT):
        check_figures(files, inputs, readings, report)


def check_figures(files: Files, inputs: Json, readings: Readings, report: Json) -> None:
    """Recompute what is claimed and billed from readings and inputs."""
    rules, verdicts = inputs["rules"], report["verdicts"]
    known = inputs["format"] == FORMAT and RULES.items() <= rules.items()
    require(known, "format", "the pack follows other rules than this verifier; use its own")
    named = [meter["name"] for meter in read_json(files, "meters.json")]
    require(named == readings.meters, "meters", "meters.json names other meters")
    span = read_span(inputs["period"], rules["boundary_s"])
    hours = {
        name: {(at - span.start) // 3600 for at, _, good in taken if good and at < span.end}
        for name, taken in readings.taken.items()
    }
    check_gaps(files, hours, span)
    claim = {"key": report["key"], **claim_of(inputs, readings, span, hours)}
    verdicts["COMPLETE"] = "{measured} of {total} hours measured".format(**claim["hours"])
    stated, right = (text.split("\n") for text in (files["claim.json"].decode(), write_json(claim)))
    for i, (says, line) in enumerate(itertools.zip_longest(stated, right), 1):
        require(says == line, "claim", f"line {i} of claim.json comes out as {line!a}")
    invoice = read_json(files, "invoice.json")
    span = span._replace(slack=rules["invoice_reading_s_max"])
    metered = check_invoice(invoice, readings, span, inputs["registers"])
    verdicts["RECOMPUTED"] = f"claim and invoice to the last digit; lines by register: {metered}"
    require(claim["claimable"], "implausible", "the readings contradict conservation of energy")
    verdicts["PLAUSIBLE"] = "no contradiction to the conservation of energy"
    report["claim"] = claim


def write_report(report: Json, *, as_json: bool) -> None:
    """Print what was found: the verdicts reached, then the claim or the cause."""
    lines = [f"{verdict:<12} {text}" for verdict, text in report["verdicts"].items()]
    found = report["claim"]["emissions"] if report["ok"] else {}
    lines += [f"{name:<24} {value}" for name, value in found.items()]
    lines.append("OK" if report["ok"] else "FAILED {cause}: {message}".format(**report))
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    lines = [json.dumps(report, indent=2, sort_keys=True)] if as_json else lines
    text = "".join(f"{line}\n" for line in lines)
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the verifier on the arguments and give its exit status: 0, 1 or 2."""
    parser = argparse.ArgumentParser("verify", description="Verify an evidence pack.")
    parser.add_argument("pack", type=Path, help="the .zip or the unpacked folder")
    parser.add_argument("--key", type=vkey, metavar="VKEY", help="from contract or invoice")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    try:
        options = parser.parse_args(argv)
        if not (options.pack.is_dir() or options.pack.is_file()):
            parser.error(f"no such file or folder: {options.pack}")
    except SystemExit as stop:
        return int(stop.code or 0)
    report: Json = {"ok": True, "cause": None, "message": None, "verdicts": {}, "claim": None}
    try:
        verify(options.pack, options.key, report)
    except Exception as error:  # noqa: BLE001 - whatever a hostile pack provokes is its fault
        unreadable = ("unreadable", f"the pack cannot be read ({type(error).__name__})")
        cause, message = error.args if isinstance(error, Refused) else unreadable
        report.update(ok=False, cause=cause, message=message)
    write_report(report, as_json=options.json)
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
