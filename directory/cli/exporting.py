"""``directory export``."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from directory.actions.exporting import Extract, Wanted
from directory.cli.common import data_option, progress, settings_for
from directory.clock import system_clock
from directory.clock import today as day_of
from directory.domain import query as queries
from directory.domain.freshness import Clocks
from directory.errors import Unusable
from directory.exports.formats import FORMATS
from directory.exports.table import Table
from directory.store import reader
from directory.store.database import connect, snapshot


@click.command()
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="Format of the file.")
@click.option("--as-of", metavar="DAY", help="Entries as they were in force on this day, such as 2016-01-01.")
@click.option("--position", type=click.IntRange(min=0), help="Only what the log held at this position.")
@click.option("--bom", is_flag=True, help="Begin CSV with the mark by which Excel knows UTF-8.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File [default: standard output]."
)
@data_option
def export(  # noqa: PLR0917 (click passes them by name)
    form: str, as_of: str | None, position: int | None, bom: bool, output: Path | None, data: Path | None
) -> None:
    """Write all entries to a file, as they are or as they were."""
    settings = settings_for(data)
    wanted = Wanted(as_of=queries.day(as_of, "--as-of") if as_of else None, position=position)
    c = connect(settings.database, readonly=True)
    try:
        with snapshot(c), _target(output) as file, progress() as show:
            extract = Extract(c, wanted, day_of(system_clock), Clocks(due=settings.contact_days))
            writer = Table(extract.contents, bom=bom) if form == "csv" else FORMATS[form](extract.contents)
            total = len(reader.ids(c))
            file.write(writer.begin())
            for done, item in enumerate(extract.every(c), 1):
                file.write(writer.row(item))
                if output and done % 100 == 0:
                    show("entries", done, total)
            file.write(writer.end())
    finally:
        c.close()


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            yield file
        beside.replace(output)
    except OSError as problem:
        raise Unusable(f"{output} can't be written: {problem.strerror or problem}.") from problem
    finally:
        beside.unlink(missing_ok=True)


commands = (export,)
