import random
import sys
from datetime import UTC, date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from demand_files import HOUR, ROME, YEAR, by_local_clock, csv_of, heat_kw, instants, with_offset
from parquet_files import parquet_of

from exotherm.feeds.demand import read_demand

QUARTER = timedelta(minutes=15)
HEAT = [heat_kw(each) for each in instants()]
LOCAL = [each.astimezone(ROME).replace(tzinfo=None) for each in instants()]
DAYS = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(365)]


def read(content, **others):
    return read_demand(content, file="heat.parquet", year=YEAR, zone=ROME, **others)


def only_finding(content, **others):
    demand, (finding,) = read(content, **others)
    assert demand is None
    return finding


@pytest.mark.parametrize(
    "time",
    [
        *(pa.array(instants(), pa.timestamp(unit, tz="UTC")) for unit in ("s", "ms", "us", "ns")),
        pa.array(instants(), pa.timestamp("us", tz="Europe/Rome")),
        pa.array(instants(), pa.timestamp("us", tz="+05:30")),
        *(pa.array(LOCAL, pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")),
        [time for time, _ in with_offset()],
        pa.array([time for time, _ in by_local_clock()], pa.large_string()),
        pa.array([time for time, _ in by_local_clock()]).dictionary_encode(),
    ],
    ids=lambda time: str(getattr(time, "type", "text")),
)
def test_times_of_every_type_are_those_of_the_csv(time):
    demand, findings = read(parquet_of(time=time, heat_kw=HEAT))
    assert findings == ()
    assert demand is not None
    assert list(demand.heat_kw) == HEAT


def test_quarter_hours_come_back_at_their_instants():
    quarters = instants(step=QUARTER)
    content = parquet_of(time=quarters, heat_kwh=[heat_kw(each) / 4 for each in quarters])
    demand, findings = read(content)
    assert findings == ()
    assert demand is not None
    assert demand.step == QUARTER
    assert demand.heat_kw == pytest.approx([heat_kw(each) for each in quarters])


@pytest.mark.parametrize(
    "heat",
    [
        pa.array([25] * 8760, pa.int32()),
        pa.array([25.0] * 8760, pa.float32()),
        pa.array([Decimal("25.0")] * 8760, pa.decimal128(6, 1)),
    ],
    ids=lambda heat: str(heat.type),
)
def test_numbers_of_every_type_are_read(heat):
    demand, findings = read(parquet_of(heat_kw=heat))
    assert findings == ()
    assert demand is not None
    assert demand.heat_kw == pytest.approx(np.full(8760, 25.0))


@pytest.mark.parametrize(
    "time",
    [
        DAYS,
        [f"{day}" for day in DAYS],
        [day.strftime("%Y-%m-%dT00:00") for day in DAYS],
        # Local midnight as programs keep it: an instant of the day before, in UTC.
        [each for each in instants() if each.astimezone(ROME).hour == 0],
    ],
    ids=["dates", "texts", "texts with midnight", "instants"],
)
def test_days_are_read_by_the_local_calendar(time):
    demand, (note,) = read(parquet_of(time=time, heat_kwh=[24.0] * 365))
    assert demand is not None
    assert note.code == "demand.days-spread-evenly"
    assert demand.heat_kwh == pytest.approx(24.0 * 365)


def test_months_are_laid_on_hours_by_the_profile():
    months = parquet_of(heat_mwh=[1.5] * 12)
    assert only_finding(months).code == "demand.profile-needed"
    demand, findings = read(months, profile=np.ones(8760))
    assert findings == ()
    assert demand is not None
    assert demand.heat_kwh == pytest.approx(18_000)


# --- What is wrong with a file


def test_a_column_in_a_known_unit_is_needed_once():
    assert only_finding(parquet_of(gas_m3=[1.0])).code == "demand.column-missing"
    both = parquet_of(heat_kw=[1.0], heat_kwh=[1.0])
    assert only_finding(both).code == "demand.column-missing"


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_value_that_is_none_is_named_by_its_row(value):
    finding = only_finding(parquet_of(heat_kw=[*HEAT[:-1], value]))
    assert (finding.code, finding.where.line) == ("demand.bad-value", 8760)
    assert finding.message.startswith("The heat is empty")


def test_a_time_that_is_none_is_named_by_its_row():
    finding = only_finding(parquet_of(time=[*instants()[:-1], None], heat_kw=HEAT))
    assert (finding.code, finding.where.line) == ("demand.bad-time", 8760)


def test_heat_below_nought_is_named_by_its_row():
    finding = only_finding(parquet_of(heat_kw=[-1.0, *HEAT[1:]]))
    assert (finding.code, finding.where.line) == ("demand.negative", 1)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"heat_kw": ["12"] * 12}, "demand.bad-value"),
        ({"heat_kw": [[1.0]] * 12}, "demand.bad-value"),
        ({"heat_kw": [True] * 12}, "demand.bad-value"),
        ({"heat_kw": [1.0] * 12, "time": list(range(12))}, "demand.bad-time"),
    ],
)
def test_a_column_of_another_type_is_refused(columns, code):
    finding = only_finding(parquet_of(**columns))
    assert finding.code == code
    assert "of the type" in finding.message


