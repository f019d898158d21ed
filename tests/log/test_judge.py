"""Go's note and tlog packages, which share no line with ours, read what we publish and refuse what was altered."""

import shutil
from pathlib import Path

import pytest

from directory.log import b64
from directory.log.note import Signer, key_id
from tests.log.conftest import Program
from tests.log.publishing import LOG, Published

pytestmark = pytest.mark.go


def entries(size: int) -> list[bytes]:
    return [b'{"n":%d}' % n for n in range(size)]


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 300, 511, 513, 66_000])
def test_go_accepts_checkpoint_tiles_entries_and_proofs(judge: Program, tmp_path: Path, size: int) -> None:
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
def test_go_refuses_every_file_with_an_altered_byte(judge: Program, tmp_path: Path, name: str) -> None:
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


def test_go_refuses_a_log_that_was_rewritten_behind_its_checkpoint(judge: Program, tmp_path: Path) -> None:
    Published(tmp_path / "true", entries(300))
    Published(tmp_path / "false", [*entries(299), b'{"n":"other"}'])
    shutil.copy(tmp_path / "true/checkpoint", tmp_path / "false/checkpoint")
    told = judge("check", tmp_path / "false", tmp_path / "true/keys")
    assert told.returncode == 1
    assert "the entries do not give the signed root" in told.stdout


def test_go_refuses_the_key_of_another_log(judge: Program, tmp_path: Path) -> None:
    Published(tmp_path, entries(3))
    (tmp_path / "keys").write_text(Signer(LOG.name, bytes(32)).vkey)
    told = judge("check", tmp_path, tmp_path / "keys")
    assert told.returncode == 1
    assert "no verifiable signatures" in told.stdout


def test_go_signs_the_very_same_note(judge: Program) -> None:
    text = "directory.example/log\n300\nJrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw=\n"
    identifier = key_id(LOG.name, 1, LOG.public).hex()
    key = f"PRIVATE+KEY+{LOG.name}+{identifier}+{b64.encode(bytes([1, *range(32)]))}"
    assert judge("sign", key, text=text).stdout == LOG.sign(text)
