"""Answers with their validators: a client that has the bytes already is told so before anything is read or made."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request
from litestar.response import Response
from msgspec import Struct

from directory import __version__

REVALIDATE = "public, no-cache"
"""A cache may keep it but asks each time: nobody is ever shown an answer older than the log."""
FOR_EVER = "public, max-age=31536000, immutable"
ERASABLE = "public, max-age=86400, immutable"
"""Never changes, but its content may be erased: a copy may answer for a day."""
SHORT = "public, max-age=5"
OPEN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Log-Position",
    "cross-origin-resource-policy": "cross-origin",
}
_CODINGS = ("br", "gzip", "zstd")


class Reply(Struct, frozen=True, kw_only=True):
    """What a look at the directory found; ``body`` is None where the client has it already."""

    tag: str
    position: int
    body: bytes | None
    next: str | None = None


class Held:
    """Validators of what the client has, from If-None-Match."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        header = request.headers.get("if-none-match", "")
        self._tags = [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]

    def match(self, tag: str) -> str | None:
        """The client's validator that stands for ``tag`` in some coding; None if it has another or none."""
        if "*" in self._tags:
            return tag
        forms = {tag, *(f'{tag[:-1]}-{coding}"' for coding in _CODINGS)}
        return next((held for held in self._tags if held in forms), None)

    def reply(self, tag: str, position: int, make: Callable[[], object]) -> Reply:
        """What ``make`` gives (bytes as they are, else as JSON), unless the client has it."""
        if held := self.match(tag):
            return Reply(tag=held, position=position, body=None)
        made = make()
        body = made if isinstance(made, bytes) else msgspec.json.encode(made)
        return Reply(tag=tag, position=position, body=body, next=getattr(made, "next", None))


def tag(*parts: object) -> str:
    """A validator; the release is part of it, since another one may say the same in other bytes."""
    return '"' + ".".join([*map(str, parts), __version__]) + '"'


def respond(
    reply: Reply, cache: str, media_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """The response to a reply, 304 included."""
    given = {
        "etag": reply.tag,
        "cache-control": cache,
        "log-position": str(reply.position),
        **OPEN,
        **(headers or {}),
    }
    if reply.body is None:
        return Response(b"", status_code=304, media_type=media_type, headers={**given, "vary": "Accept-Encoding"})
    return Response(reply.body, media_type=media_type, headers=given)


def stored(body: bytes) -> Any:
    """Stored bytes in the place of the document that they hold: they go out as they are."""
    return msgspec.Raw(body)