@pytest.mark.parametrize("content", [b"", b"PAR1", b"time,heat_kw\n", b"PAR1" * 1000])
def test_bytes_that_are_no_parquet_are_refused(content):
    assert only_finding(content).code == "demand.not-parquet"


def test_times_beyond_the_calendar_are_refused():
    far = pa.array([2**62] * 8760, pa.int64()).cast(pa.timestamp("us"))
    assert only_finding(parquet_of(time=far, heat_kw=HEAT)).code == "demand.not-parquet"


def test_a_longer_file_is_not_read_to_its_end():
    """Ten million equal values are a few kilobytes in such a file."""
    content = parquet_of(heat_kw=np.ones(10_000_000))
    assert len(content) < 100_000
    finding = only_finding(content)
    assert finding.code == "demand.bad-length"
    assert finding.data["values"] == 100_001


def test_a_text_of_megabytes_in_every_row_is_cut():
    time = pa.array(["x" * 5_000_000]).dictionary_encode()
    times = pa.DictionaryArray.from_arrays(pa.array([0] * 8760, pa.int32()), time.dictionary)
    demand, findings = read(parquet_of(time=times, heat_kw=HEAT))
    assert demand is None
    assert {finding.code for finding in findings} == {"demand.bad-time"}
    assert max(len(finding.message) for finding in findings) < 200


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    finding = only_finding(parquet_of(heat_kw=HEAT))
    assert finding.code == "demand.parquet-not-installed"
    assert "exotherm[parquet]" in finding.remedy


def test_damaged_files_give_findings_and_nothing_else():
    """Any byte may be wrong, and any end be missing; mostly the footer is hit."""
    whole = parquet_of(time=instants()[:600], heat_kw=HEAT[:600])
    dice = random.Random(20261126)  # noqa: S311 - damage by chance, the same each time
    for _ in range(1500):
        damaged = bytearray(whole)
        if dice.random() < 0.3:
            del damaged[dice.randrange(len(damaged)) :]
        for _ in range(dice.choice((1, 2, 5))):
            far = dice.random() < 0.4
            at = dice.randrange(len(damaged)) if far else -1 - dice.randrange(900)
            if damaged and -len(damaged) <= at < len(damaged):
                damaged[at] = dice.randrange(256)
        demand, findings = read(bytes(damaged))
        assert demand is None
        assert findings


def test_the_same_table_is_the_same_demand_as_csv():
    by_csv, _ = read(csv_of(with_offset()))
    by_parquet, _ = read(parquet_of(time=instants(), heat_kw=HEAT))
    assert by_csv is not None
    assert by_parquet is not None
    assert list(by_csv.heat_kw) == list(by_parquet.heat_kw)
    assert by_csv.start == by_parquet.start == instants()[0]
    assert by_csv.step == by_parquet.step == HOUR
    assert by_parquet.start.tzinfo is UTC
