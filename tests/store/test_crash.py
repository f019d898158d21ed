"""Killed at whatever moment: nothing acknowledged is lost, nothing is half done, the next start mends."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from directory.errors import Unusable
from directory.store import signing
from directory.store.database import connect
from tests.store.places import Place, draft, forked

FULL = bool(os.environ.get("FULL"))
FACTS = Path(__file__).parents[2] / "fixtures" / "authorities.jsonl"
STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect", "fcntl.flock", "os.truncate")


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Run ``act`` in a child that is killed right before its ``step``-th act on files; False once it is through."""

    def doomed() -> None:
        left = step

        def hook(event: str, _args: tuple[object, ...]) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        act()

    return os.WIFSIGNALED(os.waitpid(forked(doomed), 0)[1])


def test_killed_at_any_step_of_a_publication(filled: Place) -> None:
    """Between commit, signature, memory of the signer and high-water file, and around each."""
    step, size = 1, filled.size()
    outcomes = set()
    while killed_at(step, partial(filled.publish, draft(f"fr-{step}"))):
        found = filled.size()
        assert found in (size, size + 1)
        outcomes.add((found - size, filled.settings.highwater_file.read_text().split("\n")[1] == str(found)))
        filled.publish(draft(f"jp-{step}"))
        assert filled.verify() == [], f"killed at step {step}"
        step, size = step + 1, filled.size()
    assert outcomes == {(0, True), (1, False), (1, True)}, "the kills must fall before, between and behind"


def test_killed_at_any_step_of_the_beginning(tmp_path: Path) -> None:
    """`init` can always be called again, or its work be gone on with."""
    step = 1
    while True:
        place = Place(tmp_path / str(step))
        killed = killed_at(step, place.init)
        if not place.settings.database.exists():
            place.init()
        place.publish(draft("gb-ukca"))
        assert place.size() == 2
        assert place.verify() == [], f"killed at step {step}"
        if not killed:
            break
        step += 1
    assert step > 10


@pytest.mark.parametrize("seed", range(100 if FULL else 5))
def test_killed_at_a_random_moment_every_acknowledged_record_is_there_once(filled: Place, seed: int) -> None:
    told, tell = os.pipe()

    def work() -> None:
        for k in range(10_000):
            filled.publish(draft(f"fr-{k}"))
            os.write(tell, f"{k}\n".encode())

    child = forked(work)
    os.close(tell)
    time.sleep(random.Random(seed).uniform(0.05, 0.8))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        acknowledged = [f"fr-{line.strip()}" for line in pipe]
    there = [i for (i,) in filled.rows("SELECT id FROM version WHERE id LIKE 'fr-%' ORDER BY idx")]
    assert there[: len(acknowledged)] == acknowledged
    assert len(there) - len(acknowledged) in (0, 1), "at most one was done and not yet told"
    filled.publish(draft("jp-moj"))
    assert filled.verify() == []


@pytest.mark.parametrize("seed", range(20 if FULL else 3))
def test_an_import_killed_in_the_middle_is_taken_whole_or_not_at_all(place: Place, seed: int) -> None:
    command = [sys.executable, "-m", "directory", "import", str(FACTS), "--data", str(place.settings.data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0.5, 1.6))
    process.kill()
    process.wait()
    after = place.size()
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    whole = place.size()
    assert after in (1, whole)
    assert whole > 100
    assert place.verify() == []


def start(place: Place) -> None:
    signer = signing.LogSigner(place.settings.keys, place.settings.origin)
    with closing(connect(place.settings.database, readonly=False)) as c:
        signing.catch_up(c, signer, place.settings.highwater_file)


def test_a_wal_cut_anywhere_is_noticed_by_the_high_water_file(filled: Place, tmp_path: Path) -> None:
    """SQLite itself finds such a database perfectly well: it silently forgets the last commits."""
    with closing(sqlite3.connect(filled.settings.database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM log").fetchone()  # holds the WAL open
        for k in range(6):
            filled.publish(draft(f"fr-{k}"))
        wal = filled.settings.database.with_name("directory.sqlite3-wal")
        full = wal.stat().st_size
        assert full > 50_000
        chance = random.Random(1)
        lost = 0
        for k, keep in enumerate(
            [0, 1, 32, full - 1, full, *(chance.randrange(full) for _ in range(200 if FULL else 15))]
        ):
            place = Place(tmp_path / f"cut {k}")
            shutil.copytree(filled.settings.data, place.settings.data, ignore=shutil.ignore_patterns("*-shm"))
            os.truncate(place.settings.database.with_name("directory.sqlite3-wal"), keep)
            with closing(sqlite3.connect(place.settings.database)) as c:
                assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                size = c.execute("SELECT count(*) FROM log").fetchone()[0]
            if size == 11:
                start(place)
                assert place.verify() == []
                continue
            lost += 1
            with pytest.raises(Unusable, match=rf"has {size} records, but 11 were published.* {11 - size} are missing"):
                start(place)
            assert any("are missing" in f.what for f in place.verify())
            assert place.size() == size, "nothing was written"
    assert lost > 5


def test_a_database_older_than_its_high_water_file_does_not_start(filled: Place, tmp_path: Path) -> None:
    shutil.copy(filled.settings.database, tmp_path / "yesterday")
    filled.publish(draft("fr-dacg"))
    shutil.copy(tmp_path / "yesterday", filled.settings.database)
    with pytest.raises(Unusable, match="1 are missing"):
        start(filled)
