"""The errors this package raises on purpose.

Anything else that escapes is a defect: it is logged in full and shown as "internal" without its text.

    DirectoryError
    ├── Invalid        what was given breaks a rule; carries every problem found
    ├── NotFound       nothing has that name, or had it on that day
    ├── Conflict       the thing moved on since it was read
    ├── Refused        the actor may not, or the state of the data forbids it
    └── Unusable       the data folder, database, key or port can't be used as it is
"""

from collections.abc import Sequence

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong, said to the person who can mend it.

    ``field`` is a path such as ``contacts[0].emails[1].address``; empty when the whole document is meant.
    ``message`` is a sentence that says what is wrong and what to do.
    ``code`` is stable and lower-case with hyphens; programs may depend on it.
    A ``warning`` is shown and kept, but refuses nothing.
    """

    field: str
    message: str
    code: str
    warning: bool = False


class DirectoryError(Exception):
    """Base of the family; ``message`` is a plain sentence that may be shown to anybody."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DirectoryError):
    """What was given breaks one rule or several; ``problems`` lists all of them."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class NotFound(DirectoryError):
    """Nothing has that identifier, or had it on the day asked for."""


class Conflict(DirectoryError):
    """The thing changed after it was read."""


class Refused(DirectoryError):
    """The actor may not do this, or the state of the data forbids it."""


class Unusable(DirectoryError):
    """The surroundings (folder, database, key, port) can't be used as they are; console commands exit with 2."""
