"""Proof files (C2SP tlog-proof): that an entry is in the log, in a text that can be printed and checked offline."""

import base64
import binascii
from collections.abc import Sequence

from msgspec import Struct

from directory.errors import Invalid

HEADER = "c2sp.org/tlog-proof@v1"


class InclusionProof(Struct, frozen=True):
    """Index of the entry, hashes from the leaf to the root, the signed checkpoint to which they lead."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str


def write(index: int, hashes: Sequence[bytes], checkpoint: str) -> str:
    """The text of the proof."""
    lines = [HEADER, f"index {index}", *(base64.b64encode(h).decode() for h in hashes)]
    return "\n".join(lines) + "\n\n" + checkpoint


def read(text: str) -> InclusionProof:
    """Read what :func:`write` wrote. Raises Invalid."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != HEADER or not blank:
        raise Invalid("This is no proof file: its first line must read " + HEADER + ".")
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    try:
        word, number = rest[0].split(" ")
        index = int(number)
        hashes = tuple(base64.b64decode(line, validate=True) for line in rest[1:])
    except (ValueError, IndexError, binascii.Error) as problem:
        raise Invalid(
            "The proof file is damaged: an index line and base64 hashes must follow its first line."
        ) from problem
    if word != "index" or any(len(h) != 32 for h in hashes):
        raise Invalid("The proof file is damaged: an index line and base64 hashes must follow its first line.")
    return InclusionProof(index, hashes, checkpoint)
