"""The machine side: API v1, files, and the log in public."""

from litestar.types import ControllerRouterHandler

from directory.web.api import description, entries, files, log, reference
from directory.web.site import Site


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Every machine address."""
    return [h for module in (entries, reference, files, log, description) for h in module.handlers(site)]
