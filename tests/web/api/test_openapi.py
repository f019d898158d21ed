"""The description of the API describes it truly."""

import re
from typing import Any

import httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from directory.web import openapi
from directory.web.api.description import OPERATIONS

Json = dict[str, Any]


@pytest.fixture(scope="session")
def described(server: str) -> Json:
    found: Json = httpx.get(f"{server}/api/v1/openapi.json").json()
    return found


schema = schemathesis.openapi.from_dict(openapi.document(OPERATIONS, "http://127.0.0.1"))


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_takes_what_it_says_and_answers_as_it_says(case: schemathesis.Case[Any], server: str) -> None:
    case.call_and_validate(base_url=server)


def test_the_description_is_valid_openapi_3_1(described: Json) -> None:
    OpenAPIV31SpecValidator(described).validate()
    assert described["openapi"].startswith("3.1")


def test_every_address_of_the_machine_side_is_described(described: Json) -> None:
    assert set(described["paths"]) == {op.path for op in OPERATIONS}
    ids = [operation["get"]["operationId"] for operation in described["paths"].values()]
    assert len(set(ids)) == len(ids)


def test_every_parameter_and_every_shape_has_a_sentence(described: Json) -> None:
    for path, operation in described["paths"].items():
        for parameter in operation["get"]["parameters"]:
            assert parameter["description"].endswith("."), f"{path}: {parameter['name']}"
    for name, shape in described["components"]["schemas"].items():
        text = shape.get("description", "")
        assert text, name
        assert not re.search("``|\n    ", text), name


EXAMPLES = {
    "listAuthorities": [
        "", "?q=justice", "?q=Cote dIvoire", "?state=GB&state=CH", "?state=GB,CH", "?fields=name,email&limit=1",
        "?fields=document&limit=500", "?as-of=2012-01-01", "?known-at=2026-01-01", "?language=fr&function=mla&limit=3",
        "?status=active&band=never-confirmed", "?q=qwertzuiop",
    ],
    "getAuthority": ["", "?as-of=2016-01-01"],
    "listChanges": ["", "?since=5&limit=2", "?state=GB&limit=500"],
}  # fmt: skip


@pytest.mark.parametrize("operation", [op for op in OPERATIONS if op.answer], ids=lambda op: op.id)
def test_every_real_answer_fits_its_schema(operation: Any, described: Json, server: str) -> None:
    checked = 0
    registry = Registry().with_resource("urn:api", Resource.from_contents(described, DRAFT202012))
    shape = described["paths"][operation.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator(_absolute(shape), registry=registry)
    for address in _addresses(operation, server):
        response = httpx.get(server + address)
        if "fields=name,email" in address:
            assert response.status_code == 400  # e-mail is no field of a line
            continue
        assert response.status_code == 200, f"{address}: {response.text}"
        errors = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(response.json())]
        assert not errors, f"{address}: {errors[:3]}"
        checked += 1
    assert checked


def _absolute(shape: Any) -> Any:
    """References as seen from outside the description."""
    if isinstance(shape, dict):
        return {k: f"urn:api{v}" if k == "$ref" else _absolute(v) for k, v in shape.items()}
    return shape


def _addresses(operation: Any, server: str) -> list[str]:
    """Real addresses: for every authority and State where one is named, else with the examples."""
    values: dict[str, list[str]] = {
        "id": [a["id"] for a in _get(server, "/api/v1/authorities?fields=name&limit=500")["authorities"]],
        "code": ["AR", "RO", "CH"], "n": ["1"], "position": ["1", "2", "280"], "old": ["0", "7"], "new": ["8", "281"],
    }  # fmt: skip
    addresses = [operation.path]
    for place in re.findall(r"{(\w+)}", operation.path):
        some = values[place] if operation.id == "getAuthority" else values[place][:4]
        addresses = [address.replace(f"{{{place}}}", value) for address in addresses for value in some]
    if operation.id in ("listStateVersions", "getStateVersion"):
        addresses = [address.replace("/CH", "/AR") for address in addresses]
    if operation.id in ("listVersions", "getVersion"):
        addresses.append(operation.path.replace("{id}", "gb-ukca").replace("{n}", "3"))
    if operation.id == "getAuthority":
        return addresses + [f"{operation.path.replace('{id}', 'gb-ukca')}{more}" for more in EXAMPLES[operation.id]]
    return [a + more for a in addresses for more in EXAMPLES.get(operation.id, [""])]


def _get(server: str, address: str) -> Json:
    found: Json = httpx.get(server + address).json()
    return found
