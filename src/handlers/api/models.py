"""What all of the API's bodies have in common. Names are camelCase outside, as in the published events."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from handlers.api.cursors import LONGEST

T = TypeVar("T")

TENANT_ID = r"^[a-z0-9-]{3,40}$"


class Sent(BaseModel):
    """What a client sends: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, use_attribute_docstrings=True)


class Told(BaseModel):
    """What a client is told."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, use_attribute_docstrings=True
    )


class Listed(Told):
    """One page of a list."""

    next_cursor: str | None
    """Goes on with the list; null at its end."""


def _decoded(segment: object) -> object:
    return unquote(segment) if isinstance(segment, str) else segment


FromPath = BeforeValidator(_decoded)
"""API Gateway hands a path on decoded, `front.py` encodes what Powertools' routes do not match, this decodes again.

Constraints stand before it, as `StringConstraints`: those of a `Path` are checked too, but not described."""

TenantIdInPath = Annotated[str, StringConstraints(pattern=TENANT_ID), FromPath, Path()]
Cursor = Annotated[str | None, Query(max_length=LONGEST, description="`nextCursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Entries of one page, at most.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The `ETag` that was seen: else 412, and nothing changed."),
]


def json_response(told: T, status: HTTPStatus = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Response[T]:
    """For an answer with headers or a status of its own; any other is returned as it is."""
    return Response(status, "application/json", told, headers or {})


def empty() -> Response[None]:
    return Response(HTTPStatus.NO_CONTENT)
