"""Where boto3 would open a connection: the embedded services answer, and faults strike.

botocore's event `before-send` stands behind everything that boto3 does with a request, and before everything it does
with an answer: retries, time-outs and error codes are its own.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qs

from botocore.awsrequest import AWSResponse

from ops.prove.aws.dynamodb import DynamoDb
from ops.prove.aws.refusal import NotModelledError, ServiceError
from ops.prove.aws.sqs import Sqs
from ops.prove.clock import Clock


class Guard(Protocol):
    """What stands between a call and its answer."""

    def __call__(self, service: str, operation: str, execute: Callable[[], Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Published:
    at: float
    topic: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class Sns:
    clock: Clock
    published: list[Published] = field(default_factory=list)

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation != "Publish":
            raise NotModelledError(f"the embedded SNS does not know {operation}")
        self.published.append(Published(self.clock.now, request["TopicArn"], json.loads(request["Message"])))
        return {"MessageId": f"sns-{len(self.published)}"}


@dataclass(slots=True)
class Secrets:
    values: dict[str, str] = field(default_factory=dict)

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation != "GetSecretValue":
            raise NotModelledError(f"the embedded Secrets Manager does not know {operation}")
        name = request["SecretId"]
        if name not in self.values:
            raise ServiceError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        return {"Name": name, "ARN": name, "SecretString": self.values[name]}


@dataclass(slots=True)
class Aws:
    clock: Clock
    dynamodb: DynamoDb = field(init=False)
    sqs: Sqs = field(init=False)
    sns: Sns = field(init=False)
    secretsmanager: Secrets = field(default_factory=Secrets)
    guard: Guard | None = None
    _one_at_a_time: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.dynamodb, self.sqs, self.sns = DynamoDb(self.clock), Sqs(self.clock), Sns(self.clock)

    def clear(self) -> None:
        self.dynamodb.clear()
        self.sqs.clear()
        self.sns.published.clear()

    def answer(self, request: Any, event_name: str) -> AWSResponse:
        """A handler of `before-send.<service>.<operation>`."""
        _, named, operation = event_name.split(".")
        return self.answer_of(request, named.replace("-", ""), operation)

    def answer_of(self, request: Any, service: str, operation: str) -> AWSResponse:
        known = getattr(self, service, None)
        if known is None:
            raise NotModelledError(f"the embedded AWS has no {service}")
        given = _parameters(request, service)
        execute: Callable[[], dict[str, Any]]
        try:
            execute = partial(self._alone, known.call, operation, given)
            answered = execute() if self.guard is None else self.guard(service, operation, execute)
        except ServiceError as error:
            return _response(request, service, error.status, _error(service, error))
        return _response(request, service, 200, _answer(service, operation, answered))

    def _alone(self, call: Callable[..., dict[str, Any]], operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The proof runs one thing at a time; the contract tests bring threads, and a transaction is whole to each."""
        with self._one_at_a_time:
            return call(operation, given)


def _parameters(request: Any, service: str) -> Mapping[str, Any]:
    body = request.body or b""
    text = body.decode() if isinstance(body, bytes) else str(body)
    if service == "sns":
        return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
    parsed: Mapping[str, Any] = json.loads(text or "{}")
    return parsed


def _answer(service: str, operation: str, answered: Mapping[str, Any]) -> bytes:
    if service != "sns":
        return json.dumps(answered).encode()
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in answered.items())
    return f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>".encode()


def _error(service: str, error: ServiceError) -> bytes:
    if service == "sns":
        inner = f"<Type>Sender</Type><Code>{error.code}</Code><Message>{error.message}</Message>"
        return f"<ErrorResponse><Error>{inner}</Error></ErrorResponse>".encode()
    return json.dumps({"__type": f"com.amazonaws#{error.code}", "message": error.message, **error.more}).encode()


class _Raw(io.BytesIO):
    """As botocore reads it from urllib3."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


def _response(request: Any, service: str, status: int, body: bytes) -> AWSResponse:
    kind = "text/xml" if service == "sns" else "application/x-amz-json-1.0"
    headers: Any = {"content-type": kind}
    return AWSResponse(request.url, status, headers, _Raw(body))
