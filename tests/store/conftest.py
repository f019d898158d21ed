"""Directories to test on."""

from datetime import date
from pathlib import Path

import pytest

from tests.store.places import Place, draft


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty directory."""
    return Place(tmp_path / "data").init()


@pytest.fixture
def filled(place: Place) -> Place:
    """Two authorities; one has three versions, of which the last is announced for a later day. Position 5."""
    place.publish(draft("gb-ukca", "UK Central Authority"), draft("ke-agc", "Office of the Attorney General"))
    place.later(days=1)
    place.publish(draft("gb-ukca", "UK Central Authority", date(2021, 6, 1), "ukca@example.org"))
    place.later(days=1)
    place.publish(draft("gb-ukca", "UK Central Authority (new)", date(2027, 1, 1), "ukca@example.org"))
    return place
