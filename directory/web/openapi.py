"""The description of the machine side in OpenAPI 3.1, made of the tables that check its requests."""

import inspect
from collections.abc import Iterable
from typing import Any

import msgspec

from directory import __version__
from directory.web.api.operation import Operation
from directory.web.api.parameters import Parameter
from directory.web.problems import ProblemDetails

REFERENCE = "#/components/schemas/{name}"
_TAGS = {
    "entries": "Authorities and their versions.",
    "reference": "States, vocabularies, and what changed.",
    "files": "Everything in one file.",
    "log": "The transparency log behind it all: C2SP tlog-tiles, and proofs made to order.",
}
_HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Validator: give it as If-None-Match the next time.", "required": True,
        "schema": {"type": "string"},
    },
    "Log-Position": {
        "description": "Size of the log that answered.", "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
}  # fmt: skip
_LINK = {"Link": {"description": "Address of the next page, rel=next.", "schema": {"type": "string"}}}


def document(operations: Iterable[Operation], base_url: str) -> dict[str, Any]:
    """The whole description."""
    found = list(operations)
    answers = [op.answer for op in found if op.answer is not None]
    schemas, components = msgspec.json.schema_components([*answers, ProblemDetails], ref_template=REFERENCE)
    by_answer = dict(zip(map(repr, answers), schemas, strict=False))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Central Authorities Directory",
            "version": __version__,
            "summary": "Which authority of which State receives which request, how to reach it, what it requires.",
            "description": "Read-only and open to all; no key is needed. An unknown parameter is refused by name, "
            "errors are problem+json (RFC 9457). In entries an absent field means *not stated*, never *no*.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": {op.path: {"get": _operation(op, by_answer)} for op in found},
        "components": {"schemas": {name: _cleaned(schema) for name, schema in sorted(components.items())}},
    }


def _operation(op: Operation, by_answer: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {op.media_type: {"schema": by_answer[repr(op.answer)]} if op.answer is not None else {}}
    refusals = {400: "A parameter is unknown, repeated or wrong; ``errors`` names each.", **op.refusals}
    return {
        "operationId": op.id,
        "tags": [op.tag],
        "summary": op.summary,
        **({"description": _plain(op.about)} if op.about else {}),
        "parameters": [*(_parameter(p, "path") for p in op.places), *(_parameter(p, "query") for p in op.parameters)],
        "responses": {
            "200": {
                "description": op.answers_with,
                "headers": {**_HEADERS, **(_LINK if op.next_page else {})},
                "content": content,
            },
            "304": {"description": "The client has it already (If-None-Match)."},
            **{str(status): _refusal(text) for status, text in sorted(refusals.items())},
            "default": _refusal("Any other error."),
        },
    }


def _parameter(p: Parameter, place: str) -> dict[str, Any]:
    out: dict[str, Any] = {"name": p.name, "in": place, "description": _plain(p.about), "schema": p.schema()}
    if place == "path":
        out["required"] = True
    if p.many:
        out |= {"style": "form", "explode": True}
    if p.example is not None:
        out["example"] = p.example
    return out


def _refusal(text: str) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(name=ProblemDetails.__name__)}
    return {"description": _plain(text), "content": {"application/problem+json": {"schema": schema}}}


def _cleaned(schema: Any) -> Any:
    """Docstrings as they read, not as they are indented in the source."""
    if isinstance(schema, dict):
        return {
            key: _plain(value) if key == "description" and isinstance(value, str) else _cleaned(value)
            for key, value in schema.items()
        }
    return [_cleaned(item) for item in schema] if isinstance(schema, list) else schema


def _plain(text: str) -> str:
    return inspect.cleandoc(text).replace("``", "`")
