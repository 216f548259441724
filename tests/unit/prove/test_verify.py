import ast
import contextlib
import hashlib
import io
import json
import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from exotherm.core.samples import Quality
from exotherm.prove import verify
from exotherm.prove.checkpoint import key_from_private
from exotherm.prove.measured import RegisterUse, Role
from exotherm.prove.pack import write_zip

CAUSE = re.compile(r"^FAILED ([a-z]+): .+$", re.MULTILINE)


def run(*arguments):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = verify.main([str(argument) for argument in arguments])
    return status, out.getvalue()


def unpack(files, folder):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture
def check(tmp_path):
    """Verify files as a zip and give the cause of the refusal, or the empty text."""

    def of(files, *options):
        path = tmp_path / "pack.zip"
        path.write_bytes(files if isinstance(files, bytes) else write_zip(files))
        status, text = run(path, *options)
        found = CAUSE.findall(text)
        assert (status, len(found)) in {(0, 0), (1, 1)}, text
        assert "Traceback" not in text
        return found[0] if found else ""

    return of


def flipped(data, at, rng):
    return data[:at] + bytes([data[at] ^ rng.randint(1, 255)]) + data[at + 1 :]


# ------------------------------------------------------------------------ what holds


def test_a_good_pack_passes_with_every_verdict(pack, example, tmp_path):
    path = tmp_path / "pack.zip"
    path.write_bytes(write_zip(pack.files))
    status, text = run(path, "--key", example.key.vkey)
    assert 0 == status
    verdicts = ["AUTHENTIC", "UNCHANGED", "COMPLETE", "RECOMPUTED", "PLAUSIBLE"]
    assert verdicts == re.findall(r"^([A-Z]{4,}) +\S", text, re.MULTILINE)
    assert f"signed by the key {example.key.vkey}" in text
    assert "24 of 24 hours measured" in text
    assert f"conservative_kgco2e      {pack.claim.avoided.conservative_kgco2e}" in text
    assert text.endswith("OK\n")


def test_without_a_key_the_reader_is_told_to_compare_it(pack, example, tmp_path):
    status, text = run(unpack(pack.files, tmp_path))
    assert 0 == status
    assert f"compare it with contract or invoice: {example.key.vkey}" in text


def test_json_says_the_same(pack, tmp_path):
    status, text = run(unpack(pack.files, tmp_path), "--json")
    found = json.loads(text)
    assert (0, True, None) == (status, found["ok"], found["cause"])
    assert json.loads(pack.files["claim.json"]) == found["claim"]
    (tmp_path / "gaps.csv").write_bytes(b"")
    status, text = run(tmp_path, "--json")
    found = json.loads(text)
    assert (1, False, "manifest") == (status, found["ok"], found["cause"])
    assert "gaps.csv does not match its sha256" == found["message"]


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_it_runs_with_nothing_but_the_standard_library(pack, example, tmp_path, form):
    program = tmp_path / "verify.py"
    program.write_bytes(pack.files["verify.py"])
    path = tmp_path / "pack.zip"
    path.write_bytes(write_zip(pack.files))
    if form == "folder":
        path = unpack(pack.files, tmp_path / "pack")
    command = [sys.executable, "-S", "-I", str(program), str(path), "--key", example.key.vkey]
    good = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert (0, b"") == (good.returncode, good.stderr)
    with (path if form == "zip" else path / "claim.json").open("ab") as stream:
        stream.write(b"\n")
    bad = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    assert (1, b"") == (bad.returncode, bad.stderr)
    assert re.search(rb"FAILED (container|manifest): ", bad.stdout)
    command[4] = str(tmp_path / "no such pack")
    assert 2 == subprocess.run(command, capture_output=True, check=False).returncode


