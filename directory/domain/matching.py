"""Which item of one version is which item of another.

What says the same is the same, whatever its key: that of a mailbox may have moved on. Then keys decide. What is left
over is matched by what it is about: the answer that says the same under other treaties, the designation for the same
function, the contact point with a number in common, a remark of which most words stay, the only mailbox left on either
side. So a new name is a change, not a loss and a gain.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from directory.domain.plain import Plain, item_key
from directory.domain.textdiff import words

Pair = tuple[Plain | None, Plain | None]

VALUE: Mapping[str, tuple[str, ...]] = {
    "emails": ("address",),
    "faxes": ("e164", "printed"),
    "keys": ("fingerprint",),
    "names": ("text",),
    "portals": ("url",),
    "telephones": ("e164", "printed"),
    "units": ("text",),
    "websites": ("url",),
}
"""Fields any of which alone makes an item of a list what it is."""
ABOUT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "contacts": (("purpose", "functions", "treaties"),),
    "declarations": (("treaty", "functions"),),
    "designations": (("function", "treaty"),),
    "documents": (("title",), ("kind", "lang")),
    "sources": (("title", "url"),),
    "statistics": (("year", "function"),),
    "text": (("lang",),),
}
"""Fields that say together what an item of a list is about, the surest first."""
ANSWERS = frozenset(("answers", "general"))
TEXTS = frozenset(("names", "units", "remarks"))
"""Lists whose items are the same where most of their words are."""
ALONE = frozenset(("names", "units", "emails", "faxes", "keys", "portals", "telephones", "websites"))
"""Lists in which the only item left on each side is the same thing with another value."""
IN_ORDER = frozenset(("lines",))


def pairs(old: Sequence[Plain], new: Sequence[Plain], name: str) -> list[Pair]:
    """Items of the list ``name``, each with its counterpart or None, in the order of ``new``, then what went."""
    found: dict[int, int] = {}
    left = list(range(len(old)))

    def match(alike: Callable[[Plain, Plain], bool]) -> None:
        for n, item in enumerate(new):
            if n not in found:
                twin = next((i for i in left if alike(old[i], item)), None)
                if twin is not None:
                    found[n] = twin
                    left.remove(twin)

    match(lambda a, b: same(a, b, name))
    for field in VALUE.get(name, ()):
        match(_equal_in(field))
    match(lambda a, b: item_key(a) == item_key(b) != "")
    if name == "contacts":
        match(lambda a, b: bool(_reached_by(a) & _reached_by(b)))
    if name in ANSWERS:
        match(_alike_in(("aspect", "answer", "values", "languages", "text")))
        match(_alike_answers)
    for about in ABOUT.get(name, ()):
        match(_alike_in(about))
    if name in TEXTS:
        match(lambda a, b: bool(words(_text(a), _text(b))))
    if name in ALONE and len(left) == 1 and len(new) - len(found) == 1:
        match(lambda _a, _b: True)
    return [
        *((old[found[n]] if n in found else None, item) for n, item in enumerate(new)),
        *((old[i], None) for i in left),
    ]


def same(a: Any, b: Any, name: str = "") -> bool:
    """Whether two values say the same: keys, sources, absence and the order of lists of codes aside."""
    return bool(_bare(a, name) == _bare(b, name))


def _alike_in(about: tuple[str, ...]) -> Callable[[Plain, Plain], bool]:
    def alike(a: Plain, b: Plain) -> bool:
        return all(same(a.get(field), b.get(field), field) for field in about)

    return alike


def _equal_in(field: str) -> Callable[[Plain, Plain], bool]:
    def equal(a: Plain, b: Plain) -> bool:
        return a.get(field) is not None and a.get(field) == b.get(field)

    return equal


def _alike_answers(a: Plain, b: Plain) -> bool:
    """On the same aspect, for the same functions and treaties, and with most words of the text in common."""
    old, new = _text(a), _text(b)
    return _alike_in(("aspect", "functions", "treaties"))(a, b) and (not (old and new) or bool(words(old, new)))


def _reached_by(contact: Plain) -> set[str]:
    """The mailboxes and numbers of a contact point."""
    numbers = [n for name in ("telephones", "faxes") for n in contact.get(name, ())]
    return {str(n.get("e164") or n.get("printed")) for n in numbers} | {
        str(e.get("address")).casefold() for e in contact.get("emails", ())
    }


def _text(item: Plain) -> str:
    given = item.get("text", "")
    return given if isinstance(given, str) else " ".join(str(t.get("text", "")) for t in given)


def _bare(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        fields = {k: _bare(v, k) for k, v in value.items() if k not in ("key", "sources")}
        return {k: v for k, v in fields.items() if v is not None} or None
    if isinstance(value, list):
        items = [_bare(item, name) for item in value]
        codes = name not in IN_ORDER and all(isinstance(item, str) for item in items)
        return (sorted(items) if codes else items) or None
    return value
