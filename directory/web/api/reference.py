"""States, vocabularies, and the records of the log as a feed."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.actions.exporting import info
from directory.domain import states, vocabulary
from directory.domain.states import Place
from directory.errors import Conflict, NotFound
from directory.store import reader, search
from directory.store.database import Connection
from directory.store.rows import Change, VersionMeta
from directory.web.api.answers import (
    ChangeListed,
    ChangesAnswer,
    DeclarationsAnswer,
    StateAnswer,
    StateListed,
    StatesAnswer,
    VersionsAnswer,
    VocabularyAnswer,
)
from directory.web.api.entries import NUMBER, STATE, facts, listed, numbered, state_of_lists, versions_of
from directory.web.api.operation import Operation
from directory.web.api.parameters import Parameter
from directory.web.api.replies import ERASABLE, REVALIDATE, Held, Reply, respond, stored, tag
from directory.web.site import Site

MAX_CHANGES = 500
Counts = tuple[int, str | None, str | None]

STATES = Operation(
    id="listStates",
    path="/api/v1/states",
    tag="reference",
    summary="All States, with how many authorities each has here",
    answer=StatesAnswer,
    answers_with="States by code, also those without an entry.",
)
CODE = Parameter(name="code", kind="path", pattern="^[A-Z]{2}$", about="Two-letter code of a State.", example="AR")
ONE_STATE = Operation(
    id="getState",
    path="/api/v1/states/{code}",
    tag="reference",
    summary="One State: its authorities and what it declared itself",
    places=(CODE,),
    answer=StateAnswer,
    answers_with="The State.",
    refusals={404: "There is no State with this code."},
)
STATE_VERSIONS = Operation(
    id="listStateVersions",
    path="/api/v1/states/{code}/versions",
    tag="reference",
    summary="All versions of what a State declared itself, without their content",
    places=(CODE,),
    answer=VersionsAnswer,
    answers_with="Versions in the order of the days from which they were true.",
    refusals={404: "There is no such State, or it declared nothing that is known here."},
)
STATE_VERSION = Operation(
    id="getStateVersion",
    path="/api/v1/states/{code}/versions/{n}",
    tag="reference",
    summary="One version of what a State declared itself",
    places=(CODE, NUMBER),
    answer=DeclarationsAnswer,
    answers_with="The version with its content.",
    refusals={404: "There is no such version, or its content was erased."},
)
VOCABULARY = Operation(
    id="getVocabulary",
    path="/api/v1/vocabulary",
    tag="reference",
    summary="All codes that entries use, with their labels and articles",
    answer=VocabularyAnswer,
    answers_with="Codes by scheme.",
)
CHANGES = Operation(
    id="listChanges",
    path="/api/v1/changes",
    tag="reference",
    summary="What the log took after a position, oldest first",
    about="Keep ``next`` and give it as ``since`` the next time: no change is missed and none comes twice.",
    parameters=(
        Parameter(name="since", kind="number", high=10**12, about="Position behind which to begin; 0 if not given."),
        Parameter(
            name="limit", kind="number", low=1, high=MAX_CHANGES, about="Records a page; 100 if not given.", example=100
        ),
        STATE,
    ),
    answer=ChangesAnswer,
    answers_with="Records with their positions.",
    refusals={409: "``since`` lies beyond the end of the log: it comes from another log, or from a lost one."},
)
OPERATIONS = (STATES, ONE_STATE, STATE_VERSIONS, STATE_VERSION, VOCABULARY, CHANGES)


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Their addresses."""

    @get(STATES.path)
    async def all_states(request: Request[Any, Any, Any]) -> Response[bytes]:
        STATES.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _states(c, site, held)), REVALIDATE)

    @get("/api/v1/states/{code:str}")
    async def one_state(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
        ONE_STATE.read(request)
        place, held = _place(code), Held(request)
        return respond(await site.read(lambda c: _state(c, site, place, held)), REVALIDATE)

    @get("/api/v1/states/{code:str}/versions")
    async def versions(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
        STATE_VERSIONS.read(request)
        place, held = _place(code), Held(request)
        here = f"{site.settings.base_url}/api/v1/states/{place.code}/versions"
        return respond(await site.read(lambda c: versions_of(c, _declared(c, place), here, held)), REVALIDATE)

    @get("/api/v1/states/{code:str}/versions/{number:str}")
    async def version(request: Request[Any, Any, Any], code: FromPath[str], number: FromPath[str]) -> Response[bytes]:
        STATE_VERSION.read(request)
        place, held = _place(code), Held(request)
        return respond(await site.read(lambda c: _declaration(c, place, number, held)), ERASABLE)

    @get(VOCABULARY.path)
    async def codes(request: Request[Any, Any, Any]) -> Response[bytes]:
        VOCABULARY.read(request)
        head = await site.read(reader.position)
        return respond(Held(request).reply(tag("vocabulary"), head, _vocabulary), REVALIDATE)

    @get(CHANGES.path)
    async def changes(request: Request[Any, Any, Any]) -> Response[bytes]:
        asked = CHANGES.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _changes(c, site, asked, held)), REVALIDATE)

    return [all_states, one_state, versions, version, codes, changes]


