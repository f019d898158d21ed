"""What may be asked of lists: parsed once for pages, API and files, all problems at once."""

import base64
import binascii
import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from directory.clock import instant, parse_instant
from directory.domain import states, vocabulary
from directory.domain.freshness import BANDS
from directory.errors import Invalid, Problem

FILTERS = ("state", "territory", "function", "treaty", "language", "channel", "band", "status")
PARAMETERS = ("q", *FILTERS, "as-of", "known-at", "sort", "limit", "after")
SORTS = ("state", "name", "changed")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_TEXT = 200
MAX_LIMIT = 500


class Query(Struct, frozen=True, kw_only=True):
    """Values of one name are alternatives, all names must hold; empty means no filter."""

    text: str = ""
    state: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    function: tuple[str, ...] = ()
    treaty: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    band: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    as_of: date | None = None
    known_at: str | None = None
    """An instant: only what the log held then."""
    sort: Literal["", "state", "name", "changed"] = ""
    """Empty: the best match first, and by State where no text is given. ``changed``: the newest version first."""
    limit: int = 50
    offset: int = 0


def parse(params: Mapping[str, Sequence[str]], *, extra: Sequence[str] = ()) -> Query:
    """Read URL parameters. Raises Invalid with every problem; unknown names are refused, ``extra`` names are let by."""
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, given in params.items():
        if name in extra:
            continue
        if name not in PARAMETERS:
            close = difflib.get_close_matches(name, [*PARAMETERS, *extra], n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            problems.append(
                Problem(field=name, code="unknown-parameter", message=f"There is no parameter {name!r}.{hint}")
            )
            continue
        if name in FILTERS:
            codes = [part.strip() for text in given for part in text.split(",") if part.strip()]
            values[name] = tuple(dict.fromkeys(_code(name, code, problems) for code in codes))
        elif len(given) > 1:
            problems.append(Problem(field=name, code="repeated", message=f"Give {name} once, not {len(given)} times."))
        elif text := "".join(given).strip():
            _scalar(name, text, values, problems)
    if problems:
        raise Invalid("The question can't be understood.", problems)
    return Query(**values)  # type: ignore[arg-type]


def token(offset: int) -> str:
    """The opaque name of the page that begins at ``offset``."""
    return base64.urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")


def day(text: str, field: str) -> date:
    """A day as ``2016-01-01``. Raises Invalid."""
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        message = f"{text!r} is no day; write it as 2016-01-01."
        raise Invalid(message, [Problem(field=field, code="no-day", message=message)])
    return found


def _scalar(name: str, text: str, values: dict[str, object], problems: list[Problem]) -> None:
    if name == "q":
        if len(text) > MAX_TEXT:
            problems.append(Problem(field="q", code="too-long", message=f"Search for at most {MAX_TEXT} characters."))
        values["text"] = text
    elif name == "as-of":
        try:
            values["as_of"] = day(text, name)
        except Invalid as problem:
            problems.extend(problem.problems)
    elif name == "known-at":
        moment = _moment(text)
        if moment is None:
            message = f"{text[:40]!r} is neither a day (2016-01-01) nor an instant (2016-01-01T12:00:00Z)."
            problems.append(Problem(field=name, code="no-moment", message=message))
        values["known_at"] = moment
    elif name == "sort":
        if text not in SORTS:
            message = f"There is no order {text[:20]!r}. Choose from: {', '.join(SORTS)}."
            problems.append(Problem(field="sort", code="unknown-code", message=message))
        values["sort"] = text
    elif name == "limit":
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MAX_LIMIT):
            message = f"limit is a whole number from 1 to {MAX_LIMIT}, not {text[:20]!r}."
            problems.append(Problem(field="limit", code="out-of-range", message=message))
        else:
            values["limit"] = int(text)
    elif name == "after":
        offset = _offset(text)
        if offset is None:
            problems.append(
                Problem(
                    field="after",
                    code="no-token",
                    message="This is no token of a next page; take the one that an answer gave.",
                )
            )
        else:
            values["offset"] = offset


def _moment(text: str) -> str | None:
    """A day (to its end) or an instant, as an instant."""
    try:
        if len(text) == 10:
            return f"{day(text, '').isoformat()}T23:59:59Z"
        return instant(parse_instant(text)) if text.isascii() and len(text) == 20 else None
    except (Invalid, ValueError):
        return None


def _offset(text: str) -> int | None:
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        return None
    number = plain[1:]
    return int(number) if plain[:1] == "o" and number.isdecimal() and len(number) < 10 else None


def _code(name: str, text: str, problems: list[Problem]) -> str:
    if name in ("state", "territory"):
        code = text.upper()
        if states.place(code) is None:
            found = states.resolve(text)
            hint = f" Did you mean {', '.join(found)}?" if found else " Use a two-letter code such as KE."
            problems.append(Problem(field=name, code="unknown-code", message=f"There is no {name} {text!r}.{hint}"))
        return code
    if name == "language":
        if not states.is_language(text):
            problems.append(
                Problem(
                    field=name, code="unknown-code", message=f"There is no language {text!r}. Use a tag such as fr."
                )
            )
        return text
    known = BANDS if name == "band" else [c.code for c in vocabulary.scheme(name)]
    if text not in known:
        close = difflib.get_close_matches(text, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" Choose from: {', '.join(known)}."
        problems.append(Problem(field=name, code="unknown-code", message=f"There is no {name} {text!r}.{hint}"))
    return text
