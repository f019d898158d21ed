"""Three-way merge of entries: what was proposed, onto what is in force, seen from the version both started from.

Works on plain data, so that a proposal made under an older schema still merges. Three kinds of things are told apart:

- *compound* objects (an authority, a contact point, a designation, a block of requirements) merge field by field;
- *atoms* (a telephone, a mailbox, an address, an answer, a name) are taken whole: half a telephone of one side and half
  of the other would be a number that nobody stated;
- sets of codes merge by what each side added and took away.

Items are matched by key. Where both sides changed the same thing differently, the document keeps what is in force
(``ours``) and a :class:`Conflict` holds all three, so that nothing is lost without being shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from directory.domain.authority import Authority, StateEntry
from directory.domain.plain import Plain, item_key, plain

E = TypeVar("E", Authority, StateEntry)

COMPOUND_LISTS = frozenset(("contacts", "designations", "measures", "declarations"))
COMPOUND_OBJECTS = frozenset(("requirements",))
UNITS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "": (("status", "status_since", "succeeded_by"),),
    "contacts": (("hours", "time_zone"),),
}
"""Fields that mean something only together, by the list that holds their object (empty: the entry itself)."""
WHOLE_LISTS = frozenset(("lines", "functions", "treaties", "territory"))
"""Taken whole: lines of an address, and lists that mean *everything* when they are empty."""
ORDER_MATTERS = frozenset(("names", "units"))
NEVER_EMPTY = frozenset(("names",))


class Conflict(Struct, frozen=True, kw_only=True):
    """A place that both sides changed differently; None: absent on that side.

    ``path`` names items by key: ``contacts[general].emails[email-1]``. A list that both sides put in another order has
    the path of the list. Values that belong together come as one object, under the path of the first of them.
    """

    path: str
    base: Any
    ours: Any
    theirs: Any


class Merged(Struct, Generic[E], frozen=True, kw_only=True):
    """The document as far as it could be merged; where there are conflicts it says what ``ours`` said."""

    document: E
    conflicts: tuple[Conflict, ...] = ()


def merge(base: E, ours: E, theirs: E) -> Merged[E]:
    """Merge two entries that grew out of ``base``. The caller checks the outcome with :mod:`directory.domain.rules`."""
    document, conflicts = merge_plain(plain(base), plain(ours), plain(theirs))
    return Merged(document=msgspec.convert(document, type(base)), conflicts=conflicts)


def merge_plain(base: Plain, ours: Plain, theirs: Plain) -> tuple[Plain, tuple[Conflict, ...]]:
    """:func:`merge` on plain data; inputs stay as they are."""
    sides = Sides(base, ours, theirs)
    if sides.settled:
        return sides.outcome, ()
    conflicts: list[Conflict] = []
    merged = _object(sides, "", "", conflicts)
    _keep_sources(merged, sides)
    return merged, tuple(conflicts)


class Sides(NamedTuple):
    """One place of the document in the three versions; None: absent."""

    base: Any
    ours: Any
    theirs: Any

    @property
    def settled(self) -> bool:
        """Whether at most one side changed it, or both did the same."""
        return self.ours in (self.base, self.theirs) or self.theirs == self.base

    @property
    def outcome(self) -> Any:
        """What a settled place becomes; ours where it is not settled."""
        return self.theirs if self.ours == self.base else self.ours

    def of(self, name: str) -> "Sides":
        """The same place in all three, one level down."""
        return Sides(*(side.get(name) for side in self))

    def are(self, kind: type) -> bool:
        """Whether all that are there are of one kind."""
        return all(side is None or isinstance(side, kind) for side in self)

    def conflict(self, path: str) -> Conflict:
        """That the sides can't be reconciled here."""
        return Conflict(path=path, base=self.base, ours=self.ours, theirs=self.theirs)


def _object(sides: Sides, path: str, holder: str, conflicts: list[Conflict]) -> Plain:
    merged: Plain = {}
    units = UNITS.get(holder, ())
    for unit in units:
        together = Sides(*({k: side[k] for k in unit if k in side} for side in sides))
        merged |= _atom(together, _join(path, unit[0]), conflicts)
    for name in dict.fromkeys([*sides.ours, *sides.theirs]):
        if not any(name in unit for unit in units):
            value = _value(sides.of(name), _join(path, name), name, conflicts)
            if value is not None:
                merged[name] = value
    return merged


