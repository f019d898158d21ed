"""Records: one encoding each, nothing that could hold content, dates that exist."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log import b64
from directory.log.canonical import encode
from directory.log.record import (
    AnyRecord,
    ChangeAnnounced,
    ContentErased,
    EntryConfirmed,
    EntryVersion,
    Genesis,
    decode_record,
    encode_record,
)
from directory.log.tree import leaf_hash

AT = "2026-11-24T06:00:00Z"
HEX = "ab" * 32
PERSON = "p_" + "0f" * 16
VERSION = EntryVersion(
    v=1, i=7, at=AT, id="gb-ukca", n=2, prev=HEX, effective_on="2014-05-01", precision="month", basis="notification",
    public=HEX, reason="Moved",
)  # fmt: skip
BYTES = (
    b'{"at":"2026-11-24T06:00:00Z","basis":"notification","effective_on":"2014-05-01","i":7,"id":"gb-ukca","n":2,'
    b'"precision":"month","prev":"' + b"ab" * 32 + b'","public":"' + b"ab" * 32 + b'","reason":"Moved",'
    b'"type":"entry.version","v":1}'
)
TYPES = get_args(AnyRecord)
COMMON = {"v": 1, "i": 3, "at": AT}
WHOLE: dict[str, dict[str, Any]] = {
    "genesis": {"origin": "a.example/log", "format": "cadir/1", "policy": HEX, "vkeys": ["k"]},
    "entry.version": {
        "id": "gb", "n": 1, "prev": HEX, "effective_on": "2026-01-02", "precision": "read", "basis": "read",
        "public": HEX, "network": HEX, "secretariat": HEX, "sensitive": True, "by": [PERSON], "announced": 0,
        "reason": "r",
    },
    "change.announced": {
        "id": "gb", "n": 1, "prev": HEX, "public": HEX, "network": HEX, "secretariat": HEX, "sensitive": False,
        "not_before": AT, "by": [PERSON], "reason": "r",
    },
    "change.withdrawn": {"id": "gb", "prev": HEX, "announced": 2, "by": [PERSON], "reason": "r"},
    "entry.disputed": {"id": "gb", "prev": HEX, "announced": 2, "by": [PERSON], "reason": "r"},
    "dispute.closed": {"id": "gb", "prev": HEX, "announced": 2, "by": [PERSON], "reason": "r"},
    "entry.confirmed": {"id": "gb", "n": 1, "prev": HEX, "grade": "A", "by": [PERSON]},
    "entry.retired": {"id": "gb", "prev": HEX, "replaced_by": "gb-new", "by": [PERSON], "reason": "r"},
    "content.erased": {"commitment": HEX, "ground": "asked for", "by": [PERSON]},
    "editor.key": {"pseudonym": PERSON, "key": "k", "scope": ["gb"], "by": [PERSON]},
    "editor.revoked": {"pseudonym": PERSON, "by": [PERSON]},
    "audit.head": {"head": HEX, "count": 4},
    "key.rotated": {"vkeys": ["k"], "statement": "s"},
    "policy.changed": {"policy": HEX, "by": [PERSON]},
    "epoch.continued": {"lost_from": 2, "statement": "s"},
}  # fmt: skip


def raw(kind: str, **changes: Any) -> bytes:
    fields = {**COMMON, "type": kind, **WHOLE[kind], **changes}
    return encode({name: value for name, value in fields.items() if value is not ...})


def test_bytes_of_a_version() -> None:
    assert encode_record(VERSION) == BYTES
    assert decode_record(BYTES) == VERSION


def test_leaf_hash_of_the_formats_sample_entry() -> None:
    public = b"OyQSt3ba+gdyICTcmAf9AjwyKlwO9zSTIQ4xen1dcpA="
    entry = (
        b'{"at":"2026-11-24T06:00:00Z","authority":"ca-0001","public":"' + public + b'",'
        b'"type":"authority.version","v":1,"version":1}'
    )
    assert b64.encode(leaf_hash(entry)) == "ySsYPZbODVvgfnefHtrHur2dNIjilVA/iRqzJ1LSeoE="


def test_every_type_has_a_sample_here() -> None:
    assert {msgspec.inspect.type_info(kind).tag for kind in TYPES} == set(WHOLE)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_record_of_every_type_keeps_every_field_and_its_bytes(kind: str) -> None:
    data = raw(kind)
    record = decode_record(data)
    assert encode_record(record) == data
    assert {"type", *record.__struct_fields__} == {*COMMON, "type", *WHOLE[kind]}


@pytest.mark.parametrize("kind", WHOLE)
def test_no_type_takes_a_field_that_it_has_not(kind: str) -> None:
    """The log holds no content: a name or an address can't be slipped into it."""
    with pytest.raises(Invalid, match="a field that its type has not"):
        decode_record(raw(kind, email="x@example.org"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("sensitive", False), ("by", []), ("reason", ""), ("announced", None), ("prev", None), ("precision", "day")],
)
def test_defaults_are_never_written_out(field: str, value: Any) -> None:
    """Else one act had two encodings and two leaf hashes."""
    with pytest.raises(Invalid, match="writes out a default"):
        decode_record(raw("entry.version", **{field: value}))
    assert decode_record(raw("entry.version", **{field: ...}))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("entry.version", {"v": 2}), ("entry.version", {"v": ...}), ("entry.version", {"v": True}),
        ("entry.version", {"i": -1}), ("entry.version", {"i": ...}), ("entry.version", {"i": "3"}),
        ("entry.version", {"n": 0}), ("entry.version", {"n": ...}), ("entry.version", {"type": "entry.other"}),
        ("entry.version", {"type": ...}), ("entry.version", {"at": ...}), ("entry.version", {"at": "2026-11-24"}),
        ("entry.version", {"at": "2026-11-24T06:00:00+00:00"}), ("entry.version", {"at": "2026-11-24T06:00:00Z\n"}),
        ("entry.version", {"at": "2026-11-24T24:00:00Z"}), ("entry.version", {"at": "2026-02-30T06:00:00Z"}),
        ("entry.version", {"at": "２０２６-11-24T06:00:00Z"}),
        ("entry.version", {"effective_on": "2014-02-30"}), ("entry.version", {"effective_on": "2014-2-3"}),
        ("entry.version", {"effective_on": "2014-02-03\n"}), ("entry.version", {"effective_on": "٢٠١٤-02-03"}),
        ("entry.version", {"effective_on": ...}), ("entry.version", {"effective_on": "0000-01-01"}),
        ("entry.version", {"precision": "month", "effective_on": "2014-05-02"}),
        ("entry.version", {"precision": "year", "effective_on": "2014-05-01"}),
        ("entry.version", {"precision": "year", "effective_on": "2014-01-02"}),
        ("entry.version", {"precision": "week"}), ("entry.version", {"basis": "A guess"}),
        ("entry.version", {"public": HEX.upper()}), ("entry.version", {"public": HEX[:-1]}),
        ("entry.version", {"public": HEX + "\n"}), ("entry.version", {"public": ...}),
        ("entry.version", {"prev": HEX[:-2]}), ("entry.version", {"network": "x"}),
        ("entry.version", {"secretariat": 1}), ("entry.version", {"by": PERSON}),
        ("entry.version", {"id": ""}), ("entry.version", {"id": "GB"}), ("entry.version", {"id": "gb-"}),
        ("entry.version", {"id": "gb ukca"}), ("entry.version", {"id": "gb\n"}), ("entry.version", {"id": "a" * 65}),
        ("entry.version", {"by": ["Ms Jane Doe"]}), ("entry.version", {"by": ["p_0f"]}),
        ("entry.version", {"by": [PERSON + "\n"]}), ("entry.version", {"announced": -1}),
        ("entry.version", {"sensitive": 1}), ("entry.version", {"reason": "x" * 501}),
        ("change.announced", {"not_before": "2026-11-31T06:00:00Z"}), ("entry.confirmed", {"grade": "E"}),
        ("entry.retired", {"replaced_by": "GB"}), ("editor.key", {"pseudonym": "jane"}), ("audit.head", {"count": -1}),
        ("content.erased", {"ground": "x" * 501}), ("genesis", {"policy": "none"}),
    ],
)  # fmt: skip
def test_records_that_break_a_rule_are_not_read(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        decode_record(raw(kind, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2}, {"i": -1}, {"at": "today"}, {"effective_on": "2014-02-30"}, {"effective_on": "2014-05-02"},
        {"public": "short"}, {"id": "GB"}, {"by": ("Ms Jane Doe",)}, {"reason": "x" * 501}, {"n": 1.0}, {"n": 0},
    ],
)  # fmt: skip
def test_records_that_break_a_rule_are_not_written(changes: dict[str, Any]) -> None:
    """Structs take any value when they are made; the encoder is the gate."""
    record = msgspec.structs.replace(VERSION, **changes)
    with pytest.raises(Invalid):
        encode_record(record)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"1", b"null", b"\xff", BYTES + b"\n", BYTES.replace(b'"at"', b' "at"'), BYTES[:-1]]
)
def test_bytes_that_are_no_record_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        decode_record(data)


