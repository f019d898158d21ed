import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log import b64
from directory.log.checkpoint import Checkpoint, open_checkpoint, parse
from directory.log.note import COSIGNATURE, Signer, Verifier, add_line
from directory.log.tree import EMPTY_ROOT

ROOT = b64.decode("JrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw=")
CHECKPOINT = Checkpoint("directory.example/log", 300, ROOT)
TEXT = "directory.example/log\n300\nJrMFtGYT2swoXiJf8CTSJiXzRsxtANIdftEzHwZ6mLw=\n"
LOG = Signer("directory.example/log", bytes(range(32)))
WITNESS = Signer("directory.example/witness", bytes(range(32, 64)), COSIGNATURE)


def test_a_checkpoint_is_three_lines() -> None:
    assert CHECKPOINT.text() == TEXT
    assert parse(TEXT) == CHECKPOINT


@given(
    st.from_regex(r"[a-z]{1,9}(/[a-z]{1,9})?", fullmatch=True),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_a_checkpoint_comes_back_from_its_text(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    assert parse(checkpoint.text()) == checkpoint


def test_lines_behind_the_third_are_passed_over() -> None:
    assert parse(TEXT + "extension\n") == CHECKPOINT


def test_the_empty_tree_has_one_root() -> None:
    assert parse(Checkpoint("o", 0, EMPTY_ROOT).text()).size == 0
    with pytest.raises(Invalid, match="a tree of no leaves"):
        parse(Checkpoint("o", 0, ROOT).text())


@pytest.mark.parametrize(
    "text",
    [
        "", "\n", "a\n", "a\n1\n", TEXT[:-1], TEXT.replace("directory.example/log", ""), TEXT + "\n", TEXT + "a\n\nb\n",
        TEXT + "extension", TEXT.replace("\n300\n", "\n0300\n"), TEXT.replace("\n300\n", "\n+300\n"),
        TEXT.replace("\n300\n", "\n 300\n"), TEXT.replace("\n300\n", "\n3_00\n"), TEXT.replace("\n300\n", "\n-1\n"),
        TEXT.replace("\n300\n", "\n٣٠٠\n"), TEXT.replace("\n300\n", f"\n{2**63}\n"),
        TEXT.replace("\n300\n", "\n" + "9" * 5000 + "\n"), TEXT.replace("mLw=", "mLx="), TEXT.replace("mLw=", "mA=="),
        TEXT.replace("mLw=", "mLw"), "a\n1\nJrM=\n",
    ],
)  # fmt: skip
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse(text)


def test_the_log_itself_must_have_signed() -> None:
    log, witness = Verifier.parse(LOG.vkey), Verifier.parse(WITNESS.vkey)
    line = WITNESS.line(TEXT, 1767225600)
    assert open_checkpoint(LOG.sign(TEXT), log) == CHECKPOINT
    assert open_checkpoint(add_line(LOG.sign(TEXT), line), log, [witness]) == CHECKPOINT
    with pytest.raises(Invalid, match="not signed by the log"):
        open_checkpoint(f"{TEXT}\n{line}", log, [witness])
    with pytest.raises(Invalid, match="not signed by the log"):
        open_checkpoint(f"{TEXT}\n{line}", witness)
    twin = Signer(LOG.name, bytes(range(32)), COSIGNATURE)
    with pytest.raises(Invalid, match="not signed by the log"):
        open_checkpoint(twin.sign(TEXT, 1767225600), log, [Verifier.parse(twin.vkey)])


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """Signed by the right key, but over the name of another log."""
    other = Checkpoint("other.example/log", 300, ROOT)
    with pytest.raises(Invalid, match=r"checkpoint of the log 'other\.example/log'"):
        open_checkpoint(LOG.sign(other.text()), Verifier.parse(LOG.vkey))
