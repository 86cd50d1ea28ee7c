"""The routes of the API, one Powertools resolver. No explorer is served: the description is docs/openapi.json."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from handlers.api import (
    api_canned_replies,
    api_conversations,
    api_customer_rights,
    api_customers,
    api_desk,
    api_imports,
    api_me,
    api_members,
    api_operator_usage,
    api_operators,
    api_products,
    api_sends,
    api_tenants,
    api_usage,
    api_webhook,
)
from handlers.api.asking import PREFIX
from handlers.api.problems import RefusedRequestError, response_of

ROUTERS = (
    api_me.router,
    api_tenants.router,
    api_members.router,
    api_products.router,
    api_imports.router,
    api_webhook.router,
    api_conversations.router,
    api_desk.router,
    api_sends.router,
    api_canned_replies.router,
    api_customers.router,
    api_usage.router,
    api_customer_rights.router,
    api_operators.router,
    api_operator_usage.router,
)


@cache
def resolver() -> APIGatewayRestResolver:
    found = APIGatewayRestResolver(
        enable_validation=True,
        response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
        json_body_deserializer=parse_json,
        debug=False,
    )
    found.exception_handler(Exception)(response_of)
    for router in ROUTERS:
        found.include_router(router, prefix=PREFIX)
    return found


def parse_json(text: str) -> Any:
    """Raises `RefusedRequestError`. NaN is no JSON, and what UTF-8 cannot carry could not be stored."""
    try:
        parsed = json.loads(text, parse_constant=_refuse)
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise RefusedRequestError(HTTPStatus.BAD_REQUEST, "not_json", "the body is not JSON in UTF-8") from error
    return parsed


def _refuse(constant: str) -> None:
    raise ValueError(constant)
