"""Identifiers: minted once, never reused, pure ASCII.

An authority is ``{state}-{slug}`` (``gb-ukca``); a State's own entry, which holds its declarations, is the bare
code (``gb``). Inside an entry every list item carries a ``key`` that stays the same from version to version,
so that differences and merges compare items and not positions.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection

ENTRY_ID = re.compile(r"^[a-z]{2}(-[a-z0-9]+)*$")
ITEM_KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
MAX_SLUG = 48

_SMALL_WORDS = frozenset("a an and at by de del der des di du et for in la le of on or the to y".split())
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})


def is_entry_id(text: str) -> bool:
    """Whether ``text`` has the form of an entry's identifier."""
    return bool(ENTRY_ID.match(text)) and len(text) <= MAX_SLUG + 8


def slug(text: str, limit: int = MAX_SLUG) -> str:
    """Lower-case ASCII words of ``text`` joined by hyphens, cut at a word; empty if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    words = re.findall(
        r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "").replace("’", "")
    )
    kept = [w for w in words if w not in _SMALL_WORDS] or words
    out = ""
    for word in kept:
        if len(out) + len(word) + 1 > limit:
            break
        out = f"{out}-{word}" if out else word
    return out or (kept[0][:limit] if kept else "")


def distinct(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or the first of ``wanted-2``, ``wanted-3`` … that is not ``taken``."""
    if wanted not in taken:
        return wanted
    n = 2
    while f"{wanted}-{n}" in taken:
        n += 1
    return f"{wanted}-{n}"


def content_key(*parts: str) -> str:
    """A short stable key for a thing that has no name: 10 hexadecimal digits of the SHA-256 of its parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]
