"""Settings: ``DIRECTORY_*`` variables and ``--data``, all checked together before anything starts."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from directory.errors import Unusable


class Settings(Struct, frozen=True, kw_only=True):
    """How this installation runs. Days are whole days; ``base_url`` has no slash at its end."""

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    origin: str = "central-authorities.example/log"
    """Name of the log in checkpoints and keys; never change it once the log exists."""
    highwater: Path | None = None
    """Where the high-water checkpoint lies; best on another disk. Default: ``data/highwater``."""
    readers: int = 3
    allowed_hosts: tuple[str, ...] = ()
    """Host names that requests may carry; empty: any."""
    contact_days: int = 120
    line_days: int = 30
    requirement_days: int = 365

    @property
    def database(self) -> Path:
        """The one database file."""
        return self.data / "directory.sqlite3"

    @property
    def keys(self) -> Path:
        """Folder of private keys, readable by the owner only."""
        return self.data / "keys"

    @property
    def highwater_file(self) -> Path:
        """The checkpoint that the log must never fall behind."""
        return self.highwater or self.data / "highwater"


_PREFIX = "DIRECTORY_"
_NAMES = {
    "DIRECTORY_DATA": "data",
    "DIRECTORY_HOST": "host",
    "DIRECTORY_PORT": "port",
    "DIRECTORY_BASE_URL": "base_url",
    "DIRECTORY_ORIGIN": "origin",
    "DIRECTORY_HIGHWATER": "highwater",
    "DIRECTORY_READERS": "readers",
    "DIRECTORY_ALLOWED_HOSTS": "allowed_hosts",
    "DIRECTORY_CONTACT_DAYS": "contact_days",
    "DIRECTORY_LINE_DAYS": "line_days",
    "DIRECTORY_REQUIREMENT_DAYS": "requirement_days",
}
_NUMBERS = {
    "port": (1, 65535),
    "readers": (1, 32),
    "contact_days": (1, 3650),
    "line_days": (1, 3650),
    "requirement_days": (1, 3650),
}


def load(environ: Mapping[str, str], data: Path | None = None) -> Settings:
    """Settings from the environment, ``data`` (from ``--data``) before it. Raises Unusable naming all that is wrong."""
    wrong: list[str] = []
    values: dict[str, object] = {}
    for name, text in environ.items():
        if not name.startswith(_PREFIX):
            continue
        field = _NAMES.get(name)
        if field is None:
            close = difflib.get_close_matches(name, _NAMES, n=1)
            wrong.append(f"{name} is not a setting{f'; did you mean {close[0]}?' if close else '.'}")
            continue
        try:
            values[field] = _value(field, text.strip())
        except ValueError as problem:
            wrong.append(f"{name}={text!r}: {problem}")
    if wrong:
        raise Unusable("The settings can't be used:\n" + "\n".join(f"  - {line}" for line in wrong))
    if data is not None:
        values["data"] = data
    settings = Settings(**values)  # type: ignore[arg-type]
    if "base_url" not in values:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        values["base_url"] = f"http://{host}:{settings.port}"
    return Settings(**values)  # type: ignore[arg-type]


def _value(field: str, text: str) -> object:
    if not text:
        raise ValueError("it is empty; take the variable away to get the default.")
    if field in _NUMBERS:
        low, high = _NUMBERS[field]
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"it must be a whole number from {low} to {high}.")
        return int(text)
    if field in ("data", "highwater"):
        return Path(text)
    if field == "allowed_hosts":
        return tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if field == "base_url":
        return _address(text)
    if field == "origin" and (" " in text or "+" in text or "://" in text):
        raise ValueError("it must be a name without scheme, spaces and plus signs, such as directory.example/log.")
    return text


def _address(text: str) -> str:
    wanted = "it must be an address such as https://directory.example, without user, query and fragment."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as problem:
        raise ValueError(wanted) from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError(wanted)
    if parts.username is not None or parts.query or parts.fragment or not text.isascii() or " " in text:
        raise ValueError(wanted)
    return text.rstrip("/")
