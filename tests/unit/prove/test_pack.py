import hashlib
import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from exotherm.core.period import Period
from exotherm.prove import merkle
from exotherm.prove.checkpoint import read_checkpoint, verify_note
from exotherm.prove.pack import Gap, verifier_source, write_zip

NAMES = [
    "README.txt",
    "claim.json",
    "gaps.csv",
    "inputs.json",
    "invoice.json",
    "log/checkpoint",
    "log/leaves.csv",
    "manifest-sha256.txt",
    "meters.json",
    "readings/heat_meter.csv",
    "readings/rack.csv",
    "verify.py",
]


def rows(data):
    return [line.split(",") for line in data.decode().splitlines()]


def test_a_pack_holds_these_files(pack):
    assert NAMES == list(pack.files)


def test_the_zip_is_read_by_any_program_and_holds_them_plainly(pack):
    whole = zipfile.ZipFile(io.BytesIO(write_zip(pack.files)))
    assert whole.testzip() is None
    assert NAMES == whole.namelist()
    assert {(1980, 1, 1, 0, 0, 0)} == {entry.date_time for entry in whole.infolist()}
    assert {zipfile.ZIP_STORED} == {entry.compress_type for entry in whole.infolist()}
    assert {b""} == {entry.extra + entry.comment for entry in whole.infolist()}
    assert dict(pack.files) == {name: whole.read(name) for name in NAMES}


def test_the_same_values_give_the_same_bytes(pack, example):
    shuffled = {name: tuple(reversed(taken)) for name, taken in example.samples().items()}
    again = example.build(points=tuple(reversed(example.points)), samples=shuffled)
    assert write_zip(pack.files) == write_zip(again.files)


def test_the_signature_covers_manifest_and_readings(pack, example):
    body = verify_note(pack.files["log/checkpoint"].decode(), vkey=example.key.vkey)
    checkpoint = read_checkpoint(body)
    leaves = [bytes.fromhex(row[-1]) for row in rows(pack.files["log/leaves.csv"])[1:]]
    assert "exotherm/baths" == checkpoint.origin
    assert 6 * 25 == checkpoint.size  # six points, 24 hours and the reading that ends the day
    assert merkle.root_of(leaves) == checkpoint.root
    for line in pack.files["manifest-sha256.txt"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(pack.files[name]).hexdigest() == digest
    unlisted = {"manifest-sha256.txt", "log/checkpoint"}
    listed = pack.files["manifest-sha256.txt"].decode().splitlines()
    assert sorted(set(NAMES) - unlisted) == [line.split("  ")[1] for line in listed]


def test_salts_differ_from_block_to_block_and_hide_a_reading(pack):
    salts = [row[4] for row in rows(pack.files["log/leaves.csv"])[1:]]
    assert len(salts) == len(set(salts))
    lines = pack.files["readings/rack.csv"].decode().splitlines(keepends=True)
    published = {row[5] for row in rows(pack.files["log/leaves.csv"])[1:]}
    guessed = {merkle.leaf_hash("".join(lines[i : i + 4]).encode()).hex() for i in range(400)}
    assert set() == published & guessed


def test_numbers_are_decimal_strings(pack):
    claim = json.loads(pack.files["claim.json"])
    assert "2112" == claim["energy"]["delivered_kwh"]
    assert str(pack.claim.avoided.avoided_kgco2e) == claim["emissions"]["avoided_kgco2e"]
    inputs = json.loads(pack.files["inputs.json"])
    assert inputs["factors"]["grid_gco2e_per_kwh"] == {
        "source": "a published table",
        "uncertainty_frac": "0.05",
        "unit": "g CO2e/kWh",
        "value": "363",
        "vintage": "2024",
    }
    text = pack.files["claim.json"] + pack.files["inputs.json"]
    assert b"." not in b"".join(part for part in text.split(b'"')[::2])  # no float outside quotes


def test_gaps_are_listed_with_the_reason_if_it_is_known(example):
    samples = dict(example.samples())
    name, start = example.heat.name, example.start
    hours = {3, 4, 23}
    samples[name] = tuple(
        s for s in samples[name] if (s.source_at - start) // timedelta(hours=1) not in hours
    )
    hour = timedelta(hours=1)
    known = Gap(
        point=name, period=Period(start + 4 * hour, start + 5 * hour), reason='"cable", cut'
    )
    found = example.build(samples=samples, gaps=[known])
    at = int(start.timestamp())
    assert found.files["gaps.csv"].decode().splitlines() == [
        "point,start_s,end_s,reason",
        f'{name},{at + 3 * 3600},{at + 5 * 3600},"""cable"", cut"',
        f'{name},{at + 23 * 3600},{at + 24 * 3600},"no good reading"',
    ]


def test_readings_far_outside_the_period_are_left_out(example):
    samples = dict(example.samples())
    far = [example.start - timedelta(hours=1, seconds=1), example.start - timedelta(hours=1)]
    template = samples[example.site.name][0]
    extra = tuple(
        type(template)(
            point=template.point,
            source_at=at,
            received_at=at,
            count=template.count - 1200,
            quality=template.quality,
        )
        for at in far
    )
    samples[example.site.name] = extra + samples[example.site.name]
    found = example.build(samples=samples)
    site = [row for row in rows(found.files["readings/rack.csv"]) if row[1] == example.site.name]
    assert str(int(far[1].timestamp())) == site[0][3]


def test_the_readme_says_what_the_proof_does_not_show(pack, example):
    text = pack.files["README.txt"].decode()
    assert example.key.vkey in text
    assert '"Unchanged since it was signed" is not "true".' in text
    assert "Hallenbad Süd" in text
    described = {"README.txt", "readings/heat_meter.csv", "readings/rack.csv"} ^ set(NAMES)
    assert [] == [name for name in (*described, "readings/*.csv") if name not in text]


def test_the_verifier_travels_with_the_pack(pack):
    assert verifier_source() == pack.files["verify.py"]


def test_what_has_no_meaning_is_refused(example):
    half = Period(example.day.start + timedelta(microseconds=1), example.day.end)
    twice = (*example.points, example.heat)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"site_slug": "Bad Süd"}, "slug"),
        ({"site_slug": "pool"}, "named exotherm/pool"),
        ({"period": half}, "whole second"),
        ({"points": twice}, "named once"),
        ({"points": ()}, "one point or more"),
        ({"meters": ()}, "one record"),
        ({"invoice": {"total_amount": Decimal(1)}}, "Decimal"),
    ]
    for change, message in cases:
        with pytest.raises((ValueError, TypeError), match=message):
            example.build(**change)


def test_a_reason_is_one_line(example):
    samples = {**example.samples(), example.heat.name: ()}
    gap = Gap(point=example.heat.name, period=example.day, reason="one\ntwo")
    with pytest.raises(ValueError, match="a reason is one line"):
        example.build(samples=samples, gaps=[gap])
