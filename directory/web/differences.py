"""Differences as a page shows them: one card a field, the items of a list together, in the words of the page."""

from msgspec import Struct

from directory.domain.authority import Entry
from directory.domain.diff import FieldChange, diff, fields
from directory.domain.textdiff import Piece
from directory.domain.wording import Voice
from directory.web.texts import Texts


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


def cards(old: Entry, new: Entry, texts: Texts) -> list[Card]:
    """Differences from ``old`` to ``new``: contacts first, sources last."""
    found: dict[tuple[str, ...], list[FieldChange]] = {}
    for change in diff(old, new, _voice(texts)):
        found.setdefault(change.label, []).append(change)
    return [_card(tuple(map(texts.message, label)), group) for label, group in found.items()]


def titles(old: Entry, new: Entry, texts: Texts) -> list[str]:
    """What differs, in a word or two each; sources only where nothing else does."""
    return [texts.message(title) for title in fields(diff(old, new, _voice(texts)))]


def _voice(texts: Texts) -> Voice:
    return Voice(say=texts.message, date=texts.day, lang=texts.lang.code)


def _card(title: tuple[str, ...], group: list[FieldChange]) -> Card:
    return Card(
        title=title,
        before=tuple(dict.fromkeys(line for change in group for line in change.before)),
        after=tuple(dict.fromkeys(line for change in group for line in change.after)),
        words=group[0].words if len(group) == 1 else (),
        sensitive=any(change.sensitive for change in group),
    )
