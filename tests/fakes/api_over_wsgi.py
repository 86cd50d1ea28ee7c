"""The API as a WSGI application, for tools that speak HTTP: a request becomes the event that a REST API makes of it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from handlers.api.front import Front
from tests.fakes.api import Context

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def wsgi_app(front: Callable[[], Front]) -> Callable[[dict[str, Any], StartResponse], Iterable[bytes]]:
    """`front` is asked for with each request."""

    def app(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer = front().answer(_event(environ), Context())
        status = HTTPStatus(answer["statusCode"])
        headers = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
        start_response(f"{status.value} {status.phrase}", headers)
        return [answer["body"].encode()]

    return app


def _event(environ: dict[str, Any]) -> dict[str, Any]:
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    headers = {name[5:].replace("_", "-").title(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    body = environ["wsgi.input"].read()
    return {
        "httpMethod": environ["REQUEST_METHOD"],
        "path": path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "requestContext": {"stage": "prod", "path": f"/prod{path}", "requestId": "request-1"},
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
