"""Every error of the machine side, whoever makes it, is problem+json with a sentence."""

from typing import Any

import httpx
import pytest

from tests.web.api.conftest import Growing, asking

API = "/api/v1/authorities"


def canonical(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem, which must have the one shape that problems have."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers.get("cache-control", "no-store") == "no-store"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith("."), problem
    assert set(problem) <= {"type", "title", "status", "detail", "errors", "request_id"}
    for error in problem.get("errors", []):
        assert set(error) == {"field", "message", "code"}
        assert error["message"][0].isupper() or error["message"].startswith(error["field"])
    return problem


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html", "application/json", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"]
)
@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{API}?x=1", 400), (f"{API}/nobody", 404), (f"{API}/ke-nobody/versions/1", 404), ("/api/v1/nothing", 404),
        ("/api/", 404), ("/api/v2/authorities", 404), ("/exports/authorities.xml", 404), ("/tile/0/5", 404),
        ("/tile/", 404), ("/blob/x", 404), ("/checkpoint?x=1", 400), ("/api/v1/changes?since=99999", 409),
        (f"{API}?q={'a' * 9000}", 414), (f"{API}/../../etc/passwd", 404), (f"{API}/%2e%2e%2f%2e%2e", 404),
    ],
)  # fmt: skip
async def test_nobody_gets_a_page_for_an_error_of_the_machine_side(
    client: httpx.AsyncClient, address: str, status: int, accept: str
) -> None:
    canonical(await client.get(address, headers={"accept": accept}), status)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
async def test_another_method_is_refused_with_those_that_are_taken(client: httpx.AsyncClient, method: str) -> None:
    for address in (
        API,
        f"{API}/ke-attorney-general",
        "/exports/authorities.csv",
        "/tile/0/000",
        "/api/v1/openapi.json",
    ):
        response = await client.request(method, address)
        canonical(response, 405)
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_options_say_what_is_taken(client: httpx.AsyncClient) -> None:
    response = await client.options(API)
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


async def test_a_database_that_breaks_is_said_and_not_shown(growing: Growing) -> None:
    async with asking(growing.settings, growing.clock) as client:
        assert (await client.get(API)).status_code == 200
        size = growing.settings.database.stat().st_size
        growing.settings.database.write_bytes(b"\x00" * size)
        problem = canonical(await client.get(f"{API}/ke-attorney-general"), 503)
        assert "sqlite3" not in problem["detail"].lower().replace(".sqlite3", "")
        assert str(growing.settings.data) not in problem["detail"], "where files lie is nobody's business"


async def test_problems_name_their_request_so_that_it_can_be_found_in_the_log(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{API}/ke-nobody")
    assert response.json()["request_id"] == response.headers["x-request-id"]
