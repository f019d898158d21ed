"""``directory init | verify | rebuild | backup | restore | keys``."""

import contextlib
import hashlib
import shutil
import sqlite3
from pathlib import Path

import click

from directory.cli.common import data_option, progress, settings_for
from directory.clock import system_clock, today
from directory.errors import Refused, Unusable
from directory.log.note import Verifier
from directory.settings import Settings
from directory.store import ledger, rebuild, signing
from directory.store import verify as verifying
from directory.store.database import connect, create, transaction
from directory.store.lock import WriterLock

POLICY = "cadir/policy/1: sensitive changes are announced in the log and wait before they take effect.\n"


@click.command()
@data_option
def init(data: Path | None) -> None:
    """Make an empty directory: database, key, first record."""
    settings = settings_for(data)
    if settings.database.exists():
        raise Refused(f"There is a directory in {settings.data} already; nothing was changed.")
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Unusable(
            f"{settings.data} can't be made: {problem.strerror}. Look at the rights of the folder above it."
        ) from problem
    with WriterLock(settings.data):
        signing.LogSigner.make(settings.keys)
        signer = signing.LogSigner(settings.keys, settings.origin)
        c = create(settings.database)
        try:
            with transaction(c):
                policy = hashlib.sha256(POLICY.encode()).hexdigest()
                ledger.genesis(c, system_clock(), settings.origin, policy, [signer.vkey])
            signing.catch_up(c, signer, settings.highwater_file)
        finally:
            c.close()
    click.echo(f"An empty directory was made in {settings.data}.")
    click.echo(f"Key of its log, to be given to everybody who verifies it: {signer.vkey}")
    click.echo(f"Keep a copy of {settings.keys} in a safe place.")


@click.command()
@data_option
@click.pass_context
def verify(ctx: click.Context, data: Path | None) -> None:
    """Recompute everything: records, tree, signatures, contents, derived tables, high water."""
    settings = settings_for(data)
    signer = signing.LogSigner(settings.keys, settings.origin)
    c = connect(settings.database, readonly=True)
    try:
        with progress() as show:
            found = verifying.verify(c, Verifier.parse(signer.vkey), settings.highwater_file, show)
        size = ledger.size(c)
    finally:
        c.close()
    for finding in found:
        click.echo(f"{finding.where}: {finding.what} {finding.do}")
    if found:
        click.echo(f"{len(found)} findings in a log of {size} records.")
        ctx.exit(1)
    click.echo(f"All {size} records, their tree, signatures, contents and derived tables are as they must be.")


@click.command("rebuild")
@data_option
def rebuild_(data: Path | None) -> None:
    """Drop every derived table and make it anew from the log."""
    settings = settings_for(data)
    with WriterLock(settings.data):
        c = connect(settings.database, readonly=False)
        try:
            with progress() as show, transaction(c):
                done = rebuild.rebuild(c, today(system_clock), lambda at, total: show("records", at, total))
        finally:
            c.close()
    click.echo(f"The derived tables were made anew from {done} records.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
def backup(folder: Path, data: Path | None) -> None:
    """Copy the directory into FOLDER, also while it is in use. Keys are copied too: keep the copy safe."""
    settings = settings_for(data)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; give a new folder for each backup.")
    c = connect(settings.database, readonly=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(folder / "directory.sqlite3")) as target:
            c.backup(target)
        size = ledger.size(c)
    finally:
        c.close()
    shutil.copytree(settings.keys, folder / "keys")
    if settings.highwater_file.exists():
        shutil.copy2(settings.highwater_file, folder / "highwater")
    copy = connect(folder / "directory.sqlite3", readonly=True)
    try:
        found = _problems(copy, settings, folder)
    finally:
        copy.close()
    if found:
        raise Refused(f"The copy does not verify: {found[0].where}: {found[0].what}")
    click.echo(f"{size} records were copied to {folder} and verified there.")


def _problems(c: sqlite3.Connection, settings: Settings, folder: Path) -> list[verifying.Finding]:
    signer = signing.LogSigner(settings.keys, settings.origin)
    return verifying.verify(c, Verifier.parse(signer.vkey), folder / "highwater")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
def restore(folder: Path, data: Path | None) -> None:
    """Put a backup from FOLDER into an empty data folder; says how many records are newer than the backup."""
    settings = settings_for(data)
    if settings.database.exists():
        raise Refused(f"There is a directory in {settings.data} already. Move it away first; nothing was changed.")
    mark_was = (
        signing.highwater(settings.highwater_file, _verifier(folder, settings))
        if settings.highwater_file.exists()
        else None
    )
    c = connect(folder / "directory.sqlite3", readonly=True)
    try:
        size = ledger.size(c)
    finally:
        c.close()
    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy2(folder / "directory.sqlite3", settings.database)
    if not settings.keys.exists():
        shutil.copytree(folder / "keys", settings.keys)
    if mark_was is None and (folder / "highwater").exists():
        shutil.copy2(folder / "highwater", settings.highwater_file)
    click.echo(f"{size} records were restored to {settings.data}.")
    if mark_was is not None and mark_was.size > size:
        missing = mark_was.size - size
        click.echo(
            f"{missing} records were published after this backup and are missing; nothing can be written without them."
        )


def _verifier(folder: Path, settings: Settings) -> Verifier:
    keys = settings.keys if settings.keys.exists() else folder / "keys"
    return Verifier.parse(signing.LogSigner(keys, settings.origin).vkey)


@click.command()
@data_option
def keys(data: Path | None) -> None:
    """Show the public key by which anybody can verify the log."""
    settings = settings_for(data)
    click.echo(signing.LogSigner(settings.keys, settings.origin).vkey)


commands = (init, verify, rebuild_, backup, restore, keys)
