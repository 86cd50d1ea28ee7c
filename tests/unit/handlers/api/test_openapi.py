from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handlers.api.openapi import description, text

CHECKED_IN = Path(__file__).parents[4] / "docs" / "openapi.json"
DOCUMENT = description()
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def test_what_is_checked_in_is_what_the_routes_are() -> None:
    assert CHECKED_IN.read_text(encoding="utf-8") == text(), "run `make openapi`"


def test_it_is_of_version_3_1_and_wants_a_token_everywhere() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert DOCUMENT["security"] == [{"bearer": []}]
    assert not any("security" in operation for path in DOCUMENT["paths"].values() for operation in path.values())


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_says_what_it_is_and_how_it_fails(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["tags"]
    assert operation["summary"] != f"{method.upper()} {path}"
    assert "_" not in operation["operationId"], "named by hand"
    assert {"4XX", "5XX"} <= operation["responses"].keys()
    assert any(status.startswith("2") for status in operation["responses"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_a_body_has_no_field_that_is_not_described(path: str, method: str, operation: dict[str, Any]) -> None:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for name in body.get("$ref", "").rpartition("/")[2:]:
        if name:
            assert DOCUMENT["components"]["schemas"][name]["additionalProperties"] is False, (method, path)
