"""docs/data-model.md describes the types as they are."""

import re
from pathlib import Path
from typing import get_args

from msgspec import Struct, structs

from directory.domain import authority, diff, vocabulary
from directory.store import rows

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text("utf-8")


def described() -> dict[str, list[str]]:
    """Fields of each table, by the heading above it; only headings that are the name of a type."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        body = body.split("\n## ")[0]
        if heading in TYPES:
            found[heading] = re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE)
    return found


TYPES: dict[str, type[Struct]] = {
    name: kind
    for name, kind in vars(authority).items()
    if isinstance(kind, type) and issubclass(kind, Struct) and kind is not Struct
}


def test_every_type_and_field_is_described_in_its_order() -> None:
    assert described() == {name: [f.name for f in structs.fields(kind)] for name, kind in TYPES.items()}


def test_every_value_of_precision_and_basis_is_described() -> None:
    for values in (get_args(rows.Precision), get_args(rows.Basis)):
        table = "\n".join(f"| `{value}` |" for value in values)
        shown = re.findall(r"^\| `([a-z]+)` \| (?=\w)", PAGE.partition("### Precision")[2], flags=re.MULTILINE)
        assert set(values) <= set(shown), table


def test_every_sensitive_field_is_named() -> None:
    section = PAGE.partition("## Sensitive fields")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", section)) == {*diff.SENSITIVE, *diff.ENDING, "sensitive"}


def test_every_vocabulary_that_is_named_is_there() -> None:
    named = set(re.findall(r"vocabulary `([a-z-]+)`", PAGE))
    assert named <= set(vocabulary.schemes())
