"""``directory init | verify | rebuild | backup | restore | keys``."""

from pathlib import Path

import click

from directory.actions import lifecycle
from directory.cli.common import data_option, progress, settings_for
from directory.clock import system_clock
from directory.store import backup as backups
from directory.store import ledger, signing
from directory.store import verify as verifying
from directory.store.database import opened

SHOWN = 50


@click.command()
@data_option
def init(data: Path | None) -> None:
    """Make an empty directory: database, key, first record."""
    settings = settings_for(data)
    vkey = lifecycle.initialise(settings, system_clock)
    click.echo(f"An empty directory was made in {settings.data}.")
    click.echo(f"Key of its log, to be given to everybody who verifies it: {vkey}")
    click.echo(f"Keep a copy of {settings.keys / 'log.key'} in a safe place: without it the log can't be continued.")


@click.command()
@click.option("--key", "vkey", metavar="VKEY", help="Public key to judge by [default: that of this directory].")
@data_option
@click.pass_context
def verify(ctx: click.Context, vkey: str | None, data: Path | None) -> None:
    """Recompute everything: records, tree, signatures, contents, derived tables, high water."""
    settings = settings_for(data)
    marks = [settings.highwater_file]
    with opened(settings.database, readonly=True) as c:
        if vkey is None:
            if (named := signing.origin_of(c)) is not None:
                signing.check_origin(named, settings.origin)
            signer = signing.LogSigner(settings.keys, settings.origin)
            vkey = signer.vkey
            marks.append(signer.last_file)
        with progress() as show:
            found = verifying.verify(c, vkey, marks, show)
        size = 0 if found else ledger.size(c)
    for finding in found[:SHOWN]:
        click.echo(str(finding))
    if len(found) > SHOWN:
        click.echo(f"And {len(found) - SHOWN} findings more.")
    if found:
        click.echo(f"{_count(len(found), 'thing is', 'things are')} not as it should be.")
        ctx.exit(1)
    click.echo(
        f"All is well: {_count(size, 'record', 'records')}, their tree, signatures, contents and derived tables "
        "are exactly what was published."
    )


@click.command("rebuild")
@data_option
def rebuild_(data: Path | None) -> None:
    """Drop every derived table and make it anew from the log."""
    settings = settings_for(data)
    with progress() as show:
        done = lifecycle.remake(settings, system_clock, lambda at, total: show("records", at, total))
    click.echo(f"The derived tables were made anew from {_count(done, 'record', 'records')}.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--with-key", is_flag=True, help="Copy the private key too; then keep the copy under lock.")
@data_option
def backup(folder: Path, with_key: bool, data: Path | None) -> None:
    """Copy the directory into the new FOLDER, also while it is in use, and verify the copy."""
    settings = settings_for(data)
    with progress() as show:
        size = backups.backup(settings, folder, with_key=with_key, progress=show)
    click.echo(f"{_count(size, 'record was', 'records were')} copied to {folder} and verified there.")
    if not with_key:
        click.echo(f"The private key is not in it: keep a copy of {settings.keys / 'log.key'} elsewhere.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
@click.pass_context
def restore(ctx: click.Context, folder: Path, data: Path | None) -> None:
    """Verify the backup in FOLDER and put it into a data folder that has no directory."""
    settings = settings_for(data)
    with progress() as show:
        back = backups.restore(settings, folder, show)
    click.echo(f"{_count(back.size, 'record was', 'records were')} restored to {settings.data}.")
    click.echo(f"Compare the key of the log with the published one: {back.vkey}")
    if not back.has_key:
        click.echo(f"Put the private key back into {settings.keys / 'log.key'}; nothing starts without it.")
    if back.missing:
        click.echo(
            f"{_count(back.missing, 'record that was', 'records that were')} published after this backup "
            f"{'is' if back.missing == 1 else 'are'} missing; the directory does not start without them. "
            "Look for a newer backup."
        )
        ctx.exit(1)


@click.command()
@data_option
def keys(data: Path | None) -> None:
    """Show the public key by which anybody can verify the log."""
    settings = settings_for(data)
    click.echo(signing.LogSigner(settings.keys, settings.origin).vkey)


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


commands = (init, verify, rebuild_, backup, restore, keys)
