"""What every handler of the pages is given: data, settings, clock, and the means to print a page."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.response import Response

from directory.clock import Clock, today
from directory.domain.freshness import Clocks
from directory.settings import Settings
from directory.store.database import Connection, Database
from directory.web import i18n
from directory.web.assets import Assets
from directory.web.texts import Texts, article, phone

R = TypeVar("R")
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PUBLIC = "public, max-age=60"


class Site:
    """The pages' surroundings. One environment a language, so that texts are settled when a template is compiled."""

    def __init__(self, settings: Settings, db: Database, clock: Clock, catalogs: i18n.Catalogs) -> None:
        self.settings = settings
        self.db = db
        self.clock = clock
        self.langs = tuple(catalogs)
        self.assets = Assets(tuple(lang.code for lang in self.langs))
        self.clocks = Clocks(due=settings.contact_days)
        self._texts = {lang.code: Texts(lang, catalog) for lang, catalog in catalogs.items()}
        self._environments = {code: self._environment(texts) for code, texts in self._texts.items()}

    def today(self) -> date:
        """The UTC day."""
        return today(self.clock)

    async def read(self, unit: Callable[[Connection], R]) -> R:
        """Everything that a page needs, in one look at one moment."""
        return await self.db.read(unit)

    def lang_of(self, request: Request[Any, Any, Any]) -> i18n.Lang:
        """The language of the page: from its address, else from what the reader's browser asks for."""
        first = request.scope["path"].split("/")[1] if "/" in request.scope["path"] else ""
        found = next((lang for lang in self.langs if lang.code == first), None)
        return found or i18n.negotiate(request.headers.get("accept-language", ""), self.langs)

    def texts(self, request: Request[Any, Any, Any]) -> Texts:
        """What the page says, in its language."""
        return self._texts[self.lang_of(request).code]

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

    def _environment(self, texts: Texts) -> Environment:
        env = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
        )  # fmt: skip
        code = texts.lang.code
        env.install_gettext_translations(texts.catalog, newstyle=True)  # type: ignore[attr-defined]
        env.globals |= {
            "lang": texts.lang,
            "langs": self.langs,
            "asset": self.assets.url,
            "base_url": self.settings.base_url,
            "url": lambda path, **query: f"/{code}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""),
            "label": texts.label,
            "value_label": texts.value,
            "article": article,
            "state_name": texts.state,
            "language_name": texts.language,
            "phone": phone,
        }
        env.filters |= {
            "day": texts.day,
            "time": texts.time,
            "languages": texts.rule,
            "source_date": lambda key, sources: sources[key].as_of,
        }
        return env
