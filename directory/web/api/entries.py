"""Entries: one, all its versions, one of them, lists and search."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.actions.exporting import info
from directory.domain import query as queries
from directory.domain import states, vocabulary
from directory.domain.freshness import BANDS, assess
from directory.errors import Invalid, NotFound
from directory.exports.item import VersionFacts
from directory.store import projection, reader, search
from directory.store.database import Connection
from directory.store.rows import Row, Version, VersionMeta
from directory.web import params
from directory.web.api.answers import (
    AuthoritiesAnswer,
    AuthorityAnswer,
    Listed,
    VersionAnswer,
    VersionListed,
    VersionsAnswer,
)
from directory.web.api.operation import Operation
from directory.web.api.parameters import Parameter, moment
from directory.web.api.replies import ERASABLE, REVALIDATE, Held, Reply, respond, stored, tag
from directory.web.site import Site

ID = Parameter(
    name="id", kind="path", pattern=r"^[a-z]{2}(-[a-z0-9]+)+$", about="Identifier of an authority.", example="gb-ukca"
)
NUMBER = Parameter(
    name="n", kind="number", low=1, high=10**6, about="Number of a version, in the order in which the log took them.",
    example=1,
)  # fmt: skip
AS_OF = Parameter(
    name="as-of", kind="day", about="The state in force on this day, by all that is known today.", example="2016-01-01"
)
KNOWN_AT = Parameter(
    name="known-at", kind="moment", about="Only what the log held at this instant, or at the end of this day.",
    example="2026-11-24",
)  # fmt: skip
FIELDS = tuple(name for name in Listed.__struct_fields__ if name != "id")


def _filter(name: str, about: str, choices: Collection[str]) -> Parameter:
    return Parameter(name=name, kind="code", about=about, choices=tuple(choices), many=True)


def _codes(scheme: str) -> list[str]:
    return [concept.code for concept in vocabulary.scheme(scheme)]


STATE = _filter("state", "Two-letter code of the State.", [p.code for p in states.all_states()])
LIST = Operation(
    id="listAuthorities",
    path="/api/v1/authorities",
    tag="entries",
    summary="Authorities in force, by words and filters",
    about="Filters of different names must all hold, of one name any. Words are found as beginnings of words, in any "
    "script, with slips of the hand forgiven; names of States in many languages count as filters.",
    parameters=(
        Parameter(name="q", kind="text", longest=queries.MAX_TEXT, about="Words to search for.", example="justice"),
        STATE,
        _filter(
            "territory", "Code of a territory with a separate system.",
            [t.code for s in states.all_states() for t in states.territories(s.code)],
        ),
        _filter("function", "What the authority is designated for.", _codes("function")),
        _filter("treaty", "Treaty under which it is designated.", _codes("treaty")),
        _filter("language", "Language in which requests are accepted.", states.language_codes()),
        _filter("channel", "Channel through which requests may come.", _codes("channel")),
        _filter("band", "How fresh the last confirmation is.", BANDS),
        _filter("status", "Whether it receives requests.", _codes("status")),
        AS_OF,
        KNOWN_AT,
        _filter("fields", "Only these fields of each line; ``document`` adds the whole entry.", FIELDS),
        Parameter(name="limit", kind="number", low=1, high=queries.MAX_LIMIT, about="Lines a page; 50 if not given."),
        Parameter(name="after", kind="token", about="Token of the next page, as the page before gave it in ``next``."),
    ),
    answer=AuthoritiesAnswer,
    answers_with="One page, with counts over the whole answer.",
    refusals={404: "There is no page with this token."},
    next_page=True,
)  # fmt: skip
ENTRY = Operation(
    id="getAuthority",
    path="/api/v1/authorities/{id}",
    tag="entries",
    summary="One authority, as it is or as it was",
    places=(ID,),
    parameters=(AS_OF, KNOWN_AT),
    answer=AuthorityAnswer,
    answers_with="The entry with the version in force.",
    refusals={404: "There is no such authority, or it had no version then, or its content was erased."},
)
VERSIONS = Operation(
    id="listVersions",
    path="/api/v1/authorities/{id}/versions",
    tag="entries",
    summary="All versions of an authority, without their content",
    places=(ID,),
    answer=VersionsAnswer,
    answers_with="Versions in the order of the days from which they were true.",
    refusals={404: "There is no such authority."},
)
VERSION = Operation(
    id="getVersion",
    path="/api/v1/authorities/{id}/versions/{n}",
    tag="entries",
    summary="One version of an authority",
    about="The answer never changes; only erasure of its content can end it.",
    places=(ID, NUMBER),
    answer=VersionAnswer,
    answers_with="The version with its content.",
    refusals={404: "There is no such version, or its content was erased."},
)
OPERATIONS = (LIST, ENTRY, VERSIONS, VERSION)


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Their addresses."""

    @get(LIST.path)
    async def authorities(request: Request[Any, Any, Any]) -> Response[bytes]:
        asked = LIST.read(request)
        query, fields = _query(asked)
        held = Held(request)
        reply = await site.read(lambda c: _list(c, site, query, fields, held))
        headers = {"link": _next(site, request, reply.next)} if reply.next else {}
        return respond(reply, REVALIDATE, headers=headers)

    @get("/api/v1/authorities/{entry_id:str}")
    async def authority(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[bytes]:
        asked = ENTRY.read(request)
        held = Held(request)
        reply = await site.read(lambda c: _entry(c, site, entry_id, asked, held))
        return respond(reply, REVALIDATE)

    @get("/api/v1/authorities/{entry_id:str}/versions")
    async def versions(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[bytes]:
        VERSIONS.read(request)
        held = Held(request)
        here = f"{site.settings.base_url}/api/v1/authorities/{entry_id}/versions"
        return respond(await site.read(lambda c: versions_of(c, _metas(c, entry_id), here, held)), REVALIDATE)

    @get("/api/v1/authorities/{entry_id:str}/versions/{number:str}")
    async def version(
        request: Request[Any, Any, Any], entry_id: FromPath[str], number: FromPath[str]
    ) -> Response[bytes]:
        VERSION.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _version(c, entry_id, number, held)), ERASABLE)

    return [authorities, authority, versions, version]


