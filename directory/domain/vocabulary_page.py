"""The page ``docs/vocabulary.md``, written from the data: ``python -m directory.domain.vocabulary_page``."""

import sys
from collections.abc import Callable, Iterable, Iterator

from directory.domain import states, vocabulary
from directory.domain.states import Place
from directory.domain.vocabulary import Concept

_HEAD = """\
# Vocabularies

Written by `python -m directory.domain.vocabulary_page > docs/vocabulary.md` from `directory/domain/data/`; correct the
data, not this page. Codes are stable: a code is never renamed and never given another meaning. Labels are English
texts of the message catalogs. An article without the name of a treaty is one of the UN Convention against Corruption.
"""

_TITLES = {
    "function": "Functions: what an authority is designated for",
    "treaty": "Treaties",
    "aspect": "Aspects: what is asked about each measure",
    "content-element": "Content elements of a request",
    "measure": "Measures",
    "cooperation": "Kinds of cooperation",
    "coercion": "Coercion of a measure, article 46(9)(b)",
    "channel": "Channels: the route",
    "means": "Means: the medium",
    "means-qualifier": "Conditions on means",
    "refusal-ground": "Grounds for refusal",
    "dual-criminality": "Dual criminality",
    "offence": "Offences of the Convention",
    "language-condition": "Conditions on languages",
    "group": "Regional groups of the United Nations",
}

_STATES = """\
## States and territories

The lists are no statement on the status of any State or territory, or on its name. Short names follow the United
Nations terminology database (UNTERM), those of territories the standard codes M49 where these have one; six languages
are in the data. Variants (former and common names, names in the own language, misspellings) only serve to find a
State and are never shown. A name that means several States leads to all of them, never to one by a guess.

No capital is given where United Nations practice attaches a footnote to any. Regional groups are those that the
Organization lists for its Members, and the State of Palestine. Languages are the official ones, or the working language
in dealings with other States; recognized regional languages are left out.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for name in vocabulary.schemes():
        title = _TITLES.get(name, name.replace("-", " ").capitalize())
        parts.append(f"## {title}\n\nVocabulary `{name}`.\n\n" + "\n".join(_scheme(name)) + "\n")
    parts.append(_provisions())
    parts.append(_STATES)
    parts.append("### States\n\n" + "\n".join(_places(states.all_states())) + "\n")
    inside = [t for s in states.all_states() for t in states.territories(s.code)]
    parts.append("### Territories\n\n" + "\n".join(_places(inside)) + "\n")
    parts.append("### Names of several States\n\n" + "\n".join(_several()) + "\n")
    return "\n".join(parts)


def _scheme(name: str) -> Iterator[str]:
    concepts = tuple(vocabulary.scheme(name))
    used = [(head, cell) for head, cell in _COLUMNS if any(cell(c) for c in concepts)]
    yield _row(head for head, _ in used)
    yield _row("---" for _ in used)
    for concept in concepts:
        yield _row(cell(concept) for _, cell in used)


def _articles(concept: Concept) -> str:
    return ", ".join(f"{'' if t == 'uncac' else t + ' '}{text}" for t, text in concept.articles.items())


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


_COLUMNS: tuple[tuple[str, Callable[[Concept], str]], ...] = (
    ("Code", lambda c: f"`{c.code}`"),
    ("Label", lambda c: c.label),
    ("Articles", _articles),
    ("Notation", lambda c: c.notation or ""),
    ("Belongs to", lambda c: f"`{c.broader}`" if c.broader else ""),
    ("Coercive", lambda c: c.coercive or ""),
    ("Answered by", lambda c: f"`{c.values}`" if c.values else c.kind or ""),
    ("Asks also for", lambda c: _codes(c.aspects)),
    ("A request needs also", lambda c: _codes(c.contents)),
    ("Received by", lambda c: _codes(c.functions)),
    ("EJN", lambda c: c.matches.get("ejn", "")),
    ("EJN, new", lambda c: c.matches.get("ejn-new", "")),
    ("Found as", lambda c: "; ".join(c.aliases)),
    ("Note", lambda c: ("Excluded by the Convention. " if c.prohibited else "") + (c.note or "")),
)


def _provisions() -> str:
    rows = [_row(("Treaty", "Provision", "Functions")), _row(("---", "---", "---"))]
    for treaty, table in vocabulary.provisions().items():
        rows += [_row((f"`{treaty}`", text or "any", _codes(codes))) for text, codes in table.items()]
    return (
        "## Provisions\n\nThe function that a provision is about; the closest article or paragraph counts.\n\n"
        + "\n".join(rows)
        + "\n"
    )


def _places(places: Iterable[Place]) -> Iterator[str]:
    yield _row(("Code", "Name", "M49", "Group or State", "Languages", "Capital", "Time zone", "Dial", "Note"))
    yield _row(["---"] * 9)
    for p in places:
        belongs = states.name(p.parent) if p.parent else vocabulary.label("group", p.group) if p.group else ""
        yield _row(
            (
                f"`{p.code}`", p.names["en"], p.m49 or "", belongs, ", ".join(p.languages), p.capital or "",
                p.zone or "", f"+{p.dial}" if p.dial else "", p.note or "",
            )
        )  # fmt: skip


def _several() -> Iterator[str]:
    for names, codes in states.names_of_several():
        yield f"- {', '.join(names)}: {', '.join(states.name(c) for c in codes)}"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
