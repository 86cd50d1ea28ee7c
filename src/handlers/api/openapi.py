"""The description of the API, as OpenAPI 3.1: `python -m handlers.api.openapi` prints it, docs/openapi.json holds it.

Powertools makes it of the routes; what `front.py` does for all of them, and how errors look, is added here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from handlers.api.asking import PREFIX
from handlers.api.problems import PROBLEM_JSON, Problem
from handlers.api.resolver import resolver

_REF = "#/components/"
_CHANGING = {"post", "put", "patch", "delete"}
_DESCRIPTION = """\
A seller's own data, and the operator's work over all sellers. The seller is the one of the access token; nothing in a
request can name another. Errors are problems (RFC 9457) whose `code` programs may rely on. Lists go on with
`nextCursor`. Requests that change something take an `Idempotency-Key`. How it is meant: docs/api.md."""


def description() -> dict[str, Any]:
    made = resolver().get_openapi_json_schema(title="AI Marketplace Assistant", version="1", description=_DESCRIPTION)
    document: dict[str, Any] = json.loads(made)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    components = document.setdefault("components", {})
    components["schemas"] = _schemas(document, components.get("schemas", {}))
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    components["responses"] = {
        "Problem": {
            "description": "Why not; see `code`",
            "content": {PROBLEM_JSON: {"schema": {"$ref": f"{_REF}schemas/Problem"}}},
        }
    }
    components["parameters"] = {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A request that is sent again under its key within a day does nothing again.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        }
    }
    document["security"] = [{"bearer": []}]
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    told = {status: response for status, response in operation["responses"].items() if status.startswith(("2", "3"))}
    told.get(str(int(HTTPStatus.NO_CONTENT)), {}).pop("content", None)
    problem = {"$ref": f"{_REF}responses/Problem"}
    operation["responses"] = {**told, "4XX": problem, "5XX": problem}
    if method in _CHANGING:
        operation.setdefault("parameters", []).append({"$ref": f"{_REF}parameters/IdempotencyKey"})
    if path.startswith(f"{PREFIX}/operator/"):
        operation["tags"] = ["Operators", *operation.get("tags", [])]


def _schemas(document: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Those that are referred to, from one to the next."""
    schema = Problem.model_json_schema(ref_template=f"{_REF}schemas/{{model}}")
    known = {**known, **schema.pop("$defs", {}), "Problem": schema}
    needed, found = {"Problem", *_referred(document["paths"])}, set[str]()
    while needed:
        name = needed.pop()
        found.add(name)
        needed |= set(_referred(known[name])) - found
    return {name: known[name] for name in sorted(found)}


def _referred(part: object) -> Iterator[str]:
    yield from re.findall(rf'"{_REF}schemas/([^"]+)"', json.dumps(part))


def text() -> str:
    return json.dumps(description(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")  # noqa: T201 (what it is for)
