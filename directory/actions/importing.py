"""Importing collected facts: read, check, plan against what is there, publish in one transaction."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from directory.actions.publish import publish
from directory.clock import Clock
from directory.domain import codec
from directory.domain.authority import Authority
from directory.domain.intake import documents
from directory.domain.intake import plan as planning
from directory.domain.intake.documents import Given
from directory.domain.intake.plan import Held, Planned
from directory.domain.intake.record import MAX_LINE, RawRecord, parse
from directory.errors import Invalid, Problem, Unusable
from directory.settings import Settings
from directory.store import reader
from directory.store.database import Connection
from directory.store.ledger import Draft

Progress = Callable[[str, int, int], None]


class Trouble(Struct, frozen=True):
    """A problem with where it was found; ``line`` counts from 1, 0 means the whole file."""

    file: str
    line: int
    problem: Problem


class Report(Struct, frozen=True, kw_only=True):
    """What an import did, or would do on a dry run."""

    read: int
    troubles: tuple[Trouble, ...]
    new_entries: int
    versions: tuple[Planned, ...]
    published: bool


class Gathered(Struct):
    """What the files hold: facts to make entries of, whole entries, and everything wrong with the rest."""

    records: list[RawRecord]
    documents: list[Given]
    troubles: list[Trouble]
    count: int = 0


def gather(files: Sequence[Path], progress: Progress) -> Gathered:
    """Read every line of every file. Raises Unusable for a missing file, Invalid for one that is no text."""
    found = Gathered([], [], [])
    for file in files:
        lines = _lines(file)
        first = next(lines, None)
        if first is not None and documents.is_table(first[1]):
            _take_csv(file, found)
            continue
        for number, line in itertools.chain([first] if first else [], lines):
            if line.strip():
                _take(file, number, line, found)
                if found.count % 50 == 0:
                    progress("lines read", found.count, 0)
    return found


def _take(file: Path, number: int, line: bytes, found: Gathered) -> None:
    found.count += 1
    if documents.is_line(line):
        given, problems = documents.of_line(line)
        found.documents += [given] if given else []
    else:
        record, problems = parse(line)
        found.records += [record] if record and all(p.warning for p in problems) else []
    found.troubles += [Trouble(str(file), number, p) for p in problems]


def _take_csv(file: Path, found: Gathered) -> None:
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Invalid(f"{file} is not UTF-8 text (byte {problem.start + 1}). Save the file as UTF-8.") from problem
    for number, given, problems in documents.of_csv(text):
        found.count += 1
        found.documents += [given] if given else []
        found.troubles += [Trouble(str(file), number, p) for p in problems]


def run(
    settings: Settings,
    clock: Clock,
    files: Sequence[Path],
    *,
    dry_run: bool = False,
    keep_going: bool = False,
    progress: Progress = lambda _what, _done, _all: None,
) -> Report:
    """Import ``files``. With problems nothing is imported, unless ``keep_going``: then the usable records are.

    Raises Invalid with the report of problems, Unusable when the directory or a file can't be used.
    """
    read = gather(files, progress)
    troubles = read.troubles
    if troubles and not keep_going and not dry_run:
        raise Invalid("Nothing was imported.", [_placed(t) for t in troubles])
    found: list[Planned] = []

    def decide(c: Connection, now: datetime) -> list[Draft]:
        progress("comparing with the directory", 0, 0)
        have = held(c)
        found[:] = [*planning.plan(read.records, have, now.date()), *documents.plan(read.documents, have)]
        if dry_run:
            return []
        progress("writing", 0, len(found))
        return [_draft(p) for p in found]

    indexes = publish(settings, clock, decide)
    return Report(
        read=read.count,
        troubles=tuple(troubles),
        new_entries=sum(p.is_new_entry for p in found),
        versions=tuple(found),
        published=bool(indexes),
    )


def held(c: Connection) -> dict[str, list[Held]]:
    """Every version in the directory, by identifier, in the order of days."""
    found: dict[str, list[Held]] = {}
    for entry_id in reader.ids(c):
        for meta in reader.versions(c, entry_id):
            version = reader.version(c, entry_id, meta.n)
            if version is not None:
                day = datetime.strptime(meta.effective_on, "%Y-%m-%d").date()  # noqa: DTZ007
                found.setdefault(entry_id, []).append(Held(day, codec.decode(version.body)))
    return found


def _draft(planned: Planned) -> Draft:
    return Draft(
        id=planned.entry.id,
        body=codec.encode(planned.entry),
        effective_on=planned.day,
        precision=planned.precision,
        basis=planned.basis,  # type: ignore[arg-type]
        reason=planned.reason,
    )


def _placed(trouble: Trouble) -> Problem:
    where = f"{trouble.file}:{trouble.line}" if trouble.line else trouble.file
    return Problem(
        field=f"{where} {trouble.problem.field}".strip(), code=trouble.problem.code, message=trouble.problem.message
    )


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; of an overlong one no more than needed to say that it is too long."""
    try:
        with file.open("rb") as stream:
            if b"\x00" in stream.read(4096):
                raise Invalid(
                    f"{file} is no text file.",
                    [
                        Problem(
                            field=str(file),
                            code="not-text",
                            message="This is a binary file; give a file with one JSON record a line.",
                        )
                    ],
                )
            stream.seek(0)
            number = 0
            while line := stream.readline(MAX_LINE + 2):
                number += 1
                yield number, line
                while not line.endswith(b"\n") and len(line) == MAX_LINE + 2:
                    line = stream.readline(MAX_LINE + 2)
    except OSError as problem:
        raise Unusable(
            f"{file} can't be read: {problem.strerror or problem}. Check its name and its rights."
        ) from problem


def describe(planned: Planned) -> str:
    """One line for a person: what, from when, how known."""
    entry = planned.entry
    name = entry.names[0].text if isinstance(entry, Authority) else "declarations"
    day = {"year": planned.day.strftime("%Y"), "month": planned.day.strftime("%Y-%m")}.get(
        planned.precision, planned.day.isoformat()
    )
    return f"{'new ' if planned.is_new_entry else '    '}{entry.id:44} {day:10} {planned.basis:12} {name}"
