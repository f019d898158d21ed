"""States and territories: names in UN usage in six languages, variants, languages, zones. Data in ``data/``.

The lists are no statement on the status of any State or territory, or on its name. Short names are those of the
United Nations terminology database (UNTERM) and, for territories, of the standard codes M49; variants are only ways
in which people and sources write, by which a State is found and never shown.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

from directory.domain.folding import fold

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
MAX_NAME = 200

PlaceKind = Literal["member", "observer", "other-state", "organization", "territory"]


class Place(Struct, frozen=True, kw_only=True):
    """A State, or a territory (``parent`` is its State) that may have a separate system, article 46(13)."""

    code: str
    """ISO 3166-1 alpha-2, or ISO 3166-2 for a part of a State."""
    names: dict[str, str]
    kind: PlaceKind = "member"
    formal: str | None = None
    """Formal name in English, where it is another than the short name."""
    variants: tuple[str, ...] = ()
    alpha3: str | None = None
    m49: str | None = None
    parent: str | None = None
    group: str | None = None
    """UN regional group (vocabulary ``group``); the Organization has them for its Members only."""
    languages: tuple[str, ...] = ()
    """Official languages, or the working language in dealings with other States, as BCP 47 tags."""
    capital: str | None = None
    """Absent where United Nations practice attaches a footnote to any capital."""
    cities: tuple[str, ...] = ()
    """The capital in other languages and spellings, former capitals, and seats of government elsewhere."""
    zones: tuple[str, ...] = ()
    """IANA time zones that differ from one another; the capital's comes first."""
    dial: str | None = None
    withdrawn: bool = False
    """The code is no longer in force; it stays for entries and sources of its time."""
    note: str | None = None
    """What must be said wherever the name is explained: a dispute, a dissolution, a special status."""
    pinyin: str = ""
    """Order of the Chinese name."""

    @property
    def zone(self) -> str | None:
        """The capital's time zone."""
        return self.zones[0] if self.zones else None


class _Ambiguous(Struct, frozen=True, forbid_unknown_fields=True):
    names: tuple[str, ...]
    codes: tuple[str, ...]


def _data(name: str) -> bytes:
    return (resources.files("directory.domain") / "data" / name).read_bytes()


@cache
def _places() -> Mapping[str, Place]:
    read = [p for f in ("states.json", "territories.json") for p in msgspec.json.decode(_data(f), type=list[Place])]
    return {p.code: p for p in read}


@cache
def _languages() -> Mapping[str, dict[str, str]]:
    return msgspec.json.decode(_data("languages.json"), type=dict[str, dict[str, str]])


@cache
def tiles() -> Mapping[str, tuple[int, int]]:
    """Square of each State on the map of equal squares, as (column, row)."""
    return msgspec.json.decode(_data("tiles.json"), type=dict[str, tuple[int, int]])


def place(code: str) -> Place | None:
    """The State or territory with that code, or None."""
    return _places().get(code)


def is_state(code: str) -> bool:
    """Whether ``code`` is a State (or the European Union), not a territory."""
    found = _places().get(code)
    return found is not None and found.parent is None


def state_of(code: str) -> str | None:
    """The State that a code belongs to: the State itself, or that of a territory; None for an unknown code."""
    found = _places().get(code)
    return (found.parent or found.code) if found else None


def all_states() -> tuple[Place, ...]:
    """Every State, by code."""
    return tuple(p for p in _places().values() if p.parent is None)


def territories(state: str) -> tuple[Place, ...]:
    """Territories of a State that this directory knows."""
    return tuple(p for p in _places().values() if p.parent == state)


def name(code: str, lang: str = "en") -> str:
    """The name in UN usage; an unknown code is its own name."""
    found = _places().get(code)
    return found.names.get(lang, found.names["en"]) if found else code


def sort_key(code: str, lang: str = "en") -> str:
    """Key by which names are put in order: pinyin for Chinese, without the article for Arabic, else folded."""
    found = _places().get(code)
    if found and lang == "zh" and found.pinyin:
        return found.pinyin
    return fold(name(code, lang))


def official_languages(code: str) -> tuple[str, ...]:
    """Official languages as BCP 47 tags; empty for an unknown code."""
    found = _places().get(code)
    return found.languages if found else ()


def time_zones(code: str) -> tuple[str, ...]:
    """IANA time zones, the capital's first; empty for an unknown code."""
    found = _places().get(code)
    return found.zones if found else ()