def listed(row: Row, site: Site, fields: Collection[str] = (), document: bytes | None = None) -> Listed:
    """A row as it goes out; ``fields`` empty: all but the document."""
    values: dict[str, Any] = {
        "url": f"{site.settings.base_url}/authorities/{row.id}",
        "state": row.state,
        "state_name": states.name(row.state),
        "territory": row.territory,
        "name": row.name,
        "native_name": row.native_name,
        "unit": row.unit,
        "functions": row.functions,
        "treaties": row.treaties,
        "languages": row.languages,
        "channels": row.channels,
        "status": row.status,
        "version": row.n,
        "position": row.position,
        "effective_on": row.effective_on,
        "changed": row.changed,
        "confirmed": row.confirmed,
        "freshness": row.band,
        "source_date": row.source_date,
    }
    if document is not None:
        values["document"] = stored(document)
    return Listed(id=row.id, **{k: v for k, v in values.items() if not fields or k in fields})


def facts(meta: VersionMeta) -> VersionFacts:
    """What never changes about a version."""
    whole = info(meta)
    return VersionFacts(**{name: getattr(whole, name) for name in VersionFacts.__struct_fields__})


def _query(asked: Mapping[str, list[str]]) -> tuple[queries.Query, list[str]]:
    """The question and the fields of its answer. Raises NotFound for a token that nobody gave."""
    given = {name: values for name, values in asked.items() if name != "fields"}
    if "known-at" in given:
        given["known-at"] = [moment(text) or text for text in given["known-at"]]
    try:
        return queries.parse(given), asked.get("fields", [])
    except Invalid as error:
        if all(problem.code == "no-token" for problem in error.problems):
            raise NotFound("There is no page with this token; take the one that an answer gave as `next`.") from error
        raise


def _list(c: Connection, site: Site, query: queries.Query, fields: list[str], held: Held) -> Reply:
    head = reader.position(c)

    def make() -> AuthoritiesAnswer:
        found = search.find(c, query, site.today(), site.clocks)
        facets: dict[str, dict[str, int]] = {}
        for facet in found.facets:
            facets.setdefault(facet.name, {})[facet.value] = facet.count
        return AuthoritiesAnswer(
            authorities=tuple(listed(row, site, fields, _document(c, row, fields)) for row in found.rows),
            total=found.total, facets=facets, corrected=found.corrected, states=found.states, next=found.next,
            position=head,
        )  # fmt: skip

    return held.reply(tag("l", *state_of_lists(c, site)), head, make)


