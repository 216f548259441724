"""Listening to everything that a broker passes on, for somebody who does not know its topics."""

import asyncio

from exotherm.devices.credentials import Credentials
from exotherm.devices.line import Address
from exotherm.devices.mqtt.adapter import BROKEN, connect, failure

_SHOWN_MAX = 60


async def overheard(
    address: Address, credentials: Credentials, *, timeout_s: float
) -> dict[str, str]:
    """Listen for a while and give the beginning of each topic's newest message.

    Raises UnableToReachMeter and UnableToLogIn.
    """
    heard: dict[str, str] = {}
    try:
        async with (
            asyncio.timeout(timeout_s),
            connect(address, credentials, timeout_s=timeout_s) as client,
        ):
            await client.subscribe("#", qos=1)
            async for message in client.messages:
                heard[str(message.topic)] = _shown(message.payload)
    except TimeoutError as error:
        if not heard:
            raise await failure(address, timeout_s, error) from error
    except BROKEN as error:
        raise await failure(address, timeout_s, error) from error
    return dict(sorted(heard.items()))


def _shown(payload: object) -> str:
    if not isinstance(payload, bytes | bytearray):
        return str(payload)[:_SHOWN_MAX]
    text = bytes(payload[:_SHOWN_MAX]).decode("utf-8", "replace")
    return "".join(letter if letter.isprintable() else " " for letter in text)