def _value(sides: Sides, path: str, name: str, conflicts: list[Conflict]) -> Any:
    if sides.settled:
        return sides.outcome
    if name in COMPOUND_OBJECTS and sides.are(dict):
        return _object(Sides(*(side or {} for side in sides)), path, name, conflicts) or None
    if sides.are(list):
        items = [item for side in sides for item in side or ()]
        lists = Sides(*(side or [] for side in sides))
        if all(isinstance(item, dict) and item_key(item) for item in items):
            return _items(lists, path, name, conflicts) or None
        if name not in WHOLE_LISTS and all(isinstance(item, str) for item in items):
            return _set(lists) or None
    return _atom(sides, path, conflicts)


def _atom(sides: Sides, path: str, conflicts: list[Conflict]) -> Any:
    """A value that is taken whole. Where both sides say the same from different sources, it has the sources of both."""
    if sides.settled:
        return sides.outcome
    if isinstance(sides.ours, dict) and isinstance(sides.theirs, dict) and _said(sides.ours) == _said(sides.theirs):
        before = sides.base if isinstance(sides.base, dict) and _said(sides.base) == _said(sides.ours) else {}
        named = Sides(*(side.get("sources", []) for side in (before, sides.ours, sides.theirs)))
        return {**sides.ours, "sources": _set(named)}
    conflicts.append(sides.conflict(path))
    return sides.ours


def _items(lists: Sides, path: str, name: str, conflicts: list[Conflict]) -> list[Plain]:
    by_key = Sides(*({item_key(item): item for item in side} for side in lists))
    merged: dict[str, Plain] = {}
    for key in dict.fromkeys(key for side in by_key for key in side):
        sides, where = by_key.of(key), f"{path}[{key}]"
        if name in COMPOUND_LISTS and all(isinstance(side, dict) for side in sides):
            item = _object(sides, where, name, conflicts)
        else:
            item = _atom(sides, where, conflicts)
        if item is not None:
            merged[key] = item
    if name in NEVER_EMPTY and not merged:
        if not any(conflict.path.startswith(f"{path}[") for conflict in conflicts):
            conflicts.append(lists.conflict(path))
        ours: list[Plain] = lists.ours
        return ours
    keys = Sides(*(list(side) for side in by_key))
    order, agreed = _order(keys, merged)
    if name in ORDER_MATTERS and not (agreed and _one_first(keys)):
        conflicts.append(keys.conflict(path))
        order = [*(key for key in keys.ours if key in merged), *(key for key in order if key not in keys.ours)]
    return [merged[key] for key in order]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _set(lists: Sides) -> list[str]:
    """What each side added comes in, what either took away goes."""
    base, ours, theirs = lists
    kept = [x for x in dict.fromkeys([*base, *ours, *theirs]) if (x in ours and x in theirs) or x not in base]
    return _order(lists, kept)[0]


def _order(lists: Sides, kept: Iterable[str]) -> tuple[list[str], bool]:
    """``kept`` in the order that the sides gave it, and whether they agreed. Exchanging the sides changes nothing."""
    base, ours, theirs = lists
    stays = set(kept)
    common = [x for x in base if x in stays and x in ours and x in theirs]
    orders = Sides(common, [x for x in ours if x in common], [x for x in theirs if x in common])
    spine = orders.outcome if orders.settled else min(orders.ours, orders.theirs)
    behind: dict[str | None, list[list[str]]] = {}
    for side in (ours, theirs):
        for anchor, run in _runs(side, common, stays).items():
            behind.setdefault(anchor, []).append(run)
    order: dict[str, None] = {}
    for anchor in (None, *spine):
        if anchor is not None:
            order[anchor] = None
        for run in sorted(behind.get(anchor, [])):
            order |= dict.fromkeys(run)
    return list(order), orders.settled


def _runs(side: Sequence[str], common: Sequence[str], stays: set[str]) -> dict[str | None, list[str]]:
    """What stands in ``side`` behind each of the common items, None for what stands before the first."""
    runs: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for x in side:
        if x in common:
            anchor = x
        elif x in stays:
            runs.setdefault(anchor, []).append(x)
    return runs


def _one_first(lists: Sides) -> bool:
    """Whether at most one side put another item first."""
    return Sides(*(side[:1] for side in lists)).settled


def _keep_sources(merged: Plain, sides: Sides) -> None:
    """A source that one side dropped and the other still names comes back."""
    held = [s["key"] for s in merged.get("sources", ())]
    known = {s["key"]: s for side in sides for s in side.get("sources", ())}
    back = [known[key] for key in sorted(set(_named(merged))) if key in known and key not in held]
    if back:
        merged["sources"] = [*merged.get("sources", ()), *back]


def _named(value: Any) -> Iterable[str]:
    """Every source key that an item names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "sources":
                yield from (key for key in inner if isinstance(key, str))
            yield from _named(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _said(item: Plain) -> Plain:
    return {k: v for k, v in item.items() if k != "sources"}
