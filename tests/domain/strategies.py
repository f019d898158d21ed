"""Random entries that keep every rule.

Other tests use them as ``from tests.domain.strategies import authorities``. Items are drawn from pools that a fixed
seed fills, so that an entry takes few choices, shrinks fast, and two entries have much in common. Texts come in Latin,
Cyrillic, Arabic and Chinese letters.
"""

import unicodedata
from collections.abc import Callable
from itertools import permutations
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from msgspec import Struct, structs

from directory.domain import vocabulary
from directory.domain.authority import (
    Answer,
    Authority,
    ContactPoint,
    Declaration,
    Designation,
    Document,
    Email,
    Entry,
    EntryStatus,
    LanguageAlternative,
    Means,
    MeasureRequirements,
    Name,
    OpeningHours,
    PostalAddress,
    PublicKey,
    Remark,
    Requirements,
    Scope,
    Source,
    StateEntry,
    Telephone,
    Text,
    WebAddress,
    YearlyFigures,
)

T = TypeVar("T", bound=Struct)

STATES = ("GB", "DE", "BR", "CI", "CN", "EG")
TERRITORIES = {"GB": ("JE", "GB-SCT"), "CN": ("HK", "MO")}
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar", "de", "pt", "az")
SOURCES = ("s-notification", "s-gazette", "s-page")
NUMBERS = (
    ("+44 (0)20 7035 4040", "+442070354040"),
    ("0049 / 228 / 99410 – 5333", "+49228994105333"),
    ("+55 61 2025-8900", "+556120258900"),
    ("20 7035 4040 (switchboard)", None),
)
ZONES = ("Europe/London", "America/Sao_Paulo", "Africa/Abidjan", "Asia/Shanghai")
MAILBOXES = ("mla@example.org", "central.authority@justice.example", "OIA@moj.example.net", "bfj@xn--mller-kva.example")
PAGES = ("https://www.example.org/mla", "http://justice.example", "https://example.net/auth?id=3")
WORDS = (
    "Ministry Office Division Justice Prosecution International Cooperation request translation certified original "
    "records confiscation Министерство юстиции перевод запрос وزارة العدل ترجمة الطلب 司法部 请求书 翻译 Côte d’Ivoire "
    "46(13) Musterstraße 12/3"
).split()


