"""Canonical JSON: RFC 8785 narrowed until no two implementations can differ.

Keys are ``[a-z][a-z0-9_]{0,39}``, there are no floats, integers stay below 2^53, strings are NFC without control
characters (line feed excepted) and without characters that do not show or turn the direction of writing, no key comes
twice, depth is at most 12. Under these rules msgspec's sorted output equals RFC 8785. Stored bytes are authoritative:
they are checked when they come in and never encoded again.
"""

import datetime as dt
import decimal
import json
import re
import unicodedata
import uuid
from typing import Any

import msgspec

from directory.errors import Invalid
from directory.texts import UNSAFE

MAX_DEPTH = 12
MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KEPT = (bytes, bytearray, dt.datetime, dt.date, dt.time, dt.timedelta, uuid.UUID,
         decimal.Decimal)  # fmt: skip
"""What msgspec would quietly write as text: kept as it is, so that the walk below refuses it."""


def encode(value: object) -> bytes:
    """The one encoding of ``value``, plain data or Structs. Raises Invalid where the rules forbid it."""
    try:
        plain = msgspec.to_builtins(value, order="sorted", builtin_types=_KEPT)
        _walk(plain, "", 1)
        return msgspec.json.encode(plain, order="sorted")
    except (TypeError, OverflowError, RecursionError) as problem:
        raise Invalid(f"This can't be written as canonical JSON: {problem}.") from problem


def check(data: bytes) -> Any:
    """Decode ``data`` and return it if its bytes are canonical. Raises Invalid with the place and the rule."""
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float
        )
    except UnicodeDecodeError as problem:
        raise Invalid(f"Not UTF-8 at byte {problem.start}.") from problem
    except (ValueError, RecursionError) as problem:
        raise Invalid(f"Not JSON: {problem}.") from problem
    _walk(value, "", 1)
    if msgspec.json.encode(value, order="sorted") != data:
        raise Invalid("JSON, but not in canonical form: keys must be sorted, without spaces and needless escapes.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Invalid(f"The key {key!r} comes twice.")
        found[key] = value
    return found


def _no_float(text: str) -> Any:
    raise Invalid(f"{text} is not an integer; canonical JSON has no floats.")


def _walk(value: Any, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Invalid(f"{_place(path)} is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise Invalid(f"{_place(path)} has the key {key!r}; keys are lower-case letters, digits and _.")
            _walk(item, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list | tuple):
        for n, item in enumerate(value):
            _walk(item, f"{path}[{n}]", depth + 1)
    elif isinstance(value, str):
        check_text(value, path)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > MAX_INTEGER:
            raise Invalid(f"{_place(path)} is too large; integers stay below 2^53.")
    elif value is not None and not isinstance(value, bool):
        raise Invalid(f"{_place(path)} is a {type(value).__name__}; canonical JSON has none.")


def check_text(text: str, path: str) -> None:
    """Raise Invalid if ``text`` has a character that the log does not take, or is not in Unicode form NFC."""
    if found := UNSAFE.search(text):
        raise Invalid(f"{_place(path)} holds the character U+{ord(found[0]):04X}, which would not show; take it out.")
    if not unicodedata.is_normalized("NFC", text):
        raise Invalid(f"{_place(path)} is not in Unicode form NFC.")


def _place(path: str) -> str:
    return path or "The document"
