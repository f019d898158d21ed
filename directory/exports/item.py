"""What goes into a file: entries with the facts of their versions, and what the whole file stands for."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from directory.domain.freshness import Freshness

FORMAT = "cadir/entries/1"
Precision = Literal["day", "month", "year", "read"]
Basis = Literal["notification", "gazette", "page", "law", "source", "read", "proposal"]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day, as 2016-01-01.")]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", description="An instant in UTC.")]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="32 bytes in hexadecimal.")]


class VersionFacts(Struct, frozen=True, kw_only=True):
    """What never changes about a version. ``position`` is the size of the log right after it was taken."""

    n: int
    position: int
    effective_on: Day
    """Day from which it was true; the first of a month or year where ``precision`` says so."""
    precision: Precision
    basis: Basis
    recorded_at: Instant
    """When the log took it."""
    reason: str
    commitment: Hash
    """SHA-256 of ``cadir/commit/v1``, a line feed and what ``/blob/{commitment}`` answers."""
    sensitive: bool


class VersionInfo(VersionFacts, frozen=True, kw_only=True):
    """A version among the others of its entry: in force up to the day before ``until``, null while none follows."""

    until: Day | None


class Item(Struct, frozen=True, kw_only=True):
    """One entry as it was in force: its canonical bytes, its version, its freshness where the file is of today."""

    id: str
    body: bytes
    version: VersionInfo
    freshness: Freshness | None = None


class Contents(Struct, frozen=True, kw_only=True):
    """What a whole file stands for: the versions in force on ``as_of`` that the log of ``position`` records held."""

    position: int
    as_of: Day
    known_at: Instant | None = None
    format: Literal["cadir/entries/1"] = "cadir/entries/1"


class End(Struct, frozen=True, kw_only=True):
    """How a file ends: whoever does not see it has half a file."""

    format: Literal["cadir/entries/1"]
    position: int
    as_of: Day
    known_at: Instant | None
    entries: int


def end_of(contents: Contents, entries: int) -> End:
    """The end of a file with that many entries."""
    return End(
        format=contents.format, position=contents.position, as_of=contents.as_of, known_at=contents.known_at,
        entries=entries,
    )  # fmt: skip
