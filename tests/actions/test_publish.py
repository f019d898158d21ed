"""One decision is one transaction; what is refused leaves nothing behind."""

from datetime import datetime
from pathlib import Path

import pytest

from directory.actions.publish import publish
from directory.errors import Refused, Unusable
from directory.store import ledger
from directory.store.database import Connection
from directory.store.ledger import Draft
from tests.store.places import START, Place, draft


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data").init()


def test_indexes_come_back_in_order_and_are_signed(place: Place) -> None:
    assert place.publish(draft("gb-ukca"), draft("ke-agc")) == [1, 2]
    assert place.publish(draft("gb-ukca", "Another")) == [3]
    assert place.rows("SELECT max(size) FROM signed") == [(4,)]


def test_nothing_decided_writes_nothing(place: Place) -> None:
    before = place.settings.highwater_file.read_bytes()
    assert place.publish() == []
    assert place.size() == 1
    assert place.settings.highwater_file.read_bytes() == before


def test_the_decision_sees_the_state_it_changes_and_the_time(place: Place) -> None:
    place.publish(draft("gb-ukca"))

    def decide(c: Connection, now: datetime) -> list[Draft]:
        assert c.in_transaction
        assert now == START
        return [draft("ke-agc")] if ledger.latest(c, "gb-ukca") else []

    assert publish(place.settings, place.clock, decide) == [2]


def test_a_decision_that_fails_leaves_nothing(place: Place) -> None:
    def decide(_c: Connection, _now: datetime) -> list[Draft]:
        raise Refused("not now")

    with pytest.raises(Refused, match="not now"):
        publish(place.settings, place.clock, decide)
    assert place.size() == 1
    assert place.publish(draft("gb-ukca")) == [1]


def test_without_a_directory_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    for data in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(Unusable, match="run `directory init"):
            Place(data).publish(draft("gb-ukca"))
