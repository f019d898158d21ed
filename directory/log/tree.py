"""Merkle tree of RFC 9162 section 2.1 (the hashes are those of RFC 6962).

Hashes are 32 bytes. A *perfect* subtree of level ``l`` and number ``k`` covers the leaves ``k·2^l`` to
``(k+1)·2^l - 1``. Proofs are put together from such subtrees, which ``get(level, k)`` hands out, so that nobody needs
all leaves in memory.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Get = Callable[[int, int], bytes]
"""Hash of the perfect subtree (level, number)."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of 0x00 and the entry's bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one perfect subtree for each bit of the size, largest first.

    Appending costs amortised two hashes, the root as many as the size has bits. ``size`` and ``hashes`` are its whole
    state: kept anywhere, they make the same frontier again.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count() or not _are_hashes(hashes):
            raise ValueError(f"the edge of {size} leaves is {size.bit_count()} hashes of {HASH_SIZE} bytes")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns the perfect subtrees that it completed as (level, number, hash), the leaf first."""
        if len(leaf) != HASH_SIZE:
            raise ValueError(f"a leaf hash has {HASH_SIZE} bytes, not {len(leaf)}")
        done = [(0, self.size, leaf)]
        self.hashes.append(leaf)
        size, level = self.size, 0
        while size & 1:
            right = self.hashes.pop()
            self.hashes[-1] = node_hash(self.hashes[-1], right)
            size >>= 1
            level += 1
            done.append((level, size, self.hashes[-1]))
        self.size += 1
        return done

    def root(self) -> bytes:
        """Root over all leaves so far."""
        return fold_right(self.hashes)


def fold_right(hashes: Sequence[bytes]) -> bytes:
    """Root over perfect subtrees ordered from the largest to the smallest."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def edge(size: int) -> list[tuple[int, int]]:
    """Perfect subtrees (level, number) that make up a tree of ``size`` leaves, largest first."""
    return _cover(0, size)


def root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def root_at(size: int, get: Get) -> bytes:
    """Root of the first ``size`` leaves."""
    return fold_right([get(level, number) for level, number in edge(size)])


def inclusion_proof(index: int, size: int, get: Get) -> list[bytes]:
    """Hashes from the leaf to the root (RFC 9162 2.1.3.1). Raises ValueError when there is no such leaf."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    return [_subroot(low, high, get) for low, high in _siblings(index, 0, size)]


def consistency_proof(old: int, new: int, get: Get) -> list[bytes]:
    """Hashes that show the first ``old`` leaves unchanged in the tree of ``new`` (RFC 9162 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves are no beginning of {new}")
    if old in (0, new):
        return []
    return [_subroot(low, high, get) for low, high in _consistency(old, 0, new, whole=True)]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` leads from the leaf hash at ``index`` to ``root`` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes([leaf, *proof]):
        return False
    fn, sn, found = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node_hash(sibling, found)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            found = node_hash(found, sibling)
        fn >>= 1
        sn >>= 1
    return sn == 0 and found == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of ``old`` leaves is the beginning of the one of ``new`` (RFC 9162 2.1.4.2).

    A tree of no leaves is the beginning of every tree.
    """
    if not _are_hashes([old_root, new_root, *proof]):
        return False
    if old == new:
        return old >= 0 and not proof and old_root == new_root
    if old == 0:
        return new > 0 and not proof and old_root == EMPTY_ROOT
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    first = second = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            second = node_hash(second, sibling)
        fn >>= 1
        sn >>= 1
    return sn == 0 and first == old_root and second == new_root


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)


def _split(size: int) -> int:
    """Largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _cover(low: int, high: int) -> list[tuple[int, int]]:
    """Perfect subtrees over the leaves ``low`` to ``high - 1``, ``low`` being aligned to them, largest first."""
    found = []
    while low < high:
        level = (high - low).bit_length() - 1
        found.append((level, low >> level))
        low += 1 << level
    return found


def _subroot(low: int, high: int, get: Get) -> bytes:
    return fold_right([get(level, number) for level, number in _cover(low, high)])


def _siblings(index: int, low: int, high: int) -> list[tuple[int, int]]:
    if high - low == 1:
        return []
    middle = low + _split(high - low)
    if index < middle:
        return [*_siblings(index, low, middle), (middle, high)]
    return [*_siblings(index, middle, high), (low, middle)]


def _consistency(old: int, low: int, high: int, *, whole: bool) -> list[tuple[int, int]]:
    if old == high - low:
        return [] if whole else [(low, high)]
    step = _split(high - low)
    if old <= step:
        return [*_consistency(old, low, low + step, whole=whole), (low + step, high)]
    return [*_consistency(old - step, low + step, high, whole=False), (low, low + step)]
