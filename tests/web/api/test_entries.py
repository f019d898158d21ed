"""Entries as JSON: one, its versions, lists, search."""

from collections.abc import Callable
from datetime import datetime

import httpx
import pytest

from directory.domain import codec
from tests.web.conftest import kenya

KENYA = "/api/v1/authorities/ke-attorney-general"


async def test_the_version_in_force_is_given_with_the_stored_bytes_of_its_document(client: httpx.AsyncClient) -> None:
    response = await client.get(KENYA)
    answer = response.json()
    assert codec.encode(kenya(3)) in response.content
    assert answer["version"]["n"] == 3
    assert answer["version"]["until"] == "2027-01-01", "an announced version says when this one ends"
    assert answer["freshness"] == {"band": "never-confirmed", "grade": "D"}
    assert answer["as_of"] is None
    assert answer["position"] <= int(response.headers["log-position"])


@pytest.mark.parametrize(
    ("day", "version"),
    [("2010-01-01", 1), ("2014-03-20", 1), ("2014-03-21", 2), ("2026-11-23", 2), ("2026-11-24", 3), ("2027-01-01", 4)],
)
async def test_as_of_answers_with_the_version_in_force_that_day(
    client: httpx.AsyncClient, day: str, version: int
) -> None:
    answer = (await client.get(KENYA, params={"as-of": day})).json()
    assert answer["version"]["n"] == version
    assert answer["as_of"] == day
    assert answer["freshness"] is None, "freshness speaks of today"


async def test_what_was_known_at_an_instant_is_what_the_log_held_then(client: httpx.AsyncClient) -> None:
    before = await client.get(KENYA, params={"known-at": "2026-11-13"})
    after = await client.get(KENYA, params={"known-at": "2026-11-14T08:00:00+02:00"})
    assert before.status_code == 404
    assert "the log held nothing" in before.json()["detail"]
    assert after.json()["known_at"] == "2026-11-14T06:00:00Z"
    assert after.json()["version"]["n"] == 3


