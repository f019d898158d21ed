"""Languages of the pages: catalogs, direction, dates. A language is there when its catalog is."""

import gettext
from collections.abc import Mapping
from datetime import date
from importlib import resources
from io import BytesIO

from msgspec import Struct

DOMAIN = "web"


class Lang(Struct, frozen=True):
    """A language of the pages under its own name."""

    code: str
    name: str
    direction: str = "ltr"


KNOWN = (
    Lang("en", "English"),
    Lang("fr", "Français"),
    Lang("es", "Español"),
    Lang("ru", "Русский"),
    Lang("zh", "中文"),
    Lang("ar", "العربية", "rtl"),
)


Catalogs = Mapping[Lang, gettext.NullTranslations]


def installed() -> Catalogs:
    """English, whose texts are the messages themselves, and every language whose catalog was compiled."""
    found: dict[Lang, gettext.NullTranslations] = {KNOWN[0]: gettext.NullTranslations()}
    for lang in KNOWN[1:]:
        data = _catalog(lang.code)
        if data is not None:
            found[lang] = gettext.GNUTranslations(BytesIO(data))
    return found


def _catalog(code: str) -> bytes | None:
    file = resources.files("directory.web") / "locales" / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    return file.read_bytes() if file.is_file() else None


def negotiate(header: str, langs: tuple[Lang, ...]) -> Lang:
    """The language that an Accept-Language header likes best; English if it names none of ours."""
    best, quality = langs[0], 0.0
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        try:
            q = float(parameters.strip()[2:]) if parameters.strip().startswith("q=") else 1.0
        except ValueError:
            q = 0.0
        found = next((x for x in langs if x.code == tag.strip().lower().split("-")[0]), None)
        if found and q > quality:
            best, quality = found, q
    return best


_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "fr": tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
    "es": tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()),
    "ru": tuple("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()),
    "ar": (
        "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
        "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
    ),
}  # fmt: skip
_RU_MONTHS = tuple("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split())


def day_text(day: date, lang: str) -> str:
    """A day as the United Nations writes it: 31 May 2019, 1er mars 2019, 31 мая 2019 года."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    month = _MONTHS[lang][day.month - 1]
    if lang == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    if lang == "es":
        return f"{day.day} de {month} de {day.year}"
    if lang == "ru":
        return f"{day.day} {month} {day.year} года"
    return f"{day.day} {month} {day.year}"


def partial_text(text: str, lang: str) -> str:
    """A day, month or year (``2014-03-21``, ``2014-03``, ``2014``) in words, as exact as it is."""
    parts = [int(p) for p in text.split("T", maxsplit=1)[0].split("-")]
    if len(parts) == 3:
        return day_text(date(*parts), lang)
    if len(parts) == 1:
        return {"zh": f"{parts[0]}年", "ru": f"{parts[0]} год"}.get(lang, str(parts[0]))
    if lang == "zh":
        return f"{parts[0]}年{parts[1]}月"
    month = _RU_MONTHS[parts[1] - 1] if lang == "ru" else _MONTHS[lang][parts[1] - 1]
    return f"{month} de {parts[0]}" if lang == "es" else f"{month} {parts[0]}"
