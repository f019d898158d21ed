"""``directory serve``."""

import logging
import socket
from pathlib import Path

import click
import uvicorn

from directory.cli.common import data_option, settings_for
from directory.clock import system_clock, today
from directory.errors import Unusable
from directory.settings import Settings
from directory.store import projection, signing
from directory.store.database import connect, transaction
from directory.store.lock import WriterLock
from directory.web.app import create_app


@click.command()
@data_option
def serve(data: Path | None) -> None:
    """Serve pages, API and files until stopped."""
    settings = settings_for(data)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for noisy in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    listener = listen(settings)
    with WriterLock(settings.data):
        prepare(settings)
        _app, edge = create_app(settings)
        config = uvicorn.Config(
            edge,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=20,
            limit_concurrency=512,
            log_config=None,
        )
        click.echo(f"The directory is served on http://{settings.host}:{settings.port} (stop with Ctrl-C).")
        uvicorn.Server(config).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """The socket to serve on. Raises Unusable when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(512)
    except OSError as problem:
        listener.close()
        raise Unusable(
            f"http://{settings.host}:{settings.port} can't be served: {problem.strerror}. "
            "Another program may hold the port; choose another one with DIRECTORY_PORT."
        ) from problem
    return listener


def prepare(settings: Settings) -> None:
    """Before serving: the log fits what was published, is signed to its end, and the day is today."""
    c = connect(settings.database, readonly=False)
    try:
        signing.catch_up(c, signing.LogSigner(settings.keys, settings.origin), settings.highwater_file)
        with transaction(c):
            projection.promote(c, today(system_clock))
    finally:
        c.close()


commands = (serve,)
