"""The way of a request before and behind its route: who asks, may they, how often, and has it been asked before.

Every refusal on the way is a problem (`problems.py`), every answer has the headers that hold for all of them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from domain.access import Principal, Role
from domain.errors import TransientError
from domain.request_limits import WINDOW, Allowance, RequestCounts, take
from handlers.api.asking import PREFIX, Services, scope
from handlers.api.cursors import Cursors
from handlers.api.once import Once
from handlers.api.problems import RefusedRequestError, response_of
from handlers.observability import count, described, logger

REQUESTS_PER_MINUTE = 600
_OPERATORS = f"{PREFIX}/operator/"
_LONGEST_BODY = 1 << 20
_JSON = "application/json"
_PATH_CHARACTERS = "/-._~!$&'()*+,;=:@%"


@dataclass(frozen=True, slots=True)
class Front:
    resolver: APIGatewayRestResolver
    authenticate: Callable[[Mapping[str, Any]], Principal]
    """Raises what becomes 401 or 403."""
    services: Services
    cursors: Cursors
    counts: RequestCounts
    once: Once
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        allowance, who = None, None
        try:
            who = self.authenticate(event)
            allowance = self._take(who)
            _admit(event, who, allowance)
            plain = _plain(event)
            answer = self.once.answer(plain, who, context, lambda: self._routed(plain, who, context))
        except Exception as error:  # noqa: BLE001 (the last place where anything can become an answer)
            answer = _answer_of(response_of(error))
        told = {"method": event["httpMethod"], "status": answer["statusCode"]}
        logger().info("answered", extra={**told, "tenant_id": who.tenant_id if who else None})
        return _with_headers(answer, allowance)

    def _routed(self, event: Mapping[str, Any], who: Principal, context: Any) -> dict[str, Any]:
        self.resolver.append_context(  # type: ignore[no-untyped-call]
            principal=who, services=self.services, cursors=self.cursors, path=str(event["path"]), now=self.clock()
        )
        return self.resolver.resolve(event, context)

    def _take(self, who: Principal) -> Allowance | None:
        """None where it cannot be counted: a counter that fails keeps nobody from their work."""
        try:
            return take(scope(who), REQUESTS_PER_MINUTE, self.clock(), self.counts)
        except TransientError as error:
            count("RequestsNotCounted")
            logger().warning("request_not_counted", extra=described(error))
            return None


def _admit(event: Mapping[str, Any], who: Principal, allowance: Allowance | None) -> None:
    """What no route needs to look at. Raises `ForbiddenError`, `RefusedRequestError`."""
    if allowance is not None and allowance.exceeded:
        raise RefusedRequestError(
            HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", f"at most {allowance.limit} requests a minute"
        )
    if f"{event['path']}/".startswith(_OPERATORS):
        who.demand(Role.OPERATOR)
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if event.get("body") and media_type != _JSON:
        raise RefusedRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", f"a body is {_JSON}")


def _plain(event: Mapping[str, Any]) -> dict[str, Any]:
    """The body as text; the path so that Powertools' routes match whatever is in it. Raises `RefusedRequestError`."""
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
        text = raw.decode()
    except ValueError as error:  # UnicodeError and binascii.Error are two
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "not_json", "the body is not JSON in UTF-8") from error
    if len(raw) > _LONGEST_BODY:
        raise RefusedRequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", f"a body has at most {_LONGEST_BODY:,} bytes"
        )
    path = quote(str(event["path"]), safe=_PATH_CHARACTERS)
    return {**event, "path": path, "body": text or None, "isBase64Encoded": False}


def _answer_of(response: Response[str]) -> dict[str, Any]:
    return {
        "statusCode": int(response.status_code),
        "body": response.body,
        "isBase64Encoded": False,
        "multiValueHeaders": {
            "Content-Type": [response.content_type],
            **{name: [str(value)] for name, value in response.headers.items()},
        },
    }


def _with_headers(answer: dict[str, Any], allowance: Allowance | None) -> dict[str, Any]:
    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    if allowance is not None:
        policy, window = '"requests"', int(WINDOW.total_seconds())
        headers["ratelimit-policy"] = f"{policy};q={allowance.limit};w={window}"
        headers["ratelimit"] = f"{policy};r={allowance.remaining};t={allowance.seconds_left}"
        if allowance.exceeded:
            headers["retry-after"] = str(allowance.seconds_left)
    listed = {name: [value] for name, value in headers.items()}
    told = {**answer.get("multiValueHeaders", {}), **listed}
    if answer["statusCode"] == HTTPStatus.NO_CONTENT:
        return {**answer, "body": "", "multiValueHeaders": {n: v for n, v in told.items() if n != "Content-Type"}}
    return {**answer, "multiValueHeaders": told}
