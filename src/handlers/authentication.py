"""From a request to who makes it. A program shows a bearer token, a browser the cookie that our log-in page set."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.access import Principal
from domain.errors import UnauthenticatedError
from domain.identify import IdentifyPorts, identify
from handlers.rest_api import WebRequest

_NO_TOKEN = "this needs an access token: Authorization: Bearer …"  # noqa: S105 (no token, but what to do without one)


def bearer_principal(request: WebRequest, ports: IdentifyPorts) -> Principal:
    """Of the API. Cookies count for nothing here, so no other site can make a browser call it.

    Raises `UnauthenticatedError`.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthenticatedError(_NO_TOKEN)
    return identify(token.strip(), now=datetime.now(UTC), ports=ports)
