"""Files of entries, piece by piece: bytes in, bytes out, nothing is read here and nothing is kept.

NDJSON and JSON carry each entry's stored bytes as they are; nothing is decoded for them.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from directory.exports.item import Contents, Item, end_of


class Writer(Protocol):
    """One file in the making: its beginning, its entries in order, its end."""

    media_type: str

    def begin(self) -> bytes:
        """What comes before the first entry."""
        ...

    def row(self, item: Item) -> bytes:
        """One entry."""
        ...

    def end(self) -> bytes:
        """What comes behind the last entry."""
        ...


class Lines:
    """NDJSON: one line an entry, and a last line that says how many there were."""

    media_type = "application/x-ndjson"

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._count = 0

    def begin(self) -> bytes:
        """Nothing: the first line is the first entry."""
        return b""

    def row(self, item: Item) -> bytes:
        """``{"entry": …, "freshness": …, "version": …}``."""
        self._count += 1
        return joined(item) + b"\n"

    def end(self) -> bytes:
        """``{"end": {"entries": 178, …}}``."""
        return msgspec.json.encode({"end": end_of(self._contents, self._count)}) + b"\n"


class Whole:
    """One JSON object with all entries in it."""

    media_type = "application/json"

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._count = 0

    def begin(self) -> bytes:
        """Up to the bracket of the list."""
        return b'{"entries":[\n'

    def row(self, item: Item) -> bytes:
        """One element, behind a comma unless it is the first."""
        self._count += 1
        return (b"" if self._count == 1 else b",\n") + joined(item)

    def end(self) -> bytes:
        """The bracket and what the file stands for."""
        return b'\n],"end":' + msgspec.json.encode(end_of(self._contents, self._count)) + b"}\n"


def joined(item: Item) -> bytes:
    """One entry as a JSON object around its stored bytes."""
    freshness = b',"freshness":' + msgspec.json.encode(item.freshness) if item.freshness else b""
    return b'{"entry":' + item.body + freshness + b',"version":' + msgspec.json.encode(item.version) + b"}"


def written(writer: Writer, items: Iterable[Item]) -> Iterator[bytes]:
    """The whole file in pieces."""
    yield writer.begin()
    for item in items:
        yield writer.row(item)
    yield writer.end()
