"""The business's webhook: one signed POST, or the GET handshake."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature

# Meta does not document its patience; a webhook that needs longer than this is broken.
_TIMEOUT_S = 20


@dataclass(frozen=True)
class Answer:
    """What came back; `status_code` is None when nothing did, and `text` says why."""

    status_code: int | None
    text: str

    @property
    def is_ok(self) -> bool:
        """Any answer but 200 is retried."""
        return self.status_code == HTTPStatus.OK


class WebhookEndpoint:
    def __init__(self, url: str, app_secret: str, client: httpx.AsyncClient | None = None) -> None:
        self._url = url
        self._app_secret = app_secret
        # Meta follows no redirect, and a proxy set for this machine is none of its business.
        self._client = client or httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)

    async def post(self, body: bytes) -> Answer:
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(body, self._app_secret)}
        return await self._answer(self._client.build_request("POST", self._url, content=body, headers=headers))

    async def verify(self, verify_token: str) -> tuple[bool, Answer]:
        """The handshake by which Meta checks a callback address: it must echo the bare challenge."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        answer = await self._answer(self._client.build_request("GET", self._url, params=query))
        return answer.is_ok and answer.text == challenge, answer

    async def close(self) -> None:
        await self._client.aclose()

    async def _answer(self, request: httpx.Request) -> Answer:
        try:
            response = await self._client.send(request)
        except httpx.HTTPError as error:
            return Answer(None, type(error).__name__)
        return Answer(response.status_code, response.text)