def capital(code: str) -> str | None:
    """The capital in English, where one is given."""
    found = _places().get(code)
    return found.capital if found else None


def search_terms(code: str) -> str:
    """All names and variants, for the search index."""
    found = _places().get(code)
    if found is None:
        return code
    return " · ".join(dict.fromkeys([*found.names.values(), *found.variants, found.code, found.alpha3 or found.code]))


def city_terms(code: str, lines: Iterable[str]) -> str:
    """Other names of the capital where an address names it: a body in *Wien* is found as *Vienna* and *Вена*."""
    found = _places().get(code)
    if found is None or found.capital is None:
        return ""
    forms = (found.capital, *found.cities)
    text = f" {_key(' '.join(lines))} "
    return " · ".join(forms) if any(f" {key} " in text for key in map(_key, forms) if key) else ""


@cache
def names_of_several() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Names that mean several States or territories, with the codes of these."""
    read = msgspec.json.decode(_data("ambiguous.json"), type=list[_Ambiguous])
    return tuple((a.names, a.codes) for a in read)


@cache
def _ambiguous() -> Mapping[str, tuple[str, ...]]:
    return {_key(text): codes for names, codes in names_of_several() for text in names}


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for p in _places().values():
        for text in (*p.names.values(), p.formal or p.code, *p.variants, p.code, p.alpha3 or p.code):
            codes = table.setdefault(_key(text), [])
            if p.code not in codes:
                codes.append(p.code)
    table.pop("", None)
    return {key: tuple(codes) for key, codes in table.items()}


@cache
def _by_letters() -> Mapping[str, tuple[str, ...]]:
    """The same without spaces, for acronyms with dots, and names run together or apart."""
    table: dict[str, tuple[str, ...]] = {}
    for key, codes in _by_name().items():
        letters = key.replace(" ", "")
        table[letters] = tuple(dict.fromkeys([*table.get(letters, ()), *codes]))
    return table


def _key(text: str) -> str:
    plain = fold(text.replace("&", " and ")).replace("'", "")
    return re.sub(r"\bst\b", "saint", " ".join("".join(c if c.isalnum() else " " for c in plain).split()))


_ARTICLES = re.compile(r"^(?:the|la|le|les|el|los|las|il|lo) | (?:the|la|le|les|el|los|las)$")


def _keys(text: str) -> Iterable[str]:
    """Keys of ``text`` from the most literal on: as it is, turned round at its comma, without articles."""
    key = _key(text)
    yield key
    head, comma, tail = text.rpartition(",")
    if comma and _key(head) and _key(tail):
        yield f"{_key(tail)} {_key(head)}"
    bare = _ARTICLES.sub("", key)
    if bare != key:
        yield bare


def resolve(text: str) -> tuple[str, ...]:
    """Codes that ``text`` may mean: none, one, or several when it is ambiguous (Congo, Korea). Never a guess."""
    if not text or len(text) > MAX_NAME:
        return ()
    keys = tuple(k for k in _keys(text) if k)
    for key in keys:
        found = tuple(dict.fromkeys([*_by_name().get(key, ()), *_ambiguous().get(key, ())]))
        if found:
            return found
    for key in keys:
        if letters := _by_letters().get(key.replace(" ", "")):
            return letters
    return ()


def closest(text: str, limit: int = 5) -> tuple[str, ...]:
    """Codes of States whose names look most like ``text``: for "did you mean", never for an answer."""
    key = _key(text[:MAX_NAME])
    names = [k for k in _by_name() if len(k) > 3]
    begins = [k for k in names if key and k.startswith(key)]
    near = begins or difflib.get_close_matches(key, names, n=limit * 2, cutoff=0.72)
    return tuple(dict.fromkeys(c for k in near for c in _by_name()[k]))[:limit]


_TAG = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
)


def language_name(tag: str, lang: str = "en") -> str:
    """Name of a language; an unknown tag is its own name."""
    names = _languages().get(tag) or _languages().get(tag.split("-", maxsplit=1)[0])
    return names.get(lang, names["en"]) if names else tag


def language_codes() -> tuple[str, ...]:
    """Tags of the languages known here."""
    return tuple(_languages())


def is_language(tag: str) -> bool:
    """Whether the tag is well formed (BCP 47: language, script, region, variant) and its language known here."""
    return bool(_TAG.fullmatch(tag)) and (tag in _languages() or tag.split("-", maxsplit=1)[0] in _languages())
