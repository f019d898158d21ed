"""The whole directory as a file over HTTP."""

import asyncio
import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from click.testing import CliRunner

from directory.actions import importing
from directory.actions.publish import publish
from directory.cli import main
from directory.domain import codec
from directory.settings import Settings
from directory.store.ledger import Draft
from directory.web.api import files
from directory.web.app import create_app
from tests.web.api.conftest import NOW, Growing, asking
from tests.web.conftest import LONG, kenya, simple

NDJSON, CSV, JSON = (f"/exports/authorities.{form}" for form in ("ndjson", "csv", "json"))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_all_formats_hold_the_same_entries_and_states_too(client: httpx.AsyncClient) -> None:
    lines = [json.loads(line) for line in (await client.get(NDJSON)).text.splitlines()]
    table = rows((await client.get(CSV)).text)
    whole = (await client.get(JSON)).json()
    assert lines[:-1] == whole["entries"]
    assert [json.loads(row["document"]) for row in table] == [line["entry"] for line in lines[:-1]]
    assert {line["entry"]["type"] for line in lines[:-1]} == {"authority", "state"}
    assert lines[-1]["end"] == whole["end"] == {
        "format": "cadir/entries/1", "position": 14, "as_of": "2026-11-24", "known_at": None, "entries": len(table),
    }  # fmt: skip


async def test_documents_go_out_as_they_are_stored(client: httpx.AsyncClient) -> None:
    response = await client.get(NDJSON)
    assert codec.encode(kenya(3)) in response.content


async def test_as_of_a_day_holds_what_was_in_force_then(client: httpx.AsyncClient) -> None:
    for address in (NDJSON, JSON, CSV):
        response = await client.get(address, params={"as-of": "2012-06-01"})
        assert "old@agc.example.org" in response.text
        assert "so-ministry-justice" not in response.text, "it took effect in 2014"
        assert "authorities-2012-06-01." in response.headers["content-disposition"]
    assert "freshness" not in (await client.get(NDJSON, params={"as-of": "2012-06-01"})).text


