"""No code path gives an old value a new time: by the types, by the source, and by what is kept."""

import ast
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.core.samples import Origin, Quality, Sample

SOURCE = Path(__file__).parents[3] / "src" / "exotherm"
AT = datetime(2026, 10, 1, tzinfo=UTC)
# Where a sample is made of what was told: by a device, by a person, or by what was stored of both.
MAKERS = {
    "operate/telegram.py",
    "usecases/hand_reading.py",
    "usecases/polling.py",
    "store/telemetry.py",
    "store/rows.py",
}
# A row of a file whose clock shows an hour twice: which of the two it was is read, not changed.
READS_CLOCKS = {"devices/drop/rows.py"}
SAMPLE = Sample(
    point="heat_meter.heat_kwh",
    source_at=AT,
    received_at=AT + timedelta(seconds=2),
    count=7,
    quality=Quality.GOOD,
)


@given(
    first=st.sampled_from(Quality), second=st.sampled_from(Quality), origin=st.sampled_from(Origin)
)
def test_the_one_change_there_is_leaves_value_times_and_origin_alone(first, second, origin):
    sample = Sample(
        point=SAMPLE.point,
        source_at=SAMPLE.source_at,
        received_at=SAMPLE.received_at,
        count=SAMPLE.count,
        quality=first,
        origin=origin,
    )
    worse = sample.worsened(second)
    order = list(Quality)
    assert worse.quality is max(first, second, key=order.index)
    for name in ("point", "source_at", "received_at", "count", "origin"):
        assert getattr(worse, name) == getattr(sample, name)


@pytest.mark.parametrize("name", ["source_at", "received_at", "count"])
def test_a_sample_is_not_changed_in_place(name):
    with pytest.raises(FrozenInstanceError):
        setattr(SAMPLE, name, None)


def calls_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            yield name, {keyword.arg for keyword in node.keywords}


def test_samples_are_made_where_something_is_told_and_never_from_another_one_with_other_times():
    makers = set()
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(SOURCE).as_posix()
        for name, given_names in calls_of(path):
            if name == "Sample" or "_new_sample(" in path.read_text(encoding="utf-8"):
                makers.add(place)
            if name == "replace" and place not in READS_CLOCKS:
                assert not given_names & {"source_at", "received_at", "count"}, place
    assert makers == MAKERS
