"""The log in public, in the forms of C2SP tlog-tiles: checkpoint, tiles, entries, contents, proofs."""

import base64
from typing import Any

from litestar import Request, get
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.errors import Invalid, NotFound
from directory.log import proof, tiles
from directory.log.tree import leaf_hash
from directory.store import reader
from directory.web import params
from directory.web.api.answers import InclusionAnswer
from directory.web.api.reading import answer
from directory.web.site import Site

IMMUTABLE = {
    "cache-control": "public, max-age=31536000, immutable",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
SOON = IMMUTABLE | {"cache-control": "public, max-age=5"}
BYTES = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/checkpoint``, ``/tile/…``, ``/blob/…`` and the proofs under ``/api/v1``."""

    @get("/checkpoint")
    async def checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
        params.only(params.of(request))
        note = await site.read(reader.checkpoint)
        if note is None:
            raise NotFound("Nothing has been signed yet.")
        return Response(note.encode(), media_type=TEXT, headers=SOON)

    @get("/tile/{rest:path}")
    async def tile(request: Request[Any, Any, Any], rest: str) -> Response[bytes]:
        params.only(params.of(request))
        level, _, path = rest.lstrip("/").partition("/")
        try:
            address = tiles.parse_path(path)
        except Invalid as problem:
            raise NotFound(problem.message) from problem
        if level == "entries":
            data = await site.read(lambda c: reader.bundle(c, address))
        elif level.isascii() and level.isdecimal() and level in {str(n) for n in range(8)}:
            data = await site.read(lambda c: reader.tile(c, int(level), address))
        else:
            data = None
        if data is None:
            raise NotFound("The log has no such tile.")
        return Response(data, media_type=BYTES, headers=IMMUTABLE)

    @get("/blob/{commitment:str}")
    async def blob(request: Request[Any, Any, Any], commitment: str) -> Response[bytes]:
        params.only(params.of(request))
        try:
            wanted = bytes.fromhex(commitment)
        except ValueError as problem:
            raise NotFound("A commitment has 64 hexadecimal digits.") from problem
        found = await site.read(lambda c: reader.public_blob(c, wanted))
        if found is None or commitment != wanted.hex():
            raise NotFound("No public content has this commitment.")
        salt, body = found
        data = b'{"body":' + body + b',"salt":"' + salt.hex().encode() + b'"}'
        return Response(data, media_type="application/json", headers=IMMUTABLE)

    return [checkpoint, tile, blob, *_proofs(site)]


def _proofs(site: Site) -> list[ControllerRouterHandler]:
    @get("/api/v1/proof/{position:str}")
    async def inclusion(request: Request[Any, Any, Any], position: str) -> Response[bytes]:
        given = params.only(params.of(request), "format")
        idx, size, data, hashes, note = await _inclusion(site, position)
        if given.get("format", "json") == "tlog-proof":
            return Response(proof.write(idx, hashes, note).encode(), media_type=TEXT, headers=SOON)
        if given.get("format", "json") != "json":
            raise Invalid("The format is json or tlog-proof.")
        return answer(
            InclusionAnswer(
                index=idx, size=size, leaf=base64.b64encode(leaf_hash(data)).decode(),
                hashes=tuple(base64.b64encode(h).decode() for h in hashes), checkpoint=note,
            )
        )  # fmt: skip

    return [inclusion]


async def _inclusion(site: Site, text: str) -> tuple[int, int, bytes, list[bytes], str]:
    if not (text.isascii() and text.isdecimal() and len(text) < 13) or int(text) < 1:
        raise NotFound(f"{text[:20]!r} is no position of the log; the first record has position 1.")
    idx = int(text) - 1

    def look(c: Any) -> tuple[int, int, bytes, list[bytes], str]:
        note = reader.checkpoint(c)
        data = reader.record(c, idx)
        if note is None or data is None:
            raise NotFound(f"The log has no record at position {idx + 1}.")
        size = int(note.split("\n")[1])
        return idx, size, data, list(reader.inclusion(c, idx, size)), note

    return await site.read(look)