async def test_a_position_gives_the_same_bytes_again_after_the_log_grew(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        question = {"position": "9", "as-of": "2026-11-24"}
        before = {a: (await client.get(a, params=question)).content for a in (NDJSON, CSV, JSON)}
        body = codec.encode(simple("aa-first", "First"))
        publish(
            growing.settings,
            growing.clock,
            lambda _c, _now: [Draft(id="aa-first", body=body, effective_on=growing.now.date())],
        )
        for address, had in before.items():
            assert (await client.get(address, params=question)).content == had
            assert b"aa-first" in (await client.get(address)).content
        missing = await client.get(NDJSON, params={"position": "999"})
        assert missing.status_code == 404


@pytest.mark.parametrize("name", ["authorities.ndjson", "authorities.csv", "authorities.csv?bom=yes"])
async def test_an_exported_file_imports_as_a_no_op(growing: Growing, name: str, tmp_path: Path) -> None:
    async with asking(growing.settings, growing.clock) as client:
        head = (await client.get("/api/v1/log")).json()
        file = tmp_path / "out"
        file.write_bytes((await client.get(f"/exports/{name}")).content)
        report = importing.run(growing.settings, growing.clock, [file])
        assert (report.versions, report.troubles) == ((), ())
        assert report.read >= 9
        assert (await client.get("/api/v1/log")).json() == head


@pytest.mark.parametrize("form", ["ndjson", "csv"])
async def test_an_exported_file_fills_an_empty_directory_with_the_same_documents(
    growing: Growing, form: str, tmp_path: Path
) -> None:
    fresh = _empty(tmp_path / "empty")
    async with asking(growing.settings, growing.clock) as client:
        file = tmp_path / f"out.{form}"
        file.write_bytes((await client.get(f"/exports/authorities.{form}")).content)
        had = [json.loads(row["document"]) for row in rows((await client.get(CSV)).text)]
    importing.run(fresh, lambda: datetime.now(UTC).replace(microsecond=0), [file])
    async with asking(fresh, growing.clock) as client:
        found = rows((await client.get(CSV)).text)
    assert [json.loads(row["document"]) for row in found] == had


def _empty(data: Path) -> Settings:
    assert CliRunner().invoke(main, ["init", "--data", str(data)]).exit_code == 0
    return Settings(data=data)


async def test_a_client_that_takes_gzip_gets_the_same_file_in_fewer_bytes(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", NDJSON, headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join([piece async for piece in packed.aiter_raw()])
    plain = await client.get(NDJSON, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2


async def test_excel_gets_its_mark_when_it_asks(client: httpx.AsyncClient) -> None:
    plain, marked = await client.get(CSV), await client.get(CSV, params={"bom": "yes"})
    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert plain.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "status"), [("asof=2016-01-01", 400), ("as-of=2016", 400), ("bom=yes", 400), ("position=x", 400)]
)
async def test_a_wrong_question_gets_a_problem_and_no_file(client: httpx.AsyncClient, query: str, status: int) -> None:
    response = await client.get(f"{NDJSON}?{query}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def offices(count: int) -> list[Draft]:
    """Drafts that make several pages, and some hundred KB."""
    entries = [simple(f"fr-office-{n}", f"Office {n} {LONG}") for n in range(count)]
    return [Draft(id=e.id, body=codec.encode(e), effective_on=NOW.date()) for e in entries]


async def sent(edge: Any, address: str, meanwhile: Callable[[bytes], None]) -> list[bytes]:
    """Bodies in the pieces in which the server is given them; ``meanwhile`` is called with each before it is taken."""
    pieces: list[bytes] = []
    headers = [(b"host", b"test.example"), (b"accept-encoding", b"identity")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": address, "raw_path": address.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("test.example", 80), "state": {},
    }  # fmt: skip

    arrived, done = False, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal arrived
        if arrived:
            await done.wait()
            return {"type": "http.disconnect"}
        arrived = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # like a server whose client keeps up: it never waits
        if message["type"] == "http.response.body":
            meanwhile(message["body"])
            pieces.append(message["body"])
            if not message.get("more_body"):
                done.set()

    await edge(scope, receive, send)
    return pieces


async def test_a_file_goes_out_in_small_pieces_and_others_have_a_turn_after_each(growing: Growing) -> None:
    drafts = offices(1200)
    publish(growing.settings, growing.clock, lambda _c, _now: drafts)
    turns, seen = 0, list[int]()

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    app, edge = create_app(growing.settings, growing.clock)
    async with app.lifespan(), anyio.create_task_group() as group:
        group.start_soon(others)
        pieces = await sent(edge, NDJSON, lambda _body: seen.append(turns))
        group.cancel_scope.cancel()
    full = [n for n, piece in enumerate(pieces) if len(piece) == files.CHUNK]
    assert max(map(len, pieces)) == files.CHUNK
    assert len(full) > 10
    assert all(seen[n + 1] > seen[n] for n in full)
    assert {json.loads(line)["entry"]["id"] for line in b"".join(pieces).splitlines()[:-1]} > {d.id for d in drafts}


async def test_what_is_written_while_a_file_is_sent_does_not_get_into_it(growing: Growing) -> None:
    drafts = offices(1200)
    publish(growing.settings, growing.clock, lambda _c, _now: drafts)
    late = Draft(id="zz-late", body=codec.encode(simple("zz-late", "Too late")), effective_on=NOW.date())
    written: list[list[int]] = []

    def meanwhile(body: bytes) -> None:
        if body and not written:
            written.append(publish(growing.settings, growing.clock, lambda _c, _now: [late]))

    app, edge = create_app(growing.settings, growing.clock)
    async with app.lifespan():
        before = await sent(edge, NDJSON, lambda _body: None)
        during = await sent(edge, NDJSON, meanwhile)
        after = await sent(edge, NDJSON, lambda _body: None)
    assert written
    assert b"".join(during) == b"".join(before)
    assert b"zz-late" in b"".join(after)


async def test_a_client_that_goes_away_leaves_nothing_behind(server: str, whole: Settings) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(8):  # more than there are readers
            async with client.stream("GET", server + NDJSON, headers={"accept-encoding": "identity"}) as response:
                async for _piece in response.aiter_raw(1024):
                    break
        assert (await client.get(f"{server}/checkpoint")).status_code == 200
        text = (await client.get(server + NDJSON)).text
    assert json.loads(text.splitlines()[-1])["end"]["entries"] == text.count("\n") - 1


async def test_the_day_of_a_file_of_now_is_the_day_of_the_clock(growing: Growing) -> None:
    growing.move_to(datetime.fromisoformat("2027-01-01T00:00:00+00:00"))
    async with asking(growing.settings, growing.clock) as client:
        text = (await client.get(NDJSON)).text
    assert json.loads(text.splitlines()[-1])["end"]["as_of"] == "2027-01-01"
    assert codec.encode(kenya(4)).decode() in text
