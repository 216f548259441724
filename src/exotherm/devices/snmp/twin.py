"""An SNMP agent for the twin: for each request it shows anew what a function tells."""

import asyncio
import socket
from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine
from pysnmp.entity.rfc3413.cmdrsp import (
    BulkCommandResponder,
    GetCommandResponder,
    NextCommandResponder,
)
from pysnmp.entity.rfc3413.context import SnmpContext
from pysnmp.proto import rfc1902, rfc1905
from pysnmp.smi.instrum import AbstractMibInstrumController

from exotherm.devices.credentials import Credentials
from exotherm.devices.errors import unable_to_listen
from exotherm.devices.profile import SnmpProfile
from exotherm.devices.snmp.simulate import (
    COUNTER,
    COUNTER_64,
    GAUGE,
    INTEGER,
    OID,
    TEXT,
    objects_of,
    parts_of,
)

_EVERYTHING = (1, 3, 6)
_V2C, _USM = 2, 3
_TYPES: Mapping[str, Any] = {
    INTEGER: rfc1902.Integer32,
    TEXT: rfc1902.OctetString,
    OID: rfc1902.ObjectIdentifier,
    COUNTER: rfc1902.Counter32,
    GAUGE: rfc1902.Gauge32,
    COUNTER_64: rfc1902.Counter64,
}
Values = Callable[[], Mapping[str, Decimal | None]]


class SnmpTwin:
    """An agent with the objects of a profile, by v2c and by v3 with both keys, for reading only.

    ``credentials`` are what it takes: a community, and a user with the keys of SHA-256 and AES-128.
    """

    def __init__(
        self,
        profile: SnmpProfile,
        values: Values,
        *,
        credentials: Credentials,
        serial: str = "SIM-1",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._shown = _Shown(profile, values, serial)
        self._credentials = credentials
        self._address = (host, port)
        self._engine: SnmpEngine | None = None
        self._port = 0

    @property
    def port(self) -> int:
        """The UDP port it listens on, known once it is started."""
        assert self._engine is not None
        return self._port

    async def __aenter__(self) -> Self:
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listening.bind(self._address)
        except OSError as error:
            listening.close()
            raise unable_to_listen(*self._address) from error
        self._port = listening.getsockname()[1]
        self._engine = engine = SnmpEngine()
        transport = udp.UdpAsyncioTransport(loop=asyncio.get_running_loop())
        config.add_transport(engine, udp.DOMAIN_NAME, transport.open_server_mode(sock=listening))
        self._let_in(engine)
        context = SnmpContext(engine)
        context.unregister_context_name(b"")
        context.register_context_name(b"", self._shown)
        for responder in (GetCommandResponder, NextCommandResponder, BulkCommandResponder):
            responder(engine, context)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None

    def _let_in(self, engine: SnmpEngine) -> None:
        secret = self._credentials
        if secret.community:
            config.add_v1_system(engine, "twin", secret.community, securityName="community")
            config.add_vacm_user(engine, _V2C, "community", "noAuthNoPriv", _EVERYTHING)
        if secret.user:
            config.add_v3_user(
                engine,
                secret.user,
                config.USM_AUTH_HMAC192_SHA256,
                secret.auth_key,
                config.USM_PRIV_CFB128_AES,
                secret.priv_key,
            )
            config.add_vacm_user(engine, _USM, secret.user, "authPriv", _EVERYTHING)


class _Shown(AbstractMibInstrumController):  # type: ignore[misc]  # pysnmp is untyped
    """The agent's objects, made anew for each request so that all are of one moment."""

    def __init__(self, profile: SnmpProfile, values: Values, serial: str) -> None:
        self._profile = profile
        self._values = values
        self._serial = serial

    def read_variables(self, *asked: tuple[Any, Any], **_: object) -> list[tuple[Any, Any]]:
        """Give what is at some identifiers."""
        objects = self._objects()
        nothing = rfc1905.noSuchObject
        return [(name, objects.get(tuple(name), nothing)) for name, _ in asked]

    def read_next_variables(self, *asked: tuple[Any, Any], **_: object) -> list[tuple[Any, Any]]:
        """Give what follows some identifiers, as a walk asks."""
        objects = self._objects()
        known = list(objects)
        found: list[tuple[Any, Any]] = []
        for name, _ in asked:
            place = bisect_right(known, tuple(name))
            if place < len(known):
                found.append((rfc1902.ObjectName(known[place]), objects[known[place]]))
            else:
                found.append((name, rfc1905.endOfMibView))
        return found

    def _objects(self) -> dict[tuple[int, ...], Any]:
        objects = objects_of(self._profile, self._values(), serial=self._serial)
        return {
            parts_of(oid): _TYPES[tag](int(text) if tag in _NUMBERS else text)
            for oid, (tag, text) in objects.items()
        }


_NUMBERS = frozenset({INTEGER, COUNTER, GAUGE, COUNTER_64})
