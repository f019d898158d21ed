"""Copies of the directory that were verified before anybody relies on them."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from directory.errors import Refused, Unusable
from directory.log.note import Verifier
from directory.settings import Settings
from directory.store import ledger, signing, verify
from directory.store.checks import Progress, silent
from directory.store.database import connect, opened, snapshot, unusable
from directory.store.files import copy_durably, read, settle, write_durably

DATABASE, MARK, VKEY, KEY = "directory.sqlite3", "highwater", "log.vkey", "log.key"


class Restored(Struct, frozen=True):
    """What came back, and how many records are missing since more were published after the backup."""

    size: int
    missing: int
    vkey: str
    has_key: bool


def backup(settings: Settings, folder: Path, *, with_key: bool = False, progress: Progress = silent) -> int:
    """Copy the directory into the new ``folder``, also while it is in use; returns the size of the copied log.

    The private key is left out unless asked for: who steals the copy must not be able to sign.
    Raises Refused when the folder is not empty or the copy does not verify, Unusable when it can't be written.
    """
    signer = signing.LogSigner(settings.keys, settings.origin)
    _empty(folder)
    mark = read(settings.highwater_file)  # before the database: it may only be older than the copy
    with opened(settings.database, readonly=True) as c:
        for _ in range(50):
            with snapshot(c):
                if _signed_to_its_end(c):
                    _copy(c, folder, progress)
                    break
            time.sleep(0.1)  # a writer is between its commit and its signature
        else:
            raise Refused("The end of the log is not signed. Start the directory once; then make the backup.")
    if mark is not None:
        write_durably(folder / MARK, mark)
    write_durably(folder / VKEY, f"{signer.vkey}\n".encode())
    if with_key:
        copy_durably(settings.keys / KEY, folder / KEY, 0o600)
    return _verified(folder, signer.vkey, settings.origin, progress)


def restore(settings: Settings, folder: Path, progress: Progress = silent) -> Restored:
    """Put a backup into a data folder that has no directory. Raises Refused before anything is overwritten."""
    for suffix in ("", "-wal", "-shm"):
        there = settings.database.with_name(settings.database.name + suffix)
        if there.exists():
            raise Refused(f"{there} is there already. Move it away first; nothing was changed.")
    vkey = _vkey(settings, folder)
    size = _verified(folder, vkey, settings.origin, progress)
    mark = signing.highwater(settings.highwater_file, Verifier.parse(vkey))
    if read(settings.keys / KEY) is None and (folder / KEY).exists():
        settings.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy_durably(folder / KEY, settings.keys / KEY, 0o600)
    if mark is None and (folder / MARK).exists():
        copy_durably(folder / MARK, settings.highwater_file)
    copy_durably(folder / DATABASE, settings.database)
    return Restored(size, max(0, mark.size - size) if mark else 0, vkey, (settings.keys / KEY).exists())


def _signed_to_its_end(c: sqlite3.Connection) -> bool:
    return c.execute("SELECT 1 FROM signed WHERE size = ?", (ledger.size(c),)).fetchone() is not None


def _empty(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Refused(f"{folder} is not empty; give a new folder for each backup.")
    except OSError as problem:
        raise Unusable(f"{folder} can't be made: {problem.strerror}. Choose another folder.") from problem


def _copy(c: sqlite3.Connection, folder: Path, progress: Progress) -> None:
    beside = folder / f".{DATABASE}.new"
    try:
        with closing(sqlite3.connect(beside, isolation_level=None)) as target:
            c.backup(target, pages=-1)
            progress("database", 1, 1)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, readable from a medium that can't be written
    except sqlite3.Error as problem:
        raise unusable(beside, problem) from problem
    settle(beside, folder / DATABASE)


def _verified(folder: Path, vkey: str, origin: str, progress: Progress) -> int:
    with closing(connect(folder / DATABASE, readonly=True)) as c:
        signing.check_origin(signing.origin_of(c), origin)
        found = verify.verify(c, vkey, [folder / MARK], progress)
        if found:
            more = f" ({len(found) - 1} more findings)" if len(found) > 1 else ""
            raise Refused(f"The copy in {folder} does not verify; do not rely on it. {found[0]}{more}")
        return ledger.size(c)


def _vkey(settings: Settings, folder: Path) -> str:
    """The key to judge a backup by: our own, else the one that lies in it."""
    if (settings.keys / KEY).exists():
        return signing.LogSigner(settings.keys, settings.origin).vkey
    data = read(folder / VKEY)
    if data is None:
        raise Refused(f"{folder} is no backup: it has no {VKEY}.")
    return data.decode("utf-8", "replace").strip()
