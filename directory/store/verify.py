"""Proving that the directory is what was published: every byte, hash, signature, content and derived row.

SQLite's own check misses most flipped bits, and the tree misses what lies outside it; together they miss none.
"""

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

from msgspec import Struct

from directory.errors import Invalid, Unusable
from directory.log.checkpoint import Checkpoint, parse
from directory.log.note import Verifier, open_note
from directory.log.record import Genesis, decode_record
from directory.store import checks, ledger, projection, signing
from directory.store.checks import REBUILD, RESTORE, Finding, Progress, silent
from directory.store.database import snapshot
from directory.store.rebuild import rebuild, schema
from directory.store.rebuild import reference as blank


def verify(c: sqlite3.Connection, vkey: str, marks: Sequence[Path], progress: Progress = silent) -> list[Finding]:
    """All findings, none if everything fits. Reads only; the derived tables are remade in a temporary copy.

    ``marks`` are files outside the database that hold a checkpoint which the log must never fall behind.
    Raises Unusable when there is no room for the copy, Invalid when ``vkey`` is no key.
    """
    verifier = Verifier.parse(vkey)
    read = [(path, _mark(path, verifier)) for path in marks]  # before the snapshot: they may only be older than it
    with snapshot(c):
        found = _all("database file", lambda: _file(c, progress))
        found += _all("database schema", lambda: _schema(c))
        log = _all("log", lambda: checks.records(c, 0, progress))
        found += log
        found += _all("blob", lambda: checks.extras(c))
        found += _all("log, index 0", lambda: _genesis(c, vkey))
        found += _all("signed", lambda: _signatures(c, verifier))
        for path, mark in read:
            found += _all(str(path), lambda path=path, mark=mark: _against(c, path, mark))  # type: ignore[misc]
        if log:
            found.append(Finding("derived tables", "They were not checked, since the log is damaged.", RESTORE))
        else:
            found += _all("derived tables", lambda: _projections(c, progress))
    return found


