"""Rules on values from closed lists: codes of the vocabulary, States, languages, dates, keys."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

from msgspec import Struct

from directory.domain import states, vocabulary, wording
from directory.domain.authority import Answer, Authority, ContactPoint, Document, Means, MeasureRequirements
from directory.domain.rules_walk import Findings, Leaf, leaves
from directory.ids import ITEM_KEY, is_entry_id

SCHEMES: Mapping[tuple[type, str], str] = {
    (Answer, "answer"): "answer",
    (Answer, "aspect"): "aspect",
    (Authority, "kind"): "body-kind",
    (Authority, "networks"): "network",
    (Authority, "status"): "status",
    (ContactPoint, "purpose"): "purpose",
    (Document, "kind"): "document-kind",
    (MeasureRequirements, "measure"): "measure",
    (Means, "code"): "means",
}
"""The vocabulary of a field of one type."""
EVERYWHERE: Mapping[str, str] = {
    "conditions": "language-condition",
    "excluded_subjects": "subject",
    "function": "function",
    "functions": "function",
    "stages": "stage",
    "subjects": "subject",
    "treaties": "treaty",
    "treaty": "treaty",
}
"""The vocabulary of a field of any type."""
DATES = frozenset((*wording.DATES, "consented_on", "until"))
PAST = frozenset(("as_of", "notified_on", "dated", "consented_on"))
"""Dates of acts that have happened when they are written down."""
KEYS = frozenset(("key", "sources"))
ENTRIES = frozenset(("parent", "succeeded_by"))

_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*")
_TWO_LETTERS = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz "
        "ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik "
        "io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml "
        "mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd "
        "se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi "
        "vo wa wo xh yi yo za zh zu"
    ).split()
)
"""ISO 639-1: no other language has a tag of two letters."""


def check_codes(entry: Struct, today: date | None, found: Findings) -> None:
    """Every code, State, language, date and key of the entry."""
    for leaf in leaves(entry):
        if not isinstance(leaf.value, str):
            continue
        scheme = SCHEMES.get((type(leaf.owner), leaf.field)) or EVERYWHERE.get(leaf.field)
        if scheme:
            check_code(leaf.path, scheme, leaf.value, found)
        elif isinstance(leaf.owner, Answer) and leaf.field == "values":
            _value(leaf, found)
        elif leaf.field in DATES:
            _date(leaf, today, found)
        elif leaf.field in ("lang", "languages"):
            check_language(leaf.path, leaf.value, found)
        elif leaf.field in KEYS and not (ITEM_KEY.match(leaf.value) and len(leaf.value) <= 80):
            found.bad(
                leaf.path, "bad-key", f"“{leaf.value}” is no key: lower-case letters, digits and hyphens, at most 80."
            )
        elif leaf.field in ENTRIES and not (is_entry_id(leaf.value) and "-" in leaf.value):
            found.bad(
                leaf.path, "bad-id", f"“{leaf.value}” is no identifier of an authority. It must read like gb-ukca."
            )
        elif leaf.field == "country" and states.place(leaf.value) is None:
            found.bad(
                leaf.path, "unknown-state", f"“{leaf.value}” is the code of no State or territory. Use ISO 3166-1."
            )


def check_code(path: str, scheme: str, code: str, found: Findings) -> None:
    """A code of the vocabulary; one of a vocabulary that this release lacks can't be judged."""
    if scheme not in vocabulary.schemes() or code in vocabulary.scheme(scheme):
        return
    known = [c.code for c in vocabulary.scheme(scheme)]
    meant = vocabulary.scheme(scheme).code(code)
    near = [meant] if meant else get_close_matches(code, known, 1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
    found.bad(path, "unknown-code", f"“{code}” is no code of the vocabulary “{scheme}”. {hint}")


def _value(leaf: Leaf, found: Findings) -> None:
    """A coded value of an answer: of the vocabulary by which its aspect is answered."""
    aspect = leaf.owner.aspect
    scheme = vocabulary.values_of(aspect)
    if scheme is not None:
        check_code(leaf.path, scheme.name, leaf.value, found)
    elif aspect in vocabulary.scheme("aspect"):
        found.bad(
            leaf.path,
            "wrong-aspect",
            f"The aspect “{aspect}” is not answered by codes. Write “{leaf.value}” as a text.",
        )


def check_language(path: str, tag: str, found: Findings) -> None:
    """A BCP 47 tag in its usual spelling, of a language that exists."""
    language = tag.split("-", maxsplit=1)[0]
    if not _TAG.fullmatch(tag):
        found.bad(path, "bad-language", f"“{tag}” is no language tag. Write it like fr, sr-Latn or zh-Hant.")
    elif len(language) == 2 and language not in _TWO_LETTERS:
        found.bad(path, "unknown-language", f"“{tag}” is the tag of no language. Use ISO 639, such as fr for French.")
    elif not states.is_language(tag) and len(language) == 3:
        found.warn(
            path, "unknown-language", f"“{tag}” is a language that this directory has no name for. Check the tag."
        )


def real_date(text: str) -> bool:
    """Whether a day, month or year exists, between the years 1800 and 2200."""
    if not _PARTIAL.fullmatch(text):
        return False
    parts = [*(int(p) for p in text.split("-")), 1, 1][:3]
    try:
        return 1800 <= date(*parts).year <= 2200
    except ValueError:
        return False


def in_order(earlier: str, later: str) -> bool:
    """Whether the one can be no later than the other, as exactly as both are known."""
    length = min(len(earlier), len(later))
    return earlier[:length] <= later[:length]


def _date(leaf: Leaf, today: date | None, found: Findings) -> None:
    if not real_date(leaf.value):
        found.bad(
            leaf.path,
            "no-date",
            f"“{leaf.value}” is no date. Write a day, a month or a year that exists: 2014-03-21, 2014-03 or 2014.",
        )
    elif leaf.field in PAST and today is not None and not in_order(leaf.value, today.isoformat()):
        found.bad(leaf.path, "in-future", f"{leaf.value} has not come yet. Give the day on which it happened.")
