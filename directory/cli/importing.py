"""``directory import``."""

from pathlib import Path

import click

from directory.actions import importing as action
from directory.cli.common import data_option, progress, settings_for
from directory.clock import system_clock


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be added; change nothing.")
@click.option("--keep-going", is_flag=True, help="Import the usable records even if others are not.")
@data_option
@click.pass_context
def import_(ctx: click.Context, files: tuple[Path, ...], dry_run: bool, keep_going: bool, data: Path | None) -> None:
    """Take collected facts (one JSON record a line) into the directory."""
    settings = settings_for(data)
    with progress() as show:
        report = action.run(settings, system_clock, files, dry_run=dry_run, keep_going=keep_going, progress=show)
    for trouble in report.troubles:
        field = f" {trouble.problem.field}" if trouble.problem.field else ""
        click.echo(f"{trouble.file}:{trouble.line}{field}: {trouble.problem.message}", err=True)
    if dry_run:
        for planned in report.versions:
            click.echo(action.describe(planned))
    verb = "would be added" if dry_run else "added"
    click.echo(
        f"{report.read} records read, {report.new_entries} entries and {len(report.versions)} versions {verb}"
        + (
            f", {len({(t.file, t.line) for t in report.troubles})} records could not be used."
            if report.troubles
            else "."
        )
    )
    if report.troubles:
        ctx.exit(1)


commands = (import_,)
