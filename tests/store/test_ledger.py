"""The log grows record by record, each in its place, and the tree with it."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.errors import Invalid, Refused, Unusable
from directory.log import tree
from directory.log.commitment import commit
from directory.log.record import EntryVersion, Genesis, decode_record
from directory.store import ledger, projection
from directory.store.database import connect, transaction
from tests.store.places import START, Place, body, draft


def test_a_new_log_describes_itself(place: Place) -> None:
    ((data,),) = place.rows("SELECT entry FROM log")
    genesis = decode_record(data)
    assert isinstance(genesis, Genesis)
    assert (genesis.i, genesis.origin, genesis.vkeys) == (0, place.settings.origin, (place.vkey,))


def test_versions_are_counted_and_chained(filled: Place) -> None:
    found = [(decode_record(d), leaf) for d, leaf in filled.rows("SELECT entry, leaf FROM log ORDER BY idx")]
    ours = [(r, leaf) for r, leaf in found if isinstance(r, EntryVersion) and r.id == "gb-ukca"]
    assert [r.n for r, _ in ours] == [1, 2, 3]
    assert [r.prev for r, _ in ours] == [None, ours[0][1].hex(), ours[1][1].hex()]
    assert [r.i for r, _ in found] == [0, 1, 2, 3, 4]


def test_content_opens_its_commitment(filled: Place) -> None:
    rows = filled.rows("SELECT commitment, layer, salt, body FROM blob")
    assert len(rows) == 4
    assert len({salt for _, _, salt, _ in rows}) == 4
    for commitment, layer, salt, content in rows:
        assert layer == "public"
        assert commit(salt, content) == commitment


def test_the_network_layer_is_committed_to_apart(place: Place) -> None:
    secret = b'{"id":"gb-ukca","lines":[]}'
    place.publish(msgspec.structs.replace(draft("gb-ukca"), network=secret))
    record = decode_record(place.rows("SELECT entry FROM log WHERE idx = 1")[0][0])
    assert isinstance(record, EntryVersion)
    assert record.network is not None
    kept = dict(place.rows("SELECT layer, body FROM blob"))
    assert kept["network"] == secret
    assert kept["public"] == body("gb-ukca")


def test_time_never_falls(place: Place) -> None:
    """A clock set back a little repeats the last instant; more than five minutes back refuses to write."""
    place.later(hours=1)
    place.publish(draft("gb-ukca"))
    place.later(minutes=-4)
    place.publish(draft("ke-agc"))
    ats = [decode_record(d).at for (d,) in place.rows("SELECT entry FROM log ORDER BY idx")]
    assert ats == ["2026-11-24T06:00:00Z", "2026-11-24T07:00:00Z", "2026-11-24T07:00:00Z"]
    place.later(minutes=-2)
    with pytest.raises(Refused, match="Set the clock right; nothing was written"):
        place.publish(draft("fr-dacg"))
    assert place.size() == 3


def test_a_body_that_is_not_canonical_is_refused_with_the_whole_batch(place: Place) -> None:
    bad = msgspec.structs.replace(draft("ke-agc"), body=b'{"b":1, "a":2}')
    with pytest.raises(Invalid):
        place.publish(draft("gb-ukca"), bad)
    assert place.size() == 1
    assert place.rows("SELECT count(*) FROM blob") == [(0,)]


def test_derived_rows_that_contradict_the_log_stop_the_next_version(filled: Place) -> None:
    """Otherwise a tampered derived table would write a false version number into the log for ever."""
    filled.tamper("UPDATE version SET n = 9 WHERE id = 'gb-ukca' AND n = 3")
    with pytest.raises(Unusable, match="Run `directory rebuild`; nothing was written"):
        filled.publish(draft("gb-ukca"))
    assert filled.size() == 5


def test_latest_is_the_newest_version_in_the_log_not_in_time(filled: Place) -> None:
    filled.publish(draft("gb-ukca", day=date(1999, 1, 1)))
    with closing(connect(filled.settings.database, readonly=True)) as c:
        newest = ledger.latest(c, "gb-ukca")
        assert newest is not None
        assert newest.n == 4
        assert newest.leaf == c.execute("SELECT leaf FROM log WHERE idx = 5").fetchone()[0]
        assert ledger.latest(c, "gb-nobody") is None


ids = st.sampled_from(["gb-ukca", "ke-agc", "fr-dacg", "jp-moj"])
days = st.dates(date(1995, 1, 1), date(2030, 12, 31))
batches = st.lists(
    st.lists(st.tuples(ids, st.sampled_from("ABCD"), days), min_size=1, max_size=5), min_size=1, max_size=6
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=batches, steps=st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_any_batches_give_the_same_tree_and_tables_as_folding_them_naively(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, str, date]]], steps: list[int]
) -> None:
    """Root = RFC tree over the leaves; the version in force today = the greatest (day, index) not in the future."""
    place = Place(tmp_path_factory.mktemp("batches") / "data").init()
    model: dict[str, list[tuple[date, int, str]]] = {}
    size = 1
    for batch, step in zip(batches, steps, strict=False):
        place.later(days=step)
        indexes = place.publish(*(draft(i, name, day) for i, name, day in batch))
        assert indexes == list(range(size, size + len(batch)))
        for index, (entry_id, name, day) in zip(indexes, batch, strict=True):
            model.setdefault(entry_id, []).append((day, index, name))
        size += len(batch)
    today = place.now.date()
    due = {
        entry_id: max(v for v in versions if v[0] <= today)
        for entry_id, versions in model.items()
        if any(v[0] <= today for v in versions)
    }
    assert {i: (n, idx) for i, n, idx in place.rows("SELECT id, name, idx FROM current WHERE idx IS NOT NULL")} == {
        entry_id: (name, index) for entry_id, (_, index, name) in due.items()
    }
    leaves = [leaf for (leaf,) in place.rows("SELECT leaf FROM log ORDER BY idx")]
    with closing(connect(place.settings.database, readonly=True)) as c:
        assert ledger.root(c) == tree.root(leaves)
        assert ledger.frontier(c).root() == tree.root(leaves)
        for at_size in range(len(leaves) + 1):
            assert ledger.root(c, at_size) == tree.root(leaves[:at_size])
    assert place.verify() == []


def test_many_small_transactions_equal_one_big_one(tmp_path: Path) -> None:
    """The derived tables depend on the records, not on how they were grouped."""
    drafts = [draft(f"gb-{k}", f"Office {k}", date(2000 + k, 1, 1)) for k in range(20)]
    one, many = Place(tmp_path / "one").init(), Place(tmp_path / "many").init()
    one.publish(*drafts)
    for each in drafts:
        many.publish(each)

    def told(place: Place) -> list[tuple[object, ...]]:
        return place.rows("SELECT id, name, n, idx, last_idx, effective_on, changed FROM current ORDER BY id")

    assert told(one) == told(many)


def test_a_scheduled_version_comes_into_force_with_the_first_write_of_its_day(filled: Place) -> None:
    assert filled.rows("SELECT n FROM current WHERE id = 'gb-ukca'") == [(2,)]
    filled.now = START + timedelta(days=60)
    filled.publish(draft("fr-dacg"))
    assert filled.rows("SELECT n FROM current WHERE id = 'gb-ukca'") == [(3,)]
    with closing(connect(filled.settings.database, readonly=True)) as c:
        assert projection.day_of(c) == filled.now.date()


def test_an_error_in_the_middle_leaves_nothing(place: Place) -> None:
    with closing(connect(place.settings.database, readonly=False)) as c:

        def half() -> None:
            with transaction(c):
                ledger.append(c, [draft("gb-ukca")], place.now)
                raise RuntimeError("power")

        with pytest.raises(RuntimeError):
            half()
        assert not c.in_transaction
    assert place.size() == 1
    assert place.verify() == []
