"""The local stage's way for webhooks, which opens nothing anywhere else."""

from __future__ import annotations

import httpx
import pytest

from adapters.local_web import LocalWebhookSender, webhook_sender
from adapters.public_web import PublicWebhookSender
from domain.errors import NotDeliveredError
from tests.fakes.administration import FakeSender

RECEIVER = "http://127.0.0.1:8080/local/webhooks"


class Front:
    def __init__(self, status: int = 204, error: Exception | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.public = FakeSender()
        self._status, self._error = status, error

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self._error is not None:
            raise self._error
        return httpx.Response(self._status)

    def post(self, url: str) -> None:
        sender = LocalWebhookSender(RECEIVER, self.public, httpx.MockTransport(self))
        sender.post(url, {"webhook-id": "evt_1"}, b'{"type":"test"}')


def test_a_name_of_ones_own_machine_leads_to_the_receiver() -> None:
    front = Front()
    front.post("https://shop.localhost/events/all")
    (request,) = front.requests
    assert str(request.url) == f"{RECEIVER}/shop.localhost/events/all"
    assert (request.headers["webhook-id"], request.read()) == ("evt_1", b'{"type":"test"}')
    assert front.public.posts == []


@pytest.mark.parametrize("url", ["https://shop.example/", "https://localhost.example/", "https://10.0.0.1/", "x"])
def test_every_other_goes_the_public_way(url: str) -> None:
    front = Front()
    front.post(url)
    assert [url for url, *_ in front.public.posts] == [url]
    assert front.requests == []


@pytest.mark.parametrize(
    ("front", "url", "reason"),
    [
        (Front(500), "https://shop.localhost/", "http_500"),
        (Front(302), "https://shop.localhost/", "http_302"),
        (Front(error=httpx.ConnectError("nobody")), "https://shop.localhost/", "no_connection"),
        (Front(), "http://shop.localhost/", "no_connection"),
        (Front(), "https://shop.localhost:8443/", "no_connection"),
    ],
)
def test_what_is_not_taken_says_why(front: Front, url: str, reason: str) -> None:
    with pytest.raises(NotDeliveredError, match=reason):
        front.post(url)


def test_without_a_receiver_there_is_the_public_way_alone() -> None:
    assert isinstance(webhook_sender("none"), PublicWebhookSender)
    assert isinstance(webhook_sender(RECEIVER), LocalWebhookSender)


@pytest.mark.parametrize(
    "receiver",
    [
        "",
        "http://169.254.169.254:80/local/webhooks",
        "http://10.0.0.1:8080/local/webhooks",
        "https://shop.example/local/webhooks",
        "http://127.0.0.1:8080/2018-06-01/runtime",
        "http://127.0.0.1:8080@evil.example/local/webhooks",
        f"{RECEIVER}/x",
    ],
)
def test_a_receiver_elsewhere_is_refused(receiver: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        webhook_sender(receiver)
