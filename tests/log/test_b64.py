import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import Invalid
from directory.log import b64


@given(st.binary())
def test_bytes_come_back_from_their_text(data: bytes) -> None:
    assert b64.decode(b64.encode(data)) == data
    assert b64.encode(data).encode() == base64.b64encode(data)


@given(st.text(max_size=12, alphabet="AQgw0123+/=-_ \né"))
def test_every_text_is_refused_or_the_only_one_for_its_bytes(text: str) -> None:
    try:
        data = b64.decode(text)
    except Invalid:
        return
    assert b64.encode(data) == text


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "Q_==", "QQ==QQ==", "é", "QQ\u0661="])
def test_texts_that_a_lax_reader_takes_are_refused(text: str) -> None:
    """``QR==`` differs from ``QQ==`` in padding bits only: a lax reader gives the same byte for both."""
    with pytest.raises(Invalid, match="base64"):
        b64.decode(text)
