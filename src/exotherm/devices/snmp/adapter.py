"""A device by SNMP: all its values in one request, by v2c or by v3 with both keys."""

import asyncio
import socket
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pyasn1.error import PyAsn1Error
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    Udp6TransportTarget,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
    usmAesCfb128Protocol,
    usmHMAC192SHA256AuthProtocol,
)
from pysnmp.proto.rfc1902 import (
    Counter32,
    Counter64,
    Gauge32,
    Integer,
    Integer32,
    Unsigned32,
)
from pysnmp.proto.rfc1905 import EndOfMibView, NoSuchInstance, NoSuchObject

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
from exotherm.devices.profile import SetPoint, SnmpProfile, SnmpTold
from exotherm.devices.reaching import look_up, unable_to_connect

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
_KEY_MIN = 8
_USER_MAX, _COMMUNITY_MAX = 32, 255
_AT_ONCE = 16
_DIGITS_MAX = 9
# Each is a class of its own, and PDUs have their powers as gauges and their energies as counters.
_NUMBERS = (Integer, Integer32, Unsigned32, Gauge32, Counter32, Counter64)
_NOTHING = (NoSuchObject, NoSuchInstance, EndOfMibView)
_LOCKED = ("digest", "username", "decryption", "securitylevel", "authentication", "ciphering")


class SnmpAdapter:
    """Asks one agent; v3 with SHA-256 and AES-128 where a user is given, v2c where a community."""

    def __init__(
        self,
        profile: SnmpProfile | None,
        address: Address,
        *,
        credentials: Credentials,
        timeout_s: float,
    ) -> None:
        self._profile = profile
        self._address = address
        self._credentials = credentials
        self._timeout_s = timeout_s
        self._engine: SnmpEngine | None = None
        self._turn = asyncio.Lock()

    async def fetch(self) -> Mapping[str, Raw]:
        """Read all values of the profile, with the decimals that the device itself states."""
        assert self._profile is not None
        values = self._profile.values
        oids = [value.oid for value in values]
        oids += [value.digits_oid for value in values if value.digits_oid]
        told = await self.get(oids)
        return {value.quantity: _raw(value, told) for value in values}

    async def identify(self) -> Identity:
        """Ask for description, model and serial number."""
        profile = self._profile
        model = profile.model_oid if profile else None
        serial = profile.serial_oid if profile else None
        told = await self.get(oid for oid in (SYS_DESCR, model, serial) if oid)
        return Identity(
            about=_text(told, SYS_DESCR), model=_text(told, model), serial=_text(told, serial)
        )

    async def get(self, oids: Iterable[str]) -> Mapping[str, object]:
        """Ask for some objects; those that the agent does not have are left out.

        Raises UnableToReachMeter, UnableToLogIn or UnreadableRegisters.
        """
        wanted = list(dict.fromkeys(oids))
        told: dict[str, object] = {}
        async with self._turn:
            for start in range(0, len(wanted), _AT_ONCE):
                told |= await self._get(wanted[start : start + _AT_ONCE])
        return told

    async def write(self, set_point: SetPoint, number: Decimal) -> None:
        """Refuse: nothing is set by SNMP."""
        raise UnableToWrite(
            f"`{set_point.quantity}` is not set to {number}: SNMP is for reading only here.",
            remedy="Switch outlets by the PDU's own page.",
        )

    async def close(self) -> None:
        """Let go of the socket."""
        if self._engine is not None:
            self._engine.close_dispatcher()
            self._engine = None

    async def _get(self, oids: Sequence[str]) -> Mapping[str, object]:
        if self._engine is None:
            self._engine = SnmpEngine()
        authority, target = self._authority(), await self._target()
        try:
            wrong, status, index, bound = await get_cmd(
                self._engine,
                authority,
                target,
                ContextData(contextName=self._credentials.context.encode()),
                *(ObjectType(ObjectIdentity(oid)) for oid in oids),
                lookupMib=False,
            )
        except OSError as error:
            raise self._unconnected(error) from error
        except (PySnmpError, PyAsn1Error) as error:
            raise UnreadableRegisters(
                f"What is asked of the agent on {self._address}, or its answer, is no SNMP.",
                remedy="Check that an SNMP agent answers there and that the profile fits it.",
            ) from error
        if wrong:
            raise self._failure(str(wrong))
        if status:
            place = oids[int(index) - 1] if index else ", ".join(oids)
            raise UnreadableRegisters(
                f"The agent on {self._address} answers with an error for {place}.",
                remedy="Check that the profile fits the device.",
            )
        return {str(name): value for name, value in bound if not isinstance(value, _NOTHING)}

    async def _target(self) -> UdpTransportTarget | Udp6TransportTarget:
        """Look the agent's name up; SNMP has no connection that could fail for it."""
        try:
            family, host = await look_up(self._address.host, self._address.port)
        except (OSError, UnicodeError) as error:
            raise self._unconnected(error) from error
        way = Udp6TransportTarget if family == socket.AF_INET6 else UdpTransportTarget
        return await way.create((host, self._address.port), timeout=self._timeout_s, retries=1)

    def _authority(self) -> CommunityData | UsmUserData:
        secret = self._credentials
        if wrong := _unusable(secret):
            raise UnableToLogIn(
                f"The credentials for the agent on {self._address} are none of SNMP: {wrong}.",
                remedy=f"Compare {secret.prefix}COMMUNITY, or _USER, _AUTH_KEY and _PRIV_KEY, with "
                "the device's.",
            )
        if any(key and len(key) < _KEY_MIN for key in (secret.auth_key, secret.priv_key)):
            raise UnableToLogIn(
                f"A key for {self._address} is shorter than the {_KEY_MIN} characters of SNMPv3.",
                remedy="Give the keys that the device has; it takes none that are shorter.",
            )
        if secret.user:
            return UsmUserData(
                secret.user,
                authKey=secret.auth_key or None,
                privKey=secret.priv_key or None,
                authProtocol=usmHMAC192SHA256AuthProtocol if secret.auth_key else None,
                privProtocol=usmAesCfb128Protocol if secret.priv_key else None,
            )
        if secret.community:
            return CommunityData(secret.community, mpModel=1)  # noqa: S508 - many PDUs know no v3
        raise UnableToLogIn(
            f"No credentials are given for the agent on {self._address}.",
            remedy=f"Give {secret.prefix}USER with _AUTH_KEY and _PRIV_KEY for v3, or "
            f"{secret.prefix}COMMUNITY for v2c, in the environment.",
        )

    def _failure(self, said: str) -> UnableToLogIn | UnableToReachMeter:
        if any(word in said.lower().replace(" ", "") for word in _LOCKED):
            return UnableToLogIn(
                f"The agent on {self._address} does not take these credentials: {said}.",
                remedy="Compare user, keys and protocols (SHA-256, AES-128) with the device's.",
            )
        return self._silent()

    def _unconnected(self, error: Exception) -> UnableToReachMeter:
        return unable_to_connect(
            f"The agent on {self._address}",
            error,
            wait_s=self._timeout_s,
            remedy="SNMP goes by UDP.",
        )

    def _silent(self) -> UnableToReachMeter:
        wait = format_quantity("wait_s", self._timeout_s, decimals=1)
        return UnableToReachMeter(
            f"The agent on {self._address} does not answer within {wait}.",
            remedy="Check address and port, that SNMP is switched on, and the community: a wrong "
            "one is answered with silence.",
        )


