"""The records of the log: what happened, to which identifier, committed to which content.

Stored bytes are canonical JSON of at most 8,192 bytes and never encoded again. ``i`` is the record's own index, so two
equal acts never make equal leaves and none can be moved. Hashes and commitments are lower-case hexadecimal.
``by`` holds pseudonyms, never names. The log knows nothing of what an identifier stands for.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from directory.clock import parse_instant
from directory.errors import Invalid
from directory.log.canonical import check, encode

MAX_RECORD = 8192
FORMAT: Literal[1] = 1

# \Z and not $, which would let a line feed pass behind the last character.
Index = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Instant = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=64)]
Word = Annotated[str, Meta(pattern=r"^[a-z]+(-[a-z]+)*\Z", max_length=40)]
Pseudonym = Annotated[str, Meta(pattern=r"^p_[0-9a-f]{32}\Z")]
"""128 random bits for a person; who that is stands in an ordinary table, and can be erased there."""
Reason = Annotated[str, Meta(max_length=500)]
Grade = Literal["A", "B", "C", "D"]


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What all records have: format, own index, the instant at which the log took it."""

    v: Literal[1]
    i: Index
    at: Instant


class Genesis(Record, frozen=True, kw_only=True, omit_defaults=True, tag="genesis"):
    """Index 0: the log's name, the SHA-256 of its policy text, the keys it starts with."""

    origin: str
    format: str
    policy: Hex32
    vkeys: tuple[str, ...]


class EntryVersion(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.version"):
    """Version ``n`` of ``id``; ``prev`` is the leaf hash of the identifier's previous record."""

    id: Identifier
    n: Number
    prev: Hex32 | None = None
    effective_on: Day
    precision: Literal["day", "month", "year", "read"] = "day"
    basis: Word
    public: Hex32
    network: Hex32 | None = None
    secretariat: Hex32 | None = None
    sensitive: bool = False
    by: tuple[Pseudonym, ...] = ()
    announced: Index | None = None
    reason: Reason = ""


class ChangeAnnounced(Record, frozen=True, kw_only=True, omit_defaults=True, tag="change.announced"):
    """A sensitive change that may take effect from ``not_before`` on."""

    id: Identifier
    n: Number
    prev: Hex32 | None = None
    public: Hex32
    network: Hex32 | None = None
    secretariat: Hex32 | None = None
    sensitive: bool = True
    not_before: Instant
    by: tuple[Pseudonym, ...] = ()
    reason: Reason = ""


class ChangeWithdrawn(Record, frozen=True, kw_only=True, omit_defaults=True, tag="change.withdrawn"):
    """The announcement at index ``announced`` will not take effect."""

    id: Identifier
    prev: Hex32 | None = None
    announced: Index
    by: tuple[Pseudonym, ...] = ()
    reason: Reason = ""


class EntryDisputed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.disputed"):
    """An old contact, editor, coordinator or reviewer stopped the announcement at ``announced``."""

    id: Identifier
    prev: Hex32 | None = None
    announced: Index
    by: tuple[Pseudonym, ...] = ()
    reason: Reason = ""


class DisputeClosed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="dispute.closed"):
    """A reviewer decided the dispute on the announcement at ``announced``."""

    id: Identifier
    prev: Hex32 | None = None
    announced: Index
    by: tuple[Pseudonym, ...] = ()
    reason: Reason = ""


class EntryConfirmed(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.confirmed"):
    """Somebody entitled to speak for version ``n`` said that it is still correct."""

    id: Identifier
    n: Number
    prev: Hex32 | None = None
    grade: Grade
    by: tuple[Pseudonym, ...] = ()


class EntryRetired(Record, frozen=True, kw_only=True, omit_defaults=True, tag="entry.retired"):
    """The entry receives no requests any more."""

    id: Identifier
    prev: Hex32 | None = None
    replaced_by: Identifier | None = None
    by: tuple[Pseudonym, ...] = ()
    reason: Reason = ""


class ContentErased(Record, frozen=True, kw_only=True, omit_defaults=True, tag="content.erased"):
    """Salt and body behind ``commitment`` are gone; the commitment itself stays in the tree."""

    commitment: Hex32
    ground: Reason
    by: tuple[Pseudonym, ...] = ()


class EditorKey(Record, frozen=True, kw_only=True, omit_defaults=True, tag="editor.key"):
    """A pseudonym's public key and what it may approve."""

    pseudonym: Pseudonym
    key: str
    scope: tuple[str, ...]
    by: tuple[Pseudonym, ...] = ()


class EditorRevoked(Record, frozen=True, kw_only=True, omit_defaults=True, tag="editor.revoked"):
    """A pseudonym may approve no more."""

    pseudonym: Pseudonym
    by: tuple[Pseudonym, ...] = ()


class AuditHead(Record, frozen=True, kw_only=True, omit_defaults=True, tag="audit.head"):
    """The head of the audit chain and its length, once a day."""

    head: Hex32
    count: Index


class KeyRotated(Record, frozen=True, kw_only=True, omit_defaults=True, tag="key.rotated"):
    """New keys, signed by the offline root."""

    vkeys: tuple[str, ...]
    statement: str


class PolicyChanged(Record, frozen=True, kw_only=True, omit_defaults=True, tag="policy.changed"):
    """A new policy text by its SHA-256."""

    policy: Hex32
    by: tuple[Pseudonym, ...] = ()


class EpochContinued(Record, frozen=True, kw_only=True, omit_defaults=True, tag="epoch.continued"):
    """The log goes on from an earlier state after a loss; the statement is signed by the offline root."""

    lost_from: Index
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
    """Canonical bytes of a record. Raises Invalid when :func:`decode_record` would not take them."""
    data = encode(record)
    decode_record(data)
    return data


def decode_record(data: bytes) -> AnyRecord:
    """Read stored bytes. Raises Invalid when they are not the one encoding of a record of a known type."""
    if len(data) > MAX_RECORD:
        raise Invalid(f"A record has at most {MAX_RECORD} bytes, this one {len(data)}; shorten its reason.")
    check(data)
    try:
        record: AnyRecord = _decoder.decode(data)
    except msgspec.ValidationError as problem:
        raise Invalid(f"This is no record of the log: {problem}.") from problem
    if msgspec.json.encode(record, order="sorted") != data:
        raise Invalid("This is no record of the log: it holds a field that its type has not, or writes out a default.")
    _check_dates(record)
    return record


def _check_dates(record: AnyRecord) -> None:
    """The patterns take 2014-02-30; the calendar does not."""
    try:
        parse_instant(record.at)
        if isinstance(record, ChangeAnnounced):
            parse_instant(record.not_before)
        day = date.fromisoformat(record.effective_on) if isinstance(record, EntryVersion) else None
    except ValueError as problem:
        raise Invalid(f"This is no record of the log: {problem}.") from problem
    if isinstance(record, EntryVersion) and day:
        if record.precision == "month" and day.day != 1:
            raise Invalid(f"{record.effective_on} is exact to the month only: write the first of the month.")
        if record.precision == "year" and (day.month, day.day) != (1, 1):
            raise Invalid(f"{record.effective_on} is exact to the year only: write the first of January.")
