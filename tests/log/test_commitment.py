import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.log import b64
from directory.log.commitment import commit, new_salt

SALT = bytes(range(32))
BODY = b'{"email":"ca@justice.example","name":"Central Authority","phone":"+15550100"}'


def test_vector_of_the_format() -> None:
    assert b64.encode(commit(SALT, BODY)) == "OyQSt3ba+gdyICTcmAf9AjwyKlwO9zSTIQ4xen1dcpA="


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_a_commitment_is_the_hash_of_label_salt_and_body(salt: bytes, body: bytes) -> None:
    assert commit(salt, body) == hashlib.sha256(b"cadir/commit/v1\x0a" + salt + body).digest()


def test_another_salt_or_body_gives_another_commitment() -> None:
    made = {commit(SALT, BODY), commit(SALT[::-1], BODY), commit(SALT, BODY + b" "), commit(SALT, b"")}
    assert len(made) == 4


@pytest.mark.parametrize("length", [0, 31, 33])
def test_bytes_can_not_move_between_salt_and_body(length: int) -> None:
    """The salt has one size, so the same bytes can't be read as another salt with another body."""
    with pytest.raises(ValueError, match="a salt has 32 bytes"):
        commit(b"s" * length, BODY)


def test_salts_do_not_repeat() -> None:
    salts = {new_salt() for _ in range(64)}
    assert len(salts) == 64
    assert {len(salt) for salt in salts} == {32}
