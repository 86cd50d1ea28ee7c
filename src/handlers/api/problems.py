"""Every error as `application/problem+json` (RFC 9457). Which of ours is which status: `web_errors.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestValidationError,
)
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_snake

from domain import errors
from handlers.observability import described, logger
from handlers.web_errors import status_of

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 5

_IN_BODY, _IN_RESPONSE = "body", "response"


class Fault(BaseModel):
    pointer: str | None = None
    """RFC 6901, into the body."""
    parameter: str | None = None
    """Name of the path, query or header parameter."""
    detail: str


class Problem(BaseModel):
    type: str
    title: str
    status: int
    code: str
    """For programs; stays as it is."""
    detail: str | None = None
    errors: list[Fault] | None = None

    model_config = ConfigDict(extra="allow")
    """Extension members: what a program needs to go on."""


class RefusedRequestError(errors.PermanentError):
    """What the API refuses before any use case is asked."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str, members: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.members = members


def response_of(error: Exception) -> Response[str]:
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().error("request_failed", extra=described(error))
    headers = {}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    return Response(problem.status, PROBLEM_JSON, problem.model_dump_json(exclude_none=True), headers)


def problem_of(error: Exception) -> Problem:
    match error:
        case RequestValidationError() if _of_request(error.errors()):
            return _refused([_fault(one) for one in error.errors()])
        case errors.InvalidInputError():
            return _refused([Fault(pointer=error.field, detail=str(error))])
        case NoSuchRouteError():
            return _problem(HTTPStatus.NOT_FOUND, "no_such_route", "docs/openapi.json lists the routes")
        case errors.MarketplaceError():
            return _told(error)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")


def _refused(faults: list[Fault]) -> Problem:
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", "not accepted as it is", faults)


def _told(error: errors.MarketplaceError) -> Problem:
    status = error.status if isinstance(error, RefusedRequestError) else status_of(error)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return _problem(status, "try_again", "a service that this needs did not answer")
    members = error.members if isinstance(error, RefusedRequestError) else {}
    return _problem(status, _code_of(error), str(error) or None).model_copy(update=dict(members))


def _code_of(error: errors.MarketplaceError) -> str:
    """Its own, or its name: `ChangedMeanwhileError` is `changed_meanwhile`."""
    own = getattr(error, "code", None)
    return own if isinstance(own, str) else to_snake(type(error).__name__.removesuffix("Error"))


def _problem(status: HTTPStatus, code: str, detail: str | None = None, faults: list[Fault] | None = None) -> Problem:
    return Problem(
        type=f"urn:ai-marketplace:problem:{code}",
        title=status.phrase,
        status=status,
        code=code,
        detail=detail,
        errors=faults,
    )


def _of_request(found: Sequence[Any]) -> bool:
    """Powertools raises one class for what came in and for what was to go out."""
    return not any(one["loc"][:1] == (_IN_RESPONSE,) for one in found)


def _fault(found: Mapping[str, Any]) -> Fault:
    """In pydantic's words, without the value that was sent: it may be a secret."""
    where, *path = found["loc"]
    if where != _IN_BODY:
        return Fault(parameter=str(path[0]) if path else None, detail=found["msg"])
    return Fault(pointer="".join(f"/{_escaped(part)}" for part in path), detail=found["msg"])


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
