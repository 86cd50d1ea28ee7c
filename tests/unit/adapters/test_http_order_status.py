"""The seller's own system is asked for an order: that host alone, in bounds, and little of its answer read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from adapters.http_order_status import HttpOrderStatus
from domain.assistant_settings import AssistantSettings
from domain.errors import ServiceUnavailableError
from tests import builders
from tests.builders import ACME

URL = "https://api.shop.example/v1/orders/{order_id}?view=short"
SHIPPED = {"status": "shipped", "estimated_delivery": "2026-11-25", "customer": "Ruth Okafor", "address": "1 Main St"}


@dataclass
class Shop:
    answer: Callable[[], httpx.Response] = lambda: httpx.Response(200, json=SHIPPED)
    addresses: Sequence[str] = ("93.184.216.34",)
    secret: str | Exception = "shop-token"
    requests: list[httpx.Request] = field(default_factory=list)
    asked_secrets: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer()

    def token(self, secret_name: str) -> str:
        self.asked_secrets.append(secret_name)
        if isinstance(self.secret, Exception):
            raise self.secret
        return self.secret

    def resolve(self, host: str) -> Sequence[str]:
        self.resolved.append(host)
        return self.addresses

    def status(self, order_id: str = "A-17", url: str = URL) -> Mapping[str, str]:
        tenant = builders.tenant(ACME, assistant=AssistantSettings(order_status_url=url))
        orders = HttpOrderStatus(self, "platform/tenants/", httpx.MockTransport(self), self.resolve)
        return orders.status(tenant, order_id)


def test_what_is_asked_and_of_whom() -> None:
    shop = Shop()
    shop.status()
    [request] = shop.requests
    assert str(request.url) == "https://93.184.216.34/v1/orders/A-17?view=short"
    assert request.headers["host"] == "api.shop.example"
    assert request.headers["authorization"] == "Bearer shop-token"
    assert request.extensions["sni_hostname"] == "api.shop.example"  # whose certificate it must be
    assert shop.asked_secrets == [f"platform/tenants/{ACME}/order-status"]


def test_no_name_and_no_address_of_a_buyer_is_read() -> None:
    assert Shop().status() == {"status": "shipped", "estimated_delivery": "2026-11-25"}


def test_an_address_of_the_new_kind_is_written_as_one() -> None:
    shop = Shop(addresses=("2606:2800:220:1:248:1893:25c8:1946",))
    assert shop.status()
    assert shop.requests[0].url.host == "2606:2800:220:1:248:1893:25c8:1946"


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.0.0.7"],
        ["192.168.1.1"],
        ["::1"],
        ["fd00:ec2::254"],
        ["::ffff:169.254.169.254"],
        ["0.0.0.0"],  # noqa: S104 (an address that must not be reached)
        ["93.184.216.34", "10.0.0.7"],
        [],
    ],
    ids=str,
)
def test_a_name_that_leads_into_a_private_network_leads_nowhere(addresses: list[str]) -> None:
    shop = Shop(addresses=addresses)
    assert shop.status() == {}
    assert shop.requests == []


def raises(error: Exception) -> Callable[[], httpx.Response]:
    def answer() -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda: httpx.Response(302, headers={"location": "http://169.254.169.254/"}),
        lambda: httpx.Response(404, json={"status": "shipped"}),
        lambda: httpx.Response(500),
        lambda: httpx.Response(200, content=b"<html>"),
        lambda: httpx.Response(200, json=["shipped"]),
        lambda: httpx.Response(200, json={"state": "shipped"}),
        lambda: httpx.Response(200, json={"status": {"nested": "x"}}),
        lambda: httpx.Response(200, json={"status": "shipped", "filler": "x" * 5000}),
        lambda: httpx.Response(200, content=b"[" * 4000),
        lambda: httpx.Response(200, content=b""),
        raises(httpx.ReadTimeout("slow")),
        raises(httpx.ConnectError("refused")),
    ],
)
def test_anything_else_tells_nothing(answer: Callable[[], httpx.Response]) -> None:
    shop = Shop(answer)
    assert shop.status() == {}
    assert len(shop.requests) == 1  # no redirect is followed


def test_a_long_word_is_shortened() -> None:
    assert Shop(lambda: httpx.Response(200, text=json.dumps({"status": "x" * 2000}))).status() == {"status": "x" * 100}


def test_without_its_secret_nobody_is_asked() -> None:
    shop = Shop(secret=ServiceUnavailableError("secret"))
    assert shop.status() == {}
    assert shop.requests == []


def test_a_host_that_cannot_be_found_tells_nothing() -> None:
    def unknown(host: str) -> Sequence[str]:
        raise OSError(host)

    tenant = builders.tenant(ACME, assistant=AssistantSettings(order_status_url=URL))
    assert HttpOrderStatus(Shop(), "", None, unknown).status(tenant, "A-17") == {}
