"""What all commands share: the data folder, the settings, progress on a terminal."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from directory.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """``--data DIR``, before DIRECTORY_DATA."""
    option = click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="Data folder [default: ./data]."
    )
    return option(command)


def settings_for(data: Path | None) -> Settings:
    """Settings from the environment and ``--data``."""
    return load(os.environ, data)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function (what, done, of how many) that draws a bar on a terminal and is silent elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)

        yield show
