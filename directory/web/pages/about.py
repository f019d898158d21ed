"""What this is, and how its parts are to be read."""

from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain import vocabulary
from directory.domain.query import Query
from directory.store import reader, search
from directory.web import params
from directory.web.site import Site


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/about``."""

    @get("/about")
    async def about(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        totals, never, checkpoint = await site.read(
            lambda c: (
                search.totals(c),
                search.find(c, Query(band=("never-confirmed",), limit=1), site.today(), site.clocks).total,
                reader.checkpoint(c),
            )
        )
        return site.page(
            request, "about.html", totals=totals, confirmed=totals[0] - never, checkpoint=checkpoint,
            bases=list(vocabulary.scheme("basis")),
        )  # fmt: skip

    return [about]
