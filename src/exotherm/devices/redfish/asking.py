"""One question to a service and its answer, of which neither the length nor the time is endless."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

BYTES_MAX = 4_000_000
"""no resource is longer"""
BROKEN = (httpx.HTTPError, httpx.InvalidURL, TimeoutError)
"""what is raised where no answer comes, or a link leads nowhere"""
# The client waits for each part of an answer; a service that dribbles would never be done.
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answers."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    """no more of it than shows that it is too long"""

    @property
    def is_success(self) -> bool:
        """Whether it is what was asked for."""
        return httpx.codes.is_success(self.status)


async def ask(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    timeout_s: float,
    body: Mapping[str, str] | None = None,
) -> Answer:
    """Ask a service; raises what is in BROKEN."""
    content = bytearray()
    async with (
        asyncio.timeout(_PARTS * timeout_s),
        client.stream(method, path, json=body) as answer,
    ):
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > BYTES_MAX:
                break
    return Answer(answer.status_code, answer.headers, bytes(content))
