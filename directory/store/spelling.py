"""What a mistyped word was meant for: the closest word that the directory knows.

Not every known word is measured. A word one slip away still has its first or its second half right; one two slips away
has one of its thirds right: those are looked up, and only they are measured.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from directory.domain.folding import is_spelt

_END = "\U0010ffff"
MAX_CANDIDATES = 4000


def correct(c: sqlite3.Connection, typed: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Words as they will be searched, and which of them were read as another word."""
    out, corrected = [], {}
    for word in typed:
        if len(word) > 3 and is_spelt(word) and not _begins(c, word) and (meant := closest(c, word)):
            corrected[word] = meant
        out.append(corrected.get(word, word))
    return list(dict.fromkeys(out)), corrected


def closest(c: sqlite3.Connection, word: str) -> str | None:
    """The known word one slip away, or two in a long word; among equals the most frequent one."""
    most = 1 if len(word) < 7 else 2
    best: dict[int, list[str]] = {}
    for candidate in dict.fromkeys(_candidates(c, word, most)):
        away = distance(word, candidate, most)
        if away <= most:
            best.setdefault(away, []).append(candidate)
    nearest = sorted(best[min(best)]) if best else []
    return max(nearest, key=lambda w: _frequency(c, w), default=None)


def distance(a: str, b: str, most: int) -> int:
    """Slips between two words: a letter more, less, other, or two swapped; ``most`` + 1 stands for all above."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _begins(c: sqlite3.Connection, word: str) -> bool:
    found = c.execute("SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1", (word, word + _END)).fetchone()
    return found is not None


def _candidates(c: sqlite3.Connection, word: str, most: int) -> Iterator[str]:
    """Known words of about the same length that share the beginning, the end, or in a long word the middle."""
    part = len(word) // (most + 1)
    first, last, middle = word[:part], word[-part:][::-1], word[part : len(word) - part]
    length = "length(word) BETWEEN ? AND ?"
    around = (len(word) - most, len(word) + most)
    asked: list[tuple[str, tuple[str, ...]]] = [
        (f"word >= ? AND word < ? AND {length}", (first, first + _END)),
        (f"backwards >= ? AND backwards < ? AND {length}", (last, last + _END)),
    ]
    if most > 1:
        asked.append((f"instr(word, ?) BETWEEN 1 AND ? AND {length}", (middle, str(part + most + 1))))
    for i in range(len(word) - 1):  # two letters swapped across the seam break both halves
        yield from _known(c, word[:i] + word[i + 1] + word[i] + word[i + 2 :])
    for where, values in asked:
        rows = c.execute(f"SELECT word FROM word WHERE {where} LIMIT {MAX_CANDIDATES}", (*values, *around))
        yield from (found for (found,) in rows.fetchall())


def _known(c: sqlite3.Connection, word: str) -> list[str]:
    return [found for (found,) in c.execute("SELECT word FROM word WHERE word = ?", (word,))]


def _frequency(c: sqlite3.Connection, word: str) -> int:
    row = c.execute("SELECT doc FROM term WHERE term = ?", (word,)).fetchone()
    return int(row[0]) if row else 0