def _all(where: str, step: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """The findings of one step; what a damaged file makes it stumble over is a finding too."""
    found: list[Finding] = []
    try:
        for finding in step():
            found.append(finding)  # noqa: PERF402  those in front of the stumble count
    except Unusable:
        raise
    except sqlite3.Error as problem:
        found.append(Finding(where, f"It can't be read to its end; SQLite says: {problem}.", RESTORE))
    except Exception as problem:  # noqa: BLE001  a flipped bit can give any type and any value
        found.append(Finding(where, f"It holds something that does not belong there ({problem!r:.200}).", RESTORE))
    return found


def _file(c: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    progress("database file", 0, 1)
    for (line,) in c.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            yield Finding("database file", f"SQLite finds it damaged: {line}.", RESTORE)
    progress("database file", 1, 1)


def _schema(c: sqlite3.Connection) -> Iterator[Finding]:
    reference = blank()
    wanted = {(o.kind, o.name): o for o in reference.objects}
    have = {(o.kind, o.name): o for o in schema(c)}
    for key, thing in {**have, **wanted}.items():
        remedy = REBUILD if reference.mends(thing) else RESTORE
        where = f"database schema, {thing.kind} {thing.name}"
        if key not in have:
            yield Finding(where, f"The {thing.kind} is missing.", remedy)
        elif key not in wanted:
            yield Finding(where, f"This {thing.kind} does not belong there.", remedy)
        elif have[key] != thing:
            yield Finding(where, f"The {thing.kind} was altered.", remedy)


def _genesis(c: sqlite3.Connection, vkey: str) -> Iterator[Finding]:
    row = c.execute("SELECT entry FROM log WHERE idx = 0").fetchone()
    try:
        first = decode_record(row[0]) if row else None
    except Invalid:
        return  # told already
    if not isinstance(first, Genesis):
        yield Finding("log, index 0", "The log does not begin with its own description.", RESTORE)
    elif vkey not in first.vkeys:
        yield Finding("log, index 0", f"The log names another key than {vkey}: it is another log.", RESTORE)


def _signatures(c: sqlite3.Connection, verifier: Verifier) -> Iterator[Finding]:
    total = ledger.size(c)
    newest = 0
    for size, note in c.execute("SELECT size, note FROM signed ORDER BY size"):
        where = f"signed, size {size}"
        newest = max(newest, size)
        try:
            checkpoint = parse(open_note(note, [verifier]).text)
        except Invalid as problem:
            yield Finding(where, f"The checkpoint can't be believed: {problem}", RESTORE)
            continue
        if checkpoint.size != size or size > total:
            yield Finding(where, f"The checkpoint speaks of {checkpoint.size} records; the log has {total}.", RESTORE)
        elif not signing.same_root(c, checkpoint):
            yield Finding(where, f"The first {size} records are not those that were signed.", RESTORE)
    if newest < total:
        yield Finding(
            f"signed, size {total}",
            f"The log has {total} records, but only {newest} are signed.",
            "Start the directory once, or wait for a writer that is at work; it signs the rest.",
        )


def _mark(path: Path, verifier: Verifier) -> Checkpoint | Unusable | None:
    try:
        return signing.highwater(path, verifier)
    except Unusable as problem:
        return problem


def _against(c: sqlite3.Connection, path: Path, mark: Checkpoint | Unusable | None) -> Iterator[Finding]:
    if mark is None:
        yield Finding(
            str(path),
            "The file is missing, so nobody would notice that the end of the log was lost.",
            "Put it back from a backup; or, if you are sure that no record is missing, start the directory once.",
        )
    elif isinstance(mark, Unusable):
        yield Finding(str(path), mark.message, "Put it back from a backup, and find out who or what changed it.")
    else:
        try:
            signing.check_highwater(c, mark, path)
        except Unusable as problem:
            yield Finding(str(path), problem.message, RESTORE)


def _projections(c: sqlite3.Connection, progress: Progress) -> Iterator[Finding]:
    """The derived tables against those that the same code makes from the log, row by row."""
    day = c.execute("SELECT day FROM projection").fetchone()
    if day is None:
        yield Finding("projection", "The derived tables do not say for which day they hold.", REBUILD)
        return
    with tempfile.TemporaryDirectory(prefix="directory-verify-") as folder:
        fresh = sqlite3.connect(Path(folder) / "copy.sqlite3", isolation_level=None)
        try:
            _copy(c, fresh, Path(folder))
            yield from _words(fresh)
            fresh.execute("BEGIN")
            rebuild(fresh, date.fromisoformat(day[0]), lambda done, total: progress("derived tables", done, total))
            for table in projection.TABLES:
                yield from _table(c, fresh, table)
        except sqlite3.OperationalError as problem:
            if "full" in str(problem):
                raise _no_room(folder) from problem
            raise
        finally:
            fresh.close()


def _copy(c: sqlite3.Connection, fresh: sqlite3.Connection, folder: Path) -> None:
    pages = c.execute("PRAGMA page_count").fetchone()[0] * c.execute("PRAGMA page_size").fetchone()[0]
    if shutil.disk_usage(folder).free < 2 * pages:
        raise _no_room(str(folder))
    c.backup(fresh)
    fresh.execute("PRAGMA journal_mode=MEMORY")
    fresh.execute("PRAGMA synchronous=OFF")


def _no_room(folder: str) -> Unusable:
    return Unusable(
        f"There is no room in {Path(folder).parent} for a copy of the database, which verifying needs. "
        "Free some, or name another folder with TMPDIR."
    )


def _words(fresh: sqlite3.Connection) -> Iterator[Finding]:
    indexes = [o.name for o in schema(fresh) if re.search(r"\bUSING\s+fts5\s*\(", o.sql, re.IGNORECASE)]
    for table in indexes:
        try:
            fresh.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except sqlite3.Error:
            yield Finding(table, "The index of words does not fit the texts it was made from.", REBUILD)


class _Keyed(Struct, frozen=True):
    """How to read a table in a fixed order: its columns, and which of them name a row."""

    columns: tuple[str, ...]
    key: tuple[str, ...]

    def rows(self, c: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
        yield from c.execute(f"SELECT {', '.join(self.columns)} FROM {table} ORDER BY {', '.join(self.key)}")

    def key_of(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row[self.columns.index(name)] for name in self.key)

    def label(self, table: str, row: tuple[Any, ...]) -> str:
        named = dict(zip(self.columns, row, strict=True))
        if len(self.key) > 1:
            return f"{table}, row with " + ", ".join(f"{name} {named[name]}" for name in self.key)
        entry = f" ({named['id']})" if "id" in named else ""
        return f"{table}, row {named[self.key[0]]}{entry}"


def _keyed(c: sqlite3.Connection, table: str) -> _Keyed:
    info = c.execute("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", (table,)).fetchall()
    columns = tuple(name for name, _ in info)
    key = tuple(name for name, place in sorted(info, key=lambda row: row[1]) if place)
    return _Keyed(columns, key) if key else _Keyed(("rowid", *columns), ("rowid",))


def _table(c: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> Iterator[Finding]:
    """The first row that differs, named."""
    how = _keyed(fresh, table)
    for ours, due in zip_longest(how.rows(c, table), how.rows(fresh, table)):
        if ours == due:
            continue
        if due is None or (ours is not None and how.key_of(ours) < how.key_of(due)):
            yield Finding(how.label(table, ours), "This row does not come from the log: it was slipped in.", REBUILD)
        elif ours is None or how.key_of(due) < how.key_of(ours):
            yield Finding(how.label(table, due), "This row, which the log gives, is missing.", REBUILD)
        else:
            name, is_, should = next((n, a, b) for n, a, b in zip(how.columns, ours, due, strict=True) if a != b)
            yield Finding(how.label(table, due), f"{name} is {is_!r:.80}, but the log gives {should!r:.80}.", REBUILD)
        return
