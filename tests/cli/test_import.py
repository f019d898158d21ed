"""`directory import` as an operator uses it: real commands on a real folder."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
FACTS = [str(FIXTURES / "authorities.jsonl"), str(FIXTURES / "curated.jsonl")]
GOOD = {
    "state": "KE",
    "name": "Attorney-General",
    "functions": ["mla"],
    "treaties": ["UNCAC"],
    "source": {"title": "T", "as_of": "2014-03-21"},
}


def directory(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "directory", *words, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert directory("init", data=folder).returncode == 0
    return folder


def position(data: Path) -> int:
    c = sqlite3.connect(data / "directory.sqlite3")
    try:
        return int(c.execute("SELECT count(*) FROM log").fetchone()[0])
    finally:
        c.close()


def lines(folder: Path, *records: object) -> str:
    file = folder / "facts.jsonl"
    file.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records))
    return str(file)


def test_the_real_facts_go_in_once_and_verify(data: Path) -> None:
    first = directory("import", *FACTS, data=data)
    size = position(data)
    again = directory("import", *FACTS, data=data)

    assert first.returncode == 0, first.stderr
    assert again.returncode == 0
    assert "0 entries and 0 versions added" in again.stdout
    assert position(data) == size > 250
    assert directory("verify", data=data).returncode == 0


def test_a_dry_run_says_what_would_be_added_and_changes_nothing(data: Path) -> None:
    found = directory("import", *FACTS, "--dry-run", data=data)

    assert found.returncode == 0
    assert "gb-ukca" in found.stdout
    assert position(data) == 1


def test_one_bad_record_keeps_all_out_unless_told_to_go_on(data: Path, tmp_path: Path) -> None:
    file = lines(tmp_path, GOOD, GOOD | {"state": "XX"})
    refused = directory("import", file, data=data)
    size = position(data)
    kept = directory("import", file, "--keep-going", data=data)

    assert refused.returncode == 1
    assert f"{file}:2" in refused.stderr
    assert "'XX'" in refused.stderr
    assert size == 1
    assert kept.returncode == 1
    assert position(data) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"state": "KE", "name":', "not JSON"),
        (GOOD | {"phone": "123"}, "phone"),
        (GOOD | {"state": "Kenya"}, "Did you mean KE"),
        (GOOD | {"languages_accepted": ["zz9"]}, "no known language"),
        (GOOD | {"name": "A" * 2_000_000}, "over 1024 KB"),
        (GOOD | {"name": "A\u202eB"}, "U+202E"),
        (GOOD | {"name": "A\x07B"}, "U+0007"),
        (GOOD | {"email": ["ca@justi\u0441e.example"]}, "CYRILLIC SMALL LETTER ES"),
        (GOOD | {"email": ["nobody"]}, "no e-mail address"),
        (GOOD | {"source": {"title": "T", "as_of": "2014-02-30"}}, "is no date"),
        (GOOD | {"surname": "x"}, "surname"),
        ('{"state": "KE", "state": "GB", "name": "A", "source": {"title": "T"}}', "twice"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_bad_input_gets_a_sentence_with_its_place(data: Path, tmp_path: Path, line: object, said: str) -> None:
    file = lines(tmp_path, line)
    found = directory("import", file, data=data)

    assert found.returncode == 1
    assert said in found.stderr
    assert f"{file}:1" in found.stderr
    assert "Traceback" not in found.stderr
    assert position(data) == 1


def test_all_problems_of_a_record_are_told_at_once(data: Path, tmp_path: Path) -> None:
    file = lines(
        tmp_path,
        GOOD | {"state": "XX", "functions": ["foo"], "email": ["nobody"], "source": {"title": "", "as_of": "99"}},
    )
    found = directory("import", file, data=data)

    assert [
        f" {field}:" in found.stderr for field in ("state", "functions[0]", "email[0]", "source.title", "source.as_of")
    ] == [True] * 5


def test_a_file_that_is_no_text_and_one_that_is_not_there(data: Path, tmp_path: Path) -> None:
    binary = tmp_path / "picture.bin"
    binary.write_bytes(bytes(range(256)) * 50)

    assert directory("import", str(binary), data=data).returncode == 1
    missing = directory("import", str(tmp_path / "none.jsonl"), data=data)
    assert missing.returncode == 2
    assert "can't be read" in missing.stderr


def test_without_a_directory_it_says_how_to_make_one(tmp_path: Path) -> None:
    found = directory("import", *FACTS, data=tmp_path / "nothing")

    assert found.returncode == 2
    assert "directory init" in found.stderr


@pytest.mark.parametrize("after", [0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.05, 1.2])
def test_killed_at_any_moment_the_import_is_there_or_not(data: Path, after: float) -> None:
    command = [sys.executable, "-m", "directory", "import", *FACTS, "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    found = position(data)
    completed = directory("import", *FACTS, data=data)

    assert found == 1 or found > 250
    assert completed.returncode == 0, completed.stderr
    assert position(data) > 250
    assert directory("verify", data=data).returncode == 0
