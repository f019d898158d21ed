"""Three-way merge: what both sides did survives, or is shown as a conflict."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from directory.domain.authority import Authority, Designation, Email, Entry, Name, Source, Telephone, WebAddress
from directory.domain.merge import Conflict, merge, merge_plain
from directory.domain.plain import plain
from tests.domain.strategies import authorities, entries

GB = authorities("gb-moj")


def leaves(value: Any) -> list[str]:
    """Every value of a document, however deep."""
    if isinstance(value, dict):
        return [x for inner in value.values() for x in leaves(inner)]
    if isinstance(value, (list, tuple)):
        return [x for inner in value for x in leaves(inner)]
    return [str(value)]


@given(entries(), entries())
def test_a_side_that_changed_nothing_gives_way(base: Entry, other: Entry) -> None:
    assert merge_plain(plain(base), plain(base), plain(other)) == (plain(other), ())
    assert merge_plain(plain(base), plain(other), plain(base)) == (plain(other), ())


@given(GB, GB)
def test_the_same_change_on_both_sides_is_no_conflict(base: Authority, new: Authority) -> None:
    merged = merge(base, new, new)
    assert (merged.document, merged.conflicts) == (new, ())


@settings(max_examples=300)
@given(GB, GB, GB)
def test_without_conflict_it_does_not_matter_who_is_ours(base: Authority, ours: Authority, theirs: Authority) -> None:
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {c.path for c in one.conflicts} == {c.path for c in other.conflicts}
    if not one.conflicts:
        assert one.document == other.document


@settings(max_examples=300)
@given(GB, GB, GB)
def test_nothing_that_a_side_brought_is_lost_unseen(base: Authority, ours: Authority, theirs: Authority) -> None:
    merged = merge(base, ours, theirs)
    shown = set(leaves(plain(merged.document))) | {
        leaf for c in merged.conflicts for side in (c.ours, c.theirs) for leaf in leaves(side)
    }
    before = set(leaves(plain(base)))
    for side in (ours, theirs):
        new = set(leaves(plain(side))) - before
        assert new <= shown


@settings(max_examples=300)
@given(GB, GB, GB)
def test_every_part_of_the_outcome_was_said_by_a_side(base: Authority, ours: Authority, theirs: Authority) -> None:
    merged = merge(base, ours, theirs)
    said = set(leaves(plain(ours))) | set(leaves(plain(theirs))) | set(leaves(plain(base)["sources"]))
    assert set(leaves(plain(merged.document))) <= said
    assert merged.document.names


@given(GB, GB, GB)
def test_every_named_source_is_there(base: Authority, ours: Authority, theirs: Authority) -> None:
    document = merge(base, ours, theirs).document
    held = {s.key for s in document.sources}
    assert {s for c in document.contacts for e in c.emails for s in e.sources} <= held


@given(GB, st.data())
def test_edits_of_different_parts_both_survive(base: Authority, data: st.DataObject) -> None:
    other = data.draw(GB)
    parts = ["names", "units", "designations", "contacts", "requirements", "networks", "documents", "remarks", "kind"]
    mine = data.draw(st.lists(st.sampled_from(parts), unique=True))
    ours = structs.replace(base, **{p: getattr(other, p) for p in mine})
    theirs = structs.replace(base, **{p: getattr(other, p) for p in parts if p not in mine})
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    for part in parts:
        assert getattr(merged.document, part) == getattr(other, part)


BASE = msgspec.convert(
    {
        "type": "authority",
        "id": "gb-moj",
        "state": "GB",
        "names": [{"key": "n-1", "text": "Ministry of Justice"}],
        "designations": [{"key": "mla-uncac", "function": "mla", "treaty": "uncac"}],
        "contacts": [
            {
                "key": "general",
                "treaties": ["uncac"],
                "emails": [{"key": "email-1", "address": "old@example.org", "sources": ["a"]}],
                "telephones": [{"key": "tel-1", "printed": "+44 20 7035 4040"}],
            }
        ],
        "sources": [{"key": "a", "title": "Page"}],
    },
    Authority,
)


def edited(**changes: Any) -> Authority:
    return structs.replace(BASE, contacts=(structs.replace(BASE.contacts[0], **changes),))


def test_two_fields_of_one_contact_point_merge() -> None:
    web = (WebAddress(key="web-1", url="https://example.org"),)
    tel = (Telephone(key="tel-1", printed="+44 20 7035 4041"),)
    merged = merge(BASE, edited(websites=web), edited(telephones=tel))
    assert merged.conflicts == ()
    assert merged.document == edited(websites=web, telephones=tel)


def test_two_new_addresses_for_one_mailbox_are_a_conflict_and_what_is_in_force_stays() -> None:
    ours = edited(emails=(Email(key="email-1", address="ours@example.org"),))
    theirs = edited(emails=(Email(key="email-1", address="theirs@example.org"),))
    merged = merge(BASE, ours, theirs)
    assert merged.document == ours
    assert merged.conflicts == (
        Conflict(
            path="contacts[general].emails[email-1]",
            base={"key": "email-1", "address": "old@example.org", "sources": ["a"]},
            ours={"key": "email-1", "address": "ours@example.org"},
            theirs={"key": "email-1", "address": "theirs@example.org"},
        ),
    )


def test_half_a_telephone_of_each_side_is_never_joined() -> None:
    ours = edited(telephones=(Telephone(key="tel-1", printed="+44 20 7035 9999", e164="+442070359999"),))
    theirs = edited(telephones=(Telephone(key="tel-1", printed="+44 20 7035 4040", extension="12"),))
    merged = merge(BASE, ours, theirs)
    assert [c.path for c in merged.conflicts] == ["contacts[general].telephones[tel-1]"]
    assert merged.document == ours


def test_deleting_what_the_other_side_changed_is_a_conflict() -> None:
    theirs = edited(telephones=(Telephone(key="tel-1", printed="+44 20 7035 4041"),))
    merged = merge(BASE, edited(telephones=()), theirs)
    (conflict,) = merged.conflicts
    assert conflict.ours is None
    assert conflict.theirs["printed"] == "+44 20 7035 4041"


def test_the_same_value_from_two_sources_has_both() -> None:
    ours = edited(emails=(Email(key="email-1", address="new@example.org", sources=("a",)),))
    theirs = edited(emails=(Email(key="email-1", address="new@example.org", sources=("b",)),))
    merged = merge(BASE, ours, structs.replace(theirs, sources=(*BASE.sources, Source(key="b", title="Letter"))))
    assert merged.conflicts == ()
    assert merged.document.contacts[0].emails[0].sources == ("a", "b")


def test_a_list_that_means_everything_when_empty_is_taken_whole() -> None:
    """Ours opens the contact to all treaties, theirs adds one: the union would close it again."""
    merged = merge(BASE, edited(treaties=()), edited(treaties=("uncac", "untoc")))
    assert [c.path for c in merged.conflicts] == ["contacts[general].treaties"]


def test_a_source_that_one_side_dropped_and_the_other_names_comes_back() -> None:
    dropped = structs.replace(edited(emails=()), sources=())
    named = structs.replace(BASE, designations=(Designation(key="mla-uncac", function="mla", sources=("a",)),))
    merged = merge(BASE, dropped, named)
    assert [s.key for s in merged.document.sources] == ["a"]


def test_withdrawal_and_succession_are_one_decision() -> None:
    ours = structs.replace(BASE, status="withdrawn", status_since="2020")
    theirs = structs.replace(BASE, status="succeeded", succeeded_by="gb-new")
    merged = merge(BASE, ours, theirs)
    assert [c.path for c in merged.conflicts] == ["status"]
    assert merged.document == ours


def test_two_names_put_first_are_a_conflict() -> None:
    a, b = Name(key="a", text="Alpha"), Name(key="b", text="Beta")
    merged = merge(BASE, structs.replace(BASE, names=(b, *BASE.names)), structs.replace(BASE, names=(a, *BASE.names)))
    assert [c.path for c in merged.conflicts] == ["names"]
    assert [n.key for n in merged.document.names] == ["b", "n-1", "a"]


def test_an_authority_never_loses_its_last_name() -> None:
    other = Name(key="n-2", text="MoJ")
    base = structs.replace(BASE, names=(*BASE.names, other))
    merged = merge(base, structs.replace(base, names=base.names[:1]), structs.replace(base, names=base.names[1:]))
    assert [c.path for c in merged.conflicts] == ["names"]
    assert merged.document.names == base.names[:1]
