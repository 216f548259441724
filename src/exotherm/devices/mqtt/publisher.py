"""MQTT out: values as retained JSON with their own time, and whether we are there at all."""

import json
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import aiomqtt

from exotherm.core.period import write_instant
from exotherm.devices.abilities import Value
from exotherm.devices.credentials import Credentials
from exotherm.devices.line import Address
from exotherm.devices.mqtt.adapter import BROKEN, connect, failure


class MqttPublisher:
    """A connection that publishes values under a topic, and ``offline`` should it break.

    ``<topic>/online`` is retained as ``true`` while it stands; the broker makes it ``false`` where
    the connection ends without a word, which is what a last will is for.
    """

    def __init__(
        self,
        address: Address,
        *,
        topic: str,
        credentials: Credentials,
        timeout_s: float = 5.0,
    ) -> None:
        self._address = address
        self._topic = topic
        self._timeout_s = timeout_s
        will = aiomqtt.Will(f"{topic}/online", payload="false", qos=1, retain=True)
        self._client = connect(address, credentials, timeout_s=timeout_s, will=will)

    async def __aenter__(self) -> Self:
        try:
            await self._client.__aenter__()
            await self._say("online", "true")
        except BROKEN as error:
            raise await failure(self._address, self._timeout_s, error) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Whoever stops us, a person too: the broker's last will speaks only for a broken line.
        try:
            await self._say("online", "false")
        except BROKEN as broken:
            if kind is None:
                raise await failure(self._address, self._timeout_s, broken) from broken
        finally:
            await self._client.__aexit__(kind, error, trace)

    async def publish(self, meter: str, values: Iterable[Value]) -> None:
        """Publish values of a meter, each retained with QoS 1 under its quantity.

        A value without a number is published as null with its reason. Raises UnableToReachMeter.
        """
        try:
            for value in values:
                await self._say(f"{meter}/{value.quantity}", payload_of(value))
        except BROKEN as error:
            raise await failure(self._address, self._timeout_s, error) from error

    async def pass_on(self, name: str, payload: bytes) -> None:
        """Publish one message under a name, not retained, and wait until the broker has it.

        Raises UnableToReachMeter.
        """
        try:
            await self._client.publish(f"{self._topic}/{name}", payload, qos=1, retain=False)
        except BROKEN as error:
            raise await failure(self._address, self._timeout_s, error) from error

    async def _say(self, name: str, payload: str) -> None:
        await self._client.publish(f"{self._topic}/{name}", payload, qos=1, retain=True)


def payload_of(value: Value) -> str:
    """Write a value as JSON with its digits, its own time and its quality."""
    told: dict[str, object] = {
        "value": None if value.number is None else float(value.number),
        "unit": value.unit,
        "source_at": None if value.source_at is None else write_instant(value.source_at),
        "received_at": write_instant(value.received_at),
        "quality": value.quality.value,
    }
    return json.dumps(told | ({"reason": value.reason} if value.reason else {}))
