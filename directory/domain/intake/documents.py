"""Our own files coming back: NDJSON lines and CSV rows that hold whole entries."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from msgspec import Struct

from directory.domain.authority import Entry
from directory.domain.codec import decode, encode
from directory.domain.intake.chain import Precision
from directory.domain.intake.plan import Held, Planned
from directory.errors import Invalid, Problem

CSV_HEAD = b"id,state,territory,name,"
CSV_FIELD_LIMIT = 1024 * 1024
BOM = "\ufeff"


class Given(Struct, frozen=True, kw_only=True):
    """An entry with the day from which it is true."""

    entry: Entry
    effective_on: str
    precision: Precision = "day"
    basis: str = "source"
    reason: str = ""


class _Version(Struct, frozen=True, kw_only=True):
    effective_on: str
    precision: Precision = "day"
    basis: str = "source"
    reason: str = ""


class _Line(Struct, frozen=True, kw_only=True):
    entry: Entry
    version: _Version


_decoder = msgspec.json.Decoder(_Line)


def is_table(line: bytes) -> bool:
    """Whether a first line is that of our CSV files, with or without the mark that Excel wants."""
    return line.removeprefix(BOM.encode()).startswith(CSV_HEAD)


def is_line(line: bytes) -> bool:
    """Whether a line is one of our NDJSON files."""
    return line.startswith((b'{"entry":', b'{"end":'))


def of_line(line: bytes) -> tuple[Given | None, list[Problem]]:
    """The entry in a line; the closing line holds none."""
    if line.startswith(b'{"end":'):
        return None, []
    try:
        read = _decoder.decode(line)
    except msgspec.DecodeError as problem:
        return None, [
            Problem(field="entry", code="wrong-shape", message=f"This line is no entry of an export: {problem}.")
        ]
    v = read.version
    return _checked(
        Given(entry=read.entry, effective_on=v.effective_on, precision=v.precision, basis=v.basis, reason=v.reason)
    )


def of_csv(text: str) -> list[tuple[int, Given | None, list[Problem]]]:
    """Entries of a CSV file of ours with their line numbers; the column ``document`` counts, the others are to read."""
    csv.field_size_limit(CSV_FIELD_LIMIT)
    out: list[tuple[int, Given | None, list[Problem]]] = []
    reader = csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""))
    for row in reader:
        try:
            entry = decode((row.get("document") or "").encode())
        except Invalid as problem:
            out.append(
                (reader.line_num, None, [Problem(field="document", code="wrong-shape", message=problem.message)])
            )
            continue
        said = {name: row[name] for name in ("effective_on", "precision", "basis") if row.get(name)}
        said |= {"reason": (row.get("reason") or "").removeprefix("'")}
        try:
            v = msgspec.convert({"effective_on": "", **said}, _Version)  # makes the codes the very defaults again
        except msgspec.ValidationError as problem:
            message = f"This row does not say from when the entry is true: {problem}."
            out.append((reader.line_num, None, [Problem(field="precision", code="unknown-code", message=message)]))
            continue
        given = Given(entry=entry, effective_on=v.effective_on, precision=v.precision, basis=v.basis, reason=v.reason)
        out.append((reader.line_num, *_checked(given)))
    return out


def plan(given: Sequence[Given], held: Mapping[str, Sequence[Held]]) -> list[Planned]:
    """Versions that are not there yet; an entry that is there on that day with the same content adds nothing."""
    out: list[Planned] = []
    for g in given:
        day = date.fromisoformat(g.effective_on)
        have = held.get(g.entry.id, ())
        if any(h.day == day and encode(h.entry) == encode(g.entry) for h in have):
            continue
        out.append(
            Planned(
                entry=g.entry,
                day=day,
                precision=g.precision,
                basis=g.basis,
                reason=g.reason[:500],
                is_new_entry=not have,
            )
        )
    return out


def _checked(given: Given) -> tuple[Given | None, list[Problem]]:
    problems = []
    try:
        date.fromisoformat(given.effective_on)
    except ValueError:
        problems.append(
            Problem(
                field="effective_on",
                code="no-date",
                message=f"{given.effective_on!r} is no day; write it as 2016-01-01.",
            )
        )
    if given.precision not in ("day", "month", "year", "read"):
        problems.append(
            Problem(
                field="precision",
                code="unknown-code",
                message=f"{given.precision!r} is none of day, month, year, read.",
            )
        )
    if given.basis not in ("notification", "gazette", "page", "law", "source", "read", "proposal"):
        problems.append(Problem(field="basis", code="unknown-code", message=f"{given.basis!r} is no known basis."))
    return (None if problems else given), problems
