"""The public log of changes."""

from itertools import groupby
from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain import states
from directory.store import reader
from directory.web import params
from directory.web.refusals import N_, NotUnderstood
from directory.web.site import Site

PAGE = 50


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/changes``, newest first; ``before`` is a position."""

    @get("/changes")
    async def changes(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.only(params.of(request), "state", "before")
        before = params.number(given["before"], "before", 1, 10**12) if given.get("before") else None
        state = _state(given.get("state", ""))
        rows, position = await site.read(
            lambda c: (
                reader.changes(c, until=before - 1 if before else None, state=state, limit=PAGE + 1, newest=True),
                reader.position(c),
            )
        )
        more = rows[PAGE - 1].position if len(rows) > PAGE else None
        days = [(day, list(found)) for day, found in groupby(rows[:PAGE], key=lambda r: r.at[:10])]
        return site.page(request, "changes.html", days=days, more=more, state=state, position=position)

    return [changes]


def _state(text: str) -> str | None:
    """The code of a State by its code or one of its names. Raises Invalid for none and for several."""
    if not text:
        return None
    codes = [c for c in states.resolve(text) if states.is_state(c)]
    if len(codes) != 1:
        near = [states.name(c) for c in codes or states.closest(text)]
        if near:
            message = N_("“%(given)s” names no single State. Did you mean: %(near)s?")
            raise NotUnderstood("state", "unknown-code", message, given=text[:60], near=" · ".join(near))
        raise NotUnderstood("state", "unknown-code", N_("There is no State called “%(given)s”."), given=text[:60])
    return codes[0]
