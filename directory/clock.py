"""The time, from one place, so that a test can fix it.

Instants are aware datetimes in UTC cut to the second, written ``2026-11-24T06:00:00Z``;
days are ``datetime.date`` and mean the whole day in UTC.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC, cut to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def instant(moment: datetime) -> str:
    """The one written form of an instant: ``2026-11-24T06:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read what :func:`instant` wrote. Raises ValueError on any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def today(clock: Clock) -> date:
    """The UTC day that the clock shows."""
    return clock().astimezone(UTC).date()
