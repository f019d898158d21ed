"""A directory in a temporary folder: how tests make one, add to it, tamper with it and look into it."""

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from directory.actions import lifecycle
from directory.actions.publish import publish
from directory.domain import codec
from directory.domain.authority import Authority, ContactPoint, Email, Name, Source
from directory.settings import Settings
from directory.store import signing, verify
from directory.store.checks import Finding
from directory.store.database import connect
from directory.store.ledger import Draft

START = datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC)


def body(entry_id: str, name: str = "Central Authority", mail: str = "office@example.org") -> bytes:
    """A small entry as the log keeps it."""
    return codec.encode(
        Authority(
            id=entry_id,
            state=entry_id[:2].upper(),
            names=(Name(key="name", text=name, lang="en"),),
            contacts=(ContactPoint(key="main", emails=(Email(key="e", address=mail, sources=("s",)),)),),
            sources=(Source(key="s", title="Notification", as_of="2014-03-21"),),
        )
    )


def draft(
    entry_id: str, name: str = "Central Authority", day: date = date(2020, 1, 1), mail: str = "office@example.org"
) -> Draft:
    return Draft(id=entry_id, body=body(entry_id, name, mail), effective_on=day)


def forked(act: Callable[[], object]) -> int:
    """Run ``act`` in a child that ends with it; returns the child's number. Faster than a new interpreter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns where a test runner has threads
        child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    return child


class Place:
    """One data folder with a clock that the test moves."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data=data)
        self.now = START

    def clock(self) -> datetime:
        return self.now

    def later(self, **step: float) -> None:
        self.now += timedelta(**step)

    def init(self) -> "Place":
        lifecycle.initialise(self.settings, self.clock)
        return self

    def publish(self, *drafts: Draft) -> list[int]:
        return publish(self.settings, self.clock, lambda _c, _now: drafts)

    @property
    def vkey(self) -> str:
        return signing.LogSigner(self.settings.keys, self.settings.origin).vkey

    def verify(self) -> list[Finding]:
        """As `directory verify` does it."""
        marks = [self.settings.highwater_file, self.settings.keys / "last-signed"]
        with closing(connect(self.settings.database, readonly=True)) as c:
            return verify.verify(c, self.vkey, marks)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with closing(connect(self.settings.database, readonly=True)) as c:
            return [tuple(row) for row in c.execute(sql, values).fetchall()]

    def size(self) -> int:
        return int(self.rows("SELECT count(*) FROM log")[0][0])

    @contextmanager
    def insider(self) -> Iterator[sqlite3.Connection]:
        """Somebody with the file and SQLite: no triggers, no constraints; puts the triggers back to hide the deed."""
        with closing(sqlite3.connect(self.settings.database, isolation_level=None)) as c:
            triggers = c.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            c.execute("PRAGMA ignore_check_constraints=ON")
            for name, _ in triggers:
                c.execute(f"DROP TRIGGER {name}")
            yield c
            for _, sql in triggers:
                c.execute(sql)

    def tamper(self, sql: str, values: Sequence[Any] = ()) -> int:
        """One statement of an insider; returns how many rows it changed."""
        with self.insider() as c:
            return c.execute(sql, values).rowcount
