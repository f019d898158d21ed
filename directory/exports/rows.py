"""The directory as lines of JSON and as a table: pure functions of versions, no clock and no database."""

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from directory.domain.authority import Authority
from directory.domain.codec import decode
from directory.domain.summary import summarize


class Line(Struct, frozen=True, kw_only=True):
    """One version on its way out: its stored bytes and what the log says of it."""

    body: bytes
    n: int
    position: int
    effective_on: str
    precision: str
    basis: str
    recorded_at: str
    reason: str
    commitment: str


COLUMNS = (
    "id", "state", "territory", "name", "native_name", "unit", "status", "functions", "treaties", "languages",
    "channels", "address", "telephones", "faxes", "emails", "websites", "version", "position", "effective_on",
    "precision", "basis", "recorded_at", "reason", "source_date", "document",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def ndjson(lines: Iterable[Line]) -> Iterator[bytes]:
    """One object a line: ``entry`` with its stored bytes unchanged, ``version`` with what the log says of it."""
    for line in lines:
        version = {k: v for k, v in msgspec.to_builtins(line).items() if k != "body"}
        yield b'{"entry":' + line.body + b',"version":' + msgspec.json.encode(version, order="sorted") + b"}\n"


def end(count: int, position: int) -> bytes:
    """The last line of a stream: who does not find it holds a part only."""
    return msgspec.json.encode({"end": {"count": count, "position": position}}) + b"\n"


def csv_head() -> bytes:
    """The header row."""
    return _row(COLUMNS)


def csv_rows(lines: Iterable[Line]) -> Iterator[bytes]:
    """A row a version. ``document`` holds the whole entry: nothing is lost. No cell can be taken for a formula."""
    for line in lines:
        entry = decode(line.body)
        s = summarize(entry)
        contacts = entry.contacts if isinstance(entry, Authority) else ()
        yield _row(
            (
                s.id, s.state, " ".join(s.territory), s.name, s.native_name or "", s.unit or "", s.status,
                " ".join(s.functions), " ".join(s.treaties), " ".join(s.languages), " ".join(s.channels),
                " | ".join(", ".join(c.address.lines) for c in contacts if c.address),
                " | ".join(f"tel:{t.e164}" if t.e164 else t.printed for c in contacts for t in c.telephones),
                " | ".join(f"tel:{t.e164}" if t.e164 else t.printed for c in contacts for t in c.faxes),
                " | ".join(e.address for c in contacts for e in c.emails),
                " | ".join(w.url for c in contacts for w in c.websites),
                str(line.n), str(line.position), line.effective_on, line.precision, line.basis, line.recorded_at,
                line.reason, s.source_date or "", line.body.decode(),
            )
        )  # fmt: skip


def safe_cell(text: str) -> str:
    """``text`` so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue().encode()
