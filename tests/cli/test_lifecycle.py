"""What a person at a terminal sees, and the exit code a script gets: 0 done, 1 refused or found, 2 could not run."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from directory import __version__
from directory.cli import main
from directory.store.lock import WriterLock
from tests.store.places import Place, draft

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("DIRECTORY_")]:
        monkeypatch.delenv(name)

    def call(*words: str, data: Path = tmp_path / "data") -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(data)])

    return call


@pytest.fixture
def filled(tmp_path: Path) -> Place:
    place = Place(tmp_path / "data").init()
    place.publish(draft("gb-ukca"), draft("ke-agc"))
    return place


def test_every_command_explains_itself() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["--version"]).output == f"directory, version {__version__}\n"
    overview = runner.invoke(main, ["--help"]).output
    for name, command in main.commands.items():
        assert name in overview
        told = runner.invoke(main, [name, "--help"])
        assert told.exit_code == 0
        assert "--data DIRECTORY" in told.output
        assert command.help
    assert {"init", "verify", "rebuild", "backup", "restore", "keys", "import", "export", "serve"} <= set(main.commands)


def test_from_nothing_to_a_verified_directory(run: Run, tmp_path: Path) -> None:
    begun = run("init")
    assert begun.exit_code == 0
    key = run("keys").output.strip()
    assert key.startswith("central-authorities.example/log+")
    assert f"Key of its log, to be given to everybody who verifies it: {key}" in begun.output
    assert (tmp_path / "data" / "directory.sqlite3").exists()
    checked = run("verify")
    assert checked.exit_code == 0
    assert checked.output.startswith("All is well: 1 record, their tree")
    assert run("verify", "--key", key).exit_code == 0
    assert run("init").exit_code == 1


def test_findings_are_sentences_with_place_and_remedy(run: Run, filled: Place) -> None:
    filled.tamper("UPDATE current SET name = 'Evil' WHERE id = 'ke-agc'")
    found = run("verify")
    assert found.exit_code == 1
    line, total = found.output.splitlines()
    assert line.startswith(
        "current, row 2 (ke-agc): name is 'Evil', but the log gives 'Central Authority'. Run `direct"
    )
    assert total == "1 thing is not as it should be."
    rebuilt = run("rebuild")
    assert (rebuilt.exit_code, rebuilt.output) == (0, "The derived tables were made anew from 3 records.\n")
    assert run("verify").exit_code == 0


def test_a_flood_of_findings_is_cut(run: Run, filled: Place) -> None:
    filled.publish(*(draft(f"fr-{k}") for k in range(60)))
    filled.tamper("UPDATE blob SET body = x'7b7d'")
    lines = run("verify").output.splitlines()
    assert len(lines) == 52
    assert re.fullmatch(r"And \d+ findings more\.", lines[-2])


@pytest.mark.parametrize("command", ["verify", "rebuild", "keys", "backup"])
def test_without_a_directory_each_command_says_how_to_begin(run: Run, tmp_path: Path, command: str) -> None:
    words = [command, str(tmp_path / "copy")] if command == "backup" else [command]
    told = run(*words, data=tmp_path / "nowhere")
    assert told.exit_code == 2
    assert "directory init" in told.stderr
    assert "Traceback" not in told.output


def test_a_held_directory_names_the_holder(run: Run, filled: Place) -> None:
    with WriterLock(filled.settings.data):
        told = run("rebuild")
        assert run("verify").exit_code == 0
    assert told.exit_code == 2
    assert f"Another process (number {os.getpid()})" in told.stderr


def test_wrong_settings_are_listed_before_anything_runs(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIRECTORY_PORT", "x")
    monkeypatch.setenv("DIRECTORY_READER", "3")
    told = run("init")
    assert told.exit_code == 2
    assert "DIRECTORY_PORT='x'" in told.stderr
    assert "did you mean DIRECTORY_READERS?" in told.stderr
    assert not (tmp_path / "data").exists()


def test_another_name_of_the_log_is_said_before_a_flood_of_findings(
    run: Run, filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIRECTORY_ORIGIN", "elsewhere.example/log")
    told = run("verify")
    assert told.exit_code == 2
    assert "Set DIRECTORY_ORIGIN=central-authorities.example/log" in told.stderr


def test_backup_and_restore(run: Run, filled: Place, tmp_path: Path) -> None:
    made = run("backup", str(tmp_path / "copy"))
    assert made.exit_code == 0
    assert made.output.splitlines()[0] == f"3 records were copied to {tmp_path / 'copy'} and verified there."
    assert "The private key is not in it" in made.output
    assert run("backup", str(tmp_path / "copy")).exit_code == 1
    back = run("restore", str(tmp_path / "copy"), data=tmp_path / "again")
    assert back.exit_code == 0
    assert f"Compare the key of the log with the published one: {filled.vkey}" in back.output
    assert "Put the private key back" in back.output
    filled.publish(draft("fr-dacg"))
    for path in filled.settings.data.glob("directory.sqlite3*"):
        path.unlink()
    older = run("restore", str(tmp_path / "copy"))
    assert older.exit_code == 1
    assert "1 record published after this backup are missing" not in older.output
    assert "1 record that was published after this backup is missing" in older.output


def test_unusable_files_are_said_plainly(run: Run, filled: Place) -> None:
    filled.settings.database.write_bytes(b"no database" * 1000)
    for command in ("verify", "rebuild"):
        told = run(command)
        assert told.exit_code == 2
        assert "is not a database; take it from a backup" in told.stderr


def test_a_terminal_sees_progress_and_a_pipe_does_not(filled: Place) -> None:
    """The bar goes to standard error of a terminal only; what is found goes to standard output."""
    command = [sys.executable, "-m", "directory", "verify", "--data", str(filled.settings.data)]
    piped = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert piped.stderr == b""
    assert piped.stdout.startswith(b"All is well")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(ours)
    assert process.stdout is not None
    assert process.stdout.read().startswith(b"All is well")
    process.stdout.close()
    assert process.wait(60) == 0
    assert b"records" in seen
    assert b"derived tables" in seen


def test_a_reader_that_goes_away_is_no_traceback(filled: Place) -> None:
    line = f"{sys.executable} -m directory keys --data {filled.settings.data} | true"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
