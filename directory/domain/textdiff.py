"""Words that went and words that came inside one text, as a reader without technical habits follows them.

A word keeps what is inside it (``46(13)``, ``d'Ivoire``, ``mla@example.org``) and every mark on its letters. Scripts
that write no spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) go by character. Changes parted only by a space are
joined. When less than half of a text survives, pieces would be a riddle: then there are none, and both texts are shown
whole.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

Op = Literal["=", "-", "+"]
KEPT_AT_LEAST = 0.5
MAX_WORK = 250_000
"""Beyond this many comparisons of words, sentences are compared: a page must not wait for a pair of long texts."""

_BARE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Letters of the scripts without spaces."""
_RUNS = re.compile(rf"\s+|[{_BARE}]|[^\s{_BARE}]+")
_SENTENCE = re.compile(r".*?(?:[.!?;。！？；؟]+\s*|\n+|$)", re.DOTALL)


class Piece(Struct, frozen=True):
    """A run of text: ``=`` stays, ``-`` went, ``+`` came."""

    op: Op
    text: str


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Pieces that lead from ``old`` to ``new``; empty when less than half survives: then show both whole."""
    a, b = tokens(old), tokens(new)
    head = _common(a, b)
    tail = _common(a[:head:-1], b[:head:-1])
    if (len(a) - head - tail) * (len(b) - head - tail) > MAX_WORK:
        a, b = _SENTENCE.findall(old), _SENTENCE.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    found = [(op, a[i:j], b[k:m]) for op, i, j, k, m in matcher.get_opcodes()]
    kept = sum(_weight(gone) for op, gone, _ in found if op == "equal")
    if kept < KEPT_AT_LEAST * max(_weight(a), _weight(b)):
        return ()
    return tuple(_pieces((op, "".join(gone), "".join(come)) for op, gone, come in found))


def tokens(text: str) -> list[str]:
    """Words, characters of scripts without spaces, runs of space, marks of punctuation; joined they are ``text``."""
    out: list[str] = []
    for run in _RUNS.findall(text):
        for part in _parted(run):
            if out and _clings(part[0]):
                out[-1] += part
            else:
                out.append(part)
    return out


def _parted(run: str) -> list[str]:
    """A run without spaces as the punctuation before it, the word, the punctuation behind it."""
    letters = [n for n, c in enumerate(run) if c.isalnum() or _clings(c)]
    if not letters:
        return [run] if run.isspace() else list(run)
    first, end = letters[0], letters[-1] + 1
    for opens, closes in ("()", "[]", "（）"):
        if run[end : end + 1] == closes and opens in run[first:end]:
            end += 1
    return [*run[:first], run[first:end], *run[end:]]


def _clings(character: str) -> bool:
    """Whether it belongs to the character before: a combining mark, a joiner."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me") or character in "\u200c\u200d"


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def _weight(parts: Iterable[str]) -> int:
    """How much is said: words and characters, not spaces and punctuation."""
    return sum(any(c.isalnum() for c in part) for part in parts)


def _pieces(changes: Iterable[tuple[str, str, str]]) -> Iterator[Piece]:
    """Join neighbours; a space between two changes goes and comes with them."""
    gone = come = ""
    queue = list(changes)
    for n, (op, old, new) in enumerate(queue):
        if op == "equal" and not (old.isspace() and (gone or come) and n + 1 < len(queue)):
            yield from _said(gone, come)
            gone = come = ""
            yield Piece("=", old)
        else:
            gone, come = gone + old, come + (old if op == "equal" else new)
    yield from _said(gone, come)


def _said(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece("-", gone)
    if come:
        yield Piece("+", come)
