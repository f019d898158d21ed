"""The records of the log: what happened, to which identifier, committed to which content.

Stored bytes are canonical JSON of at most 8,192 bytes and never encoded again. ``i`` is the record's own index, so two
equal acts never make equal leaves and none can be moved. Hashes and commitments are lower-case hexadecimal.
``by`` holds pseudonyms, never names. The log knows nothing of what an identifier stands for.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from directory.errors import Invalid
from directory.log.canonical import check, encode

MAX_RECORD = 8192
FORMAT: Literal[1] = 1

Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Reason = Annotated[str, Meta(max_length=500)]
Grade = Literal["A", "B", "C", "D"]


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What all records have: format, own index, the instant at which the log took it."""

    v: Literal[1]
    i: int
    at: Instant


class Genesis(Record, frozen=True, kw_only=True, omit_defaults=True, tag="genesis"):
    """Index 0: the log's name, the SHA-256 of its policy text, the keys it starts with."""

    origin: str
    format: str
    policy: Hex32
    vkeys: tuple[str, ...]


class EntryVersion(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.version"):
    """Version ``n`` of ``id``; ``prev`` is the leaf hash of the identifier's previous record."""

    id: str
    n: int
    prev: Hex32 | None = None
    effective_on: Day
    precision: Literal["day", "month", "year", "read"] = "day"
    basis: str
    public: Hex32
    network: Hex32 | None = None
    secretariat: Hex32 | None = None
    sensitive: bool = False
    by: tuple[str, ...] = ()
    announced: int | None = None
    reason: Reason = ""


class ChangeAnnounced(Record, frozen=True, kw_only=True, omit_defaults=True, tag="change.announced"):
    """A sensitive change that may take effect from ``not_before`` on."""

    id: str
    n: int
    prev: Hex32 | None = None
    public: Hex32
    network: Hex32 | None = None
    not_before: Instant
    by: tuple[str, ...] = ()
    reason: Reason = ""


class ChangeWithdrawn(Record, frozen=True, kw_only=True, omit_defaults=True, tag="change.withdrawn"):
    """The announcement at index ``announced`` will not take effect."""

    id: str
    prev: Hex32 | None = None
    announced: int
    by: tuple[str, ...] = ()
    reason: Reason = ""


class EntryDisputed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.disputed"):
    """An old contact, editor, coordinator or reviewer stopped the announcement at ``announced``."""

    id: str
    prev: Hex32 | None = None
    announced: int
    by: tuple[str, ...] = ()
    reason: Reason = ""


class DisputeClosed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="dispute.closed"):
    """A reviewer decided the dispute on the announcement at ``announced``."""

    id: str
    prev: Hex32 | None = None
    announced: int
    by: tuple[str, ...] = ()
    reason: Reason = ""


class EntryConfirmed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.confirmed"):
    """Somebody entitled to speak for version ``n`` said that it is still correct."""

    id: str
    n: int
    prev: Hex32 | None = None
    grade: Grade
    by: tuple[str, ...] = ()


class EntryRetired(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.retired"):
    """The entry receives no requests any more."""

    id: str
    prev: Hex32 | None = None
    replaced_by: str | None = None
    by: tuple[str, ...] = ()
    reason: Reason = ""


class ContentErased(Record, frozen=True, kw_only=True, omit_defaults=True, tag="content.erased"):
    """Salt and body behind ``commitment`` are gone; the commitment itself stays in the tree."""

    commitment: Hex32
    ground: Reason
    by: tuple[str, ...] = ()


class EditorKey(Record, frozen=True, kw_only=True, omit_defaults=True, tag="editor.key"):
    """A pseudonym's public key and what it may approve."""

    pseudonym: str
    key: str
    scope: tuple[str, ...]
    by: tuple[str, ...] = ()


class EditorRevoked(Record, frozen=True, kw_only=True, omit_defaults=True, tag="editor.revoked"):
    """A pseudonym may approve no more."""

    pseudonym: str
    by: tuple[str, ...] = ()


class AuditHead(Record, frozen=True, kw_only=True, omit_defaults=True, tag="audit.head"):
    """The head of the audit chain and its length, once a day."""

    head: Hex32
    count: int


class KeyRotated(Record, frozen=True, kw_only=True, omit_defaults=True, tag="key.rotated"):
    """New keys, signed by the offline root."""

    vkeys: tuple[str, ...]
    statement: str


class PolicyChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="policy.changed"):
    """A new policy text by its SHA-256."""

    policy: Hex32
    by: tuple[str, ...] = ()


class EpochContinued(Record, frozen=True, kw_only=True, omit_defaults=True, tag="epoch.continued"):
    """The log goes on from an earlier state after a loss; the statement is signed by the offline root."""

    lost_from: int
    statement: str


AnyRecord = (
    Genesis
    | EntryVersion
    | ChangeAnnounced
    | ChangeWithdrawn
    | EntryDisputed
    | DisputeClosed
    | EntryConfirmed
    | EntryRetired
    | ContentErased
    | EditorKey
    | EditorRevoked
    | AuditHead
    | KeyRotated
    | PolicyChanged
    | EpochContinued
)

_decoder = msgspec.json.Decoder(AnyRecord)


def encode_record(record: AnyRecord) -> bytes:
    """Canonical bytes of a record. Raises Invalid when it breaks a rule or is too long."""
    data = encode(record)
    if len(data) > MAX_RECORD:
        raise Invalid(f"A record has at most {MAX_RECORD} bytes, this one {len(data)}; shorten its reason.")
    return data


def decode_record(data: bytes) -> AnyRecord:
    """Read stored bytes. Raises Invalid when they are not a canonical record of a known type."""
    check(data)
    try:
        record: AnyRecord = _decoder.decode(data)
    except msgspec.ValidationError as problem:
        raise Invalid(f"This is no record of the log: {problem}.") from problem
    return record
