"""Sets of versions as bits: bit ``i`` stands for the version that record ``i`` brought.

A Python integer is the set in memory: intersection, union and count take microseconds for ten thousand versions, where
counting rows takes milliseconds. Stored in chunks, so that a new version rewrites at most 4 KiB a value.
"""

import sqlite3
from collections.abc import Iterable, Mapping

CHUNK = 32768
_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def add(c: sqlite3.Connection, name: str, value: str, row: int) -> None:
    """Say that version ``row`` has ``value`` for ``name``."""
    chunk, bit = divmod(row, CHUNK)
    _store(c, name, value, chunk, _load(c, name, value, chunk) | 1 << bit)


def drop(c: sqlite3.Connection, name: str, value: str, row: int) -> None:
    """Take back :func:`add`."""
    chunk, bit = divmod(row, CHUNK)
    _store(c, name, value, chunk, _load(c, name, value, chunk) & ~(1 << bit))


def values_of(c: sqlite3.Connection, row: int) -> list[tuple[str, str]]:
    """Everything that was added for one version."""
    chunk, bit = divmod(row, CHUNK)
    rows = c.execute("SELECT name, value, bits FROM facet WHERE chunk = ?", (chunk,))
    return [(name, value) for name, value, bits in rows if int.from_bytes(bits, "little") >> bit & 1]


def every(c: sqlite3.Connection) -> Mapping[tuple[str, str], int]:
    """All sets by name and value."""
    found: dict[tuple[str, str], int] = {}
    for name, value, chunk, bits in c.execute("SELECT name, value, chunk, bits FROM facet"):
        part = int.from_bytes(bits, "little")
        if chunk:
            part = part << chunk * CHUNK | found.get((name, value), 0)
        found[name, value] = part
    return found


def of(rows: Iterable[int]) -> int:
    """The set of these versions."""
    members = list(rows)
    if not members:
        return 0
    packed = bytearray(max(members) // 8 + 1)
    for row in members:
        packed[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(packed, "little")


def members(mask: int) -> list[int]:
    """The versions of a set, in rising order."""
    packed = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    return [8 * place + bit for place, byte in enumerate(packed) if byte for bit in _BITS[byte]]


def _load(c: sqlite3.Connection, name: str, value: str, chunk: int) -> int:
    row = c.execute(
        "SELECT bits FROM facet WHERE name = ? AND value = ? AND chunk = ?", (name, value, chunk)
    ).fetchone()
    return int.from_bytes(row[0], "little") if row else 0


def _store(c: sqlite3.Connection, name: str, value: str, chunk: int, bits: int) -> None:
    if bits:
        packed = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
        c.execute("INSERT OR REPLACE INTO facet (name, value, chunk, bits) VALUES (?, ?, ?, ?)",
                  (name, value, chunk, packed))  # fmt: skip
    else:  # an empty set leaves no row, so that a rebuild gives the same bytes
        c.execute("DELETE FROM facet WHERE name = ? AND value = ? AND chunk = ?", (name, value, chunk))
