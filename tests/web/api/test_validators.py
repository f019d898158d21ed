"""A client that is told "you have it" has the very bytes that it would be given, whatever happened meanwhile."""

import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import structs

from directory.actions.publish import publish
from directory.clock import instant
from directory.domain import codec
from directory.log.record import EntryConfirmed
from directory.settings import Settings
from directory.store import ledger, signing
from directory.store.database import Connection, connect, transaction
from directory.store.ledger import Draft
from tests.web.api.conftest import NOW, Growing, asking
from tests.web.conftest import kenya, simple

ENTRY = "/api/v1/authorities/ke-attorney-general"
ADDRESSES = (
    ENTRY, f"{ENTRY}?as-of=2014-03-21", f"{ENTRY}?as-of=2027-06-01", f"{ENTRY}?known-at=2026-11-20",
    f"{ENTRY}/versions", f"{ENTRY}/versions/1", f"{ENTRY}/versions/3", "/api/v1/authorities/ke-public-prosecutions",
    "/api/v1/authorities?state=KE", "/api/v1/authorities?q=attorney&as-of=2016-01-01", "/api/v1/states",
    "/api/v1/states/KE", "/api/v1/states/KE/versions", "/api/v1/vocabulary", "/api/v1/changes",
    "/api/v1/changes?since=9",
    "/api/v1/log", "/api/v1/log/3", "/api/v1/proof/3", "/api/v1/proof/3.tlog-proof", "/api/v1/consistency/2/9",
    "/checkpoint", "/tile/0/000.p/4", "/tile/entries/000.p/4", "/exports/authorities.ndjson",
    "/exports/authorities.csv?as-of=2016-01-01", "/exports/authorities.json?position=9", "/api/v1/openapi.json",
)  # fmt: skip
IMMUTABLE = [a for a in ADDRESSES if "/versions/" in a or a.startswith(("/tile", "/api/v1/log/", "/api/v1/consist"))]


def confirm(c: Connection, entry_id: str, n: int, at: datetime) -> None:
    """A confirmation behind whatever the log last took on the entry."""
    last = next(
        leaf for entry, leaf in c.execute("SELECT entry, leaf FROM log ORDER BY idx DESC")
        if json.loads(entry).get("id") == entry_id
    )  # fmt: skip
    record = EntryConfirmed(
        v=1, i=ledger.size(c), at=instant(at), id=entry_id, n=n, prev=last.hex(), grade="A", by=("p_" + "0" * 32,)
    )
    ledger._take(c, record)


def write(to: Growing, act: str) -> None:
    """One thing that can happen to a directory."""
    if act == "a day":
        to.move_to(to.now + timedelta(days=1))
    elif act == "half a year":
        to.move_to(to.now + timedelta(days=183))
    elif act == "confirmed":
        with closing(connect(to.settings.database, readonly=False)) as c:
            with transaction(c):
                confirm(c, "ke-public-prosecutions", 1, to.now)
            signing.catch_up(c, signing.LogSigner(to.settings.keys, to.settings.origin), to.settings.highwater_file)
    else:
        days = {"now": to.now.date(), "past": date(2013, 1, 1), "soon": to.now.date() + timedelta(days=1)}
        entry = simple("fr-new", f"Office {to.now} {act}") if act == "other" else structs.replace(
            kenya(2), status_since=f"{2000 + to.now.toordinal() % 20}"
        )  # fmt: skip
        draft = Draft(id=entry.id, body=codec.encode(entry), effective_on=days.get(act, to.now.date()), reason=act)
        publish(to.settings, to.clock, lambda _c, _now: [draft])


async def asked(client: httpx.AsyncClient, address: str, tag: str = "") -> httpx.Response:
    return await client.get(address, headers={"if-none-match": tag} if tag else {})


@pytest.mark.timeout(600)
@given(
    acts=st.lists(
        st.sampled_from(["now", "past", "soon", "other", "confirmed", "a day", "half a year"]), min_size=1, max_size=4
    )
)
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_not_modified_is_never_said_of_bytes_that_changed(settings: Settings, acts: Sequence[str]) -> None:
    async def run(to: Growing) -> None:
        async with asking(to.settings, to.clock) as client:
            had = {a: await asked(client, a) for a in ADDRESSES}
            for act in acts:
                write(to, act)
                for address, before in had.items():
                    again = await asked(client, address, before.headers["etag"])
                    fresh = await asked(client, address)
                    assert fresh.status_code == 200, (act, address)
                    same = fresh.content == before.content
                    if again.status_code == 304:
                        assert same, (act, address)
                    else:
                        assert again.content == fresh.content
                        assert again.headers["etag"] != before.headers["etag"], (act, address)
                    assert address not in IMMUTABLE or again.status_code == 304, (act, address)
                    had[address] = fresh

    with TemporaryDirectory() as folder:
        shutil.copytree(settings.data, Path(folder) / "data")
        anyio.run(run, Growing(structs.replace(settings, data=Path(folder) / "data"), NOW))


async def test_an_entry_keeps_its_validator_while_others_change(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        before = {a: (await asked(client, a)).headers["etag"] for a in ADDRESSES}
        write(growing, "other")
        kept = {a for a, tag in before.items() if (await asked(client, a, tag)).status_code == 304}
        assert {ENTRY, f"{ENTRY}/versions", f"{ENTRY}?as-of=2014-03-21"} <= kept
        assert kept.isdisjoint({"/api/v1/authorities?state=KE", "/checkpoint", "/api/v1/changes"})
        head = await asked(client, ENTRY, before[ENTRY])
        assert int(head.headers["log-position"]) == 15, "a 304 too says how far the log is"


async def test_every_coding_has_a_validator_and_each_is_known_again(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        for address in (ENTRY, "/exports/authorities.ndjson"):
            tags = set()
            for coding in ("identity", "gzip", "br"):
                response = await client.get(address, headers={"accept-encoding": coding})
                tags.add(response.headers["etag"])
                for said in (
                    response.headers["etag"],
                    f"W/{response.headers['etag']}",
                    f'"x", {response.headers["etag"]}',
                ):
                    again = await client.get(address, headers={"accept-encoding": coding, "if-none-match": said})
                    assert (again.status_code, again.content) == (304, b"")
                    assert "accept-encoding" in again.headers["vary"].lower()
            assert len(tags) >= 2
            assert (await asked(client, address, "*")).status_code == 304
            assert (await asked(client, address, '"e.1.1.fresh.0"')).status_code == 200


async def test_head_says_what_get_would_say(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        for address in ADDRESSES:
            whole, head = await client.get(address), await client.head(address)
            assert (head.status_code, head.content) == (200, b""), address
            assert head.headers["etag"] == whole.headers["etag"]
            assert head.headers["content-type"] == whole.headers["content-type"]


async def test_a_version_announced_for_a_day_comes_into_force_on_it(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        growing.move_to(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC))
        before = await asked(client, ENTRY)
        growing.move_to(datetime(2027, 1, 1, tzinfo=UTC))
        after = await asked(client, ENTRY, before.headers["etag"])
        assert (before.json()["version"]["n"], after.json()["version"]["n"]) == (3, 4)
