"""Appending to the log: the only code that writes to it."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from directory.clock import instant, parse_instant
from directory.errors import Refused, Unusable
from directory.log import tree
from directory.log.canonical import check
from directory.log.commitment import commit, new_salt
from directory.log.record import FORMAT, AnyRecord, EntryVersion, Genesis, encode_record
from directory.store import projection
from directory.store.rows import Basis, Precision

MAX_STEP_BACK = timedelta(minutes=5)


class Draft(Struct, frozen=True, kw_only=True):
    """A version to be taken: canonical public ``body``, and the day from which it was true."""

    id: str
    body: bytes
    effective_on: date
    precision: Precision = "day"
    basis: Basis = "source"
    reason: str = ""
    by: tuple[str, ...] = ()
    sensitive: bool = False
    network: bytes | None = None


def genesis(c: sqlite3.Connection, at: datetime, origin: str, policy: str, vkeys: Sequence[str]) -> None:
    """Write index 0 of a new log; ``policy`` is the SHA-256 of its policy text in hexadecimal."""
    projection.clear(c, at.date())
    _take(c, Genesis(v=FORMAT, i=0, at=instant(at), origin=origin, format="cadir/1", policy=policy, vkeys=tuple(vkeys)))


def append(c: sqlite3.Connection, drafts: Sequence[Draft], now: datetime) -> list[int]:
    """Take versions inside the caller's write transaction; returns their indexes.

    Raises Refused when the clock stands more than five minutes before the last record, Invalid when a body is not
    canonical.
    """
    at = instant(moment(c, now))
    projection.promote(c, now.date())
    indexes = []
    for draft in drafts:
        check(draft.body)
        previous = latest(c, draft.id)
        record = EntryVersion(
            v=FORMAT,
            i=size(c),
            at=at,
            id=draft.id,
            n=previous.n + 1 if previous else 1,
            prev=previous.leaf.hex() if previous else None,
            effective_on=draft.effective_on.isoformat(),
            precision=draft.precision,
            basis=draft.basis,
            public=_keep(c, "public", draft.body),
            network=_keep(c, "network", draft.network) if draft.network is not None else None,
            sensitive=draft.sensitive,
            by=draft.by,
            reason=draft.reason,
        )
        _take(c, record, draft.body)
        indexes.append(record.i)
    return indexes


class Latest(Struct, frozen=True):
    """The newest version of an entry: its number, and the leaf hash that the next one names."""

    n: int
    leaf: bytes


def latest(c: sqlite3.Connection, entry_id: str) -> Latest | None:
    """The newest version of an entry, None for a new one. Raises Unusable when derived rows contradict the log."""
    row = c.execute(
        "SELECT v.n, l.leaf, l.entry FROM version v LEFT JOIN log l ON l.idx = v.idx WHERE v.id = ?"
        " ORDER BY v.n DESC LIMIT 1",
        (entry_id,),
    ).fetchone()
    if row is None:
        return None
    n, leaf, entry = row
    told = check(entry) if entry is not None else {}
    if (told.get("id"), told.get("n")) != (entry_id, n):
        raise Unusable(
            f"The derived tables say that {entry_id} is at version {n}; the log says otherwise. "
            "Run `directory rebuild`; nothing was written."
        )
    return Latest(n, leaf)


def moment(c: sqlite3.Connection, now: datetime) -> datetime:
    """The instant to record: never before the last record's. Raises Refused when the clock was set back."""
    row = c.execute("SELECT entry FROM log ORDER BY idx DESC LIMIT 1").fetchone()
    if row is None:
        return now
    last = parse_instant(check(row[0])["at"])
    if now < last - MAX_STEP_BACK:
        raise Refused(
            f"The clock shows {instant(now)}, but the last record was written at {instant(last)}. "
            "Set the clock right; nothing was written."
        )
    return max(now, last)


def size(c: sqlite3.Connection) -> int:
    """Number of records, which is the position."""
    return int(c.execute("SELECT coalesce(max(idx) + 1, 0) FROM log").fetchone()[0])


def node(c: sqlite3.Connection) -> tree.Get:
    """Access to the hashes of perfect subtrees, for roots and proofs."""

    def get(level: int, number: int) -> bytes:
        row = c.execute("SELECT hash FROM node WHERE level = ? AND number = ?", (level, number)).fetchone()
        if row is None:
            raise KeyError(f"the tree lacks the subtree {number} of level {level}")
        return bytes(row[0])

    return get


def frontier(c: sqlite3.Connection) -> tree.Frontier:
    """The right edge of the tree as it is stored."""
    count, get = size(c), node(c)
    return tree.Frontier(count, [get(level, number) for level, number in tree.edge(count)])


def root(c: sqlite3.Connection, at_size: int | None = None) -> bytes:
    """Root over the whole log, or over its first ``at_size`` records."""
    return tree.root_at(size(c) if at_size is None else at_size, node(c))


def _take(c: sqlite3.Connection, record: AnyRecord, body: bytes | None = None) -> None:
    data = encode_record(record)
    leaf = tree.leaf_hash(data)
    edge = frontier(c)
    c.execute("INSERT INTO log (idx, entry, leaf) VALUES (?, ?, ?)", (record.i, data, leaf))
    c.executemany("INSERT INTO node (level, number, hash) VALUES (?, ?, ?)", edge.append(leaf))
    projection.apply(c, record, body)


def _keep(c: sqlite3.Connection, layer: str, body: bytes) -> str:
    check(body)
    salt = new_salt()
    commitment = commit(salt, body)
    c.execute("INSERT INTO blob (commitment, layer, salt, body) VALUES (?, ?, ?, ?)", (commitment, layer, salt, body))
    return commitment.hex()
