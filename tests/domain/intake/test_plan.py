"""From records to entries: nothing lost, nothing doubled, on the real facts and on States never seen."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.domain import codec, states, vocabulary
from directory.domain.authority import Authority, StateEntry
from directory.domain.intake.plan import Held, Planned, plan
from directory.domain.intake.record import RawRecord, parse
from directory.log.canonical import check

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
DAY = date(2026, 11, 24)


def records(*files: str) -> list[RawRecord]:
    out = []
    for file in files:
        for line in (FIXTURES / file).read_bytes().splitlines():
            record, problems = parse(line)
            assert not problems
            assert record is not None
            out.append(record)
    return out


def raw(**fields: Any) -> RawRecord:
    base = {"state": "KE", "name": "Attorney-General", "source": {"title": "T", "url": None, "as_of": "2014-03-21"}}
    record, problems = parse(json.dumps(base | fields).encode())
    assert record is not None, problems
    return record


def held(planned: Iterable[Planned]) -> dict[str, list[Held]]:
    out: dict[str, list[Held]] = {}
    for p in planned:
        out.setdefault(p.entry.id, []).append(Held(p.day, p.entry))
    return {k: sorted(v, key=lambda h: h.day) for k, v in out.items()}


def values(record: RawRecord) -> list[str]:
    """Every text of a record that a reader must find again."""
    found = [record.name, record.source.title, *record.postal_address, *record.phone, *record.fax, *record.email]
    found += [*record.requirements, *record.languages_accepted, *record.visiting_address]
    found += [
        v
        for v in (record.name_native, record.unit, record.urgent, record.dual_criminality, record.notes, record.scope)
        if v
    ]
    found += [v for v in (record.source.url, record.source.as_of, record.website, record.portal) if v]
    found += [c for t in record.treaties if (c := vocabulary.scheme("treaty").code(t))]
    found += [c for f in record.functions if (c := vocabulary.scheme("function").code(f))]
    return found + [c for t in record.channels if (c := vocabulary.scheme("channel").code(t))]


def missing(record: RawRecord, planned: Sequence[Planned]) -> list[str]:
    """Values of a record that no version of an entry of its State has together with the record's source."""
    bodies = [
        codec.encode(p.entry).decode()
        for p in planned
        if p.entry.state == record.state
        and any(s.title == record.source.title and s.as_of == record.source.as_of for s in p.entry.sources)
    ]
    wanted = [msgspec.json.encode(v).decode()[1:-1] for v in values(record)]
    return min(([w for w in wanted if w not in body] for body in bodies), key=len, default=wanted)


FACTS = records("authorities.jsonl")
ALL = records("authorities.jsonl", "curated.jsonl")
PLANNED = plan(ALL, {}, DAY)


@pytest.mark.parametrize("number", range(len(ALL)))
def test_no_value_of_a_fact_is_lost(number: int) -> None:
    assert missing(ALL[number], PLANNED) == []


def test_every_version_is_canonical_and_names_its_sources() -> None:
    for p in PLANNED:
        check(codec.encode(p.entry))
        assert p.entry.sources
        keys = {s.key for s in p.entry.sources}
        named = set(re.findall(r'"(s-[0-9a-f]{10})"', codec.encode(p.entry).decode()))
        assert named <= keys


def test_importing_again_adds_nothing() -> None:
    have = held(PLANNED)

    assert plan(ALL, have, DAY) == []
    assert plan(FACTS, have, date(2027, 3, 1)) == []
    assert plan(list(reversed(FACTS)), held(plan(FACTS, {}, DAY)), DAY) == []


def test_the_order_of_the_lines_makes_no_other_entries() -> None:
    there = {(p.entry.state, p.entry.names[0].text) for p in PLANNED if isinstance(p.entry, Authority)}
    back = {
        (p.entry.state, p.entry.names[0].text)
        for p in plan(list(reversed(ALL)), {}, DAY)
        if isinstance(p.entry, Authority)
    }

    assert len(there ^ back) <= 4  # which of two equally dated names is printed first may differ


def test_the_central_authority_of_the_united_kingdom_has_five_versions() -> None:
    versions = [p for p in PLANNED if p.entry.id == "gb-ukca"]

    assert [p.day.year for p in versions] == [2014, 2015, 2018, 2019, 2024]
    assert [p.precision for p in versions] == ["year", "year", "year", "year", "day"]


def test_at_least_fifteen_entries_have_dated_histories() -> None:
    dated: dict[str, set[date]] = {}
    for p in PLANNED:
        if p.basis in ("notification", "gazette", "page", "law"):
            dated.setdefault(p.entry.id, set()).add(p.day)

    assert len([k for k in dated if len(held(PLANNED)[k]) > 1]) >= 15


