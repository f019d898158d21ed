"""Real Chromium against the real server on a socket, with the entries of the page tests and with the real facts."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from directory.settings import Settings
from directory.web.app import create_app
from tests.web.conftest import NOW, PSEUDO, make

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --force-color-profile=srgb"
).split()


def chromium() -> str:
    """Where Chromium is. Fails with what to do: a browser test that is skipped says nothing."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("Chromium is needed: run tests/tools.sh, or name another one with CHROMIUM=/path/to/chromium.")
    return found


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running server; English, and a language from right to left."""
    yield from serving(make(tmp_path_factory.mktemp("browser")))


def serving(settings: Settings) -> Iterator[str]:
    """Serve in a thread of its own, on a port that is free."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    _app, edge = create_app(settings, lambda: NOW, PSEUDO)
    server = uvicorn.Server(uvicorn.Config(edge, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started, "the server did not start"
    yield address
    server.should_exit = True
    thread.join(20)
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: playwright's loop must not outlive it, async tests of other modules need the thread."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
