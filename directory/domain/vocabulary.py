"""Controlled vocabularies: stable codes, labels, the articles behind them. Data in ``data/vocabulary.json``.

Labels are English texts that go through the message catalogs like every other text of a page.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Concept(Struct, frozen=True, kw_only=True):
    """One code. ``articles`` maps a treaty's code to the provision; ``aliases`` are spellings found in sources."""

    code: str
    label: str
    articles: dict[str, str] = {}
    notation: str | None = None
    aliases: tuple[str, ...] = ()
    prohibited: bool = False
    """A ground that the Convention excludes (article 46(8) and (22)): flagged wherever it is claimed."""


class Scheme:
    """The codes of one vocabulary, in their order."""

    def __init__(self, name: str, concepts: tuple[Concept, ...]) -> None:
        self.name = name
        self._concepts = {c.code: c for c in concepts}
        self._aliases = {alias.casefold(): c.code for c in concepts for alias in (c.code, c.label, *c.aliases)}

    def __contains__(self, code: object) -> bool:
        return code in self._concepts

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def get(self, code: str) -> Concept | None:
        """The concept of a code, or None."""
        return self._concepts.get(code)

    def code(self, text: str) -> str | None:
        """The code that ``text`` (a code, a label or another known spelling) stands for, or None."""
        return self._aliases.get(text.strip().casefold())


@cache
def _all() -> Mapping[str, Scheme]:
    data = (resources.files("directory.domain") / "data/vocabulary.json").read_bytes()
    read = msgspec.json.decode(data, type=dict[str, tuple[Concept, ...]])
    return {name: Scheme(name, concepts) for name, concepts in read.items()}


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


_ARTICLE = re.compile(r"(\d+)\s*(?:\((\d+)\))?")
_FUNCTIONS: Mapping[str, Mapping[str, str]] = {
    # article, or article and paragraph, to function; what is not here belongs to no single function
    "uncac": {
        "46": "mla",
        "44": "extradition",
        "45": "transfer-of-sentenced-persons",
        "47": "transfer-of-proceedings",
        "6": "prevention",
        "48": "law-enforcement",
        "55": "asset-recovery",
        "58": "fiu",
        "43": "civil-administrative",
    },
    "untoc": {
        "18": "mla",
        "16": "extradition",
        "17": "transfer-of-sentenced-persons",
        "21": "transfer-of-proceedings",
        "31": "prevention",
    },
    "ets-185": {"27": "mla", "24": "extradition", "35": "electronic-evidence-24-7"},
}


def function_of_provision(treaty: str, provision: str) -> str | None:
    """The function that a provision such as ``44(6)(a)`` is about; None where it is about no single one."""
    found = _ARTICLE.match(provision.strip())
    return _FUNCTIONS.get(treaty, {}).get(found[1]) if found else None
