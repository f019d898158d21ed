"""What the store hands out: plain Structs, no cursors, no SQL."""

from typing import Literal

from msgspec import Struct

Precision = Literal["day", "month", "year", "read"]
"""How exact ``effective_on`` is; ``read``: the source has no date, the day is the one on which it was read."""
Basis = Literal["notification", "gazette", "page", "law", "source", "read", "proposal"]
"""How the day is known; see docs/data-model.md."""


class Head(Struct, frozen=True):
    """The state of the log: its size, its Merkle root, the instant of its last record."""

    position: int
    root: bytes
    recorded_at: str | None


class VersionMeta(Struct, frozen=True, kw_only=True):
    """One version without its content. ``n`` counts in log order, ``position`` is the log's size right after it.

    ``effective_on`` is an ISO day (the first of a month or year when ``precision`` says so).
    ``until`` is the day on which the version after it in time took effect, null when none has one: the version
    was in force from ``effective_on`` to the day before ``until``. A version that another one of the same day
    overtook has ``until`` equal to ``effective_on``.
    """

    id: str
    n: int
    position: int
    effective_on: str
    precision: Precision
    basis: Basis
    until: str | None
    recorded_at: str
    reason: str
    commitment: bytes
    sensitive: bool


class Version(Struct, frozen=True, kw_only=True):
    """A version with its stored canonical bytes (decode with :func:`directory.domain.codec.decode`)."""

    meta: VersionMeta
    body: bytes


class Row(Struct, frozen=True, kw_only=True):
    """A line of a list: enough to print it without decoding the body."""

    id: str
    state: str
    territory: tuple[str, ...]
    name: str
    native_name: str | None
    unit: str | None
    functions: tuple[str, ...]
    treaties: tuple[str, ...]
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    status: str
    n: int
    position: int
    effective_on: str
    changed: str
    """Instant at which the content last differed."""
    confirmed: str | None
    """Instant of the last confirmation; null: never."""
    band: str
    """Freshness: fresh, due, overdue, lapsed, never-confirmed."""
    source_date: str | None
    """The most recent date among the sources of the entry."""


class Facet(Struct, frozen=True):
    """How many rows of the whole answer have ``value`` for ``name``."""

    name: str
    value: str
    count: int


class Found(Struct, frozen=True, kw_only=True):
    """An answer to a query. ``corrected`` maps a word of the query to the word it was read as."""

    rows: tuple[Row, ...]
    total: int
    facets: tuple[Facet, ...]
    next: str | None
    """Opaque token of the next page, null at the end."""
    corrected: dict[str, str]
    states: tuple[str, ...]
    """States that the words of the query name."""
    partial: bool = False
    """No entry has all the words; these have at least half of them."""


class Change(Struct, frozen=True, kw_only=True):
    """One record of the log as the public sees it."""

    position: int
    type: str
    at: str
    id: str | None
    n: int | None
    effective_on: str | None
    precision: Precision | None
    reason: str
    name: str | None
    state: str | None