def test_it_is_one_short_file_for_python_3_10():
    source = Path(verify.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 10))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    assert len(source.splitlines()) < 620


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("/no/such/pack.zip",),
        ("{pack}", "--key", "not a key"),
        ("{pack}", "--key", ""),
        ("{pack}", "--key", "exotherm/baths+00000000+AaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"),
        ("{pack}", "--unknown"),
        ("{pack}", "{pack}"),
    ],
)
def test_misuse_ends_with_2(pack, tmp_path, arguments):
    unpack(pack.files, tmp_path)
    status, _ = run(*(argument.format(pack=tmp_path) for argument in arguments))
    assert 2 == status


def test_help_ends_with_0():
    assert 0 == run("--help")[0]


# ------------------------------------------------------------------------ tampering without the key


def test_no_byte_of_the_zip_can_change(pack, check):
    rng = random.Random(1)  # noqa: S311 - not a secret
    whole = write_zip(pack.files)
    directory = whole.index(b"PK\x01\x02")
    places = [rng.randrange(len(whole)) for _ in range(700)] + [*range(90)]
    places += rng.sample(range(directory, len(whole)), 250)
    for at in places:
        assert check(flipped(whole, at, rng)) == "container", at


def test_no_byte_may_be_missing_or_added(pack, check):
    rng = random.Random(2)  # noqa: S311 - not a secret
    whole = write_zip(pack.files)
    for cut in [0, 1, 29, 30, len(whole) - 1, *rng.sample(range(len(whole)), 30)]:
        assert check(whole[:cut]) == "container", cut
        assert check(whole[:cut] + b"\x00" + whole[cut:]) == "container", cut
    assert check(whole + whole) == "container"


def test_no_byte_of_any_file_can_change(pack, check):
    rng = random.Random(3)  # noqa: S311 - not a secret
    for name, data in pack.files.items():
        for _ in range(80):
            at = rng.randrange(len(data)) if data else 0
            cause = check({**pack.files, name: flipped(data, at, rng)})
            expected = (
                {"checkpoint", "key", "signature"} if name == "log/checkpoint" else {"manifest"}
            )
            assert cause in expected | {"format", "unreadable"}, (name, at)
            assert (cause == "unreadable") <= (name == "manifest-sha256.txt"), (name, at)


def test_no_byte_of_the_checkpoint_can_change(pack, check):
    rng = random.Random(4)  # noqa: S311 - not a secret
    data = pack.files["log/checkpoint"]
    causes = {
        check({**pack.files, "log/checkpoint": flipped(data, at, rng)}) for at in range(len(data))
    }
    assert {"checkpoint", "key", "signature"} == causes


def test_no_file_can_be_dropped_or_added(pack, check):
    for name in pack.files:
        kept = {key: data for key, data in pack.files.items() if key != name}
        expected = "manifest" if name.startswith("readings/") else "container"
        assert check(kept) == expected, name
    for name in ("extra.txt", "readings/extra.csv", "readings/../x.csv", "claim.JSON", "log/x"):
        expected = "manifest" if name == "readings/extra.csv" else "container"
        assert check({**pack.files, name: b"1\n"}) == expected, name


def test_two_lines_cannot_be_swapped(pack, check):
    rng = random.Random(5)  # noqa: S311 - not a secret
    for name in ("readings/rack.csv", "log/leaves.csv", "manifest-sha256.txt"):
        lines = pack.files[name].splitlines(keepends=True)
        for _ in range(20):
            first, second = rng.sample(range(len(lines)), 2)
            swapped = list(lines)
            swapped[first], swapped[second] = lines[second], lines[first]
            assert check({**pack.files, name: b"".join(swapped)}) == "manifest", (first, second)


def test_a_forger_without_the_key_gets_nowhere(pack, example, check):
    """Everything is hashed anew and the checkpoint signed, but with another key."""
    claim = pack.files["claim.json"].replace(b'"avoided_kgco2e": "', b'"avoided_kgco2e": "9')
    changed = {**pack.files, "claim.json": claim}
    manifest = example.sign_again(changed, example.other_key)["manifest-sha256.txt"]
    assert check({**changed, "manifest-sha256.txt": manifest}) == "checkpoint"
    assert check(example.sign_again(changed, example.other_key)) == "key"
    own = claim.replace(example.key.vkey.encode(), example.other_key.vkey.encode())
    forged = example.sign_again({**changed, "claim.json": own}, example.other_key)
    assert check(forged, "--key", example.key.vkey) == "key"


