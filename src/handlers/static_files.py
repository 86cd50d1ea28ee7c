"""Style sheets, scripts and icons: nobody need be logged in to have them, and each is kept for ever."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from handlers.rest_api import WebRequest, answer
from pages.assets import served
from pages.security import static_headers

STATIC = "/static/"


def static_file(request: WebRequest) -> dict[str, Any]:
    found = served(request.path.removeprefix(STATIC))
    if found is None:
        return answer(HTTPStatus.NOT_FOUND, "there is no such file", "text/plain")
    headers = {name.lower(): value for name, value in static_headers().items()}
    return answer(HTTPStatus.OK, found.content.decode(), found.content_type, headers)
