"""Parameters as data: the same table checks a request and is printed in the description of the API."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from msgspec import Struct

from directory.domain import query as queries
from directory.domain import states
from directory.errors import Invalid, Problem

MAX_VALUES = 50
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$")


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter of an address. ``many``: it takes several values, repeated or joined by commas."""

    name: str
    about: str
    kind: Literal["text", "code", "number", "day", "moment", "token", "path"]
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    low: int = 0
    high: int = 2**53
    longest: int = 200
    many: bool = False
    example: str | int | None = None

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, no wider and no narrower than what :meth:`problem` lets by."""
        one: dict[str, Any] = {"type": "string"}
        match self.kind:
            case "code":
                one["enum"] = list(self.choices)
            case "number":
                one = {"type": "integer", "minimum": self.low, "maximum": self.high}
            case "day":
                one["format"] = "date"
            case "moment":
                one = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
            case "path":
                one["pattern"] = self.pattern
            case "text" | "token":
                one |= {"pattern": r"\S", "maxLength": self.longest}
        return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_VALUES} if self.many else one

    def problem(self, text: str) -> str | None:
        """What is wrong with a value, None if nothing is."""
        if not text.strip():
            return f"{self.name} is empty; leave it out or give it a value."
        match self.kind:
            case "code" if text not in self.choices:
                return f"There is no {self.name} {text[:60]!r}. {self._hint(text)}"
            case "number" if not _whole(text) or not self.low <= int(text) <= self.high:
                return f"{self.name} is a whole number from {self.low} to {self.high}, not {text[:20]!r}."
            case "day" if _day(text) is None:
                return f"{text[:40]!r} is no day; write it as 2016-01-01."
            case "moment" if moment(text) is None:
                return f"{text[:40]!r} is neither a day (2016-01-01) nor an instant (2016-01-01T12:00:00Z)."
            case "text" | "token" if len(text) > self.longest:
                return f"{self.name} has at most {self.longest} characters."
        return None

    def _hint(self, text: str) -> str:
        folded = {choice.casefold(): choice for choice in self.choices}
        meant = [code for code in states.resolve(text) if code in self.choices]
        meant = meant or [folded[near] for near in difflib.get_close_matches(text.casefold(), folded, n=1)]
        if meant:
            return f"Did you mean {' or '.join(meant)}?"
        shown = ", ".join(self.choices[:40])
        return f"Choose from: {shown}{' …' if len(self.choices) > 40 else ''}."


def check(given: Mapping[str, Sequence[str]], known: Sequence[Parameter]) -> dict[str, list[str]]:
    """Values by name, each of the kind that its parameter wants. Raises Invalid with everything that is wrong."""
    by_name = {p.name: p for p in known}
    problems: list[Problem] = []
    found: dict[str, list[str]] = {}
    for name, raw in given.items():
        parameter = by_name.get(name)
        if parameter is None:
            problems.append(_unknown(name, list(by_name)))
            continue
        values = [part for text in raw for part in text.split(",")] if parameter.many else list(raw)
        found[name] = values
        if len(values) > 1 and not parameter.many:
            problems.append(Problem(field=name, code="repeated", message=f"Give {name} once, not {len(values)} times."))
        elif len(values) > MAX_VALUES:
            problems.append(Problem(field=name, code="too-many", message=f"Give {name} at most {MAX_VALUES} times."))
        else:
            problems += [
                Problem(field=name, code=f"bad-{parameter.kind}", message=message)
                for message in map(parameter.problem, values)
                if message
            ]
    if problems:
        raise Invalid("The request can't be understood.", problems)
    return found


def moment(text: str) -> str | None:
    """The last instant of a day, or an instant of RFC 3339 in UTC cut to the second; None if it is neither."""
    if found := _day(text):
        return f"{found.isoformat()}T23:59:59Z"
    if not _INSTANT.match(text):
        return None
    try:
        there = datetime.fromisoformat(text.upper().replace(":60", ":59"))
    except ValueError:
        return None
    try:
        here = there.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        here = there
    return here.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _unknown(name: str, known: Sequence[str]) -> Problem:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known) or 'none'}."
    return Problem(field=name[:60], code="unknown-parameter", message=f"There is no parameter {name[:60]!r}. {hint}")


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 16


def _day(text: str) -> date | None:
    try:
        return queries.day(text, "") if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except Invalid:
        return None
