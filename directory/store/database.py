"""One writer and a pool of read-only connections over aiosqlite.

A unit of work is one synchronous function that runs in one hop on its connection's thread: a page is one snapshot, a
write is ``BEGIN IMMEDIATE`` to ``COMMIT``, and a caller who is cancelled can neither leave a transaction open nor give
a connection back while its thread still works. The writer alone checkpoints the WAL (SQLite before 3.51.3 may lose
pages when two connections do).
"""

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar, cast

import aiosqlite

from directory.errors import DirectoryError, Unusable
from directory.store import migrations

R = TypeVar("R")
Connection = sqlite3.Connection
"""For annotations elsewhere: only the store imports sqlite3."""
READ_LIMIT_SECONDS = 5.0

_BROKEN = ("disk i/o error", "malformed", "not a database", "file is encrypted")


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open the file with every safeguard set. Raises Unusable with a plain sentence."""
    try:
        there = path.exists()
    except OSError as problem:
        raise Unusable(f"{path} can't be looked at: {problem.strerror}. Look at the rights of the folder.") from problem
    if not there:
        raise Unusable(f"There is no directory in {path.parent}: run `directory init --data {path.parent}` first.")
    if not readonly:
        return _open(path, "rw")
    try:
        return _open(path, "ro")
    except Unusable:
        if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
            raise
    return _open(path, "ro&immutable=1")  # the folder of somebody else, or a medium, where nobody writes now


def create(path: Path) -> sqlite3.Connection:
    """Make the file and bring it to the newest schema. Raises Unusable if the folder can't be written to."""
    return _open(path, "rwc")


@contextlib.contextmanager
def opened(path: Path, *, readonly: bool) -> Iterator[sqlite3.Connection]:
    """A connection for a console command: closed at the end, SQLite's own errors said as Unusable."""
    c = connect(path, readonly=readonly)
    try:
        yield c
    except sqlite3.Error as problem:
        raise unusable(path, problem) from problem
    finally:
        c.close()


def _open(path: Path, mode: str) -> sqlite3.Connection:
    c = None
    try:
        c = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=5)
        _prepare(c, path, mode)
    except BaseException as problem:
        if c is not None:
            c.close()
        if isinstance(problem, (sqlite3.Error, UnicodeDecodeError)):  # a damaged name breaks SQLite's own message
            raise unusable(path, problem) from problem
        raise
    return c


def _prepare(c: sqlite3.Connection, path: Path, mode: str) -> None:
    c.execute("PRAGMA busy_timeout=5000")
    c.execute("PRAGMA foreign_keys=ON")
    c.execute("PRAGMA trusted_schema=OFF")
    c.execute("PRAGMA recursive_triggers=ON")
    c.execute("PRAGMA cell_size_check=ON")
    c.execute("PRAGMA mmap_size=0")
    have = migrations.check_version(c)
    if mode != "rwc" and have == 0:
        raise Unusable(
            f"{path} holds no directory: it is empty, or something else. Restore a backup with `directory restore`."
        )
    if mode.startswith("ro"):
        c.execute("PRAGMA query_only=ON")
        if have < migrations.newest():
            raise Unusable(
                f"{path} was written by an older release (schema {have}, this release needs {migrations.newest()}). "
                "Make a backup with that release, then run `directory rebuild`."
            )
        return
    c.execute("PRAGMA journal_mode=WAL")
    c.execute("PRAGMA synchronous=FULL")
    c.execute("PRAGMA secure_delete=ON")
    c.execute("PRAGMA wal_autocheckpoint=200")
    migrations.migrate(c)


def unusable(path: Path, problem: Exception) -> Unusable:
    """What went wrong with the file, said to the operator."""
    text = str(problem).lower()
    if "unable to open" in text:
        why = "it can't be opened; look at the rights of the folder and of the file"
    elif "readonly" in text or "read-only" in text:
        why = "it can't be written to; look at the rights of the folder and of the file"
    elif "not a database" in text or "encrypted" in text:
        why = "it is not a database; take it from a backup with `directory restore`"
    elif "malformed" in text or "decode" in text:
        why = "it is damaged; run `directory verify`, and restore a backup with `directory restore`"
    elif "full" in text:
        why = "the disk is full; free some room, nothing was changed"
    elif "interrupted" in text:
        why = "the question took too long and was stopped; ask for less at once"
    elif "locked" in text:
        why = "another process holds it; stop that process or wait"
    else:
        why = f"SQLite says: {problem}"
    return Unusable(f"{path}: {why}.")


