"""What pages refuse: errors whose sentence is a message of the catalogs."""

from typing import Any

from directory.errors import Invalid, NotFound, Problem


def N_(text: str) -> str:  # noqa: N802
    """Mark a message that is translated later, when the language is known."""
    return text


class Day(str):
    """A day, month or year among the values of a message: written in the page's language."""

    __slots__ = ()


class NotHere(NotFound):
    """This directory does not hold what the address names."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text % values)
        self.text = text
        self.values = values


class NotUnderstood(Invalid):
    """The parameter ``field`` says nothing that could be looked up."""

    def __init__(self, field: str, code: str, text: str, **values: Any) -> None:
        message = text % values
        super().__init__(message, [Problem(field=field, code=code, message=message)])
        self.text = text
        self.values = values
