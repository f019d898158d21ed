"""The API's description of itself."""

from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.store import reader
from directory.web import openapi
from directory.web.api import entries, files, log, reference
from directory.web.api.operation import Operation
from directory.web.api.replies import REVALIDATE, Held, respond, tag
from directory.web.site import Site

DESCRIPTION = Operation(
    id="getDescription",
    path="/api/v1/openapi.json",
    tag="reference",
    summary="This description",
    answer=dict[str, Any],
    answers_with="OpenAPI 3.1.",
)
OPERATIONS = (
    *entries.OPERATIONS, *reference.OPERATIONS, DESCRIPTION, *files.OPERATIONS, *log.OPERATIONS,
)  # fmt: skip


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/api/v1/openapi.json``."""

    @get(DESCRIPTION.path)
    async def description(request: Request[Any, Any, Any]) -> Response[bytes]:
        DESCRIPTION.read(request)
        head = await site.read(reader.position)
        reply = Held(request).reply(tag("openapi"), head, lambda: openapi.document(OPERATIONS, site.settings.base_url))
        return respond(reply, REVALIDATE)

    return [description]
