"""Bodies to the webhook, signed over their very bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from ops.replay.bodies import Body
from ops.simulator.webhooks.signature import SIGNATURE_HEADER, signature

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Posted:
    status: int | None
    """None where there was no answer."""
    text: str


@dataclass(frozen=True, slots=True)
class SignedPosts:
    url: str
    app_secret: str
    transport: httpx.BaseTransport | None = None

    def post_all(self, bodies: Sequence[Body], concurrency: int, done: Callable[[], None]) -> list[Posted]:
        """In the order of `bodies`, as far as `concurrency` leaves one."""
        with (
            httpx.Client(timeout=_SECONDS, trust_env=False, transport=self.transport) as http,
            ThreadPoolExecutor(max_workers=concurrency) as pool,
        ):

            def post(body: Body) -> Posted:
                posted = self._post(http, body.content)
                done()
                return posted

            return list(pool.map(post, bodies))

    def _post(self, http: httpx.Client, content: bytes) -> Posted:
        headers = {"content-type": _type_of(content), SIGNATURE_HEADER: signature(content, self.app_secret)}
        try:
            answer = http.post(self.url, content=content, headers=headers)
        except httpx.HTTPError as error:
            return Posted(None, type(error).__name__)
        return Posted(answer.status_code, answer.text)


def _type_of(content: bytes) -> str:
    """Meta's, save for what is no text: under a text's type, a Function URL would not hand on its very bytes."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/json"
