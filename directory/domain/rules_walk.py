"""What the rules share: the list of problems that grows, and a walk through every object and value of an entry."""

import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import Struct

from directory.errors import Problem


class Findings:
    """Problems found so far. A warning is shown and kept, but refuses nothing."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def bad(self, field: str, code: str, message: str) -> None:
        """Add a problem that refuses the entry; ``message`` says what is wrong and what to do."""
        self.problems.append(Problem(field=field, code=code, message=message))

    def warn(self, field: str, code: str, message: str) -> None:
        """Add a problem that a person should look at."""
        self.problems.append(Problem(field=field, code=code, message=message, warning=True))


class Place(NamedTuple):
    """An object of the entry with its path (empty for the entry itself)."""

    path: str
    it: Any

    def at(self, field: str) -> str:
        """The path of a field of the object."""
        return f"{self.path}.{field}" if self.path else field


class Leaf(NamedTuple):
    """A single value: its path, the object that holds it, the name of the field."""

    path: str
    owner: Any
    field: str
    value: Any


def objects(entry: Struct, path: str = "") -> Iterator[Place]:
    """The entry and every object in it."""
    place = Place(path, entry)
    yield place
    for field in entry.__struct_fields__:
        value = getattr(entry, field)
        if isinstance(value, Struct):
            yield from objects(value, place.at(field))
        elif isinstance(value, tuple):
            for n, item in enumerate(value):
                if isinstance(item, Struct):
                    yield from objects(item, f"{place.at(field)}[{n}]")


def leaves(entry: Struct) -> Iterator[Leaf]:
    """Every value that is no object: texts, numbers, codes; those of a list one by one."""
    for place in objects(entry):
        for field in place.it.__struct_fields__:
            value = getattr(place.it, field)
            for n, item in enumerate(value if isinstance(value, tuple) else (value,)):
                if item is not None and not isinstance(item, Struct):
                    path = f"{place.at(field)}[{n}]" if isinstance(value, tuple) else place.at(field)
                    yield Leaf(path, place.it, field, item)


def named(character: str) -> str:
    """A character so that anybody can find it: what it is called, and its number."""
    called = unicodedata.name(character, "no name").lower()
    shown = f"“{character}” " if character.isprintable() and not unicodedata.combining(character) else ""
    return f"{shown}({called}, U+{ord(character):04X})"
