import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exotherm.prove import merkle

# The tree of eight leaves of Certificate Transparency's own tests.
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [merkle.leaf_hash(data) for data in DATA]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
TREES = st.lists(st.binary(max_size=3).map(merkle.leaf_hash), min_size=1, max_size=70)


def root_by_definition(leaves):
    """RFC 6962 section 2.1, word for word: split at the largest power of two below n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(9))
def test_root_is_the_published_one(size):
    assert bytes.fromhex(ROOTS[size]) == merkle.root_of(LEAVES[:size])


def test_inclusion_proof_is_the_published_one():
    expected = (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )
    assert expected == tuple(step.hex() for step in merkle.inclusion_proof(LEAVES, 0))


def test_consistency_proof_is_the_published_one():
    expected = (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )
    assert expected == tuple(step.hex() for step in merkle.consistency_proof(LEAVES, 6))


@given(TREES)
def test_root_follows_the_definition(leaves):
    assert root_by_definition(leaves) == merkle.root_of(leaves)


@given(TREES, st.data())
def test_every_leaf_is_proved_and_no_other_is(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size = merkle.inclusion_proof(leaves, index), merkle.root_of(leaves), len(leaves)
    good = {"leaf": leaves[index], "index": index, "size": size, "proof": proof, "root": root}
    assert merkle.verify_inclusion(**good)
    assert not merkle.verify_inclusion(**{**good, "leaf": merkle.leaf_hash(b"forged")})
    assert not merkle.verify_inclusion(**{**good, "root": merkle.leaf_hash(b"forged")})
    assert not merkle.verify_inclusion(**{**good, "proof": (*proof, root)})
    assert not merkle.verify_inclusion(**{**good, "index": size})
    assert not merkle.verify_inclusion(**{**good, "index": -1})
    if proof:
        assert not merkle.verify_inclusion(**{**good, "proof": proof[:-1]})
        swapped = (merkle.leaf_hash(b"forged"), *proof[1:])
        assert not merkle.verify_inclusion(**{**good, "proof": swapped})


@given(TREES, st.data())
def test_growth_is_proved_and_rewriting_is_not(leaves, data):
    first = data.draw(st.integers(1, len(leaves)))
    good = {
        "first_size": first,
        "second_size": len(leaves),
        "first_root": merkle.root_of(leaves[:first]),
        "second_root": merkle.root_of(leaves),
        "proof": merkle.consistency_proof(leaves, first),
    }
    assert merkle.verify_consistency(**good)
    forged = merkle.leaf_hash(b"forged")
    assert not merkle.verify_consistency(**{**good, "first_root": forged})
    assert not merkle.verify_consistency(**{**good, "second_root": forged})
    assert not merkle.verify_consistency(**{**good, "proof": (*good["proof"], forged)})
    assert not merkle.verify_consistency(**{**good, "first_size": 0})
    if good["proof"]:
        assert not merkle.verify_consistency(**{**good, "proof": good["proof"][:-1]})


def test_there_is_no_proof_of_what_is_not_there():
    with pytest.raises(IndexError, match="no leaf 8"):
        merkle.inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match="did not grow from 9"):
        merkle.consistency_proof(LEAVES, 9)
