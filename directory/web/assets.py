"""Style sheet, script, fonts: read once at start, named by their content, kept compressed in memory."""

import hashlib
import json
import mimetypes
from importlib import resources
from importlib.resources.abc import Traversable

from msgspec import Struct

from directory.domain import states
from directory.web.edge import CODINGS, COMPRESSIBLE, compress

mimetypes.add_type("font/woff2", ".woff2")
IMMUTABLE = "public, max-age=31536000, immutable"


class Asset(Struct, frozen=True):
    """One file as it is served; ``packed`` holds it in each coding that makes it smaller."""

    path: str
    media_type: str
    body: bytes
    packed: dict[str, bytes] = {}


class Assets:
    """All files by the address under which they are served; fonts keep their names, others carry their hash."""

    def __init__(self, langs: tuple[str, ...]) -> None:
        self.by_path: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        folder = resources.files("directory.web") / "static"
        for file in folder.iterdir():
            if file.is_file() and not file.name.endswith((".toml", ".py")):
                self._add(file.name, file.read_bytes())
        for font in (folder / "fonts").iterdir():
            if font.name.endswith(".woff2"):
                self._put(f"fonts/{font.name}", font)
        for lang in langs:
            self._add(f"states.{lang}.json", _states(lang))

    def url(self, name: str) -> str:
        """Address of a file by its plain name. Raises KeyError."""
        return "/static/" + self._names[name]

    def _add(self, name: str, body: bytes) -> None:
        stem, _, ending = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}.{ending}"
        self._names[name] = hashed
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        packed = (
            {coding: compress(coding, body, 9) for coding in CODINGS} if COMPRESSIBLE.match(media_type.encode()) else {}
        )
        self.by_path[hashed] = Asset(hashed, media_type, body, packed)

    def _put(self, name: str, file: Traversable) -> None:
        self._names[name] = name
        self.by_path[name] = Asset(name, "font/woff2", file.read_bytes())


def _states(lang: str) -> bytes:
    """Names of States for the combobox: the one to print, and all by which it is found."""
    rows = [
        {
            "n": states.name(p.code, lang),
            "l": list(dict.fromkeys([states.name(p.code, lang), *p.names.values(), *p.variants, p.code])),
        }
        for p in states.all_states()
    ]
    rows.sort(key=lambda row: str(row["n"]))
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
