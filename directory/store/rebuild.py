"""Making the derived tables anew from the log, and putting back the safeguards that guard it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date

from msgspec import Struct

from directory.log.record import AnyRecord, EntryVersion, decode_record
from directory.store import migrations, projection

Progress = Callable[[int, int], None]

_DERIVED = (*projection.TABLES, "term")
_BATCH = 500


class SchemaObject(Struct, frozen=True):
    """A table, index or trigger as SQLite writes it down; ``table`` is the one it belongs to."""

    kind: str
    name: str
    table: str
    sql: str

    @property
    def derived(self) -> bool:
        """Whether `directory rebuild` makes it anew."""
        return self.table in _DERIVED or self.name.startswith("search_")


def schema(c: sqlite3.Connection) -> list[SchemaObject]:
    """What the database is made of, in the order it was made."""
    rows = c.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    return [SchemaObject(*row) for row in rows.fetchall()]


def reference() -> list[SchemaObject]:
    """What a database of this release is made of."""
    with closing(_blank()) as fresh:
        return schema(fresh)


def _blank() -> sqlite3.Connection:
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(fresh)
    return fresh


def replay(c: sqlite3.Connection) -> Iterator[tuple[AnyRecord, bytes | None]]:
    """Every record with the public content of versions, in order. Raises Invalid at a damaged record."""
    last = c.execute("SELECT coalesce(max(idx), -1) FROM log").fetchone()[0]
    for low in range(0, last + 1, _BATCH):
        for (data,) in c.execute(
            "SELECT entry FROM log WHERE idx >= ? AND idx < ? ORDER BY idx", (low, low + _BATCH)
        ).fetchall():
            record = decode_record(data)
            body = None
            if isinstance(record, EntryVersion):
                row = c.execute(
                    "SELECT body FROM blob WHERE commitment = ?", (bytes.fromhex(record.public),)
                ).fetchone()
                body = row[0] if row else None
            yield record, body


def rebuild(c: sqlite3.Connection, day: date, progress: Progress = lambda _done, _all: None) -> int:
    """Drop and remake every derived table inside the caller's transaction; returns how many records were read.

    Tables are dropped and not emptied, so that a damaged word index is no obstacle.
    """
    total = c.execute("SELECT count(*) FROM log").fetchone()[0]
    _remake(c)
    projection.clear(c, day)
    done = 0
    for record, body in replay(c):
        projection.apply(c, record, body)
        done += 1
        progress(done, total)
    return done


def _remake(c: sqlite3.Connection) -> None:
    wanted = reference()
    if any(o.name == "search" for o in schema(c)):
        _disarm(c)
    for table in reversed([o.name for o in wanted if o.kind == "table" and o.name in _DERIVED]):
        c.execute(f'DROP TABLE IF EXISTS "{table}"')
    for there in schema(c):
        if there.kind in ("trigger", "view") and there not in wanted:
            c.execute(f'DROP {there.kind} "{there.name.replace(chr(34), chr(34) * 2)}"')
    have = {(o.kind, o.name) for o in schema(c)}
    for missing in wanted:
        if (missing.kind, missing.name) not in have and (missing.table in _DERIVED or missing.kind == "trigger"):
            c.execute(missing.sql)


def _disarm(c: sqlite3.Connection) -> None:
    """Put an empty word index in the place of a damaged one: SQLite can't drop a virtual table that it can't open."""
    with closing(_blank()) as fresh:
        for part in schema(fresh):
            if part.kind == "table" and part.name.startswith("search_"):
                c.execute(f"DROP TABLE IF EXISTS {part.name}")
                c.execute(part.sql)
                for row in fresh.execute(f"SELECT * FROM {part.name}").fetchall():
                    c.execute(f"INSERT INTO {part.name} VALUES ({', '.join('?' * len(row))})", row)