def state_of_lists(c: Connection, site: Site) -> tuple[object, ...]:
    """All that a list can depend on: the log, the day (bands), and the day for which the list itself was made."""
    return reader.position(c), site.today(), projection.day_of(c)


def _document(c: Connection, row: Row, fields: list[str]) -> bytes | None:
    if "document" not in fields:
        return None
    version = reader.version(c, row.id, row.n)
    return version.body if version else None


def _entry(c: Connection, site: Site, entry_id: str, asked: Mapping[str, list[str]], held: Held) -> Reply:
    day = date.fromisoformat(asked["as-of"][0]) if "as-of" in asked else None
    known_at = moment(asked["known-at"][0]) if "known-at" in asked else None
    metas = _metas(c, entry_id)
    last = reader.current_position(c, entry_id) or max(m.position for m in metas)
    head = reader.position(c)
    version = reader.in_force(c, entry_id, day or site.today(), known_at or reader.EVER)
    if version is None:
        raise NotFound(_not_then(entry_id, metas, day, known_at))
    of_now = day is None and known_at is None
    fresh = assess(*reader.confirmation(c, entry_id), site.today(), site.clocks) if of_now else None
    answer = AuthorityAnswer(
        authority=stored(version.body), version=info(version.meta), freshness=fresh,
        as_of=day.isoformat() if day else None, known_at=known_at, position=last,
    )  # fmt: skip
    # What the day alone can change (a scheduled version, the band) is in the validator beside the position.
    return held.reply(tag("e", last, version.meta.n, fresh.band if fresh else "past"), head, lambda: answer)


def versions_of(c: Connection, metas: list[VersionMeta], here: str, held: Held) -> Reply:
    """All versions of one entry; ``here`` is the address below which each is to be read."""
    entry_id = metas[0].id
    last = reader.current_position(c, entry_id) or max(m.position for m in metas)

    def make() -> VersionsAnswer:
        found = []
        for meta in metas:
            whole = info(meta)
            values = {name: getattr(whole, name) for name in whole.__struct_fields__}
            found.append(VersionListed(**values, url=f"{here}/{meta.n}"))
        return VersionsAnswer(id=entry_id, versions=tuple(found), position=last)

    return held.reply(tag("h", last), reader.position(c), make)


def _version(c: Connection, entry_id: str, number: str, held: Held) -> Reply:
    _metas(c, entry_id)
    version = numbered(c, entry_id, number)
    answer = VersionAnswer(authority=stored(version.body), version=facts(version.meta))
    return held.reply(tag("v", version.meta.position), reader.position(c), lambda: answer)


def numbered(c: Connection, entry_id: str, number: str) -> Version:
    """A version by its number as it stands in an address. Raises NotFound."""
    version = reader.version(c, entry_id, int(number)) if NUMBER.problem(number) is None else None
    if version is None:
        raise NotFound(f"{entry_id} has no version {number[:20]!r}.")
    return version


def _metas(c: Connection, entry_id: str) -> list[VersionMeta]:
    """All versions of an authority. Raises NotFound."""
    metas = reader.versions(c, entry_id) if "-" in entry_id else []
    if not metas:
        raise NotFound(f"There is no authority {entry_id[:60]!r} in this directory.")
    return metas


def _not_then(entry_id: str, metas: list[VersionMeta], day: date | None, known_at: str | None) -> str:
    first = metas[0].effective_on
    if known_at is not None and known_at < min(m.recorded_at for m in metas):
        return f"At {known_at} the log held nothing on {entry_id}."
    return f"{entry_id} has no version for {day.isoformat() if day else 'today'}; its first takes effect on {first}."


def _next(site: Site, request: Request[Any, Any, Any], token: str) -> str:
    given = {name: values for name, values in params.of(request).items() if name != "after"}
    query = urlencode({**given, "after": [token]}, doseq=True)
    return f'<{site.settings.base_url}{LIST.path}?{query}>; rel="next"'