def test_a_pack_of_another_site_does_not_pass_for_this(pack, example, check):
    inputs = pack.files["inputs.json"].replace(b'"slug": "baths"', b'"slug": "pool"')
    assert check(example.sign_again({**pack.files, "inputs.json": inputs})) == "checkpoint"


def test_a_folder_is_held_to_the_same(pack, tmp_path):
    def cause(change):
        folder = unpack(pack.files, tmp_path / change.__name__)
        change(folder)
        status, text = run(folder)
        assert 1 == status, change
        return CAUSE.findall(text)

    def extra_folder(folder):
        (folder / "readings" / "empty").mkdir()

    def link(folder):
        (folder / "gaps.csv").rename(tmp_path / "elsewhere.csv")
        (folder / "gaps.csv").symlink_to(tmp_path / "elsewhere.csv")

    def linked_folder(folder):
        (folder / "log").rename(tmp_path / "elsewhere")
        (folder / "log").symlink_to(tmp_path / "elsewhere")

    def extra_file(folder):
        (folder / "__pycache__.pyc").write_bytes(b"")

    def missing(folder):
        (folder / "claim.json").unlink()

    def nothing(folder):
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()

    for change in (extra_folder, link, linked_folder, extra_file, missing, nothing):
        assert ["container"] == cause(change), change


# ------------------------------------------------------------------------ cheating with the key


def edited(files, name, *pairs):
    text = files[name].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {**files, name: text.encode()}


def test_signing_again_what_is_unchanged_changes_nothing(pack, example):
    assert dict(pack.files) == example.sign_again(pack.files)


def test_no_number_of_the_claim_can_be_another(pack, example, check):
    text = pack.files["claim.json"].decode()
    numbers = list(re.finditer(r"[0-9](?=[0-9.]*\"?,?\n)", text))
    numbers = [match for match in numbers if '"key"' not in text[: match.end()].splitlines()[-1]]
    assert len(numbers) > 200
    for match in numbers[::2]:
        other = str((int(match[0]) + 1) % 10)
        changed = text[: match.start()] + other + text[match.end() :]
        forged = example.sign_again({**pack.files, "claim.json": changed.encode()})
        assert check(forged) in {"claim", "format", "unreadable"}, changed[
            match.start() - 40 : match.end()
        ]


