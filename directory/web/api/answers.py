"""What the API answers, as types: the OpenAPI document is made of these."""

from msgspec import Struct

from directory.domain.authority import Authority, StateEntry
from directory.domain.freshness import Freshness
from directory.domain.vocabulary import Concept
from directory.store.rows import Basis, Change, Facet, Precision, Row


class VersionInfo(Struct, frozen=True, kw_only=True):
    """What the log says of a version. ``position`` is the size of the log right after it was recorded.

    It was in force from ``effective_on`` until the day before ``until``; null: nothing came after it.
    ``commitment`` (hexadecimal) is what the log holds; ``/blob/{commitment}`` gives salt and body to open it.
    """

    n: int
    position: int
    effective_on: str
    precision: Precision
    basis: Basis
    until: str | None
    recorded_at: str
    reason: str
    commitment: str


class AuthorityAnswer(Struct, frozen=True, kw_only=True):
    """One authority as of a day. ``position`` numbers the state of the directory that answered."""

    authority: Authority
    version: VersionInfo
    freshness: Freshness
    position: int


class AuthorityList(Struct, frozen=True, kw_only=True):
    """A page of a list. ``next`` goes into ``after``; null at the end. ``total`` and ``facets`` count the whole answer.

    ``corrected`` maps words of ``q`` that nothing contains to the words they were read as.
    """

    authorities: tuple[Row, ...]
    total: int
    next: str | None
    facets: tuple[Facet, ...]
    corrected: dict[str, str]
    states: tuple[str, ...]
    position: int


class VersionList(Struct, frozen=True, kw_only=True):
    """All versions in the order of the days from which they were true."""

    id: str
    versions: tuple[VersionInfo, ...]
    position: int


class StateInfo(Struct, frozen=True, kw_only=True):
    """A State by its ISO 3166-1 code, with names in UN usage and how many of its authorities are listed."""

    code: str
    names: dict[str, str]
    authorities: int
    confirmed: str | None
    newest_source: str | None


class StateList(Struct, frozen=True, kw_only=True):
    """Every State this directory knows."""

    states: tuple[StateInfo, ...]
    position: int


class StateAnswer(Struct, frozen=True, kw_only=True):
    """One State: its authorities, and its own declarations if it made any."""

    state: StateInfo
    authorities: tuple[Row, ...]
    declarations: StateEntry | None
    position: int


class ChangeList(Struct, frozen=True, kw_only=True):
    """Records after ``since``, oldest first; ``more``: ask again from the last position."""

    since: int
    position: int
    more: bool
    changes: tuple[Change, ...]


class Vocabulary(Struct, frozen=True, kw_only=True):
    """All controlled vocabularies by name."""

    schemes: dict[str, tuple[Concept, ...]]


class InclusionAnswer(Struct, frozen=True, kw_only=True):
    """Proof that the record with index ``index`` is in the log of ``size`` records; hashes are base64, leaf to root."""

    index: int
    size: int
    leaf: str
    hashes: tuple[str, ...]
    checkpoint: str
