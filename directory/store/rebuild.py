"""Making the derived tables anew from the log, and putting back the safeguards that guard it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from msgspec import Struct

from directory.log.record import AnyRecord, EntryVersion, decode_record
from directory.store import migrations, projection

Progress = Callable[[int, int], None]

_BATCH = 500


class SchemaObject(Struct, frozen=True):
    """A table, index, view or trigger as SQLite writes it down; ``table`` is the one it belongs to."""

    kind: str
    name: str
    table: str
    sql: str


class Reference(Struct, frozen=True):
    """What a database of this release is made of, and which parts of it `directory rebuild` makes anew."""

    objects: tuple[SchemaObject, ...]
    derived: frozenset[SchemaObject]
    blank: dict[str, list[tuple[Any, ...]]]
    """Rows of the tables behind an empty word index."""

    def mends(self, thing: SchemaObject) -> bool:
        """Whether `directory rebuild` puts it right."""
        return thing in self.derived or thing.kind in ("trigger", "view")


def schema(c: sqlite3.Connection) -> list[SchemaObject]:
    """What the database is made of, in the order it was made."""
    rows = c.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    return [SchemaObject(*row) for row in rows.fetchall()]


def reference() -> Reference:
    """A blank database of this release, taken apart."""
    derived: set[SchemaObject] = set()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for step in migrations.steps():
            before = set(schema(fresh))
            migrations.migrate(fresh, [step])
            if step[0] in migrations.derived_steps():
                derived |= set(schema(fresh)) - before
        objects = schema(fresh)
        parts = [o.name for o in objects if _behind_an_index(o, objects)]
        blank = {name: fresh.execute(f'SELECT * FROM "{name}"').fetchall() for name in parts}
    return Reference(tuple(objects), frozenset(derived), blank)


def _behind_an_index(thing: SchemaObject, objects: Iterable[SchemaObject]) -> bool:
    """Whether it is one of the tables in which SQLite keeps a virtual table."""
    return thing.kind == "table" and any(
        thing.name.startswith(f"{o.name}_") for o in objects if o.sql.startswith("CREATE VIRTUAL TABLE")
    )


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
    have = {o.name for o in schema(c)}
    tables = [o for o in wanted.objects if o.kind == "table" and o in wanted.derived]
    for part in tables:
        if part.name in wanted.blank and part.name.rpartition("_")[0] in have:
            _blank(c, part, wanted.blank[part.name])
    for table in reversed(tables):
        if table.name not in wanted.blank:
            c.execute(f'DROP TABLE IF EXISTS "{table.name}"')
    for there in schema(c):
        if there.kind in ("trigger", "view") and there not in wanted.objects:
            c.execute(f'DROP {there.kind} "{there.name.replace(chr(34), chr(34) * 2)}"')
    for missing in wanted.objects:
        have = {o.name for o in schema(c)}
        if missing.name not in have and wanted.mends(missing):
            c.execute(missing.sql)


def _blank(c: sqlite3.Connection, part: SchemaObject, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put an empty word index in the place of a damaged one: SQLite can't drop a virtual table that it can't open."""
    c.execute(f'DROP TABLE IF EXISTS "{part.name}"')
    c.execute(part.sql)
    for row in rows:
        c.execute(f'INSERT INTO "{part.name}" VALUES ({", ".join("?" * len(row))})', row)
