"""GET /{version}/{waba_id}/message_templates: the account's templates, in pages by cursor."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.graph.access import numbers_of_token, require_version
from ops.simulator.graph_errors import GraphError, UnknownObjectError
from ops.simulator.world import World

_PAGE = 25
_MOST = 1000
# Without `fields` Meta leaves these out.
_ON_REQUEST = {"quality_score", "rejected_reason"}


@dataclass(frozen=True)
class TemplatesEndpoint:
    world: World

    async def list(self, request: Request) -> Response:
        require_version(request, self.world.config)
        numbers, waba_id = numbers_of_token(request, self.world.config), request.path_params["object_id"]
        if waba_id not in {number.waba_id for number in numbers}:
            raise UnknownObjectError(waba_id)
        start, limit = _start(request.query_params.get("after")), _limit(request.query_params.get("limit"))
        fields = set(filter(None, request.query_params.get("fields", "").split(",")))
        templates = self.world.templates.of(waba_id)
        page = [_told(one.as_meta_tells(), fields) for one in templates[start : start + limit]]
        answer: dict[str, Any] = {"data": page}
        if page:
            end = start + len(page)
            answer["paging"] = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
            if end < len(templates):
                answer["paging"]["next"] = str(request.url.include_query_params(after=_cursor(end)))
        return JSONResponse(answer)


def _told(template: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    if not fields:
        return {name: value for name, value in template.items() if name not in _ON_REQUEST}
    return {name: value for name, value in template.items() if name in fields | {"id"}}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode()


def _start(after: str | None) -> int:
    try:
        return int(base64.urlsafe_b64decode(after)) if after else 0
    except (ValueError, binascii.Error) as error:
        raise GraphError(100, message="(#100) Param after is not a valid cursor") from error


def _limit(limit: str | None) -> int:
    if limit is None:
        return _PAGE
    if not limit.isdigit() or not 0 < int(limit) <= _MOST:
        raise GraphError(100, message=f"(#100) Param limit must be a number from 1 to {_MOST}")
    return int(limit)