@contextlib.contextmanager
def transaction(c: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """``BEGIN IMMEDIATE`` to ``COMMIT``, rolled back on any exception."""
    c.execute("BEGIN IMMEDIATE")
    try:
        yield c
        c.execute("COMMIT")
    except BaseException:
        if c.in_transaction:  # on a full disk SQLite may have rolled back by itself
            c.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def snapshot(c: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One moment in time for all reads inside."""
    c.execute("BEGIN")
    try:
        yield c
    finally:
        if c.in_transaction:
            c.execute("ROLLBACK")


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection with whole functions as units of work (its protected members are pinned by a test)."""

    deadline = float("inf")

    async def run(self, unit: Callable[[sqlite3.Connection], R]) -> R:
        return cast("R", await self._execute(unit, self._conn))  # type: ignore[no-untyped-call]

    async def watch(self) -> None:
        """Let SQLite look at the deadline every so often; aiosqlite would run an overlong query to its end."""
        await self.run(lambda raw: raw.set_progress_handler(lambda: time.monotonic() > self.deadline, 20000))


async def _connected(path: Path, *, readonly: bool) -> _Connection:
    connection = _Connection(lambda: connect(path, readonly=readonly), iter_chunk_size=64)
    try:
        await connection
    except BaseException:
        connection._thread.join()  # noqa: SLF001  it has been told to stop, and must not outlive the loop it answers to
        raise
    return connection


class Database:
    """The open database. ``readonly`` opens no writer; ``write`` then raises Unusable."""

    def __init__(self, path: Path, *, readers: int = 3, readonly: bool = False) -> None:
        self.path = path
        self.readonly = readonly
        self.broken: str | None = None
        self._count = readers
        self._writer: _Connection | None = None
        self._readers: list[_Connection] = []
        self._free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()

    async def open(self) -> None:
        """Connect. Raises Unusable; then nothing stays open."""
        try:
            if not self.readonly:
                self._writer = await _connected(self.path, readonly=False)
            for _ in range(self._count):
                reader = await _connected(self.path, readonly=True)
                await reader.watch()
                self._readers.append(reader)
                self._free.put_nowait(reader)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close readers first, so that the writer alone checkpoints."""
        for reader in self._readers:
            await reader.close()
        if self._writer is not None:
            await self._writer.close()
        self._readers, self._writer = [], None

    async def read(self, unit: Callable[[sqlite3.Connection], R], limit: float = READ_LIMIT_SECONDS) -> R:
        """Run ``unit`` in one snapshot of a read-only connection; over ``limit`` seconds it is stopped (Unusable)."""
        reader = await self._free.get()

        def job(raw: sqlite3.Connection) -> R:
            reader.deadline = time.monotonic() + limit
            try:
                with snapshot(raw):
                    return unit(raw)
            finally:
                reader.deadline = float("inf")

        task = asyncio.ensure_future(reader.run(job))

        def give_back(done: asyncio.Future[R]) -> None:
            self._free.put_nowait(reader)
            if not done.cancelled():
                done.exception()  # a cancelled caller never collects it

        task.add_done_callback(give_back)
        return await self._plainly(task)

    async def write(self, unit: Callable[[sqlite3.Connection], R]) -> R:
        """Run ``unit`` in one write transaction; it finishes, or is rolled back, even if the caller is cancelled."""
        writer = self._writer
        if writer is None:
            raise Unusable("The directory is open for reading only.")
        if self.broken:
            raise Unusable(self.broken)

        def job(raw: sqlite3.Connection) -> R:
            with transaction(raw):
                return unit(raw)

        task = asyncio.ensure_future(writer.run(job))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await self._plainly(task)

    async def _plainly(self, task: asyncio.Future[R]) -> R:
        try:
            return await asyncio.shield(task)
        except DirectoryError:
            raise
        except sqlite3.Error as problem:
            found = unusable(self.path, problem)
            if any(word in str(problem).lower() for word in _BROKEN):
                self.broken = found.message  # after a failed sync the kernel may have dropped pages: write no more
            raise found from problem
