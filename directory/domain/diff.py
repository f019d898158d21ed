"""What differs between two versions, field by field, as a person would say it.

Works on plain data, so that versions written under an older schema can be compared. Items of lists are matched by key.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from directory.domain.authority import Entry
from directory.domain.textdiff import Piece, words

LONG = 40


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field: ``label`` are message texts from the outside in, ``before`` and ``after`` are lines to print."""

    path: str
    label: tuple[str, ...]
    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    words: tuple[Piece, ...] = ()
    sensitive: bool = False


LABELS: Mapping[str, str] = {
    "names": "Name", "units": "Unit", "kind": "Kind of body", "status": "Status", "status_since": "Status since",
    "succeeded_by": "Succeeded by", "designations": "Designation", "contacts": "Contact", "requirements": "Requirement",
    "general": "Requirement", "measures": "Measure", "remarks": "Remark", "sources": "Source", "territory": "Territory",
    "address": "Postal address", "visiting_address": "Visiting address", "telephones": "Telephone", "faxes": "Fax",
    "emails": "E-mail", "websites": "Website", "portals": "Online portal", "hours": "Office hours",
    "time_zone": "Time zone", "languages": "Languages", "means": "Means of transmission", "keys": "Encryption key",
    "provision": "Provision", "scope": "Scope", "notified_on": "Notified on", "function": "Function",
    "treaty": "Treaty", "text": "Text", "answer": "Answer", "values": "Values", "treaties": "Treaties",
    "lines": "Lines", "printed": "As printed", "e164": "Number", "valid_until": "Valid until", "networks": "Network",
    "documents": "Document", "statistics": "Figures of a year", "declarations": "Declaration", "purpose": "Purpose",
}  # fmt: skip
SENSITIVE = frozenset(
    "address visiting_address telephones faxes emails websites portals keys status succeeded_by".split()
)
_ORDER = ("status", "succeeded_by", "contacts", "names", "units", "designations", "requirements", "remarks", "sources")
_SILENT = frozenset({"key", "sources", "id", "type"})


def diff(old: Entry, new: Entry) -> tuple[FieldChange, ...]:
    """All differences: contacts first, sources last."""
    a, b = (msgspec.json.decode(msgspec.json.encode(entry)) for entry in (old, new))
    found = list(_object(a, b, "", ()))
    return tuple(sorted(found, key=_weight))


def fields(changes: Sequence[FieldChange]) -> tuple[str, ...]:
    """Message texts of what changed, each once; sources only when nothing else did."""
    labels = dict.fromkeys(c.label[-1] if c.label[0] in ("Contact", "Requirement") else c.label[0] for c in changes)
    return tuple(label for label in labels if label != "Source" or len(labels) == 1)


def is_sensitive(changes: Sequence[FieldChange]) -> bool:
    """Whether a field changed that could lead requests to the wrong hands."""
    return any(c.sensitive for c in changes)


def _weight(change: FieldChange) -> tuple[int, str]:
    first = change.path.split(".")[0].split("[")[0]
    return (_ORDER.index(first) if first in _ORDER else len(_ORDER), "")


def _object(a: Mapping[str, Any], b: Mapping[str, Any], path: str, label: tuple[str, ...]) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*a, *b]):
        if name in _SILENT and (path or name != "sources"):
            continue
        yield from _value(
            a.get(name), b.get(name), f"{path}.{name}" if path else name, (*label, LABELS.get(name, name))
        )


def _value(a: Any, b: Any, path: str, label: tuple[str, ...]) -> Iterator[FieldChange]:
    a, b = (None if v in ("", [], {}, False) else v for v in (a, b))
    if a == b or _plain(a) == _plain(b):
        return
    if _keyed(a) or _keyed(b):
        yield from _items(a or [], b or [], path, label)
    elif isinstance(a, dict) and isinstance(b, dict) and not _is_address(a):
        yield from _object(a, b, path, label)
    elif path == "requirements":
        yield from _object(a or {}, b or {}, path, ())
    else:
        yield _change(path, label, a, b)


def _items(
    a: list[dict[str, Any]], b: list[dict[str, Any]], path: str, label: tuple[str, ...]
) -> Iterator[FieldChange]:
    old, new = {_key(x): x for x in a}, {_key(x): x for x in b}
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        where = f"{path}[{key}]"
        if before is None or after is None:
            if path == "contacts":
                yield from _object(before or {}, after or {}, where, label)
            else:
                yield _change(where, label, before, after)
        elif path == "contacts":
            yield from _object(before, after, where, label)
        elif _plain(before) != _plain(after):
            yield _change(where, label, before, after)


def _change(path: str, label: tuple[str, ...], a: Any, b: Any) -> FieldChange:
    before, after = tuple(lines(a)), tuple(lines(b))
    kind = "added" if not before else "removed" if not after else "changed"
    pieces: tuple[Piece, ...] = ()
    if len(before) == len(after) == 1 and min(len(before[0]), len(after[0])) > LONG:
        pieces = words(before[0], after[0])
    names = {part.split("[")[0] for part in path.split(".")}
    return FieldChange(
        path=path, label=label, kind=kind, before=before, after=after, words=pieces, sensitive=bool(names & SENSITIVE)
    )


def lines(value: Any) -> Iterator[str]:
    """A value as lines to print: an address line by line, an item by what it says."""
    if value is None:
        return
    if isinstance(value, list):
        if all(isinstance(v, str) for v in value):
            yield from value
        else:
            for item in value:
                yield from lines(item)
    elif isinstance(value, dict):
        yield from _said(value)
    else:
        yield str(value)


def _said(item: Mapping[str, Any]) -> Iterator[str]:
    if "lines" in item:
        yield from item["lines"]
    elif "printed" in item:
        yield item.get("e164") or item["printed"]
    elif "title" in item:
        yield ", ".join(str(item[k]) for k in ("title", "as_of") if item.get(k))
    elif "function" in item and "aspect" not in item:
        scope = (item.get("scope") or {}).get("text")
        yield ", ".join(str(v) for v in (item["function"], item.get("treaty"), item.get("provision"), scope) if v)
    elif "aspect" in item:
        yield from _answered(item)
    elif isinstance(item.get("text"), list):
        yield from (t["text"] for t in item["text"])
    else:
        known = next((item[k] for k in ("text", "address", "url", "fingerprint", "code", "name") if item.get(k)), None)
        yield (
            str(known)
            if known
            else ", ".join(str(v) for k, v in item.items() if k not in _SILENT and not isinstance(v, (list, dict)))
        )


def _answered(item: Mapping[str, Any]) -> Iterator[str]:
    head = str(item["aspect"])
    if item.get("answer"):
        yield f"{head}: {item['answer']}"
    if item.get("values"):
        yield f"{head}: {', '.join(item['values'])}"
    for alternative in item.get("languages", ()):
        conditions = f" ({', '.join(alternative['conditions'])})" if alternative.get("conditions") else ""
        yield f"{head}: {' + '.join(alternative['languages'])}{conditions}"
    yield from (t["text"] for t in item.get("text", ()))


def _plain(value: Any) -> Any:
    """Without keys and sources, which say nothing to a reader."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in ("key", "sources") and v not in (None, [], {}, "")}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value


def _keyed(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and isinstance(value[0], dict)
        and ("key" in value[0] or "measure" in value[0])
    )


def _key(item: Mapping[str, Any]) -> str:
    return str(item.get("key") or item.get("measure"))


def _is_address(value: Mapping[str, Any]) -> bool:
    return "lines" in value
