"""docs/operation.md tells of every setting, command and option, and of none that is not there."""

import re
from pathlib import Path

from click import Option

from directory.cli import main
from directory.settings import _NAMES, load

PAGE = (Path(__file__).parents[2] / "docs" / "operation.md").read_text("utf-8")


def test_settings() -> None:
    assert set(re.findall(r"DIRECTORY_[A-Z_]+[A-Z]", PAGE)) == set(_NAMES)
    row = next(line for line in PAGE.splitlines() if "DIRECTORY_CONTACT_DAYS" in line)
    settings = load({})
    assert f"`{settings.contact_days}`, `{settings.line_days}`, `{settings.requirement_days}`" in row
    assert f"`{settings.origin}`" in PAGE
    assert f"`{settings.host}`, `{settings.port}`" in PAGE


def test_commands_and_their_options() -> None:
    told = set(re.findall(r"`directory ([a-z]+)", PAGE)) - {"--help"}
    assert told == set(main.commands)
    options = {
        name
        for command in main.commands.values()
        for parameter in command.params
        if isinstance(parameter, Option)
        for name in parameter.opts
    } | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE)) <= options
