"""The log in public: Go's own packages read it from the running server."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from directory.log import proof, tiles, tree
from directory.log.checkpoint import parse
from directory.log.note import Verifier, open_note
from tests.log import conftest as judges

judge = judges.judge


@pytest.fixture
def facts(server: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server}/api/v1/log").json()
    return found


@pytest.mark.go
def test_go_accepts_the_running_server_and_its_proofs(
    judge: judges.Program, server: str, facts: dict[str, Any], tmp_path: Path
) -> None:
    size = facts["position"]
    assert size > 257, "the facts fill more than one tile"
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    positions = sorted({1, 2, 3, 128, 256, 257, size - 1, size})
    for position in positions:
        text = httpx.get(f"{server}/api/v1/proof/{position}.tlog-proof").text
        (evidence / f"{position}.tlog-proof").write_text(text)
    olds = [1, 100, 256, 257, size]
    for old in olds:
        answer = httpx.get(f"{server}/api/v1/consistency/{old}/{size}").json()
        lines = [str(old), answer["old_root"], *answer["hashes"]]
        (evidence / f"{old}.consistency").write_text("\n".join(lines) + "\n")
    (tmp_path / "keys").write_text("\n".join(facts["vkeys"]))
    told = judge("check", server, tmp_path / "keys", evidence)
    counts = f"size {size} signatures 1 entries {size} proofs {len(positions)} consistencies {len(olds)}\n"
    assert (told.returncode, told.stdout) == (0, counts), told.stdout


def test_a_commitment_opens_with_one_hash_of_what_the_blob_answers(server: str) -> None:
    opened = 0
    for n in (1, 2, 5):
        version = httpx.get(f"{server}/api/v1/authorities/gb-ukca/versions/{n}").json()
        commitment = version["version"]["commitment"]
        blob = httpx.get(f"{server}/blob/{commitment}").content
        assert hashlib.sha256(b"cadir/commit/v1\n" + blob).hexdigest() == commitment
        assert json.loads(blob[32:]) == version["authority"]
        record = httpx.get(f"{server}/api/v1/log/{version['version']['position']}").json()
        assert record["public"] == commitment
        opened += 1
    assert opened == 3


def test_a_proof_leads_from_the_record_to_a_signed_root(server: str, facts: dict[str, Any]) -> None:
    verifier = Verifier.parse(facts["vkeys"][0])
    for position in (1, 7, 200, facts["position"]):
        record = httpx.get(f"{server}/api/v1/log/{position}").content
        answer = httpx.get(f"{server}/api/v1/proof/{position}").json()
        told = proof.read(httpx.get(f"{server}/api/v1/proof/{position}.tlog-proof").text)
        signed = parse(open_note(answer["checkpoint"], [verifier]).text)
        hashes = [base64.b64decode(h) for h in answer["hashes"]]
        assert tree.verify_inclusion(answer["index"], signed.size, tree.leaf_hash(record), hashes, signed.root)
        assert base64.b64decode(answer["leaf_hash"]) == tree.leaf_hash(record)
        assert answer["record"] == json.loads(record)
        assert list(told.hashes) == hashes
        assert told.index == answer["index"] == position - 1


def test_every_tile_that_a_log_of_this_size_has_is_served_under_one_address(server: str, facts: dict[str, Any]) -> None:
    size, seen = facts["position"], 0
    for level in range(3):
        for n, width in _tiles(level, size):
            name = f"{n:03d}" + (f".p/{width}" if width < 256 else "")
            response = httpx.get(f"{server}/tile/{level}/{name}")
            assert response.status_code == 200, name
            assert len(response.content) == 32 * width
            assert "immutable" in response.headers["cache-control"]
            seen += 1
    assert seen >= 3
    entries = httpx.get(f"{server}/tile/entries/000").content
    assert tiles.unbundle(entries)[0] == httpx.get(f"{server}/api/v1/log/1").content


def _tiles(level: int, size: int) -> list[tuple[int, int]]:
    full, rest = divmod(size >> (8 * level), 256)
    return [*((n, 256) for n in range(full)), *([(full, rest)] if rest else [])]


@pytest.mark.parametrize(
    "address",
    [
        "/tile/0/1", "/tile/0/0000", "/tile/0/x000/000", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/0/000.p/03",
        "/tile/0/999", "/tile/00/000", "/tile/-1/000", "/tile/9/000", "/tile/entries/999", "/tile/data/000",
        "/tile/1/000", "/tile/0/..%2f..%2fkeys", "/tile/entries/%2e%2e/%2e%2e/keys/log.key", "/tile/0/000%00",
        "/blob/00", "/blob/" + "0" * 64, "/blob/" + "A" * 64, "/blob/..%2fkeys", "/api/v1/proof/0", "/api/v1/proof/01",
        "/api/v1/proof/1.5", "/api/v1/proof/-1", "/api/v1/proof/99999999", "/api/v1/proof/99999999999999999999",
        "/api/v1/proof/٣", "/api/v1/log/0", "/api/v1/log/999999", "/api/v1/consistency/5/3",
        "/api/v1/consistency/1/999999", "/api/v1/proof/1.tlog-proof.tlog-proof",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(server: str, address: str) -> None:
    response = httpx.get(server + address)
    assert response.status_code == 404, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.json()["detail"]) > 20


def test_the_checkpoint_is_fetched_anew_within_seconds_and_costs_nothing_unchanged(server: str) -> None:
    first = httpx.get(f"{server}/checkpoint")
    assert first.headers["content-type"] == "text/plain; charset=utf-8"
    assert first.headers["cache-control"] == "public, max-age=5"
    again = httpx.get(f"{server}/checkpoint", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
