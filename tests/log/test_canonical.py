"""Canonical JSON against the rfc8785 package, and everything that must not get in."""

import datetime as dt
import decimal
import json
import unicodedata
import uuid
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log.canonical import check, encode
from directory.texts import UNSAFE

texts = st.text(max_size=30).map(lambda t: unicodedata.normalize("NFC", UNSAFE.sub("", t)))
keys = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
).filter(lambda value: depth(value) <= 12)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


@settings(deadline=None, max_examples=200)
@given(values)
def test_encoding_is_that_of_rfc_8785_and_comes_back(value: Any) -> None:
    data = encode(value)
    assert data == rfc8785.dumps(value)
    assert check(data) == value


@settings(deadline=None)
@given(values, st.data())
def test_altered_bytes_are_refused_or_say_something_else(value: Any, data: st.DataObject) -> None:
    """No two byte strings are taken for the same value."""
    whole = encode(value)
    at = data.draw(st.integers(0, len(whole) - 1))
    altered = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    try:
        other = check(altered)
    except Invalid:
        return
    assert encode(other) == altered
    assert type(other) is not type(value) or other != value


@settings(deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_refused_or_canonical(data: bytes) -> None:
    try:
        value = check(data)
    except Invalid:
        return
    assert rfc8785.dumps(value) == data


def test_structs_leave_their_defaults_out_and_sort_their_fields() -> None:
    class Thing(msgspec.Struct, omit_defaults=True):
        b: int = 1
        a: tuple[str, ...] = ()
        c: str | None = None

    assert encode(Thing()) == b"{}"
    assert encode(Thing(b=2, a=("x", "y"), c="é")) == '{"a":["x","y"],"b":2,"c":"é"}'.encode()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"a": 1.5}, "a is a float"),
        ({"a": 1.0}, "a is a float"),
        ({"a": [float("nan")]}, "a[0] is a float"),
        ({"a": float("inf")}, "a is a float"),
        ({"a": b"x"}, "a is a bytes"),
        ({"a": dt.date(2026, 1, 1)}, "a is a date"),
        ({"a": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, "a is a datetime"),
        ({"a": decimal.Decimal(1)}, "a is a Decimal"),
        ({"a": uuid.UUID(int=1)}, "a is a UUID"),
        ({"a": object()}, "can't be written"),
        ({"a": 2**53}, "a is too large"),
        ({"a": -(2**53)}, "a is too large"),
        ({"a": 2**70}, "a is too large"),
        ({"a": 10**5000}, ""),
        ({1: "a"}, "the key 1;"),
        ({"A": 1}, "the key 'A'"),
        ({"": 1}, "the key ''"),
        ({"1a": 1}, "the key '1a'"),
        ({"a-b": 1}, "the key 'a-b'"),
        ({"é": 1}, "the key 'é'"),
        ({"a\n": 1}, "the key 'a\\n'"),
        ({"a" * 41: 1}, "the key"),
        ({"a": {"b": "x\ty"}}, "a.b holds the character U+0009"),
        ({"a": ["x\r"]}, "a[0] holds the character U+000D"),
        ({"a": "\x00"}, "U+0000"),
        ({"a": "\x7f"}, "U+007F"),
        ({"a": "\x85"}, "U+0085"),
        ({"a": "abc\u202edcba"}, "U+202E"),
        ({"a": "\u2066"}, "U+2066"),
        ({"a": "ca\u200b@justice.example"}, "U+200B"),
        ({"a": "\ud800"}, "U+D800"),
        ({"a": "e\u0301"}, "a is not in Unicode form NFC"),
        ("e\u0301", "The document is not in Unicode form NFC"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_its_place(value: Any, sentence: str) -> None:
    """msgspec alone would write NaN as null, and bytes, dates and Decimals as text, without a word."""
    with pytest.raises(Invalid) as refused:
        encode(value)
    assert sentence in refused.value.message


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", '{"a":1}\n', ' {"a":1}', '{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":1,"a":2}',
        '{"a":{"b":1,"b":1}}', '{"a":1.0}', '{"a":1e2}', '{"a":-0}', '{"a":01}', '{"a":NaN}', '{"a":Infinity}',
        '{"a":9007199254740992}', '{"a":"\\u0061"}', '{"a":"\\/"}', '{"a":"\\u00e9"}', '{"a":"\\ud800"}',
        '{"a":"\\t"}', '{"a":"\\u000a"}', '{"a":"\n"}', '{"a":1,}', "{'a':1}", '{"a":1}{"a":1}', "[1,2,]", "nul",
        '\ufeff{"a":1}', '{"a":"e\u0301"}', '{"A":1}', '{"a":"\u202e"}', '{"a":/**/1}', "9" * 5000,
    ],
)  # fmt: skip
def test_json_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        check(text.encode())


@pytest.mark.parametrize("data", [b"\xff", b'"\xc3"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', '"é"'.encode("latin-1")])
def test_bytes_that_are_no_utf8_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="Not UTF-8 at byte"):
        check(data)


def test_twelve_levels_are_taken_and_thirteen_are_not() -> None:
    value: Any = 1
    for _ in range(11):
        value = {"a": value}
    assert check(encode(value)) == value
    with pytest.raises(Invalid, match="deeper than 12 levels"):
        encode({"a": value})
    with pytest.raises(Invalid, match="deeper than 12 levels"):
        check(json.dumps([value], separators=(",", ":")).encode())


def test_nesting_that_exhausts_the_stack_is_refused_and_not_raised() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Invalid):
        encode(value)
    with pytest.raises(Invalid):
        check(b"[" * 100_000 + b"]" * 100_000)


def test_the_widest_integers_are_exact() -> None:
    assert encode([2**53 - 1, -(2**53) + 1]) == b"[9007199254740991,-9007199254740991]"


def test_line_feeds_and_letters_of_all_scripts_are_kept() -> None:
    value = {"a": "Côte d'Ivoire\nمحكمة\n中央机关 𠮷\u2028 \U0001f1ec\U0001f1e7 \u200f"}
    assert check(encode(value)) == value
    assert encode(value) == rfc8785.dumps(value)
