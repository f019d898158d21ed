"""Standard base64 (RFC 4648 section 4), read strictly: one text for one value.

Python's decoder passes over set padding bits, so that several texts give the same bytes; a signed text that can be
altered without a trace is no evidence.
"""

import base64

from directory.errors import Invalid


def encode(data: bytes) -> str:
    """The text of ``data``, with padding."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes:
    """Read what :func:`encode` wrote. Raises Invalid for every other text."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as problem:
        raise Invalid(f"{text[:60]!r} is not base64.") from problem
    if encode(data) != text:
        raise Invalid(f"{text[:60]!r} is not the base64 that a writer makes: its padding was altered.")
    return data
