"""The outermost ASGI layer: what must hold for every response, refusals and errors included.

The framework's middleware never runs for a 404 or 405 of its router, so headers, HEAD, OPTIONS, validators, compression
and limits live here.
"""

import asyncio
import gzip
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import brotli

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

log = logging.getLogger("directory.web")

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY = {
    b"content-security-policy": CSP.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"geolocation=(), camera=(), microphone=(), payment=()",
}
STRICT_TRANSPORT = b"max-age=63072000"
COMPRESSIBLE = re.compile(
    rb"^(text/|application/(json|problem\+json|ld\+json|xml|atom\+xml|x-ndjson|javascript)|image/svg)"
)
KEPT_ON_304 = (b"etag", b"cache-control", b"vary", b"date", b"content-location", b"expires", b"link")
CODINGS = ("br", "gzip")
MIN_COMPRESSED = 600
MAX_BODY = 256 * 1024
MAX_TARGET = 8 * 1024
MAX_HEADERS = 100
BODY_SECONDS = 20.0
PROBLEM = b'{"type":"about:blank","title":"%s","status":%d,"detail":"%s"}'


def encoding(header: str) -> str:
    """The coding to answer in: br or gzip if the header lets one, else identity. ``q=0`` is a refusal."""
    quality: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        try:
            quality[name.strip()] = float(parameters.strip()[2:]) if parameters.strip().startswith("q=") else 1.0
        except ValueError:
            quality[name.strip()] = 0.0
    best = max(CODINGS, key=lambda name: quality.get(name, quality.get("*", 0.0)))
    return best if quality.get(best, quality.get("*", 0.0)) > 0 else "identity"


def compress(coding: str, body: bytes, quality: int = 5) -> bytes:
    """``body`` in a coding that :func:`encoding` named."""
    if coding == "br":
        packed: bytes = brotli.compress(body, quality=quality)
        return packed
    return gzip.compress(body, 6, mtime=0) if coding == "gzip" else body


