"""Files that must survive a power cut: written beside, synced, renamed, the folder synced."""

import os
import shutil
from pathlib import Path

from directory.errors import Unusable


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace ``path`` by ``data`` so that a crash leaves the old file or the new one. Raises Unusable."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)  # one left by a crash may have other rights
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _rename(beside, path)
    except OSError as problem:
        raise _cannot(path, "written", problem) from problem


def copy_durably(source: Path, target: Path, mode: int = 0o644) -> None:
    """Copy a file under the same promise. Raises Unusable."""
    beside = target.with_name(f".{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, beside)
        beside.chmod(mode)
        settle(beside, target)
    except OSError as problem:
        raise _cannot(target, "written", problem) from problem


def settle(beside: Path, path: Path) -> None:
    """Give a finished file its name so that a crash leaves all of it or nothing. Raises Unusable."""
    try:
        descriptor = os.open(beside, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _rename(beside, path)
    except OSError as problem:
        raise _cannot(path, "written", problem) from problem


def read(path: Path) -> bytes | None:
    """The content of a file, None if there is none. Raises Unusable when it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise _cannot(path, "read", problem) from problem


def _rename(beside: Path, path: Path) -> None:
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _cannot(path: Path, what: str, problem: OSError) -> Unusable:
    return Unusable(f"{path} can't be {what}: {problem.strerror or problem}. Look at its rights and the free room.")
