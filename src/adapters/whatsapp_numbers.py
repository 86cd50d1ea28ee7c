"""What Meta says of a number when it is asked. Nothing is sent."""

from __future__ import annotations

from typing import Any

import httpx

from adapters.whatsapp_errors import send_error
from adapters.whatsapp_messenger import AccessTokens
from domain.errors import ServiceUnavailableError
from domain.tenants import WhatsAppNumber

_TIMEOUT = httpx.Timeout(10.0)


class WhatsAppNumbers:
    def __init__(
        self, base_url: str, version: str, tokens: AccessTokens, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._base_url = f"{base_url}/{version}"
        self._tokens = tokens
        self._transport = transport

    def status(self, number: WhatsAppNumber) -> str | None:
        """Meta's word, as CONNECTED or BANNED; None where it gives none.

        Raises `SendError` where Meta refuses, and `ServiceUnavailableError` where it cannot be asked.
        """
        token = self._tokens.token(number.access_token_secret, fresh=True)
        try:
            with httpx.Client(timeout=_TIMEOUT, transport=self._transport) as http:
                response = http.get(
                    f"{self._base_url}/{number.phone_number_id}",
                    params={"fields": "id,status"},
                    headers={"authorization": f"Bearer {token}"},
                )
        except httpx.HTTPError as error:
            raise ServiceUnavailableError(f"Meta gave no answer ({type(error).__name__})") from error
        body = _json(response)
        if not response.is_success:
            problem = body.get("error")
            problem = problem if isinstance(problem, dict) else {}
            code = problem.get("code")
            title = str(problem.get("message") or f"HTTP {response.status_code}")
            raise send_error(response.status_code, code if isinstance(code, int) else None, title, "")
        status = body.get("status")
        return status if isinstance(status, str) else None


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
