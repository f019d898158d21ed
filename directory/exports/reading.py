"""Our own files read back: what was exported can be imported, and changes nothing where it is there already."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct

from directory.domain import codec
from directory.errors import Invalid, Problem
from directory.exports.item import FORMAT, Basis, End, Precision, VersionInfo
from directory.exports.table import BOM, COLUMNS, unguarded
from directory.log import canonical

Kind = Literal["ndjson", "csv", "json"]
MAX_CELL = 4 * 1024 * 1024


class Restored(Struct, frozen=True, kw_only=True):
    """An entry as a file has it, ready to be taken; ``line`` is where it stood."""

    line: int
    id: str
    body: bytes
    effective_on: date
    precision: Precision
    basis: Basis
    reason: str


class _Line(Struct, frozen=True, kw_only=True):
    document: msgspec.Raw = msgspec.Raw()
    version: VersionInfo | None = None
    end: End | None = None


class _Whole(Struct, frozen=True, kw_only=True):
    entries: list[_Line]
    end: End


def kind(start: bytes) -> Kind | None:
    """Which of our formats a file with this beginning (a few hundred bytes) is; None for a foreign one."""
    text = start.removeprefix(BOM.encode()).lstrip()
    if text.startswith(",".join(COLUMNS[:6]).encode()):
        return "csv"
    if text.startswith((b'{"document":', b'{"end":{')):
        return "ndjson"
    return "json" if text.startswith(b'{"entries":[') else None


def read(data: bytes, form: Kind) -> Iterator[Restored | tuple[int, Problem]]:
    """Entries of a file, and in their place what is wrong with those that can't be used, with their line."""
    readers = {"ndjson": _lines, "csv": _table, "json": _whole}
    yield from readers[form](data.removeprefix(BOM.encode()))


def _lines(data: bytes) -> Iterator[Restored | tuple[int, Problem]]:
    decoder = msgspec.json.Decoder(_Line)
    count, number, end = 0, 0, None
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found = decoder.decode(line)
        except msgspec.DecodeError as problem:
            yield number, _problem("", "not-json", f"This line can't be read ({problem}); export the file anew.")
            continue
        if found.end is not None:
            end = found.end
            continue
        count += 1
        yield _restored(number, bytes(found.document), found.version)
    yield from _whether_whole(number, count, end)


def _whole(data: bytes) -> Iterator[Restored | tuple[int, Problem]]:
    try:
        found = msgspec.json.decode(data, type=_Whole)
    except msgspec.DecodeError as problem:
        yield 1, _problem("", "not-json", f"The file is cut or damaged ({problem}); export it anew.")
        return
    for number, line in enumerate(found.entries, 2):
        yield _restored(number, bytes(line.document), line.version)
    yield from _whether_whole(len(found.entries) + 2, len(found.entries), found.end)


def _table(data: bytes) -> Iterator[Restored | tuple[int, Problem]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        message = "The file is not UTF-8; save it as CSV UTF-8."
        yield data[: problem.start].count(b"\n") + 1, _problem("", "not-utf-8", message)
        return
    csv.field_size_limit(MAX_CELL)
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            yield _of_row(rows.line_num, row)
    except csv.Error as problem:
        yield rows.line_num, _problem("", "not-csv", f"The table is cut or damaged ({problem}); export it anew.")


def _of_row(number: int, row: dict[str | None, str | None]) -> Restored | tuple[int, Problem]:
    cells = {name: unguarded(cell) for name, cell in row.items() if name is not None and cell is not None}
    if None in row or len(cells) < len(COLUMNS):
        return number, _problem("", "not-csv", "This row has not as many cells as the first line has names.")
    given = {name: cells.get(name, "") for name in VersionInfo.__struct_fields__}
    given["n"] = cells.get("version", "")
    facts = {**given, "sensitive": given["sensitive"] == "yes", "until": given["until"] or None}
    try:
        version = msgspec.convert(facts, VersionInfo, strict=False)
    except msgspec.ValidationError as problem:
        return number, _problem("", "bad-cell", f"The columns about the version can't be read: {problem}.")
    return _restored(number, cells.get("document", "").encode(), version)


def _restored(number: int, body: bytes, version: VersionInfo | None) -> Restored | tuple[int, Problem]:
    if not body or version is None:
        return number, _problem("document", "incomplete", "The document or its version is missing here.")
    try:
        canonical.check(body)
        entry = codec.decode(body)
        day = date.fromisoformat(version.effective_on)
    except (Invalid, ValueError) as problem:
        why = problem.message if isinstance(problem, Invalid) else str(problem)
        return number, _problem("document", "altered", f"The document was cut or altered: {why}")
    return Restored(
        line=number, id=entry.id, body=body, effective_on=day, precision=version.precision, basis=version.basis,
        reason=version.reason,
    )  # fmt: skip


def _whether_whole(number: int, count: int, end: End | None) -> Iterator[tuple[int, Problem]]:
    if end is None or end.entries != count or end.format != FORMAT:
        said = f"its last line speaks of {end.entries} entries" if end else "its last line is missing"
        yield max(number, 1), _problem("end", "cut", f"The file is not whole: {said}, {count} were read.")


def _problem(field: str, code: str, message: str) -> Problem:
    return Problem(field=field, code=code, message=message)