def _unusable(secret: Credentials) -> str:
    """Say what no agent could be given, before the library stumbles over it."""
    told = (secret.user, secret.auth_key, secret.priv_key, secret.community, secret.context)
    if not all(text.isascii() for text in told):
        return "they have letters beyond ASCII"
    if len(secret.user) > _USER_MAX:
        return f"the user is longer than {_USER_MAX} letters"
    if len(secret.community) > _COMMUNITY_MAX:
        return f"the community is longer than {_COMMUNITY_MAX} letters"
    if secret.priv_key and not secret.auth_key:
        return "a key for privacy needs one for authentication beside it"
    return ""


def _raw(value: SnmpTold, told: Mapping[str, object]) -> Raw:
    number = _integer(told.get(value.oid))
    if number is None:
        return Raw(number=None, reason=f"the device has no number at {value.oid}")
    if number == value.invalid:
        return Raw(number=None, reason=f"it tells {number}, which stands for no value")
    digits = 0
    if value.digits_oid:
        stated = _integer(told.get(value.digits_oid))
        if stated is None or not 0 <= stated <= _DIGITS_MAX:
            return Raw(number=None, reason="it does not say how many of its digits are decimals")
        digits = stated
    return Raw(number=value.value_of(Decimal(number).scaleb(-digits)))


def _integer(value: object) -> int | None:
    return int(value) if isinstance(value, _NUMBERS) else None


def _text(told: Mapping[str, object], oid: str | None) -> str:
    value = told.get(oid) if oid else None
    return "" if value is None else str(value).strip()
