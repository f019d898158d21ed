"""States, vocabularies, and the feed of changes."""

import httpx

from directory.domain import states, vocabulary


async def test_every_state_is_listed_also_without_an_entry(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/v1/states")).json()["states"]
    assert [s["code"] for s in found] == [p.code for p in states.all_states()]
    count = {s["code"]: s["authorities"] for s in found}
    assert (count["KE"], count["FR"], count["NZ"]) == (2, 1, 0)


async def test_a_state_comes_with_its_authorities_and_what_it_declared(client: httpx.AsyncClient) -> None:
    kenya = (await client.get("/api/v1/states/KE")).json()
    nobody = (await client.get("/api/v1/states/NZ")).json()
    assert [a["id"] for a in kenya["authorities"]] == ["ke-public-prosecutions", "ke-attorney-general"]
    assert kenya["declarations"]["declarations"][0]["provision"] == "44(6)(a)"
    assert kenya["state"]["names"]["fr"] == "Kenya"
    assert nobody["authorities"] == []
    assert nobody["declarations"] is None


async def test_declarations_have_versions_too(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/v1/states/KE/versions")).json()
    one = (await client.get("/api/v1/states/KE/versions/1")).json()
    assert [v["n"] for v in listed["versions"]] == [1]
    assert one["declarations"]["id"] == "ke"
    for address in (
        "/api/v1/states/NZ/versions",
        "/api/v1/states/KE/versions/2",
        "/api/v1/states/XX",
        "/api/v1/states/ke",
    ):
        assert (await client.get(address)).status_code == 404, address


async def test_the_vocabulary_has_every_code_with_its_label(client: httpx.AsyncClient) -> None:
    schemes = (await client.get("/api/v1/vocabulary")).json()["schemes"]
    assert set(schemes) == set(vocabulary.schemes())
    mla = next(c for c in schemes["function"] if c["code"] == "mla")
    assert mla["label"] == "Mutual legal assistance"
    assert mla["articles"]["uncac"] == "46(13)"


async def test_following_changes_page_by_page_misses_nothing_and_repeats_nothing(client: httpx.AsyncClient) -> None:
    since, seen, more = 0, [], True
    while more:
        answer = (await client.get("/api/v1/changes", params={"since": since, "limit": 4})).json()
        seen += [c["position"] for c in answer["changes"]]
        since, more = answer["next"], answer["more"]
    assert seen == list(range(1, answer["position"] + 1))
    again = (await client.get("/api/v1/changes", params={"since": since})).json()
    assert again["changes"] == []
    assert again["next"] == since


async def test_each_change_leads_to_the_version_that_it_brought(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/changes")).json()
    brought = [c for c in answer["changes"] if c["version"]]
    assert len(brought) > 10
    for change in brought:
        response = await client.get(change["url"].removeprefix("https://test.example"))
        assert response.json()["version"]["position"] == change["position"]


async def test_changes_of_a_state_skip_the_others(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/changes?state=KE&state=DE&limit=3")).json()
    assert {c["state"] for c in answer["changes"]} <= {"KE", "DE"}
    assert len(answer["changes"]) == 3
    rest = (await client.get(f"/api/v1/changes?state=KE&state=DE&since={answer['next']}")).json()
    assert not rest["more"]
    assert len(rest["changes"]) == 6, "five versions and a confirmation"
    positions = [c["position"] for c in answer["changes"] + rest["changes"]]
    assert positions == sorted(set(positions))


async def test_a_position_of_another_log_is_a_conflict_and_never_an_empty_answer(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/changes?since=100000")
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
