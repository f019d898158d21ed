"""A small directory with an entry for each thing that a page must be able to show, and a client of the whole stack."""

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import httpx
import pytest

from directory.actions.publish import publish
from directory.clock import instant
from directory.domain import codec
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
from directory.log.record import EntryConfirmed
from directory.settings import Settings
from directory.store import ledger, signing
from directory.store.database import create, transaction
from directory.store.ledger import Draft
from directory.store.rows import Basis, Precision
from directory.web import i18n
from directory.web.app import create_app

NOW = datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC)
OFFICER = "p_" + "0" * 32
HOSTILE = '<script>alert(1)</script> & "Co" \'s </textarea>'
LONG = "Главное управление международно-правового сотрудничества Генеральной прокуратуры и Министерства юстиции " * 2
NOTICE = Source(
    key="s-notice", title="Notification to the depositary", url="https://example.org/n?a=1&b=2", as_of="2014-03-21"
)
PAGE = Source(key="s-page", title="Web page of the Office", as_of="2010")
UNDATED = Source(key="s-undated", title="Printed guide without a date")


def kenya(version: int) -> Authority:
    """Version 1 of 2010, 2 of March 2014, 3 read without a date, 4 announced for 2027."""
    mail = ["old@agc.example.org", "mla@agc.example.org", "mla@agc.example.org", "new@agc.example.org"][version - 1]
    key = "s-page" if version == 1 else "s-notice"
    contact = ContactPoint(
        key="main",
        address=PostalAddress(
            lines=("State Law Office", "Harambee Avenue", "Nairobi", "KENYA"), country="KE", sources=(key,)
        ),
        telephones=(
            Telephone(key="t1", printed="+254 20 222 7461", e164="+254202227461", sources=(key,)),
            *(
                (Telephone(key="t2", printed="12-34-56 (old line)", note="unread", sources=(key,)),)
                if version > 1
                else ()
            ),
        ),
        faxes=(Telephone(key="f1", printed="+254 20 221 1082", e164="+254202211082", sources=(key,)),)
        if version == 1
        else (),
        emails=(Email(key="e1", address=mail, sources=(key, "s-undated") if version > 2 else (key,)),),
        websites=(WebAddress(key="w1", url="https://example.org/agc", sources=(key,)),),
    )
    answers = [
        Answer(
            key="lang",
            aspect="lang",
            sources=(key,),
            text=(Text(text="English; Swahili by agreement.", lang="en"),),
            languages=(
                LanguageAlternative(languages=("en",)),
                LanguageAlternative(languages=("sw", "en"), conditions=("preferred",)),
            ),
        ),
        Answer(key="basis", aspect="basis-uncac", answer="stated-yes", sources=(key,)),
        Answer(key="means", aspect="means", values=("email-encrypted", "courier"), sources=(key,)),
    ]
    if version > 1:
        answers.append(
            Answer(
                key="other",
                aspect="other",
                sources=(key,),
                text=(
                    Text(
                        text="A request shall name the court before which the proceedings are pending"
                        + (
                            " and the date of the next hearing."
                            if version == 2
                            else " and the dates of the next two hearings."
                        ),
                        lang="en",
                    ),
                ),
            )
        )
    if version > 2:
        answers.append(
            Answer(
                key="dual",
                aspect="dual-criminality",
                answer="conditional",
                sources=("s-undated",),
                text=(Text(text="Needed for coercive measures.", lang="en"),),
            )
        )
    return Authority(
        id="ke-attorney-general", state="KE",
        names=(Name(key="n1", text="Office of the Attorney-General", lang="en", sources=(key,)),
               Name(key="n2", text="Ofisi ya Mwanasheria Mkuu", lang="sw", official=True, sources=(key,))),
        kind="attorney-general",
        designations=(
            Designation(
                key="d1", function="mla", treaty="uncac", provision="46(13)", notified_on="2014-03-21", sources=(key,)
            ),
            Designation(key="d2", function="extradition", scope=Scope(text="Commonwealth States only"), sources=(key,)),
        ),
        contacts=(contact,), requirements=Requirements(general=tuple(answers)),
        sources=(PAGE, NOTICE, UNDATED)[: 1 if version == 1 else 2 if version == 2 else 3],
    )  # fmt: skip


def simple(entry_id: str, name: str, lang: str | None = "en", **more: object) -> Authority:
    """An entry with little in it."""
    fields: dict[str, object] = {
        "designations": (Designation(key="d1", function="mla", treaty="uncac", sources=("s-notice",)),),
        "sources": (NOTICE,),
        **more,
    }
    name_ = Name(key="n1", text=name, lang=lang, sources=("s-notice",))
    return Authority(id=entry_id, state=entry_id[:2].upper(), names=(name_,), **fields)  # type: ignore[arg-type]


