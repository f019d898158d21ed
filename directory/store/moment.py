"""Which versions a question is about: those in force now, or on another day, or as the log knew them earlier."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from directory.domain.query import Query
from directory.store import bitmap, projection, reader


class World(Struct, frozen=True, kw_only=True):
    """The set of versions of authorities in force on ``day``, and when the confirmed among them were last confirmed."""

    rows: int
    day: date
    confirmed: Mapping[int, tuple[str, str | None]]


def world(c: sqlite3.Connection, query: Query, today: date, sets: Mapping[tuple[str, str], int]) -> World:
    """The versions that ``query`` asks about."""
    if query.as_of is None and query.known_at is None:
        found = c.execute("SELECT idx, confirmed, grade FROM current WHERE confirmed IS NOT NULL AND idx IS NOT NULL")
        return World(
            rows=sets.get((projection.NOW, "authority"), 0),
            day=today,
            confirmed={idx: (at, grade) for idx, at, grade in found},
        )
    day = query.as_of or today
    known_at = query.known_at or reader.EVER
    in_force = dict(
        c.execute(
            "SELECT id, idx FROM version WHERE effective_on <= ? AND recorded_at <= ? ORDER BY id, effective_on, idx",
            (day.isoformat(), known_at),
        )  # the last one of each entry stays
    )
    seen_until = min(known_at, f"{day.isoformat()}T23:59:59Z")
    confirmations = c.execute("SELECT id, at, grade FROM confirmation WHERE at <= ? ORDER BY id, idx", (seen_until,))
    confirmed = {in_force[i]: (at, grade) for i, at, grade in confirmations if i in in_force}
    return World(
        rows=bitmap.of(in_force.values()) & sets.get((projection.KIND, "authority"), 0), day=day, confirmed=confirmed
    )
