"""Controlled vocabularies: stable codes, labels, the articles behind them. Data in ``data/vocabulary.json``.

Labels and notes are English texts that go through the message catalogs like every other text of a page. A code is
never renamed and never given another meaning: entries of any age hold it. ``docs/vocabulary.md`` lists everything.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Concept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code. ``articles`` maps a treaty's code to the provision; ``aliases`` are spellings found in sources."""

    code: str
    label: str
    note: str | None = None
    articles: dict[str, str] = {}
    notation: str | None = None
    """The code of other lists: of the reference of the field, or the number under which a treaty is registered."""
    aliases: tuple[str, ...] = ()
    broader: str | None = None
    """For a measure, the kind of cooperation (vocabulary ``cooperation``) that it belongs to."""
    kind: str | None = None
    """For an aspect, how it is answered: yes-no, codes, languages, duration, money or text."""
    values: str | None = None
    """For an aspect answered by codes, the vocabulary that they come from."""
    coercive: str | None = None
    """For a measure, whether it coerces by default (vocabulary ``coercion``), article 46(9)(b)."""
    aspects: tuple[str, ...] = ()
    """For a measure, the aspects that a form asks for beside the general block."""
    contents: tuple[str, ...] = ()
    """For a measure, the content elements that a request needs beside those of article 46(15)."""
    functions: tuple[str, ...] = ()
    """For a kind of cooperation, the functions that receive requests for it, the most special first."""
    matches: dict[str, str] = {}
    """The same measure in other lists: ``ejn`` and ``ejn-new``, the numbers of the European Judicial Network."""
    prohibited: bool = False
    """A ground that the Convention excludes (article 46(8) and (22)): flagged wherever it is claimed."""


class Scheme:
    """The codes of one vocabulary, in their order."""

    def __init__(self, name: str, concepts: tuple[Concept, ...]) -> None:
        self.name = name
        self._concepts = {c.code: c for c in concepts}
        self._aliases = {_plain(alias): c.code for c in concepts for alias in (c.label, *c.aliases)}
        self._aliases |= {_plain(c.code): c.code for c in concepts}

    def __contains__(self, code: object) -> bool:
        return code in self._concepts

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __len__(self) -> int:
        return len(self._concepts)

    def get(self, code: str) -> Concept | None:
        """The concept of a code, or None."""
        return self._concepts.get(code)

    def code(self, text: str) -> str | None:
        """The code that ``text`` (a code, a label or another known spelling) stands for, or None."""
        return self._aliases.get(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@cache
def _all() -> Mapping[str, Scheme]:
    read = msgspec.json.decode(_data("vocabulary.json"), type=dict[str, tuple[Concept, ...]])
    return {name: Scheme(name, concepts) for name, concepts in read.items()}


def _data(name: str) -> bytes:
    return (resources.files("directory.domain") / "data" / name).read_bytes()


def scheme(name: str) -> Scheme:
    """The vocabulary of that name. Raises KeyError."""
    return _all()[name]


def schemes() -> tuple[str, ...]:
    """Names of all vocabularies."""
    return tuple(_all())


def label(name: str, code: str) -> str:
    """The English label of a code; an unknown code is its own label, so that old data still shows."""
    concept = scheme(name).get(code)
    return concept.label if concept else code


def messages() -> Iterator[str]:
    """Every English text that the catalogs translate, each once, in order."""
    texts = (text for s in _all().values() for c in s for text in (c.label, c.note))
    yield from dict.fromkeys(text for text in texts if text)


def values_of(aspect: str) -> Scheme | None:
    """The vocabulary of an aspect's coded values; None where it is answered otherwise."""
    concept = scheme("aspect").get(aspect)
    return scheme(concept.values) if concept and concept.values else None


def measures(cooperation: str) -> tuple[Concept, ...]:
    """Measures of a kind of cooperation."""
    return tuple(c for c in scheme("measure") if c.broader == cooperation)


@cache
def provisions() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Functions by treaty and provision; the empty provision stands for all that are not listed."""
    return msgspec.json.decode(_data("provisions.json"), type=dict[str, dict[str, tuple[str, ...]]])


@cache
def _by_parts() -> Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]]:
    return {t: {_parts(text): codes for text, codes in table.items()} for t, table in provisions().items()}


_ARTICLE = re.compile(r"\s*(?:arts?\.?|articles?)?\s*(\d+)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\s*(?:,?\s*para(?:graph|\.)?\s*|\()\s*([0-9]+|[a-z]{1,4})\b\)?", re.IGNORECASE)


def _parts(provision: str) -> tuple[str, ...]:
    """Article, paragraph and so on: ``44(6)(a)`` is 44, 6, a; empty where no article is named first."""
    found = _ARTICLE.match(provision)
    if not found:
        return ()
    parts = [found[1]]
    end = found.end()
    while paragraph := _PARAGRAPH.match(provision, end):
        parts.append(paragraph[1].lower())
        end = paragraph.end()
    return tuple(parts)


def functions_of_provision(treaty: str, provision: str) -> tuple[str, ...]:
    """Functions that a provision such as ``44(6)(a)`` is about, by its closest known article or paragraph."""
    table = _by_parts().get(treaty, {})
    parts = _parts(provision)
    if not parts:
        return ()
    return next((table[parts[:n]] for n in range(len(parts), -1, -1) if parts[:n] in table), ())


def function_of_provision(treaty: str, provision: str) -> str | None:
    """The function that a provision is about; None where it is about no single one."""
    found = functions_of_provision(treaty, provision)
    return found[0] if len(found) == 1 else None
