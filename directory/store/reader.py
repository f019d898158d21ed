"""Reads of the log and of versions. Each function is one bounded look; the caller holds the snapshot."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from directory.errors import NotFound
from directory.log import tiles, tree
from directory.log.canonical import check
from directory.store import ledger
from directory.store.rows import Change, Head, Version, VersionMeta

_META = """
  SELECT id, n, idx, effective_on, precision, basis, recorded_at, reason, commitment, sensitive,
         lead(effective_on) OVER (ORDER BY effective_on, idx) AS until
  FROM version WHERE id = :id AND recorded_at <= :known_at AND idx < :size
"""
EVER = "9999-12-31T23:59:59Z"
_ALL = 2**53


def head(c: sqlite3.Connection) -> Head:
    """Position, root and instant of the log."""
    row = c.execute("SELECT idx, entry FROM log ORDER BY idx DESC LIMIT 1").fetchone()
    if row is None:
        return Head(0, tree.EMPTY_ROOT, None)
    return Head(row[0] + 1, ledger.root(c, row[0] + 1), check(row[1])["at"])


def position(c: sqlite3.Connection) -> int:
    """Size of the log."""
    return ledger.size(c)


def versions(c: sqlite3.Connection, entry_id: str, known_at: str = EVER, size: int = _ALL) -> list[VersionMeta]:
    """Every version in the order of the days from which they were true; empty for an unknown entry."""
    rows = c.execute(
        f"{_META} ORDER BY effective_on, idx", {"id": entry_id, "known_at": known_at, "size": size}
    ).fetchall()
    return [_meta(row) for row in rows]


def version(c: sqlite3.Connection, entry_id: str, n: int) -> Version | None:
    """Version ``n`` with its content; None if there is none. Raises NotFound when its content was erased."""
    meta = next((m for m in versions(c, entry_id) if m.n == n), None)
    return _with_body(c, meta) if meta else None


def in_force(c: sqlite3.Connection, entry_id: str, day: date, known_at: str = EVER, size: int = _ALL) -> Version | None:
    """The version in force on ``day``: the greatest (effective_on, position) with ``effective_on`` ≤ day.

    ``known_at`` (an instant) and ``size`` (a position) restrict it to what the log held then.
    """
    found = None
    for meta in versions(c, entry_id, known_at, size):
        if meta.effective_on <= day.isoformat():
            found = meta
    return _with_body(c, found) if found else None


def current_position(c: sqlite3.Connection, entry_id: str) -> int | None:
    """Position after the last record that can have changed an entry's page; None for an unknown entry."""
    row = c.execute("SELECT last_idx FROM current WHERE id = ?", (entry_id,)).fetchone()
    return row[0] + 1 if row else None


def confirmation(c: sqlite3.Connection, entry_id: str) -> tuple[str | None, str | None]:
    """Instant and grade of the last confirmation."""
    row = c.execute("SELECT confirmed, grade FROM current WHERE id = ?", (entry_id,)).fetchone()
    return (row[0], row[1]) if row else (None, None)


def redirect(c: sqlite3.Connection, entry_id: str) -> str | None:
    """The entry that took the place of a retired one."""
    row = c.execute("SELECT replaced_by FROM current WHERE id = ?", (entry_id,)).fetchone()
    return row[0] if row else None


def exists(c: sqlite3.Connection, entry_id: str) -> bool:
    """Whether the log knows the entry at all."""
    return c.execute("SELECT 1 FROM version WHERE id = ? LIMIT 1", (entry_id,)).fetchone() is not None


def ids(c: sqlite3.Connection) -> list[str]:
    """Every identifier that the log knows."""
    return [row[0] for row in c.execute("SELECT DISTINCT id FROM version ORDER BY id")]


def bodies(
    c: sqlite3.Connection, day: date, *, known_at: str = EVER, size: int = _ALL, after: str = "", limit: int = 500
) -> list[Version]:
    """Versions in force on ``day`` by identifier, from behind ``after`` on: pages of a stream, without erased ones."""
    rows = c.execute(
        """
        SELECT v.id, v.n, v.idx, v.effective_on, v.precision, v.basis, v.recorded_at, v.reason, v.commitment,
               v.sensitive,
               (SELECT w.effective_on FROM version w
                WHERE w.id = v.id AND w.recorded_at <= :known_at AND w.idx < :size
                  AND (w.effective_on, w.idx) > (v.effective_on, v.idx)
                ORDER BY w.effective_on, w.idx LIMIT 1) AS until,
               b.body
        FROM (SELECT DISTINCT id FROM version WHERE id > :after ORDER BY id) AS e
        JOIN version v ON v.id = e.id AND v.idx =
          (SELECT w.idx FROM version w WHERE w.id = e.id AND w.effective_on <= :day AND w.recorded_at <= :known_at
             AND w.idx < :size ORDER BY w.effective_on DESC, w.idx DESC LIMIT 1)
        JOIN blob b ON b.commitment = v.commitment
        WHERE b.body IS NOT NULL
        ORDER BY v.id LIMIT :limit
        """,
        {"day": day.isoformat(), "known_at": known_at, "size": size, "after": after, "limit": limit},
    ).fetchall()
    return [Version(meta=_meta(row[:11]), body=row[11]) for row in rows]


