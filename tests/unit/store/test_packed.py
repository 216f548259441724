"""Samples in bytes come back as they were, whatever they are, and damage is seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.store.packed import Series, pack, unpack

INT64 = st.integers(-(2**63), 2**63 - 1)
SMALL = st.integers(-300, 300)


def series_of(counts, *, step=60, delays=None, marks=None):
    number = len(counts)
    return Series(
        source_at=np.arange(number, dtype=np.int64) * step,
        delay=np.array(delays or [2] * number, dtype=np.int64),
        counts=np.array(counts, dtype=np.int64),
        marks=np.array(marks or [0] * number, dtype=np.int64),
    )


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@given(rows=st.lists(st.tuples(st.one_of(INT64, SMALL), st.one_of(INT64, SMALL)), min_size=1))
def test_any_whole_numbers_of_64_bits_come_back(rows):
    counts, delays = [row[0] for row in rows], [row[1] for row in rows]
    series = series_of(counts, delays=delays)
    assert same(unpack(pack(series)), series)


@given(values=st.lists(st.floats(allow_nan=False), min_size=1))
def test_the_bits_of_any_floats_come_back(values):
    """No point of ours is of floats; what packs whole numbers packs their bits without a loss."""
    counts = np.array(values, dtype=np.float64).view(np.int64).tolist()
    assert same(unpack(pack(series_of(counts))), series_of(counts))


def test_a_day_of_a_sensor_with_noise_takes_less_than_a_byte_a_sample():
    noise = np.random.default_rng(7).normal(0.0, 5.0, 1440)
    counts = np.round(3800 + 60 * np.sin(np.arange(1440) / 200) + noise).astype(np.int64)
    packed = pack(series_of(counts.tolist()))
    assert len(packed) / 1440 < 0.75
    assert same(unpack(packed), series_of(counts.tolist()))


def test_what_stands_still_takes_next_to_nothing():
    assert len(pack(series_of([5] * 1440))) < 60


@given(place=st.integers(0, 10_000), value=st.integers(0, 255), counts=st.lists(SMALL, min_size=1))
def test_a_byte_that_is_changed_is_seen_or_changes_nothing(place, value, counts):
    packed = bytearray(pack(series_of(counts)))
    before = unpack(bytes(packed))
    packed[place % len(packed)] = value
    try:
        after = unpack(bytes(packed))
    except ValueError:
        return
    assert same(before, after)


@pytest.mark.parametrize("packed", [b"", b"\x01", b"\x05\x00\x00\x00nothing", bytes(40)])
def test_what_is_no_pack_is_refused(packed):
    with pytest.raises(ValueError, match="damaged"):
        unpack(packed)
