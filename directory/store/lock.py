"""One process writes: a lock on a file beside the database, released by the kernel when the process ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from directory.errors import Unusable


class WriterLock:
    """Held as a context manager. Raises Unusable that names the process which holds it."""

    def __init__(self, data: Path) -> None:
        self.path = data / "directory.lock"
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        if not self.path.parent.exists():
            raise Unusable(
                f"There is no folder {self.path.parent}: run `directory init --data {self.path.parent}` first."
            )
        try:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise Unusable(
                f"{self.path} can't be opened: {problem.strerror}. Look at the rights of the folder."
            ) from problem
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            raise Unusable(
                f"Another process (number {holder}) holds the directory in {self.path.parent} for writing. "
                "Stop it first, or wait until it is done."
            ) from problem
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
