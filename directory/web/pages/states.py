"""All States, and one State."""

import csv
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain import states, vocabulary
from directory.domain.authority import StateEntry
from directory.domain.codec import decode
from directory.domain.query import MAX_LIMIT, Query
from directory.domain.summary import sort_key
from directory.store import reader, search
from directory.store.database import Connection
from directory.store.rows import Row
from directory.web import params
from directory.web.pages.authority import wanted_day
from directory.web.refusals import N_, NotHere
from directory.web.site import Site

MAIN = ("mla", "extradition", "transfer-of-sentenced-persons", "asset-recovery", "law-enforcement", "prevention")


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/states`` and ``/states/{code}``."""

    @get("/states")
    async def all_states(request: Request[Any, Any, Any]) -> Response[bytes]:
        given = params.only(params.of(request), "group")
        count = await site.read(search.state_counts)
        lang = site.lang_of(request).code
        rows = [
            (p, *count.get(p.code, (0, None, None)))
            for p in states.all_states()
            if given.get("group") in (None, "", p.group)
        ]
        rows.sort(key=lambda row: sort_key(states.name(row[0].code, lang)))
        letters = groupby(rows, key=lambda row: sort_key(states.name(row[0].code, lang))[:1].upper())
        return site.page(
            request, "states.html", rows=rows, letters=[(letter, list(found)) for letter, found in letters],
            with_entry=sum(1 for row in rows if row[1]), groups=list(vocabulary.scheme("group")),
            group=given.get("group", ""),
        )  # fmt: skip

    @get("/states/{code:str}")
    async def one_state(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
        given = params.only(params.of(request), "for", "as-of", "d", "m", "y")
        day = wanted_day(given)
        place = states.place(code.upper())
        if place is None or place.parent is not None:
            raise NotHere(N_("There is no State with the code “%(code)s”."), code=code[:20])
        rows, own, declared = await site.read(
            lambda c: (
                _rows(c, place.code, day, site),
                reader.in_force(c, place.code.lower(), day or site.today()),
                reader.versions(c, place.code.lower()),
            )
        )
        by_function = [(f, [r for r in rows if f in r.functions]) for f in MAIN]
        others = sorted({f for r in rows for f in r.functions} - set(MAIN))
        by_function += [(f, [r for r in rows if f in r.functions]) for f in others]
        entry = decode(own.body) if own else None
        return site.page(
            request, "state.html", place=place, rows=rows, by_function=by_function, wanted=given.get("for", ""),
            declarations=entry if isinstance(entry, StateEntry) else None, treaties=treaty_status().get(place.code, ()),
            sources={s.key: s for s in entry.sources} if entry else {}, territories=states.territories(place.code),
            day=day, declared=list(reversed(declared)), meta=own.meta if own else None,
        )  # fmt: skip

    return [all_states, one_state]


def _rows(c: Connection, state: str, day: date | None, site: Site) -> Sequence[Row]:
    """Authorities of a State now, or as they stood on a day."""
    if day is None:
        return search.rows_of_state(c, state, site.today(), site.clocks)
    return search.find(c, Query(state=(state,), as_of=day, limit=MAX_LIMIT), site.today(), site.clocks).rows


@cache
def treaty_status() -> dict[str, list[dict[str, str]]]:
    """Signature and deposit by State, as of the day that the list itself gives."""
    text = (resources.files("directory.domain") / "data/treaty_status.csv").read_text("utf-8")
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["state"], []).append(row)
    return found
