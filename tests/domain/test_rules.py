"""Every rule refuses what it is for, names the field, and lets the entries of the strategies through."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from directory.domain import rules
from directory.domain.authority import Authority, Entry, NetworkDetails, StateEntry
from directory.domain.rules_walk import Leaf, leaves
from directory.errors import Invalid
from tests.domain.strategies import entries

TODAY = date(2026, 11, 24)
SOURCE = {"key": "s", "title": "Page"}
BOX = {"key": "e", "address": "mla@justice.example"}


def authority(**fields: Any) -> Authority:
    given_ = {"id": "gb-moj", "state": "GB", "names": ({"key": "n", "text": "Ministry of Justice"},), **fields}
    return msgspec.convert(given_, Authority, strict=False) if valid_shape(given_) else build(given_)


def valid_shape(fields: dict[str, Any]) -> bool:
    try:
        msgspec.convert(fields, Authority)
    except msgspec.ValidationError:
        return False
    return True


def build(fields: dict[str, Any]) -> Authority:
    """An entry whose values break the patterns of its types, as a program could make one."""
    made = msgspec.convert({**fields, "id": "gb-moj", "state": "GB", "territory": []}, Authority)
    return structs.replace(made, id=fields["id"], state=fields["state"], territory=tuple(fields.get("territory", ())))


def found(entry: Entry | NetworkDetails, *, warnings: bool = False) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in rules.check(entry, TODAY) if p.warning == warnings]


def contact(**fields: Any) -> Authority:
    return authority(contacts=[{"key": "general", "emails": [BOX], **fields}])


def email(address: str) -> Authority:
    return contact(emails=[{"key": "e", "address": address}])


def website(url: str) -> Authority:
    return contact(websites=[{"key": "w", "url": url}])


def answer(**fields: Any) -> Authority:
    return authority(requirements={"general": [{"key": "a", "aspect": "other", **fields}]})


@given(entries())
def test_the_entries_of_the_strategies_keep_every_rule(entry: Entry) -> None:
    assert [p for p in rules.check(entry, TODAY) if not p.warning] == []


EMAIL, URL = "contacts[0].emails[0].address", "contacts[0].websites[0].url"
TEL = "contacts[0].telephones[0]"
HOURS = "contacts[0].hours[0]"
ANSWER = "requirements.general[0]"

BROKEN: list[tuple[Authority, str, str]] = [
    (authority(id="moj"), "id", "bad-id"),
    (authority(id="fr-moj"), "id", "bad-id"),
    (authority(id="gb-Moj"), "id", "bad-id"),
    (authority(state="ZZ", id="zz-moj"), "state", "unknown-state"),
    (authority(names=()), "names", "missing"),
    (authority(names=[{"key": "n", "text": "  "}]), "names[0].text", "empty"),
    (authority(names=[{"key": "n", "text": "Ministry of Justiсe"}]), "names[0].text", "mixed-script"),
    (authority(names=[{"key": "n", "text": "Minis\u200btry"}]), "names[0].text", "unsafe-character"),
    (authority(names=[{"key": "n", "text": "\u202eyrtsiniM"}]), "names[0].text", "unsafe-character"),
    (authority(names=[{"key": "n", "text": "Soft\u00adhyphen"}]), "names[0].text", "unsafe-character"),
    (authority(names=[{"key": "n", "text": "Right\u200fmark"}]), "names[0].text", "unsafe-character"),
    (authority(names=[{"key": "n", "text": "Cote\u0302"}]), "names[0].text", "not-nfc"),
    (authority(names=[{"key": "n", "text": "Two\nlines"}]), "names[0].text", "line-break"),
    (authority(names=[{"key": "n", "text": "x" * 401}]), "names[0].text", "too-long"),
    (authority(names=[{"key": "n", "text": "A"}, {"key": "n", "text": "B"}]), "names[1]", "key-twice"),
    (authority(names=[{"key": "n", "text": "A", "sources": ["s"]}]), "names[0].sources[0]", "unknown-source"),
    (authority(names=[{"key": "n", "text": "A", "lang": "xx"}]), "names[0].lang", "unknown-language"),
    (authority(names=[{"key": "n", "text": "A", "lang": "EN"}]), "names[0].lang", "bad-language"),
    (authority(sources=[SOURCE, SOURCE]), "sources[1]", "key-twice"),
    (authority(sources=[{"key": "s", "title": " "}]), "sources[0].title", "empty"),
    (authority(sources=[{**SOURCE, "as_of": "2014-02-30"}]), "sources[0].as_of", "no-date"),
    (authority(sources=[{**SOURCE, "as_of": "2014-13"}]), "sources[0].as_of", "no-date"),
    (authority(sources=[{**SOURCE, "as_of": "0000"}]), "sources[0].as_of", "no-date"),
    (authority(sources=[{**SOURCE, "as_of": "2027"}]), "sources[0].as_of", "in-future"),
    (authority(sources=[{**SOURCE, "url": "ftp://example.org"}]), "sources[0].url", "bad-scheme"),
    (authority(territory=["HK"]), "territory[0]", "other-state"),
    (authority(territory=["GB"]), "territory[0]", "whole-state"),
    (authority(territory=["QQ"]), "territory[0]", "unknown-territory"),
    (authority(territory=["JE", "JE"]), "territory[1]", "twice"),
    (authority(kind="ministry"), "kind", "unknown-code"),
    (authority(networks=["globe", "illuminati"]), "networks[1]", "unknown-code"),
    (authority(parent="gb-moj"), "parent", "itself"),
    (authority(parent="gb"), "parent", "bad-id"),
    (authority(status="succeeded"), "succeeded_by", "missing"),
    (authority(status="succeeded", succeeded_by="gb-moj"), "succeeded_by", "itself"),
    (authority(succeeded_by="gb-new"), "status", "contradiction"),
    (authority(status="withdrawn", status_since="2019-02-29"), "status_since", "no-date"),
    (authority(designations=[{"key": "d", "function": "MLA"}]), "designations[0].function", "unknown-code"),
    (
        authority(designations=[{"key": "d", "function": "mla", "treaty": "x"}]),
        "designations[0].treaty",
        "unknown-code",
    ),
    (
        authority(
            designations=[{"key": "d", "function": "mla", "in_force_from": "2014-05", "in_force_until": "2014-04-30"}]
        ),
        "designations[0].in_force_until",
        "out-of-order",
    ),
    (
        authority(designations=[{"key": "d", "function": "mla", "scope": {"stages": ["later"]}}]),
        "designations[0].scope.stages[0]",
        "unknown-code",
    ),
    (contact(emails=[]), "contacts[0]", "nothing-said"),
    (contact(purpose="fun"), "contacts[0].purpose", "unknown-code"),
    (contact(time_zone="Europe/Londinium"), "contacts[0].time_zone", "unknown-time-zone"),
    (contact(languages=["fr", "fr"]), "contacts[0].languages[1]", "twice"),
    (contact(means=[{"code": "pigeon"}]), "contacts[0].means[0].code", "unknown-code"),
    (contact(means=[{"code": "fax"}, {"code": "fax"}]), "contacts[0].means[1]", "key-twice"),
    (contact(address={"lines": []}), "contacts[0].address.lines", "missing"),
    (contact(address={"lines": ["x"] * 13}), "contacts[0].address.lines", "too-many"),
    (contact(address={"lines": ["x"], "country": "ZZ"}), "contacts[0].address.country", "unknown-state"),
    (email("no-at.example"), EMAIL, "bad-email"),
    (email("a@localhost"), EMAIL, "bad-email"),
    (email("a@[192.0.2.1]"), EMAIL, "bad-email"),
    (email("a b@justice.example"), EMAIL, "not-ascii"),
    (email("a\u200b@justice.example"), EMAIL, "unsafe-character"),
    (email("mla@justіce.example"), EMAIL, "mixed-script"),
    (email("mla@bücher.example"), EMAIL, "not-ascii"),
    (email("mla@Justice.example"), EMAIL, "not-canonical"),
    (email("mla@xn--80ak6aa92e.example"), EMAIL, "look-alike"),
    (email(f"{'a' * 65}@justice.example"), EMAIL, "bad-email"),
    (website("javascript:alert(1)"), URL, "bad-scheme"),
    (website("www.example.org"), URL, "bad-scheme"),
    (website("https://justice.example@evil.example/"), URL, "userinfo"),
    (website("https://192.0.2.1/"), URL, "no-host"),
    (website("https://[2001:db8::1]/"), URL, "no-host"),
    (website("https://localhost/"), URL, "no-host"),
    (website("https://exa mple.org/"), URL, "bad-url"),
    (website("https://[bad"), URL, "bad-url"),
    (website("https://example.org:99999/"), URL, "bad-url"),
    (website("https://justіce.example/"), URL, "mixed-script"),
    (website("https://xn--80ak6aa92e.example/"), URL, "look-alike"),
    (website("https://-x.example/"), URL, "bad-url"),
    (contact(telephones=[{"key": "t", "printed": "+44 1", "e164": "+44123"}]), f"{TEL}.e164", "bad-number"),
    (
        contact(telephones=[{"key": "t", "printed": "+44 20 7035 4040", "e164": "+442070354041"}]),
        f"{TEL}.e164",
        "other-number",
    ),
    (contact(telephones=[{"key": "t", "printed": "1", "extension": "a"}]), f"{TEL}.extension", "bad-extension"),
    (contact(telephones=[{"key": "t", "printed": ""}]), f"{TEL}.printed", "empty"),
    (contact(hours=[{"days": [0]}]), f"{HOURS}.days", "bad-days"),
    (contact(hours=[{"days": [1, 1]}]), f"{HOURS}.days", "bad-days"),
    (contact(hours=[{"days": [1], "opens": "8:00", "closes": "16:00"}]), f"{HOURS}.opens", "bad-time"),
    (contact(hours=[{"days": [1], "opens": "16:00", "closes": "08:00"}]), f"{HOURS}.closes", "bad-hours"),
    (contact(hours=[{"days": [1], "opens": "16:00"}]), HOURS, "half-hours"),
    (contact(hours=[{}]), HOURS, "nothing-said"),
    (
        contact(keys=[{"key": "k", "kind": "openpgp", "fingerprint": "AB CD"}]),
        "contacts[0].keys[0].fingerprint",
        "bad-fingerprint",
    ),
    (
        contact(keys=[{"key": "k", "kind": "smime", "fingerprint": "a" * 40}]),
        "contacts[0].keys[0].fingerprint",
        "bad-fingerprint",
    ),
    (answer(), ANSWER, "nothing-said"),
    (answer(aspect="moods", text=[{"text": "x"}]), f"{ANSWER}.aspect", "unknown-code"),
    (answer(aspect="channel", values=["pigeon"]), f"{ANSWER}.values[0]", "unknown-code"),
    (answer(aspect="dual-criminality", values=["maybe"]), f"{ANSWER}.values[0]", "unknown-code"),
    (answer(aspect="cost", values=["high"]), f"{ANSWER}.values[0]", "wrong-aspect"),
    (answer(languages=[{"languages": ["fr"]}]), f"{ANSWER}.languages", "wrong-aspect"),
    (answer(aspect="lang", languages=[{"languages": []}]), f"{ANSWER}.languages[0].languages", "missing"),
    (answer(text=[{"text": ""}]), f"{ANSWER}.text[0].text", "empty"),
    (answer(text=[{"text": "x" * 20001}]), f"{ANSWER}.text[0].text", "too-long"),
    (
        authority(requirements={"measures": [{"measure": "x-1"}]}),
        "requirements.measures[0]",
        "nothing-said",
    ),
    (authority(statistics=[{"key": "y", "year": 20}]), "statistics[0].year", "bad-year"),
    (authority(statistics=[{"key": "y", "year": 2020, "refused": -1}]), "statistics[0].refused", "bad-figure"),
    (authority(documents=[{"key": "d", "kind": "poem", "title": "x"}]), "documents[0].kind", "unknown-code"),
]


@pytest.mark.parametrize(("entry", "field", "code"), BROKEN, ids=[f"{f}:{c}" for _, f, c in BROKEN])
def test_a_broken_rule_is_named_with_its_field(entry: Authority, field: str, code: str) -> None:
    assert (field, code) in found(entry)


DOUBTFUL: list[tuple[Authority, str, str]] = [
    (email("mla@gmail.com"), EMAIL, "free-mail"),
    (email("mla@xn--bcher-kva.example"), EMAIL, "international-domain"),
    (website("https://example.org:8443/"), URL, "port"),
    (website("https://WWW.example.org/"), URL, "not-canonical"),
    (contact(telephones=[{"key": "t", "printed": "see page"}]), f"{TEL}.printed", "no-digits"),
    (
        contact(telephones=[{"key": "t", "printed": "+44 20 9999 9999", "e164": "+442099999999"}]),
        f"{TEL}.e164",
        "unassigned",
    ),
    (contact(hours=[{"days": [1], "opens": "08:00", "closes": "16:00"}]), "contacts[0].time_zone", "missing"),
    (answer(answer="not-stated", text=[{"text": "Yes."}]), f"{ANSWER}.answer", "contradiction"),
    (answer(aspect="refusal", values=["bank-secrecy"]), f"{ANSWER}.values[0]", "prohibited-ground"),
    (answer(aspect="refusal", values=["political", "sole-fiscal"]), f"{ANSWER}.values[1]", "prohibited-ground"),
    (authority(names=[{"key": "n", "text": "Ministry "}]), "names[0].text", "spaces"),
    (
        authority(remarks=[{"key": "r", "text": [{"text": "Write to box@evil.example."}]}]),
        "remarks[0].text[0].text",
        "contact-in-text",
    ),
    (contact(label="+44 20 7946 0000"), "contacts[0].label", "contact-in-text"),
    (
        authority(designations=[{"key": "a", "function": "mla"}, {"key": "b", "function": "mla"}]),
        "designations[1]",
        "said-twice",
    ),
]


@pytest.mark.parametrize(("entry", "field", "code"), DOUBTFUL, ids=[f"{f}:{c}" for _, f, c in DOUBTFUL])
def test_what_is_only_doubtful_is_a_warning(entry: Authority, field: str, code: str) -> None:
    assert (field, code) in found(entry, warnings=True)
    assert found(entry) == []


FINE: list[Authority] = [
    authority(id="je-ag", territory=["JE"]),
    authority(territory=["GB-XYZ"]),
    authority(names=[{"key": "n", "text": "Министерство юстиции / Ministry of Justice", "lang": "sr-Latn"}]),
    authority(
        names=[{"key": "n", "text": "وزارة العدل", "lang": "ar"}, {"key": "m", "text": "司法部", "lang": "zh-Hant"}]
    ),
    authority(sources=[{**SOURCE, "as_of": "2026"}]),
    authority(designations=[{"key": "d", "function": "mla", "in_force_from": "2014-05-03", "in_force_until": "2014"}]),
    authority(remarks=[{"key": "r", "text": [{"text": "Two\nlines \u200f(عربي)"}]}]),
    email("Central.Authority+mla@justice.example"),
    website("http://example.org/a?b=c#d"),
    website("https://example.org/%D0%B7"),
    contact(telephones=[{"key": "t", "printed": "0049 / 228 / 99410 – 40", "e164": "+492289941040"}]),
    contact(telephones=[{"key": "t", "printed": "+44 20 7147 3843/3277", "e164": "+442071473277"}]),
    contact(telephones=[{"key": "t", "printed": "1-800-FLOWERS", "e164": "+18003569377"}]),
    contact(telephones=[{"key": "t", "printed": "٠٢ ٢٧٩٢ ٢٢٦٣", "e164": "+20227922263"}]),
    contact(keys=[{"key": "k", "kind": "openpgp", "fingerprint": "ab" * 20}]),
]


@pytest.mark.parametrize("entry", FINE, ids=range(len(FINE)))
def test_what_is_right_is_not_refused(entry: Authority) -> None:
    assert found(entry) == []


def test_a_key_is_short_and_plain() -> None:
    entry = authority()
    for key in ("Two Words", "x" * 81, ""):
        broken = structs.replace(entry, names=(structs.replace(entry.names[0], key=key),))
        assert ("names[0].key", "bad-key") in found(broken)


def test_all_problems_come_at_once_with_sentences() -> None:
    entry = contact(
        emails=[{"key": "e", "address": "mla@justіce.example"}, {"key": "f", "address": "x"}], time_zone="Mars/Olympus"
    )
    problems = rules.check(entry)
    assert {p.code for p in problems} == {"mixed-script", "bad-email", "unknown-time-zone"}
    assert all(p.message.endswith((".", "?")) and len(p.message.split()) > 5 for p in problems)


def test_the_look_alike_is_named() -> None:
    (problem,) = rules.check(email("mla@justіce.example"))
    assert "“і” (cyrillic small letter byelorussian-ukrainian i, U+0456)" in problem.message


def test_an_invisible_character_is_named() -> None:
    (problem,) = rules.check(email("m\u200bla@justice.example"))
    assert "(zero width space, U+200B)" in problem.message


def test_a_domain_in_letters_is_told_its_ascii_form() -> None:
    (problem,) = rules.check(email("mla@bücher.example"))
    assert "xn--bcher-kva.example" in problem.message


def test_a_code_that_is_nearly_right_is_suggested() -> None:
    (problem,) = rules.check(authority(designations=[{"key": "d", "function": "extraditon"}]))
    assert "Did you mean extradition?" in problem.message


def test_without_a_day_nothing_is_in_the_future() -> None:
    assert rules.check(authority(sources=[{**SOURCE, "as_of": "2199"}])) == ()


def test_the_entry_of_a_state() -> None:
    entry = StateEntry(id="gb-x", state="GB")
    assert found(entry) == [("id", "bad-id")]
    declared = {"key": "d", "territory": ["HK"]}
    entry = msgspec.convert({"type": "state", "id": "gb", "state": "GB", "declarations": [declared]}, StateEntry)
    assert found(entry) == [("declarations[0].territory[0]", "other-state")]
    entry = msgspec.convert({"type": "state", "id": "gb", "state": "GB", "declarations": [{"key": "d"}]}, StateEntry)
    assert found(entry) == [("declarations[0]", "nothing-said")]


def test_the_network_layer_keeps_the_same_rules() -> None:
    line = {
        "key": "l",
        "role": "Desk",
        "name": "A\u202eB",
        "email": {"key": "e", "address": "x"},
        "consented_on": "2020",
        "until": "2019",
    }
    details = msgspec.convert({"id": "gb-moj", "lines": [line]}, NetworkDetails)
    assert set(found(details)) == {
        ("lines[0].name", "unsafe-character"),
        ("lines[0].email.address", "bad-email"),
        ("lines[0].until", "out-of-order"),
    }


def test_require_raises_with_everything_and_returns_warnings() -> None:
    with pytest.raises(Invalid) as raised:
        rules.require(authority(names=(), kind="x"))
    assert raised.value.message == "The entry gb-moj breaks 2 rules."
    assert {p.code for p in raised.value.problems} == {"missing", "unknown-code"}
    assert [p.code for p in rules.require(email("a@gmail.com"))] == ["free-mail"]


@given(entries())
def test_a_character_that_does_not_show_is_refused_wherever_it_is_put(entry: Entry) -> None:
    """Each text of the entry in turn is given a character that turns the direction."""
    texts = [
        leaf
        for leaf in leaves(entry)
        if isinstance(leaf.value, str) and leaf.field in ("text", "note", "title", "lines")
    ]
    for leaf in texts[:5]:
        broken = replaced(entry, leaf, leaf.value + "\u202e")
        assert (leaf.path, "unsafe-character") in found(broken)


def replaced(entry: Entry, leaf: Leaf, value: str) -> Entry:
    """The entry with another value at the place of ``leaf``."""
    data = msgspec.json.decode(msgspec.json.encode(entry))
    at = data
    steps = [int(s) if s.isdigit() else s for s in leaf.path.replace("[", ".").replace("]", "").split(".")]
    for step in steps[:-1]:
        at = at[step]
    at[steps[-1]] = value
    return msgspec.convert(data, Entry)  # type: ignore[no-any-return]


@given(st.text(alphabet=st.sampled_from("ax-.n0@:/éі\u200bあß") | st.characters(), max_size=30))
def test_any_text_whatever_gets_an_answer(text: str) -> None:
    for entry in (
        email(f"a@{text}"),
        email(f"a@xn--{text}.example"),
        website(text),
        website(f"https://xn--{text}.example"),
    ):
        assert all(p.message for p in rules.check(entry))
