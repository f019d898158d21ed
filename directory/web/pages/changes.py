"""The public log of changes."""

from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain import states
from directory.errors import Invalid, Problem
from directory.store import reader
from directory.web import params
from directory.web.site import Site

PAGE = 50


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/changes``, newest first; ``before`` is a position."""

    @get("/changes")
    async def changes(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.only(params.of(request), "state", "before")
        before = params.number(given["before"], "before", 1, 10**12) if given.get("before") else None
        state = given.get("state", "").upper() or None
        if state and not states.is_state(state):
            message = f"There is no State with the code {state[:20]!r}."
            raise Invalid(message, [Problem(field="state", code="unknown-code", message=message)])
        rows, position = await site.read(
            lambda c: (
                reader.changes(c, until=before - 1 if before else None, state=state, limit=PAGE + 1, newest=True),
                reader.position(c),
            )
        )
        more = rows[PAGE - 1].position if len(rows) > PAGE else None
        return site.page(request, "changes.html", rows=rows[:PAGE], more=more, state=state, position=position)

    return [changes]
