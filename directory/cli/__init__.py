"""The ``directory`` command: 0 done, 1 refused or found something, 2 could not run."""

import os
import sys

import click

from directory import __version__
from directory.cli import exporting, importing, lifecycle, serving
from directory.errors import DirectoryError, Invalid, Unusable


class _Group(click.Group):
    """Turns the package's own errors into plain sentences and exit codes."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Unusable as problem:
            click.echo(problem.message, err=True)
            ctx.exit(2)
        except Invalid as problem:
            for one in problem.problems:
                click.echo(f"{one.field}: {one.message}" if one.field else one.message, err=True)
            click.echo(problem.message, err=True)
            ctx.exit(1)
        except DirectoryError as problem:
            click.echo(problem.message, err=True)
            ctx.exit(1)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="directory")
def main() -> None:
    """Open directory of central authorities. Every command takes --data DIR (default ./data)."""


for command in (*lifecycle.commands, *importing.commands, *exporting.commands, *serving.commands):
    main.add_command(command)
