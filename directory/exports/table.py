"""CSV: readable columns, and one that holds the whole document, so that nothing is lost on the way back.

A spreadsheet runs a cell that begins with ``=`` as a formula. Such cells, and those that begin with the guard itself,
get an apostrophe in front; taking it away gives back exactly what was there.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping

from directory.domain import states
from directory.domain.authority import Authority, Entry, PostalAddress, StateEntry
from directory.domain.codec import decode
from directory.domain.summary import Summary, all_answers, summarize
from directory.exports.item import Contents, Item

GUARD = "'"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", GUARD)
SEPARATOR = "; "
BOM = "\ufeff"


def guarded(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula."""
    return GUARD + cell if cell.startswith(DANGEROUS) else cell


def unguarded(cell: str) -> str:
    """What :func:`guarded` was given."""
    return cell[1:] if cell.startswith(GUARD) else cell


class Table:
    """RFC 4180 with a header line; ``bom`` puts the mark in front by which Excel knows UTF-8."""

    media_type = "text/csv"

    def __init__(self, _contents: Contents, *, bom: bool = False) -> None:
        self._bom = bom

    def begin(self) -> bytes:
        """The names of the columns."""
        return ((BOM if self._bom else "") + _line(COLUMNS)).encode()

    def row(self, item: Item) -> bytes:
        """One entry."""
        return _line([guarded(cell) for cell in cells(item)]).encode()

    def end(self) -> bytes:
        """Nothing: spreadsheets know no last line."""
        return b""


def cells(item: Item) -> list[str]:
    """One row, unguarded. An empty cell means *not stated*."""
    entry = decode(item.body)
    about = summarize(entry)
    parts = {name: make(entry, about) for name, make in _CONTENT.items()}
    version, fresh = item.version, item.freshness
    parts |= {
        "version": str(version.n),
        "position": str(version.position),
        "effective_on": version.effective_on,
        "precision": version.precision,
        "basis": version.basis,
        "until": version.until or "",
        "recorded_at": version.recorded_at,
        "reason": version.reason,
        "commitment": version.commitment,
        "sensitive": "yes" if version.sensitive else "no",
        "confirmed": (fresh.confirmed or "") if fresh else "",
        "freshness": fresh.band if fresh else "",
        "valid_until": (fresh.valid_until or "") if fresh else "",
        "document": item.body.decode(),
    }
    return [parts[name] for name in COLUMNS]


def _line(row: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue()


def _list(values: Iterable[str | None]) -> str:
    return SEPARATOR.join(dict.fromkeys(v.replace("\n", " ") for v in values if v))


def _of_authority(make: Callable[[Authority], str]) -> Callable[[Entry, Summary], str]:
    return lambda entry, _about: make(entry) if isinstance(entry, Authority) else ""


def _address(entry: Authority) -> str:
    found: list[PostalAddress] = [a for c in entry.contacts for a in (c.address, c.visiting_address) if a]
    return _list(", ".join(a.lines) for a in found)


def _answer(aspect: str) -> Callable[[Entry, Summary], str]:
    """What is said on one aspect: the code of the answer, then the texts."""

    def make(entry: Entry, _about: Summary) -> str:
        answers = (
            all_answers(entry) if isinstance(entry, Authority) else [a for d in entry.declarations for a in d.answers]
        )
        return _list(
            part for a in answers if a.aspect == aspect for part in (a.answer, *a.values, *(t.text for t in a.text))
        )

    return make


def _requirements(entry: Entry, _about: Summary) -> str:
    if not isinstance(entry, Authority):
        return ""
    return _list(f"{a.aspect}: {t.text}" for a in all_answers(entry) for t in a.text)


def _declared(entry: Entry, _about: Summary) -> str:
    if not isinstance(entry, StateEntry):
        return ""
    return _list(t.text for d in entry.declarations for t in (*d.text, *(t for a in d.answers for t in a.text)))


_CONTENT: Mapping[str, Callable[[Entry, Summary], str]] = {
    "id": lambda _entry, about: about.id,
    "state": lambda _entry, about: about.state,
    "territory": lambda _entry, about: _list(about.territory),
    "name": lambda _entry, about: about.name,
    "type": lambda _entry, about: about.kind,
    "state_name": lambda _entry, about: states.name(about.state),
    "status": lambda _entry, about: about.status,
    "other_names": _of_authority(lambda e: _list(n.text for n in e.names[1:])),
    "unit": _of_authority(lambda e: _list(n.text for n in e.units)),
    "functions": lambda _entry, about: _list(about.functions),
    "treaties": lambda _entry, about: _list(about.treaties),
    "provisions": _of_authority(lambda e: _list(d.provision for d in e.designations)),
    "address": _of_authority(_address),
    "telephone": _of_authority(lambda e: _list(t.printed for c in e.contacts for t in c.telephones)),
    "fax": _of_authority(lambda e: _list(t.printed for c in e.contacts for t in c.faxes)),
    "email": _of_authority(lambda e: _list(m.address for c in e.contacts for m in c.emails)),
    "website": _of_authority(lambda e: _list(w.url for c in e.contacts for w in (*c.websites, *c.portals))),
    "languages": lambda _entry, about: _list(about.languages),
    "language_rule": _answer("lang"),
    "channels": lambda _entry, about: _list(about.channels),
    "urgent": _answer("urgent"),
    "uncac_as_basis": _answer("basis-uncac"),
    "dual_criminality": _answer("dual-criminality"),
    "requirements": _requirements,
    "declarations": _declared,
    "sources": lambda entry, _about: _list(s.title for s in entry.sources),
    "source_date": lambda _entry, about: about.source_date or "",
}

COLUMNS = (
    *_CONTENT, "version", "position", "effective_on", "precision", "basis", "until", "recorded_at", "reason",
    "commitment", "sensitive", "confirmed", "freshness", "valid_until", "document",
)  # fmt: skip