def changes(
    c: sqlite3.Connection,
    *,
    since: int = 0,
    until: int | None = None,
    state: str | None = None,
    limit: int = 100,
    newest: bool = False,
) -> list[Change]:
    """Records with positions over ``since`` up to ``until``, oldest first unless ``newest``."""
    order = "DESC" if newest else "ASC"
    of_state = "AND h.id IN (SELECT id FROM summary WHERE state = :state)" if state else ""
    rows = c.execute(
        f"""
        SELECT h.idx + 1, h.type, h.at, h.id, v.n, v.effective_on, v.precision, h.reason,
               coalesce(s.name, cu.name), coalesce(s.state, cu.state)
        FROM change h LEFT JOIN version v ON v.idx = h.idx LEFT JOIN summary s ON s.row = h.idx
        LEFT JOIN current cu ON cu.id = h.id
        WHERE h.idx >= :since AND h.idx < :until {of_state}
        ORDER BY h.idx {order} LIMIT :limit
        """,
        {"since": since, "until": _ALL if until is None else until, "state": state, "limit": limit},
    ).fetchall()
    return [_change(row) for row in rows]


def record(c: sqlite3.Connection, idx: int) -> bytes | None:
    """The stored bytes of a record."""
    row = c.execute("SELECT entry FROM log WHERE idx = ?", (idx,)).fetchone()
    return row[0] if row else None


def checkpoint(c: sqlite3.Connection, size: int | None = None) -> str | None:
    """The newest signed checkpoint, or the one of a size."""
    row = c.execute(
        "SELECT note FROM signed WHERE :size IS NULL OR size = :size ORDER BY size DESC LIMIT 1", {"size": size}
    ).fetchone()
    return row[0] if row else None


def tile(c: sqlite3.Connection, level: int, address: tiles.TileAddress) -> bytes | None:
    """Hashes of one tile; None if the log is not that long."""
    low = address.n * tiles.WIDTH
    rows = c.execute(
        "SELECT hash FROM node WHERE level = ? AND number >= ? AND number < ? ORDER BY number",
        (8 * level, low, low + address.width),
    ).fetchall()
    return b"".join(row[0] for row in rows) if len(rows) == address.width else None


def bundle(c: sqlite3.Connection, address: tiles.TileAddress) -> bytes | None:
    """One bundle of entries; None if the log is not that long."""
    low = address.n * tiles.WIDTH
    rows = c.execute(
        "SELECT entry FROM log WHERE idx >= ? AND idx < ? ORDER BY idx", (low, low + address.width)
    ).fetchall()
    return tiles.bundle([row[0] for row in rows]) if len(rows) == address.width else None


def public_blob(c: sqlite3.Connection, commitment: bytes) -> tuple[bytes, bytes] | None:
    """Salt and body behind a public commitment; None if there is none. Raises NotFound when it was erased."""
    row = c.execute("SELECT salt, body FROM blob WHERE commitment = ? AND layer = 'public'", (commitment,)).fetchone()
    if row is None:
        return None
    if row[1] is None:
        raise NotFound("This content was erased; the log holds the record of it.")
    return row[0], row[1]


def inclusion(c: sqlite3.Connection, idx: int, size: int) -> Sequence[bytes]:
    """Proof that record ``idx`` is in the log of ``size`` records. Raises NotFound."""
    if not 0 <= idx < size <= ledger.size(c):
        raise NotFound(f"The log has {ledger.size(c)} records; it has no number {idx} among the first {size}.")
    return tree.inclusion_proof(idx, size, ledger.node(c))


def consistency(c: sqlite3.Connection, old: int, new: int) -> Sequence[bytes]:
    """Proof that the first ``old`` records are the beginning of the first ``new``. Raises NotFound."""
    if not 0 <= old <= new <= ledger.size(c):
        raise NotFound(f"The log has {ledger.size(c)} records; give two sizes in rising order.")
    return tree.consistency_proof(old, new, ledger.node(c))


def _meta(row: tuple[Any, ...]) -> VersionMeta:
    entry_id, n, idx, effective_on, precision, basis, recorded_at, reason, commitment, sensitive, until = row
    return VersionMeta(
        id=entry_id, n=n, position=idx + 1, effective_on=effective_on, precision=precision, basis=basis, until=until,
        recorded_at=recorded_at, reason=reason, commitment=commitment, sensitive=bool(sensitive),
    )  # fmt: skip


def _with_body(c: sqlite3.Connection, meta: VersionMeta) -> Version:
    row = c.execute("SELECT body FROM blob WHERE commitment = ?", (meta.commitment,)).fetchone()
    if row is None or row[0] is None:
        raise NotFound(f"The content of version {meta.n} of {meta.id} was erased; the log holds the record of it.")
    return Version(meta=meta, body=row[0])


def _change(row: tuple[Any, ...]) -> Change:
    position, kind, at, entry_id, n, effective_on, precision, reason, name, state = row
    return Change(
        position=position, type=kind, at=at, id=entry_id, n=n, effective_on=effective_on, precision=precision,
        reason=reason, name=name, state=state,
    )  # fmt: skip
