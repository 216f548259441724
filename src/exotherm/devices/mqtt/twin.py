"""A device behind a broker for the twin: publishes what a function tells, again and again."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Self

import aiomqtt

from exotherm.core.errors import UnableTo
from exotherm.devices.credentials import Credentials
from exotherm.devices.errors import UnableToLogIn, UnableToReachMeter
from exotherm.devices.line import Address
from exotherm.devices.mqtt.adapter import BROKEN, connect, failure
from exotherm.devices.mqtt.simulate import messages_of
from exotherm.devices.profile import MqttProfile

_RETRY_S = 5.0


class MqttTwin:
    """A device that publishes the messages of a profile to a broker that somebody else runs.

    Messages that carry their own time are retained, and taken back at the end; those without one
    are not, for a retained value without a time may be of any age. ``on_trouble`` is told once of a
    broker that is not there; it is tried again every few seconds.
    """

    def __init__(
        self,
        profile: MqttProfile,
        values: Callable[[], tuple[datetime, Mapping[str, Decimal | None]]],
        *,
        broker: Address,
        credentials: Credentials,
        member: str,
        serial: str = "12345678",
        every_s: float = 1.0,
        timeout_s: float = 5.0,
        on_trouble: Callable[[UnableTo], None] | None = None,
    ) -> None:
        self._profile = profile
        self._values = values
        self._broker = broker
        self._credentials = credentials
        self._member = member
        self._serial = serial
        self._every_s = every_s
        self._timeout_s = timeout_s
        self._on_trouble = on_trouble
        self._client: aiomqtt.Client | None = None
        self._publishing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._timed = _timed_topics(profile, member)
        self._retained: set[str] = set()

    @property
    def port(self) -> int:
        """The port of the broker."""
        return self._broker.port

    async def __aenter__(self) -> Self:
        if self._on_trouble is None:
            await self.publish()
        self._publishing = asyncio.create_task(self._publish_for_ever())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._publishing is not None
        self._publishing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._publishing
        if self._client is not None:
            with contextlib.suppress(aiomqtt.MqttError, OSError):
                for topic in self._retained:
                    await self._client.publish(topic, b"", qos=1, retain=True)
        await self._let_go()

    async def publish(self) -> None:
        """Publish all messages and wait until the broker has them.

        Raises UnableToReachMeter and UnableToLogIn.
        """
        async with self._turn:
            try:
                if self._client is None:
                    client = connect(self._broker, self._credentials, timeout_s=self._timeout_s)
                    await client.__aenter__()
                    self._client = client
                for topic, payload in self._messages().items():
                    retain = topic in self._timed
                    await self._client.publish(topic, payload, qos=1, retain=retain)
                    self._retained |= {topic} if retain else set()
            except BROKEN as error:
                await self._let_go()
                raise self._missing(await failure(self._broker, self._timeout_s, error)) from error

    def _messages(self) -> dict[str, str]:
        at, values = self._values()
        return messages_of(self._profile, values, member=self._member, at=at, serial=self._serial)

    async def _publish_for_ever(self) -> None:
        told = ""
        while True:
            try:
                await self.publish()
                told = ""
                await asyncio.sleep(self._every_s)
            except UnableTo as error:
                if self._on_trouble is not None and str(error) != told:
                    told = str(error)
                    self._on_trouble(error)
                await asyncio.sleep(_RETRY_S)

    def _missing(self, why: UnableToLogIn | UnableToReachMeter) -> UnableTo:
        if isinstance(why, UnableToLogIn):
            return why
        return UnableToReachMeter(
            f"No broker takes what the twin publishes on {self._broker}.",
            remedy=f"Start one there, as with `mosquitto -p {self._broker.port}`; it is tried again"
            f" every {_RETRY_S:.0f} seconds.",
        )

    async def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(aiomqtt.MqttError, OSError):
                await client.__aexit__(None, None, None)


def _timed_topics(profile: MqttProfile, member: str) -> frozenset[str]:
    """Give the topics of which every value has its own time."""
    timed = {value.topic for value in profile.values if value.time_field}
    timed -= {value.topic for value in profile.values if not value.time_field}
    return frozenset(topic.replace("{address}", member) for topic in timed)
