"""The one map from our errors to HTTP, for whatever answers people and their programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from domain.errors import (
    AlreadyExistsError,
    ChangedMeanwhileError,
    ContentionError,
    CursorRefusedError,
    ForbiddenError,
    MarketingRefusedError,
    MarketplaceError,
    NotAllowedError,
    NotFoundError,
    OutsideWindowError,
    SendError,
    TemplateRefusedError,
    TransientError,
    UnauthenticatedError,
)
from handlers.observability import described, logger
from handlers.rest_api import problem

_STATUSES: tuple[tuple[type[MarketplaceError], HTTPStatus], ...] = (
    (UnauthenticatedError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (CursorRefusedError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (AlreadyExistsError, HTTPStatus.CONFLICT),
    (NotAllowedError, HTTPStatus.CONFLICT),
    (ContentionError, HTTPStatus.CONFLICT),
    (OutsideWindowError, HTTPStatus.CONFLICT),
    (MarketingRefusedError, HTTPStatus.CONFLICT),
    (TemplateRefusedError, HTTPStatus.CONFLICT),
    (ChangedMeanwhileError, HTTPStatus.PRECONDITION_FAILED),
    (SendError, HTTPStatus.BAD_GATEWAY),
    (TransientError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: MarketplaceError) -> HTTPStatus:
    """The first that fits, the narrower before the wider."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)


def problem_of(error: MarketplaceError) -> dict[str, Any]:
    status = status_of(error)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        logger().error("not_answered", extra=described(error))
        return problem(status, "a service that this needs did not answer; try again", {"retry-after": "2"})
    headers = {"www-authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else {}
    return problem(status, str(error), headers)
