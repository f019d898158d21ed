"""Everything derived from the log, one record at a time. The same code runs for each new record and for `rebuild`.

``current`` holds the version in force on the projection's day; :func:`promote` moves that day on, so that a version
announced for a later day takes its place then.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

from directory.domain import summary as summaries
from directory.domain.codec import decode
from directory.domain.folding import fold
from directory.log.record import AnyRecord, ContentErased, EntryConfirmed, EntryVersion

TABLES = ("version", "current", "facet", "search", "projection")
_ORDER = {
    "version": "id, n",
    "current": "row",
    "facet": "name, value, row",
    "search": "rowid",
    "projection": "one",
}
_COLUMNS = {"search": "rowid, codes, names, place, body"}


def apply(c: sqlite3.Connection, record: AnyRecord, body: bytes | None) -> None:
    """Take one record into the derived tables; ``body`` is the public content of a version, None once erased."""
    if isinstance(record, EntryVersion):
        _insert_version(c, record)
        _refresh(c, record.id, _day(c), last_idx=record.i, body=body)
    elif isinstance(record, EntryConfirmed):
        c.execute(
            "UPDATE current SET confirmed = ?, grade = ?, last_idx = ? WHERE id = ?",
            (record.at, record.grade, record.i, record.id),
        )
    elif isinstance(record, ContentErased):
        row = c.execute("SELECT id FROM version WHERE commitment = ?", (bytes.fromhex(record.commitment),)).fetchone()
        if row:
            _refresh(c, row[0], _day(c), last_idx=record.i)


def clear(c: sqlite3.Connection, day: date) -> None:
    """Empty every derived table and set the projection's day."""
    for table in TABLES:
        c.execute(f"DELETE FROM {table}")
    c.execute("INSERT INTO projection (one, day) VALUES (1, ?)", (day.isoformat(),))


def day_of(c: sqlite3.Connection) -> date:
    """The day for which ``current`` holds."""
    return date.fromisoformat(_day(c))


def promote(c: sqlite3.Connection, today: date) -> int:
    """Move the projection to ``today``; returns how many entries a scheduled version came into force for."""
    before, now = _day(c), today.isoformat()
    if now <= before:
        return 0
    c.execute("UPDATE projection SET day = ?", (now,))
    ids = c.execute(
        "SELECT DISTINCT id FROM version WHERE effective_on > ? AND effective_on <= ?", (before, now)
    ).fetchall()
    for (entry_id,) in ids:
        _refresh(c, entry_id, now)
    return len(ids)


def rows(c: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a derived table in a fixed order."""
    yield from c.execute(f"SELECT {_COLUMNS.get(table, '*')} FROM {table} ORDER BY {_ORDER[table]}")


def digest(c: sqlite3.Connection) -> str:
    """SHA-256 over all rows of all derived tables: equal digests, equal projections."""
    total = hashlib.sha256()
    for table in TABLES:
        total.update(table.encode())
        for row in rows(c, table):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def _day(c: sqlite3.Connection) -> str:
    row = c.execute("SELECT day FROM projection").fetchone()
    return str(row[0]) if row else "0001-01-01"


def _insert_version(c: sqlite3.Connection, record: EntryVersion) -> None:
    c.execute(
        "INSERT INTO version (id, n, idx, effective_on, precision, basis, recorded_at, reason, commitment, sensitive)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.id, record.n, record.i, record.effective_on, record.precision, record.basis, record.at,
            record.reason, bytes.fromhex(record.public), int(record.sensitive),
        ),
    )  # fmt: skip


def _refresh(
    c: sqlite3.Connection, entry_id: str, day: str, *, last_idx: int | None = None, body: bytes | None = None
) -> None:
    """Make the rows of one entry anew from the version in force on ``day``."""
    found = c.execute(
        "SELECT n, idx, effective_on, recorded_at, commitment FROM version WHERE id = ? AND effective_on <= ?"
        " ORDER BY effective_on DESC, idx DESC LIMIT 1",
        (entry_id, day),
    ).fetchone()
    if found is None:
        return
    n, idx, effective_on, recorded_at, commitment = found
    if body is None or last_idx != idx:
        body = _body(c, commitment)
    old = c.execute("SELECT row, confirmed, grade, last_idx FROM current WHERE id = ?", (entry_id,)).fetchone()
    row, confirmed, grade, was_last = old or (
        c.execute("SELECT min(idx) FROM version WHERE id = ?", (entry_id,)).fetchone()[0], None, None, 0,
    )  # fmt: skip
    if old:
        for table, key in (("current", "row"), ("facet", "row"), ("search", "rowid")):
            c.execute(f"DELETE FROM {table} WHERE {key} = ?", (row,))
    if body is None:
        return
    entry = decode(body)
    s = summaries.summarize(entry)
    c.execute(
        "INSERT INTO current (row, id, kind, state, name, native_name, unit, territory, functions, treaties, languages,"
        " channels, status, n, idx, last_idx, effective_on, changed, confirmed, grade, source_date, commitment,"
        " folded_name, sort) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            row, s.id, s.kind, s.state, s.name, s.native_name, s.unit, *(json.dumps(getattr(s, f)) for f in _LISTS),
            s.status, n, idx, max(was_last, last_idx or idx), effective_on, recorded_at, confirmed, grade,
            s.source_date, commitment, fold(s.name), summaries.sort_key(s.name),
        ),
    )  # fmt: skip
    if s.kind == "authority":
        c.executemany(
            "INSERT INTO facet (name, value, row) VALUES (?, ?, ?)", [(k, v, row) for k, v in summaries.facets(s)]
        )
    t = summaries.search_text(entry)
    c.execute(
        "INSERT INTO search (rowid, codes, names, place, body) VALUES (?,?,?,?,?)",
        (row, t.codes, t.names, t.place, t.body),
    )


_LISTS = ("territory", "functions", "treaties", "languages", "channels")


def _body(c: sqlite3.Connection, commitment: bytes) -> bytes | None:
    row = c.execute("SELECT body FROM blob WHERE commitment = ?", (commitment,)).fetchone()
    return row[0] if row else None