@pytest.mark.parametrize(
    ("name", "old", "new", "cause"),
    [
        ("claim.json", '"claimable": true', '"claimable": false', "claim"),
        ("claim.json", '  "hours"', ' "hours"', "format"),
        ("claim.json", "}\n}\n", "}\n}\n\n", "format"),
        ("inputs.json", '"value": "363"', '"value": "36.3"', "claim"),
        ("inputs.json", '"value": "363"', '"value": 363.0', "format"),
        ("inputs.json", '"value": "363"', '"value": "0x16B"', "format"),
        ("inputs.json", '"value": "363"', '"value": NaN', "format"),
        ("inputs.json", '"value": "363"', '"value": "1E+99"', "format"),
        ("inputs.json", '"kw_max": "3"', '"kw_max": "2.5"', ""),
        ("inputs.json", '"kw_max": "3"', '"kw_max": "0.01"', "claim"),
        ("inputs.json", '"boundary_s": 0', '"boundary_s": -1', "claim"),
        ("inputs.json", '"coverage": "1.645"', '"coverage": "1.28"', "format"),
        ("inputs.json", '"clock_slack_s": 120', '"clock_slack_s": 7200', "format"),
        ("inputs.json", "exotherm-evidence-1", "exotherm-evidence-2", "format"),
        ("inputs.json", '"decimals": 1', '"decimals": 2', "lines"),
        ("inputs.json", '"name": "rack.site_kwh"', '"name": "rack.total_kwh"', "lines"),
        ("inputs.json", "2026-01-15T23", "2026-01-15T22", "claim"),
        ("inputs.json", "2026-01-15T23", "2030-01-15T23", "format"),
        ("meters.json", '"name": "rack"', '"name": "ruck"', "meters"),
        ("meters.json", '"serial": "4711"', '"serial": 4711.5', "format"),
        ("gaps.csv", "reason\n", 'reason\nrack.it_kwh,1768431600,1768435200,"x"\n', "gaps"),
        ("invoice.json", '"amount": "83.96"', '"amount": "83.95"', "invoice"),
        ("invoice.json", '"quantity": "1112"', '"quantity": "1113"', "invoice"),
        ("invoice.json", '"net_amount": "294.46"', '"net_amount": "294.47"', "invoice"),
        ("invoice.json", '"vat_amount": "55.95"', '"vat_amount": "55.94"', "invoice"),
        ("invoice.json", '"total_amount": "350.41"', '"total_amount": "350.40"', "invoice"),
        ("invoice.json", '"period_start": "2026-01-15"', '"period_start": "2026-01-17"', "invoice"),
        ("invoice.json", '"opening_count": 99999000', '"opening_count": 99998999', "invoice"),
        ("invoice.json", '"closing_count": 1112', '"closing_count": 1134', "invoice"),
        ("invoice.json", '"digits": 8', '"digits": 9', "invoice"),
        ("invoice.json", '"unit": "kWh"', '"unit": "MWh"', "invoice"),
        ("invoice.json", '"point": "heat_meter.heat_kwh"', '"point": "no.such"', "invoice"),
        ("invoice.json", '"lines": [', '"lines": [[],', "format"),
        ("log/leaves.csv", "index,", "number,", "leaves"),
        ("README.txt", "Evidence", "Evidenz", ""),
    ],
)
def test_what_the_holder_of_the_key_states_is_recomputed(
    pack, example, check, name, old, new, cause
):
    forged = example.sign_again(edited(pack.files, name, (old, new)))
    assert check(forged) == cause


def test_an_invoice_at_another_rounding_rule_is_found(pack, example, check):
    # 2 · 83.956 has no tie; a tie shows the rule: 1 · 0.125 is 0.13 up and 0.12 to even.
    tie = (
        ('"amount": "150.00"', '"amount": "0.13"'),
        ('"price": "150"', '"price": "0.125"'),
        ('"net_amount": "294.46"', '"net_amount": "144.59"'),
        ('"vat_amount": "55.95"', '"vat_amount": "27.47"'),
        ('"total_amount": "350.41"', '"total_amount": "172.06"'),
    )
    files = edited(pack.files, "invoice.json", *tie)
    assert check(example.sign_again(files)) == ""
    even = edited(files, "invoice.json", ('"half-up"', '"half-even"'))
    assert check(example.sign_again(even)) == "invoice"


