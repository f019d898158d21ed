"""Folding of text for search, the same when indexing and when asking.

Case, diacritics and typographic apostrophes go; Arabic letter forms and the article become one; runs of Chinese and
Japanese characters become overlapping pairs, since nothing separates words there. Cyrillic words are indexed in Latin
letters too, as they are written on envelopes.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "ё": "е", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None,
        "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "′": "'",
    }
)  # fmt: skip
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "i",
        "і": "i", "й": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "ћ": "c", "ђ": "dj", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts",
        "ч": "ch", "џ": "dz", "ш": "sh", "щ": "shch", "ъ": None, "ы": "y", "ь": None, "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
_ELISION = re.compile(r"\b(?:l|d|j|qu|n|s|c|m|t)'(?=\w)")
_ARTICLE = re.compile("\\b(?:و?ال)(?=[\u0621-\u064a]{3,})")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?!\w)|\b(?:[^\W\d_]\.)+[^\W\d_]\b")
_APOSTROPHE = re.compile(r"\w+(?:'\w+)+")
_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 16


def fold(text: str) -> str:
    """``text`` without the differences that a searcher does not mean."""
    return _ARTICLE.sub("", _ELISION.sub("", _plain(text)))


def tokens(text: str) -> list[str]:
    """The words of a text, folded; letters with points between them are one word: *U.K.*"""
    return _WORD.findall(_INITIALS.sub(lambda m: m[0].replace(".", ""), fold(text)))


def words(text: str) -> list[str]:
    """The words of a query, each once, at most MAX_WORDS of them."""
    return list(dict.fromkeys(tokens(text)))[:MAX_WORDS]


def index_text(text: str) -> str:
    """Words to index, with blanks between. *d'Ivoire* is found as *Ivoire* and as *dIvoire*, *Минск* as *Minsk*."""
    found: list[str] = []
    for word in tokens(text):
        found += _spread(word)
    found += [re.sub(r"[^\w]|_", "", m[0]) for m in _APOSTROPHE.finditer(_plain(text))]
    found += [word.translate(_LATIN) for word in found if _CYRILLIC.search(word)]
    return " ".join(filter(None, found))


def phrase(word: str) -> str:
    """One word of a query as quoted FTS5 terms; nothing of FTS5's own syntax can get through.

    A word matches what begins with it; a single letter only itself, since it would match nearly everything.
    """
    parts = []
    for part in _pieces(word):
        if _HAN.fullmatch(part):
            parts.append('"' + " ".join(_pairs(part)) + '"' + ("*" if len(part) == 1 else ""))
        else:
            parts.append(f'"{part}"' + ("*" if len(part) > 1 else ""))
    return " ".join(parts)


def is_spelt(word: str) -> bool:
    """Whether a slip of the pen makes sense in this word: not among Chinese characters, nor in numbers."""
    return _HAN.search(word) is None and not any(c.isdigit() for c in word)


def _plain(text: str) -> str:
    plain = _strip(unicodedata.normalize("NFKD", text.casefold()))
    plain = unicodedata.normalize("NFC", plain).translate(_LETTERS)
    return _strip(unicodedata.normalize("NFKD", plain)).translate(_LETTERS)


def _strip(text: str) -> str:
    return "".join(c for c in text if not unicodedata.combining(c))


def _pieces(word: str) -> list[str]:
    """A word cut where its script changes to or from Chinese characters."""
    return [part for part in re.split(f"({_HAN.pattern})", word) if part]


def _spread(word: str) -> list[str]:
    out: list[str] = []
    for part in _pieces(word):
        out += [*_pairs(part), part[-1]] if _HAN.fullmatch(part) else [part]
    return out


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
