"""To whom to write, on what basis, in which language, by which channel: a pure function of entries and a question.

Nothing is guessed. Each step cites the field on which it rests, each authority left out is named with its reason, and
what no source says is listed as unknown. Where the State gave no split between several bodies, all of them are shown.

Sources: UNCAC articles 44(4)-(7), 46(7), 46(13)-(14), 55; recommendation (d) of the eighth expert meeting (2019).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from directory.domain import states
from directory.domain.authority import Answer, Authority, Designation, LanguageAlternative

Outcome = Literal["one", "several", "none"]

FALLBACK: Mapping[str, tuple[str, ...]] = {
    # which other function receives requests of this kind when the State names no body of its own for it
    "asset-recovery": ("mla",),
    "transfer-of-proceedings": ("mla",),
    "civil-administrative": ("mla",),
    "spontaneous-information": ("mla",),
    "electronic-evidence-24-7": ("law-enforcement",),
}
TREATY_FREE = ("prevention", "law-enforcement", "fiu")
"""Kinds of cooperation that need no request under a treaty."""


class Question(Struct, frozen=True, kw_only=True):
    """What is wanted. ``kind`` is a code of the vocabulary ``function``; empty fields mean: not known, or any."""

    requested: str
    kind: str
    requesting: str | None = None
    territory: str | None = None
    treaty: str | None = None
    stage: str | None = None
    urgent: bool = False
    day: date


class Held(Struct, frozen=True, kw_only=True):
    """An authority as it is in force on the day, with what its citation needs."""

    entry: Authority
    n: int
    position: int
    band: str


class Cited(Struct, frozen=True, kw_only=True):
    """A statement and the field on which it rests (path and source keys); ``path`` empty: nobody says it."""

    code: str
    values: tuple[str, ...] = ()
    text: str | None = None
    path: str = ""
    sources: tuple[str, ...] = ()


class LanguageChoice(Struct, frozen=True, kw_only=True):
    """An acceptable set of languages; ``shared`` are those that are official in the requesting State."""

    rule: LanguageAlternative
    shared: tuple[str, ...] = ()


class Route(Struct, frozen=True, kw_only=True):
    """One way: the authority, why it is one, and everything that is known of how to use it."""

    id: str
    n: int
    position: int
    band: str
    designations: tuple[Designation, ...]
    why: tuple[Cited, ...]
    basis: tuple[Cited, ...]
    languages: tuple[LanguageChoice, ...]
    language_source: Cited | None
    channels: tuple[Cited, ...]
    urgent: tuple[Cited, ...]
    before: tuple[Cited, ...]
    unknown: tuple[str, ...]
    """Codes of aspects that no source of this authority says anything about."""


class Excluded(Struct, frozen=True, kw_only=True):
    """An authority of the State that is not to be used for this, and why."""

    id: str
    reason: str
    cited: Cited


class Answered(Struct, frozen=True, kw_only=True):
    """The answer. ``decides`` are codes of what would choose between several; empty: the State gave no split."""

    outcome: Outcome
    routes: tuple[Route, ...]
    excluded: tuple[Excluded, ...]
    decides: tuple[str, ...] = ()
    informal: tuple[str, ...] = ()
    """Identifiers of bodies for police, FIU or asset recovery contacts, to be tried before a formal request."""


def find(question: Question, authorities: Sequence[Held]) -> Answered:
    """Ranked routes for ``question`` among the authorities of the requested State."""
    excluded: list[Excluded] = []
    fitting: list[tuple[Held, list[Designation], bool]] = []
    for held in authorities:
        found = _designations(question, held.entry)
        if not found[0]:
            continue
        reason = _hindrance(question, held.entry, found[0])
        if reason:
            excluded.append(reason)
            continue
        fitting.append((held, *found))
    direct = [f for f in fitting if not f[2]]
    chosen = direct or fitting
    preferred = [f for f in chosen if _fits_treaty(question, f[1])]
    for held, designations, _ in chosen:
        if preferred and not _fits_treaty(question, designations):
            excluded.append(_other_treaty(held.entry, designations))
    kept = sorted(preferred or chosen, key=lambda f: _rank(question, f[0], f[1]))
    routes = tuple(_route(question, held, designations) for held, designations, _ in kept)
    return Answered(
        outcome="none" if not routes else "one" if len(routes) == 1 else "several",
        routes=routes,
        excluded=tuple(excluded),
        decides=tuple(_decides([d for _, ds, _ in kept for d in ds], [h.entry for h, _, _ in kept]))
        if len(kept) > 1
        else (),
        informal=tuple(
            h.entry.id for h in authorities if _informal(h.entry) and h.entry.id not in {r.id for r in routes}
        ),
    )


def _designations(question: Question, entry: Authority) -> tuple[list[Designation], bool]:
    """Designations for the kind asked for, and whether they are those of a function that stands in for it."""
    own = [d for d in entry.designations if d.function == question.kind]
    others = FALLBACK.get(question.kind, ())
    found = own or [d for d in entry.designations if d.function in others]
    fitting = [d for d in found if _fits_treaty(question, [d])]
    return fitting or found, not own


def _hindrance(question: Question, entry: Authority, designations: list[Designation]) -> Excluded | None:
    """Why the authority can't be the one, if it can't."""
    if entry.status != "active":
        values = (entry.succeeded_by,) if entry.succeeded_by else ()
        return Excluded(id=entry.id, reason=entry.status, cited=Cited(code="status", values=values, path="status"))
    if question.territory and entry.territory and question.territory not in entry.territory:
        return _excluded(entry, "other-territory", Cited(code="territory", values=entry.territory, path="territory"))
    if question.territory and not entry.territory and states.place(question.territory):
        return _excluded(entry, "not-for-territory", Cited(code="territory", values=(question.territory,)))
    stages = {s for d in designations if d.scope for s in d.scope.stages}
    unscoped = any(d.scope is None or not d.scope.stages for d in designations)
    if question.stage and stages and not unscoped and question.stage not in stages:
        scope = next(d for d in designations if d.scope and d.scope.stages)
        return _excluded(
            entry, "other-stage", _of_designation("scope", scope, scope.scope.text if scope.scope else None)
        )
    return None


def _excluded(entry: Authority, reason: str, cited: Cited) -> Excluded:
    return Excluded(id=entry.id, reason=reason, cited=cited)


def _other_treaty(entry: Authority, designations: list[Designation]) -> Excluded:
    treaties = tuple(dict.fromkeys(d.treaty for d in designations if d.treaty))
    cited = Cited(
        code="treaty",
        values=treaties,
        path=f"designations[{designations[0].key}].treaty",
        sources=designations[0].sources,
    )
    return _excluded(entry, "other-treaty", cited)


def _fits_treaty(question: Question, designations: list[Designation]) -> bool:
    """Named under the treaty asked for (the Convention when none is), or under no treaty in particular."""
    wanted = question.treaty or "uncac"
    return any(d.treaty in (wanted, None) for d in designations)


def _rank(question: Question, held: Held, designations: list[Designation]) -> tuple[int, int, int, str]:
    wanted = question.treaty or "uncac"
    exact = any(d.treaty == wanted for d in designations)
    reachable = any(c.emails or c.telephones or c.address for c in held.entry.contacts)
    whole = not held.entry.territory or question.territory in held.entry.territory
    return (0 if whole else 1, 0 if exact else 1, 0 if reachable else 1, held.entry.id)


def _decides(designations: list[Designation], entries: list[Authority]) -> Iterator[str]:
    """What the sources say decides between several bodies."""
    if len({e.territory for e in entries}) > 1:
        yield "territory"
    scopes = [d.scope for d in designations if d.scope]
    if any(s.stages for s in scopes):
        yield "stage"
    if any(s.bilateral_treaty is not None for s in scopes):
        yield "bilateral-treaty"
    if scopes and not any(s.stages or s.bilateral_treaty is not None for s in scopes):
        yield "scope"


def _informal(entry: Authority) -> bool:
    return entry.status == "active" and any(
        d.function in ("law-enforcement", "fiu", "asset-recovery-office") for d in entry.designations
    )


def _route(question: Question, held: Held, designations: list[Designation]) -> Route:
    entry = held.entry
    rule = _answer(question, entry, "lang")
    channel = _answers(question, entry, "channel")
    known = {a.aspect for a in entry.requirements.general}
    return Route(
        id=entry.id,
        n=held.n,
        position=held.position,
        band=held.band,
        designations=tuple(designations),
        why=tuple(_of_designation("designated", d, d.provision) for d in designations),
        basis=tuple(_basis(question, entry)),
        languages=tuple(_languages(question, rule)),
        language_source=_of_answer("lang", rule) if rule else None,
        channels=tuple(_of_answer("channel", a) for a in channel),
        urgent=tuple(_urgent(question, entry)),
        before=tuple(_of_answer(a.aspect, a) for a in _answers(question, entry, "draft-review")),
        unknown=tuple(
            a for a in ("lang", "channel", "urgent", "basis-uncac", "dual-criminality", "content") if a not in known
        ),
    )


def _basis(question: Question, entry: Authority) -> Iterator[Cited]:
    """What the State says of the legal basis; a bilateral or regional treaty goes before the Convention, 46(7)."""
    if question.kind in TREATY_FREE:
        return
    for aspect in ("basis-treaty-required", "basis-uncac", "basis-treaty", "basis-reciprocity"):
        for answer in _answers(question, entry, aspect):
            yield _of_answer(aspect, answer)


def _languages(question: Question, rule: Answer | None) -> Iterator[LanguageChoice]:
    """Acceptable sets, those that the requesting State can write in its own language first."""
    if rule is None:
        return
    place = states.place(question.requesting) if question.requesting else None
    own = place.languages if place else ()
    usable = [alt for alt in rule.languages if "additional" not in alt.conditions]
    choices = [LanguageChoice(rule=alt, shared=tuple(t for t in alt.languages if t in own)) for alt in usable]
    yield from sorted(choices, key=lambda c: len(c.shared) < len(c.rule.languages))


def _urgent(question: Question, entry: Authority) -> Iterator[Cited]:
    if not question.urgent:
        return
    for answer in _answers(question, entry, "urgent"):
        yield _of_answer("urgent", answer)
    for answer in _answers(question, entry, "channel"):
        if "interpol" in answer.values:
            yield _of_answer("interpol", answer)
    for contact in entry.contacts:
        if contact.purpose in ("urgent", "round-the-clock"):
            numbers = tuple(t.e164 or t.printed for t in contact.telephones)
            yield Cited(code=contact.purpose, values=numbers, path=f"contacts[{contact.key}]")


def _answers(question: Question, entry: Authority, aspect: str) -> list[Answer]:
    """Answers on an aspect that hold for the kind and the treaty asked for; those for this treaty first."""
    wanted = question.treaty or "uncac"
    found = [
        a
        for a in entry.requirements.general
        if a.aspect == aspect
        and (not a.functions or question.kind in a.functions or set(FALLBACK.get(question.kind, ())) & set(a.functions))
    ]
    for_treaty = [a for a in found if wanted in a.treaties or not a.treaties]
    return for_treaty or found


def _answer(question: Question, entry: Authority, aspect: str) -> Answer | None:
    """The answer that carries a rule, where one does."""
    found = _answers(question, entry, aspect)
    return next((a for a in found if a.languages), None)


def _of_answer(code: str, answer: Answer) -> Cited:
    text = answer.text[0].text if answer.text else None
    values = answer.values or ((answer.answer,) if answer.answer else ())
    return Cited(
        code=code, values=values, text=text, path=f"requirements.general[{answer.key}]", sources=answer.sources
    )


def _of_designation(code: str, designation: Designation, text: str | None) -> Cited:
    values = tuple(v for v in (designation.function, designation.treaty) if v)
    return Cited(
        code=code, values=values, text=text, path=f"designations[{designation.key}]", sources=designation.sources
    )
