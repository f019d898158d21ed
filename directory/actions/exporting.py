"""Reading what goes into a file: the same for the console and for the web."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from directory.domain.freshness import Clocks, Freshness, assess
from directory.errors import NotFound
from directory.exports.item import Contents, Item, VersionInfo
from directory.store import reader
from directory.store.database import Connection
from directory.store.rows import Version, VersionMeta

PAGE = 500


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entries: those in force on a day, as the log knew them at an instant or at a position. All optional."""

    as_of: date | None = None
    known_at: str | None = None
    position: int | None = None

    @property
    def of_now(self) -> bool:
        """Whether the directory as it stands is meant; only then does freshness say anything."""
        return self.as_of is None and self.known_at is None and self.position is None


class Extract:
    """What goes into one file, fixed before its first page, so that nothing written meanwhile gets in."""

    def __init__(self, c: Connection, wanted: Wanted, today: date, clocks: Clocks) -> None:
        """Raises NotFound for a position that the log has not reached."""
        head = reader.position(c)
        if wanted.position is not None and wanted.position > head:
            raise NotFound(f"The log has {head} records; it has not reached position {wanted.position}.")
        self.contents = Contents(
            position=head if wanted.position is None else wanted.position,
            as_of=(wanted.as_of or today).isoformat(),
            known_at=wanted.known_at,
        )
        self._wanted, self._today, self._clocks = wanted, today, clocks

    def page(self, c: Connection, after: str = "") -> list[Item]:
        """The next entries behind the identifier ``after``; empty at the end."""
        fixed = self.contents
        found = reader.bodies(
            c, date.fromisoformat(fixed.as_of), known_at=fixed.known_at or reader.EVER, size=fixed.position,
            after=after, limit=PAGE,
        )  # fmt: skip
        return [Item(id=v.meta.id, body=v.body, version=info(v.meta), freshness=self._fresh(c, v)) for v in found]

    def every(self, c: Connection) -> Iterator[Item]:
        """All entries, page by page."""
        after = ""
        while items := self.page(c, after):
            yield from items
            after = items[-1].id

    def _fresh(self, c: Connection, version: Version) -> Freshness | None:
        if not self._wanted.of_now:
            return None
        return assess(*reader.confirmation(c, version.meta.id), self._today, self._clocks)


def info(meta: VersionMeta) -> VersionInfo:
    """A version's facts as they are given out."""
    return VersionInfo(
        n=meta.n, position=meta.position, effective_on=meta.effective_on, precision=meta.precision, basis=meta.basis,
        until=meta.until, recorded_at=meta.recorded_at, reason=meta.reason, commitment=meta.commitment.hex(),
        sensitive=meta.sensitive,
    )  # fmt: skip
