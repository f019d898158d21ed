"""Folding of text for search, the same when indexing and when asking.

Case, diacritics and typographic apostrophes go; Arabic letter forms and the article become one; runs of Chinese and
Japanese characters become overlapping pairs, since nothing separates words there.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ё": "е", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None,
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
    }
)  # fmt: skip
_HAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_ELISION = re.compile(r"\b(?:l|d|j|qu|n|s|c|m|t)'(?=\w)")
_ARTICLE = re.compile("\\b(?:و?ال)(?=[\u0621-\u064a]{3,})")
_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 16


def fold(text: str) -> str:
    """``text`` without the differences that a searcher does not mean."""
    plain = _strip(unicodedata.normalize("NFKD", text.casefold()))
    plain = _strip(unicodedata.normalize("NFKD", unicodedata.normalize("NFC", plain).translate(_LETTERS))).translate(
        _LETTERS
    )
    return _ARTICLE.sub("", _ELISION.sub("", plain))


def index_text(text: str) -> str:
    """Words to index. A name with an apostrophe is found with and without it: *Cote dIvoire*."""
    folded = fold(text)
    joined = [
        w.replace("'", "")
        for w in re.findall(r"\w+'\w+", _strip(unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))))
    ]
    spread = _HAN.sub(lambda m: " " + " ".join([*_pairs(m[0]), m[0][-1]]) + " ", folded)
    return " ".join([spread, *joined])


def words(text: str) -> list[str]:
    """The words of a query, folded, at most MAX_WORDS of them."""
    return _WORD.findall(fold(text))[:MAX_WORDS]


def phrase(word: str) -> str:
    """One word as a quoted FTS5 prefix term; nothing of FTS5's own syntax can get through."""
    parts = []
    for part in re.split(f"({_HAN.pattern})", word):
        if not part:
            continue
        if _HAN.fullmatch(part):
            parts.append('"' + " ".join(_pairs(part)) + '"' + ("*" if len(part) == 1 else ""))
        else:
            parts.append(f'"{part}"*')
    return " ".join(parts)


def _strip(text: str) -> str:
    return "".join(c for c in text if not unicodedata.combining(c))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
