"""How fields and values of an entry are said to people: labels, codes, dates, items as lines.

Every text is an English message; a page in another language gives a :class:`Voice` that looks it up in its catalog.
:func:`messages` lists them all for the catalogs.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.domain import states, vocabulary
from directory.domain.plain import Plain

LABELS: Mapping[str, str] = {
    "address": "Postal address",
    "answer": "Answer",
    "answers": "Requirement",
    "applies_from": "Applies from",
    "as_of": "Date of the source",
    "aspect": "Aspect",
    "bilateral_treaty": "Where a bilateral treaty exists",
    "closes": "Closes",
    "code": "Means of transmission",
    "conditions": "Conditions",
    "contacts": "Contact",
    "country": "Country",
    "dated": "Dated",
    "days": "Days",
    "declarations": "Declaration",
    "designations": "Designation",
    "documents": "Document",
    "e164": "International form",
    "emails": "E-mail",
    "excluded_subjects": "Matters not covered",
    "extension": "Extension",
    "faxes": "Fax",
    "fingerprint": "Fingerprint",
    "function": "Function",
    "functions": "Functions",
    "granted": "Granted",
    "hours": "Office hours",
    "id": "Identifier",
    "in_force_from": "In force from",
    "in_force_until": "In force until",
    "keys": "Encryption key",
    "kind": "Kind",
    "label": "Name of the contact",
    "lang": "Language",
    "languages": "Languages",
    "legal_reference": "Law",
    "lines": "Lines",
    "locality": "City",
    "means": "Means of transmission",
    "measure": "Measure",
    "measures": "Measure",
    "median_days": "Median time in days",
    "names": "Name",
    "networks": "Networks",
    "note": "Note",
    "notified_on": "Notified on",
    "official": "Official text",
    "opens": "Opens",
    "parent": "Part of",
    "pending": "Pending",
    "portals": "Online portal",
    "printed": "As printed",
    "provision": "Provision",
    "purpose": "Purpose",
    "received": "Received",
    "refused": "Refused",
    "remarks": "Remark",
    "requirements": "Requirements",
    "scope": "Scope",
    "sources": "Source",
    "stages": "Stages of proceedings",
    "state": "State",
    "statistics": "Figures of a year",
    "status": "Status",
    "status_since": "Status since",
    "subjects": "Matters covered",
    "succeeded_by": "Succeeded by",
    "telephones": "Telephone",
    "territory": "Territory",
    "text": "Text",
    "time_zone": "Time zone",
    "title": "Title",
    "treaties": "Treaties",
    "treaty": "Treaty",
    "type": "Kind of entry",
    "units": "Unit",
    "url": "Web address",
    "valid_until": "Valid until",
    "values": "Values",
    "visiting_address": "Visiting address",
    "websites": "Website",
    "year": "Year",
}
SCHEMES: Mapping[str, str] = {
    "answer": "answer",
    "aspect": "aspect",
    "code": "means",
    "conditions": "language-condition",
    "excluded_subjects": "subject",
    "function": "function",
    "functions": "function",
    "measure": "measure",
    "networks": "network",
    "purpose": "purpose",
    "stages": "stage",
    "status": "status",
    "subjects": "subject",
    "treaties": "treaty",
    "treaty": "treaty",
}
"""The vocabulary of a field whose codes are the same wherever it stands."""
KINDS: Mapping[str, str] = {"": "body-kind", "documents": "document-kind"}
"""The vocabulary of ``kind``, by the list that holds the object (empty: the entry itself)."""
DATES = frozenset(
    ("applies_from", "as_of", "dated", "in_force_from", "in_force_until", "notified_on", "status_since", "valid_until")
)
PROSE = frozenset(("text", "note", "label", "title", "legal_reference", "names", "units", "remarks"))
"""Fields and items of running text, which may be compared word by word."""
KEY_KINDS: Mapping[str, str] = {"openpgp": "OpenPGP", "smime": "S/MIME"}
YES_NO = ("Yes", "No")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LABELLED = "{label}: {value}"
RANGE = "{first} to {last}"
HOURS = "{days}, {opens}–{closes}"
CONDITION = "{languages} ({conditions})"
FURTHER = "{first}, {second}"
LEADS = re.compile(r"[^\s@]+@[^\s@]+|https?://\S+|www\.\S+|(?:\+|\b0)\d[\d\s()/.–-]{5,}\d")
"""A mailbox, a web address, a telephone number inside a text: something that leads to somebody."""
_MONTHS = "January February March April May June July August September October November December".split()
_SILENT = frozenset(("key", "sources"))


def english_date(text: str) -> str:
    """``2014-03-21`` as 21 March 2014, ``2014-03`` as March 2014, ``2014`` as itself."""
    parts = text.split("-")
    if not all(p.isdigit() for p in parts) or (len(parts) > 1 and not 1 <= int(parts[1]) <= 12):
        return text
    month = [_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []
    return " ".join([*(str(int(p)) for p in parts[2:3]), *month, parts[0]])


class Voice(Struct, frozen=True):
    """A language to speak: ``say`` translates a message, ``date`` writes a day, month or year."""

    say: Callable[[str], str] = str
    date: Callable[[str], str] = english_date
    lang: str = "en"

    def form(self, message: str, **values: str) -> str:
        """A message with its places filled."""
        return self.say(message).format(**values)

    def join(self, values: Sequence[str]) -> str:
        """Several values on one line."""
        out = values[0] if values else ""
        for value in values[1:]:
            out = self.form(FURTHER, first=out, second=value)
        return out


ENGLISH = Voice()


def label(name: str) -> str:
    """The message for a field; a field of another schema is its own words."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def code(scheme: str, value: str) -> str:
    """The message for a code; an unknown code, or one of an unknown vocabulary, is itself."""
    return vocabulary.label(scheme, value) if scheme in vocabulary.schemes() else value


