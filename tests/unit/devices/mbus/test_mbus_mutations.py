"""Damage that a checksum does not show: always a telegram or UnreadableTelegram, nothing else."""

import json
import random
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from exotherm.devices.errors import UnreadableTelegram
from exotherm.devices.mbus.frame import build_long, read_frame
from exotherm.devices.mbus.telegram import Telegram, read_telegram

GOLDEN = Path(__file__).parents[3] / "golden" / "mbus"
FRAMES = [bytes.fromhex(path.read_text()) for path in sorted(GOLDEN.glob("*.hex"))]
MUTATIONS = 20_000


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Change, drop or insert a few bytes, or cut the end off."""
    mutant = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutant))
        kind = chance.randrange(4)
        if kind == 0:
            mutant[at] = chance.randrange(256)
        elif kind == 1:
            mutant[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            mutant.insert(at, chance.randrange(256))
        elif len(mutant) > 1:
            del mutant[max(at, 1) : at + chance.randint(1, 8)]
    return bytes(mutant[:250]) or b"\x00"


def _read(frame: bytes) -> Telegram | None:
    try:
        return read_telegram(frame)
    except UnreadableTelegram:
        return None


def test_tens_of_thousands_of_damaged_frames_with_right_checksums() -> None:
    chance = random.Random(13757)  # noqa: S311 - repeatable damage, no secret
    read = 0
    for turn in range(MUTATIONS):
        frame = read_frame(FRAMES[turn % len(FRAMES)])
        mutant = build_long(
            control=8,
            address=frame.address,
            information=frame.information if turn % 20 else 0x73,
            data=_mutated(frame.data, chance),
        )
        telegram = _read(mutant)
        read += telegram is not None
        if telegram is not None and turn % 50 == 0:
            json.dumps(telegram.to_json(), allow_nan=False)
    # Both outcomes are met often, or the test would show nothing.
    assert MUTATIONS // 10 < read < MUTATIONS * 9 // 10


@given(information=st.sampled_from([0x70, 0x72, 0x73]), data=st.binary(max_size=252))
@example(information=0x72, data=bytes(12) + b"\x84" * 11)
@example(information=0x72, data=bytes(12) + b"\x0d\xfd\x3a\xf6" + bytes(range(64)))
@example(information=0x72, data=bytes(12) + b"\x05\x86" + b"\xf0" * 9 + b"\x70\x01\x00\x00\x00")
def test_any_bytes_in_a_right_frame(information: int, data: bytes) -> None:
    telegram = _read(build_long(control=8, address=1, information=information, data=data))
    if telegram is not None:
        json.dumps(telegram.to_json(), allow_nan=False)
        assert all(record.valid or record.reason for record in telegram.records)
        assert all(record.value is not None for record in telegram.records if record.valid)


@given(st.binary(max_size=300))
def test_any_bytes_at_all(frame: bytes) -> None:
    _read(frame)
