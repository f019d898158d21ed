"""The finder on the real facts: questions written by hand from them, each with the provision that answers it."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from directory.domain import route
from directory.domain.authority import Authority
from directory.domain.intake import plan
from directory.domain.intake.record import parse

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
DAY = date(2026, 11, 24)


@cache
def entries() -> dict[str, Authority]:
    records = [
        record
        for file in ("authorities.jsonl", "curated.jsonl")
        for line in (FIXTURES / file).read_bytes().splitlines()
        if (record := parse(line)[0])
    ]
    planned = sorted(plan.plan(records, {}, DAY), key=lambda p: p.day)
    return {p.entry.id: p.entry for p in planned if isinstance(p.entry, Authority)}


def held(state: str) -> list[route.Held]:
    return [
        route.Held(entry=e, n=1, position=1, band="never-confirmed") for e in entries().values() if e.state == state
    ]


def ask(requested: str, kind: str, **more: object) -> route.Answered:
    return route.find(route.Question(requested=requested, kind=kind, day=DAY, **more), held(requested))  # type: ignore[arg-type]


GOLDEN: Sequence[tuple[str, str, dict[str, object], list[str], str]] = (
    # requested, kind, more of the question, names of the authorities, provision that a source prints for it
    ("CH", "mla", {}, ["Federal Office of Justice"], "46(13)"),
    ("CH", "mla", {"treaty": "untoc"}, ["Federal Office of Justice"], "18(13)"),
    ("US", "mla", {}, ["Department of Justice"], "46(13)"),
    ("US", "prevention", {}, ["Department of State"], "6(3)"),
    ("US", "extradition", {}, ["Department of Justice"], ""),
    ("AT", "mla", {}, ["Federal Bureau of Anti-Corruption (BAK)", "Federal Ministry of Justice"], "46(13)"),
    ("AL", "mla", {"stage": "pre-trial"}, ["General Prosecutor's Office"], "46(13)"),
    ("AL", "mla", {"stage": "trial"}, ["Ministry of Justice"], "46(13)"),
    ("AL", "extradition", {}, ["Ministry of Justice"], "44(6)(a)"),
    ("AL", "prevention", {}, ["Department of Internal Audit and Anti-Corruption, Council of Ministers"], "6(3)"),
    ("DZ", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("AR", "extradition", {"treaty": "untoc"}, ["Ministry of Foreign Affairs and Worship"], "16(5)"),
    ("BE", "mla", {}, ["Federal Public Service Justice"], "46(13)"),
    ("BD", "mla", {}, ["Office of the Attorney General"], "46(13)"),
    ("BR", "extradition", {}, ["Ministry of Justice and Public Security"], ""),
    ("BR", "asset-recovery", {}, ["Ministry of Justice and Public Security"], ""),
    ("CY", "mla", {}, ["Ministry of Justice and Public Order"], "46(13)"),
    ("CY", "law-enforcement", {"treaty": "ets-185"}, ["Ministry of Justice and Public Order"], "35"),
    ("DK", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("DK", "mla", {"treaty": "ets-185"}, ["Director of Public Prosecutions"], "27(2)"),
    ("EE", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("FR", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("FR", "prevention", {}, ["Central Service for the Prevention of Corruption"], "6(3)"),
    ("GB", "mla", {"territory": "GB-SCT"}, ["Crown Office"], ""),
    ("GB", "mla", {"territory": "JE"}, ["HM Attorney General"], ""),
    ("GB", "mla", {"territory": "GG"}, ["HM Procureur (Attorney General of Guernsey)"], ""),
    ("GB", "mla", {"territory": "GB-NIR"}, ["UK Central Authority"], ""),
    ("GB", "law-enforcement", {"treaty": "uk-eu-tca"}, ["National Crime Agency"], "605(1)"),
    ("GR", "mla", {}, ["Ministry of Justice, Transparency and Human Rights"], "46(13)"),
    ("IS", "mla", {}, ["Ministry of the Interior"], "46(13)"),
    ("LI", "mla", {"treaty": "ets-185"}, ["Office of Justice"], "27(2)"),
    ("LI", "extradition", {"treaty": "ets-185"}, ["Member of Government responsible for Justice"], "24(7)"),
    ("LU", "mla", {}, ["General State Prosecutor's Office"], "46(13)"),
    ("MX", "mla", {}, ["Office of the Attorney General of the Republic"], "46(13)"),
    ("NU", "extradition", {"treaty": "untoc"}, ["Niue Police Department"], "16(5)"),
    ("RU", "mla", {}, ["Prosecutor General's Office of the Russian Federation",
     "Ministry of Justice of the Russian Federation"], "46(13)"),
    ("RO", "transfer-of-sentenced-persons", {}, ["Ministry of Justice"], "46(13)"),
    ("SC", "mla", {}, ["Ministry of Foreign Affairs"], "46(13)"),
    ("SE", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("SE", "prevention", {}, ["Swedish International Development Cooperation Agency (Sida)"], "6(3)"),
    ("ZW", "mla", {}, ["Anti-Corruption Commission"], "46(13)"),
    ("ZW", "extradition", {}, [], ""),
    ("ME", "mla", {}, ["Ministry of Justice"], "46(13)"),
    ("MC", "mla", {"treaty": "ets-185"}, ["Directorate of Judicial Services"], "27(2)"),
)  # fmt: skip


@pytest.mark.parametrize(("requested", "kind", "more", "names", "provision"), GOLDEN)
def test_golden(requested: str, kind: str, more: dict[str, object], names: list[str], provision: str) -> None:
    answer = ask(requested, kind, **more)

    found = {n.text for r in answer.routes for n in entries()[r.id].names}
    assert len(answer.routes) == len(names)
    assert set(names) <= found
    printed = [d.provision or "" for r in answer.routes for d in r.designations]
    assert not provision or any(provision in p for p in printed)


def test_every_statement_cites_a_field_that_is_there() -> None:
    for state in sorted({e.state for e in entries().values()}):
        for kind in ("mla", "extradition", "asset-recovery", "prevention"):
            for r in ask(state, kind, urgent=True).routes:
                entry = entries()[r.id]
                keys = {d.key for d in entry.designations} | {a.key for a in entry.requirements.general}
                sources = {s.key for s in entry.sources}
                for cited in (*r.why, *r.basis, *r.channels, *r.before, *r.urgent):
                    assert cited.path.partition("[")[2].rstrip("]") in keys | {c.key for c in entry.contacts}
                    assert set(cited.sources) <= sources


def test_two_bodies_without_a_stated_split_are_both_shown() -> None:
    answer = ask("AT", "mla")

    assert answer.outcome == "several"
    assert answer.decides == ()


def test_what_decides_is_named() -> None:
    assert ask("AL", "mla").decides == ("stage",)
    assert "territory" in ask("GB", "mla").decides


def test_a_succeeded_body_is_left_out_with_its_successor() -> None:
    answer = ask("LI", "mla")

    gone = {x.id: x for x in answer.excluded}["li-ministry-justice"]
    assert gone.reason == "succeeded"
    assert gone.cited.values == ("li-office-justice",)


def test_the_language_of_the_requesting_state_comes_first() -> None:
    (found,) = ask("CH", "mla", requesting="IT").routes

    assert found.languages[0].rule.languages == ("it",)
    assert found.languages[0].shared == ("it",)


def test_silence_is_listed_and_never_taken_for_no() -> None:
    (found,) = ask("FR", "mla").routes

    assert "lang" in found.unknown
    assert found.basis == ()