async def test_a_confirmation_shows_in_the_freshness(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/authorities/ke-public-prosecutions")).json()
    assert answer["freshness"] == {
        "band": "fresh", "grade": "A", "confirmed": "2026-11-14T06:00:00Z", "valid_until": "2027-04-13",
    }  # fmt: skip


async def test_versions_come_in_the_order_of_their_days_and_lead_to_their_content(client: httpx.AsyncClient) -> None:
    answer = (await client.get(f"{KENYA}/versions")).json()
    assert [(v["n"], v["effective_on"], v["precision"], v["until"]) for v in answer["versions"]] == [
        (1, "2010-01-01", "year", "2014-03-21"), (2, "2014-03-21", "day", "2026-11-24"),
        (3, "2026-11-24", "read", "2027-01-01"), (4, "2027-01-01", "day", None),
    ]  # fmt: skip
    for version in answer["versions"]:
        response = await client.get(version["url"].replace("https://test.example", ""))
        assert codec.encode(kenya(version["n"])) in response.content
        assert "until" not in response.json()["version"], "what a later version decides is no part of this one"
        assert "immutable" in response.headers["cache-control"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/authorities/ke", "/api/v1/authorities/ke-nobody", "/api/v1/authorities/KE-ATTORNEY-GENERAL",
        f"{KENYA}/versions/5", f"{KENYA}/versions/0", f"{KENYA}/versions/x", "/api/v1/authorities/ke-nobody/versions/1",
        f"{KENYA}?as-of=2009-12-31", "/api/v1/authorities/%00", "/api/v1/authorities/ke-%E2%80%AEattorney",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    response = await client.get(address)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_list_says_how_many_there_are_and_how_they_divide(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/authorities", params={"state": "KE"})).json()
    assert answer["total"] == 2
    assert [a["id"] for a in answer["authorities"]] == ["ke-public-prosecutions", "ke-attorney-general"]
    assert answer["facets"]["band"] == {"fresh": 1, "never-confirmed": 1}
    assert answer["next"] is None
    assert answer["authorities"][0]["url"] == "https://test.example/authorities/ke-public-prosecutions"


async def test_pages_follow_one_another_to_the_end_without_gap_or_repetition(client: httpx.AsyncClient) -> None:
    whole = (await client.get("/api/v1/authorities", params={"limit": 500})).json()
    seen: list[str] = []
    address = "/api/v1/authorities?limit=2"
    while address:
        response = await client.get(address)
        page = response.json()
        seen += [a["id"] for a in page["authorities"]]
        link = response.headers.get("link", "")
        assert bool(link) == (page["next"] is not None)
        address = link.removeprefix("<https://test.example").partition(">")[0]
    assert seen == [a["id"] for a in whole["authorities"]]
    assert len(seen) == whole["total"] > 4


async def test_fields_narrow_each_line_and_document_adds_the_entry(client: httpx.AsyncClient) -> None:
    few = (await client.get("/api/v1/authorities?fields=name,native_name&state=KE")).json()
    assert [set(a) for a in few["authorities"]] == [{"id", "name", "native_name"}] * 2
    assert few["authorities"][0]["native_name"] is None, "null: there is none"
    full = await client.get("/api/v1/authorities?fields=document&state=KE&as-of=2026-11-24")
    assert codec.encode(kenya(3)) in full.content
    past = await client.get("/api/v1/authorities?fields=document&state=KE&as-of=2012-01-01")
    assert codec.encode(kenya(1)) in past.content


async def test_search_finds_by_words_and_by_names_of_states(client: httpx.AsyncClient) -> None:
    words = (await client.get("/api/v1/authorities", params={"q": "attorney general"})).json()
    state = (await client.get("/api/v1/authorities", params={"q": "Кения"})).json()
    slip = (await client.get("/api/v1/authorities", params={"q": "atorney"})).json()
    assert words["authorities"][0]["id"] == "ke-attorney-general"
    assert state["states"] == ["KE"]
    assert {a["state"] for a in state["authorities"]} == {"KE"}
    assert slip["corrected"] == {"atorney": "attorney"}


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("sate=KE", "sate", "Did you mean state?"),
        ("as_of=2016-01-01", "as_of", "Did you mean as-of?"),
        ("colour=red", "colour", "Known here: q, state"),
        ("limit=1&limit=2", "limit", "Give limit once, not 2 times."),
        ("q=a&q=b", "q", "Give q once"),
        ("limit=0", "limit", "from 1 to 500"),
        ("limit=501", "limit", "from 1 to 500"),
        ("limit=1e2", "limit", "from 1 to 500"),
        ("limit=٣", "limit", "from 1 to 500"),
        ("q=", "q", "q is empty"),
        ("q=" + "a" * 201, "q", "at most 200"),
        ("state=Kenya", "state", "Did you mean KE?"),
        ("state=ke", "state", "Did you mean KE?"),
        ("state=KE,,CH", "state", "state is empty"),
        ("state=Congo", "state", " or C"),
        ("function=MLA", "function", "Did you mean mla?"),
        ("as-of=2014-02-30", "as-of", "is no day"),
        ("as-of=2016-W01-1", "as-of", "is no day"),
        ("as-of=20160101", "as-of", "is no day"),
        ("known-at=yesterday", "known-at", "neither a day"),
        ("fields=email", "fields", "There is no fields 'email'"),
        ("language=klingon", "language", "There is no language"),
    ],
)
async def test_a_wrong_parameter_is_refused_by_name_with_what_to_do(
    client: httpx.AsyncClient, query: str, field: str, says: str
) -> None:
    response = await client.get(f"/api/v1/authorities?{query}")
    problem = response.json()
    assert response.status_code == 400
    assert [e["field"] for e in problem["errors"]] == [field]
    assert says in problem["errors"][0]["message"]


async def test_all_that_is_wrong_is_said_at_once(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/authorities?sate=KE&limit=0&as-of=x&function=mla&state=XX")
    assert [e["field"] for e in response.json()["errors"]] == ["sate", "limit", "as-of", "state"]


@pytest.mark.parametrize("token", ["bz", "x", "bzI9", "99", "b28", "..", "bzEwMDAwMDAwMDAwMDAwMDA"])
async def test_a_token_that_nobody_gave_finds_no_page(client: httpx.AsyncClient, token: str) -> None:
    response = await client.get("/api/v1/authorities", params={"after": token})
    assert response.status_code == 404
    assert "token" in response.json()["detail"]


async def test_a_query_that_is_no_text_is_refused(client: httpx.AsyncClient) -> None:
    for query in ("q=%FF", "&".join(f"a{n}=1" for n in range(200))):
        response = await client.get(f"/api/v1/authorities?{query}")
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"


async def test_answers_may_be_read_by_any_page_of_the_web(
    client: httpx.AsyncClient, clock: Callable[[], datetime]
) -> None:
    response = await client.get(KENYA)
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in response.headers
