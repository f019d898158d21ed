"""Schema in numbered files, each applied whole or not at all."""

import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable

from directory.errors import Unusable


def steps() -> list[tuple[int, str]]:
    """Number and text of every schema file, in order."""
    return [(number, file.read_text("utf-8")) for number, file in _files()]


def derived_steps() -> frozenset[int]:
    """Numbers of the files that hold nothing but derived tables; their names end in ``projection``."""
    return frozenset(number for number, file in _files() if file.name.endswith("projection.sql"))


def _files() -> list[tuple[int, Traversable]]:
    folder = resources.files("directory.store") / "schema"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [(int(f.name.split("_")[0]), f) for f in files]


def newest() -> int:
    """Number of the newest schema that this release knows."""
    return steps()[-1][0]


def migrate(c: sqlite3.Connection, through: Sequence[tuple[int, str]] | None = None) -> None:
    """Bring the database to the newest schema. Raises Unusable for one from a newer release."""
    have = check_version(c)
    for number, sql in steps() if through is None else through:
        if number <= have:
            continue
        c.execute("BEGIN IMMEDIATE")
        try:
            _apply(c, number, sql)
            c.execute("COMMIT")
        except BaseException:
            if c.in_transaction:
                c.execute("ROLLBACK")
            raise


def _apply(c: sqlite3.Connection, number: int, sql: str) -> None:
    for statement in statements(sql):
        c.execute(statement)
    if broken := c.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"schema step {number} leaves rows without their parent: {broken[:3]}")
    c.execute(f"PRAGMA user_version={number:d}")


def check_version(c: sqlite3.Connection) -> int:
    """The schema number of the database. Raises Unusable for one from a newer release."""
    have = int(c.execute("PRAGMA user_version").fetchone()[0])
    if have > newest():
        raise Unusable(
            f"The database was written by a newer release (schema {have}, this release knows {newest()}). "
            "Install that release or a later one; nothing was changed."
        )
    return have


def statements(sql: str) -> Iterator[str]:
    """Whole statements, trigger bodies included. ``executescript`` is no use: it commits first."""
    buffer = ""
    for line in sql.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            yield buffer
            buffer = ""
    rest = "\n".join(line for line in buffer.splitlines() if not line.lstrip().startswith("--")).strip()
    if rest:
        raise RuntimeError(f"a schema file ends in half a statement: {rest[:80]}")