def leaves_for(files):
    """Hash the lines as they stand, whatever they say."""
    out = ["index,point,hour_s,lines,salt,leaf"]
    blocks: dict[tuple[str, int], list[str]] = {}
    for name in ("readings/heat_meter.csv", "readings/rack.csv"):
        for line in files[name].decode().splitlines(keepends=True):
            _, point, _, at, *_ = line.split(",")
            blocks.setdefault((point, int(at) // 3600 * 3600), []).append(line)
    for index, ((point, hour_s), lines) in enumerate(blocks.items()):
        leaf = hashlib.sha256(b"\x00" + bytes(16) + "".join(lines).encode()).hexdigest()
        out.append(f"{index},{point},{hour_s},{len(lines)},{bytes(16).hex()},{leaf}")
    return ("\n".join(out) + "\n").encode()


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("rack.it_kwh,3,1768434300,", "rack.it_kwh,4,1768434300,", "lines"),
        ("rack.it_kwh,3,1768434300,", "rack.it_kwh,3,1768431599,", "lines"),
        ("rack.it_kwh,3,1768434300,", "rack.it_kwh,3,01768434300,", "lines"),
        ("rack.it_kwh,3,1768434300,", "rack.it_kwh,3,1768434300,0", "lines"),
        ("rack.it_kwh,3,1768434300,", "rack.it_kwh,3,1768434300,+", "lines"),
        ("6000750,kwh,1,good", "6000750,kwh,1,fine", "lines"),
        ("6000750,kwh,1,good", "6000750,mwh,1,good", "lines"),
        ("6000750,kwh,1,good", "6000750,kwh,2,good", "lines"),
        ("6000750,kwh,1,good", "6000750,kwh,1,good ", "lines"),
        ("6000750,kwh,1,good", "6000750,kwh,1,suspect", ""),
        ("6000000,kwh,1,good", "6000010,kwh,1,good", "claim"),
        ("v1,rack.it_kwh,3,", "v2,rack.it_kwh,3,", "lines"),
        ("v1,rack.it_kwh,96,", "v1,rack.zz_kwh,96,", "lines"),
    ],
)
def test_readings_are_held_to_one_form_even_by_the_key(pack, example, check, old, new, cause):
    files = edited(pack.files, "readings/rack.csv", (old, new))
    assert check(example.sign_again(files, leaves=leaves_for(files))) == cause


def test_a_line_cannot_be_left_out_even_by_the_key(pack, example, check):
    lines = pack.files["readings/rack.csv"].splitlines(keepends=True)
    files = {**pack.files, "readings/rack.csv": b"".join(lines[:50] + lines[51:])}
    assert check(example.sign_again(files, leaves=leaves_for(files))) == "lines"


def test_points_stand_in_order_even_by_the_key(pack, example, check):
    lines = pack.files["readings/rack.csv"].splitlines(keepends=True)
    files = {**pack.files, "readings/rack.csv": b"".join(lines[97:] + lines[:97])}
    assert check(example.sign_again(files, leaves=leaves_for(files))) == "lines"


def test_a_file_of_readings_belongs_to_a_point_even_by_the_key(pack, example, check):
    assert check(example.sign_again({**pack.files, "readings/extra.csv": b""})) == "lines"
    rack = pack.files["readings/rack.csv"]
    renamed = {name: data for name, data in pack.files.items() if name != "readings/rack.csv"}
    assert check(example.sign_again({**renamed, "readings/ruck.csv": rack})) == "lines"


def test_a_key_of_another_name_is_not_that_of_the_site(pack, example, check):
    stranger = key_from_private("exotherm/pool", example.key.private)
    forged = edited(pack.files, "claim.json", (example.key.vkey, stranger.vkey))
    assert check(example.sign_again(forged, stranger)) == "key"


def test_every_line_of_the_bill_names_the_same_readings(pack, example, check):
    text = pack.files["invoice.json"].decode()
    first, second, third = text.split('"closing_count": 1112')
    for forged in (
        f'{first}"closing_count": 1112{second}"closing_count": 1134{third}',
        f'{first}"closing_count": 1134{second}"closing_count": 1112{third}',
    ):
        changed = {**pack.files, "invoice.json": forged.encode()}
        assert check(example.sign_again(changed)) == "invoice"


def test_a_leaf_is_that_of_its_lines(pack, example, check):
    text = pack.files["log/leaves.csv"].decode()
    for forged in (text.replace(",4,", ",3,", 1), text.rpartition("\n0")[0] + "\n", text[:-70]):
        changed = example.sign_again(pack.files, leaves=forged.rstrip("\n").encode() + b"\n")
        assert check(changed) == "leaves"


def test_the_first_law_decides_what_is_plausible(example, check):
    few = {**example.samples()}
    few[example.site.name] = few[example.site.name][:1]
    low = RegisterUse(point=example.site.name, kw_max=Decimal(20), source="main fuse")
    registers = {**example.registers, Role.SITE: low}
    assert check(example.build(samples=few, registers=registers).files) == "implausible"


# ------------------------------------------------------------------------ packs of other shapes


