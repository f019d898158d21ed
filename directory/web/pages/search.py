"""Search results."""

from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from msgspec import structs

from directory.domain import states
from directory.domain.query import FILTERS, Query, parse
from directory.errors import Invalid, Problem
from directory.store import search
from directory.store.rows import Facet
from directory.web import params
from directory.web.site import Site

SHOWN = {"state": 8, "territory": 6, "function": 8, "treaty": 6, "language": 8, "channel": 6, "band": 5, "status": 3}


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/search``."""

    @get("/search")
    async def results(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.of(request)
        problems: tuple[Problem, ...] = ()
        try:
            query = parse({k: v for k, v in given.items() if any(v)})
        except Invalid as error:
            text = " ".join(given.get("q", []))[:200]
            query, problems = Query(text=text), error.problems
        found = await site.read(lambda c: search.find(c, query, site.today(), site.clocks))
        return site.page(
            request, "search.html", status=400 if problems else 200, query_=query, found=found, problems=problems,
            facets=_grouped(found.facets, query),
            chosen=_chosen(query), near=states.closest(query.text) if query.text and not found.rows else (),
            link=lambda **change: _link(query, **change), shown=SHOWN,
        )  # fmt: skip

    return [results]


def _grouped(facets: tuple[Facet, ...], query: Query) -> list[tuple[str, list[tuple[str, int, bool]]]]:
    """Facets by name, in the order in which they narrow: value, count, whether it is chosen."""
    out = []
    for name in FILTERS:
        chosen = set(getattr(query, name))
        values = [(f.value, f.count, f.value in chosen) for f in facets if f.name == name]
        if len(values) > 1 or chosen:
            out.append((name, values))
    return out


def _chosen(query: Query) -> list[tuple[str, str]]:
    return [(name, value) for name in FILTERS for value in getattr(query, name)]


def _link(query: Query, **change: Any) -> dict[str, Any]:
    """Parameters of the same question with one thing changed: add=(name, value), drop=(name, value), after=token."""
    changed = query
    if "add" in change:
        name, value = change["add"]
        changed = structs.replace(changed, **{name: (*getattr(changed, name), value)})
    if "drop" in change:
        name, value = change["drop"]
        changed = structs.replace(changed, **{name: tuple(v for v in getattr(changed, name) if v != value)})
    out: dict[str, Any] = {name: list(getattr(changed, name)) for name in FILTERS if getattr(changed, name)}
    if changed.text:
        out["q"] = changed.text
    if changed.as_of and not change.get("now"):
        out["as-of"] = changed.as_of.isoformat()
    if change.get("after"):
        out["after"] = change["after"]
    return out