def entries() -> Iterator[tuple[Entry, date, Precision, Basis]]:
    """Content, the day from which it was true, how exact the day is, how it is known."""
    yield kenya(1), date(2010, 1, 1), "year", "page"
    yield kenya(2), date(2014, 3, 21), "day", "notification"
    yield kenya(3), NOW.date(), "read", "read"
    yield kenya(4), date(2027, 1, 1), "day", "gazette"
    day: tuple[date, Precision, Basis] = (date(2014, 3, 21), "day", "source")
    yield simple("ke-public-prosecutions", "Director of Public Prosecutions"), *day
    yield simple("so-ministry-justice", "Ministry of Justice and Constitutional Affairs"), *day
    yield simple("ru-long", LONG.strip(), "ru"), *day
    yield simple("de-bfj", "Federal Office of Justice"), *day
    yield (
        simple(
            "de-old",
            "Federal Ministry, Division 9",
            status="succeeded",
            status_since="2007-01-01",
            succeeded_by="de-bfj",
        ),
        *day,
    )
    sana = PostalAddress(lines=("شارع العدل", "صنعاء"), lang="ar", sources=("s-notice",))
    line = Telephone(key="t", printed="+967 1 252 137", e164="+9671252137", sources=("s-notice",))
    contact = ContactPoint(key="c", address=sana, telephones=(line,))
    yield simple("ye-justice", "وزارة العدل", "ar", contacts=(contact,)), *day
    yield (
        simple("fr-hostile", HOSTILE, remarks=(Remark(key="r", text=(Text(text=HOSTILE),), sources=("s-notice",)),)),
        *day,
    )
    yield (
        StateEntry(
            id="ke", state="KE", sources=(NOTICE,),
            declarations=(Declaration(key="d", treaty="uncac", provision="44(6)(a)", sources=("s-notice",), text=(
                Text(text="Kenya takes the Convention as the legal basis for extradition.", lang="en"),)),),
        ),
        *day,
    )  # fmt: skip


def confirm(c: sqlite3.Connection, entry_id: str, n: int, at: datetime) -> None:
    """A confirmation by a signed-in officer."""
    leaf = c.execute("SELECT l.leaf FROM version v JOIN log l ON l.idx = v.idx WHERE v.id = ?", (entry_id,)).fetchone()[
        0
    ]
    ledger._take(
        c,
        EntryConfirmed(
            v=1, i=ledger.size(c), at=instant(at), id=entry_id, n=n, prev=leaf.hex(), grade="A", by=(OFFICER,)
        ),
    )


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A directory with :func:`entries`, one of them confirmed ten days ago."""
    return make(tmp_path_factory.mktemp("data"))


def make(data: Path) -> Settings:
    """Make that directory in ``data``."""
    settings = Settings(data=data, origin="test.example/log", base_url="https://test.example")
    signing.LogSigner.make(settings.keys)
    signer = signing.LogSigner(settings.keys, settings.origin)
    earlier = NOW - timedelta(days=10)
    with closing(create(settings.database)) as c:
        with transaction(c):
            ledger.genesis(c, earlier, settings.origin, hashlib.sha256(b"policy").hexdigest(), [signer.vkey])
        signing.catch_up(c, signer, settings.highwater_file)

    drafts = [
        Draft(
            id=e.id,
            body=codec.encode(e),
            effective_on=day,
            precision=p,
            basis=b,
            reason=f"Read in {e.sources[-1].title}",
        )
        for e, day, p, b in entries()
    ]
    publish(settings, lambda: earlier, lambda _c, _now: drafts)
    with closing(create(settings.database)) as c:
        with transaction(c):
            confirm(c, "ke-public-prosecutions", 1, earlier)
        signing.catch_up(c, signer, settings.highwater_file)
    return settings


class Pseudo(NullTranslations):
    """Every message in brackets: what shows outside them did not go through the catalogs."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message else message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return f"⟦{singular if n == 1 else plural}⟧"


@pytest.fixture(scope="session")
def pseudo() -> i18n.Catalogs:
    """English, and a language from right to left whose texts are the English ones in brackets."""
    return PSEUDO


PSEUDO: i18n.Catalogs = {i18n.KNOWN[0]: NullTranslations(), i18n.Lang("ar", "العربية", "rtl"): Pseudo()}
Client = httpx.AsyncClient


@pytest.fixture
async def client(settings: Settings, pseudo: i18n.Catalogs, clock: Callable[[], datetime]) -> AsyncIterator[Client]:
    """Asks the application through its outermost layer."""
    app, edge = create_app(settings, clock, pseudo)
    async with app.lifespan():
        transport = httpx.ASGITransport(app=edge, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test.example") as found:
            yield found


@pytest.fixture(scope="session")
def facts() -> Path:
    """The real facts that come with the repository."""
    return Path(__file__).resolve().parents[2] / "fixtures"
