"""The tree against RFC 9162, written out a second time in the plainest way, and against published roots."""

import base64
import hashlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.log.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    edge,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    root_at,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(b'{"n":%d}' % n) for n in range(300)]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def mth(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 2.1.1, word for word."""
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def nodes(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """The stored hashes of a log: what each append completed, by level and number."""
    frontier, stored = Frontier(), {}
    for leaf in leaves:
        for level, number, digest in frontier.append(leaf):
            assert (level, number) not in stored
            stored[level, number] = digest
    return lambda level, number: stored[level, number]


GET = nodes(LEAVES)


def test_published_roots_of_the_certificate_transparency_reference_leaves() -> None:
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
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
    hashes = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert [root(hashes[:n]).hex() for n in range(9)] == roots


def test_vectors_of_the_format() -> None:
    def b64(data: bytes) -> str:
        return base64.b64encode(data).decode()

    assert b64(EMPTY_ROOT) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert b64(leaf_hash(b"")) == "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="
    assert b64(LEAVES[0]) == "+UBwq/0toL9ykC6xOoCOeU+VTZ4nRcaCoVj27Q1KwDY="
    assert b64(root(LEAVES[:2])) == "O63IBTfwKeG7dygNyFIDzy7ZdI3I9XEjD8ulwybJEGg="
    assert b64(root(LEAVES[:3])) == "LP73YnWX4AtWSXV3Stco7yEHBnWfym1kE4xt/By/LNo="
    assert b64(root(LEAVES)) == "JrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw="


def test_a_leaf_and_a_node_of_the_same_bytes_have_different_hashes() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("size", [*range(71), 127, 128, 129, 255, 256, 257])
def test_every_proof_of_a_size_is_the_one_of_the_rfc_and_is_accepted(size: int) -> None:
    leaves, whole = LEAVES[:size], root(LEAVES[:size])
    assert whole == mth(leaves) == root_at(size, GET)
    for index in range(size):
        proof = inclusion_proof(index, size, GET)
        assert proof == path(index, leaves)
        assert verify_inclusion(index, size, leaves[index], proof, whole)
    for old in range(size + 1):
        proof = consistency_proof(old, size, GET)
        assert proof == (subproof(old, leaves, whole=True) if 0 < old < size else [])
        assert verify_consistency(old, size, mth(leaves[:old]), whole, proof)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 70_000])
def test_large_trees_prove_their_edges(size: int) -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    get = nodes(leaves)
    whole = root(leaves)
    assert whole == mth(leaves)
    for index in (0, 1, 255, 256, size // 2, size - 2, size - 1):
        assert verify_inclusion(index, size, leaves[index], inclusion_proof(index, size, get), whole)
    for old in (1, 2, 255, 256, 32_768, size - 1):
        assert verify_consistency(old, size, root(leaves[:old]), whole, consistency_proof(old, size, get))


sizes = st.integers(1, 300)


@given(st.data(), sizes)
def test_an_inclusion_proof_holds_for_nothing_else(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, whole = inclusion_proof(index, size, GET), root(LEAVES[:size])
    other = data.draw(st.integers(0, size).filter(lambda n: n != index))
    assert not verify_inclusion(other, size, LEAVES[index], proof, whole)
    assert not verify_inclusion(index, size, LEAVES[(index + 1) % 300], proof, whole)
    assert not verify_inclusion(index, size, LEAVES[index], proof, root(LEAVES[: size - 1]))
    assert not verify_inclusion(index, size, LEAVES[index], [*proof, EMPTY_ROOT], whole)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
        assert not verify_inclusion(index, size, LEAVES[index], [*proof[:at], flipped, *proof[at + 1 :]], whole)
        assert not verify_inclusion(index, size, LEAVES[index], proof[:at] + proof[at + 1 :], whole)


@given(st.data(), st.integers(2, 300))
def test_a_consistency_proof_holds_for_no_other_tree(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof, before, after = consistency_proof(old, new, GET), root(LEAVES[:old]), root(LEAVES[:new])
    assert not verify_consistency(old, new, root([*LEAVES[1:old], EMPTY_ROOT]), after, proof)
    assert not verify_consistency(old, new, before, root([*LEAVES[: new - 1], EMPTY_ROOT]), proof)
    assert not verify_consistency(new, old, after, before, proof)
    assert not verify_consistency(old, new, before, after, [*proof, EMPTY_ROOT])
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    assert not verify_consistency(old, new, before, after, [*proof[:at], flipped, *proof[at + 1 :]])
    assert not verify_consistency(old, new, before, after, proof[:at] + proof[at + 1 :])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.integers(0, 40))
def test_a_frontier_goes_on_from_its_size_and_hashes(leaves: list[bytes], cut: int) -> None:
    """Kept and made again at any moment, it reaches the root that the whole list has."""
    frontier = Frontier()
    for leaf in leaves[:cut]:
        frontier.append(leaf)
    again = Frontier(frontier.size, tuple(frontier.hashes))
    for leaf in leaves[cut:]:
        again.append(leaf)
    assert (again.size, again.root()) == (len(leaves), mth(leaves))
    assert len(again.hashes) == len(edge(again.size))


def test_an_append_completes_one_subtree_for_each_trailing_one_of_the_size() -> None:
    frontier = Frontier()
    completed = [len(frontier.append(leaf)) for leaf in LEAVES]
    assert sum(completed) == 2 * 300 - (300).bit_count()
    assert max(completed) == 9


def test_hashes_of_a_wrong_length_are_refused_everywhere() -> None:
    with pytest.raises(ValueError, match="the edge of 3 leaves is 2 hashes"):
        Frontier(3, LEAVES[:1])
    with pytest.raises(ValueError, match="of 32 bytes"):
        Frontier(1, [b"short"])
    with pytest.raises(ValueError, match="a leaf hash has 32 bytes"):
        Frontier().append(b'{"n":0}')
    assert not verify_inclusion(0, 2, b"", [LEAVES[0] + LEAVES[1]], sha(b"\x01" + LEAVES[0] + LEAVES[1]))
    assert not verify_consistency(1, 1, b"x", b"x", [])


def test_trees_that_do_not_exist_have_no_proofs() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 5)):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_proof(index, size, GET)
        assert not verify_inclusion(index, size, LEAVES[0], [], LEAVES[0])
    for old, new in ((6, 5), (-1, 5)):
        with pytest.raises(ValueError, match="no beginning"):
            consistency_proof(old, new, GET)
        assert not verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT])


def test_only_the_empty_tree_begins_every_tree_without_a_proof() -> None:
    assert verify_consistency(0, 5, EMPTY_ROOT, root(LEAVES[:5]), [])
    assert not verify_consistency(0, 5, LEAVES[0], root(LEAVES[:5]), [])
    assert not verify_consistency(0, 5, EMPTY_ROOT, root(LEAVES[:5]), [LEAVES[0]])
    assert not verify_consistency(5, 5, root(LEAVES[:5]), root(LEAVES[:5]), [LEAVES[0]])
    assert not verify_consistency(5, 5, root(LEAVES[:5]), root(LEAVES[1:6]), [])
    assert not verify_consistency(3, 5, root(LEAVES[:3]), root(LEAVES[:5]), [])
