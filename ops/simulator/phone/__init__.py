"""The page that shows a customer's phone: static files, nothing from elsewhere, no build step."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FILES = Path(__file__).parent / "static"
_CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _CONTENT_SECURITY_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # While developing, a reload must show what is in the files.
    (b"cache-control", b"no-cache"),
)


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _page(_: Request) -> Response:
    return FileResponse(_FILES / "phone.html")


def phone_app() -> Starlette:
    """To be mounted under /phone."""
    return Starlette(
        routes=[Route("/", _page), Mount("/static", StaticFiles(directory=_FILES))],
        middleware=[Middleware(SecurityHeaders)],
    )
