"""Tiles (C2SP tlog-tiles): the tree and its entries as static files that never change.

A tile of level L holds up to 256 hashes, each the root of 256^L leaves; a bundle holds up to 256 entries, each behind
its length in two bytes.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from directory.errors import Invalid
from directory.log.tree import HASH_SIZE, Get, node_hash

WIDTH = 256
HEIGHT = 8
MAX_LEVEL = 7
"""Eight levels of 2^8 hold every tree of fewer than 2^63 leaves."""
MAX_ENTRY = 0xFFFF
_PATH = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/([1-9][0-9]{0,2}))?")
_FULL_PATH = re.compile(r"tile/(entries|[0-7])/(.+)")


class TileAddress(Struct, frozen=True):
    """Number ``n`` of a level and how many hashes or entries wide."""

    n: int
    width: int = WIDTH


def path(address: TileAddress) -> str:
    """Path of a tile below its level: 1234067 is ``x001/x234/067``, a partial one ends in ``.p/112``."""
    n = address.n
    text = f"{n % 1000:03d}"
    while n >= 1000:
        n //= 1000
        text = f"x{n % 1000:03d}/{text}"
    return text if address.width == WIDTH else f"{text}.p/{address.width}"


def parse_path(text: str) -> TileAddress:
    """Read what :func:`path` wrote. Raises Invalid for any other form, so that one tile has one address."""
    found = _PATH.fullmatch(text)
    if not found:
        raise Invalid(f"{text[:80]!r} is no path of a tile.")
    number = int("".join(part.lstrip("x") for part in text.split(".p/", maxsplit=1)[0].split("/")))
    address = TileAddress(number, int(found[1]) if found[1] else WIDTH)
    if address.width > WIDTH or path(address) != text:
        raise Invalid(f"{text[:80]!r} is no path of a tile.")
    return address


def tile_path(level: int | None, n: int, width: int = WIDTH) -> str:
    """Path below the log's address: ``tile/0/x001/x234/067.p/112``; the level None stands for bundles of entries."""
    return f"tile/{'entries' if level is None else level}/{path(TileAddress(n, width))}"


def parse_tile_path(text: str) -> tuple[int | None, TileAddress]:
    """Read what :func:`tile_path` wrote. Raises Invalid for any other form."""
    found = _FULL_PATH.fullmatch(text)
    if not found:
        raise Invalid(f"{text[:80]!r} is no path of a tile.")
    return (None if found[1] == "entries" else int(found[1])), parse_path(found[2])


def available(level: int, size: int) -> Iterator[TileAddress]:
    """Tiles of a level that a tree of ``size`` leaves has, the partial one last."""
    yield from _grown(level, 0, size)


def changed(old: int, new: int) -> Iterator[tuple[int, TileAddress]]:
    """Tiles (level, address) that a tree grown from ``old`` to ``new`` leaves has and had not: what to write or fetch.

    Bundles of entries change as the tiles of level 0 do.
    """
    for level in range(MAX_LEVEL + 1):
        for address in _grown(level, old, new):
            yield level, address


def _grown(level: int, old: int, new: int) -> Iterator[TileAddress]:
    before, hashes = old >> (HEIGHT * level), new >> (HEIGHT * level)
    full, rest = divmod(hashes, WIDTH)
    for n in range(before // WIDTH, full):
        yield TileAddress(n)
    if rest and hashes > before:
        yield TileAddress(full, rest)


def subtree(size: int, fetch: Callable[[int, TileAddress], bytes]) -> Get:
    """Access to the perfect subtrees of a tree of ``size`` leaves by way of its tiles.

    ``fetch(level, address)`` gets a tile. Nothing is believed here: the proof or root made from the hashes is compared
    with a signed checkpoint. Raises Invalid when a tile has not the size that it must have.
    """

    def get(level: int, number: int) -> bytes:
        if number < 0 or (number + 1) << level > size:
            raise ValueError(f"a tree of {size} has no subtree {number} of level {level}")
        tile_level, up = divmod(level, HEIGHT)
        first = number << up
        n = first // WIDTH
        width = min(WIDTH, (size >> (HEIGHT * tile_level)) - n * WIDTH)
        data = fetch(tile_level, TileAddress(n, width))
        if len(data) != width * HASH_SIZE:
            raise Invalid(f"The tile {tile_path(tile_level, n, width)} has {len(data)} bytes; it was cut or altered.")
        start = first % WIDTH
        row = [data[k * HASH_SIZE : (k + 1) * HASH_SIZE] for k in range(start, start + (1 << up))]
        while len(row) > 1:
            row = [node_hash(row[k], row[k + 1]) for k in range(0, len(row), 2)]
        return row[0]

    return get


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries of one bundle. Raises Invalid for an entry over 65,535 bytes, ValueError for more than 256 entries."""
    if len(entries) > WIDTH:
        raise ValueError(f"a bundle has at most {WIDTH} entries, not {len(entries)}")
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise Invalid(f"An entry of the log has at most {MAX_ENTRY} bytes.")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """Read what :func:`bundle` wrote. Raises Invalid if it was cut or is too long."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        end = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or end > len(data) or len(entries) == WIDTH:
            raise Invalid("The bundle of entries was cut short, or holds more than it may.")
        entries.append(data[start:end])
        at = end
    return entries
