"""Captured telegrams in every dress that people keep them in, and what is no telegram."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mbus_peers import NAMES, frame_of

from exotherm.cli.main import run
from exotherm.devices.mbus.frame import build_ack, build_long, build_short
from exotherm.usecases.decode_mbus import decode_capture, decoded_json

HEAT, OMS = frame_of("kamstrup_multical_601"), frame_of("oms_frame3")
ROWS = [(at, OMS[at : at + 16]) for at in range(0, len(OMS), 16)]
BROKEN = build_long(
    control=8,
    address=5,
    information=0x72,
    data=bytes.fromhex("78563412244001045500 0000 0C0678563412 0C141234"),
)


def meters_of(content: bytes) -> list[str]:
    decoded = decode_capture(content, file="x")
    assert decoded.findings == ()
    return [telegram.identification for telegram in decoded.telegrams]


def codes_of(content: bytes) -> list[str]:
    return [finding.code for finding in decode_capture(content, file="x").findings]


@pytest.mark.parametrize(
    "content",
    [
        OMS,
        OMS.hex().encode(),
        OMS.hex(" ").upper().encode(),
        ", ".join(f"0x{byte:x}" for byte in OMS).encode(),
        "".join(f"\\x{byte:02X}" for byte in OMS).encode(),
        f"# Zähler\n{OMS.hex('-')} // done\r\n".encode(),
        OMS.hex().encode("utf-16"),
        OMS.hex(" ").encode("utf-16-le"),
        b"\xef\xbb\xbf" + OMS.hex().encode(),
        "\n".join(OMS.hex(" ").split()).encode(),
        build_short(control=0x40, address=1) + build_ack() + OMS,
        # The echo of a converter, and the telegram behind it.
        build_short(control=0x5B, address=1) * 2 + OMS,
        " ".join(f"{byte:02X}h" for byte in OMS).encode(),
        "".join(f"<{byte:02x}>" for byte in OMS).encode(),
        # Dumps, with and without the characters, and the offset at the end.
        "".join(
            f"{at:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')} |..#h|\n" for at, row in ROWS
        ).encode()
        + b"00000042\n",
        "".join(f"{at:08x}: {row.hex(' ', 2)}  h<<h..ab cd\n" for at, row in ROWS).encode(),
        # Logs.
        f"12:00:01 10 5B 01 5C 16\n12:00:02.250 {OMS.hex(' ')}\n".encode(),
        f"[2026-11-26 12:00:01] RX (66 bytes): {OMS.hex(' ')}\n".encode(),
        f"12:00:01 started on port 10001, 2400 Bd\n12:00:02 << {OMS.hex()}\n".encode(),
        "".join(f"12:00:0{at // 16} got {row.hex(' ')}\n" for at, row in ROWS).encode(),
        f"static const uint8_t telegram[] = {{ 0x{OMS.hex(' ').replace(' ', ', 0x')} }};".encode(),
        json.dumps({"meter": "12", "frame": OMS.hex()}).encode(),
    ],
)
def test_reads_a_telegram_however_its_bytes_are_kept(content: bytes) -> None:
    assert ["12345678"] == meters_of(content)


def test_reads_several_telegrams_in_their_order() -> None:
    content = f"{OMS.hex()}\n10 7B 01 7C 16\n{HEAT.hex(' ')}".encode()
    assert ["12345678", "06855817"] == meters_of(content)
    told = decoded_json(decode_capture(content, file="x"), "x")
    telegrams, records = told["telegrams"], told["records"]
    assert isinstance(telegrams, list)
    assert isinstance(records, list)
    assert len(telegrams) == 2
    assert [record for each in telegrams for record in each["records"]] == records


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["capture.empty"]),
        (b" \n\t", ["capture.empty"]),
        (b"# nothing", ["capture.empty"]),
        (b"0x", ["capture.empty"]),
        (b"hello", ["capture.not-hexadecimal"]),
        (b"68 1", ["capture.not-hexadecimal"]),
        (b"\x00" * 9, ["capture.frame-damaged"]),
        (b"\xff\xfe", ["capture.empty"]),
        (b"aa bb", ["capture.frame-damaged"]),
        (b"E5", ["capture.no-answer"]),
        (build_short(control=0x5B, address=1), ["capture.no-answer"]),
        (OMS[:-2] + b"\x00\x16", ["capture.frame-damaged"]),
        (OMS[:-1], ["capture.frame-damaged"]),
        (b"\x00" + OMS + b"\x68", ["capture.frame-damaged", "capture.frame-damaged"]),
        (BROKEN, ["capture.telegram-unreadable"]),
        (OMS + OMS, ["capture.number-repeated"]),
        (OMS + HEAT + OMS, ["capture.number-repeated"]),
    ],
)
def test_says_what_is_wrong_with_a_file(content: bytes, codes: list[str]) -> None:
    binary = content[:1] in {b"h", b"\x10", b"\x00"} and len(content) > 9
    shown = content.hex().encode() if binary else content
    assert codes == codes_of(shown)


def test_a_good_telegram_is_read_between_bytes_that_are_none() -> None:
    content = b"0000" + OMS.hex().encode() + b"ffff" + HEAT.hex().encode() + b"68"
    decoded = decode_capture(content, file="x")
    assert len(decoded.telegrams) == 2
    assert [0, 68, 70 + len(HEAT)] == [finding.data["at"] for finding in decoded.findings]
    assert not decoded.good


def test_bytes_that_begin_in_the_middle_are_bytes_all_the_same() -> None:
    decoded = decode_capture(b"\x00\x01" + HEAT + b"ab", file="x")
    assert ["06855817"] == [telegram.identification for telegram in decoded.telegrams]
    assert [0, 2 + len(HEAT)] == [finding.data["at"] for finding in decoded.findings]


def test_a_log_in_colours_is_a_text() -> None:
    content = f"\x1b[32m12:00:01 RX\x1b[0m {OMS.hex(' ')}\n".encode()
    assert ["12345678"] == meters_of(content)


def test_an_encrypted_telegram_of_a_meter_without_a_number_is_told() -> None:
    data = bytes.fromhex("2A 00 10 05") + b"\xa5" * 16
    short = build_long(control=8, address=5, information=0x7A, data=data)
    (finding,) = decode_capture(short, file="x").findings
    assert finding.code == "capture.encrypted"
    assert "of meter without a number are encrypted (mode 5, AES-128-CBC)" in finding.message


def test_a_damaged_frame_in_a_log_is_told() -> None:
    content = f"12:00:01 RX {OMS.hex(' ')}\n12:00:02 RX {HEAT[:-2].hex(' ')} 00 16\n".encode()
    decoded = decode_capture(content, file="x")
    assert ["12345678"] == [telegram.identification for telegram in decoded.telegrams]
    assert ["capture.frame-damaged"] == [finding.code for finding in decoded.findings]


@pytest.mark.parametrize(
    "content",
    [
        # A word among the digits of a lone frame, a digit that lacks, and offsets that are none.
        OMS.hex(" ").replace("72", "7z", 1),
        f"{OMS.hex()}\n68 3",
        f"12:00:01 RX {OMS[:-2].hex(' ')} 00 16",
    ],
)
def test_what_is_no_log_is_no_hexadecimal(content: str) -> None:
    assert ["capture.not-hexadecimal"] == codes_of(content.encode())


def test_offsets_that_do_not_count_are_digits() -> None:
    content = f"00000004: {OMS.hex(' ')}".encode()
    assert ["capture.frame-damaged"] == codes_of(content)


def test_names_the_line_of_what_is_no_digit() -> None:
    (finding,) = decode_capture(b"68 03\n# fine\n03 zz", file="x").findings
    assert (finding.where.line, finding.where.file) == (3, "x")
    assert "'zz' is no hexadecimal number" in finding.message


def test_nothing_of_a_broken_telegram_is_valid() -> None:
    decoded = decode_capture(BROKEN, file="x")
    (telegram,) = decoded.telegrams
    assert [False, False] == [record.valid for record in telegram.records]
    assert telegram.records[0].value == 12345678
    assert not decoded.good


@given(st.binary(max_size=400))
def test_any_file_at_all_is_read_or_complained_of(content: bytes) -> None:
    decoded = decode_capture(content, file="x")
    assert decoded.telegrams or decoded.findings
    json.dumps(decoded_json(decoded, "x"), allow_nan=False)


@given(st.text(alphabet="0123456789abcdefx ,#\n68", max_size=200))
def test_any_text_of_digits_is_read_or_complained_of(text: str) -> None:
    decoded = decode_capture(text.encode(), file="x")
    assert decoded.telegrams or decoded.findings


@pytest.mark.parametrize("name", NAMES)
def test_the_command_prints_every_record(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "telegram.hex"
    file.write_text(frame_of(name).hex(" "))
    exit_code = run(["operate", "decode", "mbus", str(file), "--json"])
    told = json.loads(capsys.readouterr().out, parse_float=Decimal)
    for record in told["records"]:
        assert {
            "value",
            "unit",
            "function",
            "storage",
            "tariff",
            "subunit",
            "valid",
            "raw",
        } <= record.keys()
    assert all(record["valid"] for record in told["records"]) is (exit_code == 0)
    assert told["findings"] == []
    (telegram,) = told["telegrams"]
    assert telegram["records"] == told["records"]


@pytest.mark.parametrize("content", [b"", OMS, OMS + HEAT, b"hello"])
def test_the_answer_has_one_shape_however_many_telegrams_there_are(content: bytes) -> None:
    told = decoded_json(decode_capture(content, file="x"), "x")
    assert list(told) == ["file", "telegrams", "records", "findings"]


def test_the_command_shows_a_telegram_within_80_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "telegram.hex"
    file.write_text(HEAT.hex())
    run(["operate", "decode", "mbus", str(file)])
    lines = capsys.readouterr().out.splitlines()
    assert f"  {'energy':<22} {37351:>19} kWh" in lines
    assert f"  {'power':<22} {'44.8':>19} kW    maximum" in lines
    assert max(map(len, lines)) <= 80
