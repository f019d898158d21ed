"""CSV: safe in a spreadsheet, and nothing is lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain import codec
from directory.domain.authority import Authority, ContactPoint, Email, Name, Remark, Telephone, Text
from directory.domain.freshness import Freshness
from directory.exports.item import Contents, Item, VersionInfo
from directory.exports.table import BOM, COLUMNS, DANGEROUS, Table, guarded, unguarded
from directory.exports.writers import written

CONTENTS = Contents(position=7, as_of="2026-11-24")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def item(entry: Authority, reason: str = "Read", freshness: Freshness | None = None) -> Item:
    version = VersionInfo(
        n=2, position=7, effective_on="2014-03-21", precision="day", basis="source", until=None,
        recorded_at="2026-11-24T06:00:00Z", reason=reason, commitment="0" * 64, sensitive=False,
    )  # fmt: skip
    return Item(id=entry.id, body=codec.encode(entry), version=version, freshness=freshness)


def named(text: str) -> Authority:
    return Authority(
        id="ke-x", state="KE", names=(Name(key="n", text=text), Name(key="m", text=text + "!")),
        contacts=(ContactPoint(key="c", telephones=(Telephone(key="t", printed="+254 20 222"),),
                               emails=(Email(key="e", address="=a@b.example"),)),),
        remarks=(Remark(key="r", text=(Text(text=text),)),),
    )  # fmt: skip


def table(*items: Item, bom: bool = False) -> list[dict[str, str]]:
    text = b"".join(written(Table(CONTENTS, bom=bom), items)).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+254 20", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "'"])
def test_no_cell_begins_as_a_formula_and_every_cell_comes_back(cell: str) -> None:
    assert not guarded(cell).startswith(tuple(set(DANGEROUS) - {"'"}))
    assert unguarded(guarded(cell)) == cell


@given(TEXT)
def test_guarding_any_text_loses_nothing(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(name=TEXT.filter(bool), reason=TEXT)
def test_whatever_an_entry_holds_no_cell_is_a_formula_and_the_document_comes_back(name: str, reason: str) -> None:
    first, second = item(named(name), reason), item(named("plain"))
    rows = table(first, second)
    assert [row["document"].encode() for row in rows] == [first.body, second.body]
    assert unguarded(rows[0]["reason"]) == reason
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())
    assert all(len(row) == len(COLUMNS) and None not in row.values() for row in rows)


def test_columns_say_in_words_what_the_document_says() -> None:
    (row,) = table(item(named("Office"), freshness=Freshness(band="fresh", grade="A", valid_until="2027-01-01")))
    assert (row["name"], row["state_name"], row["other_names"]) == ("Office", "Kenya", "Office!")
    assert (row["telephone"], row["email"]) == ("'+254 20 222", "'=a@b.example")
    assert (row["version"], row["effective_on"], row["freshness"], row["valid_until"]) == (
        "2", "2014-03-21", "fresh", "2027-01-01",
    )  # fmt: skip
    assert row["urgent"] == "", "not stated is empty, never no"


def test_the_file_follows_rfc_4180_and_ends_its_last_line() -> None:
    text = b"".join(written(Table(CONTENTS), [item(named('Of "it", all'))])).decode()
    assert text.startswith("id,state,territory,name,")
    assert text.endswith("\r\n")
    assert '"Of ""it"", all"' in text
    assert b"".join(written(Table(CONTENTS, bom=True), [])).startswith(b"\xef\xbb\xbfid,")
