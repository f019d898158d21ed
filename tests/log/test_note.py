"""Signed notes: the specification's own example, our vectors, and every way to tamper with a note."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log import b64
from directory.log.note import COSIGNATURE, Signer, Verifier, add_line, key_id, new_seed, open_note

LOG = Signer("directory.example/log", bytes(range(32)))
WITNESS = Signer("directory.example/witness", bytes(range(32, 64)), COSIGNATURE)
KNOWN = [Verifier.parse(LOG.vkey), Verifier.parse(WITNESS.vkey)]
TIME = 1767225600
TEXT = "directory.example/log\n300\nJrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw=\n"
NOTE = f"""{TEXT}
— directory.example/log \
KOJ/OL88/Yt6YBQyFZcoy8CiUmJNt1iWlh0sIATN8waXHgHgcrhbvHcybHBxcPJOVkDvCabuy0db1fM5MEwmXEVYKAg=
— directory.example/witness \
FCtd+QAAAABpVbkAs4h2pFzO4e2VSMWOhckhFg/MfgL+zA3PI68jYc0axGMn1ux6l4eb2s8FxBExuXFwAZ386+VDyHA6CX0bBZcSAQ==
"""


def test_vectors_of_the_format() -> None:
    """Ed25519 is deterministic: the same seeds give the same lines in every implementation."""
    assert LOG.vkey == "directory.example/log+28e27f38+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert WITNESS.vkey == "directory.example/witness+142b5df9+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    assert add_line(LOG.sign(TEXT), WITNESS.line(TEXT, TIME)) == NOTE


def test_the_example_of_the_specification_opens() -> None:
    key = Verifier.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    signature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    note = open_note(f"This is an example message.\n\n— example.com/foo {signature}\n", [key])
    assert note.text == "This is an example message.\n"
    assert [s.name for s in note.signatures] == ["example.com/foo"]


def test_signatures_are_told_with_their_names_and_times() -> None:
    note = open_note(NOTE, KNOWN)
    assert note.text == TEXT
    assert [(s.name, s.key_id, s.time) for s in note.signatures] == [
        ("directory.example/log", LOG.key_id, None),
        ("directory.example/witness", WITNESS.key_id, TIME),
    ]


def test_unknown_keys_are_passed_over_but_one_must_be_known() -> None:
    assert [s.name for s in open_note(NOTE, KNOWN[:1]).signatures] == [LOG.name]
    assert [s.name for s in open_note(NOTE, KNOWN[1:]).signatures] == [WITNESS.name]
    stranger = Signer("stranger.example", new_seed())
    same_name = Signer(LOG.name, new_seed())
    for other in (stranger, same_name):
        assert len(open_note(add_line(NOTE, other.line(TEXT)), KNOWN).signatures) == 2
        with pytest.raises(Invalid, match="a key that is known here"):
            open_note(NOTE, [Verifier.parse(other.vkey)])
    with pytest.raises(Invalid, match="a key that is known here"):
        open_note(NOTE, [])


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    """Also beside a good one of another known key."""
    forged = b64.encode(LOG.key_id + bytes(64))
    with pytest.raises(Invalid, match=r"signature of directory\.example/log does not fit"):
        open_note(f"{TEXT}\n— {LOG.name} {forged}\n{WITNESS.line(TEXT, TIME)}", KNOWN)


@settings(deadline=None)
@given(st.integers(0, len(NOTE) - 1), st.sampled_from("AZ9+/= \n—ü"))
def test_no_letter_can_change_without_notice(at: int, letter: str) -> None:
    if NOTE[at] == letter:
        return
    altered = NOTE[:at] + letter + NOTE[at + 1 :]
    try:
        note = open_note(altered, KNOWN)
    except Invalid:
        return
    assert note.text == TEXT
    assert len(note.signatures) == 1  # the letter made the other line that of a key nobody knows


@settings(deadline=None)
@given(st.integers(0, len(NOTE) - 1))
def test_a_cut_note_is_refused_or_short_of_its_second_signature(length: int) -> None:
    try:
        note = open_note(NOTE[:length], KNOWN)
    except Invalid:
        return
    assert (note.text, len(note.signatures)) == (TEXT, 1)


@settings(deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="— \nA=+", max_size=60))
def test_any_text_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid):
        open_note(text, KNOWN)


def test_a_cosignature_speaks_of_its_time() -> None:
    """The time can't be altered, and a cosignature is no plain signature."""
    raw = b64.decode(WITNESS.line(TEXT, TIME).split(" ")[2].strip())
    for moved in (struct.pack(">Q", TIME + 1), struct.pack(">Q", 2**63)):
        line = f"— {WITNESS.name} {b64.encode(raw[:4] + moved + raw[12:])}\n"
        with pytest.raises(Invalid, match="does not fit"):
            open_note(f"{TEXT}\n{line}", KNOWN)
    plain = Signer(WITNESS.name, bytes(range(32, 64)))
    assert plain.key_id != WITNESS.key_id
    bare = f"— {WITNESS.name} {b64.encode(WITNESS.key_id + b64.decode(plain.line(TEXT).split(' ')[2].strip())[4:])}\n"
    with pytest.raises(Invalid, match="does not fit"):
        open_note(f"{TEXT}\n{bare}", KNOWN)


