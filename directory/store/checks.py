"""Checking the log record by record: bytes, place, time, hashes, the chain of each entry, the content committed to.

Used whole by :mod:`directory.store.verify`, and over the end of the log before anything is written or signed.
"""

import sqlite3
from collections.abc import Callable, Generator, Iterator

import msgspec
from msgspec import Struct

from directory.errors import Invalid
from directory.log import tree
from directory.log.commitment import commit
from directory.log.record import AnyRecord, ContentErased, EntryVersion, decode_record

Progress = Callable[[str, int, int], None]
LAYERS = ("public", "network", "secretariat")


class Finding(Struct, frozen=True):
    """Something that is not as it must be: where it lies, what is wrong in a sentence, what to do."""

    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.do}"


RESTORE = "Restore a backup with `directory restore`, and find out who or what changed the file."
REBUILD = "Run `directory rebuild`; the log itself is not touched by it. Find out who or what changed the file."


def silent(_what: str, _done: int, _total: int) -> None:
    """Progress for nobody."""


def records(c: sqlite3.Connection, start: int = 0, progress: Progress = silent) -> Iterator[Finding]:
    """Findings in the records from ``start`` on, in their order, and in the nodes and contents that belong to them."""
    walk = _Walk(c, start)
    total = int(c.execute("SELECT count(*) FROM log").fetchone()[0])
    try:
        frontier = _frontier(c, start)
    except KeyError as problem:
        yield Finding("node", f"{_sentence(problem.args[0])}, so the records behind it hang in the air.", RESTORE)
        return
    expected = start
    for idx, data, leaf in c.execute("SELECT idx, entry, leaf FROM log WHERE idx >= ? ORDER BY idx", (start,)):
        if idx != expected:
            yield Finding(f"log, index {expected}", f"The record is missing; the next one is {idx}.", RESTORE)
            return
        expected += 1
        sound = yield from _leaf(c, idx, data, leaf)
        yield from _nodes(c, frontier.append(sound))
        yield from walk.record(idx, data, sound)
        if idx % 256 == 0:
            progress("records", idx - start, total - start)
    progress("records", total - start, total - start)


def extras(c: sqlite3.Connection) -> Iterator[Finding]:
    """Nodes and contents that no record of the log asks for."""
    size = int(c.execute("SELECT count(*) FROM log").fetchone()[0])
    due = sum(size >> level for level in range(size.bit_length()))
    if c.execute("SELECT count(*) FROM node").fetchone()[0] > due:
        for level, number in c.execute("SELECT level, number FROM node WHERE number >= ? >> level LIMIT 3", (size,)):
            yield Finding(f"node, level {level}, number {number}", "No record lies below this hash.", RESTORE)
    promised = set[str]()
    for row in c.execute(
        "SELECT json_extract(text, '$.public'), json_extract(text, '$.network'), json_extract(text, '$.secretariat')"
        " FROM (SELECT iif(json_valid(CAST(entry AS TEXT)), CAST(entry AS TEXT), '{}') AS text FROM log)"
    ):
        promised.update(commitment for commitment in row if commitment)
    for (commitment,) in c.execute("SELECT commitment FROM blob"):
        if commitment.hex() not in promised:
            yield Finding(
                f"blob, commitment {commitment.hex()}",
                "No record of the log commits to this content: it was slipped in, or its name was altered.",
                RESTORE,
            )


def _leaf(c: sqlite3.Connection, idx: int, data: bytes, leaf: bytes) -> Generator[Finding, None, bytes]:
    """Findings on the leaf hash; returns the one that two of the three places agree on."""
    computed = tree.leaf_hash(data)
    row = c.execute("SELECT hash FROM node WHERE level = 0 AND number = ?", (idx,)).fetchone()
    node = row[0] if row else None
    if computed == leaf:
        return leaf  # a differing node is told by _nodes
    if node == computed:
        yield Finding(f"log, index {idx}", "The leaf hash is not that of the record: it was altered.", RESTORE)
        return computed
    yield Finding(f"log, index {idx}", "The record's bytes do not give its leaf hash: they were altered.", RESTORE)
    return leaf


def _nodes(c: sqlite3.Connection, completed: list[tuple[int, int, bytes]]) -> Iterator[Finding]:
    for level, number, computed in completed:
        row = c.execute("SELECT hash FROM node WHERE level = ? AND number = ?", (level, number)).fetchone()
        where = f"node, level {level}, number {number}"
        if row is None:
            yield Finding(where, "This hash of the tree is missing.", RESTORE)
        elif row[0] != computed:
            yield Finding(where, "This hash of the tree does not fit the records below it.", RESTORE)


