"""What differs between two versions, field by field, as a person would say it.

Works on plain data, so that versions written under an older schema can be compared. Nothing that differs goes unsaid,
but the keys of items and the order of lists, which mean nothing to a reader (except that of names: the first is the one
to print).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from directory.domain import comparing, wording
from directory.domain.authority import Entry
from directory.domain.plain import Plain, plain
from directory.domain.textdiff import Piece, words
from directory.domain.wording import ENGLISH, LEADS, Voice

Kind = Literal["changed", "added", "removed"]


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field that differs.

    ``label`` are messages from the outside in (*General contact*, *E-mail*), ``title`` is the one that says most.
    ``before`` and ``after`` are lines to print, in the voice that was given. ``words``, where there are any, are the
    pieces of the one line on each side. ``sensitive``: it could lead requests to the wrong hands.
    """

    path: str
    label: tuple[str, ...]
    title: str
    kind: Kind
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    words: tuple[Piece, ...] = ()
    sensitive: bool = False


Diff = tuple[FieldChange, ...]

SENSITIVE = frozenset(
    "address visiting_address telephones faxes emails websites portals keys purpose functions treaties label".split()
)
"""Fields of a contact point that say where requests go."""
ENDING = frozenset(("status", "succeeded_by"))
CITING = frozenset(("sources", "designations", "statistics"))
"""Parts in which an address or a number is a citation."""
ORDER = (
    "status status_since succeeded_by contacts names units territory kind parent designations declarations "
    "requirements networks documents statistics remarks"
).split()
SUMMARY: Mapping[Kind, str] = {
    "changed": "Changed: {fields}.",
    "added": "Added: {fields}.",
    "removed": "Removed: {fields}.",
}
MORE = "{fields} and {count} more"
NOTHING = "The two versions say the same."


def diff(old: Entry | Plain, new: Entry | Plain, voice: Voice = ENGLISH) -> Diff:
    """All differences: changed, then added, then removed; among each, contacts come first and sources last."""
    a, b = (given if isinstance(given, dict) else plain(given) for given in (old, new))
    return tuple(sorted(map(_change, comparing.differences(a, b, voice)), key=_weight))


def fields(changes: Sequence[FieldChange]) -> tuple[str, ...]:
    """Messages that name what differs, each once; sources only when nothing else does."""
    return tuple(dict.fromkeys(c.title for c in _telling(changes)))


def is_sensitive(changes: Sequence[FieldChange]) -> bool:
    """Whether a field differs that could lead requests to the wrong hands."""
    return any(c.sensitive for c in changes)


def summary(changes: Sequence[FieldChange], voice: Voice = ENGLISH, most: int = 4) -> str:
    """One line in words: *Changed: E-mail, Telephone. Removed: Fax.*"""
    parts = []
    for kind, message in SUMMARY.items():
        titles = [voice.say(t) for t in dict.fromkeys(c.title for c in _telling(changes) if c.kind == kind)]
        if titles:
            text = voice.join(titles[:most])
            if len(titles) > most:
                text = voice.form(MORE, fields=text, count=str(len(titles) - most))
            parts.append(voice.form(message, fields=text))
    return " ".join(parts) or voice.say(NOTHING)


def messages() -> tuple[str, ...]:
    """Every message of differences, for the catalogs; labels of codes come from the vocabularies."""
    return (*wording.messages(), *comparing.MESSAGES, *SUMMARY.values(), MORE, NOTHING)


def _change(found: comparing.Difference) -> FieldChange:
    return FieldChange(
        path=found.place.path,
        label=found.place.label,
        title=_title(found.place),
        kind="added" if not found.before else "removed" if not found.after else "changed",
        before=found.before,
        after=found.after,
        words=words(found.before[0], found.after[0]) if found.prose else (),
        sensitive=_sensitive(found),
    )


def _title(place: comparing.Place) -> str:
    """The message that says most: *E-mail* of a contact, *Dual criminality* of a requirement, *Designation*."""
    if place.path.startswith("contacts"):
        return place.label[-1]
    if place.path.startswith("requirements") and len(place.label) > 1:
        return place.label[2] if ".measures[" in place.path and len(place.label) > 2 else place.label[1]
    return place.label[0]


def _sensitive(found: comparing.Difference) -> bool:
    """A sensitive field; or a mailbox, address or number that appears in a text beside them."""
    names = re.sub(r"\[[^]]*]", "", found.place.path).split(".")
    if names[0] == "contacts" and len(names) > 1 and names[1] in SENSITIVE:
        return True
    if names[0] in ENDING:
        return True
    known = {lead for line in found.before for lead in LEADS.findall(line)}
    return names[0] not in CITING and any(lead not in known for line in found.after for lead in LEADS.findall(line))


def _telling(changes: Sequence[FieldChange]) -> list[FieldChange]:
    return [c for c in changes if not c.path.startswith("sources")] or list(changes)


def _weight(change: FieldChange) -> tuple[bool, int, int]:
    first = re.split(r"[.\[]", change.path, maxsplit=1)[0]
    place = ORDER.index(first) if first in ORDER else len(ORDER)
    return (first == "sources", list(SUMMARY).index(change.kind), place)
