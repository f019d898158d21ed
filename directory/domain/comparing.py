"""The walk through two documents that :mod:`directory.domain.diff` is made of: what differs, where, in which lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from directory.domain import matching, wording
from directory.domain.matching import Pair, same
from directory.domain.plain import Plain, item_key
from directory.domain.wording import Voice

DEFAULTS: Mapping[str, Plain] = {"": {"status": "active"}, "contacts": {"purpose": "general"}}
"""What absence means where it means something, by the list that holds the object (empty: an authority)."""
BY_FIELD = frozenset(("designations", "declarations", "remarks"))
"""Lists whose items, where they stay, are compared field by field; so are contact points and answers."""
CORE = ("aspect", "answer", "values", "languages", "text")
"""What an answer answers; the rest says where it holds."""
SOURCES_OF_THE_REST = "Sources of what stays the same"
NAME_TO_PRINT = "Name to print"
UNIT_TO_PRINT = "Unit to print"
DATED = "{title} ({date})"
MESSAGES = (SOURCES_OF_THE_REST, NAME_TO_PRINT, UNIT_TO_PRINT, DATED)
LAST = ("purpose", "functions", "treaties")
"""Fields of a contact point that a reader wants after the address, not before."""


class Place(NamedTuple):
    """Where in the document: the path, the messages that name it from the outside in, the list that holds it."""

    path: str
    label: tuple[str, ...] = ()
    holder: str = ""

    def field(self, name: str) -> "Place":
        """A field of the object at this place."""
        path = f"{self.path}.{name}" if self.path else name
        return Place(path, (*self.label, wording.label(name)), self.holder)

    def item(self, key: str, holder: str, label: tuple[str, ...]) -> "Place":
        """An item of the list at this place."""
        return Place(f"{self.path}[{key}]", label, holder)


class Difference(NamedTuple):
    """What is said at a place before and after; ``prose`` where both are one running text."""

    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]
    prose: bool = False


def differences(old: Plain, new: Plain, voice: Voice) -> Iterator[Difference]:
    """Every difference, in the order of the document."""
    yield from _Walk(old, new, voice).document()


class _Walk:
    """One walk.

    ``gone`` and ``came`` gather, by source, the places that stay the same and named it before or name it now; ``now``
    has the key of each old source in the new document: another date of the same page is said once, not at every place.
    """

    def __init__(self, old: Plain, new: Plain, voice: Voice) -> None:
        self.old, self.new, self.voice = old, new, voice
        self.gone: dict[str, dict[str, None]] = {}
        self.came: dict[str, dict[str, None]] = {}
        pairs = matching.pairs(old.get("sources", []), new.get("sources", []), "sources")
        self.now = {item_key(a): item_key(b) for a, b in pairs if a and b}

    def document(self) -> Iterator[Difference]:
        a, b = self.old, self.new
        if "authority" in (a.get("type"), b.get("type")):
            a, b = {**DEFAULTS[""], **a}, {**DEFAULTS[""], **b}
        yield from self.object(a, b, Place(""))
        before, after = (self.citations(cited) for cited in (self.gone, self.came))
        if before or after:
            yield Difference(Place("sources", (SOURCES_OF_THE_REST,)), before, after)

    def citations(self, cited: Mapping[str, Mapping[str, None]]) -> tuple[str, ...]:
        """One line a source: what it is named for."""
        return tuple(
            self.voice.form(wording.LABELLED, label=source, value=self.voice.join(list(places)))
            for source, places in cited.items()
        )

    def object(self, a: Plain, b: Plain, place: Place) -> Iterator[Difference]:
        """Two objects, field by field."""
        for name in dict.fromkeys([*a, *b]):
            if name != "key" and (name != "sources" or not place.path):
                yield from self.field(a.get(name), b.get(name), name, place)
        self.cite(a, b, place)

    def field(self, a: Any, b: Any, name: str, above: Place) -> Iterator[Difference]:
        place = above.field(name)
        items = [*(a or []), *(b or [])] if isinstance(a or [], list) and isinstance(b or [], list) else []
        objects = bool(items) and all(isinstance(item, dict) for item in items)
        if name == "requirements":
            yield from self.requirements(a or {}, b or {}, place)
        elif name == "text" and objects:
            yield from self.texts(a or [], b or [], place)
        elif name == "scope" and isinstance(a or {}, dict) and isinstance(b or {}, dict):
            yield from self.scope(a or {}, b or {}, place)
        elif objects and all(item_key(item) for item in items):
            yield from self.items(a or [], b or [], name, Place(place.path, above.label))
        elif not same(a, b, name):
            yield self.change(a, b, name, place)
        elif isinstance(a, dict) and isinstance(b, dict):
            self.cite(a, b, place)

    def items(self, a: list[Plain], b: list[Plain], name: str, place: Place) -> Iterator[Difference]:
        pairs = matching.pairs(a, b, name)
        for (before, after), title in zip(pairs, _titles(pairs, name), strict=True):
            here = place.item(item_key(after or before or {}), name, (*place.label, *title))
            if name == "contacts":
                yield from self.object(*_contact(before, after), here)
            elif before is None or after is None:
                yield self.change(before, after, name, here)
            elif name in ("answers", "general"):
                yield from self.answer(before, after, here)
            elif name in BY_FIELD:
                yield from self.object(before, after, here)
            elif same(before, after, name):
                self.cite(before, after, here)
            else:
                yield self.change(before, after, name, here)
        if name in ("names", "units"):
            yield from self.first(a, b, pairs, place)

    @staticmethod
    def first(a: list[Plain], b: list[Plain], pairs: list[Pair], place: Place) -> Iterator[Difference]:
        """The first name is the one to print: say so when another one took its place."""
        if a and b and not any(old is a[0] and new is b[0] for old, new in pairs):
            before, after = str(a[0].get("text", "")), str(b[0].get("text", ""))
            if before != after:
                title = NAME_TO_PRINT if place.path == "names" else UNIT_TO_PRINT
                yield Difference(Place(place.path, (*place.label, title)), (before,), (after,), prose=True)

    def requirements(self, a: Plain, b: Plain, place: Place) -> Iterator[Difference]:
        general, measures = place.field("general"), place.field("measures")
        yield from self.items(
            a.get("general", []), b.get("general", []), "general", general._replace(label=place.label)
        )
        for before, after in matching.pairs(a.get("measures", []), b.get("measures", []), "measures"):
            code = item_key(after or before or {})
            here = measures.item(code, "answers", (*place.label, wording.code("measure", code))).field("answers")
            old, new = ((side or {}).get("answers", []) for side in (before, after))
            yield from self.items(old, new, "answers", here._replace(label=here.label[:-1]))
        for name in dict.fromkeys([*a, *b]):
            if name not in ("general", "measures"):
                yield from self.field(a.get(name), b.get(name), name, place)

    def answer(self, a: Plain, b: Plain, place: Place) -> Iterator[Difference]:
        """One card for what is answered; one each for the law, the restriction, the date."""
        core = [name for name in CORE if not same(a.get(name), b.get(name), name)]
        if core == ["text"]:
            yield from self.texts(a.get("text", []), b.get("text", []), place.field("text"))
        elif "aspect" in core:
            yield Difference(place, tuple(wording.full(self.voice, a)), tuple(wording.full(self.voice, b)))
        elif core:
            old, new = ({n: v for n, v in side.items() if n in CORE} for side in (a, b))
            yield self.change(old, new, "answers", place)
        old, new = ({n: v for n, v in side.items() if n not in CORE} for side in (a, b))
        yield from self.object(old, new, place)

    def texts(self, a: list[Plain], b: list[Plain], place: Place) -> Iterator[Difference]:
        """A text in several languages: each language by itself, without the word *Text*, which says nothing."""
        pairs = matching.pairs(a, b, "text")
        above = place.label[:-1] or place.label
        for before, after in pairs:
            if not same(before, after, "text"):
                tag = str((after or before or {}).get("lang", ""))
                language = (wording.value(self.voice, "lang", tag),) if tag and len(pairs) > 1 else ()
                here = place.item(tag, "text", (*above, *language)) if tag else place._replace(label=above)
                yield self.change(before, after, "text", here)

    def scope(self, a: Plain, b: Plain, place: Place) -> Iterator[Difference]:
        for name in dict.fromkeys([*a, *b]):
            if not same(a.get(name), b.get(name), name):
                here = place.field(name)
                yield self.change(
                    a.get(name), b.get(name), name, here._replace(label=place.label) if name == "text" else here
                )

    def change(self, a: Any, b: Any, name: str, place: Place) -> Difference:
        before, after = (tuple(wording.lines(self.voice, name, side, place.holder)) for side in (a, b))
        if before == after:  # they differ in what the lines leave out: show every field
            before, after = (tuple(wording.full(self.voice, side)) for side in (a, b))
        prose = name in wording.PROSE and len(before) == len(after) == 1
        return Difference(place, before, after, prose)

    def cite(self, a: Plain, b: Plain, place: Place) -> None:
        """Remember the sources of an object that says the same and names other ones."""
        if not place.path or not same(a, b):
            return
        was = {self.now.get(key, key): self.source(self.old, key) for key in a.get("sources", [])}
        now = {key: self.source(self.new, key) for key in b.get("sources", [])}
        where = " › ".join(self.voice.say(part) for part in place.label)
        for gathered, these, those in ((self.gone, was, now), (self.came, now, was)):
            for key, title in these.items():
                if key not in those and title not in those.values():
                    gathered.setdefault(title, {})[where] = None

    def source(self, document: Plain, key: str) -> str:
        for source in document.get("sources", []):
            if source.get("key") == key:
                title, day = str(source.get("title", key)), source.get("as_of")
                return self.voice.form(DATED, title=title, date=self.voice.date(str(day))) if day else title
        return key


def _contact(before: Plain | None, after: Plain | None) -> tuple[Plain, Plain]:
    """Both sides of a contact point; of one that came or went, the purpose is already in its title."""
    sides = [before or {}, after or {}]
    if before is not None and after is not None:
        sides = [{**DEFAULTS["contacts"], **side} for side in sides]
    elif not any(side.get("label") for side in sides):
        sides = [{n: v for n, v in side.items() if n != "purpose"} for side in sides]
    old, new = (dict(sorted(side.items(), key=lambda field: field[0] in LAST)) for side in sides)
    return old, new


def _titles(pairs: Sequence[Pair], name: str) -> list[tuple[str, ...]]:
    """What to call each item; where two are called the same, by what they are restricted to as well."""
    items = [after or before or {} for before, after in pairs]
    short = [_title(item, name) for item in items]
    return [
        (*title, *_restriction(item)) if short.count(title) > 1 else title
        for item, title in zip(items, short, strict=True)
    ]


def _title(item: Plain, name: str) -> tuple[str, ...]:
    if name == "contacts":
        return (str(item.get("label") or wording.code("purpose", item.get("purpose", "general"))),)
    if name in ("answers", "general"):
        return (wording.code("aspect", str(item.get("aspect", ""))),)
    treaty = (wording.code("treaty", item["treaty"]),) if item.get("treaty") else ()
    if name == "designations":
        return (wording.label(name), wording.code("function", str(item.get("function", ""))), *treaty)
    if name == "declarations":
        return (wording.label(name), *treaty)
    if name == "statistics":
        return (wording.label(name), str(item.get("year", "")))
    return (wording.label(name),)


def _restriction(item: Plain) -> tuple[str, ...]:
    functions = [wording.code("function", code) for code in item.get("functions", [])]
    return (*functions, *(wording.code("treaty", code) for code in item.get("treaties", [])))[:3]
