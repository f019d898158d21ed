"""Signing the log: one checkpoint for each size that was committed, and never two that disagree.

Order of a publication: commit, sign (the signer notes what it signs before it answers), keep the note, move the
high-water file. A crash between any two of them only delays: :func:`catch_up` finishes at the next start.
"""

import sqlite3
from pathlib import Path

from directory.errors import Invalid, Refused, Unusable
from directory.log import tree
from directory.log.checkpoint import Checkpoint, parse
from directory.log.note import Signer, Verifier, new_seed, open_note
from directory.store import ledger
from directory.store.database import transaction
from directory.store.files import read, write_durably


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
        self._last = keys / "last-signed"
        self.origin = origin
        self.vkey = self._signer.vkey
        self.verifier = Verifier.parse(self.vkey)

    @staticmethod
    def make(keys: Path) -> None:
        """Make a new key, readable by the owner only; an existing one stays. Raises Unusable."""
        if read(keys / "log.key") is None:
            write_durably(keys / "log.key", new_seed().hex().encode() + b"\n", 0o600)

    def sign(self, c: sqlite3.Connection) -> str:
        """A signed note over the log as it is. Raises Refused when it does not extend what was signed before."""
        size = ledger.size(c)
        checkpoint = Checkpoint(self.origin, size, ledger.root(c))
        last = self.last()
        if last is not None:
            if last.size > size:
                raise Refused(
                    f"The log has {size} records, but {last.size} were signed before. It was cut; nothing is signed."
                )
            if ledger.root(c, last.size) != last.root:
                raise Refused(
                    f"The first {last.size} records are not those that were signed before; nothing is signed."
                )
            if last.size == size and last.root != checkpoint.root:
                raise Refused("Another log of this size was signed before; nothing is signed.")
        note = self._signer.sign(checkpoint.text())
        write_durably(self._last, note.encode(), 0o600)
        return note

    def last(self) -> Checkpoint | None:
        """The last checkpoint that was signed. Raises Unusable when the file was altered."""
        data = read(self._last)
        if data is None:
            return None
        try:
            return parse(open_note(data.decode(), [self.verifier]).text)
        except (Invalid, UnicodeDecodeError) as problem:
            raise Unusable(f"{self._last} was altered: {problem}") from problem


def highwater(path: Path, verifier: Verifier) -> Checkpoint | None:
    """The checkpoint that the log must never fall behind; None before the first. Raises Unusable when altered."""
    data = read(path)
    if data is None:
        return None
    try:
        return parse(open_note(data.decode(), [verifier]).text)
    except (Invalid, UnicodeDecodeError) as problem:
        raise Unusable(f"The high-water file {path} was altered or belongs to another log: {problem}") from problem


def check_highwater(c: sqlite3.Connection, mark: Checkpoint | None, path: Path) -> None:
    """Raise Unusable when the log is shorter than, or different from, what was published before."""
    if mark is None:
        return
    size = ledger.size(c)
    if size < mark.size:
        raise Unusable(
            f"The log has {size} records, but {mark.size} were published before ({path}). Records are missing: "
            "a lost or old database. Restore a newer backup with `directory restore`."
        )
    try:
        same = tree.root_at(mark.size, ledger.node(c)) == mark.root
    except KeyError:
        same = False
    if not same:
        raise Unusable(
            f"The first {mark.size} records are not those that were published before ({path}). "
            "The log was rewritten; run `directory verify` to see where, and restore a backup."
        )


def catch_up(c: sqlite3.Connection, signer: LogSigner, path: Path) -> str:
    """Sign what is committed and not yet signed, move the high-water file; returns the newest note.

    Raises Unusable or Refused when the log does not extend what was published before.
    """
    check_highwater(c, highwater(path, signer.verifier), path)
    size = ledger.size(c)
    row = c.execute("SELECT note FROM signed WHERE size = ?", (size,)).fetchone()
    if row:
        note = str(row[0])
    else:
        note = signer.sign(c)
        with transaction(c):
            c.execute("INSERT INTO signed (size, note) VALUES (?, ?)", (size, note))
    if read(path) != note.encode():
        write_durably(path, note.encode())
    return note
