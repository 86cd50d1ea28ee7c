"""The REST API's event and answers (payload format 1.0). Pure functions."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from domain.errors import InvalidInputError

_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class WebRequest:
    method: str
    path: str
    """As the routes have it: without the stage."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    base_url: str = ""
    """Where people have the API: its origin, and the path below which it stands. No slash at the end."""

    @property
    def cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}

    @property
    def form(self) -> dict[str, str]:
        """Of `application/x-www-form-urlencoded`; of what is named twice, the first. Raises `InvalidInputError`."""
        text = self.body.decode("utf-8", "replace")
        try:
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            raise InvalidInputError("", f"a form has at most {_MOST_FIELDS} fields") from error
        return {name: values[0] for name, values in fields.items()}

    def url(self, path: str) -> str:
        """A link to one of our pages: every address on a page comes from here."""
        return f"{urlsplit(self.base_url).path}{path}"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"


def web_request_of(event: Mapping[str, Any], console_url: str) -> WebRequest:
    """`console_url`: as the template's parameter has it, or `OF_THE_REQUEST`."""
    body = event.get("body") or ""
    return WebRequest(
        method=event["httpMethod"],
        path=event["path"],
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
        body=base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass"),
        base_url=_of_the_request(event) if console_url == OF_THE_REQUEST else console_url,
    )


OF_THE_REQUEST = "of-the-request"
"""The API's own address: the gateway says it, and takes no request under another."""


def _of_the_request(event: Mapping[str, Any]) -> str:
    context = event["requestContext"]
    return f"https://{context['domainName']}{context['path'].removesuffix(event['path'])}"


def answer(
    status: HTTPStatus, body: str, content_type: str, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    always = {"content-type": content_type, "x-content-type-options": "nosniff", "cache-control": "no-store"}
    return {"statusCode": int(status), "headers": {**always, **(headers or {})}, "body": body}


def redirect(location: str, cookies: Sequence[str] = ()) -> dict[str, Any]:
    """To be fetched with GET, whatever was asked with."""
    return with_cookies(answer(HTTPStatus.SEE_OTHER, "", "text/plain", {"location": location}), cookies)


def with_cookies(response: dict[str, Any], cookies: Sequence[str]) -> dict[str, Any]:
    """`cookies`: values of Set-Cookie headers, of which a dict of headers holds but one."""
    before = response.get("multiValueHeaders", {}).get("set-cookie", [])
    return {**response, "multiValueHeaders": {"set-cookie": [*before, *cookies]}} if cookies else response
