import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.prove import verify

# RFC 8032 section 7.1, tests 1 to 3: public key, message, both halves of the signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
# The points of order 1, 2, 4 and 8: with such a key one signature fits many messages.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


@pytest.mark.parametrize(("public", "message", "r", "s"), RFC_8032)
def test_published_signatures_fit_and_only_in_their_one_form(public, message, r, s):
    key, data, good = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(r + s)
    assert verify.signature_fits(key, data, good)
    assert not verify.signature_fits(key, data + b"\x00", good)
    larger = int.from_bytes(good[32:], "little") + ORDER
    assert not verify.signature_fits(key, data, good[:32] + larger.to_bytes(32, "little"))
    assert not verify.signature_fits(key, data, good[:-1])
    assert not verify.signature_fits(key, data, good + b"\x00")
    assert not verify.signature_fits(key[:-1], data, good)
    assert not verify.signature_fits(key[:31] + bytes([key[31] ^ 0x80]), data, good)


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_a_key_of_small_order_fits_nothing(public):
    key = bytes.fromhex(public)
    # R = neutral point and S = 0 would satisfy the plain equation for k = 0 mod the order.
    for message in (bytes([number]) for number in range(16)):
        assert not verify.signature_fits(key, message, bytes([1]) + bytes(63))


@pytest.mark.parametrize("y", [3, 4, 5, 6])
def test_a_point_is_read_in_its_one_form_only(y):
    assert verify._decode(y.to_bytes(32, "little")) is not None
    assert verify._decode((y + PRIME).to_bytes(32, "little")) is None
    for sign in (0, 1 << 255):  # the points with x = 0 have no sign
        neutral, minus_one = ((value | sign).to_bytes(32, "little") for value in (1, PRIME - 1))
        assert (verify._decode(neutral) is None) == bool(sign)
        assert (verify._decode(minus_one) is None) == bool(sign)


@pytest.mark.parametrize("y", [PRIME, PRIME + 1, PRIME + 3, 2**255 - 1, 2])
def test_what_is_no_canonical_point_is_no_key(y):
    for sign in (0, 1 << 255):
        raw = (y | sign).to_bytes(32, "little")
        assert not verify.signature_fits(raw, b"", bytes([1]) + bytes(63))
        public, _, _, s = RFC_8032[0]
        assert not verify.signature_fits(bytes.fromhex(public), b"", raw + bytes.fromhex(s))


@settings(max_examples=25, deadline=None)
@given(private=st.binary(min_size=32, max_size=32), message=st.binary(max_size=64), data=st.data())
def test_it_agrees_with_the_library_that_signs(private, message, data):
    key = Ed25519PrivateKey.from_private_bytes(private)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.signature_fits(public, message, signature)
    at, bit = data.draw(st.integers(0, 63)), data.draw(st.integers(0, 7))
    changed = bytearray(signature)
    changed[at] ^= 1 << bit
    assert not verify.signature_fits(public, message, bytes(changed))
