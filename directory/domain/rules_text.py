"""Rules on texts: their characters, their length, their scripts.

A character that does not show, or that turns the direction of what surrounds it, can make a text read as something it
is not; a letter of another script inside a word can pass for its look-alike. Both are refused and named.
"""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

from directory.domain.authority import DirectLine, Name, Source, Text
from directory.domain.rules_walk import Findings, leaves, named
from directory.texts import UNSAFE

LIMITS: Mapping[str, int] = {
    "address": 254,
    "extension": 20,
    "fingerprint": 64,
    "label": 120,
    "legal_reference": 1000,
    "lines": 200,
    "locality": 120,
    "note": 1000,
    "printed": 120,
    "provision": 300,
    "role": 120,
    "text": 20000,
    "title": 1000,
    "time_zone": 60,
    "url": 2000,
}
"""Characters that a field may have; where the field is not here, 200."""
NAME_LIMIT = 400
MANY_LINES = frozenset(("text",))
"""Fields that may have line breaks; those of a Name may not."""
ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK"))
"""Scripts whose letters pass for one another."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200e\u200f\u2028\u2029\u3164\uffa0\ufff9-\ufffc"
    "\U000e0000-\U000e007f]"
)
_MARKS = frozenset("\u061c\u200e\u200f")
"""Marks of direction that honest texts in Arabic and Hebrew have; they are refused in everything but running text."""
_WORD = re.compile(r"[^\W\d_]+")


def check_texts(entry: Struct, found: Findings) -> None:
    """Characters, normal form, length and scripts of every text of the entry."""
    for leaf in leaves(entry):
        if isinstance(leaf.value, str):
            name = isinstance(leaf.owner, (Name, DirectLine))
            prose = leaf.field in MANY_LINES and not name
            _characters(leaf.path, leaf.value, found, prose=prose)
            _length(leaf.path, leaf.value, NAME_LIMIT if name else LIMITS.get(leaf.field, 200), found)
            if name and leaf.field in ("text", "name", "role"):
                mixed_script(leaf.path, leaf.value, found)
            if leaf.field in ("text", "title", "lines", "printed") and isinstance(leaf.value, str):
                _says_something(leaf.path, leaf.value, leaf.owner, found)


def invisible(text: str) -> str | None:
    """The first character that does not show or that turns the direction of writing."""
    odd = UNSAFE.search(text) or _INVISIBLE.search(text)
    return odd[0] if odd else None


def _characters(path: str, text: str, found: Findings, *, prose: bool) -> None:
    odd = invisible(text)
    if odd and not (prose and odd in _MARKS):
        found.bad(
            path, "unsafe-character", f"The text holds the character {named(odd)}, which does not show. Take it out."
        )
    elif not prose and "\n" in text:
        found.bad(path, "line-break", "The text goes over several lines. Write it on one line.")
    if not unicodedata.is_normalized("NFC", text):
        found.bad(
            path, "not-nfc", "The text is not in Unicode form NFC: a letter and its accent are kept apart. Join them."
        )


def _length(path: str, text: str, limit: int, found: Findings) -> None:
    if len(text) > limit:
        found.bad(path, "too-long", f"The text has {len(text)} characters; at most {limit} fit here. Shorten it.")


def _says_something(path: str, text: str, owner: object, found: Findings) -> None:
    if not text.strip():
        what = "title" if isinstance(owner, Source) else "text" if isinstance(owner, Text) else "value"
        found.bad(path, "empty", f"The {what} is empty. Write it, or leave the item out.")
    elif text != text.strip():
        found.warn(path, "spaces", "The text begins or ends with a space. Take it away.")


def mixed_script(path: str, text: str, found: Findings) -> bool:
    """Report a word that mixes letters of scripts which pass for one another; whether there is one."""
    for word in _WORD.findall(text):
        scripts = {c: unicodedata.name(c, "").split(" ")[0] for c in word}
        used = ALIKE & set(scripts.values())
        if len(used) > 1:
            counts = {s: sum(scripts[c] == s for c in word) for s in used}
            rare = min(sorted(used), key=lambda s: counts[s])
            odd = next(c for c in word if scripts[c] == rare)
            found.bad(
                path,
                "mixed-script",
                f"The word “{word}” mixes scripts: {named(odd)} looks like another letter. "
                "Write the word in one script; if you did not type it yourself, check where it came from.",
            )
            return True
    return False
