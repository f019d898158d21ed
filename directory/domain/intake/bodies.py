"""Which records speak of the same body.

Conservative: two bodies taken for one would send requests astray, one taken for two is only untidy. Bodies are one when
their names are the same words, or share an acronym, or name an office of which a State has exactly one (its ministry of
justice, its attorney general), or have the same unit; never across territories, and never when the units of one treaty
are plainly different, or one is a unit with a scope of its own.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from msgspec import Struct

from directory.domain import states
from directory.domain.folding import fold
from directory.domain.intake.answers import treaty_codes
from directory.domain.intake.record import RawRecord

_NOISE = frozenset("the of and for on in to office s de la le du des and under its her his state federal".split())
_UNIT_WORDS = frozenset("department division directorate unit section branch service bureau".split())
_ACRONYM = re.compile(r"\b[A-Z][A-Z&-]{1,9}\b")
_COMMON = frozenset({"NCB", "HM", "UK", "EU", "UN", "US", "FIU", "MLA", "UNCAC", "INTERPOL", "DG", "ETS", "BOX", "PO"})
_SINGULAR: tuple[tuple[str, frozenset[str]], ...] = (
    ("ministry-of-justice", frozenset({"justice"})),
    ("ministry-of-foreign-affairs", frozenset({"foreign", "affairs"})),
    ("ministry-of-interior", frozenset({"interior"})),
    ("ministry-of-interior", frozenset({"home", "affairs"})),
    ("ministry-of-finance", frozenset({"finance"})),
)
_HEADS = frozenset({"ministry", "minister", "ministerio", "ministere"})


class Identity(Struct, frozen=True, kw_only=True):
    """What makes a body recognisable."""

    state: str
    territory: frozenset[str]
    words: frozenset[str]
    native: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    office: str | None = None
    unit: frozenset[str] = frozenset()
    treaties: frozenset[str] = frozenset()
    scope: str | None = None
    given_id: str | None = None


def of_record(record: RawRecord) -> Identity:
    """The identity of a record."""
    return identity(
        record.state,
        record.territory,
        [record.name, *([record.name_native] if record.name_native else [])],
        unit=record.unit,
        treaties=treaty_codes(record),
        scope=record.scope,
        given_id=record.id,
    )


def identity(
    state: str,
    territory: Sequence[str],
    names: Sequence[str],
    *,
    unit: str | None,
    treaties: Iterable[str],
    scope: str | None = None,
    given_id: str | None = None,
) -> Identity:
    """The identity behind names (the printed one first, then the native one)."""
    words = _words(names[0], state)
    return Identity(
        state=state,
        territory=frozenset(territory),
        words=words,
        native=_words(names[1], state) if len(names) > 1 else frozenset(),
        acronyms=_acronyms(" ".join([*names, unit or ""])),
        office=_office(words),
        unit=_words(unit, state) if unit else frozenset(),
        treaties=frozenset(treaties),
        scope=scope,
        given_id=given_id,
    )


def _acronyms(text: str) -> frozenset[str]:
    return frozenset(a for a in _ACRONYM.findall(text) if a.strip("IVX")) - _COMMON


def same(a: Identity, b: Identity) -> bool:
    """Whether both are the same body."""
    if apart(a, b):
        return False
    if a.given_id and a.given_id == b.given_id:
        return True
    if a.acronyms & b.acronyms or a.words == b.words or _nearly(a.words, b.words):
        return True
    if a.native and a.native == b.native:
        return True
    if a.office is not None and a.office == b.office:
        return True
    units = a.unit - _UNIT_WORDS, b.unit - _UNIT_WORDS
    return units[0] == units[1] and len(units[0]) >= 3 and bool(a.words <= b.words or b.words <= a.words)


def apart(a: Identity, b: Identity) -> bool:
    """Whether both are plainly different, whatever their names."""
    if a.state != b.state or a.territory != b.territory:
        return True
    if a.given_id and b.given_id:
        return a.given_id != b.given_id
    if a.acronyms & b.acronyms:
        return False
    if a.unit and b.unit:
        comparable = a.treaties & b.treaties or not (a.treaties and b.treaties)
        return bool(comparable) and not _alike(a.unit, b.unit)
    if a.unit or b.unit:  # a unit that has a scope of its own, beside a body that has another scope
        return bool(a.scope and b.scope) and a.scope != b.scope
    return False


def _nearly(a: frozenset[str], b: frozenset[str]) -> bool:
    """Long names of which one says the same in more words: Prosecutor's Office (attached) to the High Court."""
    return min(len(a), len(b)) >= 3 and (a <= b or b <= a or len(a & b) >= 0.75 * len(a | b))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    a, b = a - _UNIT_WORDS or a, b - _UNIT_WORDS or b
    return 2 * len(a & b) >= min(len(a), len(b))


def _words(text: str, state: str) -> frozenset[str]:
    plain = re.sub(r"\([^)]*\)", " ", text)
    found = re.findall(r"[^\W_]+", fold(plain).replace("'", " "))
    kept = frozenset(_stem(w) for w in found)
    return kept - _NOISE - words_of_state(state) or kept


def _stem(word: str) -> str:
    return {
        "minister": "ministry",
        "ministerial": "ministry",
        "director": "directorate",
        "prosecutors": "prosecutor",
    }.get(word, word)


@cache
def words_of_state(state: str) -> frozenset[str]:
    """Words that say no more than which State a body belongs to."""
    place = states.place(state)
    names = [*place.names.values(), *place.variants] if place else []
    common = {"republic", "kingdom", "principality"}
    return frozenset(w for n in names for w in re.findall(r"[^\W_]+", fold(n)) if len(w) > 2) - {"justice"} | common


def _office(words: frozenset[str]) -> str | None:
    if "ministry" in words or "ministerio" in words or "ministere" in words:
        return next((office for office, needed in _SINGULAR if needed <= words), None)
    if {"attorney", "general"} <= words:
        return "attorney-general"
    if {"prosecutor", "general"} <= words:
        return "prosecutor-general"
    return None


def kind(names: Sequence[str]) -> str | None:
    """The kind of body (vocabulary ``body-kind``) that a name leaves no doubt about."""
    text = fold(" ".join(names))
    for code, pattern in _KINDS:
        if re.search(pattern, text):
            return code
    return None


_KINDS = (
    ("ministry-of-justice", r"\bminist\w+ (?:for|of|de|da|der|fur) (?:la )?justi|\bdepartment of justice\b"),
    ("ministry-of-foreign-affairs", r"\bforeign affairs\b|\brelaciones exteriores\b"),
    ("ministry-of-interior", r"\bminist\w+ (?:of|for|in charge of) (?:the )?(?:interior|(?:internal|home) affairs)\b"),
    ("anti-corruption-agency", r"\banti-?corruption\b|\bagainst corruption\b|\bprevention of corruption\b"),
    ("attorney-general", r"\battorney[- ]general\b|\bsolicitor[- ]general\b"),
    ("prosecution-service", r"\bprosecut|\bfiscalia\b|\bparquet\b|\bprocura\w+\b"),
    ("fiu", r"\bfinancial intelligence\b"),
    ("customs", r"\bcustoms\b"),
    ("court", r"\bcourt\b|\bjudiciary\b"),
)  # fmt: skip