class _Walk:
    """What has to be remembered from record to record."""

    def __init__(self, c: sqlite3.Connection, start: int) -> None:
        self.c = c
        self.start = start
        self.at = ""
        self.heads: dict[str, tuple[int, str | None]] = {}

    def record(self, idx: int, data: bytes, leaf: bytes) -> Iterator[Finding]:
        where = f"log, index {idx}"
        try:
            record = decode_record(data)
        except Invalid as problem:
            yield Finding(where, f"The record can't be read: {problem}", RESTORE)
            return
        if record.i != idx:
            yield Finding(where, f"The record says it is number {record.i}: it was moved.", RESTORE)
        if record.at < self.at:
            yield Finding(where, f"It was recorded at {record.at}, before the one in front ({self.at}).", RESTORE)
        self.at = max(self.at, record.at)
        yield from self._chain(where, record, leaf)
        yield from self._contents(record)

    def _chain(self, where: str, record: AnyRecord, leaf: bytes) -> Iterator[Finding]:
        entry_id = getattr(record, "id", None)
        if entry_id is None:
            return
        n, previous = self.heads.get(entry_id) or self._before(entry_id, record.i)
        if getattr(record, "prev", None) != previous:
            yield Finding(where, f"It does not follow the record of {entry_id} in front of it.", RESTORE)
        if isinstance(record, EntryVersion):
            if record.n != n + 1:
                yield Finding(where, f"It is version {record.n} of {entry_id}, but {n + 1} is next.", RESTORE)
            n = record.n
        self.heads[entry_id] = (n, leaf.hex())

    def _before(self, entry_id: str, idx: int) -> tuple[int, str | None]:
        """Version and leaf of the entry in front of the checked part of the log."""
        if self.start == 0:
            return 0, None
        row = self.c.execute(
            "SELECT v.n, l.leaf FROM version v JOIN log l ON l.idx = v.idx WHERE v.id = ? AND v.idx < ?"
            " ORDER BY v.idx DESC LIMIT 1",
            (entry_id, min(idx, self.start)),
        ).fetchone()
        return (int(row[0]), row[1].hex()) if row else (0, None)

    def _contents(self, record: AnyRecord) -> Iterator[Finding]:
        for layer in LAYERS:
            if commitment := getattr(record, layer, None):
                yield from self._content(record, layer, commitment)
        if isinstance(record, ContentErased):
            row = self.c.execute(
                "SELECT erased_idx FROM blob WHERE commitment = ?", (bytes.fromhex(record.commitment),)
            ).fetchone()
            if row is None or row[0] != record.i:
                yield Finding(
                    f"blob, commitment {record.commitment}",
                    f"Record {record.i} says that this content was erased, but it is not marked so.",
                    RESTORE,
                )

    def _content(self, record: AnyRecord, layer: str, commitment: str) -> Iterator[Finding]:
        entry_id, n = getattr(record, "id", "?"), getattr(record, "n", "?")
        where = f"blob, commitment {commitment} ({entry_id}, version {n}, {layer})"
        row = self.c.execute(
            "SELECT layer, salt, body, erased_idx FROM blob WHERE commitment = ?", (bytes.fromhex(commitment),)
        ).fetchone()
        if row is None:
            yield Finding(where, f"The content that record {record.i} commits to is missing.", RESTORE)
            return
        kept, salt, body, erased = row
        if kept != layer:
            yield Finding(where, f"It is kept as {kept}, but record {record.i} says {layer}.", RESTORE)
        if body is None:
            if not self._erased(erased, commitment):
                yield Finding(where, "The content is gone without a record of its erasure.", RESTORE)
        elif not isinstance(salt, bytes) or len(salt) != 32 or commit(salt, body).hex() != commitment:
            yield Finding(where, f"The content is not what record {record.i} commits to: it was altered.", RESTORE)
        elif not _canonical(body):
            yield Finding(where, "The content is not written in its one canonical form.", RESTORE)

    def _erased(self, idx: int | None, commitment: str) -> bool:
        row = self.c.execute("SELECT entry FROM log WHERE idx = ?", (idx,)).fetchone()
        try:
            record = decode_record(row[0]) if row else None
        except Invalid:
            return False
        return isinstance(record, ContentErased) and record.commitment == commitment


def _canonical(body: bytes) -> bool:
    """Whether keys are sorted and nothing is there twice; all other rules were checked when it was taken."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body), order="sorted") == body
    except (msgspec.DecodeError, RecursionError):
        return False


def _frontier(c: sqlite3.Connection, size: int) -> tree.Frontier:
    hashes = []
    for level, number in tree.edge(size):
        row = c.execute("SELECT hash FROM node WHERE level = ? AND number = ?", (level, number)).fetchone()
        if row is None:
            raise KeyError(f"the hash {number} of level {level} of the tree is missing")
        hashes.append(row[0])
    return tree.Frontier(size, hashes)


def _sentence(text: object) -> str:
    return str(text)[:1].upper() + str(text)[1:]
