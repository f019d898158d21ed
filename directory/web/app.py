"""The wiring, all of it: what is served, from which data, with which clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from directory.clock import Clock, system_clock
from directory.settings import Settings
from directory.store.database import Database
from directory.web import api, i18n, pages, problems
from directory.web.assets import IMMUTABLE
from directory.web.edge import Edge, encoding
from directory.web.site import Site


def create_app(
    settings: Settings, clock: Clock = system_clock, catalogs: i18n.Catalogs | None = None
) -> tuple[Litestar, Edge]:
    """The application and the layer around it that is served. The database opens with the application's lifespan.

    ``catalogs`` are the languages of the pages; left out, those that are installed.
    """
    db = Database(settings.database, readers=settings.readers, readonly=True)
    site = Site(settings, db, clock, i18n.installed() if catalogs is None else catalogs)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await db.open()
        try:
            yield
        finally:
            await db.close()

    @get("/static/{name:path}", include_in_schema=False, sync_to_thread=False)
    def static(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        asset = site.assets.by_path.get(name.lstrip("/"))
        if asset is None:
            raise NotFoundException
        headers = {"cache-control": IMMUTABLE}
        coding = encoding(request.headers.get("accept-encoding", ""))
        if asset.packed:
            headers["vary"] = "Accept-Encoding"
        if coding in asset.packed:
            headers["content-encoding"] = coding
        return Response(asset.packed.get(coding, asset.body), media_type=asset.media_type, headers=headers)

    app = Litestar(
        route_handlers=[*pages.routers(site), *api.handlers(site), static],
        exception_handlers=problems.handlers(site),
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
    )
    return app, Edge(app, settings.allowed_hosts, https=settings.base_url.startswith("https://"))
