"""Every error as `application/problem+json` (RFC 9457). One table says which error is which status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchRouteError
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
    ResponseValidationError,
)
from pydantic import BaseModel

from domain import errors
from handlers.observability import count, described, logger

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_SECONDS = 5

_TABLE: Mapping[type[Exception], tuple[HTTPStatus, str]] = {
    NoSuchRouteError: (HTTPStatus.NOT_FOUND, "no_such_route"),
    RequestUnsupportedContentType: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
    errors.ForbiddenError: (HTTPStatus.FORBIDDEN, "forbidden"),
    errors.NotFoundError: (HTTPStatus.NOT_FOUND, "not_found"),
    errors.AlreadyExistsError: (HTTPStatus.CONFLICT, "already_exists"),
    errors.NotAllowedError: (HTTPStatus.CONFLICT, "not_allowed_now"),
    errors.ChangedMeanwhileError: (HTTPStatus.PRECONDITION_FAILED, "changed_meanwhile"),
    errors.CursorRefusedError: (HTTPStatus.BAD_REQUEST, "invalid_cursor"),
    errors.InvalidInputError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input"),
    errors.OutboundRefusedError: (HTTPStatus.UNPROCESSABLE_ENTITY, "refused"),
    errors.MediaRefusedError: (HTTPStatus.UNPROCESSABLE_ENTITY, "file_refused"),
    errors.AccountRefusedError: (HTTPStatus.UNPROCESSABLE_ENTITY, "account_refused"),
    errors.TransientError: (HTTPStatus.SERVICE_UNAVAILABLE, "try_again"),
    errors.SendError: (HTTPStatus.BAD_GATEWAY, "meta_refused"),
}
_UNTOLD = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})
"""Statuses whose cause is ours: it is in the log, not in the answer."""

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


class RefusedRequestError(errors.PermanentError):
    """What the API refuses before any use case is asked."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


def response_of(error: Exception) -> Response[str]:
    problem = problem_of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        count("ApiErrors")
        logger().error("request_failed", extra=described(error))
    headers = {}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    return Response(problem.status, PROBLEM_JSON, problem.model_dump_json(exclude_none=True), headers)


def problem_of(error: Exception) -> Problem:
    match error:
        case RefusedRequestError():
            return _problem(error.status, error.code, str(error))
        case RequestValidationError() if _of_request(error.errors()):
            faults = [_fault(one) for one in error.errors()]
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", "not accepted as it is", faults)
        case errors.InvalidInputError():
            faults = [Fault(pointer=error.field, detail=str(error))]
            return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", "not accepted as it is", faults)
        case RequestValidationError() | ResponseValidationError():
            return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error")
    status, code = next(
        (_TABLE[kind] for kind in type(error).__mro__ if kind in _TABLE),
        (HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error"),
    )
    own_code = getattr(error, "code", None)
    return _problem(status, own_code if isinstance(own_code, str) else code, _words(error, status))


def _words(error: Exception, status: HTTPStatus) -> str | None:
    if status in _UNTOLD:
        return None
    if isinstance(error, NoSuchRouteError):
        return "there is no such route; docs/openapi.json lists them"
    return str(error) or None


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
