import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.samples import Point, Quality, Sample
from exotherm.prove.lines import (
    blocks_of,
    read_line,
    salt_of,
    utc_s_of,
    write_line,
    write_lines,
)

SUPPLY = Point(name="heat_meter.supply_c", kind="instant", unit="c", decimals=2)
AT = datetime(2026, 10, 1, 12, 0, 0, 999_999, tzinfo=UTC)


def sample(count=-283, at=AT, quality=Quality.GOOD, delay_s=1):
    received = at + timedelta(seconds=delay_s)
    return Sample(
        point=SUPPLY.name, source_at=at, received_at=received, count=count, quality=quality
    )


def test_a_line_is_written_in_the_one_way():
    expected = "v1,heat_meter.supply_c,7,1790856000,-283,c,2,good\n"
    assert expected == write_line(SUPPLY, sample(), seq=7)


@given(
    count=st.integers(-(10**17), 10**17),
    seq=st.integers(0, 10**9),
    at=st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    quality=st.sampled_from(Quality),
)
def test_what_is_written_is_read_again(count, seq, at, quality):
    text = write_line(SUPPLY, sample(count, at, quality), seq=seq)
    line = read_line(text)
    assert text == str(line)
    assert (SUPPLY.name, seq, count, quality) == (line.point, line.seq, line.count, line.quality)
    assert int(at.timestamp() // 1) == line.utc_s


@pytest.mark.parametrize(
    "text",
    [
        "v1,heat_meter.supply_c,7,1790856000,-283,c,2,good",  # no line feed
        "v1,heat_meter.supply_c,7,1790856000,-283,c,2,good\r\n",
        "v1,heat_meter.supply_c,7,1790856000,-283,c,2,good\n\n",
        "v2,heat_meter.supply_c,7,1790856000,-283,c,2,good\n",
        "v1,heat_meter.supply_c,07,1790856000,-283,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,-0,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,+283,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000, 283,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,2_83,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,2.83,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,٢٨٣,c,2,good\n",
        "v1,heat_meter.supply_c,7,-1,283,c,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,283,°C,2,good\n",
        "v1,heat_meter.supply_c,7,1790856000,283,c,02,good\n",
        "v1,heat_meter.supply_c,7,1790856000,283,c,2,GOOD\n",
        "v1,heat_meter.supply_c,7,1790856000,283,c,2,good,\n",
        "v1,Heat.supply_c,7,1790856000,283,c,2,good\n",
        "v1,supply_c,7,1790856000,283,c,2,good\n",
        "",
    ],
)
def test_no_other_way_is_read(text):
    with pytest.raises(ValueError, match="not a canonical reading line"):
        read_line(text)


def test_a_unit_beyond_ascii_is_not_written():
    odd = Point(name=SUPPLY.name, kind="instant", unit="°C", decimals=2)
    with pytest.raises(ValueError, match="not a canonical"):
        write_line(odd, sample(), seq=0)


def test_lines_are_numbered_in_order_of_time_then_of_receipt():
    early, late = sample(1, AT - timedelta(minutes=5)), sample(2)
    corrected = sample(3, delay_s=60)
    lines = [read_line(text) for text in write_lines(SUPPLY, [corrected, late, early])]
    assert [(0, 1), (1, 2), (2, 3)] == [(line.seq, line.count) for line in lines]


def test_blocks_hold_the_lines_of_an_hour_and_a_salt_of_their_own():
    hour = timedelta(hours=1)
    taken = [sample(number, AT + hour * number / 2) for number in range(5)]
    lines = write_lines(SUPPLY, taken)
    blocks = blocks_of(lines, salt_key=b"secret")
    assert [2, 2, 1] == [len(block.lines) for block in blocks]
    assert [utc_s_of(AT), utc_s_of(AT + hour), utc_s_of(AT + 2 * hour)] == [
        block.hour_s for block in blocks
    ]
    assert len({block.salt for block in blocks}) == 3
    assert blocks[0].data == blocks[0].salt + (lines[0] + lines[1]).encode()


def test_salt_is_derived_as_documented():
    expected = hmac.new(b"secret", b"heat_meter.heat_kwh|1790856000", hashlib.sha256).digest()[:16]
    assert expected == salt_of(b"secret", point="heat_meter.heat_kwh", hour_s=1790856000)
