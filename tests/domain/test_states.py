"""States and territories: UN usage, and every way in which people and sources write them."""

import csv
import json
import unicodedata
import zoneinfo
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.domain import states, vocabulary

ROOT = Path(__file__).parents[2]
PLACES = [*states.all_states(), *(t for s in states.all_states() for t in states.territories(s.code))]
SEVERAL = {key for names, _ in states.names_of_several() for key in names}
MAY_BE_PART = {"GB", "GB-EAW", "GB-SCT", "GB-NIR"}
"""England is looked for as the United Kingdom and as its jurisdiction: both are given."""


def test_all_members_observers_and_parties_are_there() -> None:
    kinds = Counter(p.kind for p in states.all_states())
    assert kinds == {"member": 193, "observer": 2, "other-state": 2, "organization": 1}
    groups = Counter(p.group for p in states.all_states() if p.kind == "member")
    assert groups == {
        "african": 54, "asia-pacific": 54, "eastern-european": 23, "latin-american-caribbean": 33,
        "western-european-others": 29,
    }  # fmt: skip
    assert {p.group for p in states.all_states()} - {None} == {c.code for c in vocabulary.scheme("group")}


def test_every_state_has_a_square_of_its_own_on_the_map() -> None:
    assert set(states.tiles()) == {p.code for p in states.all_states()} - {"EU"}
    assert len(set(states.tiles().values())) == len(states.tiles())


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.code)
def test_a_place_is_complete(place: states.Place) -> None:
    assert tuple(place.names) == states.LANGUAGES
    assert all(place.names.values())
    assert place.languages, "official languages"
    assert all(states.is_language(tag) for tag in place.languages)
    assert place.zones
    assert set(place.zones) <= zoneinfo.available_timezones()
    assert place.dial or place.code == "EU"
    assert place.parent is None or states.is_state(place.parent)
    assert (place.parent is not None) == (place.kind == "territory")
    assert place.pinyin.replace(" ", "").isascii()
    if "-" not in place.code and place.code != "EU":
        assert place.alpha3 is not None
        assert len(place.alpha3) == 3
        assert place.m49 is not None
        assert len(place.m49) == 3


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.code)
def test_names_are_clean_and_written_in_the_script_of_their_language(place: states.Place) -> None:
    scripts = {"en": "LATIN", "fr": "LATIN", "es": "LATIN", "ru": "CYRILLIC", "zh": "CJK", "ar": "ARABIC"}
    for lang, text in place.names.items():
        assert text == unicodedata.normalize("NFC", text).strip()
        assert "'" not in text, "typographic apostrophes"
        assert {unicodedata.name(c).split()[0] for c in text if c.isalpha()} == {scripts[lang]}, text
    assert len(set(place.variants)) == len(place.variants)
    assert not {v for v in place.variants if not v or v in place.names.values()}


@pytest.mark.parametrize("place", [p for p in PLACES if p.dial and not p.withdrawn], ids=lambda p: p.code)
def test_dial_codes_are_those_of_the_numbering_plan(place: states.Place) -> None:
    region = (place.parent or place.code) if "-" in place.code else place.code
    expected = {"PN": 64, "BQ": 599}.get(place.code) or phonenumbers.country_code_for_region(region)
    assert place.dial == str(expected)


def test_codes_are_unique() -> None:
    for values in ([p.code for p in PLACES], [p.alpha3 for p in PLACES], [p.m49 for p in PLACES]):
        given = [v for v in values if v]
        assert len(given) == len(set(given))


