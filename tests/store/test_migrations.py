"""A schema step is taken whole or not at all; a database from the future is left alone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from directory.errors import Unusable
from directory.store import migrations
from directory.store.database import connect
from directory.store.rebuild import reference, schema
from tests.store.places import Place


@pytest.fixture
def c() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as c:
        yield c


def tables(c: sqlite3.Connection) -> list[str]:
    return [name for (name,) in c.execute("SELECT name FROM sqlite_schema ORDER BY name")]


def test_steps_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations.steps()] == list(range(1, migrations.newest() + 1))


def test_a_second_run_changes_nothing(place: Place) -> None:
    with closing(connect(place.settings.database, readonly=False)) as c:
        before = schema(c)
        migrations.migrate(c)
        assert schema(c) == before == list(reference().objects)
        assert c.execute("PRAGMA user_version").fetchone()[0] == migrations.newest()


def test_a_failing_statement_leaves_nothing_of_its_step(c: sqlite3.Connection) -> None:
    steps = [(1, "CREATE TABLE a (x);\n"), (2, "CREATE TABLE b (x);\nCREATE TABLE a (x);\n")]
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(c, steps)
    assert tables(c) == ["a"]
    assert c.execute("PRAGMA user_version").fetchone()[0] == 1
    assert not c.in_transaction


def test_half_a_statement_is_refused_with_its_step(c: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError, match="half a statement: CREATE TABLE b"):
        migrations.migrate(c, [(1, "CREATE TABLE a (x);\nCREATE TABLE b (x)\n")])
    assert tables(c) == []


def test_rows_without_their_parent_are_refused(c: sqlite3.Connection) -> None:
    sql = "CREATE TABLE p (x PRIMARY KEY);\nCREATE TABLE k (p REFERENCES p);\nINSERT INTO k VALUES (1);\n"
    with pytest.raises(RuntimeError, match="without their parent"):
        migrations.migrate(c, [(1, sql)])
    assert tables(c) == []


def test_triggers_and_comments_come_out_as_whole_statements() -> None:
    sql = "-- a; b\nCREATE TABLE a (x); -- y;\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN SELECT ';';\nEND;\n-- z\n"
    assert len(list(migrations.statements(sql))) == 2


@pytest.mark.parametrize("readonly", [True, False])
def test_a_database_of_a_newer_release_is_refused_untouched(place: Place, readonly: bool) -> None:
    with closing(sqlite3.connect(place.settings.database, isolation_level=None)) as c:
        c.execute("PRAGMA user_version=999")
    before = place.settings.database.read_bytes()
    with pytest.raises(Unusable, match=r"newer release \(schema 999, .* nothing was changed"):
        connect(place.settings.database, readonly=readonly)
    assert place.settings.database.read_bytes() == before


def test_a_database_of_an_older_release_is_migrated_by_a_writer_only(place: Place) -> None:
    path = place.settings.database.with_name("old.sqlite3")
    with closing(sqlite3.connect(path, isolation_level=None)) as c:
        migrations.migrate(c, migrations.steps()[:1])
    with pytest.raises(Unusable, match="older release"):
        connect(path, readonly=True)
    with closing(connect(path, readonly=False)) as c:
        assert schema(c) == list(reference().objects)