def value(voice: Voice, name: str, given: Any, holder: str = "", aspect: str = "") -> str:
    """One plain value of the field ``name``; ``holder`` is the list that holds its object."""
    if isinstance(given, bool):
        return voice.say(YES_NO[0] if given else YES_NO[1])
    if not isinstance(given, str):
        return str(given)
    if name == "kind" and holder in KINDS:
        return voice.say(code(KINDS[holder], given))
    if name == "kind" and holder == "keys":
        return KEY_KINDS.get(given, given)
    if name == "values":
        scheme = vocabulary.values_of(aspect)
        return voice.say(code(scheme.name, given)) if scheme else given
    if name in SCHEMES:
        return voice.say(code(SCHEMES[name], given))
    if name in ("lang", "languages"):
        return states.language_name(given, voice.lang)
    if name in ("state", "country", "territory"):
        return states.name(given, voice.lang)
    return voice.date(given) if name in DATES else given


def lines(voice: Voice, name: str, item: Any, holder: str = "", aspect: str = "") -> Iterator[str]:
    """What a field or an item of the list ``name`` says, line by line; nothing for nothing."""
    if isinstance(item, list):
        for one in item:
            yield from lines(voice, name, one, holder, aspect)
    elif isinstance(item, dict):
        yield from _ITEMS.get(name, labelled)(voice, item, name)
    elif item is not None:
        yield value(voice, name, item, holder, aspect)


def labelled(voice: Voice, item: Plain, holder: str, besides: Sequence[str] = ()) -> Iterator[str]:
    """Every field of an object with its label, except ``besides``."""
    for name, given in item.items():
        if name in _SILENT or name in besides or given in (None, "", [], {}):
            continue
        if isinstance(given, list) and all(not isinstance(v, (dict, list)) for v in given):
            aspect = str(item.get("aspect", ""))
            text = voice.join([value(voice, name, v, holder, aspect) for v in given])
            yield voice.form(LABELLED, label=voice.say(label(name)), value=text)
        elif isinstance(given, (dict, list)):
            for line in lines(voice, name, given, holder):
                yield voice.form(LABELLED, label=voice.say(label(name)), value=line)
        else:
            yield voice.form(LABELLED, label=voice.say(label(name)), value=value(voice, name, given, holder))


def full(voice: Voice, given: Any) -> Iterator[str]:
    """Every field of a value with its label: for two values that differ in what :func:`lines` leaves out."""
    for item in given if isinstance(given, list) else [given]:
        if isinstance(item, dict):
            yield from labelled(voice, item, "")
        elif item is not None:
            yield str(item)


