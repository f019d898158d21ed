"""The entry: one document per authority, and one per State for what the State itself declared.

Documents are frozen msgspec Structs. Absent means *not stated*; it is never read as "no".
Bodies are stored as canonical JSON (:mod:`directory.log.canonical`), defaults left out, so a new optional field
leaves the bytes of old versions as they are.

Every value that came from somewhere carries ``sources``: keys into the entry's ``sources`` list, several where
several sources say the same. Every item of a list carries a ``key`` unique in its list and stable across versions.

The public layer holds functional contacts only and no named person; named desks and direct lines are
:class:`NetworkDetails`, a separate type, so that no flag can leak them.

Sources of the model: UNCAC articles 44 to 46, 53 to 57; the words are those of ``docs/vocabulary.md``.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

PartialDate = Annotated[
    str, Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="A day, a month or a year, as exact as the source is.")
]
Key = Annotated[
    str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, description="Stable name of an item within its list.")
]
EntryId = Annotated[str, Meta(pattern=r"^[a-z]{2}(-[a-z0-9]+)*$", max_length=56)]
StateCode = Annotated[
    str,
    Meta(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code of the treaty party; EU for the European Union."),
]
TerritoryCode = Annotated[str, Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="ISO 3166-1 or 3166-2 code.")]
Language = Annotated[str, Meta(pattern=r"^[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 tag.")]
Code = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$", max_length=60, description="A code of the vocabulary.")
]
AnswerCode = Literal["stated-yes", "stated-no", "conditional", "not-stated", "not-applicable"]
EntryStatus = Literal["active", "withdrawn", "succeeded"]


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a statement was read; ``as_of`` is the day the source itself gives, never the day we read it."""

    key: Key
    title: str
    url: str | None = None
    as_of: PartialDate | None = None


