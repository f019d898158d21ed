"""Query strings, read once the same way everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from directory.errors import Invalid, Problem
from directory.web.refusals import N_, NotUnderstood

MAX_FIELDS = 100


def of(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """All values by name, blank ones kept. Raises Invalid for a query string that is no text."""
    raw = request.scope["query_string"].decode("latin-1")
    try:
        return parse_qs(raw, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError) as problem:
        text = N_("The part of the address behind the question mark is not valid UTF-8 or has too many fields.")
        raise NotUnderstood("", "bad-query", text) from problem


def only(params: Mapping[str, Sequence[str]], *names: str) -> dict[str, str]:
    """Single values of the parameters ``names``. Raises Invalid for others and for repeated ones."""
    problems = [
        Problem(
            field=n,
            code="unknown-parameter",
            message=f"There is no parameter {n!r} here. Known: {', '.join(names) or 'none'}.",
        )
        for n in params
        if n not in names
    ]
    problems += [
        Problem(field=n, code="repeated", message=f"Give {n} once, not {len(values)} times.")
        for n, values in params.items()
        if n in names and len(values) > 1
    ]
    if problems:
        raise Invalid("The question can't be understood.", problems)
    return {n: values[0].strip() for n, values in params.items()}


def number(text: str, field: str, low: int, high: int) -> int:
    """A whole number in a range. Raises Invalid."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16 and low <= int(text) <= high):
        message = N_("%(name)s is a whole number from %(low)s to %(high)s, not “%(given)s”.")
        raise NotUnderstood(field, "out-of-range", message, name=field, low=low, high=high, given=text[:20])
    return int(text)
