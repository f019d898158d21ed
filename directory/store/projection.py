"""Everything derived from the log, one record at a time. The same code runs for each new record and for `rebuild`.

What belongs to a version is written once, when its record is taken. ``current`` says which version of an entry is in
force on the projection's day; :func:`promote` moves that day on, so that a version announced for a later day takes
its place then.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from directory.domain import summary as summaries
from directory.domain.codec import decode
from directory.log.record import AnyRecord, ContentErased, EntryConfirmed, EntryRetired, EntryVersion
from directory.store import bitmap

TABLES = (
    "version", "summary", "current", "confirmation", "change", "facet", "search", "word", "projection",
)  # fmt: skip
_ORDER = {
    "version": "id, n",
    "summary": "row",
    "current": "row",
    "confirmation": "id, idx",
    "change": "idx",
    "facet": "name, value, chunk",
    "search": "rowid",
    "word": "word",
    "projection": "one",
}
_COLUMNS = {"search": "rowid, codes, names, place, body"}
_LISTS = ("territory", "functions", "treaties", "languages", "channels")
NOW = "in-force"
"""Name in ``facet`` of the set of versions that ``current`` points to, by kind of entry."""
KIND = "kind"
"""Name in ``facet`` of the kinds of entry; all other names are those of :data:`directory.domain.query.FILTERS`."""


def apply(c: sqlite3.Connection, record: AnyRecord, body: bytes | None) -> None:
    """Take one record into the derived tables; ``body`` is the public content of a version, None once erased."""
    entry_id: str | None = getattr(record, "id", None)
    c.execute(
        "INSERT INTO change (idx, type, at, id, reason) VALUES (?, ?, ?, ?, ?)",
        (record.i, record.__struct_config__.tag, record.at, entry_id, getattr(record, "reason", "")),
    )
    if isinstance(record, EntryVersion):
        _take_version(c, record)
        if body is not None:
            _describe(c, record.i, body)
    elif isinstance(record, EntryConfirmed):
        c.execute(
            "INSERT INTO confirmation (id, idx, at, grade) VALUES (?, ?, ?, ?)",
            (record.id, record.i, record.at, record.grade),
        )
    elif isinstance(record, ContentErased):
        entry_id = _forget(c, bytes.fromhex(record.commitment))
    if entry_id is not None:
        _settle(c, entry_id, _day(c), record.i)
    if isinstance(record, EntryRetired):
        c.execute("UPDATE current SET replaced_by = ? WHERE id = ?", (record.replaced_by, record.id))


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
        _settle(c, entry_id, now)
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


def _take_version(c: sqlite3.Connection, record: EntryVersion) -> None:
    c.execute(
        "INSERT INTO version (id, n, idx, effective_on, precision, basis, recorded_at, reason, commitment, sensitive)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            record.id, record.n, record.i, record.effective_on, record.precision, record.basis, record.at,
            record.reason, bytes.fromhex(record.public), int(record.sensitive),
        ),
    )  # fmt: skip


def _describe(c: sqlite3.Connection, row: int, body: bytes) -> None:
    """Write what lists, filters and search need of one version."""
    entry = decode(body)
    s = summaries.summarize(entry)
    c.execute(
        "INSERT INTO summary (row, id, kind, state, name, native_name, unit, territory, functions, treaties, languages,"
        " channels, status, source_date, name_words, prominence, by_state, by_name)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row, s.id, s.kind, s.state, s.name, s.native_name, s.unit, *(json.dumps(getattr(s, f)) for f in _LISTS),
            s.status, s.source_date, summaries.name_words(s.name), summaries.prominence(s), summaries.by_state(s),
            summaries.by_name(s),
        ),
    )  # fmt: skip
    bitmap.add(c, KIND, s.kind, row)
    for name, value in summaries.facets(s):
        bitmap.add(c, name, value, row)
    t = summaries.search_text(entry)
    fields = (t.codes, t.names, t.place, t.body)
    c.execute("INSERT INTO search (rowid, codes, names, place, body) VALUES (?, ?, ?, ?, ?)", (row, *fields))
    known = {word for field in fields for word in field.split()}
    c.executemany("INSERT OR IGNORE INTO word (word, backwards) VALUES (?, ?)", [(w, w[::-1]) for w in sorted(known)])


def _forget(c: sqlite3.Connection, commitment: bytes) -> str | None:
    """Take a version's content out of every derived table; returns its entry, None if no version had that content."""
    found = c.execute("SELECT id, idx FROM version WHERE commitment = ?", (commitment,)).fetchone()
    if found is None:
        return None
    entry_id, row = found
    text = c.execute("SELECT codes || ' ' || names || ' ' || place || ' ' || body FROM search WHERE rowid = ?", (row,))
    known = {word for (fields,) in text.fetchall() for word in fields.split()}
    c.execute("DELETE FROM summary WHERE row = ?", (row,))
    c.execute("DELETE FROM search WHERE rowid = ?", (row,))
    c.execute("INSERT INTO search (search) VALUES ('optimize')")  # a deleted word stays in the index until it is merged
    for word in known:
        if c.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (f'"{word}"',)).fetchone() is None:
            c.execute("DELETE FROM word WHERE word = ?", (word,))
    for name, value in bitmap.values_of(c, row):
        bitmap.drop(c, name, value, row)
    return str(entry_id)


def _settle(c: sqlite3.Connection, entry_id: str, day: str, touched: int = 0) -> None:
    """Point ``current`` to the version in force on ``day``; ``touched`` is the index of the record that asks for it."""
    first = c.execute("SELECT min(idx) FROM version WHERE id = ?", (entry_id,)).fetchone()[0]
    if first is None:
        return
    old = c.execute("SELECT idx, kind, last_idx, replaced_by FROM current WHERE row = ?", (first,))
    before: Sequence[Any] = old.fetchone() or (None, None, 0, None)
    was, was_kind, last_idx, replaced_by = before
    confirmed = c.execute(
        "SELECT at, grade FROM confirmation WHERE id = ? ORDER BY idx DESC LIMIT 1", (entry_id,)
    ).fetchone() or (None, None)
    new: Sequence[Any] | None = c.execute(
        "SELECT v.idx, v.n, v.effective_on, v.recorded_at, v.commitment, s.kind, s.state, s.name, s.source_date,"
        " s.by_state FROM version v LEFT JOIN summary s ON s.row = v.idx WHERE v.id = ? AND v.effective_on <= ?"
        " ORDER BY v.effective_on DESC, v.idx DESC LIMIT 1",
        (entry_id, day),
    ).fetchone()
    if new is None or new[5] is None:
        new = [None] * 10
    if was is not None and was != new[0]:
        bitmap.drop(c, NOW, was_kind, was)
    if new[0] is not None and was != new[0]:
        bitmap.add(c, NOW, new[5], new[0])
    c.execute(
        "INSERT OR REPLACE INTO current (row, id, last_idx, confirmed, grade, replaced_by, idx, n, effective_on,"
        " changed, commitment, kind, state, name, source_date, by_state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (first, entry_id, max(last_idx, touched), *confirmed, replaced_by, *new),
    )
