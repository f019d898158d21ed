"""Pages for people: one module a subject, every page under the prefix of its language."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from directory.web.pages import about, authority, changes, find, history, home, search, states
from directory.web.site import Site


def routers(site: Site) -> list[ControllerRouterHandler]:
    """The pages of every language, and the neutral addresses that lead to them."""
    handlers = [
        h
        for module in (home, find, search, states, authority, history, changes, about)
        for h in module.handlers(site)
        if isinstance(h, HTTPRouteHandler)
    ]
    per_language = [
        Router(path=f"/{lang.code}", route_handlers=handlers, include_in_schema=False) for lang in site.langs
    ]
    return [*per_language, *home.neutral(site, sorted({path for h in handlers for path in h.paths}))]
