"""The one map from our errors to HTTP, for whatever answers people and their programs."""

from __future__ import annotations

from http import HTTPStatus

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
    TooManyRequestsError,
    TransientError,
    UnauthenticatedError,
)

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
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (TransientError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: MarketplaceError) -> HTTPStatus:
    """The first that fits, the narrower before the wider."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)
