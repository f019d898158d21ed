"""The directory as files, now and as of a day, streamed."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from litestar import Request, get
from litestar.response import Response, Stream
from litestar.types import ControllerRouterHandler

from directory.domain import query as queries
from directory.exports import rows
from directory.exports.rows import Line
from directory.store import reader
from directory.store.rows import Version
from directory.web import params
from directory.web.api.reading import known_at
from directory.web.site import Site

PAGE = 500
TURN = 64 * 1024
FORMATS = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/exports/authorities.ndjson`` and ``.csv``."""
    return [_file(site, ending) for ending in FORMATS]


def _file(site: Site, ending: str) -> ControllerRouterHandler:
    @get(f"/exports/authorities.{ending}", name=f"export-{ending}")
    async def export(request: Request[Any, Any, Any]) -> Response[bytes] | Stream:
        given = params.only(params.of(request), "as-of", "known-at")
        day = queries.day(given["as-of"], "as-of") if "as-of" in given else site.today()
        known = known_at(given) or reader.EVER
        size = await site.read(reader.position)
        tag = f'"{ending}-{size}-{day.isoformat()}-{known}"'
        headers = {
            "etag": tag,
            "cache-control": "public, max-age=60",
            "content-disposition": f'attachment; filename="authorities-{day.isoformat()}-{size}.{ending}"',
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
        }
        if tag in [t.strip() for t in request.headers.get("if-none-match", "").split(",")]:
            return Response(b"", status_code=304, headers=headers)
        return Stream(_stream(site, ending, day, known, size), media_type=FORMATS[ending], headers=headers)

    return export


async def _stream(site: Site, ending: str, day: Any, known: str, size: int) -> AsyncIterator[bytes]:
    """Pages by identifier, each in one read; the event loop gets a turn after every 64 KB."""
    after, count, sent = "", 0, 0
    if ending == "csv":
        yield rows.csv_head()
    while True:
        page = await site.read(partial(reader.bodies, day=day, known_at=known, size=size, after=after, limit=PAGE))
        if not page:
            break
        after = page[-1].meta.id
        lines = [line(v) for v in page]
        for piece in rows.csv_rows(lines) if ending == "csv" else rows.ndjson(lines):
            count, sent = count + 1, sent + len(piece)
            yield piece
            if sent > TURN:
                sent = 0
                await asyncio.sleep(0)
    if ending == "ndjson":
        yield rows.end(count, size)


def line(version: Version) -> Line:
    """A version as the files have it."""
    m = version.meta
    return Line(
        body=version.body, n=m.n, position=m.position, effective_on=m.effective_on, precision=m.precision,
        basis=m.basis, recorded_at=m.recorded_at, reason=m.reason, commitment=m.commitment.hex(),
    )  # fmt: skip
