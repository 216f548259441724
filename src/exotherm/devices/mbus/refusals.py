"""What a meter answers instead of values: application errors and alarms, in words. Pure."""

from exotherm.devices.errors import UnreadableTelegram

_ERRORS_AT = {0x70: 0, 0x6E: 4, 0x6F: 12}
_ALARMS_AT = {0x71: 0, 0x74: 4, 0x75: 12}
_BUSY = frozenset({8, 9})
# EN 13757-3:2018, clause 10; from 16 on as OMS volume 2 has had them since 2009.
_ERRORS = {
    0: "no cause given",
    1: "it does not know this request",
    2: "the request is too long",
    3: "too many records",
    4: "premature end of a record",
    5: "too many DIFEs",
    6: "too many VIFEs",
    7: "reserved",
    8: "it is too busy",
    9: "it was asked too often",
    16: "access is denied",
    17: "it does not know this command",
    18: "a parameter lacks or is wrong",
    19: "it does not know the receiver's address",
    20: "decryption failed",
    21: "the encryption is not supported",
    22: "the signature is not supported",
}


def refusal_of(information: int, data: bytes) -> UnreadableTelegram | None:
    """Give what a telegram of this CI field says instead of values, or None where it has some."""
    if information in _ERRORS_AT:
        return _application_error(data[_ERRORS_AT[information] :])
    if information in _ALARMS_AT:
        return _alarm(data[_ALARMS_AT[information] :])
    return None


def _application_error(data: bytes) -> UnreadableTelegram:
    code = data[0] if data else 0
    remedy = "Read the meter again in a minute, and less often if it says so again."
    if code not in _BUSY:
        remedy = (
            "Read the meter again with a plain request (REQ_UD2); if it says the same, compare "
            "what was asked of it with its manual."
        )
    return UnreadableTelegram(
        f"The meter answers with application error {code} instead of values: "
        f"{_ERRORS.get(code, 'its own cause')}.",
        remedy=remedy,
    )


def _alarm(data: bytes) -> UnreadableTelegram:
    bits = data[:1].hex().upper() or "none"
    return UnreadableTelegram(
        f"The meter answers with an alarm instead of values; its alarm bits are {bits}.",
        remedy="Look at the meter's display and manual for what it alarms of, then read it again.",
    )
