"""AWS services that speak JSON, called without boto3: for the webhook alone, whose cold start Meta waits for.

boto3 and one client cost several times what this module does before the first request is sent (`python -m bench cold`,
ADR 30). Signature Version 4 is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html;
the tests hold it against botocore's own.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from domain.errors import ServiceUnavailableError

if TYPE_CHECKING:
    import ssl

_ATTEMPTS = 3
_SECONDS = 4
"""Of one attempt: three of them and the pauses stay below the function's own time-out."""
_PAUSE_SECONDS = 0.2
_SERVER_ERROR = 500
_THROTTLED = frozenset({"ThrottlingException", "RequestThrottled", "Throttling", "TooManyRequestsException"})


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """Where AWS is and who asks."""

    region: str
    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    endpoint_url: str | None = None
    """Of the local AWS; None for the service's own."""


@dataclass(frozen=True, slots=True)
class AwsRequest:
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class AwsAnswer:
    status: int
    body: bytes


@dataclass(slots=True)
class Connections:
    """Open connections to one host, each used by one thread at a time."""

    scheme: str
    host: str
    _idle: list[http.client.HTTPConnection] = field(default_factory=list)

    def exchange(self, request: AwsRequest) -> AwsAnswer:
        """Raises `OSError` or `HTTPException` where no whole answer came; the connection is closed then."""
        connection = self._idle.pop() if self._idle else self._new()
        try:
            path = urlsplit(request.url).path or "/"
            connection.request("POST", path, body=request.body, headers=dict(request.headers))
            response = connection.getresponse()
            answer = AwsAnswer(response.status, response.read())
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def _new(self) -> http.client.HTTPConnection:
        if self.scheme == "http":
            return http.client.HTTPConnection(self.host, timeout=_SECONDS)
        return http.client.HTTPSConnection(self.host, timeout=_SECONDS, context=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    import ssl  # loads a hundred certificates: not where the endpoint is plain HTTP

    return ssl.create_default_context()


class AwsJson:
    """One service. `target`: first part of `X-Amz-Target`; `version`: of its JSON protocol; as botocore names both."""

    def __init__(self, service: str, target: str, version: str, access: AwsAccess) -> None:
        self._service = service
        self._target = target
        self._content_type = f"application/x-amz-json-{version}"
        self._access = access
        self._url = access.endpoint_url or f"https://{service}.{access.region}.{_domain(access.region)}"
        parts = urlsplit(self._url)
        self._connections = Connections(parts.scheme, parts.netloc)

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The service's answer. Raises `ServiceUnavailableError`, with the service's error code and nothing else of it.

        What may be repeated is (no answer, 5xx, throttled): only calls that may be made twice belong here.
        """
        body = json.dumps(parameters).encode()
        failure = ServiceUnavailableError(operation)
        for attempt in range(_ATTEMPTS):
            if attempt > 1:  # the connection may have been kept open for too long: first it is tried again at once
                time.sleep(_PAUSE_SECONDS * (0.5 + random.random()))  # noqa: S311 (spreads workers)
            try:
                answer = self._connections.exchange(self._request(operation, body))
            except (OSError, http.client.HTTPException) as error:
                failure = ServiceUnavailableError(f"{operation}: {type(error).__name__}")
                failure.__cause__ = error
                continue
            if answer.status == http.client.OK:
                return _object(answer.body)
            code = _code(answer)
            failure = ServiceUnavailableError(f"{operation}: {code}")
            if answer.status < _SERVER_ERROR and code not in _THROTTLED:
                break
        raise failure

    def _request(self, operation: str, body: bytes) -> AwsRequest:
        headers = {
            "Host": self._connections.host,
            "Content-Type": self._content_type,
            "X-Amz-Target": f"{self._target}.{operation}",
        }
        return signed(AwsRequest(self._url, headers, body), self._service, self._access, datetime.now(UTC))


def _domain(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def signed(request: AwsRequest, service: str, access: AwsAccess, at: datetime) -> AwsRequest:
    """With the headers of Signature Version 4. All headers of `request` are signed; it must have `Host`."""
    moment = at.strftime("%Y%m%dT%H%M%SZ")
    headers = {**request.headers, "X-Amz-Date": moment}
    if access.session_token:
        headers["X-Amz-Security-Token"] = access.session_token
    canonical = sorted((name.lower(), value.strip()) for name, value in headers.items())
    names = ";".join(name for name, _ in canonical)
    lines = "".join(f"{name}:{value}\n" for name, value in canonical)
    path = urlsplit(request.url).path or "/"
    described = f"POST\n{path}\n\n{lines}\n{names}\n{hashlib.sha256(request.body).hexdigest()}"
    scope = f"{moment[:8]}/{access.region}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(described.encode()).hexdigest()}"
    key = f"AWS4{access.secret_access_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"{access.access_key_id}/{scope}"
    headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return AwsRequest(request.url, headers, request.body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise ServiceUnavailableError(
            "the service's answer is not a JSON object"
        )  # outside the `except`: no cause quotes it
    return parsed


def _code(answer: AwsAnswer) -> str:
    """As `com.amazonaws.sqs#QueueDoesNotExist` or the name alone; the status where the service tells none."""
    try:
        told = json.loads(answer.body).get("__type", "")
    except (ValueError, AttributeError):
        told = ""
    return str(told).rpartition("#")[2] or f"HTTP {answer.status}"