def test_packs_with_losses_and_faults_are_recomputed_alike(example, check):
    rng = random.Random(6)  # noqa: S311 - not a secret
    qualities = [Quality.GOOD] * 8 + [Quality.SUSPECT, Quality.INVALID]
    without = {"invoice": {**example.invoice(), "lines": [], "net_amount": "0"}}
    without["invoice"] |= {"vat_amount": "0.00", "total_amount": "0.00"}
    for number in range(12):
        samples = {
            name: tuple(
                replace(
                    one,
                    quality=rng.choice(qualities),
                    source_at=one.source_at + timedelta(seconds=rng.choice([0, 0, 0, 7])),
                )
                for one in taken
                if rng.random() < 0.7
            )
            for name, taken in example.samples().items()
        }
        if number % 3 == 0:
            samples[example.auxiliary.name] = samples[example.auxiliary.name][:1]
        if number % 4 == 0:
            samples[example.heat.name] = tuple(reversed(samples[example.heat.name]))[:50]
        inputs = example.inputs_with(
            induced_frac=example.factor(rng.choice(["0", "0.125"])),
            other_kgco2e=rng.choice([None, example.factor("1.8", "0.2")]),
            grid_upstream_gco2e_per_kwh=rng.choice([None, example.factor("55.5")]),
        )
        pack = example.build(samples=samples, inputs=inputs, boundary_s=number % 2 * 10, **without)
        assert check(pack.files) == "", number


def test_a_site_without_readings_still_has_a_pack(example, check):
    empty = {"lines": [], "net_amount": "0", "vat_amount": "0.00", "total_amount": "0.00"}
    pack = example.build(samples={}, invoice={**example.invoice(), **empty})
    assert check(pack.files) == ""
    assert pack.claim.avoided.avoided_kgco2e < 0


def test_readings_near_the_ends_may_be_billed_within_the_tolerance(example, check):
    shifted = {
        name: tuple(replace(s, source_at=s.source_at - timedelta(seconds=40)) for s in taken)
        for name, taken in example.samples().items()
    }
    assert check(example.build(samples=shifted, boundary_s=60).files) == ""
    tight = example.build(samples=shifted, boundary_s=60, invoice_reading_s_max=39)
    assert check(tight.files) == "invoice"


# ------------------------------------------------------------------------ hostile packs


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\xff" * 26,
        b"PK\x03\x04" + b"\xff" * 26 + bytes(1000),
        b"\x1f\x8b" + bytes(100),
        bytes(10**6),
    ],
)
def test_what_is_no_pack_is_refused(check, data):
    assert check(data) in {"container", "unreadable"}


def test_hostile_documents_are_unreadable_not_a_crash(pack, example, check):
    for name, data in (
        ("inputs.json", b"[" * 100_000),
        ("inputs.json", b'{"a": "\\ud800"}'),
        ("inputs.json", b"\xff\xfe"),
        ("inputs.json", b"9" * 10_000),
        ("inputs.json", b"null\n"),
        ("claim.json", b"{}\n"),
        ("invoice.json", b"[]\n"),
        ("meters.json", b"{}\n"),
        ("log/checkpoint", b""),
        ("log/checkpoint", b"\n" * 50),
        ("log/checkpoint", b"exotherm/baths\n"),
    ):
        forged = {**pack.files, name: data}
        if name != "log/checkpoint":
            forged = example.sign_again(forged)
        assert check(forged) in {"unreadable", "format", "meters", "checkpoint"}, (name, data[:20])


def test_sizes_are_bounded(pack, tmp_path, monkeypatch, check):
    monkeypatch.setattr(verify, "BYTES_MAX", 10_000)
    assert check(write_zip(pack.files)) == "container"
    status, text = run(unpack(pack.files, tmp_path / "folder"))
    assert (1, ["container"]) == (status, CAUSE.findall(text))


def test_a_zip_of_very_many_files_is_refused(check):
    assert check({f"{number:04}": b"" for number in range(300)}) == "container"
