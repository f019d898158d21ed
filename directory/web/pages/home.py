"""The front page, and the addresses without a language."""

from collections.abc import Iterable
from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response
from litestar.types import ControllerRouterHandler

from directory.domain import states, vocabulary
from directory.store import reader, search
from directory.web import params
from directory.web.site import Site

KINDS = ("mla", "extradition", "asset-recovery", "prevention", "law-enforcement")


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/``."""

    @get("/")
    async def home(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        total, count, recent, head = await site.read(
            lambda c: (
                search.totals(c),
                search.state_counts(c),
                reader.changes(c, limit=6, newest=True),
                reader.position(c),
            )
        )
        return site.page(
            request, "home.html", total=total, tiles=tiles(count), recent=[r for r in recent if r.id],
            kinds=[vocabulary.scheme("function").get(k) for k in KINDS], position=head,
        )  # fmt: skip

    return [home]


def tiles(count: dict[str, tuple[int, str | None, str | None]]) -> list[tuple[str, int, int, int]]:
    """Squares of the map: code, column, row, and 1 confirmed, 4 never confirmed, 5 no entry."""
    found = []
    for code, (x, y) in sorted(states.tiles().items()):
        authorities, confirmed, _ = count.get(code, (0, None, None))
        found.append((code, x, y, 5 if not authorities else 1 if confirmed else 3))
    return found


def neutral(site: Site, paths: Iterable[str]) -> list[ControllerRouterHandler]:
    """Addresses without a language are permanent names; they lead to the reader's language."""

    @get(list(paths), include_in_schema=False)
    async def lead(request: Request[Any, Any, Any]) -> Redirect:
        lang = site.lang_of(request)
        query = request.scope["query_string"].decode("latin-1")
        path = request.scope["path"].lstrip("/")
        if path.startswith("authorities/") and path.endswith(".json"):
            return Redirect(f"/api/v1/{path.removesuffix('.json')}" + (f"?{query}" if query else ""), status_code=302)
        target = f"/{lang.code}/{path}" + (f"?{query}" if query else "")
        return Redirect(
            target, status_code=302, headers={"vary": "Accept-Language", "cache-control": "public, max-age=300"}
        )

    return [lead]
