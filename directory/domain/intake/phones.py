"""Telephone numbers as printed in letters and gazettes, read where they can be understood without guessing."""

import re

import phonenumbers
from msgspec import Struct

_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_RANGE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:-|–|—|to)\s*(\d{1,2})\s*$")
_EXTENSION = re.compile(r"(?:ext\.?|extension|x|poste|Durchwahl)\s*[.:]?\s*(\d{1,7})\s*$", re.IGNORECASE)


class Reading(Struct, frozen=True, kw_only=True):
    """One number: ``printed`` as found, ``e164`` where it is clear, else a ``warning`` that says why not."""

    printed: str
    e164: str | None = None
    extension: str | None = None
    warning: str | None = None


def read(printed: str, region: str | None, dial: str | None) -> list[Reading]:
    """The numbers in ``printed``: two behind a slash are two.

    ``region`` is the State or territory (ISO 3166-1), ``dial`` its code without plus. A number without any country code
    gets one only where no other reading is possible.
    """
    text = " ".join(printed.split())
    body, extension = text, None
    if found := _EXTENSION.search(text):
        body, extension = text[: found.start()], found[1]
    body = _TRUNK_ZERO.sub(" ", body)
    pieces = [p.strip() for p in re.split(r"[/;,]", body) if p.strip()]
    first = _one(pieces[0], region, dial) if pieces else None
    if len(pieces) > 1 and first is None:
        pieces = [" ".join(pieces)]  # the slash only parts groups of digits: 0049 / 228 / 99410 - 40
        first = _one(pieces[0], region, dial)
    if first is None:
        return [Reading(printed=printed, warning=_why(pieces[0] if pieces else ""))]
    readings = [Reading(printed=printed, e164=first, extension=extension)]
    for piece in pieces[1:]:
        number = _one(piece, region, dial) if piece.startswith(("+", "00", "(")) else _beside(first, piece)
        warning = None if number else f"The number {piece!r} behind the slash can't be understood; it stays as printed."
        readings.append(Reading(printed=printed, e164=number, warning=warning))
    return readings


def _one(piece: str, region: str | None, dial: str | None) -> str | None:
    digits = re.sub(r"\D", "", piece)
    if not 5 <= len(digits) <= 17 or _is_range(piece):
        return None
    if piece.lstrip("( ").startswith("+"):
        return _valid("+" + digits)
    if digits.startswith("00"):
        return _valid("+" + digits[2:])
    with_code = _valid("+" + digits) if dial and digits.startswith(dial) else None
    national = _national(digits, region)
    if with_code and (national in (None, with_code) or piece.startswith("(")):
        return with_code
    if national and with_code is None and digits.startswith("0"):
        return national
    return None


def _national(digits: str, region: str | None) -> str | None:
    if not region:
        return None
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    return (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number)
        else None
    )


def _beside(first: str, piece: str) -> str | None:
    """The number that shares its beginning with ``first``: 3843/3277."""
    digits = re.sub(r"\D", "", piece)
    parsed = phonenumbers.parse(first)
    national = str(parsed.national_number)
    if not 2 <= len(digits) <= len(national) or digits.startswith("0"):
        return None
    return _valid(f"+{parsed.country_code}{national[: len(national) - len(digits)]}{digits}")


def _valid(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_range(piece: str) -> bool:
    found = _RANGE.search(piece)
    return bool(found and len(found[1]) == len(found[2]) and int(found[1]) < int(found[2]))


def _why(piece: str) -> str:
    if _is_range(piece):
        return "This is a range of numbers; it stays as printed."
    if not re.search(r"\d", piece):
        return "There are no digits in this number; it stays as printed."
    return "This number can't be understood without guessing its country or area; it stays as printed."
