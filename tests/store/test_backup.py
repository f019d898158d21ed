"""A backup is a verified copy; restoring never overwrites and says what is missing."""

import shutil
import threading
import time
from pathlib import Path

import msgspec
import pytest

from directory.errors import Refused, Unusable
from directory.store.backup import backup, restore
from directory.store.lock import WriterLock
from tests.store.places import Place, draft


def elsewhere(filled: Place, folder: Path, *, key: bool = True) -> Place:
    """An empty data folder that has the key."""
    place = Place(folder)
    place.now = filled.now
    if key:
        place.settings.keys.mkdir(parents=True)
        shutil.copy(filled.settings.keys / "log.key", place.settings.keys / "log.key")
    return place


def test_there_and_back(filled: Place, tmp_path: Path) -> None:
    assert backup(filled.settings, tmp_path / "copy") == 5
    place = elsewhere(filled, tmp_path / "again")
    back = restore(place.settings, tmp_path / "copy")
    assert (back.size, back.missing, back.vkey, back.has_key) == (5, 0, filled.vkey, True)
    for sql in ("SELECT * FROM log", "SELECT * FROM node", "SELECT * FROM blob", "SELECT * FROM current"):
        assert place.rows(sql) == filled.rows(sql)
    place.publish(draft("fr-dacg"))
    assert place.verify() == []


def test_the_private_key_is_left_out_unless_asked_for(filled: Place, tmp_path: Path) -> None:
    backup(filled.settings, tmp_path / "without")
    backup(filled.settings, tmp_path / "with", with_key=True)
    secret = (filled.settings.keys / "log.key").read_bytes()
    assert all(secret.strip() not in p.read_bytes() for p in (tmp_path / "without").iterdir())
    assert (tmp_path / "with" / "log.key").read_bytes() == secret
    assert (tmp_path / "with" / "log.key").stat().st_mode & 0o777 == 0o600
    place = elsewhere(filled, tmp_path / "again", key=False)
    assert restore(place.settings, tmp_path / "without").has_key is False
    with pytest.raises(Unusable, match="no key"):
        place.publish(draft("fr-dacg"))
    other = elsewhere(filled, tmp_path / "and again", key=False)
    assert restore(other.settings, tmp_path / "with").has_key is True
    other.publish(draft("fr-dacg"))
    assert other.verify() == []


def test_a_backup_is_one_database_file_that_needs_no_writable_folder(filled: Place, tmp_path: Path) -> None:
    backup(filled.settings, tmp_path / "copy")
    assert sorted(p.name for p in (tmp_path / "copy").iterdir()) == ["directory.sqlite3", "highwater", "log.vkey"]
    assert (tmp_path / "copy" / "directory.sqlite3").read_bytes()[18:20] == b"\x01\x01", "no WAL beside it"


def test_a_backup_can_be_made_while_the_directory_is_written_to(filled: Place, tmp_path: Path) -> None:
    """Each copy is a state that was published, whatever is published meanwhile."""
    done = threading.Event()

    def write() -> None:
        for k in range(30):
            filled.publish(draft(f"fr-{k}"))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    sizes: list[int] = []
    while not done.is_set() or not sizes:
        folder = tmp_path / f"copy {len(sizes)}"
        sizes.append(backup(filled.settings, folder))
    writer.join()
    assert sizes == sorted(sizes)


def test_a_log_that_nobody_signs_is_not_copied(filled: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    filled.tamper("DELETE FROM signed WHERE size = 5")
    with pytest.raises(Refused, match="The end of the log is not signed"):
        backup(filled.settings, tmp_path / "copy")


def test_a_server_that_holds_the_lock_does_not_hinder_a_backup(filled: Place, tmp_path: Path) -> None:
    with WriterLock(filled.settings.data):
        assert backup(filled.settings, tmp_path / "copy") == 5


def test_a_folder_with_something_in_it_is_refused(filled: Place, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "letter").write_text("dear")
    with pytest.raises(Refused, match="is not empty"):
        backup(filled.settings, tmp_path / "copy")
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="can't be made"):
        backup(filled.settings, tmp_path / "file" / "below")


def test_a_damaged_directory_gives_no_backup(filled: Place, tmp_path: Path) -> None:
    filled.tamper("UPDATE blob SET body = x'7b7d'")
    with pytest.raises(Refused, match=r"does not verify; do not rely on it\. blob, commitment"):
        backup(filled.settings, tmp_path / "copy")


def test_a_damaged_backup_is_not_restored(filled: Place, tmp_path: Path) -> None:
    backup(filled.settings, tmp_path / "copy")
    place = elsewhere(filled, tmp_path / "again")
    broken = Place(tmp_path / "copy")
    broken.tamper("UPDATE current SET name = 'Evil'")
    with pytest.raises(Refused, match=r"does not verify.*name is 'Evil'"):
        restore(place.settings, tmp_path / "copy")
    assert not place.settings.database.exists()


def test_a_backup_of_another_log_is_not_restored_over_our_key(filled: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other").init()
    backup(other.settings, tmp_path / "copy")
    place = elsewhere(filled, tmp_path / "again")
    with pytest.raises(Refused, match="names another key"):
        restore(place.settings, tmp_path / "copy")


@pytest.mark.parametrize("left", ["directory.sqlite3", "directory.sqlite3-wal", "directory.sqlite3-shm"])
def test_nothing_is_overwritten(filled: Place, tmp_path: Path, left: str) -> None:
    """A WAL left behind by a moved database would be played into the restored one."""
    backup(filled.settings, tmp_path / "copy")
    place = elsewhere(filled, tmp_path / "again")
    (place.settings.data / left).write_bytes(b"precious")
    with pytest.raises(Refused, match="Move it away first; nothing was changed"):
        restore(place.settings, tmp_path / "copy")
    assert (place.settings.data / left).read_bytes() == b"precious"


def test_an_older_backup_says_how_many_records_are_missing(filled: Place, tmp_path: Path) -> None:
    backup(filled.settings, tmp_path / "copy")
    filled.publish(draft("fr-dacg"), draft("jp-moj"))
    for path in filled.settings.data.glob("directory.sqlite3*"):
        path.unlink()
    back = restore(filled.settings, tmp_path / "copy")
    assert (back.size, back.missing) == (5, 2)
    with pytest.raises(Unusable, match="2 are missing"):
        filled.publish(draft("us-oia"))


def test_a_high_water_file_elsewhere_keeps_its_say(filled: Place, tmp_path: Path) -> None:
    """It is not replaced by the older one of the backup."""
    backup(filled.settings, tmp_path / "copy")
    filled.publish(draft("fr-dacg"))
    place = elsewhere(filled, tmp_path / "again")
    place.settings = msgspec.structs.replace(place.settings, highwater=filled.settings.highwater_file)
    assert restore(place.settings, tmp_path / "copy").missing == 1


def test_a_folder_that_is_no_backup_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    place = Place(tmp_path / "again")
    with pytest.raises(Refused, match=r"is no backup: it has no log\.vkey"):
        restore(place.settings, tmp_path / "copy")
