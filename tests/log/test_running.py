"""The log as a running server publishes it, read by those who know nothing of us."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.log.conftest import Program

FACTS = Path(__file__).parents[2] / "fixtures" / "authorities.jsonl"
DIRECTORY = [sys.executable, "-m", "directory"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the real facts."""
    data = tmp_path_factory.mktemp("running") / "data"
    for command in (["init"], ["import", FACTS]):
        told = subprocess.run([*DIRECTORY, *command, "--data", data], check=False, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
    return data


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """Where it is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "DIRECTORY_PORT": str(port)}
    with subprocess.Popen(
        [*DIRECTORY, "serve", "--data", place], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(30)


def _answering(address: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(f"{address}/checkpoint").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return address
    pytest.fail(f"nothing answered on {address} within a minute")


def key_of(place: Path) -> str:
    return subprocess.run(
        [*DIRECTORY, "keys", "--data", place], check=True, capture_output=True, text=True
    ).stdout.split()[-1]


@pytest.mark.go
def test_go_accepts_the_running_log_and_proofs_made_to_order(
    judge: Program, place: Path, address: str, tmp_path: Path
) -> None:
    (tmp_path / "keys").write_text(key_of(place))
    (tmp_path / "evidence").mkdir()
    for position in (1, 2, 100, 150):
        answer = httpx.get(f"{address}/api/v1/proof/{position}.tlog-proof", timeout=30)
        (tmp_path / "evidence" / f"{position}.tlog-proof").write_bytes(answer.content)
    told = judge("check", address, tmp_path / "keys", tmp_path / "evidence")
    assert told.returncode == 0, told.stdout
    sizes = re.fullmatch(r"size (\d+) signatures 1 entries (\d+) proofs 4 consistencies 0\n", told.stdout)
    assert sizes
    assert int(sizes[1]) == int(sizes[2]) > 150


def test_the_verifier_of_the_page_accepts_the_running_log(
    stranger: Program, place: Path, address: str, tmp_path: Path
) -> None:
    told = stranger(address, key_of(place), tmp_path / "kept")
    assert told.returncode == 0, told.stderr
    assert "0 erased: all as signed" in told.stdout
