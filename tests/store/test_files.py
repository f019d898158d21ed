"""A file outside the database is the old one or the new one, never half of either."""

from collections.abc import Callable
from pathlib import Path

import pytest

from directory.errors import Unusable
from directory.store.files import copy_durably, read, settle, write_durably


def test_a_file_is_replaced_with_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "file"
    write_durably(path, b"one", 0o600)
    write_durably(path, b"two", 0o600)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_what_a_crash_left_beside_does_not_lend_its_rights(tmp_path: Path) -> None:
    left = tmp_path / ".key.new"
    left.write_bytes(b"half")
    left.chmod(0o644)
    write_durably(tmp_path / "key", b"secret", 0o600)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert not left.exists()


def test_a_copy_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    copy_durably(tmp_path / "a", tmp_path / "b", 0o600)
    assert (tmp_path / "b").read_bytes() == (tmp_path / "a").read_bytes()
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600


def test_a_missing_file_reads_as_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "missing") is None


@pytest.mark.parametrize("way", ["write", "copy", "settle", "read"])
def test_what_cant_be_done_is_said_plainly(tmp_path: Path, way: str) -> None:
    (tmp_path / "file").touch()
    attempts: dict[str, Callable[[], object]] = {
        "write": lambda: write_durably(tmp_path / "file" / "below", b""),
        "copy": lambda: copy_durably(tmp_path / "missing", tmp_path / "target"),
        "settle": lambda: settle(tmp_path / "missing", tmp_path / "target"),
        "read": lambda: read(tmp_path),
    }
    with pytest.raises(Unusable, match=r"can't be (written|read): .*\. Look at its rights and the free room\."):
        attempts[way]()