class Dice:
    """Draws from a fixed seed: what the pools are filled with."""

    def __init__(self) -> None:
        self.random = Random(20261124)

    def phrase(self, least: int = 1, most: int = 8) -> str:
        words = self.random.choices(WORDS, k=self.random.randint(least, most))
        return unicodedata.normalize("NFC", " ".join(words))

    def date(self) -> str:
        day = f"{self.random.randint(1990, 2024)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        return day[: self.random.choice((4, 7, 10))]

    def some(self, values: tuple[str, ...] | list[str], most: int = 2, least: int = 0) -> tuple[str, ...]:
        return tuple(self.random.sample(values, self.random.randint(least, most)))

    def codes(self, scheme: str, most: int = 2, least: int = 0) -> tuple[str, ...]:
        return self.some([c.code for c in vocabulary.scheme(scheme) if not c.prohibited][:5], most, least)

    def code(self, scheme: str) -> str:
        return self.codes(scheme, 1, 1)[0]

    def maybe(self, make: Callable[..., Any], *given: Any) -> Any:
        return make(*given) if self.random.random() < 0.4 else None

    def sources(self) -> tuple[str, ...]:
        return self.some(SOURCES)

    def texts(self, least: int = 0) -> tuple[Text, ...]:
        return tuple(Text(text=self.phrase(2, 12), lang=tag) for tag in self.some(LANGUAGES, 2, least))

    def name(self) -> Name:
        lang = self.maybe(self.random.choice, LANGUAGES)
        return Name(key="k", text=self.phrase(1, 5), lang=lang, sources=self.sources())

    def scope(self) -> Scope:
        return Scope(text=self.phrase(2, 10), stages=self.codes("stage"), subjects=self.codes("subject"))

    def designation(self) -> Designation:
        return Designation(
            key="k",
            function=self.code("function"),
            treaty=self.maybe(self.code, "treaty"),
            provision=self.maybe(self.random.choice, ("46(13)", "44(6)(a)", "18(13)")),
            scope=self.maybe(self.scope),
            notified_on=self.maybe(self.date),
            sources=self.sources(),
        )

    def address(self) -> PostalAddress:
        lines = tuple(self.phrase(1, 4) for _ in range(self.random.randint(1, 5)))
        return PostalAddress(lines=lines, country=self.maybe(self.random.choice, STATES), sources=self.sources())

    def telephone(self) -> Telephone:
        printed, e164 = self.random.choice(NUMBERS)
        return Telephone(
            key="k",
            printed=printed,
            e164=e164,
            note=self.maybe(self.phrase),
            valid_until=self.maybe(self.date),
            sources=self.sources(),
        )

    def email(self) -> Email:
        note = self.maybe(self.phrase)
        return Email(key="k", address=self.random.choice(MAILBOXES), note=note, sources=self.sources())

    def web_address(self) -> WebAddress:
        return WebAddress(key="k", url=self.random.choice(PAGES), sources=self.sources())

    def hours(self) -> OpeningHours:
        days = tuple(sorted(self.random.sample(range(1, 8), self.random.randint(1, 5))))
        return OpeningHours(days=days, opens=self.random.choice(("08:00", "09:30")), closes="16:30")

    def public_key(self) -> PublicKey:
        return PublicKey(key="k", kind="openpgp", fingerprint=self.random.randbytes(20).hex(), sources=self.sources())

    def means(self) -> tuple[Means, ...]:
        return tuple(Means(code=c, note=self.maybe(self.phrase)) for c in self.codes("means"))

    def alternatives(self) -> tuple[LanguageAlternative, ...]:
        return tuple(
            LanguageAlternative(languages=self.some(LANGUAGES, 2, 1), conditions=self.codes("language-condition"))
            for _ in range(self.random.randint(1, 2))
        )

    def answer(self) -> Answer:
        """An answer on one of four aspects: yes or no, channels, languages, a sentence."""
        aspect = self.random.choice(("dual-criminality", "channel", "lang", "other"))
        stated = self.random.choice(("stated-yes", "stated-no", "conditional", "not-applicable"))
        return Answer(
            key="k",
            aspect=aspect,
            answer=stated if aspect == "dual-criminality" else None,  # type: ignore[arg-type]
            values=self.codes("channel", 2, 1) if aspect == "channel" else (),
            languages=self.alternatives() if aspect == "lang" else (),
            text=self.texts(1 if aspect == "other" else 0),
            functions=self.codes("function", 1),
            treaties=self.codes("treaty", 1),
            legal_reference=self.maybe(self.phrase),
            applies_from=self.maybe(self.date),
            sources=self.sources(),
        )

    def document(self) -> Document:
        url = self.maybe(self.random.choice, PAGES)
        return Document(key="k", kind=self.code("document-kind"), title=self.phrase(), url=url)

    def figures(self) -> YearlyFigures:
        count = self.random.randint(0, 5000)
        return YearlyFigures(key="k", year=self.random.randint(2010, 2024), received=count, granted=count // 2)

    def remark(self) -> Remark:
        return Remark(key="k", text=self.texts(1), sources=self.sources())

    def source(self) -> Source:
        return Source(key="k", title=self.phrase(), as_of=self.maybe(self.date))


_dice = Dice()


def _pool(make: Callable[[], T], size: int = 12) -> SearchStrategy[T]:
    return st.sampled_from([make() for _ in range(size)])


NAMES, DESIGNATIONS, ANSWERS = _pool(_dice.name), _pool(_dice.designation, 20), _pool(_dice.answer, 30)
ADDRESSES, TELEPHONES, EMAILS = _pool(_dice.address), _pool(_dice.telephone), _pool(_dice.email)
WEB_ADDRESSES, HOURS, PUBLIC_KEYS = _pool(_dice.web_address, 6), _pool(_dice.hours, 6), _pool(_dice.public_key, 4)
DOCUMENTS, FIGURES, REMARKS, SOURCE = (
    _pool(_dice.document),
    _pool(_dice.figures),
    _pool(_dice.remark),
    _pool(_dice.source),
)
MEANS = st.sampled_from([(), *(_dice.means() for _ in range(5))])
LISTS = {
    scheme: st.sampled_from([(), *(_dice.codes(scheme) for _ in range(5))])
    for scheme in ("function", "treaty", "network")
}
LANGUAGE_LISTS = st.sampled_from([(), *(_dice.some(LANGUAGES) for _ in range(5))])


def several(draw: DrawFn, items: SearchStrategy[T], keys: tuple[str, ...], least: int = 0) -> tuple[T, ...]:
    """Items under different keys, in any order."""
    orders = [order for size in range(least, len(keys) + 1) for order in permutations(keys, size)]
    return tuple(structs.replace(draw(items), key=key) for key in draw(st.sampled_from(orders)))


@st.composite
def contact_points(draw: DrawFn) -> ContactPoint:
    """One way in, with at least one mailbox."""
    return ContactPoint(
        key="k",
        purpose=draw(st.sampled_from(("general", "urgent"))),
        label=draw(st.sampled_from((None, "Duty desk"))),
        functions=draw(LISTS["function"]),
        treaties=draw(LISTS["treaty"]),
        address=draw(st.none() | ADDRESSES),
        visiting_address=draw(st.none() | ADDRESSES),
        telephones=several(draw, TELEPHONES, ("tel-1", "tel-2")),
        faxes=several(draw, TELEPHONES, ("fax-1",)),
        emails=several(draw, EMAILS, ("email-1", "email-2"), least=1),
        websites=several(draw, WEB_ADDRESSES, ("web-1",)),
        portals=several(draw, WEB_ADDRESSES, ("portal-1",)),
        hours=tuple(dict.fromkeys(draw(st.lists(HOURS, max_size=2)))),
        time_zone=draw(st.sampled_from(ZONES)),
        languages=draw(LANGUAGE_LISTS),
        means=draw(MEANS),
        keys=several(draw, PUBLIC_KEYS, ("pgp-1",)),
    )


CONTACT_POINTS = contact_points()


def measures(draw: DrawFn) -> tuple[MeasureRequirements, ...]:
    """Blocks of one measure each, where the vocabulary knows measures."""
    if "measure" not in vocabulary.schemes():
        return ()
    codes = [c.code for c in vocabulary.scheme("measure")][:3]
    chosen = draw(st.sampled_from([(), *((c,) for c in codes)]))
    return tuple(MeasureRequirements(measure=c, answers=several(draw, ANSWERS, ("a", "b"), least=1)) for c in chosen)


@st.composite
def authorities(draw: DrawFn, entry_id: str | None = None) -> Authority:
    """An authority that keeps every rule; ``entry_id`` fixes its identifier, and with it the State."""
    state = entry_id[:2].upper() if entry_id else draw(st.sampled_from(STATES))
    statuses: tuple[EntryStatus, ...] = ("active", "active", "withdrawn", "succeeded")
    status = draw(st.sampled_from(statuses))
    return Authority(
        id=entry_id or f"{state.lower()}-{draw(st.sampled_from(('moj', 'central-authority', 'ago-2')))}",
        state=state,
        names=several(draw, NAMES, ("n-1", "n-2", "n-3"), least=1),
        territory=draw(st.sampled_from([(), *((t,) for t in TERRITORIES.get(state, ()))])),
        kind=draw(st.sampled_from((None, "court", "prosecution-service"))),
        units=several(draw, NAMES, ("u-1", "u-2")),
        status=status,
        status_since=None if status == "active" else draw(st.sampled_from((None, "2019", "2020-03-01"))),
        succeeded_by=f"{state.lower()}-successor" if status == "succeeded" else None,
        designations=several(draw, DESIGNATIONS, ("mla-uncac", "extradition-uncac", "mla-untoc")),
        contacts=several(draw, CONTACT_POINTS, ("general", "urgent")),
        requirements=Requirements(
            general=several(draw, ANSWERS, ("lang", "channel", "other")), measures=measures(draw)
        ),
        networks=draw(LISTS["network"]),
        documents=several(draw, DOCUMENTS, ("law-1",)),
        statistics=several(draw, FIGURES, ("y-1",)),
        remarks=several(draw, REMARKS, ("r-1", "r-2")),
        sources=all_sources(draw),
    )


def all_sources(draw: DrawFn) -> tuple[Source, ...]:
    """Every source that a pool names."""
    return tuple(structs.replace(draw(SOURCE), key=key) for key in SOURCES)


@st.composite
def declarations(draw: DrawFn) -> Declaration:
    """What a State declared in one act."""
    return Declaration(
        key="k",
        treaty=draw(st.sampled_from((None, "uncac", "untoc"))),
        functions=draw(LISTS["function"]),
        answers=several(draw, ANSWERS, ("lang", "basis")),
        text=draw(REMARKS).text,
        notified_on=draw(st.sampled_from((None, "2006", "2009-05-12"))),
        sources=draw(NAMES).sources,
    )


DECLARATIONS = declarations()


@st.composite
def state_entries(draw: DrawFn, state: str | None = None) -> StateEntry:
    """The entry of a State; ``state`` fixes which."""
    code = state or draw(st.sampled_from(STATES))
    return StateEntry(
        id=code.lower(),
        state=code,
        declarations=several(draw, DECLARATIONS, ("d-1", "d-2")),
        remarks=several(draw, REMARKS, ("r-1",)),
        sources=all_sources(draw),
    )


def entries() -> SearchStrategy[Entry]:
    """An authority or a State's entry."""
    return authorities() | state_entries()
