"""One collected fact: the shape of a line, its codes and its dates."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import email_validator
import msgspec
from msgspec import Struct

from directory.domain import states, vocabulary
from directory.domain.rules_codes import real_date
from directory.errors import Problem
from directory.ids import is_entry_id
from directory.texts import UNSAFE

MAX_LINE = 1024 * 1024
DATE_KINDS = ("notification", "gazette", "page", "law")


class LegalBasis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a treaty is required, the Convention serves as one, reciprocity is asked; null: not stated."""

    treaty_required: bool | None = None
    uncac_as_basis: bool | None = None
    reciprocity: bool | None = None


class RecordSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Title, address and date of the source."""

    title: str
    url: str | None = None
    as_of: str | None = None


class RawRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One authority as one source has it, or one declaration of a State. See docs/import.md for each field."""

    state: str
    name: str
    source: RecordSource
    name_native: str | None = None
    unit: str | None = None
    functions: list[str] = []
    treaties: list[str] = []
    provision: str | None = None
    postal_address: list[str] = []
    phone: list[str] = []
    fax: list[str] = []
    email: list[str] = []
    website: str | None = None
    languages_accepted: list[str] = []
    channels: list[str] = []
    urgent: str | None = None
    legal_basis: LegalBasis = LegalBasis()
    dual_criminality: str | None = None
    requirements: list[str] = []
    notes: str | None = None
    scope: str | None = None
    territory: list[str] = []
    superseded: bool | None = None
    placeholder: bool | None = None
    id: str | None = None
    effective_on: str | None = None
    date_kind: str | None = None
    strand: str | None = None
    reason: str | None = None
    visiting_address: list[str] = []
    portal: str | None = None
    contact_valid_until: str | None = None
    until: str | None = None
    withdrawn: bool | None = None
    succeeded_by: str | None = None


def parse(line: bytes) -> tuple[RawRecord | None, list[Problem]]:
    """A line as a record, or all that is wrong with its shape, codes and dates."""
    if len(line) > MAX_LINE:
        return None, [
            Problem(
                field="",
                code="too-long",
                message=f"The line has over {MAX_LINE // 1024} KB; a record is far shorter. Is this the right file?",
            )
        ]
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as problem:
        return None, [
            Problem(
                field="",
                code="not-text",
                message=f"The line is not UTF-8 text (byte {problem.start + 1}). Save the file as UTF-8.",
            )
        ]
    try:
        record = msgspec.convert(_tidy(json.loads(text, object_pairs_hook=_once)), RawRecord)
    except _Twice as problem:
        return None, [
            Problem(field=str(problem), code="twice", message=f"The field {problem} comes twice; keep one of them.")
        ]
    except msgspec.ValidationError as problem:
        return None, [_of(problem)]
    except (ValueError, RecursionError) as problem:
        return None, [
            Problem(field="", code="not-json", message=f"The line is not JSON: {problem}. Write one record a line.")
        ]
    return record, check(record)


def check(record: RawRecord) -> list[Problem]:
    """What is wrong with the codes and dates of a record."""
    found: list[Problem] = []

    def bad(field: str, code: str, message: str) -> None:
        found.append(Problem(field=field, code=code, message=message))

    _check_texts("", msgspec.to_builtins(record), bad)
    _check_places(record, bad)
    _check_codes(record, bad)
    for field, value in (
        ("source.as_of", record.source.as_of),
        ("effective_on", record.effective_on),
        ("contact_valid_until", record.contact_valid_until),
        ("until", record.until),
    ):
        if value is not None and not real_date(value):
            bad(
                field,
                "no-date",
                f"{value!r} is no date. Write a day, month or year that exists: 2014-03-21, 2014-03 or 2014.",
            )
    for field, text in (("name", record.name), ("source.title", record.source.title)):
        if not text:
            bad(field, "missing", f"The field {field} is empty; give it as the source prints it.")
    for n, address in enumerate(record.email):
        if message := email_problem(address):
            found.append(Problem(field=f"email[{n}]", code="bad-email", message=message))
    return found


