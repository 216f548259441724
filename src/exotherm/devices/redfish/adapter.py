"""A service controller by Redfish: follows links from a collection's member to its numbers."""

import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from exotherm.core.hosts import place_of
from exotherm.core.units import format_quantity
from exotherm.devices.abilities import Identity
from exotherm.devices.credentials import Credentials
from exotherm.devices.errors import (
    UnableToLogIn,
    UnableToReachMeter,
    UnableToWrite,
    UnreadableRegisters,
)
from exotherm.devices.line import Address, Raw
from exotherm.devices.pointer import pointed
from exotherm.devices.profile import RedfishProfile, RedfishTold, SetPoint
from exotherm.devices.reaching import unable_to_connect, why_unreached
from exotherm.devices.redfish.asking import BROKEN, BYTES_MAX, Answer, ask

ROOT = "/redfish/v1"
_SESSIONS = "/redfish/v1/SessionService/Sessions"
_REMEDY = "Redfish is switched off in some controllers at first."
_Resource = Mapping[str, Any]


class RedfishAdapter:
    """Reads one member of a collection: a chassis or a rack PDU.

    It speaks TLS and checks the certificate; where the host is given with ``http://`` it does not.
    """

    def __init__(
        self,
        profile: RedfishProfile | None,
        address: Address,
        *,
        credentials: Credentials,
        timeout_s: float,
    ) -> None:
        self._profile = profile
        self._address = address
        self._credentials = credentials
        self._timeout_s = timeout_s
        self._client: httpx.AsyncClient | None = None
        self._session = ""
        self._turn = asyncio.Lock()

    async def fetch(self) -> Mapping[str, Raw]:
        """Read all values; each resource is asked for once."""
        assert self._profile is not None
        async with self._turn:
            known: dict[str, _Resource | None] = {}
            member = await self._member(self._profile.collection, known)
            return {
                value.quantity: await self._value(value, member, known)
                for value in self._profile.values
            }

    async def identify(self) -> Identity:
        """Ask service and member who they are."""
        async with self._turn:
            root = await self._get(ROOT)
            collection = self._profile.collection if self._profile else f"{ROOT}/Chassis"
            member = await self._member(collection, {}) if await self._find(collection) else {}
        return Identity(
            maker=_word(member, "Manufacturer") or _word(root, "Vendor"),
            model=_word(member, "Model") or _word(root, "Product"),
            serial=_word(member, "SerialNumber"),
            firmware=_word(member, "FirmwareVersion"),
            about=f"Redfish {_word(root, 'RedfishVersion')}".strip(),
        )

    async def members(self, collection: str) -> tuple[str, ...]:
        """List the names of a collection's members; none where there is no such collection."""
        async with self._turn:
            found = await self._find(collection)
        return tuple(map(_name, _members(found)))

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Refuse: nothing is set by Redfish."""
        raise UnableToWrite(
            f"`{set_point.quantity}` is not set to {number}: Redfish is for reading only here.",
            remedy="Limit the power of servers by their own controller.",
        )

    async def close(self) -> None:
        """End the session and let go of the connection."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            if self._session:
                await ask(client, "DELETE", self._session, timeout_s=self._timeout_s)
        except BROKEN:
            pass  # the controller ends it by itself after some minutes
        finally:
            self._session = ""
            await client.aclose()

    async def _member(self, collection: str, known: dict[str, _Resource | None]) -> _Resource:
        found = await self._get(collection)
        links = _members(found)
        wanted = self._address.member
        names = {_name(link): link for link in links}
        if wanted and wanted not in names:
            raise UnreadableRegisters(
                f"{self._address} has no `{wanted}` in {collection}.",
                remedy=f"It has {', '.join(f'`{name}`' for name in names) or 'none'}.",
                retryable=False,
            )
        if not links:
            raise UnreadableRegisters(
                f"{collection} of {self._address} is empty.",
                remedy="Check that the profile fits the device.",
            )
        link = names[wanted] if wanted else links[0]
        known[link] = await self._get(link)
        return known[link] or {}

    async def _value(
        self, value: RedfishTold, member: _Resource, known: dict[str, _Resource | None]
    ) -> Raw:
        for path in value.paths:
            steps, _, pointer = path.partition("#")
            resource: _Resource | None = member
            for step in steps.split("/"):
                link = _link(resource.get(step) if resource else None)
                if link and link not in known:
                    known[link] = await self._find(link)
                resource = known.get(link) if link else None
            number = pointed(resource, pointer)
            if isinstance(number, Decimal):
                return Raw(number=value.value_of(number))
        return Raw(number=None, reason="the service has no number there")

    async def _find(self, path: str) -> _Resource | None:
        """Get a resource that may be missing."""
        answer = await self._ask(path)
        return None if answer.status == httpx.codes.NOT_FOUND else self._read(answer, path)

    async def _get(self, path: str) -> _Resource:
        return self._read(await self._ask(path), path)

    def _read(self, answer: Answer, path: str) -> _Resource:
        if not answer.is_success:
            raise UnreadableRegisters(
                f"{self._address} answers {path} with status {answer.status}.",
                remedy="Check that the profile fits the device and that the user may read it.",
                retryable=answer.status >= httpx.codes.INTERNAL_SERVER_ERROR
                or answer.status == httpx.codes.TOO_MANY_REQUESTS,
            )
        found = _parsed(answer.content)
        if not isinstance(found, dict):
            raise UnreadableRegisters(
                f"{self._address} answers {path} with something that is no resource.",
                remedy="Check that a Redfish service answers there.",
            )
        return found

    async def _ask(self, path: str) -> Answer:
        client = await self._connect()
        try:
            answer = await ask(client, "GET", path, timeout_s=self._timeout_s)
        except BROKEN as error:
            await self.close()
            raise await self._failure(error) from error
        if answer.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            await self.close()
            raise UnableToLogIn(
                f"{self._address} does not take these credentials for {path}.",
                remedy=f"Give {self._credentials.prefix}USER and _PASSWORD of a user with the role "
                "ReadOnly.",
            )
        return answer

    async def _connect(self) -> httpx.AsyncClient:
        if self._client is not None:
            return self._client
        secret = self._credentials
        try:
            client = httpx.AsyncClient(
                base_url=base_url(self._address),
                timeout=self._timeout_s,
                verify=secret.ca_file or True,
                headers={"Accept": "application/json", "OData-Version": "4.0"},
                follow_redirects=False,
            )
        except httpx.InvalidURL as error:
            raise await self._failure(UnicodeError()) from error
        except OSError as error:
            raise UnableToLogIn(
                f"The certificate file {secret.ca_file} cannot be read.",
                remedy=f"Correct {secret.prefix}CA_FILE.",
            ) from error
        if secret.user:
            await self._log_in(client)
        self._client = client
        return client

    async def _log_in(self, client: httpx.AsyncClient) -> None:
        """Open a session; a service without sessions is given name and password each time."""
        secret = self._credentials
        try:
            names = {"UserName": secret.user, "Password": secret.password}
            answer = await ask(client, "POST", _SESSIONS, timeout_s=self._timeout_s, body=names)
        except BROKEN as error:
            await client.aclose()
            raise await self._failure(error) from error
        token = answer.headers.get("X-Auth-Token", "")
        if answer.is_success and token:
            client.headers["X-Auth-Token"] = token
            self._session = answer.headers.get("Location", "")
        else:
            client.auth = httpx.BasicAuth(secret.user, secret.password)

    async def _failure(self, error: Exception) -> UnableToReachMeter | UnableToLogIn:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return UnableToLogIn(
                f"The certificate of {self._address} is signed by nobody who is known here.",
                remedy="Save the device's certificate and name it in "
                f"{self._credentials.prefix}CA_FILE.",
            )
        what = f"The service on {self._address}"
        if "[SSL" in str(error):
            return UnableToReachMeter(
                f"{what} speaks no TLS that is understood here.",
                remedy="Check the port; a service without TLS is written with http:// before it.",
            )
        if why := await self._why_unreached(error):
            return unable_to_connect(what, why, wait_s=self._timeout_s, remedy=_REMEDY)
        wait = format_quantity("wait_s", self._timeout_s, decimals=1)
        return UnableToReachMeter(
            f"{what} does not answer within {wait}.",
            remedy="Check address and port, and that Redfish is switched on; a controller that is "
            "asked too often stops answering.",
        )

    async def _why_unreached(self, error: Exception) -> Exception | None:
        if isinstance(error, UnicodeError):
            return error
        there = httpx.URL(base_url(self._address))
        port = there.port or (80 if there.scheme == "http" else 443)
        return await why_unreached(there.host, port, wait_s=self._timeout_s)


def base_url(address: Address) -> str:
    """Give the address of a service; plain HTTP only where the host is written with it."""
    if address.host.startswith(("http://", "https://")):
        return f"{address.host}:{address.port}" if address.port else address.host
    return f"https://{place_of(address.host, address.port or 443)}"


def _parsed(content: bytes) -> object:
    """Read JSON with exact numbers; None where it is none, or longer than any resource."""
    if len(content) > BYTES_MAX:
        return None
    try:
        return json.loads(
            content, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: None
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _members(found: _Resource | None) -> list[str]:
    """Give where the members of a collection are; none where that is no list."""
    links = found.get("Members") if found else None
    return [_link(one) for one in links] if isinstance(links, list) else []


def _name(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def _link(found: object) -> str:
    """Give where a link leads, as long as it stays within the service."""
    link = found.get("@odata.id", "") if isinstance(found, dict) else ""
    inside = isinstance(link, str) and link.startswith("/redfish/")
    return link.partition("#")[0] if inside else ""


def _word(found: _Resource, name: str) -> str:
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""
