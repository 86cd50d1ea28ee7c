"""What Meta says of a number when it is asked. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from adapters.whatsapp_errors import problem_of, send_error
from adapters.whatsapp_messenger import AccessTokens
from domain.errors import ServiceUnavailableError
from domain.tenants import WhatsAppNumber

_TIMEOUT = httpx.Timeout(10.0)
_CONDITION = (
    "status,quality_rating,code_verification_status,name_status,account_mode,throughput,"
    "whatsapp_business_manager_messaging_limit"
)


@dataclass(frozen=True, slots=True)
class NumberCondition:
    """Meta's words, in capitals as Meta writes them; None for what it does not tell."""

    status: str | None = None
    quality_rating: str | None = None
    code_verification_status: str | None = None
    name_status: str | None = None
    account_mode: str | None = None
    throughput: str | None = None
    messaging_limit: str | None = None
    """Of the whole business portfolio since 2025: TIER_250 to TIER_UNLIMITED."""


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
        return _word(self._ask(number, "id,status").get("status"))

    def condition(self, number: WhatsAppNumber) -> NumberCondition:
        """All that tells whether it can send, and how well. Raises as `status` does."""
        told = self._ask(number, f"id,{_CONDITION}")
        throughput = told.get("throughput")
        return NumberCondition(
            status=_word(told.get("status")),
            quality_rating=_word(told.get("quality_rating")),
            code_verification_status=_word(told.get("code_verification_status")),
            name_status=_word(told.get("name_status")),
            account_mode=_word(told.get("account_mode")),
            throughput=_word(throughput.get("level")) if isinstance(throughput, dict) else None,
            messaging_limit=_word(told.get("whatsapp_business_manager_messaging_limit")),
        )

    def _ask(self, number: WhatsAppNumber, fields: str) -> dict[str, Any]:
        token = self._tokens.token(number.access_token_secret, fresh=True)
        try:
            with httpx.Client(timeout=_TIMEOUT, transport=self._transport) as http:
                response = http.get(
                    f"{self._base_url}/{number.phone_number_id}",
                    params={"fields": fields},
                    headers={"authorization": f"Bearer {token}"},
                )
        except httpx.HTTPError as error:
            raise ServiceUnavailableError(f"Meta gave no answer ({type(error).__name__})") from error
        body = _json(response)
        if not response.is_success:
            problem = problem_of(response, body)
            raise send_error(response.status_code, problem.code, problem.title, "")
        return body


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