def email_problem(address: str) -> str | None:
    """What is wrong with a mailbox, in a sentence; None if nothing is. Look-alike characters are named."""
    domain = address.rpartition("@")[2]
    if not address.isascii():
        scripts = {unicodedata.name(c, "?").split(" ")[0] for c in domain if c.isalpha()}
        odd = next(c for c in address if not c.isascii())
        what = f"{odd!r} ({unicodedata.name(odd, 'unnamed')}, U+{ord(odd):04X})"
        if len(scripts) > 1:
            return (
                f"The domain of {address!r} mixes scripts: {what} looks like another letter. "
                "Somebody may be pretending; check the source."
            )
        return f"{address!r} holds {what}. Write the mailbox in its ASCII form (xn--…)."
    try:
        email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError as problem:
        return f"{address!r} is no e-mail address: {problem}"
    return None


Bad = Callable[[str, str, str], None]


def _check_places(record: RawRecord, bad: Bad) -> None:
    if not states.is_state(record.state):
        near = states.resolve(record.state)
        hint = f" Did you mean {near[0]}?" if near else " Use an ISO 3166-1 code such as KE."
        bad("state", "unknown-state", f"There is no State with the code {record.state!r}.{hint}")
    for n, code in enumerate(record.territory):
        place = states.place(code)
        if place is None and not (re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", code) and code.startswith(record.state)):
            bad(
                f"territory[{n}]",
                "unknown-territory",
                f"There is no territory with the code {code!r}. Use an ISO 3166 code.",
            )
    prefixes = {code.lower()[:2] for code in (record.state, *record.territory)}
    for field, text in (("id", record.id), ("succeeded_by", record.succeeded_by)):
        if text is None:
            continue
        if not is_entry_id(text) or "-" not in text:
            bad(field, "bad-id", f"{text!r} is no identifier of an authority. It must read like gb-ukca.")
        elif field == "id" and text[:2] not in prefixes:
            bad(
                field,
                "bad-id",
                f"{text!r} does not begin with the code of the State or territory. Correct one of them.",
            )


def _check_codes(record: RawRecord, bad: Bad) -> None:
    for field, scheme in (("functions", "function"), ("treaties", "treaty"), ("channels", "channel")):
        for n, text in enumerate(getattr(record, field)):
            if vocabulary.scheme(scheme).code(text) is None:
                known = ", ".join(c.code for c in vocabulary.scheme(scheme))
                bad(f"{field}[{n}]", f"unknown-{scheme}", f"{text!r} is no known {scheme}. Known are: {known}.")
    for n, tag in enumerate(record.languages_accepted):
        if not states.is_language(tag):
            bad(
                f"languages_accepted[{n}]",
                "unknown-language",
                f"{tag!r} is no known language. Use a BCP 47 tag such as fr.",
            )
    if record.date_kind is not None and record.date_kind not in DATE_KINDS:
        bad("date_kind", "unknown-kind", f"{record.date_kind!r} is none of {', '.join(DATE_KINDS)}.")


class _Twice(Exception):
    """A key that comes twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise _Twice(key)
        seen[key] = value
    return seen


def _of(problem: msgspec.ValidationError) -> Problem:
    text = str(problem)
    message, _, path = text.partition(" - at `$")
    unknown = re.search(r"unknown field `([^`]*)`", message)
    missing = re.search(r"required field `([^`]*)`", message)
    named = (unknown or missing)[1] if unknown or missing else ""  # type: ignore[index]
    field = ".".join(part for part in (path.strip("`.").lstrip("."), named) if part)
    advice = " Take it out, or correct its name." if unknown else " Add it." if missing else " Correct its type."
    return Problem(field=field, code="wrong-shape", message=f"{message}.{advice}")


def _tidy(value: Any) -> Any:
    """Texts in normal form without blanks around them; what is null or empty is silence, like what is not there."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, list):
        return [t for v in value if (t := _tidy(v)) not in (None, "")]
    if isinstance(value, dict):
        return {k: t for k, v in value.items() if (t := _tidy(v)) is not None and (t != "" or k in _NEEDED)}
    return value


_NEEDED = ("state", "name", "source", "title")
"""Fields that may be empty only to be told so."""


def _check_texts(path: str, value: Any, bad: Bad) -> None:
    if isinstance(value, str):
        if found := UNSAFE.search(value):
            bad(
                path,
                "unsafe-character",
                f"The character U+{ord(found[0]):04X} would not show, or would turn the text around. Take it out.",
            )
    elif isinstance(value, list):
        for n, item in enumerate(value):
            _check_texts(f"{path}[{n}]", item, bad)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_texts(f"{path}.{key}" if path else key, item, bad)
