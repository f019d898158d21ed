"""Vocabularies: complete, consistent with one another, and able to read every code of the facts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from directory.domain import vocabulary, vocabulary_page
from directory.domain.authority import AnswerCode, EntryStatus
from directory.domain.freshness import BANDS
from directory.domain.vocabulary import Concept

ROOT = Path(__file__).parents[2]
FACTS = ("authorities.jsonl", "histories.jsonl", "curated.jsonl")


def facts() -> Iterator[dict[str, Any]]:
    for name in FACTS:
        for line in (ROOT / "fixtures" / name).read_text("utf-8").splitlines():
            yield json.loads(line)


def concepts() -> Iterator[tuple[str, Concept]]:
    for name in vocabulary.schemes():
        for concept in vocabulary.scheme(name):
            yield name, concept


def test_every_code_of_the_facts_is_known() -> None:
    unknown = {
        (scheme, text)
        for record in facts()
        for scheme, field in (("function", "functions"), ("treaty", "treaties"), ("channel", "channels"))
        for text in record.get(field) or ()
        if vocabulary.scheme(scheme).code(text) is None
    }
    unknown |= {("treaty", r["treaty"]) for r in facts() if r.get("treaty")} - {
        ("treaty", a) for c in vocabulary.scheme("treaty") for a in c.aliases
    }
    assert unknown == set()


def test_codes_can_stand_in_an_entry_and_in_an_address() -> None:
    for scheme, concept in concepts():
        assert concept.code == concept.code.lower(), (scheme, concept.code)
        assert concept.code.replace("-", "").isalnum(), (scheme, concept.code)
        assert len(concept.code) <= 60


def test_one_spelling_stands_for_one_code() -> None:
    for name in vocabulary.schemes():
        found: dict[str, str] = {}
        for concept in vocabulary.scheme(name):
            for text in {concept.code, concept.label, *concept.aliases}:
                assert found.setdefault(text.casefold(), concept.code) == concept.code, (name, text)


def test_texts_are_clean_sentences_or_labels() -> None:
    for text in vocabulary.messages():
        assert text == " ".join(text.split())
        assert "'" not in text, text


def test_what_concepts_point_to_exists() -> None:
    for scheme, c in concepts():
        assert set(c.articles) <= {t.code for t in vocabulary.scheme("treaty")}, c.code
        assert all(code in vocabulary.scheme("aspect") for code in c.aspects), c.code
        assert all(code in vocabulary.scheme("content-element") for code in c.contents), c.code
        assert all(code in vocabulary.scheme("function") for code in c.functions), c.code
        assert c.coercive is None or c.coercive in vocabulary.scheme("coercion"), c.code
        assert c.values is None or c.values in vocabulary.schemes(), c.code
        assert c.broader is None or (scheme == "measure" and c.broader in vocabulary.scheme("cooperation")), c.code
        assert not c.prohibited or scheme == "refusal-ground"


@pytest.mark.parametrize(
    ("scheme", "least"), [("function", 20), ("aspect", 35), ("content-element", 44), ("measure", 50)]
)
def test_the_reference_of_the_field_is_covered(scheme: str, least: int) -> None:
    assert len(vocabulary.scheme(scheme)) >= least
    assert all(c.notation for c in vocabulary.scheme(scheme)) or scheme == "aspect"


def test_every_measure_belongs_to_a_kind_of_cooperation_and_cites_its_article() -> None:
    reached = {c.code for kind in vocabulary.scheme("cooperation") for c in vocabulary.measures(kind.code)}
    assert reached == {c.code for c in vocabulary.scheme("measure")}
    assert all("uncac" in c.articles for c in vocabulary.scheme("measure"))
    assert [c.code for c in vocabulary.measures("joint-investigation")] == ["joint-investigation"]


def test_every_kind_of_cooperation_has_somebody_who_receives_it() -> None:
    assert all(c.functions for c in vocabulary.scheme("cooperation"))


def test_aspects_say_how_they_are_answered() -> None:
    for c in vocabulary.scheme("aspect"):
        assert c.kind in ("yes-no", "codes", "languages", "duration", "money", "text"), c.code
        assert (c.kind == "codes") == (c.values is not None), c.code
        assert (vocabulary.values_of(c.code) is None) == (c.values is None)
    channels = vocabulary.values_of("channel")
    assert channels is not None
    assert "diplomatic" in channels
    assert vocabulary.values_of("no-such-aspect") is None


def test_only_the_two_grounds_that_the_convention_excludes_are_prohibited() -> None:
    assert [c.code for c in vocabulary.scheme("refusal-ground") if c.prohibited] == ["bank-secrecy", "sole-fiscal"]


def test_codes_written_in_the_program_are_those_of_the_vocabulary() -> None:
    assert tuple(c.code for c in vocabulary.scheme("freshness")) == BANDS
    assert tuple(c.code for c in vocabulary.scheme("answer")) == get_args(AnswerCode)
    assert tuple(c.code for c in vocabulary.scheme("status")) == get_args(EntryStatus)


@pytest.mark.parametrize(
    ("treaty", "provision", "function"),
    [
        ("uncac", "46(13)", "mla"), ("uncac", "46 (14)", "mla"), ("uncac", "46(4)", "spontaneous-information"),
        ("uncac", "44(6)(a)", "extradition"), ("uncac", "44", "extradition"), ("uncac", "6(3)", "prevention"),
        ("uncac", "45", "transfer-of-sentenced-persons"), ("uncac", "47", "transfer-of-proceedings"),
        ("uncac", "55(6)", "asset-recovery"), ("uncac", "48(2)", "law-enforcement"), ("uncac", "58", "fiu"),
        ("uncac", "Article 46, paragraph 13", "mla"), ("uncac", "art. 46(13)", "mla"),
        ("untoc", "18(13)", "mla"), ("untoc", "16(5)(a)", "extradition"), ("untoc", "31(6)", "prevention"),
        ("untoc", "17", "transfer-of-sentenced-persons"), ("untoc", "21", "transfer-of-proceedings"),
        ("ets-185", "27(2)(a),(c)", "mla"), ("ets-185", "24(7)(a)", "extradition"), ("ets-185", "27(9)(e)", "mla"),
        ("ets-30", "15", "mla"), ("ets-30", "16", "mla"), ("ets-30", "21", "transfer-of-proceedings"),
        ("ets-92", "2", "civil-administrative"), ("ets-198", "46(13)", "fiu"), ("uk-eu-tca", "605(1)", "extradition"),
    ],
)  # fmt: skip
def test_a_provision_speaks_of_a_function(treaty: str, provision: str, function: str) -> None:
    assert vocabulary.function_of_provision(treaty, provision) == function


@pytest.mark.parametrize(
    ("treaty", "provision", "functions"),
    [
        ("ets-185", "35(1)", ("electronic-evidence-24-7", "law-enforcement")),
        ("ets-173", "29(2)", ("mla", "extradition")),
        ("uncac", "60", ()), ("uncac", "", ()), ("uncac", "s. 5", ()), ("uncac", "Act of 8 August 2000", ()),
        ("ets-30", "Act of 8 August 2000", ()), ("no-such-treaty", "46(13)", ()),
    ],
)  # fmt: skip
def test_a_provision_of_several_functions_or_of_none_is_no_single_one(
    treaty: str, provision: str, functions: tuple[str, ...]
) -> None:
    assert vocabulary.functions_of_provision(treaty, provision) == functions
    assert vocabulary.function_of_provision(treaty, provision) is None


def test_provisions_name_known_treaties_and_functions() -> None:
    for treaty, table in vocabulary.provisions().items():
        assert treaty in vocabulary.scheme("treaty")
        assert all(code in vocabulary.scheme("function") for codes in table.values() for code in codes)


def test_the_provision_of_a_function_leads_back_to_it() -> None:
    """Under UNCAC and UNTOC, unless the article belongs to the central authority first."""
    shared = {"execution", "diplomatic", "interpol-ncb", "status-enquiries", "urgent-freezing"}
    for c in vocabulary.scheme("function"):
        for treaty in {"uncac", "untoc"} & set(c.articles):
            found = vocabulary.functions_of_provision(treaty, c.articles[treaty])
            assert c.code in found or c.code in shared, (treaty, c.code, found)


def test_an_unknown_code_is_its_own_label() -> None:
    assert vocabulary.label("function", "no-longer-used") == "no-longer-used"
    assert vocabulary.label("function", "mla") == "Mutual legal assistance"
    with pytest.raises(KeyError):
        vocabulary.scheme("no-such-vocabulary")


def test_the_page_of_the_documentation_is_current() -> None:
    text = (ROOT / "docs" / "vocabulary.md").read_text("utf-8")
    assert text == vocabulary_page.page(), "python -m directory.domain.vocabulary_page > docs/vocabulary.md"
