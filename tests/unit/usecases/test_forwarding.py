"""Store and forward: nothing that is kept is missed upstairs, whatever happens to the gateway."""

import asyncio
import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gateway_rounds import run_rounds
from pydantic import ValidationError
from servers import free_port, mosquitto

from exotherm.cli.operate_run import _tell
from exotherm.devices.errors import UnableToReachMeter
from exotherm.site.uplink import Uplink
from exotherm.store.backup import back_up, restore
from exotherm.store.sqlite import open_store
from exotherm.usecases.clocks import HandClock
from exotherm.usecases.forwarding import (
    RECEIVER,
    UplinkEvent,
    UplinkNews,
    UplinkOpened,
    forward_for_ever,
    topic_of,
)

START = datetime(2026, 10, 1, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[3] / "examples" / "pool"


@pytest.fixture
def workspace(tmp_path) -> Path:
    folder = tmp_path / "pool"
    return Path(shutil.copytree(EXAMPLE, folder))


def test_a_gateway_that_is_killed_loses_nothing_and_doubles_nothing(workspace, tmp_path):
    with mosquitto(tmp_path) as port:
        found = run_rounds(workspace, port, rounds=4, seed=5)
    assert found.lost == ()
    assert found.invented == ()
    assert found.stored > 10 * found.killed
    assert found.heard == pytest.approx(found.stored, abs=30)


def test_it_is_told_when_the_broker_is_away_and_when_it_is_back(pool_site, tmp_path):
    port, told = free_port(), asyncio.Queue[UplinkEvent]()
    uplink = Uplink(host="127.0.0.1", port=port)
    clock = HandClock(START)

    async def story(store):
        store.put_messages([("a", b"1"), ("b", b"2")], at=START)
        task = asyncio.create_task(
            forward_for_ever(pool_site, uplink, store, clock, on_event=told.put_nowait)
        )
        away = await asyncio.wait_for(told.get(), 10.0)
        store.put_messages([("c", b"3")], at=START)
        with mosquitto(tmp_path, port=port):
            clock.move(START + timedelta(hours=1))
            opened = await asyncio.wait_for(told.get(), 10.0)
            back = await asyncio.wait_for(told.get(), 10.0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        assert store.count_waiting(RECEIVER) == 0
        assert opened == UplinkOpened(topic=f"exotherm/riverside-pool-{store.mark()}")
        return away, back

    with open_store(tmp_path / "exotherm.db") as store:
        away, back = asyncio.run(story(store))
    assert isinstance(away, UplinkNews)
    assert "takes no connection" in str(away.failure)
    assert (away.count, back) == (2, UplinkNews(failure=None, count=3))


def test_the_gateway_says_that_readings_wait_for_the_broker_and_are_kept(capsys):
    failure = UnableToReachMeter("The broker is gone.", remedy="Start it.")
    _tell(UplinkOpened(topic="exotherm/pool-0a1b2c3d"))
    _tell(UplinkNews(failure=failure, count=1200))
    _tell(UplinkNews(failure=None, count=1300))
    told = capsys.readouterr().err
    assert "The uplink hears of this site under exotherm/pool-0a1b2c3d/samples." in told
    assert "store readings" not in told
    assert "The uplink takes nothing for now: The broker is gone." in told
    assert "In the store's outbox until it is back: 1 200 readings" in told.replace("\u202f", " ")
    assert "1 300 readings went on" in told.replace("\u202f", " ")


def test_topics_are_names_that_brokers_take(pool_site):
    named = pool_site.model_copy(
        update={"site": pool_site.site.model_copy(update={"name": "Bad #1 / Ost+West"})}
    )
    uplink = Uplink(host="broker", topic="heat")
    assert topic_of(named, uplink, mark="0a1b2c3d") == "heat/bad--1---ost-west-0a1b2c3d"


def test_two_sites_of_one_name_have_topics_of_their_own_unless_that_is_said(pool_site, tmp_path):
    uplink = Uplink(host="broker")
    topics = []
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "exotherm.db"
        for _ in range(2):
            with open_store(path) as store:
                topics.append(topic_of(pool_site, uplink, mark=store.mark()))
        with open_store(path) as store:
            back_up(store, tmp_path / folder / "backup.db")
        restore(tmp_path / folder / "backup.db", path, replace=True, now=START)
        with open_store(path) as store:
            topics.append(topic_of(pool_site, uplink, mark=store.mark()))
    # A site keeps its own when its gateway begins anew, and when its database is put back.
    assert len(set(topics[:3])) == len(set(topics[3:])) == 1
    assert topics[0] != topics[3]
    assert all(one.startswith("exotherm/riverside-pool-") for one in topics)
    named = Uplink(host="broker", site="riverside")
    assert topic_of(pool_site, named, mark="0a1b2c3d") == "exotherm/riverside"
    with pytest.raises(ValidationError):
        Uplink(host="broker", site="a/b")
