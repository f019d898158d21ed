"""What every test may use: one event loop kind, a clock that stands still."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import settings

settings.register_profile("shared", deadline=None)  # a slow machine is no failure
settings.load_profile("shared")

NOW = datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW
