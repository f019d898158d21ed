"""States and territories: names in UN usage in six languages, variants, languages, zones. Data in ``data/``.

The lists are no statement on the status of any State or territory.
"""

import difflib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from directory.domain.folding import fold

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")


class Place(Struct, frozen=True, kw_only=True):
    """A State, or a territory (``parent`` is its State) that may have a separate system, article 46(13)."""

    code: str
    names: dict[str, str]
    variants: tuple[str, ...] = ()
    alpha3: str | None = None
    parent: str | None = None
    group: str | None = None
    languages: tuple[str, ...] = ()
    zone: str | None = None
    dial: str | None = None
    withdrawn: bool = False


@cache
def _places() -> Mapping[str, Place]:
    folder = resources.files("directory.domain") / "data"
    read = [
        p
        for f in ("states.json", "territories.json")
        for p in msgspec.json.decode((folder / f).read_bytes(), type=list[Place])
    ]
    return {p.code: p for p in read}


@cache
def _languages() -> Mapping[str, dict[str, str]]:
    data = (resources.files("directory.domain") / "data/languages.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, dict[str, str]])


@cache
def tiles() -> Mapping[str, tuple[int, int]]:
    """Square of each State on the map of equal squares, as (column, row)."""
    data = (resources.files("directory.domain") / "data/tiles.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, tuple[int, int]])


def place(code: str) -> Place | None:
    """The State or territory with that code, or None."""
    return _places().get(code)


def is_state(code: str) -> bool:
    """Whether ``code`` is a State (or the European Union), not a territory."""
    found = _places().get(code)
    return found is not None and found.parent is None


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


def search_terms(code: str) -> str:
    """All names and variants, for the search index."""
    found = _places().get(code)
    if found is None:
        return code
    return " · ".join(dict.fromkeys([*found.names.values(), *found.variants, found.code, found.alpha3 or found.code]))


@cache
def _by_name() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for p in _places().values():
        for text in (*p.names.values(), *p.variants, p.code, *((p.alpha3,) if p.alpha3 else ())):
            codes = table.setdefault(_key(text), [])
            if p.code not in codes:
                codes.append(p.code)
    return {key: tuple(codes) for key, codes in table.items()}


def _key(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text).replace("'", "")).split())


def resolve(text: str) -> tuple[str, ...]:
    """Codes that ``text`` may mean: none, one, or several when it is ambiguous (Congo, Korea). Never a guess."""
    key = _key(text)
    found = _by_name().get(key, ())
    if key in _AMBIGUOUS:
        return tuple(dict.fromkeys([*found, *_AMBIGUOUS[key]]))
    return found


_AMBIGUOUS: Mapping[str, tuple[str, ...]] = {
    "congo": ("CG", "CD"),
    "korea": ("KR", "KP"),
    "guinea": ("GN", "GW", "GQ", "PG"),
    "guinee": ("GN", "GW", "GQ", "PG"),
    "dominica": ("DM", "DO"),
}


def closest(text: str, limit: int = 5) -> tuple[str, ...]:
    """Codes of States whose names look most like ``text``: for "did you mean", never for an answer."""
    key = _key(text)
    names = [k for k in _by_name() if len(k) > 3]
    begins = [k for k in names if key and k.startswith(key)]
    near = begins or difflib.get_close_matches(key, names, n=limit * 2, cutoff=0.72)
    return tuple(dict.fromkeys(c for k in near for c in _by_name()[k]))[:limit]


def language_name(tag: str, lang: str = "en") -> str:
    """Name of a language; an unknown tag is its own name."""
    names = _languages().get(tag) or _languages().get(tag.split("-", maxsplit=1)[0])
    return names.get(lang, names["en"]) if names else tag


def language_codes() -> tuple[str, ...]:
    """Tags of the languages known here."""
    return tuple(_languages())


def is_language(tag: str) -> bool:
    """Whether the first part of the tag is a language known here."""
    return tag in _languages() or tag.split("-", maxsplit=1)[0] in _languages()
