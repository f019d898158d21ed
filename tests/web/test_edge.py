import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import brotli
import httpx
import pytest

from directory.web import edge
from directory.web.edge import CSP, Edge, encoding

Handler = Callable[[Any, Any, Any], Awaitable[None]]


def client_of(app: Handler, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Edge(app, **options), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://here.example")


def answering(body: bytes, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None) -> Handler:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        given = headers or [(b"content-type", b"text/plain; charset=utf-8")]
        await send({"type": "http.response.start", "status": status, "headers": given})
        await send({"type": "http.response.body", "body": body})

    return app


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("br;q=0.2, gzip;q=0.8", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity;q=1, *;q=0", "identity"),
        ("br;q=x", "identity"),
        ("brotli", "identity"),
    ],
)
def test_the_coding_is_the_one_that_the_header_likes_best(header: str, coding: str) -> None:
    assert encoding(header) == coding


@pytest.mark.parametrize(
    ("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)]
)
async def test_each_coding_carries_the_same_text_under_a_validator_of_its_own(
    coding: str, unpack: Callable[[bytes], bytes]
) -> None:
    body = b"A request shall name the court. " * 100
    async with (
        client_of(answering(body)) as client,
        client.stream("GET", "/", headers={"accept-encoding": coding}) as response,
    ):
        raw = b"".join([part async for part in response.aiter_raw()])
    assert unpack(raw) == body
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["etag"].endswith('"' if coding == "identity" else f'-{coding}"')
    assert int(response.headers["content-length"]) == len(raw)


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
async def test_a_client_that_has_the_bytes_gets_304_without_body(coding: str) -> None:
    async with client_of(answering(b"x" * 2000)) as client:
        first = await client.get("/", headers={"accept-encoding": coding})
        again = await client.get(
            "/", headers={"accept-encoding": coding, "if-none-match": f'"other", W/{first.headers["etag"]}'}
        )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    assert again.headers["content-security-policy"] == CSP


async def test_another_validator_gets_the_whole_answer() -> None:
    async with client_of(answering(b"x" * 2000)) as client:
        response = await client.get("/", headers={"if-none-match": '"other"'})
    assert response.status_code == 200


async def test_head_is_get_without_its_body() -> None:
    async with client_of(answering(b"x" * 2000)) as client:
        get, head = await client.get("/"), await client.head("/")
    assert head.content == b""
    same = ("content-type", "etag", "vary", "content-length")
    assert {k: head.headers[k] for k in same} == {k: get.headers[k] for k in same}


async def test_options_says_what_the_address_takes() -> None:
    refusing = answering(b"no", 405, [(b"allow", b"GET, POST")])
    async with client_of(refusing) as client:
        options, other = await client.options("/"), await client.delete("/")
    assert (options.status_code, options.content) == (204, b"")
    assert options.headers["allow"] == other.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_every_answer_has_the_security_headers_and_no_cookie() -> None:
    for status in (200, 302, 404, 500):
        async with client_of(answering(b"x", status)) as client:
            response = await client.get("/")
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert len(response.headers["x-request-id"]) == 16
        assert "set-cookie" not in response.headers


async def test_browsers_are_told_to_insist_on_https_only_where_it_is_served() -> None:
    async with client_of(answering(b"x")) as plain, client_of(answering(b"x"), https=True) as safe:
        assert "strict-transport-security" not in (await plain.get("/")).headers
        assert "strict-transport-security" in (await safe.get("/")).headers


async def test_only_named_hosts_are_served() -> None:
    async with client_of(answering(b"x"), hosts=("here.example",)) as client:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/", headers={"host": "HERE.example:8000"})).status_code == 200
        refused = await client.get("/", headers={"host": "evil.example"})
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/?q=" + "a" * edge.MAX_TARGET, {}, 414),
        ("/", {f"x-{n}": "1" for n in range(edge.MAX_HEADERS)}, 431),
        ("/", {"content-length": str(edge.MAX_BODY + 1)}, 413),
        ("/", {"content-length": "-1"}, 413),
    ],
)
async def test_what_is_too_large_never_reaches_the_application(path: str, headers: dict[str, str], status: int) -> None:
    async def never(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("the application was asked")

    async with client_of(never) as client:
        response = await client.get(path, headers=headers)
    assert response.status_code == status
    assert response.json()["status"] == status


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads the whole body, and answers with its length."""
    size = 0
    while (message := await receive())["type"] == "http.request":
        size += len(message["body"])
        if not message.get("more_body"):
            break
    await answering(str(size).encode())(scope, receive, send)


async def test_a_body_that_grows_over_the_limit_without_saying_so_is_cut_off() -> None:
    async def growing() -> Any:
        for _ in range(5):
            yield b"x" * (edge.MAX_BODY // 4)

    async with client_of(reading) as client:
        response = await client.post("/", content=growing())
    assert response.status_code == 413


async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.05)

    async def slow() -> Any:
        yield b"x"
        await anyio.sleep(30)

    async with client_of(reading) as client:
        response = await client.post("/", content=slow())
    assert response.status_code == 408


async def test_a_failure_inside_is_an_answer_with_all_headers_and_without_its_text() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("secret")

    async with client_of(failing) as client:
        response = await client.get("/")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["content-security-policy"] == CSP


async def test_a_failure_after_half_an_answer_does_not_look_like_an_end() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("cut")

    transport = httpx.ASGITransport(app=Edge(failing), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://here.example") as client:
        with pytest.raises(RuntimeError, match="cut"):
            await client.get("/")


async def test_a_stream_passes_piece_by_piece() -> None:
    sent: list[Any] = []

    async def streaming(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for n in range(3):
            await send({"type": "http.response.body", "body": str(n).encode(), "more_body": n < 2})

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"here.example")]}
    await Edge(streaming)(scope, receive, send)
    assert [m.get("body") for m in sent] == [None, b"0", b"1", b"2"]
    assert [m.get("more_body") for m in sent[1:]] == [True, True, False]


async def test_headers_that_come_twice_are_kept() -> None:
    twice = answering(
        b"x",
        200,
        [(b"link", b"<a>; rel=prev"), (b"link", b"<b>; rel=next"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")],
    )
    async with client_of(twice) as client:
        response = await client.get("/")
    assert response.headers["link"] == "<a>; rel=prev, <b>; rel=next"
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
