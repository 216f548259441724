"""Rounds in which a gateway is killed at a random moment, and what is lost or doubled by it."""

import asyncio
import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiomqtt

from exotherm.store.sqlite import Store, open_store
from exotherm.usecases.forwarding import RECEIVER

START = datetime(2026, 10, 1, tzinfo=UTC)
SPEED = 1_800.0
"""a quarter of an hour in half a second"""
_PROGRAM = Path(__file__).with_name("killed_gateway.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """What came of all rounds."""

    killed: int
    stored: int
    """samples that the store has"""
    heard: int
    """messages by their keys that the broker passed on"""
    again: int
    """messages that came more than once"""
    lost: tuple[str, ...]
    """keys of what was stored and never heard"""
    invented: tuple[str, ...]
    """keys of what was heard and is not in the store"""


class Upper:
    """The upper side: hears everything under the topic, in a thread of its own."""

    def __init__(self, port: int) -> None:
        self.keys: Counter[str] = Counter()
        self._port = port
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)
        self._thread.start()
        assert self._listening.wait(10.0)

    async def _listen(self) -> None:
        # The broker ends before this thread does.
        with contextlib.suppress(aiomqtt.MqttError):
            await self._hear()

    async def _hear(self) -> None:
        async with aiomqtt.Client("127.0.0.1", self._port) as client:
            await client.subscribe("test/+/samples", qos=1)
            self._listening.set()
            async for message in client.messages:
                assert isinstance(message.payload, bytes)
                self.keys[json.loads(message.payload)["key"]] += 1


def run_rounds(
    folder: Path,
    port: int,
    *,
    rounds: int,
    seed: int,
    goes_on: Callable[[int], bool] = lambda _: True,
) -> Rounds:
    """Kill a gateway so many times, let it pass on the rest, and compare store and upper side.

    ``goes_on`` hears of each round, and may end them sooner; those that were are judged.
    """
    chance, upper = random.Random(seed), Upper(port)  # noqa: S311 - no secret
    killed = 0
    while killed < rounds and goes_on(killed):
        process = _started(folder, port, START + timedelta(hours=3 * killed))
        time.sleep(chance.uniform(0.0, 1.5))
        _end(process, signal.SIGKILL)
        killed += 1
    process = _started(folder, port, START + timedelta(hours=3 * killed))
    with open_store(folder / "exotherm.db") as store:
        deadline = time.monotonic() + 60.0
        while time.monotonic() < deadline:
            waits = len(store.waiting_messages(RECEIVER, most=1))
            if not waits and len(_stored(store)) <= len(upper.keys):
                break
            time.sleep(0.2)
    _end(process, signal.SIGTERM)
    with open_store(folder / "exotherm.db") as store:
        stored = _stored(store)
    return Rounds(
        killed=killed,
        stored=len(stored),
        heard=len(upper.keys),
        again=sum(count - 1 for count in upper.keys.values()),
        lost=tuple(sorted(stored - upper.keys.keys() - _newest(folder))),
        invented=tuple(sorted(upper.keys.keys() - stored)),
    )


def _started(folder: Path, port: int, start: datetime) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, str(_PROGRAM), str(folder), str(port), start.isoformat(), str(SPEED)],
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for who counts the rounds.
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _end(process: "subprocess.Popen[str]", by: signal.Signals) -> None:
    process.send_signal(by)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def _stored(store: Store) -> set[str]:
    from exotherm.core.period import Period, write_instant

    whole = Period(START - timedelta(days=1), START + timedelta(days=4_000))
    found = store.samples(tuple(store.points()), whole)
    return {
        f"{point} {write_instant(sample.source_at)}"
        for point, samples in found.items()
        for sample in samples
    }


def _newest(folder: Path) -> set[str]:
    """Give the keys of what still waits: kept after the last message that was passed on."""
    with open_store(folder / "exotherm.db") as store:
        return {message.key for message in store.waiting_messages(RECEIVER)}
