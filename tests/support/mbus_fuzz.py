"""Damage to real telegrams that a checksum does not show, and what comes of it."""

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from mbus_oracle import objection_to

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import Frame, build_long, read_frame
from exotherm.devices.mbus.telegram import Telegram, inspect_telegram, read_telegram

_HEADER = 12
_TELLING = bytes.fromhex("0D0F1F2F3F7FFBFDFFFC7C7DEF6C6DF08A")
_FIXED = (0x73, 0x77)
_MODE_2 = 0x76
_INFORMATION = (0x70, 0x71, 0x73, 0x76, 0x77, 0x78, 0x7A, 0x79)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, insert or repeat a few bytes, or put such there as begin something."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutant))
        kind = chance.randrange(6)
        if kind == 0:
            mutant[at] = chance.randrange(256)
        elif kind == 1:
            mutant[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            mutant.insert(at, chance.randrange(256))
        elif kind == 3:
            mutant[at] = chance.choice(_TELLING)
        elif kind == 4:
            mutant[at:at] = mutant[at : at + chance.randint(1, 12)]
        elif len(mutant) > 1:
            del mutant[max(at, 1) : at + chance.randint(1, 8)]
    return bytes(mutant[:250]) or b"\x00"


def mutants(frames: Sequence[bytes], seed: int, count: int) -> Iterator[bytes]:
    """Give damaged frames, most of them with a right checksum; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - repeatable damage, no secret
    whole = [read_frame(frame) for frame in frames]
    for turn in range(count):
        frame = whole[turn % len(whole)]
        if turn % 10 == 9:
            yield mutated(frames[turn % len(frames)], chance)
            continue
        yield _rebuilt(frame, turn, chance)


def _rebuilt(frame: Frame, turn: int, chance: random.Random) -> bytes:
    if turn % 7:
        data = frame.data[:_HEADER] + mutated(frame.data[_HEADER:] or b"\x00", chance)
    else:
        data = mutated(frame.data, chance)
    odd = turn % 20 == 0
    return build_long(
        control=8,
        address=frame.address,
        information=chance.choice(_INFORMATION) if odd else frame.information,
        data=data[:250],
    )


def tally(frames: Sequence[bytes], seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """Read many damaged frames; give how often what came of it, and what must not have come."""
    counts: Counter[str] = Counter()
    objections: list[str] = []
    for turn, mutant in enumerate(mutants(frames, seed, count)):
        try:
            telegram = _judged(mutant, counts, objections)
        except Exception as error:  # noqa: BLE001 - what this looks for
            counts["uncaught exceptions"] += 1
            objections.append(f"{error!r} from {mutant.hex()}")
            continue
        if telegram is not None and turn % 50 == 0:
            json.dumps(telegram.to_json(), allow_nan=False)
    return counts, objections


def _judged(mutant: bytes, counts: Counter[str], objections: list[str]) -> Telegram | None:
    try:
        telegram = read_telegram(mutant)
    except UnreadableTelegram:
        counts["refused"] += 1
        _shown(mutant, objections)
        return None
    counts["read"] += 1
    for record in telegram.records:
        counts["valid records" if record.valid else "invalid records"] += 1
        # The fixed structure has no records of their own to have an opinion on.
        objection = (
            "" if mutant[6] in _FIXED else objection_to(record, big_endian=mutant[6] == 0x76)
        )
        if objection:
            counts["valid-looking values from invalid records"] += 1
            objections.append(f"{objection}: {record.raw}")
    return telegram


def _shown(mutant: bytes, objections: list[str]) -> None:
    """What is refused may be looked at, and then nothing of it is valid."""
    try:
        telegram = inspect_telegram(mutant)
    except UnreadableTelegram:
        return
    objections.extend(
        f"valid in a broken telegram: {record.raw}" for record in telegram.records if record.valid
    )
