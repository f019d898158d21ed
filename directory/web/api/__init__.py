"""The machine side: API v1, files, and the log in public."""

from litestar.types import ControllerRouterHandler

from directory.web.api import files, log, openapi, reading
from directory.web.site import Site


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Every machine address."""
    return [*reading.handlers(site), *files.handlers(site), *log.handlers(site), *openapi.handlers(site)]
