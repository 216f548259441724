"""What a person reads off a display: who and by what, and whether it fits what is around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from october import HEAT, OCTOBER, local, perfect_month
from operated_pool import copy_pool

from exotherm.core.ledger import EntryKind
from exotherm.core.samples import Quality
from exotherm.operate.limits import limits_of
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store
from exotherm.usecases.billing import notes_on_readings
from exotherm.usecases.hand_reading import UnableToEnterReading, enter_reading
from exotherm.usecases.meter_ledger import Said, enter_jump, standing_events
from exotherm.usecases.polling import Poller

CHANGED_AT = local(12, 9, 30)
NEW_FIRST = 5
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    return copy_pool(tmp_path / "pool")


def kept(workspace, samples):
    with open_store(workspace.store) as store:
        store.keep_points(points_of(workspace.site).values())
        store.save_samples(samples)


def heat_at(samples, at):
    return next(one.count for one in samples if (one.point, one.source_at) == (HEAT, at))


def test_each_reading_by_hand_is_told_of_its_month(workspace):
    kept(workspace, perfect_month())
    with open_store(workspace.store) as store:
        for day, who in ((3, "the caretaker"), (4, "the installer")):
            enter_reading(
                workspace.site, store, point_name=HEAT, value=Decimal(heat_at(perfect_month(),
                local(day))), at=local(day, 0, 1), author=who, evidence="photograph", now=NOW
            )  # fmt: skip
        told = [one.message for one in notes_on_readings(store, OCTOBER)]
        assert [one.split(" read ")[0] for one in told] == ["the caretaker", "the installer"]
        (newest,) = standing_events(store)
        assert newest.message.startswith("the installer")


def test_a_reading_by_hand_has_an_author_and_evidence_that_can_be_read(workspace):
    kept(workspace, perfect_month())
    with open_store(workspace.store) as store:
        for words in (("", "sheet"), ("\x1b[2J", "sheet"), ("the caretaker", " ")):
            with pytest.raises(UnableToEnterReading, match=r"author|evidence"):
                enter_reading(
                    *(workspace.site, store),
                    point_name=HEAT,
                    value=Decimal(heat_at(perfect_month(), local(3))),
                    at=local(3, 0, 1),
                    author=words[0],
                    evidence=words[1],
                    now=NOW,
                )


def by_hand(workspace, store, at, count):
    return enter_reading(
        *(workspace.site, store),
        point_name=HEAT,
        value=Decimal(count),
        at=at,
        author="the caretaker",
        evidence="photograph 0117",
        now=NOW,
    )


@pytest.mark.parametrize("without", [(), ("before",), ("after",)])
def test_a_reading_by_hand_is_held_against_those_around_it(workspace, without):
    """Polled readings stop on the 10th and go on on the 12th; on the 11th somebody looks."""
    samples = perfect_month()
    last, first, at = local(10), local(12), local(11)
    kept(
        workspace,
        [
            one
            for one in samples
            if ("before" not in without and one.source_at <= last)
            or ("after" not in without and one.source_at >= first)
        ],
    )
    right = heat_at(samples, at)
    # By the ratings the meter can show so many kWh more in a day and a minute.
    before, after = heat_at(samples, last), heat_at(samples, first)
    most = limits_of(workspace.site).count_max(points_of(workspace.site)[HEAT], timedelta(days=1))
    with open_store(workspace.store) as store:
        if "before" not in without:
            with pytest.raises(UnableToEnterReading, match=r"which is less.*only advances"):
                by_hand(workspace, store, at, before - 1)
        if "after" not in without:
            with pytest.raises(UnableToEnterReading, match=r"which is less.*only advances"):
                by_hand(workspace, store, at, after + 1)
        entered = by_hand(workspace, store, at, right)
        assert (entered.sample.quality, entered.findings) == (Quality.GOOD, ())
        assert store.last_samples(Quality.GOOD)[HEAT].count >= right
    assert most is not None
    assert before < right < after < before + most


@pytest.mark.parametrize(("over", "good"), [(0, True), (1, False)])
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_reading_by_hand_that_the_plant_cannot_have_moved_is_suspect(workspace, over, good, side):
    samples = perfect_month()
    other = next(one for one in samples if (one.point, one.source_at) == (HEAT, local(11)))
    other = replace(other, count=50_000)
    kept(workspace, [other])
    most = limits_of(workspace.site).count_max(points_of(workspace.site)[HEAT], timedelta(days=1))
    assert most is not None
    at, count = {
        "before": (local(12), 50_000 + most + over),
        "after": (local(10), 50_000 - most - over),
    }[side]
    with open_store(workspace.store) as store:
        entered = by_hand(workspace, store, at, count)
        assert (entered.sample.quality is Quality.GOOD) is good
        codes = [one.code for one in entered.findings]
        assert codes == ([] if good else ["meter.register-too-fast"])
        (note,) = notes_on_readings(store, OCTOBER)
        assert ("suspect" in note.message) is not good
        # Being suspect it makes no sound reading after it suspect.
        poller = Poller(workspace.site, lines=None, now=lambda: NOW)  # type: ignore[arg-type]
        poller.recall(store)
        assert poller._good[HEAT].count == (max(50_000, count) if good else 50_000)


def test_a_new_meter_is_entered_before_its_readings_by_hand(workspace):
    samples = perfect_month()
    kept(workspace, [one for one in samples if one.source_at < CHANGED_AT])
    with open_store(workspace.store) as store:
        with pytest.raises(UnableToEnterReading, match="only advances") as raised:
            by_hand(workspace, store, local(13), NEW_FIRST + 20)
        assert "exchanged or reset in between, enter that first" in raised.value.remedy
        enter_jump(
            *(workspace.site, store),
            kind=EntryKind.EXCHANGE,
            point_name=HEAT,
            at=CHANGED_AT,
            last=Decimal(heat_at(samples, CHANGED_AT)),
            first=Decimal(NEW_FIRST),
            said=Said(author="the installer", evidence="exchange sheet 0117", now=NOW),
        )
        assert by_hand(workspace, store, local(13), NEW_FIRST + 20).findings == ()