def _place(code: str) -> Place:
    """The State of an address. Raises NotFound."""
    place = states.place(code)
    if place is None or place.parent is not None:
        raise NotFound(f"There is no State with the code {code[:20]!r}.")
    return place


def _declared(c: Connection, place: Place) -> list[VersionMeta]:
    """Versions of what a State declared. Raises NotFound when there are none."""
    metas = reader.versions(c, place.code.lower())
    if not metas:
        raise NotFound(f"No declaration of {states.name(place.code)} is known here.")
    return metas


def _declaration(c: Connection, place: Place, number: str, held: Held) -> Reply:
    _declared(c, place)
    found = numbered(c, place.code.lower(), number)
    answer = DeclarationsAnswer(declarations=stored(found.body), version=facts(found.meta))
    return held.reply(tag("v", found.meta.position), reader.position(c), lambda: answer)


def _states(c: Connection, site: Site, held: Held) -> Reply:
    head = reader.position(c)

    def make() -> StatesAnswer:
        counts = search.state_counts(c)
        return StatesAnswer(states=tuple(_listed(p, counts) for p in states.all_states()), position=head)

    return held.reply(tag("a", *state_of_lists(c, site)), head, make)


def _state(c: Connection, site: Site, place: Place, held: Held) -> Reply:
    head = reader.position(c)

    def make() -> StateAnswer:
        own = reader.in_force(c, place.code.lower(), site.today())
        rows = search.rows_of_state(c, place.code, site.today(), site.clocks)
        return StateAnswer(
            state=_listed(place, search.state_counts(c)), authorities=tuple(listed(row, site) for row in rows),
            declarations=stored(own.body) if own else None, version=info(own.meta) if own else None, position=head,
        )  # fmt: skip

    return held.reply(tag("s", *state_of_lists(c, site)), head, make)


def _listed(place: Place, counts: dict[str, Counts]) -> StateListed:
    authorities, confirmed, source_date = counts.get(place.code, (0, None, None))
    return StateListed(
        code=place.code, alpha3=place.alpha3, names=place.names, group=place.group, languages=place.languages,
        authorities=authorities, confirmed=confirmed, source_date=source_date,
    )  # fmt: skip


def _vocabulary() -> VocabularyAnswer:
    return VocabularyAnswer(schemes={name: tuple(vocabulary.scheme(name)) for name in vocabulary.schemes()})


def _changes(c: Connection, site: Site, asked: dict[str, list[str]], held: Held) -> Reply:
    since = int(asked.get("since", ["0"])[0])
    limit = int(asked.get("limit", ["100"])[0])
    wanted: list[str | None] = [*asked.get("state", [])]
    head = reader.position(c)
    if since > head:
        raise Conflict(
            f"The log has {head} records and has not reached position {since}. If you were there before, the log was "
            "restored from an older copy: begin again from /exports/authorities.ndjson and report it."
        )

    def make() -> ChangesAnswer:
        found: list[Change] = []
        for state in wanted or (None,):
            found += reader.changes(c, since=since, state=state, limit=limit + 1)
        found.sort(key=lambda change: change.position)
        more = len(found) > limit
        shown = found[:limit]
        return ChangesAnswer(
            changes=tuple(_change(change, site) for change in shown), since=since, more=more,
            next=shown[-1].position if more else head, position=head,
        )  # fmt: skip

    return held.reply(tag("c", *state_of_lists(c, site)), head, make)


def _change(change: Change, site: Site) -> ChangeListed:
    where = None
    if change.id and change.n:
        kind = f"authorities/{change.id}" if "-" in change.id else f"states/{change.id.upper()}"
        where = f"{site.settings.base_url}/api/v1/{kind}/versions/{change.n}"
    return ChangeListed(
        position=change.position, type=change.type, at=change.at, id=change.id, version=change.n,
        effective_on=change.effective_on, precision=change.precision, reason=change.reason, name=change.name,
        state=change.state, url=where,
    )  # fmt: skip
