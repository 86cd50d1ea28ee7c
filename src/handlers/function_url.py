"""A Lambda Function URL's event and answer (payload format 2.0). Pure functions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name: HTTP does not mind the case of a name."""
    body: bytes
    """As it came over the wire: a signature is over these very bytes."""


def request_of(event: Mapping[str, Any]) -> Request:
    body = event.get("body") or ""
    return Request(
        method=event.get("requestContext", {}).get("http", {}).get("method", ""),
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass"),
    )


def text_response(status: HTTPStatus, text: str) -> dict[str, Any]:
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    return {"statusCode": int(status), "headers": headers, "body": text}
