"""Requests as the REST API sends them, and a browser that keeps cookies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from handlers.rest_api import OF_THE_REQUEST, WebRequest, web_request_of

API = "abc123.execute-api.us-east-1.amazonaws.com"
STAGE = "/prod"
ORIGIN = f"https://{API}"
"""Of the pages: the API's own address, where the parameter names no other."""


def event(
    method: str, address: str, headers: Mapping[str, str] | None = None, body: str | None = None
) -> dict[str, Any]:
    parts = urlsplit(address)
    return {
        "httpMethod": method,
        "path": parts.path,
        "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        "headers": dict(headers or {}) or None,
        "body": body,
        "isBase64Encoded": False,
        "requestContext": {"path": f"{STAGE}{parts.path}", "domainName": API, "stage": STAGE[1:]},
    }


def request(
    method: str,
    address: str,
    headers: Mapping[str, str] | None = None,
    body: str | None = None,
    console_url: str = OF_THE_REQUEST,
) -> WebRequest:
    return web_request_of(event(method, address, headers, body), console_url)


@dataclass
class Browser:
    """Sends what a browser would: its cookies, and where a form stood."""

    handle: Callable[[WebRequest], dict[str, Any]]
    cookies: dict[str, str] = field(default_factory=dict)
    origin: str = ORIGIN

    def get(self, address: str, **headers: str) -> dict[str, Any]:
        return self._send("GET", address, headers)

    def post(self, address: str, **form: str) -> dict[str, Any]:
        return self._send("POST", address, {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}, urlencode(form))

    def _send(self, method: str, address: str, headers: Mapping[str, str], body: str | None = None) -> dict[str, Any]:
        sent = {**headers, **({"Cookie": self._cookie_header} if self.cookies else {})}
        response = self.handle(request(method, address, sent, body))
        for line in response.get("multiValueHeaders", {}).get("set-cookie", []):
            self._keep(line)
        return response

    @property
    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep(self, line: str) -> None:
        [(name, morsel)] = SimpleCookie(line).items()
        assert morsel["httponly"], line
        assert morsel["samesite"] == "Lax", line
        if morsel["max-age"] == "0":
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = morsel.value


def location(response: Mapping[str, Any]) -> str:
    assert response["statusCode"] == 303, response
    where: str = response["headers"]["location"]
    return where
