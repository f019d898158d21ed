"""Pieces of two texts: exact, and cut where a reader would cut."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain.textdiff import Piece, tokens, words

TEXTS = st.text(alphabet=st.sampled_from("ab c.،。司法部نْ\u0301\u200dไทย12(\n")) | st.text()


def marked(old: str, new: str) -> str:
    """The pieces in one line: [-went-], [+came+]."""
    return "".join(p.text if p.op == "=" else f"[{p.op}{p.text}{p.op}]" for p in words(old, new))


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = words(old, new)
    if pieces:
        assert "".join(p.text for p in pieces if p.op != "+") == old
        assert "".join(p.text for p in pieces if p.op != "-") == new


@given(TEXTS, TEXTS)
def test_pieces_are_never_empty_and_neighbours_differ(old: str, new: str) -> None:
    pieces = words(old, new)
    assert all(p.text for p in pieces)
    assert all(p.op != q.op for p, q in pairwise(pieces))


@given(TEXTS)
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(TEXTS.filter(bool))
def test_the_same_text_is_one_piece(text: str) -> None:
    assert words(text, text) in ((Piece("=", text),), ())
    if any(c.isalnum() for c in text):
        assert words(text, text) == (Piece("=", text),)


def test_one_number_in_a_sentence() -> None:
    assert (
        marked(
            "Oral request by telephone, confirmed in writing within 48 hours.",
            "Oral request by telephone at any hour, confirmed in writing within 24 hours.",
        )
        == "Oral request by telephone[+ at any hour+], confirmed in writing within [-48-][+24+] hours."
    )


def test_neighbouring_changes_are_one() -> None:
    assert (
        marked(
            "Requests in German language only, signed and sealed",
            "Requests in French or English only, signed and sealed",
        )
        == "Requests in [-German language-][+French or English+] only, signed and sealed"
    )


def test_a_text_of_which_little_survives_is_shown_whole() -> None:
    old = "Documents must bear an apostille or be certified by the diplomatic mission of the requesting State."
    assert words(old, "Copies sent through the central authority need no certification.") == ()


def test_punctuation_does_not_count_as_survival() -> None:
    assert words("a, b, c, d", "w, x, y, z") == ()


@pytest.mark.parametrize("word", ["46(13)", "d’Ivoire", "mla@example.org", "https://example.org/a", "08:00", "e-mail"])
def test_a_word_keeps_what_is_inside_it(word: str) -> None:
    assert tokens(f"see {word}, then") == ["see", " ", word, ",", " ", "then"]


def test_chinese_goes_by_character() -> None:
    assert marked("请求书应使用中文或英文", "请求书应使用中文或法文") == "请求书应使用中文或[-英-][+法+]文"


def test_thai_goes_by_character_and_keeps_its_vowel_signs() -> None:
    assert tokens("ที่อยู่") == ["ที่", "อ", "ยู่"]


def test_arabic_goes_by_word_with_its_marks() -> None:
    assert tokens("ترجمةٌ معتمدة، للطلب") == ["ترجمةٌ", " ", "معتمدة", "،", " ", "للطلب"]
    old, new = "تُقدَّم الطلبات باللغة العربية أو الفرنسية", "تُقدَّم الطلبات باللغة العربية أو الإنكليزية"
    assert marked(old, new) == "تُقدَّم الطلبات باللغة العربية أو [-الفرنسية-][+الإنكليزية+]"


def test_devanagari_words_stay_whole() -> None:
    assert tokens("न्याय मंत्रालय") == ["न्याय", " ", "मंत्रालय"]


def test_long_texts_take_no_more_than_a_moment() -> None:
    old = "".join(f"第{n}条规定请求书的形式。" for n in range(1500))
    new = "".join(f"第{n + n % 2}条规定请求书的内容。" for n in range(1500))
    begun = time.perf_counter()
    words(old, new)
    words("a b " * 5000, "b a " * 5000)
    assert time.perf_counter() - begun < 5
