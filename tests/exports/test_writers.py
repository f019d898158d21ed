"""NDJSON and JSON around stored bytes."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain import codec
from directory.domain.authority import Authority, Name
from directory.domain.freshness import Freshness
from directory.exports.formats import FORMATS, MEDIA_TYPES
from directory.exports.item import Contents, Item, VersionInfo
from directory.exports.writers import Lines, Whole, written

CONTENTS = Contents(position=9, as_of="2026-11-24", known_at="2026-11-24T23:59:59Z")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def item(n: int, name: str = "Office") -> Item:
    entry = Authority(id=f"ke-{n}", state="KE", names=(Name(key="n", text=name),))
    version = VersionInfo(
        n=1, position=n, effective_on="2014-01-01", precision="year", basis="page", until="2016-01-01",
        recorded_at="2026-11-24T06:00:00Z", reason=name, commitment="0" * 64, sensitive=True,
    )  # fmt: skip
    return Item(id=entry.id, body=codec.encode(entry), version=version, freshness=Freshness(band="fresh", grade="A"))


@given(st.lists(TEXT, max_size=5))
def test_every_line_is_one_entry_with_its_bytes_untouched_and_the_last_one_counts(names: list[str]) -> None:
    items = [item(n, name) for n, name in enumerate(names)]
    lines = b"".join(written(Lines(CONTENTS), items)).split(b"\n")
    assert lines.pop() == b"", "the last line ends too"
    assert json.loads(lines.pop())["end"] == {
        "format": "cadir/entries/1", "position": 9, "as_of": "2026-11-24", "known_at": "2026-11-24T23:59:59Z",
        "entries": len(names),
    }  # fmt: skip
    assert len(lines) == len(items)
    for line, one in zip(lines, items, strict=True):
        assert line.startswith(b'{"entry":' + one.body + b",")
        read = json.loads(line)
        assert set(read) == {"entry", "freshness", "version"}
        assert msgspec.convert(read["version"], VersionInfo) == one.version


@given(st.lists(TEXT, max_size=5))
def test_the_whole_file_is_one_json_object_of_the_same_entries(names: list[str]) -> None:
    items = [item(n, name) for n, name in enumerate(names)]
    whole = json.loads(b"".join(written(Whole(CONTENTS), items)))
    lines = [json.loads(line) for line in b"".join(written(Lines(CONTENTS), items)).splitlines()]
    assert whole == {"entries": lines[:-1], "end": lines[-1]["end"]}


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_file_cut_anywhere_is_seen_to_be_cut_unless_it_is_a_table(form: str) -> None:
    pieces = list(written(FORMATS[form](CONTENTS), [item(1), item(2)]))
    cut = b"".join(pieces[:-1])
    if form == "json":
        with pytest.raises(json.JSONDecodeError):
            json.loads(cut)
    elif form == "ndjson":
        assert b'"end":' not in cut
    assert FORMATS[form](CONTENTS).media_type == MEDIA_TYPES[form]
