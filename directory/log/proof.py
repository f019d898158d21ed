"""Proof files (C2SP tlog-proof): that an entry is in the log, in a text that can be printed and checked offline."""

import re
from collections.abc import Sequence

from msgspec import Struct

from directory.errors import Invalid
from directory.log import b64
from directory.log.checkpoint import Checkpoint, open_checkpoint
from directory.log.note import Verifier
from directory.log.tree import HASH_SIZE, leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
MAX_HASHES = 63
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class InclusionProof(Struct, frozen=True):
    """Index of the entry, hashes from the leaf to the root, the signed checkpoint to which they lead.

    ``extra`` is what the writer put beside it; nothing proves it.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def write(index: int, hashes: Sequence[bytes], checkpoint: str, extra: bytes | None = None) -> str:
    """The text of the proof."""
    lines = [HEADER]
    if extra is not None:
        lines.append(f"extra {b64.encode(extra)}")
    lines += [f"index {index}", *(b64.encode(h) for h in hashes)]
    return "\n".join(lines) + "\n\n" + checkpoint


def read(text: str) -> InclusionProof:
    """Read what :func:`write` wrote; the checkpoint in it is not opened. Raises Invalid."""
    head, blank, checkpoint = text.partition("\n\n")
    first, *lines = head.split("\n")
    if first != HEADER or not blank:
        raise Invalid(f"This is no proof file: its first line must read {HEADER}.")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = b64.decode(lines.pop(0).removeprefix("extra "))
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if not index:
        raise Invalid("The proof file is damaged: the line with the index of the record is missing or wrong.")
    hashes = tuple(b64.decode(line) for line in lines[1:])
    if len(hashes) > MAX_HASHES or any(len(h) != HASH_SIZE for h in hashes):
        raise Invalid(f"The proof file is damaged: it holds at most {MAX_HASHES} hashes of {HASH_SIZE} bytes each.")
    return InclusionProof(int(index[1]), hashes, checkpoint, extra)


def check(text: str, entry: bytes, log: Verifier, cosigners: Sequence[Verifier] = ()) -> Checkpoint:
    """The signed checkpoint whose tree holds the bytes ``entry``. Raises Invalid when the proof doesn't show it."""
    proof = read(text)
    checkpoint = open_checkpoint(proof.checkpoint, log, cosigners)
    if not verify_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.hashes, checkpoint.root):
        raise Invalid(
            f"The proof does not lead from this record to the checkpoint over {checkpoint.size} records: "
            "the record or the proof was altered, or they do not belong together."
        )
    return checkpoint
