"""The whole directory as a file, streamed: nothing is ever held but one page of entries."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Callable
from datetime import date
from typing import Any

from litestar import Request, get
from litestar.response import Response, Stream
from litestar.types import ControllerRouterHandler

from directory.actions.exporting import Extract, Wanted
from directory.exports.formats import FORMATS, MEDIA_TYPES
from directory.exports.item import Contents
from directory.exports.table import Table
from directory.exports.writers import Writer
from directory.store.database import Connection
from directory.web.api.entries import AS_OF, KNOWN_AT
from directory.web.api.operation import Operation
from directory.web.api.parameters import Parameter, moment
from directory.web.api.replies import OPEN, REVALIDATE, Held, Reply, respond, tag
from directory.web.edge import encoding
from directory.web.site import Site

CHUNK = 64 * 1024
POSITION = Parameter(
    name="position", kind="number", high=10**12, about="Only what the log held at this position: the same bytes again.",
    example=1,
)  # fmt: skip
BOM = Parameter(
    name="bom", kind="code", choices=("yes",), about="Begin with the mark by which Excel knows UTF-8.", example="yes"
)
_ABOUT = {
    "ndjson": "One line an entry: its document as it is stored, its version, its freshness. The last line says how "
    "many there were; a file without it is cut.",
    "csv": "Readable columns, and ``document`` with the whole entry. Cells that a spreadsheet would take for formulas "
    "have an apostrophe in front.",
    "json": "All entries in one object.",
}
FILES = tuple(
    Operation(
        id=f"export{form.capitalize()}",
        path=f"/exports/authorities.{form}",
        tag="files",
        summary=f"Every entry as {form.upper()}, with what the States declared",
        about=_ABOUT[form],
        parameters=(AS_OF, KNOWN_AT, POSITION, *((BOM,) if form == "csv" else ())),
        media_type=MEDIA_TYPES[form],
        answers_with="The file.",
        refusals={404: "The log has not reached this position."},
    )
    for form in FORMATS
)
OPERATIONS = FILES


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Their addresses."""
    return [_handler(site, form, operation) for form, operation in zip(FORMATS, FILES, strict=True)]


def _handler(site: Site, form: str, operation: Operation) -> ControllerRouterHandler:
    @get(operation.path)
    async def whole(request: Request[Any, Any, Any]) -> Response[Any]:
        asked = operation.read(request)
        wanted = Wanted(
            as_of=date.fromisoformat(asked["as-of"][0]) if "as-of" in asked else None,
            known_at=moment(asked["known-at"][0]) if "known-at" in asked else None,
            position=int(asked["position"][0]) if "position" in asked else None,
        )
        extract = await site.read(lambda c: Extract(c, wanted, site.today(), site.clocks))
        fixed = extract.contents
        validator = tag("x", fixed.position, fixed.as_of if wanted.of_now or not wanted.as_of else "past")
        if held := Held(request).match(validator):
            return respond(Reply(tag=held, position=fixed.position, body=None), REVALIDATE)
        packed = encoding(request.headers.get("accept-encoding", "")) in ("br", "gzip")
        writer = _writer(form, fixed, bom="bom" in asked)
        headers = {
            **OPEN,
            "etag": f'{validator[:-1]}-gzip"' if packed else validator,
            "cache-control": REVALIDATE,
            "vary": "Accept-Encoding",
            "log-position": str(fixed.position),
            "content-disposition": f'attachment; filename="authorities-{fixed.as_of}.{form}"',
            **({"content-encoding": "gzip"} if packed else {}),
        }
        return Stream(_pieces(site, extract, writer, packed=packed), media_type=writer.media_type, headers=headers)

    return whole


def _writer(form: str, fixed: Contents, *, bom: bool) -> Writer:
    return Table(fixed, bom=bom) if form == "csv" else FORMATS[form](fixed)


async def _pieces(site: Site, extract: Extract, writer: Writer, *, packed: bool) -> AsyncGenerator[bytes, None]:
    """The file in pieces of 64 KB; after each one everybody else has a turn."""
    press = zlib.compressobj(6, zlib.DEFLATED, 31) if packed else None
    yield _pressed(press, writer.begin())
    after: str | None = ""
    while after is not None:
        page, after = await site.read(_page_of(extract, writer, after))
        for start in range(0, len(page), CHUNK):
            yield _pressed(press, page[start : start + CHUNK])
            await asyncio.sleep(0)
    yield _pressed(press, writer.end()) + (press.flush() if press else b"")


def _pressed(press: "zlib._Compress | None", data: bytes) -> bytes:
    return press.compress(data) if press else data


def _page_of(extract: Extract, writer: Writer, after: str) -> Callable[[Connection], tuple[bytes, str | None]]:
    """One page written, and the last identifier on it; made where it is read, off the event loop."""

    def unit(c: Connection) -> tuple[bytes, str | None]:
        items = extract.page(c, after)
        return b"".join(map(writer.row, items)), items[-1].id if items else None

    return unit
