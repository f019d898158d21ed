"""What lists, facets and search need of an entry, computed once when a version is taken."""

from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from directory.domain import states, vocabulary
from directory.domain.authority import Answer, Authority, Entry, StateEntry
from directory.domain.folding import fold, index_text, tokens


class Summary(Struct, frozen=True, kw_only=True):
    """The parts of a list row that come from the content alone."""

    id: str
    kind: str
    state: str
    name: str
    native_name: str | None
    unit: str | None
    territory: tuple[str, ...]
    functions: tuple[str, ...]
    treaties: tuple[str, ...]
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    status: str
    source_date: str | None


class SearchText(Struct, frozen=True, kw_only=True):
    """Folded words by field."""

    codes: str
    names: str
    place: str
    body: str


def summarize(entry: Entry) -> Summary:
    """The row of an entry."""
    dates = sorted(s.as_of for s in entry.sources if s.as_of)
    if isinstance(entry, StateEntry):
        answers = tuple(a for d in entry.declarations for a in d.answers)
        return Summary(
            id=entry.id, kind="state", state=entry.state, name=states.name(entry.state), native_name=None, unit=None,
            territory=(), functions=_unique(f for d in entry.declarations for f in d.functions),
            treaties=_unique(d.treaty for d in entry.declarations if d.treaty), languages=accepted_languages(answers),
            channels=(), status="active", source_date=dates[-1] if dates else None,
        )  # fmt: skip
    return Summary(
        id=entry.id, kind="authority", state=entry.state, name=entry.names[0].text, native_name=native_name(entry),
        unit=entry.units[0].text if entry.units else None, territory=entry.territory,
        functions=_in_order("function", (d.function for d in entry.designations)),
        treaties=_in_order("treaty", (d.treaty for d in entry.designations if d.treaty)),
        languages=accepted_languages(all_answers(entry)),
        channels=_in_order("channel", (v for a in all_answers(entry) if a.aspect == "channel" for v in a.values)),
        status=entry.status, source_date=dates[-1] if dates else None,
    )  # fmt: skip


def facets(summary: Summary) -> Iterator[tuple[str, str]]:
    """Name and value of everything by which lists can be narrowed."""
    yield "state", summary.state
    for name in ("territory", "functions", "treaties", "languages", "channels"):
        for value in getattr(summary, name):
            yield _SINGULAR[name], value
    yield "status", summary.status


_SINGULAR = {
    "territory": "territory",
    "functions": "function",
    "treaties": "treaty",
    "languages": "language",
    "channels": "channel",
}


def all_answers(entry: Authority) -> tuple[Answer, ...]:
    """General answers and those per measure."""
    return entry.requirements.general + tuple(a for m in entry.requirements.measures for a in m.answers)


def accepted_languages(answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """Languages of which a request may make use, in the order of the source; "additional" ones don't count."""
    return _unique(
        tag
        for a in answers
        if a.aspect == "lang"
        for alternative in a.languages
        if "additional" not in alternative.conditions
        for tag in alternative.languages
    )


def native_name(entry: Authority) -> str | None:
    """The name in the body's own language, where the printed one is a translation."""
    own = states.place(entry.state)
    for name in entry.names[1:]:
        if (name.lang and own and name.lang in own.languages and name.lang != "en") or name.official:
            return name.text
    return None


def search_text(entry: Entry) -> SearchText:
    """Everything a searcher might type, in four fields of falling weight."""
    slug = entry.id.partition("-")[2]
    if isinstance(entry, StateEntry):
        return SearchText(
            codes=index_text(entry.id),
            names="",
            place=_place_words(entry.state),
            body=index_text(_joined(_texts(entry))),
        )
    names = [n.text for n in (*entry.names, *entry.units)]
    labels = [vocabulary.label("function", d.function) for d in entry.designations]
    labels += [f"{vocabulary.label('treaty', d.treaty)} {d.treaty}" for d in entry.designations if d.treaty]
    labels += [states.language_name(tag) for tag in accepted_languages(all_answers(entry))]
    addresses = [a for c in entry.contacts for a in (c.address, c.visiting_address) if a]
    lines = [line for a in addresses for line in (*a.lines, a.locality or "")]
    name_index = index_text(_joined(names))
    known = set(name_index.split())
    own_codes = [part for part in slug.split("-") if part not in known]
    initials = [i for n in names for i in acronyms(n)]
    place = [_place_words(entry.state), *(_place_words(code) for code in entry.territory), index_text(_joined(lines))]
    return SearchText(
        codes=index_text(_joined([slug.replace("-", ""), *own_codes, *initials])),
        names=name_index,
        place=" ".join(place),
        body=index_text(_joined([*labels, *_texts(entry)])),
    )


@cache
def _place_words(code: str) -> str:
    return index_text(states.search_terms(code))


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(t for t in texts if t))


def acronyms(name: str) -> tuple[str, ...]:
    """Initials by which a body may be known: *Bundesamt für Justiz* is BJ and BfJ; none for a single word."""
    letters = [w[0] for w in name.replace("-", " ").replace("(", " ").split() if w[0].isalpha()]
    capitals = "".join(x for x in letters if x.isupper())
    return tuple(dict.fromkeys(x for x in (capitals, "".join(letters)) if capitals and 1 < len(x) < 9))


def acronym(name: str) -> str:
    """First letters of the capitalised words of a name: *Office of International Affairs* is OIA; empty under two."""
    letters = [w[0] for w in name.replace("-", " ").split() if w[0].isupper()]
    return "".join(letters) if len(letters) > 1 else ""


def _texts(entry: Entry) -> Iterator[str]:
    yield from (s.title for s in entry.sources)
    yield from (t.text for r in entry.remarks for t in r.text)
    if isinstance(entry, StateEntry):
        for declaration in entry.declarations:
            yield from (t.text for t in declaration.text)
            yield from (t.text for a in declaration.answers for t in a.text)
        return
    for a in all_answers(entry):
        yield from (t.text for t in a.text)
    for d in entry.designations:
        if d.scope and d.scope.text:
            yield d.scope.text
        if d.provision:
            yield d.provision
    for c in entry.contacts:
        yield from (e.address for e in c.emails)
        yield from (w.url for w in (*c.websites, *c.portals))
        for number in (*c.telephones, *c.faxes):
            yield number.printed
            if number.e164:
                yield number.e164
    for document in entry.documents:
        yield document.title


def _unique(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _in_order(name: str, values: Iterator[str]) -> tuple[str, ...]:
    found = set(values)
    known = [c.code for c in vocabulary.scheme(name) if c.code in found]
    return (*known, *sorted(found.difference(known)))


def sort_key(name: str) -> str:
    """Key by which names are put in order, whatever their capitals and accents."""
    return fold(name)


def name_words(name: str) -> str:
    """What a typed name must be equal to, word by word."""
    return " ".join(tokens(name))


def prominence(summary: Summary) -> int:
    """Who leads among equals (0): bodies at work, for mutual legal assistance, for the whole State."""
    return 4 * (summary.status != "active") + 2 * ("mla" not in summary.functions) + bool(summary.territory)


def by_state(summary: Summary) -> str:
    """Key of the order by State, then name."""
    return f"{name_words(states.name(summary.state))}\t{by_name(summary)}"


def by_name(summary: Summary) -> str:
    """Key of the order by name."""
    return f"{name_words(summary.name)}\t{summary.id}"
