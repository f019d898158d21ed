"""A directory is begun once, and never over the traces of another."""

import shutil
from pathlib import Path

import pytest

from directory.actions import lifecycle
from directory.errors import Refused, Unusable
from tests.store.places import Place, draft


def test_a_new_directory_has_one_signed_record(tmp_path: Path) -> None:
    place = Place(tmp_path / "deep" / "data").init()
    assert place.size() == 1
    assert place.verify() == []
    assert [p.name for p in sorted(place.settings.data.iterdir()) if "sqlite3-" not in p.name] == [
        "directory.lock",
        "directory.sqlite3",
        "highwater",
        "keys",
    ]


def test_a_second_beginning_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path / "data").init()
    place.publish(draft("gb-ukca"))
    with pytest.raises(Refused, match="already; nothing was changed"):
        place.init()
    assert place.size() == 2


@pytest.mark.parametrize("left", ["highwater", "keys/last-signed"])
def test_a_lost_database_is_not_replaced_by_an_empty_one(tmp_path: Path, left: str) -> None:
    """It would sign another history under the same key."""
    place = Place(tmp_path / "data").init()
    for path in [*place.settings.data.glob("directory.sqlite3*"), *place.settings.data.glob("keys/last-signed")]:
        if str(path.relative_to(place.settings.data)) != left:
            path.unlink()
    if left != "highwater":
        place.settings.highwater_file.unlink()
    with pytest.raises(Refused, match="its database is gone"):
        place.init()


def test_a_key_put_there_beforehand_is_used(tmp_path: Path) -> None:
    first = Place(tmp_path / "first").init()
    second = Place(tmp_path / "second")
    second.settings.keys.mkdir(parents=True)
    shutil.copy(first.settings.keys / "log.key", second.settings.keys / "log.key")
    assert second.init().vkey == first.vkey


def test_a_folder_that_cant_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = Place(tmp_path / "file" / "data")
    with pytest.raises(Unusable, match="can't be made: Not a directory"):
        lifecycle.initialise(place.settings, place.clock)


def test_two_directories_have_two_keys(tmp_path: Path) -> None:
    assert Place(tmp_path / "a").init().vkey != Place(tmp_path / "b").init().vkey
