"""Store and forward: nothing that is kept is missed upstairs, whatever happens to the gateway."""

import shutil
from pathlib import Path

import pytest
from gateway_rounds import run_rounds
from servers import mosquitto

from exotherm.site.uplink import Uplink
from exotherm.usecases.forwarding import topic_of

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


def test_topics_are_names_that_brokers_take(pool_site):
    named = pool_site.model_copy(
        update={"site": pool_site.site.model_copy(update={"name": "Bad #1 / Ost+West"})}
    )
    assert topic_of(named, Uplink(host="broker", topic="heat")) == "heat/bad--1---ost-west"
