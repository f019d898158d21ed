"""Proving that the directory is what was published: every byte, hash, signature, commitment and derived row.

SQLite's own check misses most flipped bits and the tree misses rows outside it; together they miss none.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct

from directory.errors import Invalid, Unusable
from directory.log import tree
from directory.log.checkpoint import parse
from directory.log.commitment import commit
from directory.log.note import Verifier, open_note
from directory.log.record import ContentErased, EntryVersion, decode_record
from directory.store import ledger, projection, signing
from directory.store.database import create
from directory.store.rebuild import rebuild

Progress = Callable[[str, int, int], None]


class Finding(Struct, frozen=True):
    """Something that is not as it must be: where it lies, what is wrong in a sentence, what to do."""

    where: str
    what: str
    do: str


RESTORE = "Restore a backup with `directory restore`, and find out who or what changed the file."
REBUILD = "Run `directory rebuild`; the log itself is not touched by it."


def verify(
    c: sqlite3.Connection, verifier: Verifier, mark_file: Path, progress: Progress = lambda _what, _done, _all: None
) -> list[Finding]:
    """All findings, none if everything fits. Reads only; the derived tables are remade in a temporary database."""
    found: list[Finding] = []
    found += _integrity(c)
    log = list(_log(c, progress))
    found += log
    found += _blobs(c, progress)
    found += _signatures(c, verifier)
    found += _mark(c, verifier, mark_file)
    if not log:
        found += _projections(c, progress)
    return found


def _integrity(c: sqlite3.Connection) -> Iterator[Finding]:
    for (line,) in c.execute("PRAGMA integrity_check(5)").fetchall():
        if line != "ok":
            yield Finding("database file", f"SQLite finds it damaged: {line}.", RESTORE)


def _log(c: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    """Density, canonical bytes, own index, time, leaf, the chain of each entry, and every node of the tree."""
    frontier = tree.Frontier()
    total = ledger.size(c)
    heads: dict[str, tuple[int, str]] = {}
    at = ""
    nodes = c.execute("SELECT count(*) FROM node").fetchone()[0]
    seen_nodes = 0
    for expected, (idx, data, leaf) in enumerate(c.execute("SELECT idx, entry, leaf FROM log ORDER BY idx").fetchall()):
        where = f"log, index {idx}"
        if idx != expected:
            yield Finding(where, f"The record with index {expected} is missing.", RESTORE)
            return
        if tree.leaf_hash(data) != leaf:
            yield Finding(where, "The record's bytes do not give its leaf hash: one of the two was altered.", RESTORE)
        for level, number, computed in frontier.append(tree.leaf_hash(data)):
            seen_nodes += 1
            row = c.execute("SELECT hash FROM node WHERE level = ? AND number = ?", (level, number)).fetchone()
            if row is None or row[0] != computed:
                yield Finding(
                    f"node, level {level}, number {number}",
                    "A hash of the tree does not fit the records below it.",
                    RESTORE,
                )
        try:
            record = decode_record(data)
        except Invalid as problem:
            yield Finding(where, f"The record can't be read: {problem}", RESTORE)
            continue
        if record.i != idx:
            yield Finding(where, f"The record says it is number {record.i}: it was moved.", RESTORE)
        if record.at < at:
            yield Finding(where, f"It was recorded at {record.at}, before the record in front of it ({at}).", RESTORE)
        at = record.at
        if isinstance(record, EntryVersion):
            n, previous = heads.get(record.id, (0, ""))
            if record.n != n + 1 or (record.prev or "") != previous:
                yield Finding(where, f"It is no continuation of version {n} of {record.id}.", RESTORE)
            heads[record.id] = (record.n, tree.leaf_hash(data).hex())
        if expected % 512 == 0:
            progress("records", expected, total)
    if seen_nodes != nodes:
        yield Finding("node", f"The tree has {nodes} stored hashes, {seen_nodes} belong to the records.", RESTORE)


def _blobs(c: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    """Every commitment of the log opens its content, or the content was erased with a record of it."""
    promised: dict[bytes, tuple[int, str]] = {}
    erased: set[bytes] = set()
    for idx, data in c.execute("SELECT idx, entry FROM log ORDER BY idx").fetchall():
        try:
            record = decode_record(data)
        except Invalid:
            continue  # told already
        if isinstance(record, EntryVersion):
            for layer in ("public", "network", "secretariat"):
                if commitment := getattr(record, layer):
                    promised[bytes.fromhex(commitment)] = (idx, layer)
        elif isinstance(record, ContentErased):
            erased.add(bytes.fromhex(record.commitment))
    rows = c.execute("SELECT commitment, layer, salt, body FROM blob").fetchall()
    for done, (commitment, layer, salt, body) in enumerate(rows):
        where = f"blob {commitment.hex()[:16]}…"
        idx, promised_layer = promised.pop(commitment, (None, None))
        if idx is None:
            yield Finding(where, "No record of the log commits to this content: it was altered or slipped in.", RESTORE)
        elif layer != promised_layer:
            yield Finding(where, f"It is kept as {layer}, the record {idx} says {promised_layer}.", RESTORE)
        elif body is None:
            if commitment not in erased:
                yield Finding(where, f"The content of record {idx} is gone without a record of its erasure.", RESTORE)
        elif len(salt) != 32 or commit(salt, body) != commitment:
            yield Finding(
                where, f"The content of record {idx} is not what the log commits to: it was altered.", RESTORE
            )
        if done % 512 == 0:
            progress("contents", done, len(rows))
    for commitment, (idx, layer) in promised.items():
        yield Finding(f"blob {commitment.hex()[:16]}…", f"The {layer} content of record {idx} is missing.", RESTORE)


def _signatures(c: sqlite3.Connection, verifier: Verifier) -> Iterator[Finding]:
    total = ledger.size(c)
    newest = 0
    for size, note in c.execute("SELECT size, note FROM signed ORDER BY size").fetchall():
        where = f"signed, size {size}"
        newest = size
        try:
            checkpoint = parse(open_note(note, [verifier]).text)
        except Invalid as problem:
            yield Finding(where, f"The checkpoint can't be believed: {problem}", RESTORE)
            continue
        if checkpoint.size != size or size > total:
            yield Finding(where, f"The checkpoint speaks of {checkpoint.size} records; the log has {total}.", RESTORE)
            continue
        try:
            same = ledger.root(c, size) == checkpoint.root
        except KeyError:
            same = False
        if not same:
            yield Finding(where, f"The first {size} records are not those that were signed.", RESTORE)
    if newest < total:
        yield Finding(
            "signed",
            f"The log has {total} records, {newest} are signed.",
            "Start the directory once; it signs the rest.",
        )


def _mark(c: sqlite3.Connection, verifier: Verifier, path: Path) -> Iterator[Finding]:
    try:
        mark = signing.highwater(path, verifier)
        if mark is None:
            yield Finding(
                str(path),
                "The high-water file is missing, so a lost end of the log would not be seen.",
                "Start the directory once; it writes the file anew.",
            )
        signing.check_highwater(c, mark, path)
    except Unusable as problem:
        yield Finding(str(path), problem.message, RESTORE)


def _projections(c: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    """The derived tables against those that the same code makes from the log, row by row."""
    day = c.execute("SELECT day FROM projection").fetchone()
    if day is None:
        yield Finding("projection", "The derived tables have no day.", REBUILD)
        return
    with tempfile.TemporaryDirectory(prefix="directory-verify-") as folder:
        fresh = create(Path(folder) / "fold.sqlite3")
        try:
            _copy(c, fresh)
            fresh.execute("BEGIN")
            rebuild(fresh, date.fromisoformat(day[0]), lambda done, total: progress("derived rows", done, total))
            for table in projection.TABLES:
                for ours, theirs in zip_longest(projection.rows(c, table), projection.rows(fresh, table)):
                    if ours != theirs and (ours is None or theirs is None or tuple(ours) != tuple(theirs)):
                        yield Finding(
                            f"{table}, row {_named(ours or theirs)}",
                            "It is not what the log gives: it was altered or left behind.",
                            REBUILD,
                        )
                        break
            fresh.execute("ROLLBACK")
        finally:
            fresh.close()


def _named(row: tuple[object, ...] | None) -> str:
    return ", ".join(str(value)[:40] for value in (row or ())[:3])


def _copy(c: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    fresh.execute("PRAGMA synchronous=OFF")
    fresh.execute("BEGIN")
    for table, columns in (("log", "idx, entry, leaf"), ("blob", "commitment, layer, salt, body, erased_idx")):
        marks = ", ".join("?" * len(columns.split(",")))
        fresh.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})", c.execute(f"SELECT {columns} FROM {table}")
        )
    fresh.execute("COMMIT")
