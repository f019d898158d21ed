"""One writer, a few readers; a unit of work is whole whatever happens to its caller."""

import asyncio
import contextlib
import inspect
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest

from directory.errors import Refused, Unusable
from directory.store import database
from directory.store.database import Database, connect, create, opened, transaction
from tests.store.places import Place, draft, forked


@pytest.fixture
async def db(filled: Place) -> AsyncIterator[Database]:
    db = Database(filled.settings.database, readers=2)
    await db.open()
    yield db
    await db.close()


def count(c: sqlite3.Connection) -> int:
    return int(c.execute("SELECT count(*) FROM log").fetchone()[0])


def emptied(c: sqlite3.Connection) -> None:
    c.execute("DELETE FROM word")


def words(c: sqlite3.Connection) -> int:
    return int(c.execute("SELECT count(*) FROM word").fetchone()[0])


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_the_protected_members_of_aiosqlite_are_still_there() -> None:
    """They make one hop of a whole unit of work; a release that moves them must fail here."""
    assert list(inspect.signature(aiosqlite.Connection._execute).parameters) == ["self", "fn", "args", "kwargs"]
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)
    assert aiosqlite.Connection(lambda: sqlite3.connect(":memory:"), 64)._thread.name


async def test_a_read_is_one_snapshot(db: Database, filled: Place) -> None:
    def twice(c: sqlite3.Connection) -> tuple[int, int]:
        before = count(c)
        filled.publish(draft("fr-dacg"))
        return before, count(c)

    assert await db.read(twice) == (5, 5)
    assert await db.read(count) == 6


async def test_a_write_is_whole_or_nothing(db: Database) -> None:
    def half(c: sqlite3.Connection) -> None:
        emptied(c)
        raise Refused("not this one")

    before = await db.read(words)
    with pytest.raises(Refused, match="not this one"):
        await db.write(half)
    assert await db.read(words) == before > 0
    await db.write(emptied)
    assert await db.read(words) == 0


async def test_a_cancelled_write_finishes_and_leaves_no_transaction(db: Database) -> None:
    def lingering(c: sqlite3.Connection) -> None:
        emptied(c)
        time.sleep(0.2)

    task = asyncio.ensure_future(db.write(lingering))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.write(lambda _c: None)  # would fail inside an open transaction
    assert await db.read(words) == 0


async def test_a_write_cancelled_before_it_begins_leaves_no_transaction(db: Database) -> None:
    """Cancelled while it waits behind another: it runs or not, but nothing stays open."""
    first = asyncio.ensure_future(db.write(lambda _c: time.sleep(0.1)))
    second = asyncio.ensure_future(db.write(emptied))
    await asyncio.sleep(0.02)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await first
    await db.write(lambda _c: None)


async def test_a_cancelled_read_gives_its_connection_back_only_when_done(db: Database) -> None:
    tasks = [asyncio.ensure_future(db.read(lambda _c: time.sleep(0.2))) for _ in range(2)]
    await asyncio.sleep(0.05)
    for task in tasks:
        task.cancel()
    started = time.monotonic()
    assert await db.read(count) == 5
    assert time.monotonic() - started > 0.1, "the reader's thread was still at work: it must not be handed out"
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_an_error_after_cancellation_is_nobodys_business(db: Database) -> None:
    """A cancelled caller collects nothing; an uncollected exception would fail some later test."""

    def failing(_c: sqlite3.Connection) -> None:
        time.sleep(0.1)
        raise Refused("nobody hears this")

    for begin in (db.read, db.write):
        task = asyncio.ensure_future(begin(failing))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await asyncio.sleep(0.3)
    assert await db.read(count) == 5


async def test_an_endless_read_is_stopped_and_the_reader_lives_on(db: Database) -> None:
    started = time.monotonic()
    with pytest.raises(Unusable, match="took too long and was stopped; ask for less at once"):
        await db.read(lambda c: c.execute(ENDLESS).fetchall(), limit=0.2)
    assert time.monotonic() - started < 3
    assert [await db.read(count) for _ in range(3)] == [5, 5, 5]
    assert db.broken is None


async def test_a_reader_writes_nothing(db: Database) -> None:
    with pytest.raises(Unusable, match="can't be written to"):
        await db.read(emptied)


async def test_many_reads_wait_for_few_connections(db: Database) -> None:
    assert await asyncio.gather(*(db.read(count) for _ in range(50))) == [5] * 50


async def test_writes_at_the_same_time_are_all_taken(db: Database) -> None:
    def one(c: sqlite3.Connection) -> None:
        c.execute("INSERT INTO word SELECT 'x' || count(*), '' FROM word")

    before = await db.read(words)
    await asyncio.gather(*(db.write(one) for _ in range(100)))
    assert await db.read(words) == before + 100


async def test_opened_for_reading_only_it_refuses_to_write(filled: Place) -> None:
    db = Database(filled.settings.database, readonly=True)
    await db.open()
    with pytest.raises(Unusable, match="open for reading only"):
        await db.write(emptied)
    await db.close()


async def test_closing_leaves_one_file(filled: Place) -> None:
    """Readers close first, the writer then empties the WAL and takes it away."""
    db = Database(filled.settings.database)
    await db.open()
    await db.write(emptied)
    await db.close()
    assert sorted(p.name for p in filled.settings.data.glob("directory.sqlite3*")) == ["directory.sqlite3"]


