"""Every derived table may be thrown away: the log gives the same rows again."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.actions import lifecycle
from directory.errors import Invalid
from directory.store import projection, rebuild
from directory.store.database import connect, transaction
from tests.store.places import Place, draft


def remake(place: Place) -> int:
    return lifecycle.remake(place.settings, place.clock, lambda _done, _total: None)


def digest(place: Place) -> str:
    with closing(connect(place.settings.database, readonly=True)) as c:
        return projection.digest(c)


def test_the_same_rows_come_again(filled: Place) -> None:
    before = digest(filled)
    assert remake(filled) == 5
    assert digest(filled) == before
    assert filled.verify() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE current SET name = 'Evil'",
        "DELETE FROM current",
        "DELETE FROM version",
        "DELETE FROM projection",
        "UPDATE search_content SET c1 = 'evil'",
        "UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10",
        "DELETE FROM search_data",
        "DELETE FROM search_config",
        "DROP TABLE search_idx",
        "DROP TABLE facet",
        "DROP TABLE term",
        "DROP TABLE search",
        "DROP INDEX version_in_time",
        "ALTER TABLE current ADD COLUMN evil TEXT",
        "CREATE VIEW shadow AS SELECT * FROM current",
    ],
)
def test_whatever_happened_to_derived_tables_is_mended(filled: Place, sql: str) -> None:
    before = digest(filled)
    filled.tamper(sql)
    assert filled.verify() != []
    remake(filled)
    assert digest(filled) == before
    assert filled.verify() == []


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER log_no_update",
        "CREATE TRIGGER quiet AFTER INSERT ON log BEGIN DELETE FROM current; END",
    ],
)
def test_safeguards_are_put_back(filled: Place, sql: str) -> None:
    with closing(sqlite3.connect(filled.settings.database, isolation_level=None)) as c:
        c.execute(sql)
    assert filled.verify() != []
    remake(filled)
    assert filled.verify() == []


def test_the_log_is_not_touched(filled: Place) -> None:
    tables = ["SELECT * FROM log", "SELECT * FROM node", "SELECT * FROM blob", "SELECT * FROM signed"]
    before = [filled.rows(sql) for sql in tables]
    remake(filled)
    assert [filled.rows(sql) for sql in tables] == before


def test_a_scheduled_version_is_in_force_after_its_day(filled: Place) -> None:
    filled.later(days=60)
    remake(filled)
    assert filled.rows("SELECT n FROM current WHERE id = 'gb-ukca'") == [(3,)]
    assert filled.verify() == []


def test_a_damaged_record_stops_it_and_nothing_is_changed(filled: Place) -> None:
    before = digest(filled)
    filled.tamper("UPDATE log SET entry = x'7b7d' WHERE idx = 3")
    with pytest.raises(Invalid):
        remake(filled)
    assert digest(filled) == before


ids = st.sampled_from(["gb-ukca", "ke-agc", "fr-dacg"])
versions = st.tuples(ids, st.sampled_from(["A", "B", "Ω"]), st.dates(date(2025, 1, 1), date(2028, 12, 31)))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(st.tuples(st.lists(versions, max_size=4), st.integers(0, 300)), min_size=1, max_size=5))
def test_growing_day_by_day_equals_folding_at_once(
    tmp_path_factory: pytest.TempPathFactory, batches: list[tuple[list[tuple[str, str, date]], int]]
) -> None:
    """The state after every write, with days passing in between, is the fold over the log on that day."""
    place = Place(tmp_path_factory.mktemp("days") / "data").init()
    for batch, days in batches:
        place.now += timedelta(days=days)
        place.publish(*(draft(i, name, day) for i, name, day in batch))
        with closing(connect(place.settings.database, readonly=False)) as c:
            before = projection.digest(c)
            with transaction(c):
                rebuild.rebuild(c, projection.day_of(c))
            assert projection.digest(c) == before
