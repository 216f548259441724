"""Reading a captured file of M-Bus telegrams, with everything that stands against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exotherm.core.findings import Finding, Severity, Where
from exotherm.core.sentences import counted
from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.capture import Link, NotHexadecimal, Piece, bytes_of, frames_of
from exotherm.devices.mbus.compact import COMPACT_STRUCTURES, Formats, formats_of
from exotherm.devices.mbus.frame import RSP_UD, Frame, FrameKind, read_frame
from exotherm.devices.mbus.header import ENCRYPTION_MODES
from exotherm.devices.mbus.payload import Payload
from exotherm.devices.mbus.telegram import Telegram, inspect_payload
from exotherm.devices.mbus.wireless import read_wireless

_SIZE_MAX = 4 * 1024 * 1024
_ACD_AND_DFC = 0x30
_DAMAGED_SHOWN = 20
_HEX_REMEDY = (
    "Keep only the telegram's bytes as hexadecimal digits, with or without spaces, commas or 0x; "
    "put what is no byte behind #."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The telegrams of a file, in their order, and what stands against it."""

    telegrams: tuple[Telegram, ...]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether there is a telegram, and nothing stands against it or any of its records."""
        records = (record for telegram in self.telegrams for record in telegram.records)
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return bool(self.telegrams) and not errors and all(record.valid for record in records)


def decode_file(path: Path) -> Decoded:
    """Read all telegrams of a file that holds the bytes of a bus, or their hexadecimal digits."""
    with path.open("rb") as opened:
        return decode_stream(opened, file=str(path))


def decode_stream(stream: BinaryIO, *, file: str) -> Decoded:
    """Read all telegrams of a file or of what comes through a pipe, to its end."""
    content = stream.read(_SIZE_MAX + 1)
    if len(content) > _SIZE_MAX:
        return Decoded(telegrams=(), findings=(_too_large(file),))
    return decode_capture(content, file=file)


def decode_capture(content: bytes, *, file: str) -> Decoded:
    """Read all telegrams of captured bytes or digits; ``file`` is how findings name them."""
    where = Where(file=file)
    if not content.strip():
        return Decoded(telegrams=(), findings=(_empty(where),))
    try:
        stream = bytes_of(content)
    except NotHexadecimal as error:
        return Decoded(telegrams=(), findings=(_not_hexadecimal(file, error),))
    if not stream:
        return Decoded(telegrams=(), findings=(_empty(where),))
    pieces = tuple(frames_of(stream))
    telegrams: list[Telegram] = []
    findings = list(_damaged(where, pieces))
    answers = [piece for piece in pieces if not piece.trouble and _is_answer(piece)]
    payloads: list[tuple[Piece, Payload]] = []
    for piece in answers:
        try:
            payloads.append((piece, _payload_of(piece)))
        except UnreadableTelegram as error:
            findings.append(_unreadable(where, piece, error))
    formats = _formats_of([payload for _, payload in payloads])
    for piece, payload in payloads:
        try:
            telegram = inspect_payload(payload, formats)
        except UnreadableTelegram as error:
            findings.append(_unreadable(where, piece, error))
        else:
            telegrams.append(telegram)
            findings.extend(_findings_of(where, piece, telegram))
    findings.extend(_unchecked(where, [payload for _, payload in payloads]))
    findings.extend(_repeated(where, telegrams))
    if not answers and not findings:
        findings.append(_no_answer(where, pieces))
    return Decoded(telegrams=tuple(telegrams), findings=tuple(findings))


def decoded_json(decoded: Decoded, file: str) -> dict[str, object]:
    """Give what was read as plain JSON values, of one shape however many telegrams there are.

    ``records`` are all records of all ``telegrams``, in their order.
    """
    telegrams = [telegram.to_json() for telegram in decoded.telegrams]
    records = [record.to_json() for each in decoded.telegrams for record in each.records]
    findings = [finding.to_json() for finding in decoded.findings]
    return {"file": file, "telegrams": telegrams, "records": records, "findings": findings}


def _payload_of(piece: Piece) -> Payload:
    """Take the link off a piece. Raises UnreadableTelegram."""
    if piece.link is Link.WIRELESS:
        return read_wireless(piece.data)
    if piece.link is Link.BARE:
        return Payload(piece.data[0], piece.data[1:], checked=False)
    frame = read_frame(piece.data)
    return Payload(frame.information, frame.data, address=frame.address)


def _formats_of(payloads: list[Payload]) -> Formats:
    """Give the heads that full frames tell, where there is a compact frame that needs them."""
    compact = any(payload.information in COMPACT_STRUCTURES for payload in payloads)
    return formats_of(payloads) if compact else {}


def _is_answer(piece: Piece) -> bool:
    if piece.link is not Link.WIRED:
        return True
    frame = read_frame(piece.data)
    return _has_data(frame) and frame.control & ~_ACD_AND_DFC == RSP_UD


def _has_data(frame: Frame) -> bool:
    return frame.kind in {FrameKind.LONG, FrameKind.CONTROL}


def _findings_of(where: Where, piece: Piece, telegram: Telegram) -> Iterator[Finding]:
    if telegram.broken:
        yield _unreadable(where, piece, f"The telegram is unreadable: {telegram.broken}.")
    if telegram.encryption_mode is not None:
        yield _encrypted(where, telegram, telegram.encryption_mode)


def _too_large(file: str) -> Finding:
    return Finding(
        code="capture.too-large",
        severity=Severity.ERROR,
        where=Where(file=file),
        message=f"There are more than {_SIZE_MAX} bytes, and nobody looks at as many captured "
        "telegrams.",
        remedy="Cut the part out that you want to see.",
        data={"size_max": _SIZE_MAX},
    )


def _empty(where: Where) -> Finding:
    return Finding(
        code="capture.empty",
        severity=Severity.ERROR,
        where=where,
        message="The file holds no bytes of a telegram.",
        remedy="Put the telegram's bytes into it as hexadecimal digits.",
    )


def _not_hexadecimal(file: str, error: NotHexadecimal) -> Finding:
    return Finding(
        code="capture.not-hexadecimal",
        severity=Severity.ERROR,
        where=Where(file=file, line=error.line),
        message=f"The file is neither the bytes of a bus nor their hexadecimal digits: {error}.",
        remedy=_HEX_REMEDY,
    )


def _unchecked(where: Where, payloads: list[Payload]) -> Iterator[Finding]:
    """Tell of what came without a checksum: nobody can know whether its bytes are as sent."""
    count = sum(not payload.checked for payload in payloads)
    if count:
        yield Finding(
            code="capture.unchecked",
            severity=Severity.WARNING,
            where=where,
            message=f"{counted(count, 'telegram')} came without a checksum: who received it has "
            "taken it off, and a wrong bit would not show.",
            remedy="Look at the values, and bill none of them; a bill needs the frame as it was on "
            "the bus or on the air, with its checksums.",
            data={"telegrams": count},
        )


def _no_answer(where: Where, pieces: tuple[Piece, ...]) -> Finding:
    return Finding(
        code="capture.no-answer",
        severity=Severity.ERROR,
        where=where,
        message=f"The file holds {counted(len(pieces), 'frame')}, and none is a meter's answer "
        "with data: there are only requests and acknowledgements.",
        remedy="Capture what comes back on the bus as well, not only what is sent.",
        data={"frames": len(pieces)},
    )


def _damaged(where: Where, pieces: tuple[Piece, ...]) -> Iterator[Finding]:
    damaged = [piece for piece in pieces if piece.trouble]
    for piece in damaged[:_DAMAGED_SHOWN]:
        yield Finding(
            code="capture.frame-damaged",
            severity=Severity.ERROR,
            where=where,
            message=f"The {counted(len(piece.data), 'byte')} from byte {piece.at} on "
            f"{'is' if len(piece.data) == 1 else 'are'} no frame: {piece.trouble}. Nothing is read "
            f"from {'it' if len(piece.data) == 1 else 'them'}.",
            remedy="Capture the telegram again; a byte is missing, wrong or too many.",
            data={
                "at": piece.at,
                "size": len(piece.data),
                "bytes": piece.data[:16].hex(),
                "damaged": len(damaged),
            },
        )


def _unreadable(where: Where, piece: Piece, error: UnreadableTelegram | str) -> Finding:
    remedy = error.remedy if isinstance(error, UnreadableTelegram) else ""
    return Finding(
        code="capture.telegram-unreadable",
        severity=Severity.ERROR,
        where=where,
        message=f"The frame from byte {piece.at} on is whole, but: {error}",
        remedy=remedy
        or "Compare its bytes with the meter's manual; what is shown of it is never billed.",
        data={"at": piece.at},
    )


def _encrypted(where: Where, telegram: Telegram, mode: int) -> Finding:
    size = len(telegram.encrypted_data) // 2
    meter = telegram.identification or "without a number"
    return Finding(
        code="capture.encrypted",
        severity=Severity.WARNING,
        where=where,
        message=f"{size} bytes of the telegram of meter {meter} are encrypted "
        f"(mode {mode}, {ENCRYPTION_MODES[mode]}); what they hold is not known.",
        remedy="Have the meter's encryption switched off on the wired bus by who owns it.",
        data={"mode": mode, "size": size, "meter": telegram.identification},
    )


def _repeated(where: Where, telegrams: list[Telegram]) -> Iterator[Finding]:
    """Tell of a meter whose access number stands still from one of its telegrams to the next."""
    last: dict[tuple[str, str], int] = {}
    for telegram in telegrams:
        meter, number = (telegram.identification, telegram.manufacturer), telegram.access_number
        if number is None or not telegram.identification:
            continue
        if last.get(meter) == number:
            yield Finding(
                code="capture.number-repeated",
                severity=Severity.WARNING,
                where=where,
                message=f"Two telegrams in a row of meter {telegram.identification} have the same "
                f"access number {number}, which advances with every new answer: the second is a "
                "repetition, from a cache or a meter that stands still.",
                remedy="Read the meter itself, past any gateway that keeps its answers.",
                data={"meter": telegram.identification, "access_number": number},
            )
        last[meter] = number
