"""What a seller's own webhook would have heard: on the local stack, names below `.localhost` lead here.

Whatever comes is taken, and the newest are shown as they came, for whoever writes a receiver of their own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST = 100


class WebhookReceiver:
    def __init__(self) -> None:
        self._heard: deque[dict[str, Any]] = deque(maxlen=_MOST)

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/local/webhooks", self._show, methods=["GET"]),
            Route("/local/webhooks/{host}/{path:path}", self._take, methods=["POST"]),
        ]

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        url = f"https://{request.path_params['host']}/{request.path_params['path']}"
        self._heard.appendleft({"url": url, "headers": dict(request.headers), "body": body.decode("utf-8", "replace")})
        return Response(status_code=204)

    async def _show(self, _: Request) -> Response:
        """Newest first."""
        return JSONResponse(list(self._heard))
