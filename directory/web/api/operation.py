"""An operation: one address of the machine side, what it takes and what it answers, said once."""

from typing import Any, Literal

from litestar import Request
from msgspec import Struct

from directory.web import params
from directory.web.api.parameters import Parameter, check

Tag = Literal["entries", "reference", "files", "log"]


class Operation(Struct, frozen=True, kw_only=True):
    """``path`` is written as OpenAPI writes it; ``answer`` is the Struct of a JSON body, None for other media types.

    ``refusals`` says when an error other than 400 comes, by status.
    """

    id: str
    path: str
    tag: Tag
    summary: str
    about: str = ""
    places: tuple[Parameter, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    answer: Any = None
    media_type: str = "application/json"
    answers_with: str = "The answer."
    refusals: dict[int, str] = {}
    next_page: bool = False

    def read(self, request: Request[Any, Any, Any]) -> dict[str, list[str]]:
        """The parameters of a request. Raises Invalid with everything that is wrong with them."""
        return check(params.of(request), self.parameters)