async def test_a_failed_opening_leaves_no_thread_behind(tmp_path: Path) -> None:
    db = Database(tmp_path / "missing.sqlite3")
    with pytest.raises(Unusable, match="run `directory init"):
        await db.open()


async def test_after_damage_nothing_more_is_written(filled: Place) -> None:
    """The kernel may have dropped pages after a failed sync; only a fresh start decides."""
    db = Database(filled.settings.database)
    await db.open()

    def damaged(_c: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(Unusable):
        await db.write(damaged)
    with pytest.raises(Unusable, match="I/O error"):
        await db.write(emptied)
    assert await db.read(count) == 5
    await db.close()


async def test_a_full_disk_stops_a_write_but_not_the_next(filled: Place) -> None:
    db = Database(filled.settings.database)
    await db.open()
    await db.write(lambda c: c.execute("PRAGMA max_page_count=1").fetchall())
    pages = await db.read(lambda c: c.execute("PRAGMA page_count").fetchone()[0])
    await db.write(lambda c: c.execute(f"PRAGMA max_page_count={pages + 2}").fetchall())

    def big(c: sqlite3.Connection) -> None:
        c.execute("INSERT INTO word VALUES (?, '')", ("x" * 1_000_000,))

    with pytest.raises(Unusable, match="the disk is full; free some room, nothing was changed"):
        await db.write(big)
    assert db.broken is None
    await db.write(lambda c: c.execute("PRAGMA max_page_count=100000").fetchall())
    await db.write(big)
    await db.close()


def interrupted(c: sqlite3.Connection) -> None:
    with transaction(c):
        emptied(c)
        raise KeyboardInterrupt


def test_a_forgotten_transaction_is_rolled_back(filled: Place) -> None:
    with closing(connect(filled.settings.database, readonly=False)) as c:
        with pytest.raises(KeyboardInterrupt):
            interrupted(c)
        assert not c.in_transaction
        assert words(c) > 0


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "holds no directory"),
        (b"no database at all, but long enough to look at" * 40, "is not a database"),
        (b"SQLite format 3\x00" + b"\xff" * 200, "is not a database"),
    ],
)
def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "directory.sqlite3"
    path.write_bytes(content)
    for readonly in (True, False):
        with pytest.raises(Unusable, match=what):
            connect(path, readonly=readonly)
    assert path.read_bytes() == content


def test_sqlites_own_errors_are_said_plainly_in_commands(filled: Place) -> None:
    with (
        pytest.raises(Unusable, match="SQLite says: no such table"),
        opened(filled.settings.database, readonly=True) as c,
    ):
        c.execute("SELECT * FROM missing")


def impatient(filled: Place) -> None:
    with opened(filled.settings.database, readonly=False) as c:
        c.execute("PRAGMA busy_timeout=50")
        with transaction(c):
            emptied(c)


def test_a_write_that_another_process_holds_up_is_said_plainly(filled: Place) -> None:
    with closing(sqlite3.connect(filled.settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable, match="another process holds it"):
            impatient(filled)


@pytest.fixture
def locked(filled: Place) -> Path:
    """The data folder of somebody else: readable, not writable."""
    for folder in (*filled.settings.data.parents[:3], filled.settings.data):
        with contextlib.suppress(PermissionError):
            folder.chmod(0o755)
    filled.settings.database.chmod(0o444)
    filled.settings.data.chmod(0o555)
    return filled.settings.database


def as_somebody(path: Path, *, readonly: bool) -> str:
    """What a process without rights on the folder gets: the size of the log, or the sentence."""
    told, tell = os.pipe()

    def look() -> None:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            with closing(connect(path, readonly=readonly)) as c:
                os.write(tell, str(count(c)).encode())
        except Unusable as problem:
            os.write(tell, problem.message.encode())

    child = forked(look)
    os.close(tell)
    with os.fdopen(told, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(child, 0)
    return text


def test_a_folder_that_cant_be_written_can_still_be_read(locked: Path) -> None:
    assert as_somebody(locked, readonly=True) == "5"


def test_a_folder_that_cant_be_written_is_said_plainly(locked: Path) -> None:
    assert "look at the rights of the folder and of the file" in as_somebody(locked, readonly=False)


def test_a_write_over_the_quota_is_said_plainly_and_leaves_the_log_whole(filled: Place) -> None:
    """A file-size limit is what a full quota looks like to SQLite."""
    size = filled.settings.database.stat().st_size

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    workload = (
        "import sys, pathlib\n"
        "from directory.errors import Unusable\n"
        "from tests.store.places import Place, draft, forked\n"
        "place = Place(pathlib.Path(sys.argv[1]))\n"
        "place.later(days=3)\n"
        "try:\n"
        "    place.publish(*(draft(f'gb-{k}', 'Office ' * 200) for k in range(500)))\n"
        "except Unusable as problem:\n"
        "    print(problem.message)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", workload, str(filled.settings.data)],
        capture_output=True, text=True, check=True, preexec_fn=limited, timeout=60,
    )  # fmt: skip
    assert done.stdout.endswith(".\n")
    assert filled.size() == 5
    assert filled.verify() == []


def test_creating_where_nothing_can_be_created_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="can't be opened; look at the rights"):
        create(tmp_path / "missing folder" / "directory.sqlite3")
    assert database.unusable(tmp_path, sqlite3.OperationalError("odd")).message.endswith("SQLite says: odd.")
