"""``directory export``."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from directory.actions.publish import publish
from directory.cli import main
from directory.clock import system_clock
from directory.domain import codec
from directory.domain.authority import Authority, Name
from directory.settings import Settings
from directory.store.ledger import Draft


def entry(name: str) -> bytes:
    return codec.encode(Authority(id="ke-office", state="KE", names=(Name(key="n", text=name),)))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory with one authority, known since 2010, renamed in 2020."""
    folder = tmp_path / "data"
    assert run("init", "--data", folder).exit_code == 0
    for year, name in ((2010, "Old name"), (2020, "New name")):
        draft = Draft(id="ke-office", body=entry(name), effective_on=date(year, 1, 1))
        publish(Settings(data=folder), system_clock, lambda _c, _now, draft=draft: [draft])  # type: ignore[misc]
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def export(data: Path, *words: object) -> Result:
    return run("export", "--data", data, *words)


@pytest.mark.parametrize("form", ["ndjson", "csv", "json"])
def test_the_file_goes_to_standard_output_or_whole_into_a_file(data: Path, tmp_path: Path, form: str) -> None:
    shown = export(data, "--format", form)
    kept = export(data, "--format", form, "-o", tmp_path / "out")
    assert (shown.exit_code, kept.exit_code, kept.output) == (0, 0, "")
    assert (tmp_path / "out").read_bytes() == shown.stdout_bytes
    assert b"New name" in shown.stdout_bytes
    assert b"Old name" not in shown.stdout_bytes


def test_as_of_and_position_reach_back_in_both_times(data: Path) -> None:
    then = export(data, "--format", "ndjson", "--as-of", "2015-06-01").stdout
    earlier = export(data, "--format", "ndjson", "--position", 2).stdout
    nothing = export(data, "--format", "ndjson", "--position", 1).stdout
    assert "Old name" in then
    assert "Old name" in earlier, "the log did not know the new name yet"
    assert json.loads(nothing)["end"]["entries"] == 0


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--as-of", "2015"), 1, "is no day"),
        (("--position", 99), 1, "it has not reached position 99"),
        (("-o", "/nowhere/out"), 2, "/nowhere/out can't be written"),
    ],
)
def test_what_can_not_be_exported_is_said_plainly(data: Path, words: tuple[object, ...], code: int, says: str) -> None:
    found = export(data, "--format", "ndjson", *words)
    assert found.exit_code == code
    assert says in found.output


def test_an_unknown_format_and_a_missing_directory_could_not_run(tmp_path: Path) -> None:
    assert run("export", "--format", "xml", "--data", tmp_path).exit_code == 2
    missing = run("export", "--format", "csv", "--data", tmp_path / "none")
    assert missing.exit_code == 2
    assert "directory init" in missing.output


def test_two_exports_of_one_position_are_the_same_bytes_whatever_came_after(data: Path) -> None:
    words = ("--format", "json", "--position", 3, "--as-of", "2026-01-01")
    before = export(data, *words).stdout_bytes
    draft = Draft(id="ke-office", body=entry("Corrected"), effective_on=date(2021, 1, 1))
    publish(Settings(data=data), system_clock, lambda _c, _now: [draft])
    assert export(data, *words).stdout_bytes == before
    assert b"Corrected" in export(data, "--format", "json", "--as-of", "2026-01-01").stdout_bytes