def test_a_placeholder_is_a_declaration_of_the_state_and_no_authority() -> None:
    (planned,) = plan(
        [
            raw(
                name="Republic of Kenya",
                placeholder=True,
                treaties=["UNCAC"],
                functions=["extradition"],
                legal_basis={"uncac_as_basis": True},
            )
        ],
        {},
        DAY,
    )

    assert isinstance(planned.entry, StateEntry)
    assert planned.entry.id == "ke"
    assert planned.entry.declarations[0].answers[0].answer == "stated-yes"


def test_one_body_under_two_treaties_is_one_entry_and_each_designation_keeps_its_source() -> None:
    first = raw(treaties=["UNCAC"], functions=["mla"], provision="46(13)")
    second = raw(
        treaties=["UNTOC"], functions=["mla"], provision="18(13)", source={"title": "U", "as_of": "2013-10-31"}
    )
    planned = plan([first, second], {}, DAY)

    assert {p.entry.id for p in planned} == {"ke-attorney-general"}
    last = planned[-1].entry
    assert isinstance(last, Authority)
    by_treaty = {d.treaty: d for d in last.designations}
    titles = {s.key: (s.title, s.as_of) for s in last.sources}
    assert titles[by_treaty["uncac"].sources[0]] == ("T", "2014-03-21")
    assert titles[by_treaty["untoc"].sources[0]] == ("U", "2013-10-31")


def test_a_superseded_record_is_an_earlier_version() -> None:
    old = raw(
        superseded=True, phone=["+254 20 2227461"], functions=["mla"], source={"title": "Old page", "as_of": "2010"}
    )
    new = raw(phone=["+254 20 2251355"], functions=["mla"], source={"title": "New page", "as_of": "2020-05-01"})
    first, second = plan([new, old], {}, DAY)

    assert isinstance(first.entry, Authority)
    assert isinstance(second.entry, Authority)
    assert first.entry.contacts[0].telephones[0].e164 == "+254202227461"
    assert [t.e164 for c in second.entry.contacts for t in c.telephones] == ["+254202251355"]


def test_territories_are_bodies_of_their_own() -> None:
    planned = plan(
        [
            raw(state="GB", name="HM Attorney General", territory=["JE"], functions=["mla"]),
            raw(state="GB", name="HM Attorney General", territory=["IM"], functions=["mla"]),
        ],
        {},
        DAY,
    )

    assert len({p.entry.id for p in planned}) == 2


def test_different_units_of_one_treaty_are_not_taken_for_one_body() -> None:
    planned = plan(
        [
            raw(
                state="BR",
                name="Ministry of Justice",
                unit="Department of Asset Recovery (DRCI)",
                treaties=["UNTOC"],
                functions=["mla"],
            ),
            raw(
                state="BR",
                name="Ministry of Justice",
                unit="Department of Foreigners (DEEST)",
                treaties=["UNTOC"],
                functions=["extradition"],
            ),
        ],
        {},
        DAY,
    )

    assert len({p.entry.id for p in planned}) == 2


WORD = st.text("abcdefghijklmnopqrstuvwxyzéüñŁшю司", min_size=3, max_size=12)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
CODES = [p.code for p in states.all_states() if p.code not in {r.state for r in FACTS}]
SOURCE = st.builds(
    lambda t, d: {"title": t, "url": None, "as_of": d},
    WORDS,
    st.sampled_from([None, "2009", "2012-05", "2014-03-21", "2021-11-30"]),
)
PRINTED = st.from_regex(r"\+?[0-9 /()-]{5,20}", fullmatch=True)
MAILBOX = st.from_regex(r"[a-z]{1,8}@[a-z]{2,8}\.example", fullmatch=True)
UNSEEN = st.fixed_dictionaries(
    {"state": st.sampled_from(CODES[:6]), "name": WORDS.map(str.title), "source": SOURCE},
    optional={
        "name_native": WORDS, "unit": WORDS, "notes": WORDS, "scope": WORDS, "urgent": WORDS, "dual_criminality": WORDS,
        "functions": st.lists(st.sampled_from(["mla", "extradition", "prevention"]), unique=True),
        "treaties": st.lists(st.sampled_from(["UNCAC", "UNTOC", "ETS 185"]), unique=True),
        "postal_address": st.lists(WORDS, max_size=3), "phone": st.lists(PRINTED, max_size=2),
        "email": st.lists(MAILBOX, max_size=2, unique=True),
        "languages_accepted": st.lists(st.sampled_from(["en", "fr", "es", "ar"]), unique=True),
        "requirements": st.lists(WORDS, max_size=3),
        "channels": st.lists(st.sampled_from(["direct", "interpol"]), unique=True),
    },
)  # fmt: skip


@given(st.lists(UNSEEN, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_states_never_seen_lose_no_record_and_no_value(facts: list[dict[str, Any]]) -> None:
    read = []
    for fact in facts:
        record, problems = parse(json.dumps(fact).encode())
        assert record is not None, problems
        read.append(record)
    planned = plan(read, {}, DAY)

    for record in read:
        assert missing(record, planned) == [], facts
    assert plan(read, held(planned), DAY) == [], facts
    for p in planned:
        check(codec.encode(p.entry))
