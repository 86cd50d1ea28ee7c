"""Where webhooks go on the local stack, which has neither a public address nor anybody's certificate.

A name below `.localhost` leads nowhere but to one's own machine (RFC 6761): on AWS such a webhook is refused as every
private address is. The local stage alone is given a receiver, and sends what goes to these names there, without TLS;
all else goes the public way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from adapters.public_web import PublicWebhookSender
from domain.errors import InvalidInputError, NotDeliveredError
from domain.tenant_webhooks import WebhookSender, check_url

NO_RECEIVER = "none"
_RECEIVER = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}/local/webhooks")
_OWN_MACHINE = ".localhost"


def webhook_sender(receiver: str) -> WebhookSender:
    """`receiver`: `none`, or the local stack's. Raises `ValueError` for any other address."""
    public = PublicWebhookSender()
    if receiver == NO_RECEIVER:
        return public
    if not _RECEIVER.fullmatch(receiver):
        raise ValueError("a receiver of webhooks is the local stack's alone, on the loopback interface")
    return LocalWebhookSender(receiver, public)


class LocalWebhookSender:
    def __init__(self, receiver: str, public: WebhookSender, transport: httpx.BaseTransport | None = None) -> None:
        self._receiver = receiver
        self._public = public
        self._transport = transport

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not host.endswith(_OWN_MACHINE):
            self._public.post(url, headers, body)
            return
        try:
            check_url(url)
            with httpx.Client(transport=self._transport, trust_env=False, follow_redirects=False) as http:
                answer = http.post(f"{self._receiver}/{host}{parts.path or '/'}", headers=dict(headers), content=body)
        except (InvalidInputError, httpx.HTTPError) as error:
            raise NotDeliveredError("no_connection") from error
        if not answer.is_success:
            raise NotDeliveredError(f"http_{answer.status_code}")
