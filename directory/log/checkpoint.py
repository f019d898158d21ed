"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of the log as the text of a signed note."""

import re
from collections.abc import Sequence

from msgspec import Struct

from directory.errors import Invalid
from directory.log import b64
from directory.log.note import ED25519, Verifier, open_note
from directory.log.tree import EMPTY_ROOT, HASH_SIZE

MAX_SIZE = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Checkpoint(Struct, frozen=True):
    """The tree of ``size`` leaves of the log named ``origin``."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64.encode(self.root)}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of an opened note as a checkpoint. Raises Invalid; lines behind the third are passed over."""
    *lines, end = text.split("\n")
    if len(lines) < 3 or end or not all(lines):
        raise Invalid("A checkpoint has three lines, none of them empty: origin, size, root.")
    origin, number, encoded = lines[:3]
    size = int(number) if _SIZE.fullmatch(number) else -1
    if not 0 <= size <= MAX_SIZE:
        raise Invalid(f"{number[:40]!r} is not the size of a tree.")
    root = b64.decode(encoded)
    if len(root) != HASH_SIZE:
        raise Invalid(f"The root of a checkpoint has {HASH_SIZE} bytes, not {len(root)}.")
    if size == 0 and root != EMPTY_ROOT:
        raise Invalid("The checkpoint gives a tree of no leaves a root that such a tree can't have.")
    return Checkpoint(origin, size, root)


def open_checkpoint(note: str, log: Verifier, cosigners: Sequence[Verifier] = ()) -> Checkpoint:
    """The checkpoint that the key ``log`` signed; a good signature of a cosigner alone is not enough.

    Raises Invalid, also when the origin is not the name of the key: another log's checkpoint says nothing of this one.
    """
    opened = open_note(note, [log, *cosigners])
    if log.kind != ED25519 or not any(s.name == log.name and s.key_id == log.key_id for s in opened.signatures):
        raise Invalid(f"The checkpoint was not signed by the log {log.name} itself.")
    checkpoint = parse(opened.text)
    if checkpoint.origin != log.name:
        raise Invalid(f"This is a checkpoint of the log {checkpoint.origin!r}, not of {log.name!r}.")
    return checkpoint
