"""API v1: authorities, versions, States, changes, vocabulary."""

from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.clock import parse_instant
from directory.domain import query as queries
from directory.domain import states, vocabulary
from directory.domain.authority import StateEntry
from directory.domain.codec import decode, decode_authority
from directory.domain.freshness import assess
from directory.domain.query import parse
from directory.errors import Conflict, Invalid, NotFound, Problem
from directory.store import reader, search
from directory.store.rows import Version, VersionMeta
from directory.web import params
from directory.web.api import answers as a
from directory.web.site import Site

MAX_CHANGES = 1000
FRESH = "public, max-age=60"


def answer(value: Any, *, cache: str = FRESH) -> Response[bytes]:
    """JSON with the headers that every public answer carries."""
    return Response(
        msgspec.json.encode(value),
        media_type="application/json",
        headers={
            "cache-control": cache,
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
        },
    )


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Everything under ``/api/v1`` that reads entries."""
    return [*_lists(site), *_entries(site), *_others(site)]


def _lists(site: Site) -> list[ControllerRouterHandler]:
    @get("/api/v1/authorities")
    async def authorities(request: Request[Any, Any, Any]) -> Response[bytes]:
        query = parse(params.of(request))
        found, position = await site.read(
            lambda c: (search.find(c, query, site.today(), site.clocks), reader.position(c))
        )
        return answer(
            a.AuthorityList(
                authorities=found.rows, total=found.total, next=found.next, facets=found.facets,
                corrected=found.corrected, states=found.states, position=position,
            )
        )  # fmt: skip

    @get("/api/v1/states")
    async def all_states(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        count, position = await site.read(lambda c: (search.state_counts(c), reader.position(c)))
        return answer(a.StateList(states=tuple(_state(p.code, count) for p in states.all_states()), position=position))

    @get("/api/v1/states/{code:str}")
    async def one_state(request: Request[Any, Any, Any], code: str) -> Response[bytes]:
        params.only(params.of(request))
        if not states.is_state(code.upper()):
            raise NotFound(f"There is no State with the code {code[:20]!r}.")
        code = code.upper()
        rows, own, count, position = await site.read(
            lambda c: (
                search.rows_of_state(c, code, site.today(), site.clocks),
                reader.in_force(c, code.lower(), site.today()),
                search.state_counts(c),
                reader.position(c),
            )
        )
        entry = decode(own.body) if own else None
        return answer(
            a.StateAnswer(
                state=_state(code, count), authorities=tuple(rows),
                declarations=entry if isinstance(entry, StateEntry) else None, position=position,
            )
        )  # fmt: skip

    return [authorities, all_states, one_state]


def _entries(site: Site) -> list[ControllerRouterHandler]:
    @get(["/api/v1/authorities/{entry_id:str}"])
    async def authority(request: Request[Any, Any, Any], entry_id: str) -> Response[bytes]:
        given = params.only(params.of(request), "as-of", "known-at")
        day = queries.day(given["as-of"], "as-of") if "as-of" in given else site.today()
        known = known_at(given)
        version, confirmed, position = await site.read(
            lambda c: (
                reader.in_force(c, entry_id, day, known or reader.EVER),
                reader.confirmation(c, entry_id),
                reader.position(c),
            )
        )
        if version is None or "-" not in entry_id:
            raise NotFound(f"There is no authority {entry_id[:60]!r} as of {day.isoformat()}.")
        return answer(_entry(version, assess(*confirmed, site.today(), site.clocks), position))

    @get("/api/v1/authorities/{entry_id:str}/versions")
    async def versions(request: Request[Any, Any, Any], entry_id: str) -> Response[bytes]:
        params.only(params.of(request))
        found, position = await site.read(lambda c: (reader.versions(c, entry_id), reader.position(c)))
        if not found or "-" not in entry_id:
            raise NotFound(f"There is no authority {entry_id[:60]!r} in this directory.")
        return answer(a.VersionList(id=entry_id, versions=tuple(info(m) for m in found), position=position))

    @get("/api/v1/authorities/{entry_id:str}/versions/{number:str}")
    async def version(request: Request[Any, Any, Any], entry_id: str, number: str) -> Response[bytes]:
        params.only(params.of(request))
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise NotFound(f"There is no version {number[:20]!r} of {entry_id[:60]!r}.")
        n = int(number)
        found, confirmed, position = await site.read(
            lambda c: (reader.version(c, entry_id, n), reader.confirmation(c, entry_id), reader.position(c))
        )
        if found is None or "-" not in entry_id:
            raise NotFound(f"There is no version {n} of {entry_id[:60]!r}.")
        return answer(_entry(found, assess(*confirmed, site.today(), site.clocks), position))

    return [authority, versions, version]


def _others(site: Site) -> list[ControllerRouterHandler]:
    @get("/api/v1/changes")
    async def changes(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.only(params.of(request), "since", "limit", "state")
        since = params.number(given.get("since", "0"), "since", 0, 10**12)
        limit = params.number(given.get("limit", "100"), "limit", 1, MAX_CHANGES)
        state = given.get("state", "").upper() or None
        if state and not states.is_state(state):
            message = f"There is no State with the code {state[:20]!r}."
            raise Invalid(message, [Problem(field="state", code="unknown-code", message=message)])
        rows, position = await site.read(
            lambda c: (reader.changes(c, since=since, state=state, limit=limit + 1), reader.position(c))
        )
        if since > position:
            raise Conflict(
                f"The log has {position} records; {since} belongs to another log or to a state that was lost."
            )
        return answer(a.ChangeList(since=since, position=position, more=len(rows) > limit, changes=tuple(rows[:limit])))

    @get("/api/v1/vocabulary", sync_to_thread=False)
    def words(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        return answer(a.Vocabulary(schemes={name: tuple(vocabulary.scheme(name)) for name in vocabulary.schemes()}))

    return [changes, words]


def known_at(given: dict[str, str]) -> str | None:
    """The instant up to which records count; a day means its end. Raises Invalid."""
    text = given.get("known-at")
    if text is None:
        return None
    if len(text) == 10:
        return f"{queries.day(text, 'known-at').isoformat()}T23:59:59Z"
    try:
        parse_instant(text)
    except ValueError as problem:
        message = f"{text[:40]!r} is no instant; write it as 2016-01-01 or 2016-01-01T12:00:00Z."
        raise Invalid(message, [Problem(field="known-at", code="no-instant", message=message)]) from problem
    return text


def info(meta: VersionMeta) -> a.VersionInfo:
    """A version's facts on their way out."""
    return a.VersionInfo(
        n=meta.n, position=meta.position, effective_on=meta.effective_on, precision=meta.precision, basis=meta.basis,
        until=meta.until, recorded_at=meta.recorded_at, reason=meta.reason, commitment=meta.commitment.hex(),
    )  # fmt: skip


def _entry(version: Version, fresh: Any, position: int) -> a.AuthorityAnswer:
    return a.AuthorityAnswer(
        authority=decode_authority(version.body), version=info(version.meta), freshness=fresh, position=position
    )


def _state(code: str, count: dict[str, tuple[int, str | None, str | None]]) -> a.StateInfo:
    place = states.place(code)
    authorities, confirmed, source = count.get(code, (0, None, None))
    return a.StateInfo(
        code=code,
        names=dict(place.names) if place else {},
        authorities=authorities,
        confirmed=confirmed,
        newest_source=source,
    )
