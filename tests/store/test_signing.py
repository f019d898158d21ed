"""What is published can't be taken back: the gate, the signer's own memory, the high-water file."""

import shutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from directory.actions import lifecycle
from directory.errors import Unusable
from directory.log.checkpoint import parse
from directory.log.note import Verifier, open_note
from directory.store import signing
from directory.store.database import connect
from tests.store.places import Place, draft


def start(place: Place) -> str:
    """What every process that writes does first."""
    signer = signing.LogSigner(place.settings.keys, place.settings.origin)
    with closing(connect(place.settings.database, readonly=False)) as c:
        return signing.catch_up(c, signer, place.settings.highwater_file)


def cut(place: Place, size: int) -> None:
    """Lose the end of the log, as an old copy of the database would."""
    with place.insider() as c:
        for sql in (
            "DELETE FROM blob WHERE commitment IN (SELECT commitment FROM version WHERE idx >= ?)",
            "DELETE FROM log WHERE idx >= ?",
            "DELETE FROM node WHERE (number + 1) << level > ?",
            "DELETE FROM signed WHERE size > ?",
        ):
            c.execute(sql, (size,))
    lifecycle.remake(place.settings, place.clock, lambda _done, _total: None)


def test_each_publication_is_signed_and_marked(filled: Place) -> None:
    assert [size for (size,) in filled.rows("SELECT size FROM signed ORDER BY size")] == [1, 3, 4, 5]
    ((note,),) = filled.rows("SELECT note FROM signed WHERE size = 5")
    assert filled.settings.highwater_file.read_text() == note
    assert (filled.settings.keys / "last-signed").read_text() == note
    checkpoint = parse(open_note(note, [Verifier.parse(filled.vkey)]).text)
    assert (checkpoint.size, checkpoint.origin) == (5, filled.settings.origin)


def test_private_files_are_for_their_owner_only(filled: Place) -> None:
    keys = filled.settings.keys
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {p.name: p.stat().st_mode & 0o777 for p in keys.iterdir()} == {"log.key": 0o600, "last-signed": 0o600}


def test_a_start_finishes_what_a_crash_left_unsigned(filled: Place) -> None:
    mark = filled.settings.highwater_file.read_bytes()
    filled.tamper("DELETE FROM signed WHERE size = 5")
    filled.settings.highwater_file.write_text(filled.rows("SELECT note FROM signed WHERE size = 4")[0][0])
    start(filled)
    assert filled.settings.highwater_file.read_bytes() == mark
    assert filled.verify() == []


@pytest.mark.parametrize("guard", ["highwater", "last-signed"])
def test_a_shorter_log_is_refused_by_either_guard(filled: Place, guard: str) -> None:
    """The high-water file and the signer's memory each know it without the other."""
    cut(filled, 3)
    other = filled.settings.keys / "last-signed" if guard == "highwater" else filled.settings.highwater_file
    other.unlink()
    with pytest.raises(Unusable, match=r"has 3 records, but 5 were published before .* 2 are missing"):
        start(filled)
    with pytest.raises(Unusable):
        filled.publish(draft("fr-dacg"))
    assert filled.size() == 3


@pytest.mark.parametrize("guard", ["highwater", "last-signed"])
def test_another_history_of_the_same_length_is_refused(filled: Place, guard: str) -> None:
    """Even from somebody who has the key: cut, write anew, sign anew."""
    memory = {p: p.read_bytes() for p in (filled.settings.highwater_file, filled.settings.keys / "last-signed")}
    cut(filled, 3)
    for path in memory:
        path.unlink()
    filled.publish(draft("gb-ukca", "Another Authority"), draft("ke-agc", "Another Office"))
    kept = next(path for path in memory if path.name == guard)
    kept.write_bytes(memory[kept])
    with pytest.raises(Unusable, match="The first 5 records are not those that were published before"):
        start(filled)


def test_the_signer_itself_refuses_what_does_not_extend(filled: Place) -> None:
    """Without the gate: its own file decides."""
    signer = signing.LogSigner(filled.settings.keys, filled.settings.origin)
    cut(filled, 4)
    with (
        closing(connect(filled.settings.database, readonly=False)) as c,
        pytest.raises(Unusable, match="1 are missing"),
    ):
        signer.sign(c)


def test_damage_at_the_end_of_the_log_is_found_before_it_is_signed(filled: Place) -> None:
    filled.tamper("UPDATE log SET entry = CAST(replace(CAST(entry AS TEXT), 'source', 'notice') AS BLOB) WHERE idx = 4")
    with pytest.raises(Unusable, match=r"The end of the log is damaged\. log, index 4"):
        start(filled)


def test_a_stored_checkpoint_that_was_altered_is_not_published(filled: Place) -> None:
    filled.tamper("UPDATE signed SET note = (SELECT note FROM signed WHERE size = 4) WHERE size = 5")
    with pytest.raises(Unusable, match="not that of the log"):
        start(filled)


@pytest.mark.parametrize("name", ["highwater", "keys/last-signed"])
def test_an_altered_file_is_refused(filled: Place, name: str) -> None:
    path = filled.settings.data / name
    path.write_text(path.read_text().replace("\n5\n", "\n4\n", 1))
    with pytest.raises(Unusable, match=f"{name.rpartition('/')[2]} was altered"):
        start(filled)


def test_a_key_of_another_log_is_refused(filled: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other").init()
    shutil.copy(other.settings.keys / "log.key", filled.settings.keys / "log.key")
    with pytest.raises(Unusable, match="belongs to another log"):
        start(filled)


def test_another_name_in_the_settings_is_refused_with_the_right_one(filled: Place) -> None:
    filled.settings = msgspec.structs.replace(filled.settings, origin="elsewhere.example/log")
    with pytest.raises(Unusable, match=r"Set DIRECTORY_ORIGIN=central-authorities\.example/log"):
        start(filled)


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "ÿ"])
def test_a_key_that_is_none_is_said_plainly(filled: Place, content: str) -> None:
    (filled.settings.keys / "log.key").write_text(content)
    with pytest.raises(Unusable, match="64 hexadecimal digits"):
        start(filled)


def test_without_a_key_nothing_starts(filled: Place) -> None:
    (filled.settings.keys / "log.key").unlink()
    with pytest.raises(Unusable, match=r"put log\.key back from its safe copy"):
        start(filled)


def test_a_high_water_file_elsewhere_is_used(tmp_path: Path) -> None:
    place = Place(tmp_path / "data")
    place.settings = msgspec.structs.replace(place.settings, highwater=tmp_path / "other disk" / "mark")
    place.init()
    assert (tmp_path / "other disk" / "mark").exists()
    assert not (tmp_path / "data" / "highwater").exists()


def test_records_written_but_not_published_are_said_so_and_published_later(filled: Place) -> None:
    """The high-water file can't be written: the sentence says that the log has the records, the next write mends it."""
    mark = filled.settings.highwater_file
    blocked = mark.with_name(".highwater.new")
    blocked.mkdir()
    (blocked / "in the way").touch()
    with pytest.raises(Unusable, match="1 records were written to the log, but not yet signed and published"):
        filled.publish(draft("fr-dacg"))
    (blocked / "in the way").unlink()
    blocked.rmdir()
    assert filled.size() == 6
    filled.publish(draft("jp-moj"))
    assert filled.verify() == []
