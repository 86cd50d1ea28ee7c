"""The numbers of a WhatsApp Business Account, as Meta shows them to who has a token, and who hears of them:
`GET /{waba_id}/phone_numbers` and `GET /{waba_id}/subscribed_apps`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from adapters.whatsapp_errors import problem_of
from domain.errors import AccountRefusedError, ServiceUnavailableError
from domain.ports_administration import ShownNumber
from domain.tenants import PhoneNumberId

_TIMEOUT = httpx.Timeout(8.0, connect=4.0)
_MOST = 100
"""Numbers of one account: Meta allows 20, more on request."""
_SERVER_ERROR = 500
_RATINGS = frozenset({"GREEN", "YELLOW", "RED", "NA"})
_THROTTLED = frozenset({4, 17, 32, 613, 80007, 80008})


class WhatsAppAccountNumbers:
    def __init__(self, base_url: str, version: str, transport: httpx.BaseTransport | None = None) -> None:
        self._base_url = f"{base_url}/{version}"
        self._transport = transport

    def shown(self, waba_id: str, phone_number_id: PhoneNumberId, token: str) -> ShownNumber | None:
        parameters = {"fields": "id,display_phone_number,quality_rating", "limit": str(_MOST)}
        for number in self._listed(f"{waba_id}/phone_numbers", parameters, token):
            if isinstance(number, dict) and number.get("id") == phone_number_id:
                display, quality = number.get("display_phone_number"), number.get("quality_rating")
                return ShownNumber(phone_number_id, str(display or ""), _rating(quality))
        return None

    def subscribed_apps(self, waba_id: str, token: str) -> int:
        """How many apps get the account's webhooks. Raises as `shown` does."""
        return len(self._listed(f"{waba_id}/subscribed_apps", {}, token))

    def _listed(self, path: str, parameters: Mapping[str, str], token: str) -> list[Any]:
        try:
            with httpx.Client(timeout=_TIMEOUT, transport=self._transport, follow_redirects=False) as http:
                response = http.get(
                    f"{self._base_url}/{path}",
                    params=dict(parameters),
                    headers={"authorization": f"Bearer {token}"},
                )
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceUnavailableError(f"Meta gave no answer ({type(error).__name__})") from error
        if response.is_success:
            listed = body.get("data") if isinstance(body, dict) else None
            return listed if isinstance(listed, list) else []
        problem = problem_of(response, body)
        if response.status_code >= _SERVER_ERROR or problem.code in _THROTTLED:
            raise ServiceUnavailableError(f"Meta cannot be asked now ({problem.code})")
        raise AccountRefusedError(f"Meta refuses this: {problem.title} ({problem.code})")


def _rating(told: object) -> str:
    return told if isinstance(told, str) and told in _RATINGS else ""
