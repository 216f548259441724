"""Merkle trees as transparency logs hash them (RFC 6962 section 2.1, RFC 9162 section 2.1).

A tree is given by the hashes of its leaves. Every proof is checked without the tree: an inclusion
proof ties one leaf to a root, a consistency proof ties an older root to a newer one.
"""

import hashlib
from collections.abc import Sequence

_EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf; the leading nought keeps a leaf from passing as a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the node above them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes; the root of no leaves is the hash of nothing.

    Pairing neighbours and carrying an odd last node up builds the same tree as the split at the
    largest power of two by which RFC 6962 defines it.
    """
    if not leaves:
        return _EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """List the hashes that lead from one leaf to the root, from the bottom up.

    Raises IndexError where the tree has no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves has no leaf {index}")
    if len(leaves) == 1:
        return ()
    split = _largest_power_below(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), root_of(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split]))


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether a leaf hash stands at an index of the tree with this size and root.

    RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def consistency_proof(leaves: Sequence[bytes], first_size: int) -> tuple[bytes, ...]:
    """List the hashes that show a tree to be the growth of its first ``first_size`` leaves.

    Raises ValueError unless 0 < first_size <= size.
    """
    if not 0 < first_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves did not grow from {first_size}")
    return _subproof(leaves, first_size, whole=True)


def _subproof(leaves: Sequence[bytes], first_size: int, *, whole: bool) -> tuple[bytes, ...]:
    """Walk down to where the older tree ends (RFC 9162 section 2.1.4.1)."""
    if first_size == len(leaves):
        return () if whole else (root_of(leaves),)
    split = _largest_power_below(len(leaves))
    if first_size <= split:
        return (*_subproof(leaves[:split], first_size, whole=whole), root_of(leaves[split:]))
    rest = _subproof(leaves[split:], first_size - split, whole=False)
    return (*rest, root_of(leaves[:split]))


def verify_consistency(
    *,
    first_size: int,
    second_size: int,
    first_root: bytes,
    second_root: bytes,
    proof: Sequence[bytes],
) -> bool:
    """Tell whether the tree of ``second_root`` holds that of ``first_root`` unchanged at its start.

    RFC 9162 section 2.1.4.2; an empty first tree proves nothing and is refused.
    """
    if not 0 < first_size <= second_size:
        return False
    if first_size == second_size:
        return not proof and first_root == second_root
    path = list(proof)
    if first_size & (first_size - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    return _replay(path, first_size - 1, second_size - 1) == (first_root, second_root)


def _replay(path: Sequence[bytes], node: int, last: int) -> tuple[bytes, bytes] | None:
    """Rebuild both roots from a consistency path, or None where the path has the wrong length."""
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return (first, second) if last == 0 else None


def _largest_power_below(size: int) -> int:
    """Give the largest power of two that is smaller than a size of two or more."""
    return 1 << (size - 1).bit_length() - 1
