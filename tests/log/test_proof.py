import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log import b64, proof
from directory.log.checkpoint import Checkpoint
from directory.log.note import Signer, Verifier
from directory.log.tree import Frontier, inclusion_proof, leaf_hash

ENTRIES = [b'{"n":%d}' % n for n in range(300)]
LOG = Signer("directory.example/log", bytes(range(32)))
KEY = Verifier.parse(LOG.vkey)


def make(index: int, size: int) -> str:
    frontier, stored = Frontier(), {}
    for entry in ENTRIES[:size]:
        for level, number, digest in frontier.append(leaf_hash(entry)):
            stored[level, number] = digest
    note = LOG.sign(Checkpoint(LOG.name, size, frontier.root()).text())
    return proof.write(index, inclusion_proof(index, size, lambda level, number: stored[level, number]), note)


TEXT = make(137, 300)
INDEXED = TEXT.replace("index 137", "{}")


def test_the_text_is_that_of_the_specification() -> None:
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 137"]
    assert [len(b64.decode(line)) for line in lines[2:11]] == [32] * 9
    assert lines[11:14] == ["", "directory.example/log", "300"]
    assert TEXT.endswith("\n")


@settings(deadline=None, max_examples=30)
@given(st.data(), st.sampled_from([1, 2, 3, 7, 8, 255, 256, 257, 300]))
def test_a_proof_shows_its_entry_and_no_other(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    text = make(index, size)
    assert proof.check(text, ENTRIES[index], KEY).size == size
    with pytest.raises(Invalid, match="does not lead from this record"):
        proof.check(text, ENTRIES[index] + b" ", KEY)


def test_what_was_written_is_read() -> None:
    hashes = (bytes(32), b"\xff" * 32)
    read = proof.read(proof.write(5, hashes, "checkpoint\n\nas it is\n", extra=b"\x00beside"))
    assert read == proof.InclusionProof(5, hashes, "checkpoint\n\nas it is\n", b"\x00beside")
    assert proof.read(proof.write(0, (), "c\n")) == proof.InclusionProof(0, (), "c\n", None)


def test_the_deepest_tree_has_proofs_of_63_hashes() -> None:
    deepest = (bytes(32),) * 63
    assert proof.read(proof.write(0, deepest, "c\n")).hashes == deepest
    with pytest.raises(Invalid, match="at most 63 hashes"):
        proof.read(proof.write(0, (*deepest, bytes(32)), "c\n"))


@settings(deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from("AZ09+/=\n "))
def test_no_letter_can_change_without_notice(at: int, letter: str) -> None:
    if TEXT[at] == letter:
        return
    with pytest.raises(Invalid):
        proof.check(TEXT[:at] + letter + TEXT[at + 1 :], ENTRIES[137], KEY)


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nc",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        *(INDEXED.format(f"index {bad}") for bad in ("0137", "+137", " 137", "1_37", "-1", "", "9" * 30, "٣")),
        TEXT.replace("index 137\n", ""), INDEXED.format("extra !\nindex 137"),
        INDEXED.format("extra QQ==\nextra QQ==\nindex 137"), INDEXED.format("index 137\nextra QQ=="),
        INDEXED.format("index 137\nQQ=="), INDEXED.format("Index 137"),
    ],
)  # fmt: skip
def test_damaged_proofs_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        proof.read(text)


def test_the_checkpoint_of_another_log_proves_nothing() -> None:
    with pytest.raises(Invalid, match="a key that is known here"):
        proof.check(TEXT, ENTRIES[137], Verifier.parse(Signer(LOG.name, bytes(32)).vkey))
