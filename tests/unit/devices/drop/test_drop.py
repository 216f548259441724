"""Dropped files: which are whole, what their rows are, and that none is lost or kept twice."""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.devices.drop.files import DropFolder
from exotherm.devices.drop.rows import read_rows
from exotherm.devices.drop.simulate import file_of
from exotherm.devices.errors import UnableToReachMeter
from exotherm.devices.profile import CsvProfile
from exotherm.devices.reading import load_device_profile

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LOADED = load_device_profile("csv-heat-meter")
assert isinstance(LOADED, CsvProfile)
PROFILE: CsvProfile = LOADED
HEADING = "Zeit;Zählernummer;Wärmemenge kWh;Volumen m³\n"


def put(folder: Path, name: str, text: str, *, age_s: float = 3600.0) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    changed = (NOW - timedelta(seconds=age_s)).timestamp()
    os.utime(file, (changed, changed))
    return file


def rows(*lines: str):
    return read_rows((HEADING + "\n".join(lines) + "\n").encode(), PROFILE, file="a.csv")


def test_whole_files_are_taken_once_in_order_and_half_written_ones_stay(tmp_path: Path) -> None:
    put(tmp_path, "b.csv", "x\n")
    put(tmp_path, "a.csv", "x\n")
    put(tmp_path, "cut-off.csv", "x\n12")
    put(tmp_path, "empty.csv", "")
    put(tmp_path, "fresh.csv", "x\n", age_s=5)
    put(tmp_path, "going.csv.filepart", "x\n")
    put(tmp_path, ".hidden.csv", "x\n")
    put(tmp_path, "other.txt", "x\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    folder = DropFolder(tmp_path, "*.csv")
    taken = folder.take(NOW)
    assert [file.name for file in taken] == ["a.csv", "b.csv"]
    assert folder.take(NOW) == taken, "what is not put away is given again"
    assert DropFolder(tmp_path, "*.csv").take(NOW) == taken, "also after a crash"
    folder.put_away(taken[0])
    folder.put_aside(taken[1])
    assert folder.take(NOW) == ()
    assert (tmp_path / "done/a.csv").is_file()
    assert (tmp_path / "aside/b.csv").is_file()
    put(tmp_path, "a.csv", "y\n")
    (again,) = folder.take(NOW)
    folder.put_away(again)
    assert (tmp_path / "done/a.2.csv").read_text() == "y\n"
    assert (tmp_path / "done/a.csv").read_text() == "x\n"


def test_a_file_that_grows_between_two_looks_waits(tmp_path: Path) -> None:
    folder = DropFolder(tmp_path, "*.csv")
    put(tmp_path, "a.csv", "x\n", age_s=10)
    assert folder.take(NOW) == ()
    put(tmp_path, "a.csv", "x\ny\n", age_s=3600)  # a server that keeps the time of the original
    assert folder.take(NOW) == ()
    assert len(folder.take(NOW)) == 1


def test_a_file_that_never_becomes_whole_is_told_once(tmp_path: Path) -> None:
    folder = DropFolder(tmp_path, "*.csv")
    put(tmp_path, "cut.csv", "x\n12")
    put(tmp_path, "empty.csv", "")
    put(tmp_path, "young.csv", "x\n12", age_s=60)
    folder.take(NOW)
    told = {one.where.file: one.data["reason"] for one in folder.waiting(NOW)}
    assert set(told) == {f"{tmp_path.name}/cut.csv", f"{tmp_path.name}/empty.csv"}
    assert told[f"{tmp_path.name}/empty.csv"] == "it is empty"
    folder.take(NOW)
    assert list(folder.waiting(NOW)) == []
    put(tmp_path, "cut.csv", "x\n123")
    folder.take(NOW)
    assert list(folder.waiting(NOW)) == [], "it grows"
    folder.take(NOW)
    assert [one.where.file for one in folder.waiting(NOW)] == [f"{tmp_path.name}/cut.csv"]
    put(tmp_path, "cut.csv", "x\n1234\n")
    folder.take(NOW)
    assert [file.name for file in folder.take(NOW)] == ["cut.csv"]
    (tmp_path / "young.csv").unlink()
    folder.take(NOW)
    assert list(folder.waiting(NOW + timedelta(hours=1))) == []


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be", encoding="utf-8")
    put(tmp_path, "a.csv", "x\n")
    with pytest.raises(UnableToReachMeter, match="cannot be read"):
        DropFolder(tmp_path, "*.csv").take(NOW)
    with pytest.raises(UnableToReachMeter, match="There is no folder"):
        DropFolder(tmp_path / "nowhere", "*.csv").take(NOW)


def test_rows_are_exact_numbers_at_instants_and_doubled_lines_count_once() -> None:
    read = rows(
        "01.11.2026 00:15;61440112;123203;13189,90",
        "01.11.2026 00:00;61440112;123199;13189,45",
        "",
        "01.11.2026 00:15;61440112;123203;13189,90",
        "01.11.2026 00:30;61440112;;13190,05",
    )
    assert read.findings == ()
    assert read.repeated == 1
    assert [row.source_at for row in read.rows] == [
        datetime(2026, 10, 31, 23, minute, tzinfo=UTC) for minute in (0, 15, 30)
    ]
    assert read.rows[1].values["volume_m3"].number == Decimal("13189.90")
    assert read.rows[2].values["heat_kwh"].number is None
    assert read.rows[0].serial == "61440112"


def test_an_hour_that_the_clock_shows_twice_is_two_and_one_that_it_skips_is_none() -> None:
    quarters = [f"25.10.2026 02:{minute:02}" for minute in (0, 15, 30, 45)]
    lines = [f"{at};1;{100 + n};1,0" for n, at in enumerate((*quarters, *quarters))]
    read = rows("25.10.2026 01:45;1;99;1,0", *lines, "25.10.2026 03:00;1;108;1,0")
    assert read.findings == ()
    first = datetime(2026, 10, 24, 23, 45, tzinfo=UTC)
    assert [row.source_at for row in read.rows] == [
        first + n * timedelta(minutes=15) for n in range(10)
    ]
    assert [row.values["heat_kwh"].number for row in read.rows] == list(range(99, 109))
    hourly = rows("25.10.2026 02:00;1;100;1,0", "25.10.2026 02:00;1;104;1,0")
    assert len(hourly.rows) == 2
    skipped = rows("29.03.2026 01:45;1;1;1,0", "29.03.2026 02:15;1;2;1,0")
    assert [found.code for found in skipped.findings] == ["drop.row-unreadable"]
    assert "skipped by the clock" in skipped.findings[0].message
    assert skipped.findings[0].where.line == 3


@pytest.mark.parametrize(
    "line",
    [
        "01.11.2026 00:15;1;123.203;1,0",
        "01.11.2026 00:15;1;1 203;1,0",
        "01.11.2026 00:15;1;NaN;1,0",
        "01.11.2026 00:15;1;1e9;1,0",
        "01.11.2026 00:15;1;1",
        "2026-11-01 00:15;1;1;1,0",
        "31.02.2026 00:15;1;1;1,0",
        "01.11.2026 00:15;1;" + "9" * 40 + ";1,0",
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_others_are_kept(line: str) -> None:
    read = rows("01.11.2026 00:00;1;100;1,0", line)
    assert len(read.rows) == 1
    assert [(found.code, found.where.line) for found in read.findings] == [
        ("drop.row-unreadable", 3)
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a;b\n",
        b'"' * 3,
        (HEADING + "01.11.2026 00:15;1;x;1,0\n").encode(),
        (HEADING + "01.11.2026 00:15;1;1;1,0\n01.11.2026 00:15;1;2;1,0\n").encode(),
    ],
)
def test_a_file_that_cannot_be_read_gives_no_row_and_one_error(content: bytes) -> None:
    read = read_rows(content, PROFILE, file="a.csv")
    assert read.rows == ()
    assert [found.code for found in read.findings] == ["drop.file-unreadable"]


@given(
    st.lists(st.integers(0, 10**8 - 1), min_size=1, max_size=30).map(sorted),
    st.randoms(use_true_random=False),
)
def test_any_order_and_any_repetition_of_lines_gives_the_same_rows(counts, randomly) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    shown = [
        (
            start + n * timedelta(minutes=15),
            {"heat_kwh": Decimal(count), "volume_m3": Decimal(count).scaleb(-2)},
        )
        for n, count in enumerate(counts)
    ]
    plain = read_rows(file_of(PROFILE, shown), PROFILE, file="a.csv")
    mixed = [*shown, *randomly.sample(shown, len(shown) // 2)]
    randomly.shuffle(mixed)
    read = read_rows(file_of(PROFILE, mixed), PROFILE, file="a.csv")
    assert read.rows == plain.rows
    assert [row.values["heat_kwh"].number for row in read.rows] == counts


def test_a_heading_that_stands_twice_is_refused() -> None:
    content = HEADING.rstrip() + ";Wärmemenge kWh\n01.11.2026 00:00;1;1000;1,00;9999\n"
    (finding,) = read_rows(content.encode(), PROFILE, file="a.csv").findings
    assert finding.code == "drop.file-unreadable"
    assert "`Wärmemenge kWh` more than once" in finding.message


def test_a_row_of_the_future_is_told_and_the_others_are_kept() -> None:
    lines = "01.11.2026 00:00;1;1000;1,00\n01.11.2027 00:00;1;1200;2,00\n"
    read = read_rows((HEADING + lines).encode(), PROFILE, file="a.csv", until=NOW)
    assert len(read.rows) == 1
    (finding,) = read.findings
    assert (finding.code, finding.where.line) == ("drop.row-unreadable", 3)
    assert "its time has not come yet" in finding.message
