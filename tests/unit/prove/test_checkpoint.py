import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.prove.checkpoint import (
    Checkpoint,
    key_from_private,
    key_id_of,
    new_key,
    read_checkpoint,
    read_vkey,
    sign_note,
    split_note,
    verify_note,
    write_checkpoint,
)

# The example of c2sp.org/signed-note, and that of golang.org/x/mod/sumdb/note.
C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2O"
    "NncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
KEY = key_from_private("exotherm/baths", bytes(range(32)))
CHECKPOINT = Checkpoint(
    origin="exotherm/baths", size=20852163, root=bytes(32), extensions=("manifest-sha256 abc=",)
)


@pytest.mark.parametrize(("note", "vkey"), [(C2SP_NOTE, C2SP_VKEY), (GO_NOTE, GO_VKEY)])
def test_published_notes_verify(note, vkey):
    assert note.partition("\n\n")[0] + "\n" == verify_note(note, vkey=vkey)


def test_a_note_is_signed_as_go_signs_it():
    key = key_from_private("PeterNeumann", GO_PRIVATE)
    assert GO_VKEY == key.vkey
    assert GO_NOTE == sign_note(GO_NOTE.partition("\n\n")[0] + "\n", key)


def test_key_id_is_the_published_one():
    name, public = read_vkey(C2SP_VKEY)
    assert "example.com/foo" == name
    assert bytes.fromhex("530d903a") == key_id_of(name, public)


def test_a_new_key_signs_and_hides_its_secret():
    key, another = new_key("exotherm/baths"), new_key("exotherm/baths")
    note = sign_note("body\n", key)
    assert "body\n" == verify_note(note, vkey=key.vkey)
    with pytest.raises(ValueError, match="no signature by"):
        verify_note(note, vkey=another.vkey)
    assert "private" not in repr(key)
    assert (32, 32) == (len(key.private), len(another.private))


@given(st.data())
def test_no_changed_byte_verifies(data):
    note = sign_note(write_checkpoint(CHECKPOINT), KEY).encode()
    at = data.draw(st.integers(0, len(note) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != note[at]))
    forged = (note[:at] + bytes([byte]) + note[at + 1 :]).decode("utf-8", "replace")
    with pytest.raises(ValueError, match=r"note|signature|base64"):
        verify_note(forged, vkey=KEY.vkey)


def test_other_signatures_are_passed_over():
    witness = new_key("customer.example/witness")
    body = write_checkpoint(CHECKPOINT)
    both = sign_note(body, witness) + sign_note(body, KEY).partition("\n\n")[2]
    assert body == verify_note(both, vkey=KEY.vkey)
    assert ["customer.example/witness", "exotherm/baths"] == [n for n, _ in split_note(both)[1]]


@pytest.mark.parametrize(
    "vkey",
    [
        C2SP_VKEY.replace("530d903a", "530d903b"),
        C2SP_VKEY.replace("example.com/foo", "example.com/fog"),
        C2SP_VKEY[:-1],
        C2SP_VKEY[:-1] + "l",
        "example.com/foo",
        "example.com/foo+530d903a+" + base64.b64encode(b"\x04" + bytes(32)).decode(),
        "",
    ],
)
def test_a_vkey_whose_parts_disagree_is_refused(vkey):
    with pytest.raises(ValueError, match=r"key|base64"):
        read_vkey(vkey)


def test_a_key_name_has_no_space_and_no_plus():
    for name in ("two words", "a+b", "", "Süd\n"):
        with pytest.raises(ValueError, match="a key's name"):
            key_from_private(name, bytes(32))


def test_a_checkpoint_is_written_as_published():
    root = bytes.fromhex("0a40e3b5e0cd8f5f8a1c8e1f3c1d1a3c0a40e3b5e0cd8f5f8a1c8e1f3c1d1a3c")
    text = write_checkpoint(Checkpoint(origin="example.com/behind-the-sofa", size=3, root=root))
    assert f"example.com/behind-the-sofa\n3\n{base64.b64encode(root).decode()}\n" == text


@given(
    size=st.integers(0, 10**17),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(st.text("ab =", min_size=1), max_size=3),
)
def test_a_checkpoint_is_read_as_written(size, root, extensions):
    checkpoint = Checkpoint(origin="a/b", size=size, root=root, extensions=tuple(extensions))
    assert checkpoint == read_checkpoint(write_checkpoint(checkpoint))


@pytest.mark.parametrize(
    "text",
    [
        "a\n01\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "a\n1\n" + base64.b64encode(bytes(31)).decode() + "\n",
        "a\n1\n" + base64.b64encode(bytes(32)).decode(),
        "a\n1\n" + base64.b64encode(bytes(32)).decode() + "\n\n",
        "a\n1\n",
        "",
    ],
)
def test_no_other_way_to_write_a_checkpoint_is_read(text):
    with pytest.raises(ValueError, match=r"checkpoint|base64"):
        read_checkpoint(text)


@pytest.mark.parametrize("body", ["no line feed", "a\x00b\n", "tab\there\n"])
def test_what_cannot_be_a_note_is_not_signed(body):
    with pytest.raises(ValueError, match="a note's text"):
        sign_note(body, KEY)


@pytest.mark.parametrize("note", ["", "body\n", "body\n\n", "body\n\n- a b\n", "a\n\n— a !!\n"])
def test_what_is_no_note_is_refused(note):
    with pytest.raises(ValueError, match="not a signed note"):
        split_note(note)