def _led_by(*leading: str, less: Sequence[str] = ()) -> Callable[[Voice, Plain, str], Iterator[str]]:
    """Lines of an item: the ``leading`` fields bare, then the others with their labels, ``less`` left out."""

    def say(voice: Voice, item: Plain, holder: str) -> Iterator[str]:
        for name in leading:
            if item.get(name) not in (None, "", [], {}):
                yield from lines(voice, name, item[name], holder, str(item.get("aspect", "")))
        yield from labelled(voice, item, holder, (*leading, *less))

    return say


def _telephone(voice: Voice, item: Plain, holder: str) -> Iterator[str]:
    """As printed; the international form beside it where the printed one lacks the code of the country."""
    same = _digits(item.get("printed", "")) == _digits(item.get("e164", ""))
    yield from _led_by("printed", less=("e164",) if same else ())(voice, item, holder)


def _digits(text: str) -> str:
    """The digits that are dialled from abroad: without (0) and the leading 00."""
    return "".join(c for c in text.replace("(0)", "") if c.isdigit()).removeprefix("00")


def _hours(voice: Voice, item: Plain, _holder: str) -> Iterator[str]:
    days = [d for d in item.get("days", ()) if isinstance(d, int) and 1 <= d <= 7]
    named = voice.join([voice.say(DAYS[d - 1]) for d in days])
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        named = voice.form(RANGE, first=voice.say(DAYS[days[0] - 1]), last=voice.say(DAYS[days[-1] - 1]))
    if named and item.get("opens") and item.get("closes"):
        yield voice.form(HOURS, days=named, opens=item["opens"], closes=item["closes"])
        yield from (t for t in [item.get("text")] if t)
    else:
        yield from (t for t in (named, item.get("opens"), item.get("closes"), item.get("text")) if t)


def _alternative(voice: Voice, item: Plain, _holder: str) -> Iterator[str]:
    """One acceptable set of languages: all of them are needed together."""
    needed = " + ".join(value(voice, "languages", tag) for tag in item.get("languages", ()))
    conditions = [value(voice, "conditions", c) for c in item.get("conditions", ())]
    yield voice.form(CONDITION, languages=needed, conditions=voice.join(conditions)) if conditions else needed


def _languages(voice: Voice, item: Plain, holder: str) -> Iterator[str]:
    yield from (_alternative if "languages" in item else labelled)(voice, item, holder)


_answer = _led_by("answer", "values", "languages", "text", less=("aspect",))
"""The aspect is in the title of an answer."""


def _declaration(voice: Voice, item: Plain, holder: str) -> Iterator[str]:
    yield from _led_by("treaty", "functions", "text", less=("answers",))(voice, item, holder)
    for answer in item.get("answers", ()):
        for line in _answer(voice, answer, "answers"):
            aspect = value(voice, "aspect", answer.get("aspect", ""))
            yield voice.form(LABELLED, label=aspect, value=line)


_ITEMS: Mapping[str, Callable[[Voice, Plain, str], Iterator[str]]] = {
    "address": _led_by("lines", less=("country", "locality", "lang")),
    "visiting_address": _led_by("lines", less=("country", "locality", "lang")),
    "answers": _answer,
    "general": _answer,
    "declarations": _declaration,
    "designations": _led_by("function", "treaty"),
    "documents": _led_by("title", "kind", "url"),
    "emails": _led_by("address"),
    "faxes": _telephone,
    "hours": _hours,
    "keys": _led_by("kind", "fingerprint"),
    "languages": _languages,
    "means": _led_by("code", "note"),
    "names": _led_by("text", less=("lang", "official")),
    "portals": _led_by("url", "note"),
    "remarks": _led_by("text"),
    "scope": _led_by("text"),
    "sources": _led_by("title", "url"),
    "statistics": _led_by("year", "function"),
    "telephones": _telephone,
    "text": _led_by("text", less=("lang", "official")),
    "units": _led_by("text", less=("lang", "official")),
    "websites": _led_by("url", "note"),
}


def messages() -> tuple[str, ...]:
    """Every message of this module, for the catalogs; labels of codes come from the vocabularies."""
    forms = (LABELLED, RANGE, HOURS, CONDITION, FURTHER)
    return tuple(dict.fromkeys([*LABELS.values(), *YES_NO, *DAYS, *forms]))
