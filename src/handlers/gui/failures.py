"""Every error as a page, or where htmx asks for a part of one, as a status that it takes no notice of."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoSuchPageError

from domain.errors import MarketplaceError, NotFoundError
from handlers.gui.answers import Answer, page
from handlers.observability import described, logger
from handlers.web_errors import status_of
from pages.refusals import broken, title_of, why
from pages.visit import Visit


def failures_of(found: APIGatewayRestResolver) -> Callable[[Exception], Answer]:
    def told(error: Exception) -> Answer:
        visit: Visit = found.context["visit"]
        status, words = _said(NotFoundError() if isinstance(error, NoSuchPageError) else error, visit)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger().error("page_failed", extra=described(error))
        return page(found, "refusal.html", status, title=title_of(status, visit), text=words)

    return told


def _said(error: Exception, visit: Visit) -> tuple[HTTPStatus, str]:
    if isinstance(error, MarketplaceError):
        return status_of(error), why(error, visit)
    return HTTPStatus.INTERNAL_SERVER_ERROR, broken(visit)