class Edge:
    """Wraps the application. ``hosts`` empty: any host name is served. ``https``: browsers may insist on it."""

    def __init__(self, app: App, hosts: tuple[str, ...] = (), *, https: bool = False) -> None:
        self.app = app
        self.hosts = hosts
        self.security = {**SECURITY, **({b"strict-transport-security": STRICT_TRANSPORT} if https else {})}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self.security)
        refusal = self._refusal(scope)
        if refusal:
            await exchange.refuse(*refusal)
            exchange.note()
            return
        await self._run(exchange, scope, receive)

    async def _run(self, exchange: "_Exchange", scope: Any, receive: Receive) -> None:
        method = scope["method"]
        inner = dict(scope, state={**(scope.get("state") or {}), "request_id": exchange.request_id})
        if method == "HEAD":
            inner["method"] = "GET"
        elif method == "OPTIONS":
            inner["method"] = "TRACE"  # nobody handles it, so the router's 405 carries the whole Allow
        read = 0
        until = time.monotonic() + BODY_SECONDS
        whole = False

        async def limited() -> Message:
            nonlocal read, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), until - time.monotonic())
            except TimeoutError:
                await exchange.refuse(408, "The request took too long to arrive.")
                return {"type": "http.disconnect"}
            whole = not message.get("more_body")
            read += len(message.get("body", b""))
            if read > MAX_BODY:
                await exchange.refuse(413, "The request is too large.")
                return {"type": "http.disconnect"}
            return message

        try:
            await self.app(inner, limited, exchange.pass_on)
        except Exception:
            if exchange.sent:
                raise  # half an answer must not look whole: the server cuts the connection
            log.exception("unhandled %s", exchange.request_id)
            await exchange.refuse(500, "The service failed. It has been noted; try again in a moment.")
        finally:
            exchange.note()

    def _refusal(self, scope: Any) -> tuple[int, str] | None:
        hosts = [v for k, v in scope["headers"] if k == b"host"]
        if len(hosts) != 1:
            return 400, "A request names exactly one host."
        if self.hosts and hosts[0].decode("latin-1").rsplit(":", 1)[0].lower() not in self.hosts:
            return 400, "This host is not served here."
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > MAX_TARGET:
            return 414, "The address is too long."
        if len(scope["headers"]) > MAX_HEADERS:
            return 431, "The request has too many headers."
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return 413, "The request is too large."
        return None


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Any, send: Send, security: Mapping[bytes, bytes]) -> None:
        self.scope = scope
        self.send = send
        self.security = security
        self.method: str = scope["method"]
        self.headers = {k.lower(): v for k, v in scope["headers"]}
        self.request_id = secrets.token_hex(8)
        self.started = time.perf_counter()
        self.status = 500
        self.start: Message | None = None
        self.streaming = False
        self.sent = False

    async def pass_on(self, message: Message) -> None:
        """Take a message of the application; its start waits for the first body, of which the validator is made."""
        if self.sent and not self.streaming:
            return
        if message["type"] == "http.response.start":
            self.start = message
            self.status = message["status"]
            return
        if message["type"] != "http.response.body" or self.start is None:
            await self.send(message)
            return
        if self.streaming:
            if self.method != "HEAD":
                await self.send(message)
            return
        await self._first(message)

    async def _first(self, message: Message) -> None:
        start = self.start
        if start is None:
            raise RuntimeError("a body came before its start")
        self.sent = True
        headers: dict[bytes, bytes] = {}
        for key, value in start["headers"]:
            name = key.lower()
            headers[name] = headers[name] + b", " + value if name in headers else value
        body = message.get("body", b"")
        self.streaming = bool(message.get("more_body"))
        if self.method == "OPTIONS" and self.status == 405:
            self.status, body = 204, b""
            headers = {b"allow": _allow(headers.get(b"allow", b""))}
        elif self.status == 405:
            headers[b"allow"] = _allow(headers.get(b"allow", b""))
        if self.status == 200 and self.method in ("GET", "HEAD") and not self.streaming:
            body = self._validated(headers, body)
        for name, value in self.security.items():
            headers.setdefault(name, value)
        headers[b"x-request-id"] = self.request_id.encode()
        if self.status in (204, 304):
            headers.pop(b"content-length", None)
            headers.pop(b"content-type", None)
        elif not self.streaming:
            headers[b"content-length"] = str(len(body)).encode()
        cookies = [(k, v) for k, v in start["headers"] if k.lower() == b"set-cookie"]
        start["status"] = self.status
        start["headers"] = [(k, v) for k, v in headers.items() if k != b"set-cookie"] + cookies
        await self.send(start)
        quiet = self.method == "HEAD" or self.status in (204, 304)
        more = self.streaming and not quiet
        await self.send({"type": "http.response.body", "body": b"" if quiet else body, "more_body": more})

    def _validated(self, headers: dict[bytes, bytes], body: bytes) -> bytes:
        """Compress, set the validator, answer 304 where the client has the same bytes."""
        tag = headers.get(b"etag") or b'"' + hashlib.sha256(body).hexdigest()[:24].encode() + b'"'
        if (
            COMPRESSIBLE.match(headers.get(b"content-type", b""))
            and b"content-encoding" not in headers
            and len(body) >= MIN_COMPRESSED
        ):
            headers[b"vary"] = b", ".join(filter(None, [headers.get(b"vary"), b"Accept-Encoding"]))
            coding = encoding(self.headers.get(b"accept-encoding", b"").decode("latin-1"))
            if coding != "identity":
                body = compress(coding, body)
                tag = tag[:-1] + b"-" + coding.encode() + b'"'
                headers[b"content-encoding"] = coding.encode()
        headers[b"etag"] = tag
        known = [t.strip().removeprefix(b"W/") for t in self.headers.get(b"if-none-match", b"").split(b",")]
        if tag in known or known == [b"*"]:
            self.status = 304
            for name in [n for n in headers if n not in KEPT_ON_304]:
                del headers[name]
            return b""
        return body

    async def refuse(self, status: int, detail: str) -> None:
        """Answer without asking the application; what it may still send goes nowhere."""
        if self.sent:
            return
        body = PROBLEM % (HTTPStatus(status).phrase.encode(), status, detail.encode())
        self.start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"application/problem+json")],
        }
        self.status = status
        await self._first({"type": "http.response.body", "body": body})

    def note(self) -> None:
        """One log line: no query, no address, no body."""
        spent = (time.perf_counter() - self.started) * 1000
        log.info("%s %s %d %.1fms %s", self.method, self.scope["path"], self.status, spent, self.request_id)


def _allow(given: bytes) -> bytes:
    names = {n.strip() for n in given.split(b",") if n.strip()} | {b"OPTIONS"}
    if b"GET" in names:
        names.add(b"HEAD")
    return b", ".join(sorted(names))
