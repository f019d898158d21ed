"""One process writes. The kernel gives the lock back when the process ends, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from directory.errors import Unusable
from directory.store.lock import WriterLock
from tests.store.places import Place, draft

HOLDER = """
import pathlib, sys, time
from directory.store.lock import WriterLock
with WriterLock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_is_named_and_its_death_frees_the_lock(place: Place) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(place.settings.data)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Unusable, match=rf"Another process \(number {holder.pid}\) holds the directory"):
            place.publish(draft("gb-ukca"))
        assert place.size() == 1
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    place.publish(draft("gb-ukca"))
    assert place.size() == 2


def test_it_is_held_against_ourselves_too(place: Place) -> None:
    with WriterLock(place.settings.data), pytest.raises(Unusable, match=f"number {os.getpid()}"):
        WriterLock(place.settings.data).__enter__()
    with WriterLock(place.settings.data):
        pass


def test_reading_needs_no_lock(filled: Place) -> None:
    with WriterLock(filled.settings.data):
        assert filled.size() == 5
        assert filled.verify() == []


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no folder .*run `directory init"):
        WriterLock(tmp_path / "nowhere").__enter__()


def test_a_folder_that_is_a_file_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="can't be opened: Not a directory"):
        WriterLock(tmp_path / "file").__enter__()
