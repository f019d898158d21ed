"""What the tables refuse even from somebody who writes SQL by hand on one of our connections."""
# ruff: noqa: S608, E501  statements are put together from our own names

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from directory.store.database import connect
from tests.store.places import Place


@pytest.fixture
def c(filled: Place) -> Iterator[sqlite3.Connection]:
    with closing(connect(filled.settings.database, readonly=False)) as c:
        yield c


NEXT = "(SELECT max(idx) + 1 FROM log)"
STATEMENTS = {
    "update of a record": "UPDATE log SET entry = x'7b7d' WHERE idx = 1",
    "update of a leaf": "UPDATE log SET leaf = randomblob(32) WHERE idx = 1",
    "moving a record": "UPDATE log SET idx = 99 WHERE idx = 4",
    "delete of the last record": "DELETE FROM log WHERE idx = (SELECT max(idx) FROM log)",
    "delete of all records": "DELETE FROM log",
    "a gap": "INSERT INTO log VALUES (99, x'7b7d', randomblob(32))",
    "an index below": "INSERT INTO log VALUES (-1, x'7b7d', randomblob(32))",
    "an index without number": "INSERT INTO log (idx, entry, leaf) VALUES (NULL, x'7b7d', randomblob(32))",
    "replace by index": "INSERT OR REPLACE INTO log VALUES (1, x'7b7d', randomblob(32))",
    "replace by leaf": f"INSERT OR REPLACE INTO log VALUES ({NEXT}, x'7b7d', (SELECT leaf FROM log WHERE idx = 1))",
    "replace by update": "UPDATE OR REPLACE log SET leaf = (SELECT leaf FROM log WHERE idx = 1) WHERE idx = 2",
    "upsert": "INSERT INTO log VALUES (1, x'7b7d', randomblob(32)) ON CONFLICT (idx) DO UPDATE SET entry = x'7b7d'",
    "a long record": f"INSERT INTO log VALUES ({NEXT}, zeroblob(8193), randomblob(32))",
    "a short leaf": f"INSERT INTO log VALUES ({NEXT}, x'7b7d', x'00')",
    "a text as record": f"INSERT INTO log VALUES ({NEXT}, '{{}}', randomblob(32))",
    "update of a node": "UPDATE node SET hash = randomblob(32)",
    "delete of a node": "DELETE FROM node WHERE level = 1",
    "replace of a node": "INSERT OR REPLACE INTO node VALUES (0, 0, randomblob(32))",
    "update of content": "UPDATE blob SET body = x'7b7d'",
    "delete of content": "DELETE FROM blob",
    "erasing content without a record": "UPDATE blob SET body = NULL, salt = NULL",
    "erasing content with a record that is not there":
        "UPDATE blob SET body = NULL, salt = NULL, erased_idx = 99",
    "erasing only the salt": "UPDATE blob SET salt = NULL, erased_idx = 1",
    "renaming content": "UPDATE blob SET commitment = randomblob(32), body = NULL, salt = NULL, erased_idx = 1",
    "another layer": "UPDATE blob SET layer = 'network', body = NULL, salt = NULL, erased_idx = 1",
    "replace of content": "INSERT OR REPLACE INTO blob SELECT commitment, layer, randomblob(32), x'7b7d', NULL FROM blob",
    "update of a checkpoint": "UPDATE signed SET note = 'x'",
    "delete of a checkpoint": "DELETE FROM signed",
    "replace of a checkpoint": "INSERT OR REPLACE INTO signed VALUES (1, 'x')",
}  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_refused(c: sqlite3.Connection, statement: str) -> None:
    tables = ("log", "node", "blob", "signed")
    before = [c.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
    with pytest.raises(sqlite3.IntegrityError):
        c.execute(statement)
    assert [c.execute(f"SELECT * FROM {t}").fetchall() for t in tables] == before


def test_replace_by_leaf_is_refused_even_without_recursive_triggers(c: sqlite3.Connection) -> None:
    """The insert trigger closes the hole by itself: REPLACE fires no delete triggers then."""
    c.execute("PRAGMA recursive_triggers=OFF")
    for name in ("replace by leaf", "replace by index"):
        with pytest.raises(sqlite3.IntegrityError):
            c.execute(STATEMENTS[name])
    assert c.execute("SELECT count(*) FROM log").fetchone()[0] == 5


def test_erased_content_does_not_come_back(c: sqlite3.Connection) -> None:
    c.execute("UPDATE blob SET body = NULL, salt = NULL, erased_idx = 4 WHERE rowid = 1")
    with pytest.raises(sqlite3.IntegrityError):
        c.execute("UPDATE blob SET body = x'7b7d', salt = zeroblob(32), erased_idx = NULL WHERE rowid = 1")
    with pytest.raises(sqlite3.IntegrityError):
        c.execute("UPDATE blob SET erased_idx = 3 WHERE rowid = 1")


@pytest.mark.parametrize("readonly", [False, True])
def test_every_connection_has_the_safeguards(filled: Place, readonly: bool) -> None:
    with closing(connect(filled.settings.database, readonly=readonly)) as c:
        wanted = {"foreign_keys": 1, "trusted_schema": 0, "recursive_triggers": 1, "cell_size_check": 1, "mmap_size": 0}
        wanted |= {"query_only": 1} if readonly else {"synchronous": 2, "secure_delete": 1, "wal_autocheckpoint": 200}
        have = {name: (c.execute(f"PRAGMA {name}").fetchone() or (0,))[0] for name in wanted}
        assert have == wanted
        assert c.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
