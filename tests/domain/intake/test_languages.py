"""Language rules hidden in sentences."""

import pytest

from directory.domain.intake.languages import accepted, rule


def sets(sentence: str) -> set[tuple[frozenset[str], tuple[str, ...]]]:
    return {(frozenset(a.languages), a.conditions) for a in rule(sentence)}


def test_languages_needed_together() -> None:
    found = rule("Russian or English, accompanied by a translation into Azerbaijani")

    assert {frozenset(a.languages) for a in found} == {frozenset({"az", "ru"}), frozenset({"az", "en"})}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Request in Albanian, or with a certified translation into Albanian.", {("sq", ("certified-translation",))}),
        ("Request in English or accompanied by an English translation.", {("en", ("translation",))}),
        (
            "English or French accepted on the basis of reciprocity.",
            {("en", ("on-reciprocity",)), ("fr", ("on-reciprocity",))},
        ),
        (
            "Arabic is the recognised language; a certified French translation may be attached.",
            {("ar", ()), ("fr", ("additional",))},
        ),
        (
            "Request and annexes translated into Swedish or Danish unless the responsible authority allows otherwise.",
            {("sv", ("translation", "unless-waived")), ("da", ("translation", "unless-waived"))},
        ),
        ("Attach the text of the provisions.", set()),
    ],
)
def test_alternatives(sentence: str, expected: set[tuple[str, tuple[str, ...]]]) -> None:
    assert {(next(iter(languages)), conditions) for languages, conditions in sets(sentence)} == expected


def test_a_sentence_sharpens_the_list_and_adds_only_on_a_condition() -> None:
    found = accepted(
        ["de"], ["Translate request and annexes into German.", "English accepted on the basis of reciprocity."]
    )

    assert [(a.languages, a.conditions) for a in found] == [(("de",), ("translation",)), (("en",), ("on-reciprocity",))]


def test_a_language_that_only_a_sentence_names_is_not_added_without_a_condition() -> None:
    assert accepted([], ["Letters in Spanish were seen."]) == ()
