"""Differences as a person would say them."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from directory.domain import states, vocabulary
from directory.domain.authority import (
    Answer,
    Authority,
    ContactPoint,
    Declaration,
    Designation,
    Email,
    Entry,
    LanguageAlternative,
    Name,
    OpeningHours,
    PostalAddress,
    Remark,
    Requirements,
    Scope,
    Source,
    StateEntry,
    Telephone,
    Text,
    WebAddress,
)
from directory.domain.diff import FieldChange, diff, fields, is_sensitive, messages, summary
from directory.domain.matching import same
from directory.domain.plain import plain
from directory.domain.wording import Voice, english_date
from tests.domain.strategies import authorities, entries

GB = authorities("gb-moj")
MOJ = Authority(id="gb-moj", state="GB", names=(Name(key="n-1", text="Ministry of Justice"),))


def read(old: Entry, new: Entry) -> list[str]:
    """The differences, one line each: kind, label, before → after."""
    return [line(change) for change in diff(old, new)]


def line(change: FieldChange) -> str:
    if change.words:
        said = "".join(p.text if p.op == "=" else f"[{p.op}{p.text}]" for p in change.words)
    else:
        said = " → ".join(" / ".join(side) for side in (change.before, change.after) if side)
    return f"{change.kind} {' › '.join(change.label)}: {said}"


def contact(**fields_: Any) -> Authority:
    return structs.replace(MOJ, contacts=(ContactPoint(key="general", **fields_),))


def answering(*answers: Answer) -> Authority:
    return structs.replace(MOJ, requirements=Requirements(general=answers))


@given(entries())
def test_a_version_does_not_differ_from_itself(entry: Entry) -> None:
    assert diff(entry, entry) == ()


@settings(max_examples=200)
@given(GB, GB)
def test_what_is_shown_differs(old: Authority, new: Authority) -> None:
    for change in diff(old, new):
        assert change.before != change.after
        assert change.kind == ("added" if not change.before else "removed" if not change.after else "changed")
        assert all(text.strip() for text in (*change.label, *change.before, *change.after))


@settings(max_examples=200)
@given(GB, st.data())
def test_no_part_differs_unsaid(old: Authority, data: st.DataObject) -> None:
    """Whatever single part takes another value, the difference is in that part."""
    other = data.draw(GB)
    part = data.draw(st.sampled_from([f for f in Authority.__struct_fields__ if f not in ("id", "state", "sources")]))
    new = structs.replace(old, **{part: getattr(other, part)})
    changes = [c for c in diff(old, new) if c.path.startswith(part)]
    if not same(plain(old).get(part), plain(new).get(part), part):
        assert changes


@given(GB, GB)
def test_backwards_is_the_mirror_of_forwards(old: Authority, new: Authority) -> None:
    """What came is what goes on the way back (which text of several is compared with which may differ)."""
    there, back = diff(old, new), diff(new, old)
    parts = [{re.split(r"[.\[]", c.path)[0] for c in changes} - {"sources"} for changes in (there, back)]
    assert parts[0] == parts[1]


@given(GB, GB)
def test_another_way_to_reach_is_always_sensitive(old: Authority, new: Authority) -> None:
    def reach(entry: Authority) -> set[str]:
        numbers = [t.printed for c in entry.contacts for t in (*c.telephones, *c.faxes)]
        boxes = [e.address for c in entry.contacts for e in c.emails]
        pages = [w.url for c in entry.contacts for w in (*c.websites, *c.portals)]
        places = [str(a.lines) for c in entry.contacts for a in (c.address, c.visiting_address) if a]
        return {*numbers, *boxes, *pages, *places}

    if reach(old) != reach(new):
        assert is_sensitive(diff(old, new))


@given(GB, GB)
def test_changed_comes_before_added_before_removed_and_sources_last(old: Authority, new: Authority) -> None:
    changes = diff(old, new)
    rank = [(c.path.startswith("sources"), ("changed", "added", "removed").index(c.kind)) for c in changes]
    assert rank == sorted(rank)


def test_a_mailbox_that_changes() -> None:
    old = contact(emails=(Email(key="email-1", address="old@example.org"),))
    new = contact(emails=(Email(key="email-1", address="new@example.org"),))
    (change,) = diff(old, new)
    assert line(change) == "changed General contact › E-mail: old@example.org → new@example.org"
    assert (change.path, change.title, change.sensitive) == ("contacts[general].emails[email-1]", "E-mail", True)


def test_a_mailbox_whose_key_moved_on_has_not_changed() -> None:
    old = contact(emails=(Email(key="email-1", address="old@example.org"),))
    new = contact(
        emails=(Email(key="email-1", address="new@example.org"), Email(key="email-2", address="old@example.org"))
    )
    assert read(old, new) == ["added General contact › E-mail: new@example.org"]


def test_an_address_goes_line_by_line() -> None:
    old = contact(address=PostalAddress(lines=("Fry Building", "2 Marsham Street", "London")))
    new = contact(address=PostalAddress(lines=("Peel Building", "2 Marsham Street", "London")))
    (change,) = diff(old, new)
    assert change.before == ("Fry Building", "2 Marsham Street", "London")
    assert change.after == ("Peel Building", "2 Marsham Street", "London")
    assert change.words == ()


def test_the_country_of_an_address_is_said_though_no_line_changes() -> None:
    old = contact(address=PostalAddress(lines=("Box 1",), country="GB"))
    new = contact(address=PostalAddress(lines=("Box 1",), country="CI"))
    (change,) = diff(old, new)
    assert change.before == ("Lines: Box 1", f"Country: {states.name('GB')}")
    assert change.after == ("Lines: Box 1", f"Country: {states.name('CI')}")


def test_a_telephone_is_whole_and_its_international_form_shown_where_needed() -> None:
    old = contact(telephones=(Telephone(key="tel-1", printed="+44 (0)20 7035 4040", e164="+442070354040"),))
    new = contact(
        telephones=(Telephone(key="tel-1", printed="20 7035 4041", e164="+442070354041", valid_until="2012"),)
    )
    (change,) = diff(old, new)
    assert change.before == ("+44 (0)20 7035 4040",)
    assert change.after == ("20 7035 4041", "International form: +442070354041", "Valid until: 2012")


def test_two_contacts_of_one_purpose_are_told_apart_by_their_treaties() -> None:
    def with_box(address: str) -> Authority:
        return structs.replace(
            MOJ,
            contacts=(
                ContactPoint(key="a", treaties=("uncac",), emails=(Email(key="e", address="a@example.org"),)),
                ContactPoint(key="b", treaties=("untoc",), emails=(Email(key="e", address=address),)),
            ),
        )

    (change,) = diff(with_box("b@example.org"), with_box("c@example.org"))
    assert change.label == ("General contact", "UN Convention against Transnational Organized Crime", "E-mail")


def test_a_contact_point_whose_key_changed_is_known_by_its_mailbox() -> None:
    old = structs.replace(MOJ, contacts=(ContactPoint(key="a", emails=(Email(key="e", address="x@example.org"),)),))
    new = structs.replace(
        MOJ, contacts=(ContactPoint(key="b", purpose="urgent", emails=(Email(key="e", address="X@example.org"),)),)
    )
    assert {c.kind for c in diff(old, new)} == {"changed"}


def test_long_texts_show_the_words() -> None:
    old = answering(
        Answer(key="urgent", aspect="urgent", text=(Text(text="By telephone, confirmed within 48 hours."),))
    )
    new = answering(
        Answer(key="urgent", aspect="urgent", text=(Text(text="By telephone, confirmed within 24 hours."),))
    )
    assert read(old, new) == [
        "changed Requirements › Urgent circumstances: By telephone, confirmed within [-48][+24] hours."
    ]


def test_an_answer_is_one_card() -> None:
    text = (Text(text="For coercive measures only."),)
    old = answering(Answer(key="dc", aspect="dual-criminality", answer="stated-yes"))
    new = answering(Answer(key="dc", aspect="dual-criminality", answer="conditional", text=text))
    assert read(old, new) == ["changed Requirements › Dual criminality: Yes → Depends / For coercive measures only."]


def test_a_language_rule_reads_as_alternatives() -> None:
    rule = (LanguageAlternative(languages=("az", "ru")), LanguageAlternative(languages=("az", "en")))
    old = answering(Answer(key="lang", aspect="lang", languages=(LanguageAlternative(languages=("az",)),)))
    new = answering(Answer(key="lang", aspect="lang", languages=rule))
    assert read(old, new) == [
        "changed Requirements › Acceptable languages: Azerbaijani → Azerbaijani + Russian / Azerbaijani + English"
    ]


def test_a_list_of_codes_goes_item_by_item_in_words() -> None:
    old = answering(Answer(key="channel", aspect="channel", values=("central",)))
    new = answering(Answer(key="channel", aspect="channel", values=("central", "interpol")))
    (change,) = diff(old, new)
    assert change.before == ("Central authority to central authority",)
    assert change.after == ("Central authority to central authority", "INTERPOL, in urgent circumstances")


def test_the_order_of_codes_says_nothing() -> None:
    old = answering(Answer(key="channel", aspect="channel", values=("central", "interpol")))
    new = answering(Answer(key="channel", aspect="channel", values=("interpol", "central")))
    assert diff(old, new) == ()


def test_an_answer_that_now_holds_for_another_treaty_too_is_not_lost_and_found() -> None:
    rule = (LanguageAlternative(languages=("fr",)),)
    old = answering(Answer(key="lang-untoc", aspect="lang", languages=rule, treaties=("untoc",)))
    new = answering(Answer(key="lang", aspect="lang", languages=rule, treaties=("uncac", "untoc")))
    (change,) = diff(old, new)
    assert change.kind == "changed"
    assert change.label == ("Requirements", "Acceptable languages", "Treaties")


def test_each_language_of_a_text_by_itself() -> None:
    def says(english: str, chinese: str) -> Authority:
        texts = (Text(text=english, lang="en"), Text(text=chinese, lang="zh"))
        return answering(Answer(key="form", aspect="form", text=texts))

    assert read(says("In writing.", "请求书应使用中文"), says("In writing.", "请求书应使用英文")) == [
        "changed Requirements › Form of the request › Chinese: 请求书应使用[-中][+英]文"
    ]


def test_a_provision_that_was_renumbered() -> None:
    old = structs.replace(MOJ, designations=(Designation(key="m", function="mla", treaty="uncac", provision="85(1)"),))
    new = structs.replace(MOJ, designations=(Designation(key="m", function="mla", treaty="uncac", provision="605(1)"),))
    assert read(old, new) == [
        "changed Designation › Mutual legal assistance › UN Convention against Corruption › Provision: 85(1) → 605(1)"
    ]


def test_a_scope_shows_the_words() -> None:
    def covers(text: str) -> Authority:
        return structs.replace(MOJ, designations=(Designation(key="m", function="mla", scope=Scope(text=text)),))

    assert read(
        covers("Requests before trial and all tax matters"), covers("Requests before trial, not tax matters")
    ) == ["changed Designation › Mutual legal assistance › Scope: Requests before trial[- and all][+, not] tax matters"]


def test_another_name_to_print_is_said() -> None:
    other = Name(key="n-2", text="Justice and Interior")
    assert read(MOJ, structs.replace(MOJ, names=(other, *MOJ.names))) == [
        "changed Name to print: Ministry of Justice → Justice and Interior",
        "added Name: Justice and Interior",
    ]


def test_withdrawal_is_a_change_from_active() -> None:
    (change, since) = diff(MOJ, structs.replace(MOJ, status="withdrawn", status_since="2020-03"))
    assert line(change) == "changed Status: Receives requests → Receives no requests any more"
    assert change.sensitive
    assert line(since) == "added Status since: March 2020"


def test_office_hours_read_as_hours() -> None:
    old = contact(hours=(OpeningHours(days=(1, 2, 3, 4, 5), opens="08:00", closes="16:00"),))
    new = contact(hours=(OpeningHours(days=(1, 3), opens="08:00", closes="16:00"),))
    assert read(old, new) == [
        "changed General contact › Office hours: Monday to Friday, 08:00–16:00 → Monday, Wednesday, 08:00–16:00"
    ]


def test_a_younger_date_of_the_same_source_is_said_once() -> None:
    def at(day: str, key: str) -> Authority:
        return structs.replace(
            MOJ,
            names=(Name(key="n-1", text="Ministry of Justice", sources=(key,)),),
            sources=(Source(key=key, title="Page", as_of=day),),
        )

    assert read(at("2018", "a"), at("2019", "b")) == [
        "changed Source: Page / Date of the source: 2018 → Page / Date of the source: 2019"
    ]


def test_a_second_source_for_what_stays_the_same() -> None:
    old = structs.replace(
        MOJ, sources=(Source(key="a", title="Page"), Source(key="b", title="Gazette", as_of="2012-05"))
    )
    new = structs.replace(old, names=(Name(key="n-1", text="Ministry of Justice", sources=("b",)),))
    assert read(old, new) == ["added Sources of what stays the same: Gazette (May 2012): Name"]
    assert fields(diff(old, new)) == ("Sources of what stays the same",)


def test_a_mailbox_smuggled_into_a_text_is_sensitive() -> None:
    def remarks(text: str) -> Authority:
        return structs.replace(MOJ, remarks=(Remark(key="r", text=(Text(text=text),)),))

    assert not is_sensitive(diff(remarks("Write to us."), remarks("Write to them, article 46(13) of 2014-03-21.")))
    for lead in ("box@evil.example", "https://evil.example/form", "+44 20 7946 0000", "020 7946 0000"):
        assert is_sensitive(diff(remarks("Write to us."), remarks(f"Write to {lead}.")))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"purpose": "press"}, {}),
        ({"treaties": ("untoc",)}, {"treaties": ("untoc", "uncac")}),
        ({}, {"label": "Urgent desk"}),
        ({"websites": ()}, {"websites": (WebAddress(key="w", url="https://example.org"),)}),
    ],
)
def test_who_a_contact_is_for_is_sensitive(before: dict[str, Any], after: dict[str, Any]) -> None:
    box = (Email(key="email-1", address="old@example.org"),)
    assert is_sensitive(diff(contact(emails=box, **before), contact(emails=box, **after)))


def test_texts_of_requirements_are_not_sensitive() -> None:
    changes = diff(MOJ, answering(Answer(key="cost", aspect="cost", text=(Text(text="Ordinary costs are borne."),))))
    assert changes
    assert not is_sensitive(changes)


def test_declarations_of_a_state() -> None:
    answer = Answer(key="basis", aspect="basis-uncac", answer="stated-no")
    new = StateEntry(id="gb", state="GB", declarations=(Declaration(key="d", treaty="uncac", answers=(answer,)),))
    (change,) = diff(StateEntry(id="gb", state="GB"), new)
    assert change.label == ("Declaration", "UN Convention against Corruption")
    assert change.after == ("UN Convention against Corruption", "Convention accepted as legal basis: No")


def test_bodies_of_another_schema_are_compared_as_they_are() -> None:
    old = {**plain(MOJ), "opening_mood": "cheerful", "odd": [{"a": 1}, {"b": [2]}]}
    changes = diff(old, plain(MOJ))
    assert [(c.label, c.before) for c in changes] == [
        (("Opening mood",), ("cheerful",)),
        (("Odd",), ("A: 1", "B: 2")),
    ]


def test_a_summary_names_what_changed() -> None:
    old = contact(
        emails=(Email(key="email-1", address="old@example.org"),),
        faxes=(Telephone(key="fax-1", printed="+44 20 7035 6985"),),
    )
    new = contact(
        emails=(Email(key="email-1", address="new@example.org"),), languages=("en",), time_zone="Europe/London"
    )
    assert summary(diff(old, new)) == "Changed: E-mail. Added: Time zone, Languages. Removed: Fax."
    assert summary(diff(old, new), most=1) == "Changed: E-mail. Added: Time zone and 1 more. Removed: Fax."
    assert summary(()) == "The two versions say the same."


def test_another_language_says_it_through_its_catalog() -> None:
    voice = Voice(say=lambda text: {"Yes": "Oui", "{label}: {value}": "{label} : {value}"}.get(text, text), lang="fr")
    new = answering(Answer(key="dc", aspect="dual-criminality", answer="stated-yes", legal_reference="Loi 1"))
    (change,) = diff(MOJ, new, voice)
    assert change.after == ("Oui", "Law : Loi 1")


@given(GB, GB)
def test_every_message_is_in_the_list_for_the_catalogs(old: Authority, new: Authority) -> None:
    """Labels are messages of this module, labels of codes, years, or free text of the entry."""
    known = {*messages(), *(c.label for n in vocabulary.schemes() for c in vocabulary.scheme(n)), "Duty desk"}
    languages = {"English", "French", "Spanish", "Russian", "Chinese", "Arabic", "German", "Portuguese", "Azerbaijani"}
    for change in diff(old, new):
        assert {part for part in change.label if not part.isdigit()} <= known | languages


@pytest.mark.parametrize(
    ("text", "said"),
    [("2014", "2014"), ("2014-03", "March 2014"), ("2014-03-01", "1 March 2014"), ("2014-99", "2014-99")],
)
def test_dates_are_as_exact_as_their_source(text: str, said: str) -> None:
    assert english_date(text) == said


@given(GB)
def test_plain_data_is_what_the_stored_bytes_hold(entry: Authority) -> None:
    assert msgspec.convert(plain(entry), Authority) == entry
