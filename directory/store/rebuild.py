"""Making the derived tables anew from the log."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date

from directory.log.record import AnyRecord, EntryVersion, decode_record
from directory.store import projection

Progress = Callable[[int, int], None]


def replay(c: sqlite3.Connection) -> Iterator[tuple[AnyRecord, bytes | None]]:
    """Every record with the public content of versions, in order. Raises Invalid at a damaged record."""
    last = c.execute("SELECT coalesce(max(idx), -1) FROM log").fetchone()[0]
    for low in range(0, last + 1, 500):
        for (data,) in c.execute(
            "SELECT entry FROM log WHERE idx >= ? AND idx < ? ORDER BY idx", (low, low + 500)
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
    """Drop and remake every derived table inside the caller's transaction; returns how many records were read."""
    total = c.execute("SELECT count(*) FROM log").fetchone()[0]
    projection.clear(c, day)
    done = 0
    for record, body in replay(c):
        projection.apply(c, record, body)
        done += 1
        progress(done, total)
    return done