class Text(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text in one language; ``official`` is false for a courtesy or back-translation, null when nobody said."""

    text: str
    lang: Language | None = None
    official: bool | None = None


class Name(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name of the body. The first of ``Authority.names`` is the one to print; the others are also found by search."""

    key: Key
    text: str
    lang: Language | None = None
    official: bool | None = None
    sources: tuple[Key, ...] = ()


class Scope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a body covers when not everything; ``text`` as printed, the codes only where it is unmistakable."""

    text: str | None = None
    stages: tuple[Code, ...] = ()
    subjects: tuple[Code, ...] = ()
    excluded_subjects: tuple[Code, ...] = ()
    bilateral_treaty: bool | None = None
    """True: only where a bilateral treaty exists; false: only where none does."""


class Designation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The act of the State that names this body for one function under one treaty, article 46(13) and its kin.

    ``treaty`` absent: under domestic law, or the source names none. ``provision`` is as printed.
    """

    key: Key
    function: Code
    treaty: Code | None = None
    provision: str | None = None
    scope: Scope | None = None
    notified_on: PartialDate | None = None
    in_force_from: PartialDate | None = None
    in_force_until: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class PostalAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lines as on an envelope, in order; ``country`` is the code of the last line's State if it was given or known."""

    lines: tuple[str, ...]
    country: StateCode | None = None
    locality: str | None = None
    """The city, where it could be told apart; used for search, never printed instead of the lines."""
    lang: Language | None = None
    sources: tuple[Key, ...] = ()


class Telephone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A number as printed, and in E.164 where it can be understood without guessing."""

    key: Key
    printed: str
    e164: Annotated[str, Meta(pattern=r"^\+[1-9]\d{4,14}$")] | None = None
    extension: str | None = None
    note: str | None = None
    valid_until: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class Email(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A functional mailbox; the domain is in its canonical ASCII form."""

    key: Key
    address: str
    note: str | None = None
    sources: tuple[Key, ...] = ()


class WebAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page or a portal, http or https only."""

    key: Key
    url: str
    note: str | None = None
    sources: tuple[Key, ...] = ()


class OpeningHours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When somebody answers: ISO weekdays (1 is Monday), times ``HH:MM`` in the contact's zone."""

    days: tuple[int, ...] = ()
    opens: str | None = None
    closes: str | None = None
    text: str | None = None
    sources: tuple[Key, ...] = ()


class Means(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A medium by which a request may arrive (vocabulary ``means``), article 46(14)."""

    code: Code
    note: str | None = None
    sources: tuple[Key, ...] = ()


class PublicKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An encryption key by fingerprint: OpenPGP (40 or 64 hex) or the SHA-256 of an S/MIME certificate."""

    key: Key
    kind: Literal["openpgp", "smime"]
    fingerprint: str
    url: str | None = None
    valid_until: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class ContactPoint(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way in, with its purpose (vocabulary ``purpose``: general, urgent, round-the-clock, status, draft-review …).

    ``functions`` and ``treaties`` say for what it was given; empty means for everything.
    """

    key: Key
    purpose: Code = "general"
    label: str | None = None
    functions: tuple[Code, ...] = ()
    treaties: tuple[Code, ...] = ()
    address: PostalAddress | None = None
    visiting_address: PostalAddress | None = None
    telephones: tuple[Telephone, ...] = ()
    faxes: tuple[Telephone, ...] = ()
    emails: tuple[Email, ...] = ()
    websites: tuple[WebAddress, ...] = ()
    portals: tuple[WebAddress, ...] = ()
    hours: tuple[OpeningHours, ...] = ()
    time_zone: str | None = None
    languages: tuple[Language, ...] = ()
    means: tuple[Means, ...] = ()
    keys: tuple[PublicKey, ...] = ()


class LanguageAlternative(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One acceptable set of languages: all of ``languages`` are needed together.

    Azerbaijan's "Azerbaijani accompanied by Russian or English" is two alternatives, {az, ru} and {az, en}.
    ``conditions`` are codes of the vocabulary ``language-condition`` (on-reciprocity, certified-translation,
    preferred, urgent-only, unless-waived …).
    """

    languages: tuple[Language, ...]
    conditions: tuple[Code, ...] = ()


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the State or authority says on one aspect (vocabulary ``aspect``).

    ``answer`` for aspects that are yes or no; ``values`` for coded ones (channels, content elements, grounds);
    ``languages`` for the aspect ``lang``; ``text`` as printed, always kept. ``functions`` and ``treaties`` restrict
    where it holds, empty means everywhere: legal-basis answers differ per treaty and per function.
    """

    key: Key
    aspect: Code
    answer: AnswerCode | None = None
    values: tuple[Code, ...] = ()
    languages: tuple[LanguageAlternative, ...] = ()
    text: tuple[Text, ...] = ()
    functions: tuple[Code, ...] = ()
    treaties: tuple[Code, ...] = ()
    legal_reference: str | None = None
    applies_from: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class MeasureRequirements(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What differs from the general block for one measure (vocabulary ``measure``)."""

    measure: Code
    answers: tuple[Answer, ...] = ()


class Requirements(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A general block filled once, and blocks per measure that say only what differs."""

    general: tuple[Answer, ...] = ()
    measures: tuple[MeasureRequirements, ...] = ()


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A law, guide or model form."""

    key: Key
    kind: Code
    title: str
    url: str | None = None
    lang: Language | None = None
    dated: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class YearlyFigures(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Requests of one year; absent figures are not stated."""

    key: Key
    year: int
    function: Code | None = None
    received: int | None = None
    granted: int | None = None
    refused: int | None = None
    pending: int | None = None
    median_days: int | None = None
    sources: tuple[Key, ...] = ()


class Remark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement that fits no aspect, kept as text."""

    key: Key
    text: tuple[Text, ...]
    sources: tuple[Key, ...] = ()


class Authority(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="authority", tag_field="type"):
    """One authority's public layer. ``names`` is never empty; its first is the name to print."""

    id: EntryId
    state: StateCode
    names: tuple[Name, ...]
    territory: tuple[TerritoryCode, ...] = ()
    """Territories with a separate system, article 46(13); empty: the whole State."""
    kind: Code | None = None
    units: tuple[Name, ...] = ()
    """Service or desk within the body, or the body it belongs to, as printed; the first is the one to print."""
    parent: EntryId | None = None
    status: EntryStatus = "active"
    status_since: PartialDate | None = None
    succeeded_by: EntryId | None = None
    designations: tuple[Designation, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    requirements: Requirements = Requirements()
    networks: tuple[Code, ...] = ()
    documents: tuple[Document, ...] = ()
    statistics: tuple[YearlyFigures, ...] = ()
    remarks: tuple[Remark, ...] = ()
    sources: tuple[Source, ...] = ()


class Declaration(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a State declared without naming a body: a language, a legal basis, the extension to a territory."""

    key: Key
    treaty: Code | None = None
    functions: tuple[Code, ...] = ()
    provision: str | None = None
    territory: tuple[TerritoryCode, ...] = ()
    answers: tuple[Answer, ...] = ()
    text: tuple[Text, ...] = ()
    notified_on: PartialDate | None = None
    sources: tuple[Key, ...] = ()


class StateEntry(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="state", tag_field="type"):
    """What a State itself declared; its ``id`` is the lower-case State code."""

    id: EntryId
    state: StateCode
    declarations: tuple[Declaration, ...] = ()
    remarks: tuple[Remark, ...] = ()
    sources: tuple[Source, ...] = ()


Entry = Authority | StateEntry


class DirectLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A direct line or a named desk, readable by authorities and by networks with a token."""

    key: Key
    role: str
    name: str | None = None
    telephone: Telephone | None = None
    email: Email | None = None
    consented_on: PartialDate | None = None
    until: PartialDate | None = None


class NetworkDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The network layer of one authority."""

    id: EntryId
    lines: tuple[DirectLine, ...] = ()


def printed_name(entry: Authority) -> str:
    """The name to print: the first one."""
    return entry.names[0].text
