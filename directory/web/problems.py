"""One map from what went wrong to what is said: a page for people, problem+json (RFC 9457) for machines."""

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Response
from msgspec import Struct

from directory.errors import Conflict, DirectoryError, Invalid, NotFound, Problem, Refused, Unusable
from directory.web.refusals import Day, NotHere, NotUnderstood
from directory.web.site import Site

log = logging.getLogger("directory.web")

STATUS: dict[type[DirectoryError], int] = {Invalid: 400, NotFound: 404, Conflict: 409, Refused: 403, Unusable: 503}
MACHINE = ("/api/", "/exports/", "/tile/", "/blob/", "/checkpoint", "/static/")


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457; ``errors`` names each parameter or field with a sentence."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: tuple[Problem, ...] = ()
    request_id: str | None = None


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Whether a person asks; ``*/*`` counts as one outside the machine addresses."""
    path = request.scope["path"]
    if path.startswith(MACHINE) or path.endswith((".json", ".ndjson", ".csv")):
        return False
    wanted = request.headers.get("accept", "*/*")
    return "text/html" in wanted or "*/*" in wanted


def handlers(site: Site) -> dict[type[Exception] | int, Any]:
    """Exception handlers for the application."""

    def answer(
        request: Request[Any, Any, Any],
        status: int,
        detail: str,
        problems: tuple[Problem, ...] = (),
        *,
        allow: str | None = None,
        said: str = "",
    ) -> Response[bytes]:
        headers = {"allow": allow} if allow else {}
        title = HTTPStatus(status).phrase
        request_id = request.scope.get("state", {}).get("request_id")
        if wants_page(request):
            return site.page(
                request,
                "error.html",
                status=status,
                headers=headers,
                said=said,
                problems=() if said else problems,
                code=status,
                request_id=request_id,
            )
        body = ProblemDetails(title=title, status=status, detail=detail, errors=problems, request_id=request_id)
        return Response(
            msgspec.json.encode(body),
            status_code=status,
            media_type="application/problem+json",
            headers={"cache-control": "no-store", **headers},
        )

    def ours(request: Request[Any, Any, Any], error: DirectoryError) -> Response[bytes]:
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
        if status >= 500:
            log.error("unusable: %s", error.message)  # names files: for the operator, not for the public
            return answer(request, status, "The directory can't be read at the moment. It has been noted; try later.")
        said = ""
        if isinstance(error, NotHere | NotUnderstood):
            texts = site.texts(request)
            values = {k: texts.day(v) if isinstance(v, Day) else v for k, v in error.values.items()}
            said = texts.message(error.text) % values
        problems = error.problems if isinstance(error, Invalid) else ()
        if not said and not problems and status < 500:
            problems = (Problem(field="", code="refused", message=error.message),)
        return answer(request, status, error.message, problems, said=said)

    def of_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
        detail = {404: "There is nothing at this address.", 405: "This address does not take this method."}.get(
            error.status_code, "The request is not valid."
        )
        allow = (error.headers or {}).get("Allow") or (error.headers or {}).get("allow")
        return answer(request, error.status_code, detail, allow=allow)

    def any_other(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        log.error("unhandled", exc_info=error)
        return answer(request, 500, "The service failed. It has been noted; try again in a moment.")

    return {DirectoryError: ours, HTTPException: of_http, Exception: any_other}
