"""Entries as plain data: dicts, lists, texts, numbers, with defaults left out.

Differences and merges work on it, so that a version written under another schema takes part like any other.
"""

from typing import Any

import msgspec

from directory.domain.authority import Entry

Plain = dict[str, Any]


def plain(entry: Entry) -> Plain:
    """The entry as its stored bytes would decode."""
    found: Plain = msgspec.json.decode(msgspec.json.encode(entry))
    return found


def item_key(item: Plain) -> str:
    """What names an item in its list: its key, or its measure; empty if it has neither."""
    return str(item.get("key") or item.get("measure") or "")
