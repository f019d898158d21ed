"""Files that must survive a power cut: written beside, synced, renamed, the folder synced."""

import os
from pathlib import Path

from directory.errors import Unusable


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace ``path`` by ``data`` so that a crash leaves the old file or the new one. Raises Unusable."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as problem:
        raise Unusable(
            f"{path} can't be written: {problem.strerror or problem}. Look at the rights and the free room."
        ) from problem


def read(path: Path) -> bytes | None:
    """The content of a file, None if there is none. Raises Unusable when it can't be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise Unusable(f"{path} can't be read: {problem.strerror or problem}. Look at its rights.") from problem