def test_every_name_and_variant_leads_to_its_state_and_to_no_other() -> None:
    for place in PLACES:
        formal = (place.formal,) if place.formal else ()
        for text in (*place.names.values(), *formal, *place.variants, place.code, place.alpha3 or place.code):
            found = states.resolve(text)
            assert place.code in found, (place.code, text, found)
            if text not in SEVERAL and not {*found} <= MAY_BE_PART:
                assert found == (place.code,), (place.code, text, found)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("UK", "GB"), ("u.k.", "GB"), ("U. K.", "GB"), ("Great Britain", "GB"), ("united kingdom", "GB"),
        ("the United Kingdom", "GB"), ("USA", "US"), ("U.S.A.", "US"), ("America", "US"), ("the U.S.", "US"),
        ("Holland", "NL"), ("The Netherlands", "NL"), ("Netherlands (Kingdom of the)", "NL"), ("Pays-Bas", "NL"),
        ("Ivory Coast", "CI"), ("Côte d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"), ("Cote dIvoire", "CI"),
        ("cote d ivoire", "CI"), ("Elfenbeinküste", "CI"), ("Czech Republic", "CZ"), ("Burma", "MM"),
        ("Swaziland", "SZ"), ("Macedonia", "MK"), ("The former Yugoslav Republic of Macedonia", "MK"),
        ("Turkey", "TR"), ("Turkiye", "TR"), ("TÜRKİYE", "TR"), ("Cape Verde", "CV"), ("Zaire", "CD"), ("DRC", "CD"),
        ("Congo, Democratic Republic of the", "CD"), ("Republic of the Congo", "CG"), ("Niger", "NE"),
        ("Korea, Republic of", "KR"), ("South Korea", "KR"), ("D.P.R. Korea", "KP"), ("DPRK", "KP"),
        ("Iran, Islamic Republic of", "IR"), ("Bolivia", "BO"), ("Gambia (The)", "GM"), ("Bahamas, The", "BS"),
        ("St. Kitts & Nevis", "KN"), ("Saint Lucia", "LC"), ("St Vincent", "VC"), ("Trinidad & Tobago", "TT"),
        ("Hellenic Republic", "GR"), ("Slovak Republic", "SK"), ("Kyrgyz Republic", "KG"), ("Republic of Serbia", "RS"),
        ("Deutschland", "DE"), ("España", "ES"), ("საქართველო", "GE"), ("Россия", "RU"), ("中国", "CN"), ("مصر", "EG"),
        ("Vatican", "VA"), ("Palestine", "PS"), ("Guernsey", "GG"), ("Hong Kong SAR", "HK"), ("BVI", "VG"),
        ("Cook Islands", "CK"), ("EU", "EU"), ("gb", "GB"), ("DEU", "DE"), ("no", "NO"), ("Dominica", "DM"),
        ("  germany  ", "DE"), ("Phillipines", "PH"), ("Kazakstan", "KZ"), ("Columbia", "CO"),
        ("England", "GB GB-EAW"), ("Scotland", "GB GB-SCT"), ("Congo", "CG CD"), ("Korea", "KR KP"),
        ("Guinea", "GN GQ GW PG"), ("Virgin Islands", "VG VI"), ("Czechoslovakia", "CZ SK"),
        ("Yugoslavia", "BA HR ME MK RS SI"), ("Конго", "CG CD"), ("Corée", "KR KP"), ("几内亚", "GN GQ GW PG"),
        ("Netherlands Antilles", "AN BQ CW SX"), ("Channel Islands", "GG JE"),
        ("", ""), ("'", ""), ("the", ""), (",", ""), ("Atlantis", ""), ("x" * 5000, ""),
    ],
)  # fmt: skip
def test_resolve(text: str, codes: str) -> None:
    assert states.resolve(text) == tuple(codes.split())


@given(st.text())
def test_any_text_resolves_to_known_codes_or_to_nothing(text: str) -> None:
    assert all(states.place(code) for code in (*states.resolve(text), *states.closest(text)))


def test_every_state_territory_and_language_of_the_facts_is_known() -> None:
    for name in ("authorities.jsonl", "histories.jsonl", "curated.jsonl"):
        for line in (ROOT / "fixtures" / name).read_text("utf-8").splitlines():
            record = json.loads(line)
            assert states.is_state(record["state"]), record["state"]
            for code in record.get("territory") or () if isinstance(record.get("territory"), list) else ():
                assert states.state_of(code) == record["state"], code
            assert all(states.is_language(tag) for tag in record.get("languages_accepted") or ())


