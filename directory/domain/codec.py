"""Entries as stored bytes and back."""

import msgspec

from directory.domain.authority import Authority, Entry
from directory.errors import Invalid

_decoder = msgspec.json.Decoder(Entry)


def encode(entry: Entry) -> bytes:
    """Canonical bytes of an entry: sorted keys, defaults left out. The log checks them once more when it takes them."""
    return msgspec.json.encode(entry, order="sorted")


def decode(body: bytes) -> Entry:
    """Read stored bytes; fields that this release does not know are passed over. Raises Invalid."""
    try:
        entry: Entry = _decoder.decode(body)
    except msgspec.DecodeError as problem:
        raise Invalid(f"The stored entry can't be read: {problem}.") from problem
    return entry


def decode_authority(body: bytes) -> Authority:
    """Like :func:`decode`, for places that hold authorities only. Raises Invalid for a State's own entry."""
    entry = decode(body)
    if not isinstance(entry, Authority):
        raise Invalid(f"{entry.id} is a State's own entry, not an authority.")
    return entry
