"""Words that went and words that came inside one text."""

import re
from difflib import SequenceMatcher

from msgspec import Struct

_PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+|\s+|.", re.UNICODE)
KEPT_AT_LEAST = 0.5


class Piece(Struct, frozen=True):
    """A run of text: ``=`` stays, ``-`` went, ``+`` came."""

    op: str
    text: str


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Pieces that lead from ``old`` to ``new``; empty when less than half survives: then show both whole.

    Chinese and Japanese go by character, everything else by word; changes parted only by a space are joined.
    """
    a, b = _PIECES.findall(old), _PIECES.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < KEPT_AT_LEAST:
        return ()
    out: list[Piece] = []
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            out.append(Piece("=", "".join(a[i:j])))
        else:
            out += [p for p in (Piece("-", "".join(a[i:j])), Piece("+", "".join(b[k:m]))) if p.text]
    return tuple(_joined(out))


def _joined(pieces: list[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for n, piece in enumerate(pieces):
        between = piece.op == "=" and piece.text.isspace() and 0 < n < len(pieces) - 1
        if between and len(out) > 1 and {out[-1].op, out[-2].op} == {"-", "+"}:
            out[-2:] = [Piece(p.op, p.text + piece.text) for p in out[-2:]]
            continue
        twin = next((i for i in (-1, -2) if len(out) >= -i and out[i].op == piece.op and piece.op != "="), None)
        if twin is not None and all(p.op != "=" for p in out[twin:]):
            out[twin] = Piece(piece.op, out[twin].text + piece.text)
        else:
            out.append(piece)
    return out
