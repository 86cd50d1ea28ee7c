"""Which numbers of an account Meta shows to a token."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from adapters.whatsapp_account_numbers import WhatsAppAccountNumbers
from domain.errors import AccountRefusedError, ServiceUnavailableError
from domain.ports_administration import ShownNumber
from tests.builders import ACME_NUMBER, GLOBEX_NUMBER

SHOWN = {"data": [{"id": GLOBEX_NUMBER}, {"id": ACME_NUMBER, "display_phone_number": "+1 555-010-0001"}]}


class Meta:
    def __init__(self, status: int = 200, body: Any = SHOWN, error: Exception | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self._answer, self._error = httpx.Response(status, json=body), error

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self._error is not None:
            raise self._error
        return self._answer

    def shown(self) -> ShownNumber | None:
        numbers = WhatsAppAccountNumbers("https://graph.example", "v26.0", httpx.MockTransport(self))
        return numbers.shown("waba-1", ACME_NUMBER, "a-token")


def refusal(code: int, message: str = "Invalid OAuth access token") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def test_a_number_of_the_account_is_shown_as_meta_writes_it() -> None:
    meta = Meta()
    assert meta.shown() == ShownNumber(ACME_NUMBER, "+1 555-010-0001")
    (request,) = meta.requests
    assert request.url.path == "/v26.0/waba-1/phone_numbers"
    assert request.headers["authorization"] == "Bearer a-token"


@pytest.mark.parametrize(("told", "quality"), [("GREEN", "GREEN"), ("NA", "NA"), ("PURPLE", ""), (None, ""), (7, "")])
def test_its_quality_is_one_of_metas_words_or_none(told: object, quality: str) -> None:
    shown = Meta(body={"data": [{"id": ACME_NUMBER, "quality_rating": told}]}).shown()
    assert shown == ShownNumber(ACME_NUMBER, "", quality)


@pytest.mark.parametrize("body", [{"data": []}, {"data": [{"id": GLOBEX_NUMBER}, "x", None]}, {"data": None}, [], {}])
def test_one_of_another_account_is_not(body: Any) -> None:
    assert Meta(body=body).shown() is None


def test_a_token_that_meta_refuses_is_told_in_its_words() -> None:
    with pytest.raises(AccountRefusedError, match=r"Invalid OAuth access token \(190\)"):
        Meta(400, refusal(190)).shown()


def test_a_token_that_meta_quotes_is_not_told() -> None:
    with pytest.raises(AccountRefusedError, match=r"Malformed access token … \(190\)"):
        Meta(400, refusal(190, "Malformed access token a-token")).shown()


@pytest.mark.parametrize(
    "meta", [Meta(500, {}), Meta(400, refusal(4)), Meta(400, refusal(80008)), Meta(error=httpx.ConnectTimeout("slow"))]
)
def test_meta_that_cannot_be_asked_now_is_asked_later(meta: Meta) -> None:
    with pytest.raises(ServiceUnavailableError):
        meta.shown()
