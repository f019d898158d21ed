"""Shapes of the answers in JSON. Null says "known to be none"; absent says "not asked for" or "not stated"."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from directory.domain.authority import Authority, StateEntry
from directory.domain.freshness import Band, Freshness
from directory.domain.vocabulary import Concept
from directory.exports.item import Day, Instant, Precision, VersionFacts, VersionInfo

Position = Annotated[int, Meta(ge=0, description="Size of the log that this answer speaks of.")]
Base64Hash = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=$", description="32 bytes in base64.")]


class AuthorityAnswer(Struct, frozen=True, kw_only=True):
    """An entry in force, now or on the day asked for.

    ``freshness`` is null for a past state. ``position`` is the last one that can have changed this answer; the head of
    the log is in the header Log-Position.
    """

    authority: Authority
    version: VersionInfo
    freshness: Freshness | None
    as_of: Day | None
    known_at: Instant | None
    position: Position


class VersionAnswer(Struct, frozen=True, kw_only=True):
    """One version with its content: never changes."""

    authority: Authority
    version: VersionFacts


class DeclarationsAnswer(Struct, frozen=True, kw_only=True):
    """One version of what a State declared: never changes."""

    declarations: StateEntry
    version: VersionFacts


class VersionListed(VersionInfo, frozen=True, kw_only=True):
    """One version without its content, and where to read it."""

    url: str


class VersionsAnswer(Struct, frozen=True, kw_only=True):
    """All versions of an entry in the order of the days from which they were true."""

    id: str
    versions: tuple[VersionListed, ...]
    position: Position


class Listed(Struct, frozen=True, kw_only=True):
    """A line of a list. With ``fields`` only those asked for, and always ``id``."""

    id: str
    url: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    state_name: str | UnsetType = UNSET
    territory: tuple[str, ...] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    native_name: str | UnsetType | None = UNSET
    unit: str | UnsetType | None = UNSET
    functions: tuple[str, ...] | UnsetType = UNSET
    treaties: tuple[str, ...] | UnsetType = UNSET
    languages: tuple[str, ...] | UnsetType = UNSET
    channels: tuple[str, ...] | UnsetType = UNSET
    status: Literal["active", "withdrawn", "succeeded"] | UnsetType = UNSET
    version: int | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    effective_on: Day | UnsetType = UNSET
    changed: Instant | UnsetType = UNSET
    confirmed: Instant | UnsetType | None = UNSET
    freshness: Band | UnsetType = UNSET
    source_date: str | UnsetType | None = UNSET
    document: Authority | UnsetType = UNSET


class AuthoritiesAnswer(Struct, frozen=True, kw_only=True):
    """A page of a list. ``facets`` counts the whole answer; ``next`` is the token for ``after``, null at its end.

    ``corrected`` says which words were read as others, ``states`` which States the words name.
    """

    authorities: tuple[Listed, ...]
    total: int
    facets: dict[str, dict[str, int]]
    corrected: dict[str, str]
    states: tuple[str, ...]
    next: str | None
    position: Position


class StateListed(Struct, frozen=True, kw_only=True):
    """A State: names in UN usage, how many authorities it has here, its youngest confirmation and source."""

    code: str
    alpha3: str | None
    names: dict[str, str]
    group: str | None
    languages: tuple[str, ...]
    authorities: int
    confirmed: Instant | None
    source_date: str | None


class StatesAnswer(Struct, frozen=True, kw_only=True):
    """Every State, by code, also those without an entry."""

    states: tuple[StateListed, ...]
    position: Position


class StateAnswer(Struct, frozen=True, kw_only=True):
    """One State, its authorities, and what it declared itself (null: nothing is known)."""

    state: StateListed
    authorities: tuple[Listed, ...]
    declarations: StateEntry | None
    version: VersionInfo | None
    position: Position


class VocabularyAnswer(Struct, frozen=True, kw_only=True):
    """Codes by scheme, in their order."""

    schemes: dict[str, tuple[Concept, ...]]


class ChangeListed(Struct, frozen=True, kw_only=True):
    """One record of the log. ``position`` is the size of the log right after it. Null: it has no such thing."""

    position: Position
    type: str
    at: Instant
    id: str | None
    version: int | None
    effective_on: Day | None
    precision: Precision | None
    reason: str
    name: str | None
    state: str | None
    url: str | None
    """Where the version that it brought is to be read; null for other records."""


class ChangesAnswer(Struct, frozen=True, kw_only=True):
    """Records behind ``since``, oldest first. Give ``next`` as ``since`` next time, at once if ``more``."""

    changes: tuple[ChangeListed, ...]
    since: Position
    next: Position
    more: bool
    position: Position


class LogAnswer(Struct, frozen=True, kw_only=True):
    """The log: its name, its keys as of its first record, and the newest signed checkpoint."""

    origin: str
    vkeys: tuple[str, ...]
    position: Position
    root: Base64Hash
    recorded_at: Instant | None
    checkpoint: str


class ProofAnswer(Struct, frozen=True, kw_only=True):
    """That a record is in the log: hashes lead from its leaf to the root that the checkpoint signs."""

    position: Position
    index: int
    size: int
    leaf_hash: Base64Hash
    hashes: tuple[Base64Hash, ...]
    checkpoint: str
    record: dict[str, Any]


class ConsistencyAnswer(Struct, frozen=True, kw_only=True):
    """That the first ``old`` records are the beginning of the first ``new`` ones."""

    old: int
    new: int
    old_root: Base64Hash
    new_root: Base64Hash
    hashes: tuple[Base64Hash, ...]
