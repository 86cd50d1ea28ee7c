"""The process taken over: boto3, httpx, the environment and standard output lead to the deployment inside of it."""

from __future__ import annotations

import contextlib
import io
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import boto3
import httpx
from aws_lambda_powertools.shared import user_agent
from botocore.useragent import UserAgentString

from adapters import aws_clients, sqs_update_queues
from adapters.aws_json import AwsAnswer, AwsRequest, Connections
from domain.assistants import Answer, CallPerson
from domain.errors import ServiceUnavailableError
from handlers import bootstrap, observability
from ops.prove.deployment import Deployment
from ops.prove.template import REGION

_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "proof",
    "AWS_SECRET_ACCESS_KEY": "proof",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "ai-marketplace",
    "POWERTOOLS_METRICS_NAMESPACE": "AIMarketplace",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}


@contextlib.contextmanager
def in_place(deployment: Deployment) -> Iterator[None]:
    environment = _CREDENTIALS | {
        name: value for function in deployment.functions.values() for name, value in function.environment.items()
    }
    real_reply_handler = bootstrap.reply_handler
    doubtful = _Doubtful(real_reply_handler, deployment)

    def over_http(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        request.read()
        answered: httpx.Response = deployment.guard("graph", request.method, lambda: deployment.graph.handle(request))
        return answered

    def without_boto3(_: Connections, request: AwsRequest) -> AwsAnswer:
        service, operation = request.headers["X-Amz-Target"].split(".")
        answered = deployment.aws.answer_of(request, service.lower().removeprefix("amazon"), operation)
        return AwsAnswer(answered.status_code, answered.content)

    with contextlib.ExitStack() as stack:
        for patched in (
            mock.patch.dict(os.environ, environment),
            mock.patch.object(Connections, "exchange", without_boto3),
            mock.patch.object(sqs_update_queues, "ThreadPoolExecutor", _OneLane),
            mock.patch.object(httpx.HTTPTransport, "handle_request", over_http),
            mock.patch.object(bootstrap, "reply_handler", doubtful),
            # Each worker's Powertools adds itself to the client's user agent; the clients are shared by all workers.
            mock.patch.object(user_agent, "register_feature_to_client"),
            mock.patch.object(UserAgentString, "to_string", _no_user_agent),  # slow, and nobody reads it
        ):
            stack.enter_context(patched)
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            os.environ.pop(name, None)
        stack.enter_context(_own_clients(deployment))
        stack.enter_context(_own_log(deployment.log))
        stack.callback(deployment.forget_worker)
        yield


def _no_user_agent(_: UserAgentString) -> str:
    return "proof"


@contextlib.contextmanager
def _own_clients(deployment: Deployment) -> Iterator[None]:
    """Of whatever service: every client is made of the default session, and takes its event handlers along."""
    before = boto3.DEFAULT_SESSION
    boto3.setup_default_session()
    session: Any = boto3.DEFAULT_SESSION
    session.events.register_first("before-send", _answering(deployment), unique_id="embedded-aws")
    aws_clients._client.cache_clear()  # noqa: SLF001 (a client of before speaks to another AWS)
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before
        aws_clients._client.cache_clear()  # noqa: SLF001 (as above)


def _answering(deployment: Deployment) -> Callable[..., Any]:
    """What botocore's event hands over, by name."""
    return lambda request, event_name, **_: deployment.aws.answer(request, event_name)


@contextlib.contextmanager
def _own_log(log: list[str]) -> Iterator[None]:
    stream = _Log(log)
    observability.logger.cache_clear()
    observability.metrics.cache_clear()
    with contextlib.redirect_stdout(stream):
        handlers = [one for one in observability.logger().handlers if isinstance(one, logging.StreamHandler)]
        before = [(handler, handler.stream) for handler in handlers]
        for handler in handlers:
            handler.setStream(stream)
        try:
            yield
        finally:
            for handler, real in before:
                handler.setStream(real)
            observability.logger.cache_clear()
            observability.metrics.cache_clear()


class _Log(io.TextIOBase):
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, text: str) -> int:
        self._lines.append(text)
        return len(text)


class _OneLane:
    """In place of a pool of threads: in the same order each time, so that a run can be made again."""

    def __init__(self, max_workers: int) -> None:
        self.max_workers = max_workers

    def __enter__(self) -> _OneLane:  # noqa: PYI034 (nothing is derived from it)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was begun beside it."""

    map = staticmethod(map)


@dataclass(frozen=True, slots=True)
class _Doubtful:
    """The builder of the reply handler's services, with an assistant whose model may fail."""

    build: Any
    deployment: Deployment

    def __call__(self) -> bootstrap.ReplyHandler:
        services: bootstrap.ReplyHandler = self.build()
        assistant = _Assistant(services.ports.assistant, self.deployment.assistant_says)
        return services._replace(ports=replace(services.ports, assistant=assistant))

    def cache_clear(self) -> None:
        self.build.cache_clear()


class _Assistant:
    """An assistant whose model may fail."""

    def __init__(self, assistant: Any, says: Callable[[], str | None]) -> None:
        self._assistant = assistant
        self._says = says

    @property
    def takes(self) -> Any:
        return self._assistant.takes

    def answer(self, turn: Any) -> Any:
        match self._says():
            case None:
                return self._assistant.answer(turn)
            case "throttled" | "timeout":
                raise ServiceUnavailableError("the model does not answer")
            case "raises":
                raise RuntimeError("the model's client has a defect")
            case "empty":
                return Answer("")
            case "malformed":
                return {"tool": "hand_over", "to": "nobody"}
            case _:
                return CallPerson()
