"""docs/api.md says what there is, and its examples work."""

import re
from pathlib import Path

import httpx
import pytest

from directory.web.api.description import OPERATIONS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r'^curl "\$D(.+)"$', PAGE, re.MULTILINE)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda op: op.id)
def test_every_address_and_every_parameter_is_on_the_page(operation: object) -> None:
    op = next(o for o in OPERATIONS if o is operation)
    assert f"`{op.path}`" in PAGE
    for parameter in op.parameters:
        assert re.search(rf"`{parameter.name}[`=]", PAGE), parameter.name


def test_the_page_speaks_of_no_address_that_is_not_there() -> None:
    written = {a for a in re.findall(r"`(/[a-z][^`?…]*)`", PAGE) if not a.endswith("/")}
    assert written <= {op.path for op in OPERATIONS} | {"/api/v1/changes"}


@pytest.mark.parametrize("address", EXAMPLES)
def test_every_example_answers(server: str, address: str) -> None:
    assert httpx.get(server + address).status_code == 200
