"""Differences as a page shows them: one card a field, codes in words, what only moved left out."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from directory.domain.authority import Answer, Authority, Designation
from directory.domain.diff import FieldChange, diff
from directory.domain.textdiff import Piece
from directory.web.texts import Texts, phone

_CODES = {"kind": "body-kind", "status": "status", "purpose": "purpose", "networks": "network"}
_E164 = re.compile(r"^\+[1-9]\d{4,14}$")
_ITEM = re.compile(r"^(designations|requirements\.(?:general|measures\[[^\]]*\]\.answers))\[([^\]]+)\]$")


class Card(Struct, frozen=True, kw_only=True):
    """A field with what it said before and after; ``words`` only where one text became another."""

    title: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    words: tuple[Piece, ...] = ()
    sensitive: bool = False

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        return "added" if not self.before else "removed" if not self.after else "changed"


def cards(old: Authority, new: Authority, texts: Texts) -> list[Card]:
    """Differences from ``old`` to ``new``: contacts first, sources last; the items of one list on one card."""
    found: dict[tuple[str, ...], list[Card]] = {}
    items = {side: dict(_items(entry)) for side, entry in (("old", old), ("new", new))}
    for change in diff(old, new):
        card = _card(change, items, texts)
        found.setdefault(card.title, []).append(card)
    joined = [_joined(group) for group in found.values()]
    return [card for card in joined if sorted(card.before) != sorted(card.after)]


def titles(found: list[Card], sources: str) -> list[str]:
    """What changed, in a word or two each; sources only where nothing else did."""
    names = list(dict.fromkeys(card.title[-1] for card in found))
    return [n for n in names if n != sources] or names


def _card(change: FieldChange, items: Mapping[str, Mapping[str, Designation | Answer]], texts: Texts) -> Card:
    place = _ITEM.match(change.path)
    if place is None:
        return Card(
            title=tuple(texts.message(part) for part in change.label),
            before=tuple(_line(line, change.path, texts) for line in change.before),
            after=tuple(_line(line, change.path, texts) for line in change.after),
            words=change.words,
            sensitive=change.sensitive,
        )
    before, after = items["old"].get(place[2]), items["new"].get(place[2])
    either = after or before
    if isinstance(either, Answer):
        title: tuple[str, ...] = (texts.message("Requirement"), texts.label("aspect", either.aspect))
    else:
        title = (texts.message("Designation"),)
    return Card(title=title, before=tuple(_said(before, texts)), after=tuple(_said(after, texts)), words=change.words)


def _joined(group: list[Card]) -> Card:
    if len(group) == 1:
        return group[0]
    before = tuple(dict.fromkeys(line for card in group for line in card.before))
    after = tuple(dict.fromkeys(line for card in group for line in card.after))
    return Card(title=group[0].title, before=before, after=after, sensitive=any(card.sensitive for card in group))


def _items(entry: Authority) -> Iterator[tuple[str, Designation | Answer]]:
    for designation in entry.designations:
        yield designation.key, designation
    for block in (entry.requirements.general, *(m.answers for m in entry.requirements.measures)):
        for answer in block:
            yield answer.key, answer


def _said(item: Designation | Answer | None, texts: Texts) -> Iterator[str]:
    if isinstance(item, Designation):
        parts = [texts.label("function", item.function), *([texts.label("treaty", item.treaty)] if item.treaty else [])]
        yield " · ".join([*parts, *([item.provision] if item.provision else [])])
        if item.scope and item.scope.text:
            yield item.scope.text
    elif item is not None:
        if item.answer:
            yield texts.label("answer", item.answer)
        for alternative in item.languages:
            conditions = [texts.label("language-condition", c) for c in alternative.conditions]
            yield " · ".join([" + ".join(texts.rule(alternative)), *conditions])
        yield from (texts.value(item.aspect, code) for code in item.values)
        yield from (t.text for t in item.text)


def _line(line: str, path: str, texts: Texts) -> str:
    field = path.rsplit(".", 1)[-1].split("[", maxsplit=1)[0]
    if _E164.match(line):
        return phone(line)
    if field in _CODES:
        return texts.label(_CODES[field], line)
    if field == "territory":
        return texts.state(line)
    return texts.language(line) if field == "languages" else line
