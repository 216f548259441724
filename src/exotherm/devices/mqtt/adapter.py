"""MQTT in: a device's newest messages, with their own time where they carry one."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import aiomqtt
from aiomqtt.exceptions import MqttConnectError

from exotherm.core.units import format_quantity
from exotherm.devices.abilities import Identity
from exotherm.devices.credentials import Credentials
from exotherm.devices.errors import UnableToLogIn, UnableToReachMeter, UnableToWrite
from exotherm.devices.line import Address, Raw
from exotherm.devices.pointer import pointed
from exotherm.devices.profile import MqttProfile, MqttTold, SetPoint
from exotherm.devices.reaching import unable_to_connect, why_unreached

TLS_PORT = 8883
_PAYLOAD_MAX = 1_000_000
_AWAY = frozenset({3, 136})
_REMEDY = f"Brokers listen on port 1883, or on {TLS_PORT} with TLS."
BROKEN = (aiomqtt.MqttError, OSError, ValueError)
"""What the library raises where a broker is gone, or a name or a topic is none."""


class MqttAdapter:
    """Subscribes with QoS 1 and waits until each topic of the profile has spoken."""

    def __init__(
        self,
        profile: MqttProfile,
        address: Address,
        *,
        credentials: Credentials,
        timeout_s: float,
    ) -> None:
        self._profile = profile
        self._address = address
        self._credentials = credentials
        self._timeout_s = timeout_s

    async def fetch(self) -> Mapping[str, Raw]:
        """Read the newest message of each topic."""
        messages = await self._messages()
        return {
            value.quantity: raw_of(value, messages.get(self._topic(value)))
            for value in self._profile.values
        }

    async def identify(self) -> Identity:
        """Give the number that the device's messages carry, where they do."""
        if not self._profile.serial_field:
            return Identity(about=self._address.member)
        messages = await self._messages()
        for message in messages.values():
            serial = pointed(_json(message), self._profile.serial_field)
            if isinstance(serial, str | Decimal):
                return Identity(serial=str(serial), about=self._address.member)
        return Identity(about=self._address.member)

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Refuse: set-points do not go by MQTT."""
        raise UnableToWrite(
            f"`{set_point.quantity}` is not set to {number}: MQTT is for reading only here.",
            remedy="Publish a signal that the other side may follow; see `publisher`.",
        )

    async def close(self) -> None:
        """Nothing is held open between two readings."""

    def _topic(self, value: MqttTold) -> str:
        return value.topic.replace("{address}", self._address.member)

    async def _messages(self) -> dict[str, aiomqtt.Message]:
        topics = {self._topic(value) for value in self._profile.values}
        heard: dict[str, aiomqtt.Message] = {}
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                connect(self._address, self._credentials, timeout_s=self._timeout_s) as client,
            ):
                for topic in sorted(topics):
                    await client.subscribe(topic, qos=1)
                async for message in client.messages:
                    heard[str(message.topic)] = message
                    if topics <= heard.keys():
                        break
        except TimeoutError as error:
            if not heard:
                raise await failure(self._address, self._timeout_s, error) from error
        except BROKEN as error:
            raise await failure(self._address, self._timeout_s, error) from error
        return heard


def connect(
    address: Address,
    credentials: Credentials,
    *,
    timeout_s: float,
    will: aiomqtt.Will | None = None,
) -> aiomqtt.Client:
    """Make a client of a broker; TLS on port 8883, or wherever a certificate is named.

    Raises UnableToLogIn where the certificate cannot be read, or where a password would leave the
    machine in clear.
    """
    secure = address.port == TLS_PORT or bool(credentials.ca_file)
    if credentials.password and not secure and not address.is_loopback:
        raise UnableToLogIn(
            f"The password would go to {address.host}, port {address.port}, for anybody to read.",
            remedy=f"Use port {TLS_PORT}, or name the certificate by {credentials.prefix}CA_FILE.",
        )
    try:
        context = ssl.create_default_context(cafile=credentials.ca_file or None) if secure else None
    except OSError as error:
        raise UnableToLogIn(
            f"The certificate file {credentials.ca_file} cannot be read.",
            remedy=f"Correct {credentials.prefix}CA_FILE.",
        ) from error
    return aiomqtt.Client(
        address.host,
        address.port,
        username=credentials.user or None,
        password=credentials.password or None,
        tls_context=context,
        timeout=timeout_s,
        will=will,
    )


def raw_of(value: MqttTold, message: aiomqtt.Message | None) -> Raw:
    """Give what a message tells of a value.

    A retained message without a time of its own may be of any age, so it is not to be believed.
    """
    if message is None:
        return Raw(number=None, reason="its topic was silent")
    found = _json(message)
    number = pointed(found, value.field) if value.field else found
    if not isinstance(number, Decimal) or not number.is_finite():
        return Raw(number=None, reason="its message has no number there")
    source_at = _instant(pointed(found, value.time_field)) if value.time_field else None
    old = source_at is None and bool(message.retain)
    return Raw(
        number=value.value_of(number),
        reason="its message was retained by the broker, nobody knows since when" if old else "",
        source_at=source_at,
    )


async def failure(
    address: Address, timeout_s: float, error: Exception
) -> UnableToLogIn | UnableToReachMeter:
    """Make the error of a broker that refuses, that is not there, or that says nothing."""
    if isinstance(error, MqttConnectError) and getattr(error.rc, "value", error.rc) not in _AWAY:
        return UnableToLogIn(
            f"The broker on {address} does not take these credentials.",
            remedy="Give EXOTHERM_<NAME>_USER and _PASSWORD in the environment.",
        )
    # The library tells the cause in words of its own, or not at all.
    if why := await why_unreached(address.host, address.port, wait_s=timeout_s):
        return unable_to_connect(f"The broker on {address}", why, wait_s=timeout_s, remedy=_REMEDY)
    wait = format_quantity("wait_s", timeout_s, decimals=1)
    return UnableToReachMeter(
        f"Nothing is heard from the broker on {address} within {wait}.",
        remedy="Check the broker's address, the device's topics, and that it publishes often "
        "enough or has its messages retained.",
    )


def _json(message: aiomqtt.Message) -> object:
    payload = message.payload
    if not isinstance(payload, bytes | bytearray) or len(payload) > _PAYLOAD_MAX:
        return None
    try:
        return json.loads(
            payload, parse_float=_decimal, parse_int=_decimal, parse_constant=lambda _: None
        )
    except (ValueError, RecursionError):
        return None


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as error:
        raise ValueError(digits[:30]) from error


def _instant(found: object) -> datetime | None:
    """Read a time: ISO 8601 with its offset, or seconds since 1970."""
    try:
        if isinstance(found, Decimal):
            return datetime.fromtimestamp(float(found), UTC)
        if isinstance(found, str):
            read = datetime.fromisoformat(found)
            return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None
    return None