def test_every_participant_of_the_treaty_status_resolves() -> None:
    text = (ROOT / "directory/domain/data/treaty_status.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 552
    for row in rows:
        assert states.is_state(row["state"]), row
        assert states.resolve(row["participant"])[:1] == (row["state"],), row
        assert vocabulary.scheme("treaty").code(row["treaty"]), row


def test_names_in_un_usage() -> None:
    assert states.name("CI") == "Côte d’Ivoire"
    assert states.name("BO", "fr") == "Bolivie (État plurinational de)"
    assert states.name("ZA", "ru") == "Южная Африка"
    assert states.name("MV", "ar") == "ملديف"
    assert states.name("NZ", "es") == "Nueva Zelandia"
    assert states.name("FK") == "Falkland Islands (Malvinas)"
    assert states.name("VN", "xx") == "Viet Nam"
    assert states.name("ZZ") == "ZZ"


def test_what_needs_saying_is_said() -> None:
    disputed, dissolved = states.place("FK"), states.place("AN")
    assert disputed is not None
    assert disputed.note is not None
    assert "dispute" in disputed.note
    assert dissolved is not None
    assert dissolved.withdrawn
    assert states.capital("IL") is states.capital("PS") is None, "a footnote is attached to any capital printed"


def test_languages_zones_capitals_by_code() -> None:
    assert states.official_languages("CH") == ("de", "fr", "it", "rm")
    assert states.time_zones("GL")[0] == "America/Nuuk"
    assert states.time_zones("PF")[0] == "Pacific/Tahiti"
    assert states.time_zones("KE") == ("Africa/Nairobi",)
    assert states.capital("AU") == "Canberra"
    assert states.official_languages("ZZ") == states.time_zones("ZZ") == ()
    assert states.capital("ZZ") is states.state_of("ZZ") is None
    assert (states.state_of("JE"), states.state_of("GB-SCT"), states.state_of("FR")) == ("GB", "GB", "FR")


def test_a_capital_in_an_address_is_found_under_its_other_names() -> None:
    assert "Vienna" in states.city_terms("AT", ["Museumstraße 7", "A-1070 Wien"])
    assert "Вена" in states.city_terms("AT", ["Vienna"])
    assert states.city_terms("AT", ["Graz", "Wiener Straße 1"]) == ""
    assert states.city_terms("ZZ", ["Wien"]) == ""


def test_search_terms_hold_every_spelling() -> None:
    terms = states.search_terms("CI")
    assert {"Ivory Coast", "Cote dIvoire", "科特迪瓦", "CIV"} <= set(terms.split(" · "))
    assert states.search_terms("ZZ") == "ZZ"


def test_order_of_names_by_language() -> None:
    codes = ["DE", "FR", "AF", "CN"]
    assert sorted(codes, key=lambda c: states.sort_key(c, "zh")) == ["AF", "DE", "FR", "CN"]
    assert sorted(["CI", "CU", "AT"], key=states.sort_key) == ["AT", "CI", "CU"]
    assert states.sort_key("CN", "ar")[0] == "ص", "without the article"


@pytest.mark.parametrize(
    ("tag", "known"),
    [("en", True), ("sr-Latn", True), ("zh-Hant", True), ("pt-BR", True), ("cnr", True), ("es-419", True),
     ("xx", False), ("english", False), ("en_GB", False), ("en-!!", False), ("", False), ("-", False)],
)  # fmt: skip
def test_language_tags(tag: str, known: bool) -> None:
    assert states.is_language(tag) is known


def test_names_of_languages() -> None:
    assert states.language_name("cnr") == "Montenegrin"
    assert states.language_name("sr-Latn", "fr") == "serbe (écriture latine)"
    assert states.language_name("pt-BR", "ru") == "португальский"
    assert states.language_name("xx") == "xx"
    assert all(states.language_name(tag, lang) for tag in states.language_codes() for lang in states.LANGUAGES)
