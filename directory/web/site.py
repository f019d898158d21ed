"""What every handler of the pages is given: data, settings, clock, and the means to print a page."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from gettext import NullTranslations
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import phonenumbers
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.response import Response
from markupsafe import Markup

from directory.clock import Clock, today
from directory.domain import states, vocabulary
from directory.domain.authority import LanguageAlternative
from directory.domain.freshness import Clocks
from directory.settings import Settings
from directory.store.database import Database
from directory.web import i18n
from directory.web.assets import Assets

R = TypeVar("R")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PUBLIC = "public, max-age=60"
VALUES = {
    "channel": "channel", "content": "content-element", "means": "means", "refusal": "refusal-ground",
    "stage": "stage",
}  # fmt: skip
"""The vocabulary of an aspect's coded values."""


class Site:
    """The pages' surroundings. One environment a language, so that texts are settled when a template is compiled."""

    def __init__(self, settings: Settings, db: Database, clock: Clock, catalogs: i18n.Catalogs) -> None:
        self.settings = settings
        self.db = db
        self.clock = clock
        self.langs = tuple(catalogs)
        self.assets = Assets(tuple(lang.code for lang in self.langs))
        self.clocks = Clocks(due=settings.contact_days)
        self._environments = {lang.code: self._environment(lang, catalog) for lang, catalog in catalogs.items()}

    def today(self) -> date:
        """The UTC day."""
        return today(self.clock)

    async def read(self, unit: Callable[[sqlite3.Connection], R]) -> R:
        """Everything that a page needs, in one look at one moment."""
        return await self.db.read(unit)

    def lang_of(self, request: Request[Any, Any, Any]) -> i18n.Lang:
        """The language of the page: from its address, else from what the reader's browser asks for."""
        first = request.scope["path"].split("/")[1] if "/" in request.scope["path"] else ""
        found = next((lang for lang in self.langs if lang.code == first), None)
        return found or i18n.negotiate(request.headers.get("accept-language", ""), self.langs)

    def page(
        self,
        request: Request[Any, Any, Any],
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response[bytes]:
        """A page in the language of its address."""
        lang = self.lang_of(request)
        path = request.scope["path"]
        rest = path.removeprefix(f"/{lang.code}").lstrip("/")
        query = request.scope["query_string"].decode("latin-1")
        html = (
            self._environments[lang.code]
            .get_template(template)
            .render(path=rest, query=f"?{query}" if query else "", today=self.today(), **context)
        )
        return Response(
            html.encode(), status_code=status, media_type="text/html; charset=utf-8",
            headers={"cache-control": PUBLIC if status == 200 else "no-store", **(headers or {})},
        )  # fmt: skip

    def _environment(self, lang: i18n.Lang, catalog: NullTranslations) -> Environment:
        env = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        )  # fmt: skip
        env.install_gettext_translations(catalog, newstyle=True)  # type: ignore[attr-defined]
        code = lang.code
        env.globals |= {
            "lang": lang,
            "langs": self.langs,
            "asset": self.assets.url,
            "base_url": self.settings.base_url,
            "url": lambda path, **query: f"/{code}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""),
            "label": lambda scheme, value: catalog.gettext(_label(scheme, value)),
            "value_label": lambda aspect, value: catalog.gettext(_label(VALUES.get(aspect, "aspect"), value)),
            "article": _article,
            "state_name": lambda value: states.name(value, code),
            "language_name": lambda tag: states.language_name(tag, code),
            "phone": _phone,
        }
        env.filters |= {
            "day": lambda value: i18n.partial_text(str(value), code),
            "time": lambda value: _time(str(value), code),
            "languages": lambda value: _rule(value, code),
            "source_date": lambda key, sources: sources[key].as_of,
        }
        return env


def _label(scheme: str, code: str) -> str:
    return vocabulary.label(scheme, code) if scheme in vocabulary.schemes() else code


def _time(text: str, lang: str) -> Markup:
    """A day, month or year for people and programs."""
    return Markup('<time datetime="{}">{}</time>').format(text, i18n.partial_text(text, lang))


def _article(scheme: str, code: str, treaty: str = "uncac") -> str | None:
    concept = vocabulary.scheme(scheme).get(code)
    return concept.articles.get(treaty) if concept else None


def _phone(e164: str) -> str:
    """A number in groups, held together by no-break spaces."""
    number = phonenumbers.parse(e164)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return text.replace(" ", "\u00a0").replace("-", "\u2011")


def _rule(alternative: LanguageAlternative, lang: str) -> Sequence[str]:
    return [states.language_name(tag, lang) for tag in alternative.languages]
