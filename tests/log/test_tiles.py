"""Addresses of tiles, which tiles a size has, and the way back from tiles to proofs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log.tiles import (
    TileAddress,
    available,
    bundle,
    changed,
    parse_path,
    parse_tile_path,
    path,
    subtree,
    tile_path,
    unbundle,
)
from directory.log.tree import Frontier, inclusion_proof, leaf_hash, root, root_at, verify_inclusion


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (TileAddress(0), "000"),
        (TileAddress(999), "999"),
        (TileAddress(1000), "x001/000"),
        (TileAddress(1234067), "x001/x234/067"),
        (TileAddress(1234067, 112), "x001/x234/067.p/112"),
        (TileAddress(0, 1), "000.p/1"),
    ],
)
def test_addresses_as_the_specification_writes_them(address: TileAddress, text: str) -> None:
    assert path(address) == text
    assert parse_path(text) == address


@given(st.integers(0, 2**62), st.integers(1, 256), st.none() | st.integers(0, 7))
def test_an_address_comes_back_from_its_path(n: int, width: int, level: int | None) -> None:
    assert parse_path(path(TileAddress(n, width))) == TileAddress(n, width)
    assert parse_tile_path(tile_path(level, n, width)) == (level, TileAddress(n, width))


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "00", "0000", "001\n", "x000/001", "001/002", "x001", "x001/x002", "001.p/0", "001.p/256", "001.p/007",
        "001.p/", "001.p", "٠٠١", "-01", "001.p/300", "/001", "001/", "x1/001", "../001", "x999/" * 900 + "001",
    ],
)  # fmt: skip
def test_one_tile_has_one_address(text: str) -> None:
    """Anything but the exact path is refused, so that no cache or copy holds a tile under two names."""
    with pytest.raises(Invalid):
        parse_path(text)


@pytest.mark.parametrize("text", ["tile/8/000", "tile/-1/000", "tile/00/000", "tile/data/000", "/tile/0/000", "tile/0"])
def test_only_levels_that_exist_have_paths(text: str) -> None:
    with pytest.raises(Invalid):
        parse_tile_path(text)


def test_tiles_of_the_sizes_that_the_specification_names() -> None:
    def shape(size: int) -> list[tuple[int, int | None]]:
        """For each level: number of full tiles, width of the partial one."""
        found = []
        for level in range(4):
            widths = [a.width for a in available(level, size)]
            partial = [w for w in widths if w < 256]
            if widths:
                found.append((len(widths) - len(partial), partial[0] if partial else None))
        return found

    assert shape(0) == []
    assert shape(256) == [(1, None), (0, 1)]
    assert shape(300) == [(1, 44), (0, 1)]
    assert shape(70_000) == [(273, 112), (1, 17), (0, 1)]


@given(st.lists(st.integers(0, 70_000), min_size=1, max_size=6).map(sorted))
def test_tiles_that_changed_add_up_to_all_tiles(sizes: list[int]) -> None:
    """Fetched at each growth, they make every full tile and the newest partial one, and no tile comes twice."""
    held: set[tuple[int, TileAddress]] = set()
    for old, new in pairwise([0, *sizes]):
        fresh = set(changed(old, new))
        assert not fresh & held
        held |= fresh
        assert {(level, a) for level in range(8) for a in available(level, new)} <= held
        assert old < new or not fresh


def test_proofs_out_of_tiles_are_the_proofs_of_the_tree() -> None:
    size = 70_000
    stored: dict[tuple[int, int], bytes] = {}
    frontier = Frontier()
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    for leaf in leaves:
        stored |= {(level, number): digest for level, number, digest in frontier.append(leaf)}
    fetched = []

    def fetch(level: int, address: TileAddress) -> bytes:
        assert address in set(available(level, size))
        fetched.append((level, address))
        low = address.n * 256
        return b"".join(stored[8 * level, number] for number in range(low, low + address.width))

    get = subtree(size, fetch)
    assert root_at(size, get) == root(leaves)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        proof = inclusion_proof(index, size, get)
        assert proof == inclusion_proof(index, size, lambda level, number: stored[level, number])
        assert verify_inclusion(index, size, leaves[index], proof, root(leaves))
    assert len(set(fetched)) < 12
    with pytest.raises(ValueError, match="no subtree"):
        get(0, size)
    with pytest.raises(ValueError, match="no subtree"):
        get(17, 0)


def test_a_tile_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(Invalid, match="was cut or altered"):
        subtree(300, lambda _level, _address: b"\0" * 31)(0, 0)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=8), st.data())
def test_a_cut_bundle_is_refused_or_holds_whole_entries_only(entries: list[bytes], data: st.DataObject) -> None:
    whole = bundle(entries)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    ends = [sum(2 + len(e) for e in entries[:k]) for k in range(len(entries))]
    if len(cut) in ends:
        assert unbundle(cut) == entries[: ends.index(len(cut))]
    else:
        with pytest.raises(Invalid, match="cut short"):
            unbundle(cut)


def test_limits_of_a_bundle() -> None:
    longest = b"x" * 0xFFFF
    assert unbundle(bundle([longest, b""])) == [longest, b""]
    with pytest.raises(Invalid, match="at most 65535 bytes"):
        bundle([longest + b"x"])
    with pytest.raises(ValueError, match="at most 256 entries"):
        bundle([b""] * 257)
    with pytest.raises(Invalid, match="more than it may"):
        unbundle(b"\0\0" * 257)
