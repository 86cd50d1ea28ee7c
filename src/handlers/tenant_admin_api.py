"""Lambda behind the REST API, under /api/v1: sellers' and operators' programs. Its routes stand in `handlers/api`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import bootstrap_api
from handlers.observability import invocation


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return bootstrap_api.front().answer(event, context)