def test_a_time_beyond_the_specification_is_not_believed() -> None:
    """Signed with the right key by a witness that counts wrong."""
    late = 2**63
    message = f"cosignature/v1\ntime {late}\n{TEXT}".encode()
    payload = struct.pack(">Q", late) + WITNESS._key.sign(message)
    with pytest.raises(Invalid, match="does not fit"):
        open_note(f"{TEXT}\n— {WITNESS.name} {b64.encode(WITNESS.key_id + payload)}\n", KNOWN)


@pytest.mark.parametrize("time", [0, 2**63 - 1])
def test_the_first_and_the_last_time_are_taken(time: int) -> None:
    assert open_note(WITNESS.sign(TEXT, time), KNOWN).signatures[0].time == time


def test_signers_take_a_time_or_none_by_their_kind() -> None:
    with pytest.raises(ValueError, match="a cosignature carries a time"):
        WITNESS.sign(TEXT)
    with pytest.raises(ValueError, match="a cosignature carries a time"):
        LOG.sign(TEXT, TIME)
    for wrong in (-1, 2**63):
        with pytest.raises(ValueError, match="no time in POSIX seconds"):
            WITNESS.sign(TEXT, wrong)
    with pytest.raises(ValueError, match="no keys of kind 2"):
        Signer("a", bytes(32), 2)


def test_a_text_may_hold_blank_lines_and_all_scripts() -> None:
    text = "Ognuno sta solo\n\nsul cuor della terra\u2028\x7f 中央\n\n"
    assert open_note(LOG.sign(text), KNOWN).text == text


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "cr\r\n", "\x00\n", "\x1f\n", "\ud800\n"])
def test_texts_that_no_note_can_hold_are_not_signed(text: str) -> None:
    with pytest.raises(Invalid, match="ends in a line feed"):
        LOG.sign(text)


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        TEXT + "\n",
        TEXT + "\n\n",
        "\n" + LOG.line(TEXT),
        NOTE.rstrip("\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("— ", "—"),
        NOTE.replace(" KOJ", "  KOJ"),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("KAg=\n", "KAg=\u2028"),
        NOTE.replace("KAg=\n", "KAg= x\n"),
        NOTE.replace("KAg=", "KAh="),
        NOTE.replace("KAg=", "KAg"),
        NOTE + "— new.example AAAA\n",
        NOTE + "— new.example \n",
        NOTE + "— a+b AAAAAAAA\n",
        NOTE + "— \u00a0 AAAAAAAA\n",
        NOTE + "—  AAAAAAAA\n",
        NOTE + "— tab\there AAAAAAAA\n",
        NOTE + "trailing\n",
        TEXT + "\n" + "— stranger.example AAAAAAAA\n" * 63 + LOG.line(TEXT) * 2,
    ],
)
def test_malformed_notes_are_refused(note: str) -> None:
    with pytest.raises(Invalid):
        open_note(note, KNOWN)


