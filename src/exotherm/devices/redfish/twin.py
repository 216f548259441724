"""A Redfish service for the twin: for each request it shows anew what a function tells."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Self

from exotherm.devices.errors import unable_to_listen
from exotherm.devices.profile import RedfishProfile
from exotherm.devices.redfish.simulate import tree_of

_HEAD_LINES_MAX = 100


class RedfishTwin:
    """A service with the resources of a profile, over plain HTTP, for reading only."""

    def __init__(
        self,
        profile: RedfishProfile,
        values: Callable[[], Mapping[str, Decimal | None]],
        *,
        member: str = "1",
        serial: str = "SIM-1",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._profile = profile
        self._values = values
        self._member = member
        self._serial = serial
        self._address = (host, port)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on, known once it is started."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        try:
            self._server = await asyncio.start_server(self._serve, *self._address)
        except OSError as error:
            raise unable_to_listen(*self._address) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and end the connection."""
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError):
            request = (await reader.readline()).decode("ascii", "replace").split()
            for _ in range(_HEAD_LINES_MAX):
                if (await reader.readline()).strip() == b"":
                    break
            writer.write(self._answer(request))
            await writer.drain()
        writer.close()

    def _answer(self, request: list[str]) -> bytes:
        tree = tree_of(self._profile, self._values(), member=self._member, serial=self._serial)
        readable = len(request) > 1 and request[0] == "GET"
        resource = tree.get(request[1].rstrip("/")) if readable else None
        status = "200 OK" if resource is not None else "404 Not Found"
        body = json.dumps(resource or {}).encode()
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body
