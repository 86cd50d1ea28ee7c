from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from domain.access import Principal, Role
from handlers.api.cursors import Cursors
from handlers.gui.front import Front
from handlers.gui.resolver import resolver
from handlers.page_sessions import PageSession
from handlers.rest_api import WebRequest
from tests.builders import ACME
from tests.fakes.api_shop import Shop

ORIGIN = "https://console.example"
MEDIA = "https://media.example"


@dataclass
class Answered:
    raw: dict[str, Any]

    @property
    def status(self) -> int:
        return int(self.raw["statusCode"])

    @property
    def html(self) -> str:
        return str(self.raw["body"])

    @property
    def location(self) -> str:
        return self.header("Location")

    def header(self, name: str) -> str:
        several = self.raw.get("multiValueHeaders", {})
        headers = {**self.raw.get("headers", {}), **{key: one[0] for key, one in several.items()}}
        return str({key.lower(): value for key, value in headers.items()}.get(name.lower(), ""))


@dataclass
class Seller:
    """Somebody's browser, behind the log-in, on an API that stands under a stage."""

    shop: Shop
    who: Principal

    def get(self, path: str, **query: str) -> Answered:
        return self.ask(WebRequest("GET", path, query, base_url=f"{ORIGIN}/prod"))

    def prefetch(self, path: str, header: str, value: str) -> Answered:
        return self.ask(WebRequest("GET", path, {}, {header: value}, base_url=f"{ORIGIN}/prod"))

    def post(self, path: str, origin: str = ORIGIN, **form: str) -> Answered:
        body, headers = urlencode(form).encode(), {"origin": origin}
        return self.ask(WebRequest("POST", path, {}, headers, body, f"{ORIGIN}/prod"))

    def ask(self, request: WebRequest) -> Answered:
        front = Front(
            resolver=resolver(),
            services=self.shop.services,
            cursors=Cursors(lambda: "a secret of the tests"),
            tenants=self.shop.tenants,
            media_origin=MEDIA,
        )
        return Answered(front.answer(request, PageSession(self.who, "token")))


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def agent(shop: Shop) -> Seller:
    return Seller(shop, Principal("ana", "Ana", Role.TENANT_AGENT, ACME))


@pytest.fixture
def admin(shop: Shop) -> Seller:
    return Seller(shop, Principal("ada", "Ada", Role.TENANT_ADMIN, ACME))


@pytest.fixture
def viewer(shop: Shop) -> Seller:
    """An operator who looks at Acme's pages as Acme does."""
    return Seller(shop, Principal("olive", "Olive", Role.OPERATOR, ACME))