def test_a_signature_has_at_least_one_byte_behind_the_key_id() -> None:
    assert open_note(NOTE + "— stranger.example AAAAAAA=\n", KNOWN).text == TEXT
    with pytest.raises(Invalid, match="its signature is too short"):
        open_note(NOTE + "— stranger.example AAAAAA==\n", KNOWN)


def test_a_text_without_signatures_is_no_note() -> None:
    with pytest.raises(Invalid, match="no blank line before its signatures"):
        open_note(TEXT, KNOWN)


def test_sixteen_signatures_and_more_are_taken() -> None:
    assert open_note(TEXT + "\n" + "— stranger.example AAAAAAAA\n" * 63 + LOG.line(TEXT), KNOWN).text == TEXT


def test_a_repeated_signature_counts_once() -> None:
    assert len(open_note(NOTE + LOG.line(TEXT), KNOWN).signatures) == 2


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        LOG.vkey[1:],
        LOG.vkey + "\n",
        LOG.vkey[:-1] + "5",
        LOG.vkey.replace("+28e27f38+", "+28E27F38+"),
        LOG.vkey.replace("+28e27f38+", "+28e27f39+"),
        LOG.vkey.replace("+28e27f38+", "+28 e27f38+"),
        LOG.vkey.replace("directory", "Directory"),
        LOG.vkey.replace("directory", "dir ectory"),
        "directory.example/log+28e27f38+Ag==",
        "+28e27f38+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    ],
)
def test_altered_verifier_keys_are_refused(vkey: str) -> None:
    with pytest.raises(Invalid):
        Verifier.parse(vkey)


def test_keys_of_unknown_kinds_are_refused() -> None:
    """The id fits, the kind is not ours: an ECDSA or ML-DSA key."""
    for kind, public in ((2, bytes(32)), (6, bytes(1312)), (1, bytes(31)), (0xFF, bytes(32))):
        vkey = f"name+{key_id('name', kind, public).hex()}+{b64.encode(bytes([kind]) + public)}"
        with pytest.raises(Invalid, match="not an Ed25519 verifier key"):
            Verifier.parse(vkey)


def test_a_public_key_that_is_no_point_verifies_nothing() -> None:
    key = Verifier("name", 1, b"\xff" * 32, b"abcd")
    with pytest.raises(Invalid, match="does not fit"):
        open_note(f"text\n\n— name {b64.encode(b'abcd' + bytes(64))}\n", [key])


def test_two_keys_that_can_not_be_told_apart_are_the_callers_mistake() -> None:
    twin = Verifier(LOG.name, 1, bytes(32), LOG.key_id)
    with pytest.raises(ValueError, match="same name and id"):
        open_note(NOTE, [*KNOWN, twin])
    assert len(open_note(NOTE, [*KNOWN, *KNOWN]).signatures) == 2


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u2003b", "\x01", "\ud800"])
def test_key_names_without_spaces_and_plus(name: str) -> None:
    with pytest.raises(Invalid, match="key name"):
        Signer(name, bytes(32))


def test_a_seed_has_32_bytes() -> None:
    assert len({new_seed() for _ in range(8)}) == 8
    with pytest.raises(Invalid, match="32 bytes, not 31"):
        Signer("name", bytes(31))


def test_a_newer_line_takes_the_place_of_the_older_one_of_its_key() -> None:
    later = add_line(NOTE, WITNESS.line(TEXT, TIME + 60))
    assert [s.time for s in open_note(later, KNOWN).signatures] == [None, TIME + 60]
    assert later.count(WITNESS.name) == 1
    for line in ("x", "x\n", WITNESS.line(TEXT, TIME).rstrip("\n")):
        with pytest.raises(Invalid):
            add_line(NOTE, line)
    with pytest.raises(Invalid):
        add_line(TEXT, WITNESS.line(TEXT, TIME))
