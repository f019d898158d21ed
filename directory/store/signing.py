"""Signing the log: one checkpoint for each size that was committed, and never two that disagree.

Order of a publication: commit, sign (the signer notes what it signs before it answers), keep the note, move the
high-water file. A crash between any two of them only delays: :func:`catch_up` finishes at the next start.
"""

import sqlite3
from pathlib import Path

from directory.errors import Invalid, Unusable
from directory.log.canonical import check
from directory.log.checkpoint import Checkpoint, parse
from directory.log.note import Signer, Verifier, new_seed, open_note
from directory.store import checks, ledger
from directory.store.database import transaction
from directory.store.files import read, write_durably

TAIL = 1024
"""How many records at the end of the log are checked whenever a process starts to write."""


class LogSigner:
    """The log's private key and the file in which it notes the last checkpoint that it signed."""

    def __init__(self, keys: Path, origin: str) -> None:
        seed = read(keys / "log.key")
        if seed is None:
            raise Unusable(
                f"There is no key in {keys}: run `directory init` first, or put log.key back from its safe copy."
            )
        try:
            self._signer = Signer(origin, bytes.fromhex(seed.decode("ascii").strip()))
        except (ValueError, Invalid) as problem:
            raise Unusable(f"{keys / 'log.key'} is not a key: it must hold 64 hexadecimal digits.") from problem
        self.last_file = keys / "last-signed"
        self.origin = origin
        self.vkey = self._signer.vkey
        self.verifier = Verifier.parse(self.vkey)

    @staticmethod
    def make(keys: Path) -> None:
        """Make a new key, readable by the owner only; an existing one stays. Raises Unusable."""
        if read(keys / "log.key") is None:
            keys.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(keys / "log.key", new_seed().hex().encode() + b"\n", 0o600)

    def sign(self, c: sqlite3.Connection) -> str:
        """A signed note over the log as it is. Raises Unusable when it does not extend what was signed before."""
        check_highwater(c, self.last(), self.last_file)
        note = self._signer.sign(Checkpoint(self.origin, ledger.size(c), ledger.root(c)).text())
        write_durably(self.last_file, note.encode(), 0o600)
        return note

    def last(self) -> Checkpoint | None:
        """The last checkpoint that was signed. Raises Unusable when the file was altered."""
        return highwater(self.last_file, self.verifier)


def highwater(path: Path, verifier: Verifier) -> Checkpoint | None:
    """The checkpoint that the log must never fall behind; None before the first. Raises Unusable when altered."""
    data = read(path)
    if data is None:
        return None
    try:
        return parse(open_note(data.decode(), [verifier]).text)
    except (Invalid, UnicodeDecodeError) as problem:
        raise Unusable(f"The checkpoint in {path} was altered or belongs to another log: {problem}") from problem


def same_root(c: sqlite3.Connection, checkpoint: Checkpoint) -> bool:
    """Whether the log begins with what the checkpoint speaks of."""
    try:
        return ledger.root(c, checkpoint.size) == checkpoint.root
    except KeyError:
        return False


def check_highwater(c: sqlite3.Connection, mark: Checkpoint | None, path: Path) -> None:
    """Raise Unusable when the log is shorter than, or different from, what was published before."""
    if mark is None:
        return
    size = ledger.size(c)
    if size < mark.size:
        raise Unusable(
            f"The log has {size} records, but {mark.size} were published before ({path}). "
            f"{mark.size - size} are missing: a lost or old database. "
            "Restore a newer backup with `directory restore`; until then nothing is written and nothing is signed."
        )
    if not same_root(c, mark):
        raise Unusable(
            f"The first {mark.size} records are not those that were published before ({path}). "
            "The log was rewritten; run `directory verify` to see where, and restore a backup. "
            "Until then nothing is written and nothing is signed."
        )


def origin_of(c: sqlite3.Connection) -> str | None:
    """The name that the log gives itself; None when its first record is missing or damaged."""
    first = c.execute("SELECT entry FROM log WHERE idx = 0").fetchone()
    try:
        named = check(first[0]).get("origin") if first else None
    except (Invalid, AttributeError, TypeError):
        return None
    return named if isinstance(named, str) else None


def check_origin(named: str | None, origin: str) -> None:
    """Raise Unusable unless the log bears the name of the settings."""
    if named is None:
        raise Unusable(
            "The first record of the log is missing or damaged. Restore a backup with `directory restore`; "
            "`directory verify` shows what else is wrong."
        )
    if named != origin:
        raise Unusable(
            f"The log is named {named}, but the settings say {origin}. "
            f"Set DIRECTORY_ORIGIN={named}; a log can't be renamed."
        )


def gate(c: sqlite3.Connection, signer: LogSigner, path: Path) -> None:
    """Before anything is written: the log is this one, goes on from what was published, and its end is sound.

    Raises Unusable with what to do.
    """
    check_origin(origin_of(c), signer.origin)
    check_highwater(c, highwater(path, signer.verifier), path)
    check_highwater(c, signer.last(), signer.last_file)
    signed = c.execute("SELECT coalesce(max(size), 0) FROM signed").fetchone()[0]
    for finding in checks.records(c, max(0, min(signed, ledger.size(c) - TAIL))):
        raise Unusable(f"The end of the log is damaged. {finding} `directory verify` shows everything.")


def finish(c: sqlite3.Connection, signer: LogSigner, path: Path) -> str:
    """Sign what is committed and not yet signed, move the high-water file; returns the newest note.

    Raises Unusable when the log does not extend what was signed before.
    """
    size = ledger.size(c)
    row = c.execute("SELECT note FROM signed WHERE size = ?", (size,)).fetchone()
    if row is None:
        note = signer.sign(c)
        with transaction(c):
            c.execute("INSERT INTO signed (size, note) VALUES (?, ?)", (size, note))
    else:
        note = row[0]
        _believe(c, note, size, signer.verifier)
    if read(path) != note.encode():
        write_durably(path, note.encode())
    return str(note)


def catch_up(c: sqlite3.Connection, signer: LogSigner, path: Path) -> str:
    """The gate at the start of every process that writes, then what the last one left unfinished."""
    gate(c, signer, path)
    return finish(c, signer, path)


def _believe(c: sqlite3.Connection, note: str, size: int, verifier: Verifier) -> None:
    try:
        checkpoint = parse(open_note(note, [verifier]).text)
    except Invalid as problem:
        raise Unusable(f"The stored checkpoint of size {size} was altered: {problem}") from problem
    if checkpoint.size != size or not same_root(c, checkpoint):
        raise Unusable(f"The stored checkpoint of size {size} is not that of the log; run `directory verify`.")
