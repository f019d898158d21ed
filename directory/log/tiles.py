"""Tiles (C2SP tlog-tiles): the tree and its entries as static files that never change.

A tile of level L holds up to 256 hashes, each the root of 256^L leaves; a bundle holds up to 256 entries, each behind
its length in two bytes.
"""

import re
import struct
from collections.abc import Iterator, Sequence

from msgspec import Struct

from directory.errors import Invalid

WIDTH = 256
_PATH = re.compile(r"^(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/([1-9][0-9]{0,2}))?$")


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
    found = _PATH.match(text)
    if not found:
        raise Invalid(f"{text!r} is no path of a tile.")
    number = int("".join(part.lstrip("x") for part in text.split(".p/", maxsplit=1)[0].split("/")))
    address = TileAddress(number, int(found[1]) if found[1] else WIDTH)
    if address.width > WIDTH or path(address) != text:
        raise Invalid(f"{text!r} is no path of a tile.")
    return address


def available(level: int, size: int) -> Iterator[TileAddress]:
    """Tiles of a level that a tree of ``size`` leaves has, the partial one last."""
    full, rest = divmod(size >> (8 * level), WIDTH)
    for n in range(full):
        yield TileAddress(n)
    if rest:
        yield TileAddress(full, rest)


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries of one bundle. Raises Invalid for an entry over 65,535 bytes."""
    if any(len(entry) > 0xFFFF for entry in entries):
        raise Invalid("An entry of the log has at most 65,535 bytes.")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """Read what :func:`bundle` wrote. Raises Invalid if it was cut."""
    entries, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">H", data, at) if at + 2 <= len(data) else (len(data),)
        if at + 2 + length > len(data):
            raise Invalid("The bundle of entries was cut short.")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    return entries