def test_a_record_has_at_most_8192_bytes() -> None:
    empty = Genesis(v=1, i=0, at=AT, origin="", format="cadir/1", policy=HEX, vkeys=())
    room = 8192 - len(encode_record(empty))
    longest = msgspec.structs.replace(empty, origin="o" * room)
    assert len(encode_record(longest)) == 8192
    assert decode_record(encode_record(longest)) == longest
    with pytest.raises(Invalid, match="at most 8192 bytes, this one 8193"):
        encode_record(msgspec.structs.replace(empty, origin="o" * (room + 1)))
    with pytest.raises(Invalid, match="at most 8192 bytes"):
        decode_record(b"[" * 8193)


def test_a_reason_of_500_characters_of_any_script_fits() -> None:
    record = msgspec.structs.replace(VERSION, reason="\U00020bb7" * 500, by=(PERSON,) * 8, network=HEX, secretariat=HEX)
    assert decode_record(encode_record(record)) == record


def test_two_equal_acts_have_different_leaves() -> None:
    """A record names its own index, so it can be neither repeated nor moved."""
    first = EntryConfirmed(v=1, i=3, at=AT, id="gb", n=1, grade="A")
    assert leaf_hash(encode_record(first)) != leaf_hash(encode_record(msgspec.structs.replace(first, i=4)))


def test_hidden_and_turning_characters_do_not_get_into_a_reason() -> None:
    for reason in ("a\u202eb", "a\u200bb", "e\u0301", "a\tb"):
        with pytest.raises(Invalid):
            encode_record(ContentErased(v=1, i=1, at=AT, commitment=HEX, ground=reason))


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_any_altered_byte_makes_another_record_or_none(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BYTES) - 1))
    altered = BYTES[:at] + bytes([BYTES[at] ^ data.draw(st.integers(1, 255))]) + BYTES[at + 1 :]
    try:
        record = decode_record(altered)
    except Invalid:
        return
    assert record != VERSION
    assert encode_record(record) == altered


def test_an_announcement_is_sensitive_unless_it_says_otherwise() -> None:
    made = ChangeAnnounced(v=1, i=1, at=AT, id="gb", n=1, public=HEX, not_before=AT)
    assert made.sensitive
    assert b"sensitive" not in encode_record(made)
