"""Go's note and tlog packages, which share no line with ours, read what we publish and refuse what was altered."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.log import b64
from directory.log.note import Signer, key_id
from tests.log.publishing import LOG, Published

SOURCE = Path(__file__).parent / "go" / "judge.go"
INSTALL = (
    "Go and its sum-database packages judge the log, and they are not here. Install them: "
    "sudo apt-get install --no-install-recommends golang-go golang-golang-x-mod-dev"
)
Judge = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.go


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The judge, compiled once; without Go the tests fail and say what to install."""
    go = shutil.which("go")
    sources = Path(os.environ.get("GOCODE", "/usr/share/gocode"))
    if not go or not (sources / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.fail(INSTALL)
    program = tmp_path_factory.mktemp("judge") / "judge"
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": str(sources), "GOFLAGS": ""}
    subprocess.run([go, "build", "-o", program, SOURCE], check=True, env=environ)

    def run(*words: str | Path, text: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run([program, *words], input=text, capture_output=True, text=True, check=False)

    return run


def entries(size: int) -> list[bytes]:
    return [b'{"n":%d}' % n for n in range(size)]


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 300, 511, 513, 66_000])
def test_go_accepts_checkpoint_tiles_entries_and_proofs(judge: Judge, tmp_path: Path, size: int) -> None:
    log = Published(tmp_path, entries(size))
    indexes = sorted({0, size // 3, size // 2, max(size - 2, 0), size - 1})
    olds = sorted({1, (size + 1) // 2, max(size - 1, 1), size})
    for index in indexes:
        log.prove(index)
    for old in olds:
        log.prove_consistency(old)
    told = judge("check", tmp_path, tmp_path / "keys", tmp_path / "evidence")
    counts = f"size {size} signatures 2 entries {size} proofs {len(indexes)} consistencies {len(olds)}\n"
    assert (told.returncode, told.stdout) == (0, counts)


@pytest.mark.parametrize(
    "name",
    [
        "checkpoint", "tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
        "evidence/137.tlog-proof", "evidence/200.consistency",
    ],
)  # fmt: skip
def test_go_refuses_every_file_with_an_altered_byte(judge: Judge, tmp_path: Path, name: str) -> None:
    log = Published(tmp_path, entries(300))
    log.prove(137)
    log.prove_consistency(200)
    whole = (tmp_path / name).read_bytes()
    for at in (5, len(whole) // 2, len(whole) - 3):
        (tmp_path / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        told = judge("check", tmp_path, tmp_path / "keys", tmp_path / "evidence")
        assert told.returncode == 1, f"byte {at} of {name}: {told.stdout}"
    (tmp_path / name).write_bytes(whole)
    assert judge("check", tmp_path, tmp_path / "keys", tmp_path / "evidence").returncode == 0


def test_go_refuses_a_log_that_was_rewritten_behind_its_checkpoint(judge: Judge, tmp_path: Path) -> None:
    Published(tmp_path / "true", entries(300))
    Published(tmp_path / "false", [*entries(299), b'{"n":"other"}'])
    shutil.copy(tmp_path / "true/checkpoint", tmp_path / "false/checkpoint")
    told = judge("check", tmp_path / "false", tmp_path / "true/keys")
    assert told.returncode == 1
    assert "the entries do not give the signed root" in told.stdout


def test_go_refuses_the_key_of_another_log(judge: Judge, tmp_path: Path) -> None:
    Published(tmp_path, entries(3))
    (tmp_path / "keys").write_text(Signer(LOG.name, bytes(32)).vkey)
    told = judge("check", tmp_path, tmp_path / "keys")
    assert told.returncode == 1
    assert "no verifiable signatures" in told.stdout


def test_go_signs_the_very_same_note(judge: Judge) -> None:
    text = "directory.example/log\n300\nJrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw=\n"
    identifier = key_id(LOG.name, 1, LOG.public).hex()
    key = f"PRIVATE+KEY+{LOG.name}+{identifier}+{b64.encode(bytes([1, *range(32)]))}"
    assert judge("sign", key, text=text).stdout == LOG.sign(text)
