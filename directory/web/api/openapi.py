"""The OpenAPI 3.1 document, made of a table of operations and the types that they answer with.

Written by hand and held against the running application by a test that visits every operation; the framework's own
document loses descriptions, formats and discriminators.
"""

from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from directory import __version__
from directory.domain import states, vocabulary
from directory.domain.freshness import BANDS
from directory.domain.query import FILTERS, MAX_LIMIT, MAX_TEXT
from directory.web import params
from directory.web.api import answers as a
from directory.web.api.reading import answer
from directory.web.problems import ProblemDetails
from directory.web.site import Site

DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
ID = {"type": "string", "pattern": r"^[a-z]{2}(-[a-z0-9]+)+$", "maxLength": 56}


class Operation(Struct, frozen=True, kw_only=True):
    """One GET: parameters as (name, schema, description), the type of its answer or a media type."""

    path: str
    id: str
    summary: str
    query: tuple[tuple[str, dict[str, Any], str], ...] = ()
    inside: tuple[tuple[str, dict[str, Any], str], ...] = ()
    gives: type[Struct] | None = None
    media: str = "application/json"
    refusals: tuple[int, ...] = (400, 404)


def _codes(name: str) -> dict[str, Any]:
    if name in ("state", "territory"):
        return {"type": "array", "items": {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"}}
    if name == "language":
        return {"type": "array", "items": {"type": "string", "pattern": r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}}
    known = list(BANDS) if name == "band" else [c.code for c in vocabulary.scheme(name)]
    return {"type": "array", "items": {"type": "string", "enum": known}}


AS_OF = ("as-of", DAY, "The day whose version is asked for; default today (UTC).")
KNOWN_AT = ("known-at", DAY, "Only what the log held at the end of this day; an instant is taken too.")
ENTRY = ("entry_id", ID, "Identifier of the authority, such as gb-ukca.")

OPERATIONS = (
    Operation(
        path="/api/v1/authorities", id="listAuthorities", gives=a.AuthorityList, refusals=(400,),
        summary="Authorities that match a text and filters, with counts. Filters are AND between names, OR within one.",
        query=(
            ("q", {"type": "string", "maxLength": MAX_TEXT}, "Words to search for; any text is allowed."),
            *((name, _codes(name), f"Keep only this {name}; may be repeated.") for name in FILTERS),
            AS_OF, KNOWN_AT,
            ("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 50}, "Rows on a page."),
            ("after", {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, "The token `next` of the page before."),
        ),
    ),
    Operation(path="/api/v1/authorities/{entry_id}", id="getAuthority", gives=a.AuthorityAnswer, inside=(ENTRY,), query=(AS_OF, KNOWN_AT), summary="One authority, now or as of a day."),
    Operation(path="/api/v1/authorities/{entry_id}/versions", id="listVersions", gives=a.VersionList, inside=(ENTRY,), summary="All versions of an authority, without their content."),
    Operation(path="/api/v1/authorities/{entry_id}/versions/{number}", id="getVersion", gives=a.AuthorityAnswer, inside=(ENTRY, ("number", {"type": "integer", "minimum": 1}, "Number of the version.")), summary="One version of an authority; its content never changes."),
    Operation(path="/api/v1/states", id="listStates", gives=a.StateList, refusals=(400,), summary="Every State with the number of its authorities."),
    Operation(path="/api/v1/states/{code}", id="getState", gives=a.StateAnswer, inside=(("code", {"type": "string", "enum": [p.code for p in states.all_states()]}, "ISO 3166-1 alpha-2 code."),), summary="One State, its authorities and declarations."),
    Operation(path="/api/v1/changes", id="listChanges", gives=a.ChangeList, refusals=(400, 409), summary="Records of the log after a position.", query=(("since", {"type": "integer", "minimum": 0, "default": 0}, "The last position that you hold."), ("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "Records at most."), ("state", {"type": "string", "enum": [p.code for p in states.all_states()]}, "Only records on entries of this State."))),
    Operation(path="/api/v1/vocabulary", id="getVocabulary", gives=a.Vocabulary, refusals=(400,), summary="Every code with its label and articles."),
    Operation(path="/api/v1/proof/{position}", id="getProof", gives=a.InclusionAnswer, inside=(("position", {"type": "integer", "minimum": 1}, "Position of the record, from 1."),), query=(("format", {"type": "string", "enum": ["json"]}, "json; tlog-proof gives the C2SP text."),), summary="Proof that a record is in the signed log."),
    Operation(path="/exports/authorities.ndjson", id="exportNdjson", media="application/x-ndjson", refusals=(400,), query=(AS_OF, KNOWN_AT), summary="Every entry in force, one a line, ended by a line with their number."),
    Operation(path="/exports/authorities.csv", id="exportCsv", media="text/csv", refusals=(400,), query=(AS_OF, KNOWN_AT), summary="The same as a table; the last column holds the whole entry."),
    Operation(path="/checkpoint", id="getCheckpoint", media="text/plain", summary="The newest signed checkpoint (C2SP tlog-checkpoint)."),
    Operation(path="/blob/{commitment}", id="getBlob", inside=(("commitment", {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "As in a record of the log."),), summary="Salt and public content behind a commitment."),
)  # fmt: skip


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/api/v1/openapi.json``."""
    whole = document(site.settings.base_url)

    @get("/api/v1/openapi.json", sync_to_thread=False)
    def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        return answer(whole)

    return [openapi]


def document(base_url: str) -> dict[str, Any]:
    """The whole document."""
    types = [op.gives for op in OPERATIONS if op.gives] + [ProblemDetails]
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Central Authorities Directory",
            "version": __version__,
            "description": "Read-only. Absent fields of an entry mean: not stated. Unknown parameters are refused by name.",
        },
        "servers": [{"url": base_url}],
        "paths": {op.path: {"get": _operation(op)} for op in OPERATIONS},
        "components": {"schemas": components},
    }


def _operation(op: Operation) -> dict[str, Any]:
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{op.gives.__name__}"} if op.gives else {"type": "object"}
    if op.media != "application/json":
        schema = {"type": "string"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        "operationId": op.id,
        "summary": op.summary,
        "parameters": [
            *({"name": n, "in": "path", "required": True, "schema": s, "description": d} for n, s, d in op.inside),
            *({"name": n, "in": "query", "schema": s, "description": d} for n, s, d in op.query),
        ],
        "responses": {
            "200": {"description": "The answer.", "content": {op.media: {"schema": schema}}},
            **{str(code): {"description": "Why not.", "content": problem} for code in op.refusals},
        },
    }
