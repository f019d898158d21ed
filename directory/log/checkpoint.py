"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of the log as the text of a signed note."""

import base64
import binascii

from msgspec import Struct

from directory.errors import Invalid
from directory.log.tree import HASH_SIZE


class Checkpoint(Struct, frozen=True):
    """The tree of ``size`` leaves of the log named ``origin``."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint. Raises Invalid; lines behind the third are passed over."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0]:
        raise Invalid("A checkpoint has three lines: origin, size, root.")
    origin, size, encoded = lines[:3]
    if not (size.isascii() and size.isdigit()) or (size != "0" and size.startswith("0")):
        raise Invalid(f"{size!r} is not the size of a tree.")
    try:
        root = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as problem:
        raise Invalid("The root of the checkpoint is not base64.") from problem
    if len(root) != HASH_SIZE:
        raise Invalid("The root of the checkpoint has not 32 bytes.")
    return Checkpoint(origin, int(size), root)
