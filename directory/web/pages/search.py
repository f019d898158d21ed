"""Search results and the finder's first step."""

from typing import Any

from litestar import Request, get
from litestar.response import Redirect, Response
from litestar.types import ControllerRouterHandler
from msgspec import structs

from directory.domain import states
from directory.domain.query import FILTERS, Query, parse
from directory.errors import Invalid, Problem
from directory.store import search
from directory.store.rows import Facet
from directory.web import params
from directory.web.site import Site

SHOWN = {"state": 12, "territory": 8, "function": 12, "treaty": 8, "language": 10, "channel": 8, "band": 5, "status": 3}


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/search`` and ``/find``."""

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
            link=lambda **change: _link(query, **change),
        )  # fmt: skip

    @get("/find")
    async def find(request: Request[Any, Any, Any]) -> Response[bytes] | Redirect:
        given = params.only(params.of(request), "state", "for")
        text, function = given.get("state", ""), given.get("for", "")
        codes = tuple(c for c in states.resolve(text) if states.is_state(c)) if text else ()
        if len(codes) != 1:
            return site.page(
                request, "find.html", status=404 if text and not codes else 200, text=text, function=function,
                choices=codes or states.closest(text), ambiguous=len(codes) > 1,
            )  # fmt: skip
        return Redirect(
            f"/{site.lang_of(request).code}/states/{codes[0].lower()}" + (f"?for={function}" if function else ""),
            status_code=303,
        )

    return [results, find]


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
