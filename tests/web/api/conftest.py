"""The real facts behind a real server, and a directory that grows during a test."""

import asyncio
import shutil
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner
from msgspec import structs

from directory.actions import importing
from directory.cli import main
from directory.clock import Clock
from directory.settings import Settings
from directory.store import projection
from directory.store.database import connect, transaction
from directory.web.app import create_app

FACTS = Path(__file__).resolve().parents[3] / "fixtures"
NOW = datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A directory with all the facts that come with the repository."""
    data = tmp_path_factory.mktemp("whole")
    made = CliRunner().invoke(main, ["init", "--data", str(data)])
    assert made.exit_code == 0, made.output
    settings = Settings(data=data, base_url="https://directory.example")
    importing.run(settings, lambda: datetime.now(UTC).replace(microsecond=0), [FACTS / "curated.jsonl"])
    importing.run(
        settings, lambda: datetime.now(UTC).replace(microsecond=0), [FACTS / "authorities.jsonl"], keep_going=True
    )
    return settings


@pytest.fixture(scope="session")
def server(whole: Settings) -> Iterator[str]:
    """The application as it runs, on a port of its own: what arrives has gone through a socket."""
    _app, edge = create_app(whole)
    config = uvicorn.Config(edge, port=0, lifespan="on", log_config=None, access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not running.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


class Growing:
    """A directory of its own that a test writes to, and a clock that it moves."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.settings = settings
        self.now = now

    def clock(self) -> datetime:
        return self.now

    def move_to(self, now: datetime) -> None:
        """Another day, with the derived tables moved on as the server does it."""
        self.now = now
        with closing(connect(self.settings.database, readonly=False)) as c, transaction(c):
            projection.promote(c, now.date())


@pytest.fixture
def growing(settings: Settings, tmp_path: Path) -> Growing:
    shutil.copytree(settings.data, tmp_path / "data")
    return Growing(structs.replace(settings, data=tmp_path / "data"), NOW)


@asynccontextmanager
async def asking(settings: Settings, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole stack over ``settings``."""
    app, edge = create_app(settings, clock)
    async with app.lifespan():
        transport = httpx.ASGITransport(app=edge, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test.example") as client:
            yield client
