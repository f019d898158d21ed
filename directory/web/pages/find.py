"""The finder: to whom to write, on what basis, in which language, by which channel."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain import route, states
from directory.domain.codec import decode_authority
from directory.errors import Invalid, Problem
from directory.store import reader, search
from directory.store.database import Connection
from directory.web import params
from directory.web.site import Site

KINDS = (
    "mla", "extradition", "asset-recovery", "transfer-of-sentenced-persons", "transfer-of-proceedings",
    "law-enforcement", "civil-administrative", "prevention",
)  # fmt: skip
STAGES = ("pre-trial", "trial", "enforcement")


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/find``; GET only, so that an answer can be shared."""

    @get("/find")
    async def find(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.only(params.of(request), "state", "for", "from", "stage", "territory", "urgent")
        text, sender = given.get("state", ""), given.get("from", "")
        codes, senders = _states(text), _states(sender)
        form: dict[str, Any] = {
            "given": given, "kinds": KINDS, "stages": STAGES,
            "places": states.territories(codes[0]) if len(codes) == 1 else (),
        }  # fmt: skip
        if text and len(codes) != 1:
            choices = codes or tuple(dict.fromkeys(c[:2] for c in states.closest(text)))
            return site.page(
                request,
                "find.html",
                status=200 if codes else 404,
                **form,
                choices=choices,
                field="state",
                text=text,
                answer=None,
            )
        if sender and len(senders) != 1:
            choices = senders or tuple(dict.fromkeys(c[:2] for c in states.closest(sender)))
            return site.page(
                request,
                "find.html",
                status=200 if senders else 404,
                **form,
                choices=choices,
                field="from",
                text=sender,
                answer=None,
            )
        if not text:
            return site.page(request, "find.html", **form, choices=(), field="", text="", answer=None)
        question = question_of(given, codes[0], senders[0] if senders else None, site)
        held = await site.read(lambda c: held_by(c, question, site))
        entries = {h.entry.id: h.entry for h in held}
        return site.page(
            request, "find.html", **form, choices=(), field="", text="", question=question, entries=entries,
            answer=route.find(question, held), sources={s.key: s for e in entries.values() for s in e.sources},
        )  # fmt: skip

    return [find]


def _states(text: str) -> tuple[str, ...]:
    """States that a name may mean; a territory leads to its State."""
    found = [states.place(c) for c in states.resolve(text)] if text else []
    return tuple(dict.fromkeys(p.parent or p.code for p in found if p))


def question_of(given: Mapping[str, str], requested: str, requesting: str | None, site: Site) -> route.Question:
    """The question in the parameters. Raises Invalid with every impossible combination and what to choose instead."""
    problems: list[Problem] = []
    kind = given.get("for") or "mla"
    if kind not in KINDS:
        message = f"{kind[:40]!r} is no kind of request. Choose from: {', '.join(KINDS)}."
        problems.append(Problem(field="for", code="unknown-code", message=message))
    stage = given.get("stage") or None
    if stage and stage not in STAGES:
        message = f"{stage[:40]!r} is no stage. Choose from: {', '.join(STAGES)}."
        problems.append(Problem(field="stage", code="unknown-code", message=message))
    territory = (given.get("territory") or "").upper() or None
    known = {p.code for p in states.territories(requested)}
    if territory and territory not in known:
        names = ", ".join(sorted(known)) or "none"
        message = f"{territory[:10]!r} is no territory of {states.name(requested)} known here. Known: {names}."
        problems.append(Problem(field="territory", code="unknown-code", message=message))
    if requesting == requested:
        message = "The requesting and the requested State are the same. Choose another State in one of the two fields."
        problems.append(Problem(field="from", code="same-state", message=message))
    if problems:
        raise Invalid("This question has no answer.", problems)
    return route.Question(
        requested=requested, kind=kind, requesting=requesting, territory=territory, stage=stage,
        urgent=given.get("urgent", "") not in ("", "0", "no"), day=site.today(),
    )  # fmt: skip


def held_by(c: Connection, question: route.Question, site: Site) -> list[route.Held]:
    """The State's authorities in force on the day of the question."""
    found = []
    for row in search.rows_of_state(c, question.requested, site.today(), site.clocks):
        version = reader.in_force(c, row.id, question.day)
        if version is not None:
            entry = decode_authority(version.body)
            found.append(route.Held(entry=entry, n=version.meta.n, position=version.meta.position, band=row.band))
    return found
